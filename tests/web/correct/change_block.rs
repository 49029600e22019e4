//! Removing and restoring a part of one article at once, with undo, and doing the same for its source.

use axum::http::StatusCode;
use broadsheet::library::rules;

use super::rules::{KEPT_TEXT, REMOVED_TEXT, add_extracted_articles, plain_text, press_restore, save_rule};
use crate::fixtures::article;
use crate::support::TestApp;

#[tokio::test]
async fn a_removed_block_is_restored_at_once_and_undone() {
    let app = TestApp::new().await;
    let numbers = add_extracted_articles(&app, 3).await;
    let id = numbers[2];
    assert!(!plain_text(&app, id).await.contains(REMOVED_TEXT));
    let article = press_restore(&app, id, "two metres").await;
    assert!(article.text(".text").contains(REMOVED_TEXT), "{}", article.text(".text"));
    assert_eq!(article.text(".notice p"), "Restored in this article.");
    assert!(!plain_text(&app, numbers[0]).await.contains(REMOVED_TEXT), "other articles stay");
    let action = article.attributes(".notice form", "action");
    let undone = app.post(&action[0], &[("article", &id.to_string())]).await;
    let article = app.get(undone.location()).await;
    assert!(!article.text(".text").contains(REMOVED_TEXT));
    assert!(article.text(".notice p").starts_with("Rule deleted"));
    assert!(rules::list_for_article(&app.library().await, id).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_done_to_one_article_is_done_to_all_after_a_preview() {
    let app = TestApp::new().await;
    let numbers = add_extracted_articles(&app, 3).await;
    let library = app.library().await;
    let article = press_restore(&app, numbers[2], "two metres").await;
    assert_eq!(article.text(".notice a"), "Do this for all of The Harbour Post");
    let url = app.get(&article.attributes(".notice a", "href")[0]).await;
    let before = library.generation();
    let preview = app.get(url.location()).await;
    assert_eq!(preview.text("h1"), "Restore this?");
    assert_eq!(preview.text(".selector"), ".promo-box");
    assert_eq!(preview.text("#preview-results"), "Changes 2 of the last 3 articles.");
    assert_eq!(preview.texts(".preview-results ins").len(), 4, "heading and paragraph in both others");
    assert_eq!(library.generation(), before, "a preview changes nothing");

    let article = app.get(&save_rule(&app, &preview).await).await;
    assert_eq!(article.text(".notice p"), "Restored here and in other articles from The Harbour Post.");
    for id in &numbers {
        assert!(plain_text(&app, *id).await.contains(REMOVED_TEXT));
    }
    // One rule is left, so deleting it takes everything back.
    app.post(&article.attributes(".notice form", "action")[0], &[("article", &numbers[2].to_string())]).await;
    for id in &numbers {
        assert!(!plain_text(&app, *id).await.contains(REMOVED_TEXT));
        assert!(rules::list_for_article(&library, *id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_list_of_the_article_is_kept_from_the_blocks_to_the_saved_rule() {
    let app = TestApp::new().await;
    let id = add_extracted_articles(&app, 1).await[0];
    let list = "topic=sport&sort=oldest";
    let article_url = format!("/article/{id}?list=topic%3Dsport%26sort%3Doldest");
    let article = app.get(&article_url).await;
    let blocks = app.get(&article.attributes("[data-block-picker]", "href")[0]).await;
    assert_eq!(blocks.attributes(".kicker a, .after-content .button", "href"), [&*article_url, &article_url]);
    let entry = "li:has(blockquote:contains('printed in this town'))";
    assert_eq!(blocks.attributes(&format!("{entry} [name=list]"), "value"), [list]);

    let preview = app.get(&blocks.attributes(&format!("{entry} a"), "href")[0]).await;
    assert_eq!(preview.attributes(".rule-form a", "href"), [article_url.replace("?", "/blocks?")]);
    let others = preview.attributes(".tabs a", "href");
    let with_list = others.iter().filter(|url| url.ends_with("&list=topic%3Dsport%26sort%3Doldest"));
    assert!(others.len() > 1 && with_list.count() == others.len(), "{others:?}");
    let saved = save_rule(&app, &preview).await;
    assert!(saved.starts_with(&format!("{article_url}&done=rule-saved&rule=")), "{saved}");
    let undo = app.get(&saved).await;
    assert_eq!(undo.attributes(".notice [name=list]", "value"), [list]);
    let form = [("article", &*id.to_string()), ("list", list)];
    let deleted = app.post(&undo.attributes(".notice form", "action")[0], &form).await;
    assert_eq!(deleted.location(), format!("{article_url}&done=rule-deleted"));

    let form = [("selector", ".house-line"), ("action", "legal"), ("list", list)];
    let removed = app.get(app.post(&format!("/article/{id}/blocks"), &form).await.location()).await;
    let widened = app.get(&removed.attributes(".notice a", "href")[0]).await;
    let preview = app.get(widened.location()).await;
    assert_eq!(preview.attributes(".rule-form a", "href"), [article_url]);
    assert_eq!(preview.attributes(".rule-form [name=list]", "value"), [list]);
    let missed = app.post(&format!("/article/{id}/blocks"), &[("removed", "99"), ("list", list)]).await;
    assert_eq!(missed.location(), format!("/article/{id}/blocks?list=topic%3Dsport%26sort%3Doldest&not-found="));
}

#[tokio::test]
async fn a_change_without_effect_is_not_saved_and_says_why() {
    let app = TestApp::new().await;
    let id = add_extracted_articles(&app, 1).await[0];
    let path = format!("/article/{id}/blocks");
    for (selector, action, words) in [
        ("article", "legal", "That would remove everything, so this article won’t be changed."),
        (".nothing", "keep", "Changes nothing in this article."),
        ("p:has(img)", "keep", "can’t read the selector"),
        (".promo-box", "<script>", "Unknown reason"),
    ] {
        let answer = app.post(&path, &[("selector", selector), ("action", action)]).await;
        let page = app.get(answer.location()).await;
        let said = page.texts(".problem, #preview-results").concat();
        assert!(said.contains(words), "{selector}: {said}");
    }
    assert!(rules::list_for_article(&app.library().await, id).await.unwrap().is_empty());
    let missed = app.get(app.post(&path, &[("removed", "99")]).await.location()).await;
    assert!(missed.text(".problem").starts_with("That part can’t be selected"));
    let without = app.add_article(&article(2)).await;
    let answer = app.post(&format!("/article/{without}/blocks"), &[("selector", "p"), ("action", "legal")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "its page isn’t stored");
}

#[tokio::test]
async fn changes_made_at_the_same_time_all_apply() {
    let app = TestApp::new().await;
    let id = add_extracted_articles(&app, 1).await[0];
    let path = format!("/article/{id}/blocks");
    let keep = [("selector", ".promo-box"), ("action", "keep")];
    let remove = [("selector", ".house-line"), ("action", "legal")];
    let also = [("selector", "p:nth-of-type(2)"), ("action", "promotion")];
    tokio::join!(app.post(&path, &keep), app.post(&path, &remove), app.post(&path, &also));
    let text = plain_text(&app, id).await;
    assert!(text.contains(REMOVED_TEXT) && !text.contains(KEPT_TEXT) && !text.contains("Nobody had looked"), "{text}");
}
