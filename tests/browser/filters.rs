//! Topic, source and tag are combined one after the other. Each shows its count, and the URL holds the filters.

use crate::support::TestEnv;

#[tokio::test(flavor = "multi_thread")]
async fn topic_source_and_tag_narrow_the_list_and_can_be_bookmarked() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/articles").await;
    let all = titles(&env).await.len();
    assert_eq!(all, 8, "seven articles and the welcome article");

    // Each list has as many articles as its filter showed.
    for (filter, count) in [("Politics", 4), ("The Harbour Post", 2), ("Budget", 1)] {
        assert_eq!(filter_count(&env, filter).await, count.to_string(), "{filter}");
        env.click_text(filter).await;
        env.wait_until(&format!("document.querySelectorAll('.rows [data-article]').length === {count}")).await;
        let chosen = env.texts(".filters [aria-current]").await;
        assert!(chosen.contains(&filter.to_owned()), "{filter} in {chosen:?}");
    }
    assert_eq!(titles(&env).await, ["The long story of the Osprey"]);
    let place = env.path_and_query().await;
    for part in ["topic=politics", "source=harbourpost.example", "tag=budget"] {
        assert!(place.contains(part), "{part} in {place}");
    }

    // The URL can be bookmarked.
    env.visit("/settings").await;
    env.visit(&place).await;
    assert_eq!(titles(&env).await, ["The long story of the Osprey"]);
    // Removing a filter widens the list. A filter without matches shows what to do.
    let source = "//ul[@aria-label='Active filters']//a[contains(normalize-space(), 'The Harbour Post')]";
    env.click_element(env.find_by_xpath(source).await).await;
    env.wait_until("document.querySelectorAll('.rows [data-article]').length === 2").await;
    env.visit(&format!("{place}&starred=1")).await;
    assert!(env.text(".empty").await.contains("No matching articles"));
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

async fn titles(env: &TestEnv) -> Vec<String> {
    env.texts(".rows h2").await
}

/// Returns the count beside a filter.
async fn filter_count(env: &TestEnv, filter: &str) -> String {
    let path = format!("//*[contains(@class, 'filters')]//li[a[normalize-space()='{filter}']]/*[@class='count']");
    let count = env.find_by_xpath(&path).await;
    env.run_script("return arguments[0].innerText", serde_json::json!([count])).await.as_str().unwrap().to_owned()
}
