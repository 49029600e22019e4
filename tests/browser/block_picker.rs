//! Removing and restoring parts of an article: with the block picker, by keyboard, and by the list of blocks.

use serde_json::json;

use crate::mock_web::MockResponse;
use crate::support::{CLUTTERED_URL, ENTER, ESCAPE, TestEnv};

const REMOVED_SUMMARY: &str = "//summary[starts-with(normalize-space(), 'Removed from the page')]";

#[tokio::test(flavor = "multi_thread")]
async fn a_clicked_paragraph_is_removed_and_restored() {
    let env = TestEnv::new().await;
    env.serve_cluttered_page();
    let id = env.import(CLUTTERED_URL).await;
    let has = async |words: &str| env.text(".text").await.contains(words);

    // Escape ends picking and returns the focus.
    env.visit(&format!("/article/{id}")).await;
    env.click_element(env.find_by_xpath(REMOVED_SUMMARY).await).await;
    env.click_text("Remove something").await;
    env.find(".picking-block .text [data-preview-url]").await;
    env.press([ESCAPE]).await;
    env.wait_until("!document.querySelector('.picking-block')").await;
    assert_eq!(env.evaluate("document.activeElement.textContent").await, "Remove something");

    // Enter chooses the focused paragraph.
    env.press([ENTER]).await;
    env.find(".picking-block").await;
    let focus = "[...document.querySelectorAll('[data-preview-url]')].find(it => it.textContent.includes('seven people')).focus()";
    env.run_script(focus, json!([])).await;
    env.press([ENTER]).await;
    env.wait_for_text("h1", "Remove this?").await;
    env.click_text("Cancel").await;
    env.wait_for_path(&format!("/article/{id}/blocks")).await;

    // A click chooses a paragraph.
    env.visit(&format!("/article/{id}")).await;
    env.click_element(env.find_by_xpath(REMOVED_SUMMARY).await).await;
    env.click_text("Remove something").await;
    env.find(".picking-block").await;
    let centre = focus.replace("focus()", "scrollIntoView({ block: 'center', behavior: 'instant' })");
    env.run_script(&centre, json!([])).await;
    env.click_element(env.find_by_xpath("//p[@data-preview-url][contains(., 'seven people')]").await).await;
    env.wait_for_text("h1", "Remove this?").await;
    assert!(env.text(".preview-results del").await.contains("seven people"));
    env.click_text("Save rule").await;
    env.wait_for_text(".notice", "Removed in this article only.").await;
    assert!(!has("seven people").await);
    env.click_text("Undo").await;
    env.wait_for_text(".notice", "Rule deleted").await;
    assert!(has("seven people").await);
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_placeholder_of_a_missing_image_can_be_removed() {
    let env = TestEnv::new().await;
    let prose =
        "The nets were hung up to dry along the quay, and the children were told to leave them alone until evening.";
    let page = format!(
        "<title>The nets of Tideline</title><article><h1>The nets of Tideline</h1><p>{prose}</p>\
         <p><img src='/gone/button.jpg' alt=''></p><p>Nobody did. {prose}</p></article>"
    );
    env.web.serve("http://www.tideline.example/nets", MockResponse::html(page));
    let id = env.import("http://www.tideline.example/nets").await;
    env.visit(&format!("/article/{id}")).await;
    env.click_element(env.find_by_xpath(REMOVED_SUMMARY).await).await;
    env.click_text("Remove something").await;
    env.find(".picking-block").await;
    env.click_element(env.find_by_xpath("//p[@data-preview-url][*[starts-with(@class, 'image-')]]").await).await;
    env.wait_for_text("h1", "Remove this?").await;
    assert!(env.text(".preview-results del").await.contains("Image: button.jpg"));
    env.click_text("Save rule").await;
    env.wait_for_text(".notice", "Removed in this article only.").await;
    assert!(!env.text(".text").await.contains("Open original image"));
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_the_list_of_blocks_is_used() {
    let env = TestEnv::new().await;
    env.disable_javascript().await;
    env.serve_cluttered_page();
    let id = env.import(CLUTTERED_URL).await;
    env.visit(&format!("/article/{id}")).await;
    env.click_element(env.find_by_xpath(REMOVED_SUMMARY).await).await;
    env.click_text("Remove something").await;
    env.wait_for_path(&format!("/article/{id}/blocks")).await;
    env.click_element(env.find_by_xpath("//li[contains(., 'Never miss a story')]//a").await).await;
    env.wait_for_text("h1", "Restore this?").await;
    env.click_text("This article only").await;
    env.wait_for_text(".preview-results h2", "Changes this article.").await;
    env.click_text("Save rule").await;
    env.wait_for_text(".notice", "Restored in this article only.").await;
    assert!(env.text(".text").await.contains("Never miss a story"));
    env.visit("/source/tideline.example").await;
    env.click(".rules li summary").await;
    assert!(env.text(".rules").await.contains(".promo-box"));
    assert!(env.text(".rules .hint").await.starts_with("Only in"));
    env.click(".rules li button").await;
    env.wait_for_text(".rules .notice", "Rule deleted").await;
    env.visit(&format!("/article/{id}")).await;
    assert!(!env.text(".text").await.contains("Never miss a story"));
    env.close().await;
}
