//! A suggested tag is taken with one key, in place, and undone; turning down works the same. Axe finds nothing on the way.

use serde_json::json;

use crate::accessibility::{AXE, axe};
use crate::support::TestEnv;

#[tokio::test(flavor = "multi_thread")]
async fn a_suggested_tag_is_accepted_with_one_key() {
    let env = TestEnv::new().await;
    env.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": AXE })).await;
    let id = *env.import_samples().await.last().unwrap();
    env.visit(&format!("/article/{id}")).await;
    let before = env.texts(".tag-suggestions [name=add] bdi").await;
    assert!((2..=5).contains(&before.len()), "{before:?}");
    assert_eq!(axe(&env).await, [""; 0]);

    env.run_script("scrollTo(0, 200); window.isSamePage = true", json!([])).await;
    env.press(['2']).await;
    env.wait_for_text("#article-tags .notice", &format!("Tagged “{}”.", before[1])).await;
    assert!(env.texts(".tag-list li").await.contains(&before[1]));
    let after = env.texts(".tag-suggestions [name=add] bdi").await;
    assert!(!after.contains(&before[1]) && after.contains(&before[0]), "{after:?}");
    assert_eq!(env.evaluate("window.isSamePage && scrollY").await, json!(200), "the page keeps its place");
    assert_eq!(env.text("#status-message").await, format!("Tagged “{}”.", before[1]));
    assert_eq!(axe(&env).await, [""; 0]);

    env.click("#article-tags .notice button").await;
    env.wait_until("!document.querySelector('#article-tags .notice')").await;
    assert_eq!(env.texts(".tag-suggestions [name=add] bdi").await, before);
    env.reload().await;
    assert!(!env.texts(".tag-list li").await.contains(&before[1]), "it is saved");

    env.click_text("Turn suggestions down").await;
    assert_eq!(axe(&env).await, [""; 0]);
    env.click(".tag-suggestions [name=decline]").await;
    env.wait_for_text("#article-tags .notice", "won’t be suggested for this article again").await;
    assert!(!env.texts(".tag-suggestions [name=add] bdi").await.contains(&before[0]));
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggested_tag_is_accepted_without_javascript() {
    let env = TestEnv::new().await;
    let id = *env.import_samples().await.last().unwrap();
    env.disable_javascript().await;
    env.visit(&format!("/article/{id}")).await;
    let name = env.texts(".tag-suggestions [name=add] bdi").await.remove(0);
    env.click(".tag-suggestions [name=add]").await;
    env.wait_for_text("#article-tags .notice", &format!("Tagged “{name}”.")).await;
    env.click("#article-tags .notice button").await;
    env.wait_until("!document.querySelector('#article-tags .notice')").await;
    assert!(!env.texts(".tag-list li").await.contains(&name));
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggested_tag_is_not_lost_silently_where_another_page_answers() {
    let env = TestEnv::new().await;
    let id = *env.import_samples().await.last().unwrap();
    env.visit(&format!("/article/{id}")).await;
    let before = env.texts(".tag-suggestions [name=add] bdi").await;
    env.run_script("window.fetch = async () => new Response('<h1>Log in</h1>')", json!([])).await;
    env.click(".tag-suggestions [name=add]").await;
    env.wait_for_text("#status-message", "Couldn’t save. Try again.").await;
    assert_eq!(env.texts(".tag-suggestions [name=add] bdi").await, before);
    env.close().await;
}
