//! The front page.

use broadsheet::library::articles::{self, ArticleAction, Channel};
use classify::Topic;
use jiff::SignedDuration;

use crate::fixtures::{article, section_topic};
use crate::support::{TestApp, advance_clock, now};

#[tokio::test]
async fn the_front_page_of_an_empty_library_says_what_to_do() {
    let app = TestApp::new().await;
    let page = app.get("/").await;
    assert_eq!(page.text("h1"), "Broadsheet");
    assert_eq!(page.text(".empty h2"), "Nothing to read");
    assert_eq!(page.attributes("form.import-box", "action"), ["/import"]);
    assert_eq!(page.attributes(".dateline time", "datetime").len(), 1);
    assert!(!page.has(".lead") && !page.has(".sections") && !page.has(".band"));
}

#[tokio::test]
async fn below_what_was_just_added_each_article_is_shown_once() {
    let app = TestApp::new().await;
    for number in 1..=7 {
        let mut new = article(number);
        if number > 4 {
            new.topic_choice = section_topic(Topic::Science);
        }
        app.add_article(&new).await;
    }
    articles::apply_action(&app.library().await, 2, ArticleAction::Read, now()).await.unwrap();
    let page = app.get("/").await;
    assert_eq!(page.text(".lead h2"), "Ferry report 1");
    assert_eq!(page.texts(".section > h2"), ["Politics 3 unread", "Science 3 unread"]);
    assert_eq!(page.texts(".section h3").len(), 5);
    assert_eq!(page.texts(".band:not(.recently-added) h3"), ["Ferry report 2"]);
    assert_eq!(page.texts(".recently-added h3").len(), 6);
    assert_eq!(page.texts(".recently-added h3")[0], "Ferry report 7", "the last arrival, old as its date is");
    assert_eq!(page.text(".dateline a"), "6 unread");
    let ids = page.attributes("main > :not(.recently-added) [data-article], .lead", "data-article");
    assert_eq!(ids.len(), 7);
    assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), 7);
}

#[tokio::test]
async fn a_newly_added_old_article_stays_on_the_front_page_for_days() {
    let app = TestApp::new().await;
    for number in 1..=60 {
        let mut earlier = article(number);
        earlier.received_at = now() - SignedDuration::from_hours(7 * 24);
        let id = app.add_article(&earlier).await;
        articles::apply_action(&app.library().await, id, ArticleAction::Read, now()).await.unwrap();
    }
    for (number, channel) in [(70, Channel::Saved), (71, Channel::Feed)] {
        let mut old = article(number);
        old.content.published_at = Some("2009-05-04T00:00:00Z".parse().unwrap());
        old.channel = channel;
        let id = app.add_article(&old).await;
        articles::apply_action(&app.library().await, id, ArticleAction::Read, now()).await.unwrap();
    }
    let page = app.get("/").await;
    assert_eq!(page.texts(".recently-added h3"), ["Ferry report 70"]);
    advance_clock(SignedDuration::from_hours(4 * 24));
    assert!(!app.get("/").await.has(".recently-added"));
}

#[tokio::test]
async fn when_all_articles_are_read_the_newest_leads() {
    let app = TestApp::new().await;
    for number in 1..=2 {
        let id = app.add_article(&article(number)).await;
        articles::apply_action(&app.library().await, id, ArticleAction::Read, now()).await.unwrap();
    }
    let page = app.get("/").await;
    assert_eq!(page.text(".lead h2"), "Ferry report 1");
    assert!(page.text("p.lede").starts_with("You’re all caught up."));
    assert_eq!(page.text(".dateline a"), "0 unread");
    assert_eq!(page.texts(".band:not(.recently-added) h3"), ["Ferry report 2"]);
}

#[tokio::test]
async fn publisher_text_is_escaped() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.title = "<script>alert(1)</script> \"quoted\"".into();
    new.content.excerpt = "<img src=x onerror=alert(2)>".into();
    new.source.name = "<b>Bold</b>".into();
    let id = app.add_article(&new).await;
    for path in ["/", "/articles", "/sources", &format!("/article/{id}")] {
        let page = app.get(path).await;
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("<img src=x") && !page.body.contains("<b>Bold")
        );
        assert!(page.status.is_success(), "{path}");
    }
}
