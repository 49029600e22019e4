//! Lists of articles and their filters.

use std::time::Duration;

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction};
use broadsheet::library::sources::NewSource;
use classify::Topic;

use crate::fixtures::{article, section_topic};
use crate::support::{TestApp, now};

/// Adds six articles: the even ones are from another source and about science; 2 is read, 4 starred, 6 archived.
async fn app_with_six_articles() -> TestApp {
    let app = TestApp::new().await;
    for number in 1..=6 {
        let mut new = article(number);
        if number % 2 == 0 {
            new.source = NewSource { domain: "upland.example".into(), name: "Upland Courier".into() };
            new.topic_choice = section_topic(Topic::Science);
            new.tags.push("Hills".into());
        }
        app.add_article(&new).await;
    }
    let library = app.library().await;
    for (id, mark) in [(2, ArticleAction::Read), (4, ArticleAction::Star), (6, ArticleAction::Archive)] {
        articles::apply_action(&library, id, mark, now()).await.unwrap();
    }
    app
}

#[tokio::test]
async fn filters_can_be_combined_in_the_url() {
    let app = app_with_six_articles().await;
    for (path, expected) in [
        ("/articles", "1 2 3 4 5"),
        ("/articles?unread=1", "1 3 4 5"),
        ("/articles?starred", "4"),
        ("/articles?archived=1", "6"),
        ("/articles?topic=science", "2 4"),
        ("/articles?source=upland.example&unread=1", "4"),
        ("/articles?tag=ferries&topic=politics", "1 3 5"),
        ("/articles?q=report+3", "3"),
        ("/articles?q=report+6", "6"),
        ("/articles?tag=hills&starred=1&unread=1&topic=science&source=upland.example&q=ferry", "4"),
        ("/articles?until=2026-01-01", ""),
        ("/articles?since=2026-01-01", "1 2 3 4 5"),
        ("/topic/science", "2 4"),
        ("/source/upland.example", "2 4"),
        ("/tag/hills", "2 4"),
    ] {
        let page = app.get(path).await;
        let numbers: Vec<_> = page.texts(".rows h2").iter().map(|title| title.replace("Ferry report ", "")).collect();
        assert_eq!(numbers.join(" "), expected, "{path}");
    }
}

#[tokio::test]
async fn lists_say_the_day_that_the_page_says() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.published_at = Some("2026-03-04T07:30:00Z".parse().unwrap());
    new.content.published_date = Some(jiff::civil::date(2026, 3, 3));
    let id = app.add_article(&new).await;
    for path in ["/", "/articles", "/topic/politics", "/articles?q=ferry", &format!("/article/{id}")] {
        let page = app.get(path).await;
        let (day, time) = (page.texts("main time").join(" "), page.attributes("main time", "datetime"));
        assert!(day.contains("3 March") && !day.contains("4 March"), "{path}: {day}");
        assert!(time.contains(&"2026-03-03".to_owned()), "{path}: {time:?}");
    }
    articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    assert!(!app.get("/trash").await.text("main").contains("3 March"), "the trash says when it was deleted");
}

#[tokio::test]
async fn each_filter_has_a_count_and_can_be_removed() {
    let app = app_with_six_articles().await;
    let page = app.get("/articles?topic=science&starred=1").await;
    assert_eq!(
        page.texts(".chips li"),
        ["Science ×: remove this filter", "Starred ×: remove this filter", "Clear filters"]
    );
    assert_eq!(page.attributes(".chips a", "href"), ["/articles?starred=1", "/articles?topic=science", "/articles"]);
    assert_eq!(page.texts(".tabs li"), ["Inbox 2", "Unread 1", "Starred 1", "Archived 0"]);
    assert_eq!(page.texts(".filters [aria-current]"), ["Science"]);
    let page = app.get("/articles?topic=science").await;
    assert_eq!(page.text("h1"), "Science");
    assert_eq!(page.text(".lede"), "3 articles, 1 unread, 1 archived");
    assert_eq!(page.texts(".tabs li"), ["Inbox 2", "Unread 1", "Starred 1", "Archived 1"]);
    assert!(page.texts(".filters li").contains(&"Upland Courier 2".to_owned()));
    assert!(
        page.attributes(".filters a", "href").contains(&"/articles?topic=science&source=upland.example".to_owned())
    );
    assert_eq!(page.attributes(".date-filter input[type=hidden]", "value"), ["science"]);
}

#[tokio::test]
async fn search_and_starred_include_archived_articles() {
    let app = app_with_six_articles().await;
    articles::apply_action(&app.library().await, 4, ArticleAction::Archive, now()).await.unwrap();
    let page = app.get("/articles?q=report+4").await;
    assert_eq!(page.texts(".rows h2"), ["Ferry report 4"]);
    assert!(page.text(".rows .meta").contains("Archived"), "{}", page.text(".rows .meta"));
    assert_eq!(page.texts(".tabs li"), ["All 1", "Unread 0", "Starred 1", "Archived 1"]);
    let page = app.get("/articles?starred=1").await;
    assert_eq!(page.texts(".rows h2"), ["Ferry report 4"]);
    assert_eq!(page.texts(".tabs li"), ["Inbox 4", "Unread 0", "Starred 1", "Archived 1"]);
}

#[tokio::test]
async fn a_list_with_only_archived_articles_links_to_them() {
    let app = app_with_six_articles().await;
    let library = app.library().await;
    for id in [2, 4] {
        articles::apply_action(&library, id, ArticleAction::Archive, now()).await.unwrap();
    }
    let page = app.get("/topic/science").await;
    assert_eq!(page.text(".empty h2"), "All archived");
    assert_eq!(page.attributes(".empty a", "href"), ["/articles?topic=science&archived=1"]);
    assert_eq!(page.text(".empty a"), "3 archived articles");
    assert_eq!(page.text(".lede"), "3 articles, none unread, 3 archived");
}

#[tokio::test]
async fn a_narrowed_list_offers_its_own_sources_and_tags_before_larger_ones() {
    let app = TestApp::new().await;
    for number in 0..24 {
        let mut new = article(number);
        new.source =
            NewSource { domain: format!("large{}.example", number / 2), name: format!("Large {}", number / 2) };
        new.tags = vec![format!("Common {}", number / 2)];
        app.add_article(&new).await;
    }
    let mut rare = article(24);
    rare.source = NewSource { domain: "island.example".into(), name: "Island Gazette".into() };
    rare.topic_choice = section_topic(Topic::Science);
    rare.tags = vec!["Seals".into()];
    app.add_article(&rare).await;
    let page = app.get("/articles").await;
    assert!(
        !page.texts(".filters li").contains(&"Island Gazette 1".to_owned()),
        "ten other sources have more articles"
    );
    let page = app.get("/topic/science").await;
    let filters = page.texts(".filters li");
    for expected in ["Island Gazette 1", "Seals 1"] {
        assert!(filters.contains(&expected.to_owned()), "{expected} in {filters:?}");
    }
    assert!(!filters.iter().any(|filter| filter.starts_with("Large")), "{filters:?}");
    let page = app.get("/articles?topic=science&source=island.example").await;
    assert!(page.texts(".filters li").contains(&"Seals 1".to_owned()));
}

#[tokio::test]
async fn sources_with_the_same_name_show_their_domains() {
    let app = TestApp::new().await;
    for (number, domain) in [(1, "harbour.example"), (2, "post.example"), (3, "valley.example")] {
        let mut new = article(number);
        new.source.domain = domain.into();
        if number == 3 {
            new.source.name = "Valley Post".into();
        }
        app.add_article(&new).await;
    }
    let filters = app.get("/articles").await.texts(".filters li");
    for expected in ["The Harbour Post (harbour.example) 1", "The Harbour Post (post.example) 1", "Valley Post 1"] {
        assert!(filters.contains(&expected.to_owned()), "{expected} in {filters:?}");
    }
}

#[tokio::test]
async fn a_source_page_is_a_filtered_list() {
    let app = app_with_six_articles().await;
    let page = app.get("/source/upland.example").await;
    assert_eq!(page.text("h1"), "Upland Courier");
    assert_eq!(page.attributes(".lede a", "href"), ["https://upland.example/"]);
    assert!(!page.has(".chips"));
    let tabs = page.attributes(".tabs a", "href");
    assert_eq!(tabs[1], "/articles?source=upland.example&unread=1");
    let same = app.get(&tabs[0]).await;
    assert_eq!(same.texts(".rows h2"), page.texts(".rows h2"));
}

#[tokio::test]
async fn an_empty_list_says_what_to_do_next() {
    let app = TestApp::new().await;
    for (path, heading, link) in [
        ("/articles", "No articles yet", "/import"),
        ("/articles?unread=1", "You’re all caught up", "/articles"),
        ("/articles?starred=1", "No starred articles", "/articles"),
        ("/articles?archived=1", "The archive is empty", "/articles"),
        ("/articles?after=0-0", "No more articles", "/articles"),
        ("/articles?topic=sport&q=zeppelin", "No matching articles", "/articles?q=zeppelin"),
        ("/topic/sport", "No matching articles", "/articles"),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.text(".empty h2"), heading, "{path}");
        assert_eq!(page.attributes(".empty a", "href")[0], link, "{path}");
    }
}

#[tokio::test]
async fn invalid_filters_are_reported_and_ignored() {
    let app = app_with_six_articles().await;
    for (path, said) in [
        ("/articles?topic=gossip", "No topic called “gossip”, so that filter was ignored."),
        ("/articles?since=soon", "“soon” isn’t a date and was ignored. Use the form 2026-11-23."),
        ("/articles?q=%21%21", "“!!” has nothing to search for. Enter at least one word."),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text(".problem"), said, "{path}");
        assert_eq!(page.texts(".rows h2").len(), 5);
    }
    let page = app.get("/articles?after=nonsense&q=%22%3E%3Cscript%3E+ferry").await;
    assert!(!page.body.contains("\"><script>"));
}

#[tokio::test]
async fn a_long_list_continues_on_the_next_page() {
    let app = TestApp::new().await;
    for number in 1..=101 {
        app.add_article(&article(number)).await;
    }
    let mut seen = Vec::new();
    let mut next = "/tag/ferries".to_owned();
    for expected in [50, 50, 1] {
        let page = app.get(&next).await;
        assert_eq!(page.texts(".rows h2").len(), expected);
        seen.extend(page.texts(".rows h2"));
        next = page.attributes("a[rel=next]", "href").first().cloned().unwrap_or_default();
    }
    assert_eq!(next, "");
    assert_eq!(seen, (1..=101).map(|number| format!("Ferry report {number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_search_says_what_of_it_was_not_used() {
    let app = app_with_six_articles().await;
    let page = app.get("/articles?q=ferry+r").await;
    let said = page.text(".problem");
    assert!(said.starts_with("“r” was searched for as a whole word. Add a letter to find words that begin with it."));
    assert!(said.ends_with("ferry r"), "where that is in the search: {said}");
    let phrase = "%22".to_owned() + &"ferry+".repeat(100) + "%22";
    for path in
        [format!("/articles?q={phrase}"), format!("/articles?topic=science&unread=1&q={phrase}&since=2020-01-01")]
    {
        let page = app.get(&path).await;
        assert_eq!(page.texts(".problem").len(), 2, "{path}");
        let said = page.texts(".problem");
        let too_long = "That’s too long for a search, so the words after “ferry” were ignored.";
        assert!(said.iter().any(|said| said.starts_with(too_long)), "{said:?}");
        assert_eq!(page.texts(".empty h2"), ["No matching articles"]);
    }
}

#[tokio::test]
async fn a_search_that_takes_too_long_is_stopped_and_the_page_says_so() {
    let mut app = app_with_six_articles().await;
    app.set_search_time(Duration::ZERO);
    for path in ["/articles?q=ferry", "/articles?q=ferry&topic=science", "/articles?q=ferry&after=1700000000-3"] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.texts(".empty h2"), ["This search took too long"], "{path}");
        assert!(page.texts(".rows h2").is_empty());
        assert_eq!(page.attributes("input[type=search]", "value"), ["ferry"], "it can be changed");
    }
    for path in ["/sources?q=ferry", "/tags?q=ferry"] {
        let page = app.get(path).await;
        assert!(page.body.contains("This search took too long and was stopped."), "{path}");
    }
    assert_eq!(app.get("/articles").await.texts(".rows h2").len(), 5, "other lists are not searches");
    app.set_search_time(Duration::from_secs(600));
    assert_eq!(app.get("/articles?q=ferry").await.texts(".rows h2").len(), 6);
}
