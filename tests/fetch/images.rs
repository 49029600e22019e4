//! Images are recognised by their bytes, whatever the header says.

use broadsheet::ingest::fetch::Error;

use crate::fake_network::{FakeNetwork, Response, html, response, url};

#[tokio::test]
async fn image_is_unchanged_and_typed_by_its_bytes() {
    let png = b"\x89PNG\r\n\x1A\n and the rest";
    for header in ["image/png", "image/jpeg", "text/html", "application/octet-stream"] {
        let network = FakeNetwork::serving(move |request| {
            Response::Bytes(match request.path.as_str() {
                "/moved" => response(308, &[("Location", "http://cdn.test/a.png")], ""),
                _ => response(200, &[("Content-Type", header)], png),
            })
        })
        .await;
        let image = network.fetcher().fetch_image(&url("http://a.test/moved"), None).await.unwrap();
        assert_eq!((image.bytes.as_slice(), image.media_type), (&png[..], "image/png"));
        let requests = network.take_requests();
        assert!(requests[1].host == "cdn.test" && requests[1].head.contains("\r\naccept: image/avif,"));
        assert!(!requests[1].head.contains("referer"));
    }
}

#[tokio::test]
async fn non_images_are_reported() {
    for body in
        [html("<!doctype html><p>Hotlinking is not allowed"), response(200, &[("Content-Type", "image/png")], "")]
    {
        let network = FakeNetwork::serving_everywhere(body).await;
        let error = network.fetcher().fetch_image(&url("http://a.test/a.png"), None).await.unwrap_err();
        assert_eq!(error, Error::NotAnImage);
    }
    let network = FakeNetwork::serving_everywhere(response(404, &[], "")).await;
    let error = network.fetcher().fetch_image(&url("http://a.test/a.png"), None).await.unwrap_err();
    assert_eq!(error, Error::Status(404));
}

#[tokio::test]
async fn refresh_header_is_ignored_for_images() {
    let gif = response(200, &[("Refresh", "0;url=http://b.test/")], "GIF89a");
    let network = FakeNetwork::serving_everywhere(gif).await;
    assert_eq!(network.fetcher().fetch_image(&url("http://a.test/"), None).await.unwrap().media_type, "image/gif");
    assert_eq!(network.take_requests().len(), 1);
}
