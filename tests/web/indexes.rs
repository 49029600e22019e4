//! All topics, sources and tags.

use crate::articles::article;
use crate::support::TestApp;

#[tokio::test]
async fn all_topics_sources_and_tags_are_listed_with_their_counts() {
    let app = TestApp::new().await;
    for number in 1..=3 {
        app.add(&article(number)).await;
    }
    for (path, heading, name, address) in [
        ("/topics", "Topics", "Politics", "/topic/politics"),
        ("/sources", "Sources", "The Harbour Post", "/source/harbour.example"),
        ("/tags", "Tags", "Ferries", "/tag/ferries"),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.text("h1"), heading);
        assert_eq!(page.attributes(".index th a", "href")[0], address);
        assert!(page.texts(".index tbody tr")[0].starts_with(name));
        assert_eq!(page.texts(".index tbody tr:first-child td.number"), ["3", "3"], "{path}");
        assert_eq!(page.attributes(".index time", "datetime").len(), 1);
        assert_eq!(page.attributes(".menu [aria-current=page]", "href"), [path]);
    }
}

#[tokio::test]
async fn many_tags_stand_on_several_pages() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.tags = (0..201).map(|number| format!("Tag {number:03}")).collect();
    app.add(&new).await;
    let first = app.get("/tags").await;
    assert_eq!(first.texts(".index tbody tr").len(), 200);
    let next = first.attributes("a[rel=next]", "href").remove(0);
    let second = app.get(&next).await;
    assert_eq!(second.texts(".index tbody th"), ["Tag 200"]);
    assert!(!second.has("a[rel=next]"));
    assert_eq!(second.attributes(".pager a", "href"), ["/tags"]);
}

#[tokio::test]
async fn empty_lists_say_why() {
    let app = TestApp::new().await;
    assert!(app.get("/sources").await.text("main p:not(.lede)").starts_with("There are no articles yet"));
    assert!(app.get("/tags?after=zzz").await.text("main .column > p").starts_with("No article has a tag."));
}
