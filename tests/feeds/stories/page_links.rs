//! Pages without a feed, whose new links are followed.

use broadsheet::library::feeds::{self, Feed, FeedSettings};

use super::{Answers, page};
use crate::origin::Answer;
use crate::support::now;
use crate::world::World;

const PAGE: &str = "http://lock.example/news";

/// A page with a list of these articles: numbers and titles.
fn listing(articles: &[(u32, &str)]) -> Answer {
    let entries: String =
        articles.iter().map(|(number, title)| format!("<li><a href='/a/{number}'>{title}</a></li>")).collect();
    html(&format!("<ul class='articles'>{entries}</ul>"))
}

fn html(body: &str) -> Answer {
    let menu = "<nav><ul><li><a href='/map'>Map of the lock</a><li><a href='/about'>About the lock</a></ul></nav>";
    Answer::new(200, format!("<!doctype html><title>The Lock</title>{menu}<main>{body}</main>"))
        .with("content-type", "text/html; charset=utf-8")
}

const FIRST: &[(u32, &str)] = &[(3, "Water is high"), (2, "A gate is mended"), (1, "The lock opens")];

impl Answers {
    fn serve_articles(&self, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            let answer = page(&format!("Article {number}"), 15);
            self.set(&format!("http://lock.example/a/{number}"), answer);
        }
    }
}

async fn follow(world: &World) -> i64 {
    let links = Some("ul.articles > li > a".parse().unwrap());
    world.follow(PAGE, FeedSettings { links, ..FeedSettings::default() }).await
}

fn error(feed: &Feed) -> Option<&str> {
    feed.error.as_ref().map(|error| error.code.as_str())
}

#[tokio::test]
async fn the_links_of_a_list_become_articles_and_a_new_one_arrives_once() {
    let answers = Answers::default();
    answers.serve_articles(1..=4);
    answers.set(PAGE, listing(FIRST).with("etag", "\"1\""));
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    let items = world.items(feed).await;
    assert_eq!(items.len(), 3);
    assert!(items.iter().all(|item| !item.is_read && item.text.contains("The ferry was late")), "{items:#?}");
    let asked = world.origin.asked().len();
    let with_new = [&[(4, "Boats wait")], FIRST].concat();
    answers.set(PAGE, listing(&with_new).with("etag", "\"2\""));
    world.run_hours(25).await;
    assert_eq!(world.items(feed).await.len(), 4);
    world.run_hours(50).await;
    assert_eq!(world.items(feed).await.len(), 4, "nothing comes twice");
    let later: Vec<_> = world.origin.asked().split_off(asked);
    assert!(later.iter().filter(|asked| asked.url == PAGE).all(crate::origin::Asked::is_conditional));
    assert_eq!(later.iter().filter(|asked| asked.url.contains("/a/")).count(), 1);
    assert_eq!(error(&world.feed(feed).await), None);
}

#[tokio::test]
async fn of_a_long_list_the_newest_ten_are_unread() {
    let answers = Answers::default();
    answers.serve_articles(1..=14);
    let titles: Vec<String> = (1..=14).map(|number| format!("Article {number} of many")).collect();
    let articles: Vec<(u32, &str)> = (1..=14).rev().zip(titles.iter().rev().map(String::as_str)).collect();
    answers.set(PAGE, listing(&articles));
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    let items = world.items(feed).await;
    assert_eq!((items.len(), items.iter().filter(|item| !item.is_read).count()), (14, 10));
}

/// Pages are read in any order: here the second of the list cannot be read at first.
#[tokio::test]
async fn articles_stay_in_the_order_of_the_list() {
    let answers = Answers::default();
    answers.serve_articles([1, 3]);
    answers.set("http://lock.example/a/2", Answer::new(503, "Busy"));
    answers.set(PAGE, listing(FIRST));
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    answers.serve_articles([2]);
    world.run_hours(2).await;
    let titles: Vec<String> = world.items(feed).await.into_iter().map(|item| item.title).collect();
    assert_eq!(titles, ["Article 3", "Article 2", "Article 1"]);
}

#[tokio::test]
async fn an_edited_title_or_address_is_no_second_article() {
    let answers = Answers::default();
    answers.serve_articles(1..=3);
    answers.set(PAGE, listing(FIRST));
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    let edited = "<ul class='articles new'><li><a href='https://lock.example/a/3/?utm_source=home'>Water is very high</a></li>\
                  <li><a href='/a/2#more'>A gate is mended</a></li><li><a href='/a/1'>The lock opens</a></li></ul>";
    answers.set(PAGE, html(edited));
    world.run_hours(30).await;
    assert_eq!(world.items(feed).await.len(), 3);
}

#[tokio::test]
async fn a_list_is_broken_after_three_looks_without_it_and_well_when_it_comes_back() {
    let answers = Answers::default();
    answers.serve_articles(1..=4);
    answers.set(PAGE, listing(FIRST));
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    let succeeded = world.feed(feed).await.succeeded_at;
    answers.set(PAGE, html("<p>We are building something new here.</p><ul class='articles'></ul>"));
    for misses in 1..=2 {
        let due = world.feed(feed).await.next_look_at.unwrap();
        world.run_until(due).await;
        let found = world.feed(feed).await;
        assert_eq!((found.history.misses, error(&found), found.succeeded_at), (misses, None, succeeded));
        assert_eq!(found.looked_at, Some(now()), "the look is recorded");
    }
    let due = world.feed(feed).await.next_look_at.unwrap();
    world.run_until(due).await;
    let found = world.feed(feed).await;
    assert_eq!(error(&found), Some("no-list"));
    let shown = world.app.get(&format!("/feed/{feed}")).await;
    assert!(shown.text(".feed-head .problem").contains("The list of links is no longer found on this page"));
    assert!(shown.body.contains(&format!("action=\"/feed/{feed}/links\"")));
    assert!(world.app.get("/feeds").await.body.contains("no longer found"));

    answers.set(PAGE, listing(&[&[(4, "Boats wait")], FIRST].concat()));
    world.run_hours(30).await;
    let found = world.feed(feed).await;
    assert_eq!((found.history.misses, error(&found)), (0, None));
    assert_eq!(world.items(feed).await.len(), 4, "what came meanwhile is not lost");
}

#[tokio::test]
async fn looks_that_give_no_page_count_on_their_own() {
    let answers = Answers::default();
    answers.serve_articles(1..=3);
    answers.set(PAGE, listing(FIRST));
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    answers.set(PAGE, Answer::new(503, "Sorry."));
    world.run_hours(30).await;
    let found = world.feed(feed).await;
    assert_eq!((found.history.misses, error(&found)), (0, Some("status-5xx")));
}

#[tokio::test]
async fn another_list_is_a_first_look_and_repeats_nothing() {
    let answers = Answers::default();
    answers.serve_articles(1..=14);
    let other: String =
        (1..=14).rev().map(|number| format!("<h3><a href='/a/{number}'>Older article {number}</a></h3>")).collect();
    let list = FIRST.iter().map(|(n, title)| format!("<li><a href='/a/{n}'>{title}</a></li>")).collect::<String>();
    answers.set(
        PAGE,
        html(&format!("<ul class='articles'>{list}</ul><div class='old'>{other}</div>")).with("etag", "\"1\""),
    );
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    let selector = "div.old > h3 > a".parse().unwrap();
    feeds::choose_links(&world.app.library().await, feed, Some(&selector), now()).await.unwrap();
    world.look().await;
    let items = world.items(feed).await;
    assert_eq!(items.len(), 14);
    assert!(items.iter().filter(|item| !item.is_read).count() <= 13, "the newest ten, and those that came before");
}

#[tokio::test]
async fn a_page_that_declares_a_feed_later_says_so_and_nothing_else_happens() {
    let answers = Answers::default();
    answers.serve_articles(1..=3);
    answers.set(PAGE, listing(FIRST));
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    let path = format!("/feed/{feed}");
    assert!(!world.app.get(&path).await.body.contains("has a feed now"));
    let mut with_feed = listing(FIRST);
    let link = "<title>The Lock</title><link rel='alternate' type='application/rss+xml' href='/rss'>";
    with_feed.body = String::from_utf8(with_feed.body).unwrap().replace("<title>The Lock</title>", link).into_bytes();
    answers.set(PAGE, with_feed);
    world.run_hours(30).await;
    for page in [path.clone(), format!("{path}/settings")] {
        let shown = world.app.get(&page).await;
        assert!(shown.body.contains("This page has a feed now, http://lock.example/rss."), "{page}");
        assert_eq!(shown.attributes("main form[action='/feeds/find'] input", "value"), [PAGE]);
    }
    assert_eq!(world.feed(feed).await.url.as_str(), PAGE);
    assert!(!world.origin.asked().iter().any(|asked| asked.url.ends_with("/rss")), "nobody asked for it");
}

#[tokio::test]
async fn what_a_page_declared_when_it_was_followed_is_no_news() {
    let answers = Answers::default();
    answers.serve_articles(1..=3);
    let mut with_feed = listing(FIRST);
    with_feed.body.extend(b"<link rel=alternate type='application/rss+xml' href='/rss'>");
    answers.set(PAGE, with_feed);
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.run_hours(60).await;
    assert!(!world.app.get(&format!("/feed/{feed}")).await.body.contains("has a feed now"));
}

#[tokio::test]
async fn a_feed_that_becomes_a_page_with_another_feed_offers_that_one() {
    let answers = Answers::default();
    answers.set(super::ADDRESS, super::rss(&[(1, "One", "<p>Text of it.")]));
    let world = answers.start().await;
    let feed = world.follow(super::ADDRESS, crate::world::with_own_texts()).await;
    world.look().await;
    let page = "<!doctype html><title>New</title><link rel=alternate type='application/rss+xml' href='http://other.example/rss'><p>Hello.";
    answers.set(super::ADDRESS, Answer::new(200, page).with("content-type", "text/html"));
    world.run_hours(30).await;
    assert_eq!(world.titles(feed).await, ["One"]);
    let shown = world.app.get(&format!("/feed/{feed}")).await;
    assert!(
        shown.text(".feed-head .problem").contains("names another feed, http://other.example/rss"),
        "{}",
        shown.body
    );
    assert_eq!(shown.attributes(".feed-head form[action='/feeds/find'] input", "value"), [super::ADDRESS]);
    assert!(!world.origin.asked().iter().any(|asked| asked.url.contains("other.example")));
}

#[tokio::test]
async fn links_lead_to_no_service_at_home() {
    let answers = Answers::default();
    answers.set(
        PAGE,
        html("<ul class='articles'><li><a href='http://192.168.1.1/reboot'>Restart the router now</a></li>\
              <li><a href='http://127.0.0.1:8080/x'>Another one at home</a></li><li><a href='javascript:alert(1)'>A script</a></li></ul>"),
    );
    let world = answers.start().await;
    let feed = follow(&world).await;
    world.look().await;
    world.run_hours(50).await;
    assert!(world.origin.asked().iter().all(|asked| asked.host() == "lock.example"), "{:?}", world.origin.asked());
    assert_eq!(world.items(feed).await.len(), 2, "their titles are kept, without pages");
}
