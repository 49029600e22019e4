//! A text that somebody has copied, pasted.

use crate::support::{PASTED_TEXT, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_text_becomes_an_article_without_what_was_copied_along() {
    let stage = Stage::new().await;
    stage.visit("/").await;
    stage.choose("paste text or HTML").await;
    stage.until_at("/import").await;
    stage.fill("#page", PASTED_TEXT).await;
    stage.fill("#pasted-address", "http://customs.example/reading-room").await;
    stage.click("main form .button.primary").await;
    stage.until_article().await;
    assert_eq!(stage.text("article h1").await, "The reading room opens again");
    let paragraphs = stage.texts(".text p").await;
    assert_eq!(paragraphs.len(), 3, "{paragraphs:#?}");
    assert!(paragraphs[0].starts_with("After two years") && paragraphs[2].ends_with("what it was called."));
    assert!(stage.text(".facts").await.contains("customs.example"));
    let number = stage.until_article().await;

    // What is wrong is said beside its field, and the form is as it was.
    stage.visit("/import").await;
    stage.fill("#page", "Words").await;
    stage.fill("#pasted-address", "not an address").await;
    stage.click("main form .button.primary").await;
    let problem = stage.text("#pasted-address-problem").await;
    assert!(problem.len() > 20, "{problem}");
    assert_eq!(stage.value("document.querySelector('#page').value").await, "Words");
    assert_eq!(stage.value("document.querySelector('#pasted-address').value").await, "not an address");
    stage.visit("/articles").await;
    assert!(stage.has(&format!("li[data-article='{number}']")).await);
    assert!(stage.web.requests().is_empty(), "the text was here already");
    stage.close().await;
}
