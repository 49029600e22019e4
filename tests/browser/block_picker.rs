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
    env.find(".picking-block .text [data-pickable]").await;
    env.press([ESCAPE]).await;
    env.wait_until("!document.querySelector('.picking-block')").await;
    assert_eq!(env.evaluate("document.activeElement.textContent").await, "Remove something");

    // Enter chooses the focused paragraph.
    env.press([ENTER]).await;
    env.find(".picking-block").await;
    let focus =
        "[...document.querySelectorAll('[data-pickable]')].find(it => it.textContent.includes('seven people')).focus()";
    env.run_script(focus, json!([])).await;
    env.press([ENTER]).await;
    env.wait_for_text(".notice", "Removed in this article.").await;
    assert!(!has("seven people").await);
    env.click_text("Undo").await;
    env.wait_for_text(".notice", "Rule deleted").await;
    assert!(has("seven people").await);

    // A click chooses a paragraph.
    env.click_element(env.find_by_xpath(REMOVED_SUMMARY).await).await;
    env.click_text("Remove something").await;
    env.find(".picking-block").await;
    let centre = focus.replace("focus()", "scrollIntoView({ block: 'center', behavior: 'instant' })");
    env.run_script(&centre, json!([])).await;
    env.click_element(env.find_by_xpath("//p[@data-pickable][contains(., 'seven people')]").await).await;
    env.wait_for_text(".notice", "Removed in this article.").await;
    assert!(!has("seven people").await);

    // The same for the whole source follows, after a preview.
    env.click_text("Do this for all of The Tideline").await;
    env.wait_for_text("h1", "Remove this?").await;
    env.click_text("Cancel").await;
    env.wait_for_path(&format!("/article/{id}")).await;
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

/// A page of paragraphs and other blocks, many of which the article shows differently from how the page has them.
fn long_page(days: usize) -> String {
    let blocks: String = (1..=days)
        .map(|n| {
            let text = format!("On day {n} of the flood the keeper wrote into the book that the water stood {n} hands high at the gate.");
            match n % 10 {
                // Two short texts in one frame, which may become one paragraph; their words recur further down.
                3 => format!(
                    "<figure><span class=frame><div class=lazy data-alt=gate data-src=/gate{n}.jpg></div>\
                     <span class=label>Photograph by</span><span class=name>Keeper</span></span>\
                     <figcaption><span>Photo caption</span><span>{text}</span></figcaption></figure>"
                ),
                5 => format!("<blockquote><p>{text}</p></blockquote>"),
                7 => format!("<ul><li>{text}</li><li>Keeper</li></ul>"),
                9 => format!("<div>{text}<br><br>It fell again by the evening of day {n}, and nobody knew why it did.</div>"),
                _ => format!("<p>{text}</p>"),
            }
        })
        .collect();
    format!("<title>The book of the lock</title><article><h1>The book of the lock</h1>{blocks}<p>Keeper</p></article>")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_of_a_long_page_can_be_clicked() {
    let env = TestEnv::new().await;
    env.web.serve("http://www.tideline.example/book", MockResponse::html(long_page(50)));
    let id = env.import("http://www.tideline.example/book").await;
    env.visit(&format!("/article/{id}")).await;
    env.click_element(env.find_by_xpath(REMOVED_SUMMARY).await).await;
    env.click_text("Remove something").await;
    env.find(".picking-block").await;
    let unreachable = "[...document.querySelectorAll('.text :is(p, li, blockquote, figcaption)')]\
        .filter(it => it.textContent.trim() && !it.closest('[data-pickable]') && !it.querySelector('[data-pickable]'))\
        .map(it => it.textContent).join(' | ')";
    assert_eq!(env.evaluate(unreachable).await, "");
    // Each leads to its own form: a click on day 44 removes day 44.
    let centre = "[...document.querySelectorAll('[data-pickable]')].find(it => it.textContent.includes('On day 44 '))\
        .scrollIntoView({ block: 'center', behavior: 'instant' })";
    env.run_script(centre, json!([])).await;
    env.click_element(env.find_by_xpath("//*[@data-pickable][contains(., 'On day 44 ')]").await).await;
    env.wait_for_text(".notice", "Removed in this article.").await;
    let text = env.text(".text").await;
    assert!(!text.contains("On day 44 ") && text.contains("On day 42 ") && text.contains("On day 45 "), "{text}");
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listed_parts_of_a_huge_page_can_be_clicked_or_the_list_opens() {
    let env = TestEnv::new().await;
    let same = "<p>Nobody wrote anything else into the book of the lock that day.</p>".repeat(3000);
    let same = format!("<title>The empty book</title><article><h1>The empty book</h1>{same}</article>");
    for (url, page, is_picked) in
        [("http://www.tideline.example/long", long_page(3000), true), ("http://www.tideline.example/same", same, false)]
    {
        env.web.serve(url, MockResponse::html(page));
        let id = env.import(url).await;
        env.visit(&format!("/article/{id}")).await;
        env.click_element(env.find_by_xpath(REMOVED_SUMMARY).await).await;
        env.click_text("Remove something").await;
        if !is_picked {
            env.wait_for_path(&format!("/article/{id}/blocks")).await;
            continue;
        }
        env.find(".picking-block").await;
        let own_day = "[...document.querySelectorAll('.text p, .text blockquote')]\
            .map(it => [Number(it.textContent.match(/^On day (\\d+) /)?.[1]), it])";
        let missing = format!(
            "{own_day}.filter(([day, it]) => day <= 500 && !it.closest('[data-pickable]') && \
             !it.querySelector('[data-pickable]')).map(([day]) => day).join()"
        );
        assert_eq!(env.evaluate(&missing).await, "");
        let parts = "document.querySelectorAll('.text :is(p, li, ul, figure, blockquote)').length";
        assert!(env.evaluate(parts).await.as_u64() > Some(2600), "the parts are too many to compare all with all");
    }
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
    env.click_element(env.find_by_xpath("//p[@data-pickable][*[starts-with(@class, 'image-')]]").await).await;
    env.wait_for_text(".notice", "Removed in this article.").await;
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
    env.click_element(env.find_by_xpath("//li[contains(., 'Never miss a story')]//button").await).await;
    env.wait_for_text(".notice", "Restored in this article.").await;
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
