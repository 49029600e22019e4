//! Topic, source and tag, chosen one after the other, each with its count; the address is the choice.

use crate::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn topic_source_and_tag_narrow_the_list_and_can_be_bookmarked() {
    let stage = Stage::new().await;
    stage.import_samples().await;
    stage.visit("/articles").await;
    let all = titles(&stage).await.len();
    assert_eq!(all, 8, "seven and the welcome article");

    // Each step shows as many articles as its link said.
    for (filter, count) in [("Politics", 4), ("The Harbour Post", 2), ("Budget", 1)] {
        assert_eq!(offered(&stage, filter).await, count.to_string(), "{filter}");
        stage.choose(filter).await;
        stage.until(&format!("document.querySelectorAll('.rows [data-article]').length === {count}")).await;
        let chosen = stage.texts(".filters [aria-current]").await;
        assert!(chosen.contains(&filter.to_owned()), "{filter} in {chosen:?}");
    }
    assert_eq!(titles(&stage).await, ["The long story of the Osprey"]);
    let place = stage.place().await;
    for part in ["topic=politics", "source=harbourpost.example", "tag=budget"] {
        assert!(place.contains(part), "{part} in {place}");
    }

    // The same address later, from elsewhere.
    stage.visit("/settings").await;
    stage.visit(&place).await;
    assert_eq!(titles(&stage).await, ["The long story of the Osprey"]);
    // Taking one away widens it again; a filter on top that nothing fits says what to do.
    let source = "//ul[@aria-label='Active filters']//a[contains(normalize-space(), 'The Harbour Post')]";
    stage.click_on(stage.find_by_path(source).await).await;
    stage.until("document.querySelectorAll('.rows [data-article]').length === 2").await;
    stage.visit(&format!("{place}&starred=1")).await;
    assert!(stage.text(".empty").await.contains("No matching articles"));
    assert_eq!(stage.complaints().await, [""; 0]);
    stage.close().await;
}

async fn titles(stage: &Stage) -> Vec<String> {
    stage.texts(".rows h2").await
}

/// The count beside a filter.
async fn offered(stage: &Stage, filter: &str) -> String {
    let path = format!("//*[contains(@class, 'filters')]//li[a[normalize-space()='{filter}']]/*[@class='count']");
    let count = stage.find_by_path(&path).await;
    stage.ask("return arguments[0].innerText", serde_json::json!([count])).await.as_str().unwrap().to_owned()
}
