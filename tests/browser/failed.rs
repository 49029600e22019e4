//! An import that fails says why, and the text pasted in its place makes it good.

use crate::mock_web::MockResponse;
use crate::support::{PASTED_TEXT, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_fetched_says_why_and_can_be_pasted_instead() {
    let stage = Stage::new().await;
    let address = "http://customs.example/members/reading-room";
    stage.web.serve(address, MockResponse::status(403));
    stage.visit("/").await;
    stage.fill("#address", address).await;
    stage.choose("Add article").await;
    let problem = stage.text(".state.failed").await;
    assert!(problem.ends_with('.') && problem.len() > 40, "{problem}");

    // It stands in the list of imports too, and trying again changes nothing while the site refuses.
    stage.choose("Imports").await;
    stage.until_at("/imports").await;
    assert!(stage.text(".imports > li").await.contains(&problem));
    stage.value("window.isOld = true").await;
    stage.click("button[aria-label^='Try again']").await;
    stage.until("!window.isOld && document.querySelector('.state.failed')").await;
    assert_eq!(stage.web.requests().len(), 2);

    stage.click("a[aria-label^='Paste text instead']").await;
    assert_eq!(stage.value("document.activeElement.id").await, "page", "one can paste at once");
    assert_eq!(stage.value("document.querySelector('#pasted-address').value").await, address);
    stage.fill("#page", PASTED_TEXT).await;
    stage.click("main form .button.primary").await;
    stage.until_article().await;
    assert_eq!(stage.text("article h1").await, "The reading room opens again");
    assert_eq!(stage.value("document.querySelector('article').dataset.original").await, address);

    stage.visit("/imports?state=failed").await;
    assert_eq!(stage.text(".empty").await, "No failed imports.");
    stage.close().await;
}
