//! The reader corrects a topic, sees what that taught, and takes it back.

use crate::support::TestEnv;

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_topic_shows_what_was_learned_and_is_taken_back() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/articles?topic=politics").await;
    env.click(".rows h2 a").await;
    env.wait_for_article().await;
    let before = env.text(".kicker").await;
    assert_eq!(before.to_lowercase(), "politics");
    env.click(".article-details > details:first-of-type summary").await;
    let reason = reason(&env).await;
    env.click("#topic-and-tags summary").await;
    env.run_script("document.querySelector('#topic').value = 'culture'", serde_json::json!([])).await;
    env.click_text("Save topic and tags").await;
    env.wait_for_text(".notice", "Moved to Culture. Learned from it:").await;
    assert_eq!(self::reason(&env).await, "You chose it.");
    assert!(env.has(".topic-rules button").await, "a rule is offered");

    env.click(".notice button").await;
    env.wait_for_text(".notice", "Undone: it has its former topic again").await;
    assert_eq!(env.text(".kicker").await, before);
    env.click(".article-details > details:first-of-type summary").await;
    assert_eq!(self::reason(&env).await, reason);
    // From the reason to all articles filed for it.
    env.click(".article-details a[href*='reason=']").await;
    env.wait_until("document.querySelectorAll('.rows [data-article]').length > 0").await;
    assert!(env.path_and_query().await.starts_with("/articles?topic=politics&reason="));
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

/// Returns the sentence that says why the article has its topic.
async fn reason(env: &TestEnv) -> String {
    env.text(".article-details > details:first-of-type > p").await
}
