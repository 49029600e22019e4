//! Without JavaScript: adding, reading, marking, filtering and settings all work.

use crate::support::{CLUTTERED_URL, TestEnv};

#[tokio::test(flavor = "multi_thread")]
async fn everything_but_shortcuts_works_without_javascript() {
    let env = TestEnv::new().await;
    env.disable_javascript().await;
    env.goto("data:text/html,<title>off</title><script>document.title='on'</script>").await;
    assert_eq!(env.title().await, "off", "scripts are disabled");

    // Adding a link.
    env.import_samples().await;
    env.visit("/").await;
    env.fill("#url", CLUTTERED_URL).await;
    env.click_text("Add article").await;
    env.wait_for_text(".notice", "Already in your library").await;
    assert!(env.text(".text").await.contains("Trams will run along the waterfront"));

    // Marking, deleting, undoing.
    for (button, next) in [("Star", "Unstar"), ("Mark read", "Mark unread")] {
        env.click_text(button).await;
        env.find_by_xpath(&format!("//button[.='{next}']")).await;
    }
    env.click_text("Archive").await;
    env.wait_for_text(".notice", "Archived “").await;
    env.click_text("Undo").await;
    env.find_by_xpath("//button[.='Unstar']").await;
    env.click_text("Delete").await;
    env.wait_for_text(".notice", "Moved to the trash: “").await;
    env.click_text("Undo").await;
    env.wait_for_text(".notice", "Restored.").await;

    env.click_text("Edit topic and tags").await;
    env.fill("#tags", "Trams, Night").await;
    env.click_text("Save topic and tags").await;
    env.wait_for_text(".notice", "saved").await;
    assert_eq!(env.text(".tag-list").await, "Night Trams");

    // Removed blocks, and display settings.
    env.click_element(env.find_by_xpath("//summary[starts-with(normalize-space(), 'Removed from the page')]").await)
        .await;
    env.click("#removed details summary").await;
    assert!(env.text("#removed details .removed-blocks").await.contains("812 partners"));
    env.click_text("Display").await;
    env.click(".display-settings button[value=wide]").await;
    env.find("html[data-width=wide]").await;
    env.click(".site-footer button[value=dark]").await;
    env.find("html[data-theme=dark][data-width=wide]").await;

    // Filters and search.
    env.visit("/articles").await;
    env.click_text("Science").await;
    env.wait_for_text("h1", "Science").await;
    env.click_text("The Orchard").await;
    env.wait_until("document.querySelectorAll('.rows h2').length === 1").await;
    assert_eq!(env.text(".rows h2").await, "The long story of the Pippin");
    env.click(".search input").await;
    env.press("kestrel".chars()).await;
    env.click_text("Search").await;
    env.wait_for_text(".rows h2", "Kestrel").await;

    // A failed import, and the page of a queued one.
    env.visit("/").await;
    env.fill("#url", "http://nowhere.example/1").await;
    env.click_text("Add article").await;
    env.find(".status.failed").await;
    env.stop_jobs().await;
    env.click_text("Try again").await;
    env.click_text("reload it").await;
    assert_eq!(env.text("[aria-current=step]").await, "Queued");
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_many_and_reading_on_work_without_javascript() {
    let env = TestEnv::new().await;
    env.disable_javascript().await;
    env.import_samples().await;
    // Many at once: ticks and buttons are one form.
    env.visit("/articles?tag=ferries").await;
    env.click_text("Select articles").await;
    env.click("li:nth-child(1) .tick input").await;
    env.click("li:nth-child(3) .tick input").await;
    env.click("#bulk button[value=archive]").await;
    env.wait_for_text(".notice", "Archived 2 articles.").await;
    env.click_text("Undo").await;
    env.wait_for_text(".notice", "Undone: 2 articles restored.").await;

    // On from the end of an article, which marks it read.
    let titles = env.texts(".rows h2").await;
    env.click(".rows li:nth-child(2) h2 a").await;
    env.wait_for_text("article h1", &titles[1]).await;
    env.click(".article-end .next").await;
    env.wait_for_text("article h1", &titles[2]).await;
    env.click(".article-end .back").await;
    env.wait_until("document.querySelectorAll('.rows .unread').length === 1").await;
    env.close().await;
}
