//! Reading on: lists are true after Back, the end of an article leads on, and many articles are changed at once.

use broadsheet::library::articles::ArticleAction;
use serde_json::json;

use crate::support::TestEnv;

const LIST: &str = "/articles?tag=ferries";

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_true_after_back() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit(LIST).await;
    let titles = env.texts(".rows .unread h2").await;
    assert_eq!(titles.len(), 3);
    // Read by hand, starred, and back.
    env.press(['j', 'o']).await;
    env.wait_for_article().await;
    env.press(['m', 's']).await;
    env.find_by_xpath("//div[@class='actions']//button[.='Mark unread']").await;
    env.find_by_xpath("//div[@class='actions']//button[.='Unstar']").await;
    go_back(&env).await;
    env.wait_until("document.querySelectorAll('.rows .unread').length === 2").await;
    assert_eq!(env.texts(".rows [data-starred] h2").await, [titles[0].clone()]);
    // Deleted, which opens the next one, and back twice.
    env.press(['j', 'j', 'o']).await;
    env.wait_for_article().await;
    env.press(['d']).await;
    env.wait_for_text(".notice", &format!("Moved to the trash: “{}”.", titles[1])).await;
    assert_eq!(env.text("article h1").await, titles[2]);
    env.visit(LIST).await;
    assert_eq!(env.texts(".rows h2").await, [titles[0].clone(), titles[2].clone()]);
    env.close().await;
}

/// A page that the browser kept whole shows the truth too.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_kept_whole_is_reloaded() {
    let env = TestEnv::new().await;
    let ids = env.import_samples().await;
    env.visit(LIST).await;
    env.apply_action(ids[0], ArticleAction::Read).await;
    env.run_script("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))", json!([])).await;
    env.wait_until("document.querySelectorAll('.rows .unread').length === 2").await;
    env.close().await;
}

async fn go_back(env: &TestEnv) {
    env.run_script("history.back()", json!([])).await;
    env.wait_until("document.querySelector('.rows')").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_read_at_its_end_and_not_by_opening_it() {
    let env = TestEnv::new().await;
    let ids = env.import_samples().await;
    env.set_screen(800, 300).await;
    env.visit(&format!("/article/{}", ids[0])).await;
    env.find("[data-mark-read-url]").await;
    assert!(
        env.evaluate("Number(document.querySelector('[data-read-after]').dataset.readAfter)").await.as_u64() > Some(5)
    );
    env.run_script("document.querySelector('.article-end').scrollIntoView()", json!([])).await;
    env.find_by_xpath("//div[@class='actions']//button[.='Mark unread']").await;
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_lead_from_article_to_article_and_back_to_the_list() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit(LIST).await;
    let titles = env.texts(".rows h2").await;
    env.press(['j', 'o']).await;
    env.wait_for_article().await;
    env.press(['u']).await;
    env.wait_for_text("article h1", &titles[1]).await;
    env.press(['e']).await;
    env.wait_for_text("article h1", &titles[2]).await;
    env.wait_for_text(".notice", &format!("Archived “{}”.", titles[1])).await;
    env.press(['b']).await;
    env.wait_until("document.querySelectorAll('.rows h2').length === 2").await;
    assert!(!env.has(".rows .unread").await, "who goes on has read");
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_articles_are_ticked_by_key_and_range_changed_and_restored() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/articles").await;
    let count = env.texts(".rows h2").await.len();
    env.press(['j', 'x']).await;
    env.find("details.bulk[open]").await;
    env.wait_for_text("#bulk .scope", "Selected articles (1)").await;
    let shift = "document.querySelectorAll('.tick input')[3].dispatchEvent(new MouseEvent('click', { shiftKey: true, bubbles: true, cancelable: true }))";
    env.run_script(shift, json!([])).await;
    env.wait_for_text("#bulk .scope", "Selected articles (4)").await;
    env.click("#bulk button[value=archive]").await;
    env.wait_for_text(".notice", "Archived 4 articles.").await;
    assert_eq!(env.texts(".rows h2").await.len(), count - 4);
    env.click_text("Undo").await;
    env.wait_for_text(".notice", "Undone: 4 articles restored.").await;
    assert_eq!(env.texts(".rows h2").await.len(), count);

    // The buttons of a row work without a reload.
    env.evaluate("window.isTheSame = true").await;
    for (button, shown) in [("star", "[data-starred]"), ("archive", "[data-archived]"), ("read", ":not(.unread)")] {
        env.click(&format!(".rows li:first-child [data-toggle={button}]")).await;
        env.find(&format!(".rows li:first-child{shown}")).await;
    }
    env.wait_until("[...document.querySelectorAll('.rows li:first-child button')].map(b => b.innerText).join() === 'Unstar,Unarchive,Mark unread,Delete'").await;
    assert_eq!(env.evaluate("window.isTheSame").await, true);
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}
