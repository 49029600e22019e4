//! What an article lacks is put back, what should not be in it is taken out, and both are undone: by pointing and by a list.

use serde_json::json;

use crate::mock_web::MockResponse;
use crate::support::{CLUTTERED_URL, ENTER, ESCAPE, Stage};

const LEFT_OUT: &str = "//summary[starts-with(normalize-space(), 'Removed from the page')]";

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_points_at_a_paragraph_and_it_is_gone_until_that_is_undone() {
    let stage = Stage::new().await;
    stage.serve_cluttered_page();
    let id = stage.import(CLUTTERED_URL).await;
    let has = async |words: &str| stage.text(".text").await.contains(words);

    // Pointing can be left, by the keyboard too.
    stage.visit(&format!("/article/{id}")).await;
    stage.click_on(stage.find_by_path(LEFT_OUT).await).await;
    stage.choose("Remove something").await;
    stage.find(".pointing .text [data-preview]").await;
    stage.press([ESCAPE]).await;
    stage.until("!document.querySelector('.pointing')").await;
    assert_eq!(stage.value("document.activeElement.textContent").await, "Remove something");

    // By the keyboard: Enter on the paragraph that has the focus.
    stage.press([ENTER]).await;
    stage.find(".pointing").await;
    let focus =
        "[...document.querySelectorAll('[data-preview]')].find(it => it.textContent.includes('seven people')).focus()";
    stage.ask(focus, json!([])).await;
    stage.press([ENTER]).await;
    stage.until_says("h1", "Remove this?").await;
    stage.choose("Cancel").await;
    stage.until_at(&format!("/article/{id}/blocks")).await;

    // By a click.
    stage.visit(&format!("/article/{id}")).await;
    stage.click_on(stage.find_by_path(LEFT_OUT).await).await;
    stage.choose("Remove something").await;
    stage.find(".pointing").await;
    let centre = focus.replace("focus()", "scrollIntoView({ block: 'center', behavior: 'instant' })");
    stage.ask(&centre, json!([])).await;
    stage.click_on(stage.find_by_path("//p[@data-preview][contains(., 'seven people')]").await).await;
    stage.until_says("h1", "Remove this?").await;
    assert!(stage.text(".trial del").await.contains("seven people"));
    stage.choose("Save rule").await;
    stage.until_says(".notice", "Removed in this article only.").await;
    assert!(!has("seven people").await);
    stage.choose("Undo").await;
    stage.until_says(".notice", "Rule deleted").await;
    assert!(has("seven people").await);
    assert_eq!(stage.complaints().await, [""; 0]);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_points_at_a_picture_that_could_not_be_had() {
    let stage = Stage::new().await;
    let prose =
        "The nets were hung up to dry along the quay, and the children were told to leave them alone until evening.";
    let page = format!(
        "<title>The nets of Tideline</title><article><h1>The nets of Tideline</h1><p>{prose}</p>\
         <p><img src='/gone/button.jpg' alt=''></p><p>Nobody did. {prose}</p></article>"
    );
    stage.web.serve("http://www.tideline.example/nets", MockResponse::html(page));
    let id = stage.import("http://www.tideline.example/nets").await;
    stage.visit(&format!("/article/{id}")).await;
    stage.click_on(stage.find_by_path(LEFT_OUT).await).await;
    stage.choose("Remove something").await;
    stage.find(".pointing").await;
    stage.click_on(stage.find_by_path("//p[@data-preview][*[starts-with(@class, 'picture-')]]").await).await;
    stage.until_says("h1", "Remove this?").await;
    assert!(stage.text(".trial del").await.contains("Image: button.jpg"));
    stage.choose("Save rule").await;
    stage.until_says(".notice", "Removed in this article only.").await;
    assert!(!stage.text(".text").await.contains("Open original image"));
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_a_list_with_buttons_does_the_same() {
    let stage = Stage::new().await;
    stage.without_scripts().await;
    stage.serve_cluttered_page();
    let id = stage.import(CLUTTERED_URL).await;
    stage.visit(&format!("/article/{id}")).await;
    stage.click_on(stage.find_by_path(LEFT_OUT).await).await;
    stage.choose("Remove something").await;
    stage.until_at(&format!("/article/{id}/blocks")).await;
    stage.click_on(stage.find_by_path("//li[contains(., 'Never miss a story')]//a").await).await;
    stage.until_says("h1", "Restore this?").await;
    stage.choose("This article only").await;
    stage.until_says(".trial h2", "Changes this article.").await;
    stage.choose("Save rule").await;
    stage.until_says(".notice", "Restored in this article only.").await;
    assert!(stage.text(".text").await.contains("Never miss a story"));
    stage.visit("/source/tideline.example").await;
    stage.click(".rules li summary").await;
    assert!(stage.text(".rules").await.contains(".promo-box"));
    assert!(stage.text(".rules .hint").await.starts_with("Only in"));
    stage.click(".rules li button").await;
    stage.until_says(".rules .notice", "Rule deleted").await;
    stage.visit(&format!("/article/{id}")).await;
    assert!(!stage.text(".text").await.contains("Never miss a story"));
    stage.close().await;
}
