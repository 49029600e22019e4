//! The front page.

use broadsheet::library::articles::{self, ArticleAction, Channel, NewArticle};
use broadsheet::library::sources::NewSource;
use broadsheet::urls::UrlKey;
use classify::Topic;
use jiff::SignedDuration;

use crate::fixtures::{article, section_topic};
use crate::support::{Page, TestApp, advance_clock, now, set_clock};

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
    assert_eq!(page.texts(".tops h3"), [2, 3, 5, 6].map(|number| format!("Ferry report {number}")), "two of a topic");
    assert_eq!(page.texts(".briefs h3"), ["Ferry report 4", "Ferry report 7"], "too few for sections");
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
    assert_eq!(page.text(".edition-end h2"), "You’re all caught up");
    assert!(!page.has(".edition-end button"), "there is nothing left to mark read");
    assert_eq!(page.text(".dateline a"), "0 unread");
    assert_eq!(page.texts(".tops h3"), ["Ferry report 2"]);
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

/// Returns an article of a feed of its own, so many hours old.
fn told(source: &str, number: i64) -> NewArticle {
    let mut new = article(number);
    new.source = NewSource { domain: format!("{source}.example"), name: source.into() };
    new.url_keys =
        vec![UrlKey::from_url(&format!("https://{source}.example/{number}").replace(' ', "-").parse().unwrap())];
    new.channel = Channel::Feed;
    new
}

async fn read(app: &TestApp, id: i64) {
    articles::apply_action(&app.library().await, id, ArticleAction::Read, now()).await.unwrap();
}

/// The titles of the edition, in order.
fn edition(page: &Page) -> Vec<String> {
    page.texts(".lead h2, .tops h3, .section h3, .briefs h3")
}

#[tokio::test]
async fn the_edition_has_what_came_today_and_what_was_left_of_yesterday_and_reading_moves_nothing() {
    let app = TestApp::new().await;
    set_clock("2026-11-22T18:00:00Z".parse().unwrap());
    let mut ids = Vec::new();
    for number in 1..=7 {
        ids.push(app.add_article(&told(&format!("Evening {number}"), number)).await);
    }
    read(&app, ids[0]).await;
    set_clock("2026-11-23T09:00:00Z".parse().unwrap());
    for number in 1..=8 {
        ids.push(app.add_article(&told(&format!("Morning {number}"), number)).await);
    }
    let before = app.get("/").await;
    assert_eq!(edition(&before).len(), 14, "not the one that was read yesterday");
    assert!(
        before.text(".edition-end p:first-of-type").starts_with("That was today’s edition: 14 stories from 14 sources")
    );
    for id in &ids[1..] {
        read(&app, *id).await;
    }
    let after = app.get("/").await;
    assert_eq!(edition(&after), edition(&before));
    assert!(!after.has(".edition-top .unread, .section .unread, .briefs .unread"));
    set_clock("2026-11-24T09:00:00Z".parse().unwrap());
    app.add_article(&told("Later", 1)).await;
    assert_eq!(edition(&app.get("/").await), ["Ferry report 1"], "all others were read by then");
}

#[tokio::test]
async fn an_edition_is_marked_read_as_one_and_undone_as_one() {
    let app = TestApp::new().await;
    for number in 1..=7 {
        app.add_article(&told("Quay", number)).await;
    }
    let page = app.get("/").await;
    assert_eq!(page.text(".edition-end button"), "Mark this edition read");
    let seen = page.attributes(".edition-end [name=articles]", "value").remove(0);
    app.add_article(&told("Pier", 1)).await;
    let answer = app.post("/edition/read", &[("articles", &seen)]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Marked 7 articles read.");
    assert_eq!(
        page.texts(".edition-top .unread a, .briefs .unread a").len(),
        3,
        "what has come since: topic, title, source"
    );
    assert_eq!(page.text(".dateline a"), "1 unread");
    let button = |name| page.attributes(".notice button", name).remove(0);
    let form = [(button("name"), button("value"))];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let undone = app.post(&page.attributes(".notice form", "action").remove(0), &form).await;
    let page = app.get(undone.location()).await;
    assert!(undone.location().starts_with("/?operation="));
    assert_eq!(
        (page.text(".dateline a"), page.text(".notice p")),
        ("8 unread".into(), "Undone: 7 articles restored.".into())
    );
    assert!(app.get("/recent-changes").await.text(".rows .meta").contains("Edition of 23 November 2026"));
}

#[tokio::test]
async fn a_story_is_there_once_with_its_sources() {
    let app = TestApp::new().await;
    let mut ids = Vec::new();
    for (source, number) in [("Quay", 9), ("Pier", 8), ("Mole", 7), ("Dock", 1)] {
        ids.push(app.add_article(&told(source, number)).await);
    }
    app.join_story(1, &ids[..3]).await;
    let page = app.get("/").await;
    assert_eq!(edition(&page), ["Ferry report 7", "Ferry report 1"], "three sources weigh more than a later article");
    assert_eq!(page.text(".lead .others"), "3 sources: also Quay and Pier");
    assert_eq!(page.attributes(".lead .others a", "href"), ["/story/1"]);
    let answer = app.post("/edition/read", &[("articles", &page.attributes("[name=articles]", "value")[0])]).await;
    assert_eq!(
        app.get(answer.location()).await.text(".notice p"),
        "Marked 4 articles read.",
        "and with it its articles"
    );
}

#[tokio::test]
async fn a_day_of_eight_hundred_articles_comes_to_an_end() {
    let app = TestApp::new().await;
    crate::support::be_quiet();
    let mut new = Vec::new();
    for number in 0..800 {
        let mut one = told(&format!("paper-{}", number % 40), 1);
        one.url_keys = vec![UrlKey::from_url(&format!("https://a.example/{number}").parse().unwrap())];
        one.topic_choice = section_topic(Topic::ALL[usize::try_from(number).unwrap() % Topic::ALL.len()]);
        one.content.title = format!("Report {number}");
        new.push(one);
    }
    articles::add_many(&app.library().await, &new).await.unwrap();
    let page = app.get("/").await;
    assert_eq!(edition(&page).len(), 60);
    for section in page.attributes(".section", "class") {
        assert!(["section size-3", "section size-4", "section size-5"].contains(&section.as_str()), "{section}");
    }
    assert_eq!(page.texts(".edition-end .go-on a")[2], "740 more stories of these days");
    assert_eq!(page.attributes(".edition-end .go-on a", "href")[2], "/articles?since=2026-11-22");
}
