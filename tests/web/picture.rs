//! Pictures, which are bytes from elsewhere.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use broadsheet::library::pictures as files;
use broadsheet::pictures::{self, Due, Kept};

use crate::articles::{article, picture};
use crate::support::TestApp;

/// Keeps these bytes as a picture of an article and says its address.
async fn keep(app: &TestApp, bytes: &[u8], media_type: &str) -> String {
    let library = app.library().await;
    let mut new = article(1);
    new.content.pictures = vec![picture("pier")];
    let id = app.add(&new).await;
    let hash = files::keep(&library, bytes.to_vec()).await.unwrap();
    let due = Due { article: id, address: picture("pier").url.into(), tries: 0 };
    let size = i64::try_from(bytes.len()).unwrap();
    let kept = Kept { media_type: media_type.into(), size, width: None, height: None };
    pictures::arrived(&library, &due, &hash, &kept).await.unwrap();
    format!("/picture/{}", hash.as_str())
}

#[tokio::test]
async fn a_picture_is_sent_as_it_arrived_and_can_do_nothing() {
    let app = TestApp::new().await;
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let address = keep(&app, &bytes, "image/jpeg").await;
    let page = app.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.bytes, bytes);
    assert_eq!(page.header("content-type"), "image/jpeg");
    assert_eq!(page.header("content-length"), bytes.len().to_string());
    assert_eq!(page.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(page.header("content-security-policy").ends_with("sandbox"));

    let again = Request::get(&address).header("if-none-match", page.header("etag")).body(Body::empty()).unwrap();
    let again = app.send(again).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn a_drawing_is_sent_in_its_sandbox() {
    let app = TestApp::new().await;
    let address =
        keep(&app, b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "image/svg+xml").await;
    let page = app.get(&address).await;
    assert_eq!(page.header("content-type"), "image/svg+xml");
    assert!(page.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn there_is_no_other_file_to_be_had() {
    let app = TestApp::new().await;
    let address = keep(&app, b"bytes", "image/png").await;
    let library = app.library().await;
    for path in ["/picture/..%2f..%2flibrary.db", "/picture/library.db", &format!("/picture/{}", "0".repeat(64))] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    files::remove(&library, &files::Hash::of(b"bytes")).unwrap();
    assert_eq!(app.get(&address).await.status, StatusCode::NOT_FOUND);
}
