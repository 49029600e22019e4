//! A failed import shows why it failed, and pasted text replaces it.

use crate::mock_web::MockResponse;
use crate::support::{PASTED_TEXT, TestEnv};

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_import_shows_why_and_accepts_pasted_text() {
    let env = TestEnv::new().await;
    let url = "http://customs.example/members/reading-room";
    env.web.serve(url, MockResponse::status(403));
    env.visit("/").await;
    env.fill("#url", url).await;
    env.click_text("Add article").await;
    let problem = env.text(".status.failed").await;
    assert!(problem.ends_with('.') && problem.len() > 40, "{problem}");

    // The list of imports shows it too, and a retry fails again while the site refuses.
    env.click_text("Imports").await;
    env.wait_for_path("/imports").await;
    assert!(env.text(".imports > li").await.contains(&problem));
    env.evaluate("window.isOld = true").await;
    env.click("button[aria-label^='Try again']").await;
    env.wait_until("!window.isOld && document.querySelector('.status.failed')").await;
    assert_eq!(env.web.requests().len(), 2);

    env.click("a[aria-label^='Paste text instead']").await;
    assert_eq!(env.evaluate("document.activeElement.id").await, "pasted-text", "the text field has the focus");
    assert_eq!(env.evaluate("document.querySelector('#original-url').value").await, url);
    env.fill("#pasted-text", PASTED_TEXT).await;
    env.click("main form .button.primary").await;
    env.wait_for_article().await;
    assert_eq!(env.text("article h1").await, "The reading room opens again");
    assert_eq!(env.evaluate("document.querySelector('article').dataset.original").await, url);

    env.visit("/imports?state=failed").await;
    assert_eq!(env.text(".empty").await, "No failed imports.");
    env.close().await;
}
