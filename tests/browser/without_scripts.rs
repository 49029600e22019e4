//! Without JavaScript: handing in, reading, marking, filtering and settings all work.

use crate::support::{CLUTTERED_URL, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_everything_but_the_keys_works() {
    let stage = Stage::new().await;
    stage.without_scripts().await;
    stage.goto("data:text/html,<title>off</title><script>document.title='on'</script>").await;
    assert_eq!(stage.title().await, "off", "no page runs scripts");

    // In: by address, with pictures that are there after the page was asked for again.
    stage.import_samples().await;
    stage.visit("/").await;
    stage.fill("#address", CLUTTERED_URL).await;
    stage.choose("Add article").await;
    stage.until_says(".notice", "Already in your library").await;
    assert!(stage.text(".text").await.contains("Trams will run along the waterfront"));

    // Marked, deleted, taken back.
    for (button, next) in [("Star", "Unstar"), ("Mark read", "Mark unread"), ("Archive", "Unarchive")] {
        stage.choose(button).await;
        stage.find_by_path(&format!("//button[.='{next}']")).await;
    }
    stage.choose("Delete").await;
    stage.until_says(".notice", "Moved to trash.").await;
    stage.choose("Undo").await;
    stage.until_says(".notice", "Restored.").await;

    // Topic and tags.
    stage.choose("Edit topic and tags").await;
    stage.fill("#tags", "Trams, Night").await;
    stage.choose("Save topic and tags").await;
    stage.until_says(".notice", "saved").await;
    assert_eq!(stage.text(".tag-list").await, "Night Trams");

    // What was left out opens, and how it looks is kept.
    stage
        .click_on(stage.find_by_path("//summary[starts-with(normalize-space(), 'Removed from the page')]").await)
        .await;
    assert!(stage.text(".left-out").await.contains("812 partners"));
    stage.choose("Display").await;
    stage.click(".reading button[value=wide]").await;
    stage.find("html[data-width=wide]").await;
    stage.click(".colophon button[value=dark]").await;
    stage.find("html[data-theme=dark][data-width=wide]").await;

    // Found again.
    stage.visit("/articles").await;
    stage.choose("Science").await;
    stage.until_says("h1", "Science").await;
    stage.choose("The Orchard").await;
    stage.until("document.querySelectorAll('.rows h2').length === 1").await;
    assert_eq!(stage.text(".rows h2").await, "The long story of the Pippin");
    stage.click(".search input").await;
    stage.press("kestrel".chars()).await;
    stage.choose("Search").await;
    stage.until_says(".rows h2", "Kestrel").await;

    // A failure says what to do, and the page of a waiting import can be asked for again.
    stage.visit("/").await;
    stage.fill("#address", "http://nowhere.example/1").await;
    stage.choose("Add article").await;
    stage.find(".state.failed").await;
    stage.stop_jobs().await;
    stage.choose("Try again").await;
    stage.choose("reload it").await;
    assert_eq!(stage.text("[aria-current=step]").await, "Queued");
    stage.close().await;
}
