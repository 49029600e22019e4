//! Articles whose pages are fetched again since their feed says that they were changed, and how many texts are kept.

use broadsheet::library::articles::changes::BulkAction;
use broadsheet::library::articles::versions::{self, TextOrigin, earlier, seen};
use broadsheet::library::articles::{ArticleAction, Content};
use broadsheet::library::feeds::{FeedSettings, TextFrom};
use broadsheet::library::operations;
use jiff::SignedDuration;

use super::{ADDRESS, Answers, page, rss};
use crate::origin::Answer;
use crate::support::{advance_clock, now};
use crate::world::{World, with_own_texts};

const PAGE: &str = "http://pier.example/1";

fn with_pages() -> FeedSettings {
    FeedSettings { text_from: Some(TextFrom::Page), ..FeedSettings::default() }
}

/// A page whose article ends with this.
fn page_with(end: &str) -> Answer {
    let text = "The ferry was late again, and nobody at the pier could say when the next one would come. ".repeat(20);
    let html = format!("<title>Ferry</title><article><h1>Ferry</h1><p>{text}</p><p>{end}</p></article>");
    Answer::new(200, html).with("content-type", "text/html; charset=utf-8")
}

async fn look_in(world: &World, hours: i64) {
    advance_clock(SignedDuration::from_hours(hours));
    broadsheet::library::feeds::refresh::start(&world.app.library().await, now()).await.unwrap();
    world.look().await;
}

fn asked(world: &World) -> usize {
    world.origin.asked().iter().filter(|asked| asked.url == PAGE).count()
}

async fn current(world: &World, article: i64) -> Content {
    versions::load_current(&world.app.library().await, article).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_page_is_fetched_again_when_its_teaser_changes_but_not_for_counters() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>The ferry is late. 3 comments")]));
    answers.set(PAGE, page_with("The mayor will speak at noon today."));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    let article = world.items(feed).await.remove(0).id;
    world.act(article, ArticleAction::Read).await;
    assert_eq!(asked(&world), 1);

    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>The ferry is late. 1,204 comments")]));
    answers.set(PAGE, page_with("The mayor spoke for an hour and named a new date."));
    look_in(&world, 8).await;
    assert_eq!(asked(&world), 1, "a counter");
    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>The ferry is late, says the mayor in her speech. 1,300 comments")]));
    look_in(&world, 8).await;
    assert_eq!(asked(&world), 2, "a new teaser");
    assert!(current(&world, article).await.text.ends_with("named a new date."));

    let library = world.app.library().await;
    let kept = earlier::list(&library, article).await.unwrap();
    let first = earlier::load(&library, article, kept[0].id).await.unwrap().unwrap();
    assert!(kept.len() == 1 && kept[0].is_seen && first.text.ends_with("speak at noon today."), "{kept:?}");
    let from = earlier::find_current(&library, article).await.unwrap().unwrap().from;
    assert_eq!(from, Some(TextOrigin::FetchedAgain));
    let history = seen::find(&library, article).await.unwrap();
    assert_eq!((history.changed_at, history.seen_version), (Some(now()), Some(kept[0].id)));
    look_in(&world, 8).await;
    assert_eq!(asked(&world), 2, "nothing new");
}

#[tokio::test]
async fn a_page_is_fetched_again_at_most_once_in_six_hours_and_no_change_is_lost() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>One.")]));
    answers.set(PAGE, page_with("The mayor will speak at noon today."));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    let article = world.items(feed).await.remove(0).id;
    for (hour, title) in
        ["The ferry has come", "The ferry sank at noon", "Divers look for the wreck"].iter().enumerate()
    {
        answers.set(ADDRESS, rss(&[(1, title, "<p>One.")]));
        answers.set(PAGE, page_with(&format!("In short, after some hours of waiting: {title}.")));
        look_in(&world, 1).await;
        assert_eq!(asked(&world), 2, "hour {hour}");
    }
    advance_clock(SignedDuration::from_hours(5));
    world.look().await;
    assert_eq!(asked(&world), 3);
    assert!(current(&world, article).await.text.ends_with("Divers look for the wreck."));
}

#[tokio::test]
async fn pages_of_old_deleted_and_pasted_articles_and_lost_pages_are_left_alone() {
    let answers = Answers::default();
    let listed = |end: &str| {
        let text = format!("<p>The ferry is late. {end}");
        rss(&[(1, "Ferry", &text), (2, "Buoy", &text), (3, "Gull", &text)])
    };
    answers.set(ADDRESS, listed(""));
    for (number, title) in [(1, "Ferry"), (2, "Buoy"), (3, "Gull")] {
        answers.set(&format!("http://pier.example/{number}"), page(title, 20));
    }
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    let items = world.items(feed).await;
    let find = |title: &str| items.iter().find(|item| item.title == title).unwrap().id;
    world.act(find("Ferry"), ArticleAction::Delete).await;
    let mut pasted = current(&world, find("Buoy")).await;
    pasted.text = "What the reader pasted from the whole page.".into();
    let library = world.app.library().await;
    let snapshot = broadsheet::library::articles::find_snapshot_id(&library, find("Buoy")).await.unwrap().unwrap();
    versions::replace_snapshot(&library, find("Buoy"), snapshot, Some(&pasted), now()).await.unwrap();
    answers.set("http://pier.example/3", Answer::new(404, "<p>Gone."));
    let before = world.origin.asked().len();
    answers.set(ADDRESS, listed("Quite another sentence stands here."));
    look_in(&world, 8).await;
    let pages = |from: usize| world.origin.asked()[from..].iter().filter(|asked| asked.url != ADDRESS).count();
    assert_eq!(pages(before), 1, "only the page that is lost is asked for");
    assert!(current(&world, find("Gull")).await.text.contains("nobody at the pier"), "the text stays");
    assert!(!world.app.get("/imports").await.body.contains("404"), "the reader has asked for nothing");

    answers.set("http://pier.example/3", page("Gull", 30));
    let before = world.origin.asked().len();
    answers.set(ADDRESS, listed("And after weeks there is a third one of many words."));
    look_in(&world, 15 * 24).await;
    assert_eq!(pages(before), 0, "after 14 days");
}

#[tokio::test]
async fn a_ticker_keeps_its_first_text_those_that_were_read_and_the_newest() {
    let answers = Answers::default();
    let text =
        |number: usize| format!("<p>Entry {} of the ticker of the harbour.", "alpha beta gamma ".repeat(number + 1));
    answers.set(ADDRESS, rss(&[(1, "Ticker", &text(0))]));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let article = world.items(feed).await.remove(0).id;
    for number in 1..=60 {
        if number == 6 {
            world.act(article, ArticleAction::Read).await;
        }
        answers.set(ADDRESS, rss(&[(1, "Ticker", &text(number))]));
        look_in(&world, 1).await;
    }
    let library = world.app.library().await;
    let kept = earlier::list(&library, article).await.unwrap();
    let ids: Vec<i64> = kept.iter().map(|version| version.id).collect();
    let newest: Vec<i64> = (11..=60).collect();
    assert_eq!(ids, [vec![1, 6], newest].concat());
    assert_eq!(seen::find(&library, article).await.unwrap().seen_version, Some(6));
    let page = world.app.get(&format!("/article/{article}/versions")).await;
    assert!(page.text(".texts ~ .hint").contains("the 50 newest and those you read"), "{}", page.body);
}

/// A page whose article ends with this and is dated so.
fn dated_page(end: &str, date: &str) -> Answer {
    let page = page_with(end);
    let date = format!("<meta property='article:published_time' content='{date}'><title>");
    let html = String::from_utf8(page.body).unwrap().replacen("<title>", &date, 1);
    Answer { body: html.into_bytes(), ..page }
}

#[tokio::test]
async fn a_page_that_is_fetched_for_its_feed_leaves_the_article_in_its_place() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>The ferry is late.")]));
    answers.set(PAGE, dated_page("The mayor will speak at noon today.", "2020-05-01T08:00:00Z"));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    let before = world.items(feed).await.remove(0);
    let published = current(&world, before.id).await.published_at;
    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>The ferry is late, says the mayor in her speech.")]));
    answers.set(PAGE, dated_page("The mayor spoke for an hour and named a new date.", "2020-06-01T08:00:00Z"));
    look_in(&world, 8).await;
    let after = world.items(feed).await.remove(0);
    assert!(after.text.ends_with("named a new date."));
    assert_eq!(after.sorted_at, before.sorted_at);
    assert_eq!(current(&world, before.id).await.published_at, published);
}

#[tokio::test]
async fn a_text_that_is_pasted_while_its_page_waits_to_be_fetched_again_stays() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>The ferry is late.")]));
    answers.set(PAGE, page_with("The mayor will speak at noon today."));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    let (library, article) = (world.app.library().await, world.items(feed).await.remove(0).id);
    answers.set(ADDRESS, rss(&[(1, "Ferry", "<p>The ferry is late, says the mayor in her speech.")]));
    answers.set(PAGE, page_with("The mayor spoke for an hour and named a new date."));
    advance_clock(SignedDuration::from_hours(8));
    broadsheet::library::feeds::refresh::start(&library, now()).await.unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    broadsheet::jobs::look_at_due_feeds(&world.app.app, &stop).await.unwrap();
    let mut pasted = current(&world, article).await;
    pasted.text = "What the reader pasted.".into();
    let snapshot = broadsheet::library::articles::find_snapshot_id(&library, article).await.unwrap().unwrap();
    versions::replace_snapshot(&library, article, snapshot, Some(&pasted), now()).await.unwrap();
    broadsheet::jobs::process_imports(&world.app.app, &library, &stop).await.unwrap();
    assert_eq!(asked(&world), 2);
    assert_eq!(current(&world, article).await.text, "What the reader pasted.");
    assert!(
        !world.app.get("/imports").await.body.contains("The text was replaced"),
        "the reader has asked for nothing"
    );
}

#[tokio::test]
async fn marking_all_as_read_sees_nothing_and_settles_what_was_announced() {
    let answers = Answers::default();
    let listed = |end: &str| rss(&[(1, "Wick", &*format!("<p>{end}")), (2, "Oil", &*format!("<p>{end}"))]);
    answers.set(ADDRESS, listed("The wick was trimmed at noon."));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let (library, items) = (world.app.library().await, world.items(feed).await);
    let [opened, unopened] = ["Wick", "Oil"].map(|title| items.iter().find(|item| item.title == title).unwrap().id);
    world.act(opened, ArticleAction::Read).await;
    let mark_all = async || {
        let articles = [opened, unopened];
        let operation = operations::start(&library, &BulkAction::Read, None, &articles, now()).await.unwrap();
        operations::run_batch(&library, operation, now()).await.unwrap();
    };
    let is_announced = async |article| seen::find(&library, article).await.unwrap().change().is_some();
    for text in ["The lamp went dark, and nobody knows why.", "Now the keeper has come back with some oil."] {
        answers.set(ADDRESS, listed(text));
        look_in(&world, 25).await;
        world.act(opened, ArticleAction::Unread).await;
        assert!(is_announced(opened).await && !is_announced(unopened).await);
        advance_clock(SignedDuration::from_mins(1));
        mark_all().await;
        assert!(!is_announced(opened).await && !is_announced(unopened).await);
    }
    let kept = earlier::list(&library, unopened).await.unwrap();
    assert!(kept.len() == 2 && kept.iter().all(|text| !text.is_seen), "{kept:?}");
}
