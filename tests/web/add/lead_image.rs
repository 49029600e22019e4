//! The way from a link to its article waits a moment for the image above the text.

use std::time::{Duration, Instant};

use broadsheet::ingest::intake;
use broadsheet::jobs;
use broadsheet::library::images;
use tokio_util::sync::CancellationToken;

use super::import_form::article_about;
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, now};

const URL: &str = "http://harbour.example/1";
const PICTURE: &str = "http://harbour.example/quay.png";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// Imports an article with a lead image, which is not fetched yet.
async fn import_article() -> (TestApp, MockWeb) {
    let web = MockWeb::start().await;
    web.serve(URL, article_about("Osprey").followed_by(&format!("<meta property=og:image content='{PICTURE}'>")));
    let app = TestApp::with_mock_web(web.addr).await;
    let ready = [intake::read_url(URL).unwrap()];
    intake::enqueue(&app.library().await, &ready, now()).await.unwrap();
    app.process_imports().await;
    (app, web)
}

/// Opens the page of the import while images are fetched. Returns what the article has in place of its lead image.
async fn open_while_images_are_fetched(app: &TestApp) -> String {
    let (library, stop) = (app.library().await, CancellationToken::new());
    assert!(images::is_lead_image_expected(&library, 1).await.unwrap());
    let open = async {
        assert_eq!(app.get("/import/1").await.location(), "/article/1");
        app.get("/article/1").await
    };
    let (page, fetched) = tokio::join!(open, jobs::fetch_due_images(&app.app, &library, &stop));
    fetched.unwrap();
    page.attributes("figure.hero img, .hero span", "class").first().map_or("image", |class| class).to_owned()
}

#[tokio::test]
async fn an_import_leads_to_its_article_once_the_lead_image_is_here() {
    let (app, web) = import_article().await;
    web.serve(PICTURE, MockResponse::new("image/png", PNG));
    assert_eq!(open_while_images_are_fetched(&app).await, "image");
}

#[tokio::test]
async fn a_lead_image_that_is_gone_is_not_waited_for() {
    let (app, _web) = import_article().await;
    assert_eq!(open_while_images_are_fetched(&app).await, "image-missing");
}

#[tokio::test]
async fn a_lead_image_is_waited_for_a_second_at_most() {
    let (app, _web) = import_article().await;
    let began = Instant::now();
    assert_eq!(app.get("/import/1").await.location(), "/article/1");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let page = app.get("/article/1").await;
    assert!(page.has(".hero .image-pending") && page.has("script[src*='images.js']"));
    // Adding the link again leads to the article at once.
    let again = app.submit_import(&[("url", URL)], &[]).await;
    assert_eq!(again.location(), "/article/1?done=already-saved");
}
