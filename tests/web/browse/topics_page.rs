//! All topics: what each holds, this week against last, and their order.

use axum::http::StatusCode;
use broadsheet::library::articles::NewArticle;
use classify::Topic;
use jiff::SignedDuration;

use crate::fixtures::{article, section_topic};
use crate::support::{TestApp, now};

/// An article that arrived some days ago.
fn arrived(number: i64, topic: Topic, days: i64) -> NewArticle {
    let mut new = article(number);
    new.topic_choice = section_topic(topic);
    new.received_at = now() - SignedDuration::from_hours(24 * days);
    new
}

#[tokio::test]
async fn topics_show_what_arrived_this_week_and_last() {
    let app = TestApp::new().await;
    for (number, topic, days) in [
        (1, Topic::Sport, 0),
        (2, Topic::Sport, 3),
        (3, Topic::Sport, 9),
        (4, Topic::Politics, 8),
        (5, Topic::Culture, 40),
        (6, Topic::Sport, 1),
    ] {
        app.add_article(&arrived(number, topic, days)).await;
    }
    app.post("/article/6/action", &[("action", "delete")]).await;
    let page = app.get("/topics").await;
    let numbers = page.texts(".week-numbers");
    assert_eq!(numbers, ["0 this week, 1 last week", "2 this week, 1 last week"], "in the order of topics");
    let widths = page.attributes(".week-chart rect", "width");
    assert_eq!(widths, ["0", "50", "100", "50"], "the bars say the same");
    assert_eq!(page.attributes(".week-chart", "aria-hidden"), ["true", "true"], "the numbers are there as text");
    let quiet = page.texts("details.folded th a");
    assert!(quiet.contains(&"Culture".to_owned()) && !quiet.contains(&"Sport".to_owned()), "{quiet:?}");
    assert_eq!(page.text("details.folded summary"), "14 quiet topics: nothing new for two weeks");
    app.post("/topic/culture/arrange", &[("action", "pin")]).await;
    let pinned = app.get("/topics").await;
    assert_eq!(pinned.texts(".index th a")[..3], ["Culture", "Politics", "Sport"], "a pinned topic is never folded");
}

#[tokio::test]
async fn a_new_library_says_how_topics_fill() {
    let app = TestApp::new().await;
    let page = app.get("/topics").await;
    assert!(page.text(".lede").starts_with("No articles yet. Each one you add is sorted into a topic by itself"));
    assert_eq!(page.attributes(".lede a", "href"), ["/import"]);
    assert_eq!(page.texts(".index th a").len(), 16);
    assert!(!page.has("details.folded"), "nothing is folded if all is quiet");
}

#[tokio::test]
async fn the_order_of_topics_is_the_readers() {
    let app = TestApp::new().await;
    for (number, topic) in [(1, Topic::Sport), (2, Topic::Politics), (3, Topic::Science), (4, Topic::Sport)] {
        app.add_article(&arrived(number, topic, 0)).await;
    }
    let arrange = async |slug: &str, action: &str| {
        let answer = app.post(&format!("/topic/{slug}/arrange"), &[("action", action)]).await;
        app.get(answer.location()).await
    };
    let names = async || app.get("/topics?arrange=1").await.texts(".topic-name a");
    assert_eq!(names().await[..3], ["Politics", "War and conflict", "Business"]);
    let page = arrange("business", "up").await;
    assert_eq!(page.texts(".topic-name a")[..3], ["Politics", "Business", "War and conflict"]);
    assert!(page.has("#topic-business [autofocus][value=up]"), "the same key moves it on");
    let page = arrange("business", "up").await;
    assert_eq!(page.texts(".topic-name a")[..2], ["Business", "Politics"]);
    assert!(!page.has("#topic-business [value=up]") && page.has("#topic-business [autofocus][value=down]"));
    arrange("business", "down").await;
    let page = arrange("sport", "pin").await;
    assert_eq!(page.texts(".topic-name a")[..3], ["Sport", "Politics", "Business"]);
    assert!(!page.has("#topic-sport [value=down]"), "it is the only pinned one");
    assert_eq!(page.texts(".topic-number")[..10], ["1", "2", "3", "4", "5", "6", "7", "8", "9", ""]);
    assert_eq!(page.texts(".topic-name a").last().unwrap(), "Unsorted");
    assert!(!page.has("#topic-unsorted [value=up]") && !page.has("#topic-lifestyle [value=up][disabled]"));

    // The order holds everywhere, and for the keys.
    assert_eq!(app.get("/articles").await.texts(".filters section:first-child li a")[..2], ["Sport", "Politics"]);
    let front = app.get("/").await.texts(".edition-top .kicker");
    assert_eq!(front.first().unwrap(), "Sport", "{front:?}");
    for (number, expected) in [("1", "/topic/sport"), ("2", "/topic/politics"), ("3", "/topic/business")] {
        assert_eq!(app.get(&format!("/topics/{number}")).await.location(), expected);
    }
    app.post("/topic/politics/hide", &[]).await;
    assert_eq!(app.get("/topics/2").await.location(), "/topic/business", "hidden topics have no key");
    for number in ["0", "10", "first", "-1"] {
        assert_eq!(app.get(&format!("/topics/{number}")).await.status, StatusCode::NOT_FOUND);
    }
    let keys = app.get("/keyboard-shortcuts").await;
    assert!(keys.text("main").contains("Go to a topic"));
    assert_eq!(
        arrange("sport", "unpin").await.texts(".topic-name a").iter().position(|name| name == "Sport"),
        Some(13)
    );
    assert_eq!(app.post("/topic/gossip/arrange", &[("action", "up")]).await.status, StatusCode::NOT_FOUND);
}
