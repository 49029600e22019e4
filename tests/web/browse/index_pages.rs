//! All topics, sources and tags.

use broadsheet::library::articles::{self, ArticleAction};
use classify::Topic;

use crate::fixtures::{article, section_topic};
use crate::support::{TestApp, now};

#[tokio::test]
async fn all_topics_sources_and_tags_are_listed_with_their_counts() {
    let app = TestApp::new().await;
    for number in 1..=3 {
        app.add_article(&article(number)).await;
    }
    for (path, heading, name, url) in [
        ("/topics", "Topics", "Politics", "/topic/politics"),
        ("/sources", "Sources", "The Harbour Post", "/source/harbour.example"),
        ("/tags", "Tags", "Ferries", "/tag/ferries"),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.text("h1"), heading);
        assert_eq!(page.attributes(".index th a", "href")[0], url);
        assert!(page.texts(".index tbody tr")[0].starts_with(name));
        assert_eq!(page.texts(".index tbody tr:first-child td.number")[..2], ["3", "3"], "{path}");
        assert_eq!(page.attributes(".index time", "datetime").len(), 1);
        assert_eq!(page.attributes(".menu [aria-current=page]", "href"), [path]);
    }
}

#[tokio::test]
async fn an_index_and_its_pages_show_the_same_counts() {
    let app = TestApp::new().await;
    for number in 1..=3 {
        app.add_article(&article(number)).await;
    }
    for (id, mark) in [(1, ArticleAction::Archive), (2, ArticleAction::Read)] {
        articles::apply_action(&app.library().await, id, mark, now()).await.unwrap();
    }
    for (index, page) in
        [("/topics", "/topic/politics"), ("/sources", "/source/harbour.example"), ("/tags", "/tag/ferries")]
    {
        assert_eq!(app.get(index).await.texts(".index tbody tr:first-child td.number")[..2], ["1", "3"], "{index}");
        let lede = app.get(page).await.text(".lede");
        assert!(lede.ends_with("3 articles, 1 unread, 1 archived"), "{lede}");
    }
}

#[tokio::test]
async fn many_tags_are_split_into_pages() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.tags = (0..201).map(|number| format!("Tag {number:03}")).collect();
    app.add_article(&new).await;
    let first = app.get("/tags").await;
    assert_eq!(first.texts(".index tbody tr").len(), 200);
    let next = first.attributes("a[rel=next]", "href").remove(0);
    let second = app.get(&next).await;
    assert_eq!(second.texts(".index tbody th"), ["Tag 200"]);
    assert!(!second.has("a[rel=next]"));
    assert_eq!(second.attributes(".pager a", "href"), ["/tags"]);
}

#[tokio::test]
async fn empty_indexes_have_a_message() {
    let app = TestApp::new().await;
    assert!(app.get("/sources").await.text("main p:not(.lede)").starts_with("No sources yet."));
    assert!(app.get("/tags?after=zzz").await.text("main .column > p").starts_with("No tags yet."));
}

#[tokio::test]
async fn sources_and_tags_of_a_list_keep_its_filters() {
    let app = TestApp::new().await;
    app.add_article(&article(1)).await;
    let mut other = article(2);
    other.source.domain = "valley.example".into();
    other.topic_choice = section_topic(Topic::Science);
    other.tags = vec!["Bridges".into()];
    app.add_article(&other).await;
    let list = app.get("/articles?topic=science&unread=1").await;
    assert!(
        list.has("a[href='/sources?topic=science&unread=1']") && list.has("a[href='/tags?topic=science&unread=1']")
    );
    let sources = app.get("/sources?topic=science&unread=1").await;
    assert_eq!(sources.attributes(".index th a", "href"), ["/articles?topic=science&source=valley.example&unread=1"]);
    assert_eq!(sources.attributes(".lede a", "href"), ["/articles?topic=science&unread=1"]);
    let tags = app.get("/tags?topic=science&tag=ferries").await;
    assert_eq!(tags.attributes(".index th a", "href"), ["/articles?topic=science&tag=bridges"]);
    assert_eq!(tags.texts(".index td.number"), ["1", "1"]);
    assert_eq!(app.get("/sources?topic=politics&archived=1").await.text("main .column > p"), "Nothing matches.");
}
