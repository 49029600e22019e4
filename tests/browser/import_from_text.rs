//! Pasting copied text.

use crate::support::{PASTED_TEXT, TestEnv};

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_text_becomes_an_article_without_clutter() {
    let env = TestEnv::new().await;
    env.visit("/").await;
    env.click_text("paste text or HTML").await;
    env.wait_for_path("/import").await;
    env.fill("#pasted-text", PASTED_TEXT).await;
    env.fill("#original-url", "http://customs.example/reading-room").await;
    env.click("main form .button.primary").await;
    env.wait_for_article().await;
    assert_eq!(env.text("article h1").await, "The reading room opens again");
    let paragraphs = env.texts(".text p").await;
    assert_eq!(paragraphs.len(), 3, "{paragraphs:#?}");
    assert!(paragraphs[0].starts_with("After two years") && paragraphs[2].ends_with("what it was called."));
    assert!(env.text(".facts").await.contains("customs.example"));
    let number = env.wait_for_article().await;

    // Problems are shown beside their field, and the form is filled in.
    env.visit("/import").await;
    env.fill("#pasted-text", "Words").await;
    env.fill("#original-url", "not an address").await;
    env.click("main form .button.primary").await;
    let problem = env.text("#original-url-problem").await;
    assert!(problem.len() > 20, "{problem}");
    assert_eq!(env.evaluate("document.querySelector('#pasted-text').value").await, "Words");
    assert_eq!(env.evaluate("document.querySelector('#original-url').value").await, "not an address");
    env.visit("/articles").await;
    assert!(env.has(&format!("li[data-article='{number}']")).await);
    assert!(env.web.requests().is_empty(), "nothing was fetched");
    env.close().await;
}
