//! Topics are the reader's to arrange: renamed, merged and taken back, moved by buttons and by keys.

use crate::support::{ENTER, TestEnv};

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_is_renamed_and_merged_and_both_are_taken_back() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/topic/politics").await;
    assert_eq!(env.text("h1").await, "Politics");
    let before = env.texts(".rows h2").await.len();
    env.click_text("Rename, hide or merge this topic").await;
    env.fill("#name", "Government").await;
    env.click_text("Rename topic").await;
    env.wait_for_text("h1", "Government").await;
    assert_eq!(env.texts(".rows h2").await.len(), before);
    assert!(env.texts(".filters [aria-current]").await.contains(&"Government".to_owned()));

    // Merged into another, after a question.
    env.click_text("Rename, hide or merge this topic").await;
    env.run_script("document.querySelector('#into').value = 'society'", serde_json::json!([])).await;
    env.click_text("Merge into this topic").await;
    env.wait_for_text("h1", "Merge “Government” into “Society”?").await;
    env.click_text("Merge topics").await;
    env.wait_for_text(".notice p", "Merged the topic “Government” into “Society”").await;
    assert_eq!(env.text("h1").await, "Society");
    let merged = env.texts(".rows h2").await.len();
    assert!(merged >= before, "{merged} of {before}");
    env.visit("/topics").await;
    assert!(!env.texts(".index th a").await.contains(&"Government".to_owned()));

    // Both are undone, the last first.
    for (shown, name) in [("Government", "Government"), ("Politics", "Politics")] {
        env.visit("/recent-changes").await;
        env.click("main .rows button").await;
        env.wait_until("document.querySelector('.notice') !== null").await;
        env.visit("/topic/politics").await;
        assert_eq!(env.text("h1").await, shown, "{name}");
        assert_eq!(env.texts(".rows h2").await.len(), before);
    }
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_are_ordered_by_keys_and_opened_by_number() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/topics?arrange=1").await;
    let names = async || env.texts(".topic-name a").await;
    assert_eq!(names().await[..3], ["Politics", "War and conflict", "Business"]);
    // The focus goes from row to row, and stays with a row that moves.
    env.press(['j', 'j', 'j']).await;
    assert_eq!(env.focused_text().await, "Business");
    for first in ["Politics", "Business"] {
        env.press(['K']).await;
        env.wait_until("document.querySelector('[autofocus]') === document.activeElement").await;
        env.wait_until(&format!("document.querySelector('.topic-name a').textContent === '{first}'")).await;
    }
    assert_eq!(names().await[..3], ["Business", "Politics", "War and conflict"]);
    env.press([ENTER]).await;
    env.wait_until("document.querySelector('.topic-name a').textContent === 'Politics'").await;
    env.press(['g', '2']).await;
    env.wait_for_path("/topic/business").await;
    env.press(['g', '9']).await;
    env.wait_for_path("/topic/technology").await;
    env.close().await;
}
