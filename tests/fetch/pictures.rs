//! Pictures: known by their bytes, whatever the header says.

use broadsheet::ingest::fetch::Error;

use crate::world::{Answer, World, answer, html, url};

#[tokio::test]
async fn a_picture_is_kept_as_it_came_and_named_by_its_bytes() {
    let png = b"\x89PNG\r\n\x1A\n and the rest";
    for header in ["image/png", "image/jpeg", "text/html", "application/octet-stream"] {
        let world = World::where_sites(move |visit| {
            Answer::Bytes(match visit.path.as_str() {
                "/moved" => answer(308, &[("Location", "http://cdn.test/a.png")], ""),
                _ => answer(200, &[("Content-Type", header)], png),
            })
        })
        .await;
        let picture = world.fetcher().picture(&url("http://a.test/moved")).await.unwrap();
        assert_eq!((picture.bytes.as_slice(), picture.media_type), (&png[..], "image/png"));
        let visits = world.visits();
        assert!(visits[1].host == "cdn.test" && visits[1].head.contains("\r\naccept: image/avif,"));
        assert!(!visits[1].head.contains("referer"));
    }
}

#[tokio::test]
async fn what_is_no_picture_is_an_error_of_its_own() {
    for body in [html("<!doctype html><p>Hotlinking is not allowed"), answer(200, &[("Content-Type", "image/png")], "")]
    {
        let world = World::where_every_page_is(body).await;
        let error = world.fetcher().picture(&url("http://a.test/a.png")).await.unwrap_err();
        assert_eq!(error, Error::NotAPicture);
    }
    let world = World::where_every_page_is(answer(404, &[], "")).await;
    let error = world.fetcher().picture(&url("http://a.test/a.png")).await.unwrap_err();
    assert_eq!(error, Error::Status(404));
}

#[tokio::test]
async fn a_refresh_is_for_pages_and_moves_no_picture() {
    let gif = answer(200, &[("Refresh", "0;url=http://b.test/")], "GIF89a");
    let world = World::where_every_page_is(gif).await;
    assert_eq!(world.fetcher().picture(&url("http://a.test/")).await.unwrap().media_type, "image/gif");
    assert_eq!(world.visits().len(), 1);
}
