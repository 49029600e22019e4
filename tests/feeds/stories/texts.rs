//! Where the text of an item comes from.

use broadsheet::library::articles::versions;
use broadsheet::library::feeds::{FeedSettings, TextFrom};

use super::{ADDRESS, Answers, page, rss};
use crate::origin::Answer;

fn with_pages() -> FeedSettings {
    FeedSettings { text_from: Some(TextFrom::Page), ..FeedSettings::default() }
}

#[tokio::test]
async fn an_item_whose_page_cannot_be_had_is_an_article_with_the_text_of_its_feed() {
    let answers = Answers::default();
    answers
        .set(ADDRESS, rss(&[(1, "Whole", "<p>Teaser."), (2, "Gone", "<p>What the feed has."), (3, "Title alone", "")]));
    answers.set("http://pier.example/1", page("Whole", 20));
    answers.set("http://pier.example/3", Answer::new(403, "No."));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    // The site may be asked again for a while.
    world.run_hours(1).await;
    world.look().await;
    let items = world.items(feed).await;
    let found = |title: &str| items.iter().find(|item| item.title == title).unwrap_or_else(|| panic!("{items:#?}"));
    assert!(found("Whole").text.contains("The ferry was late"));
    assert_eq!(found("Gone").text, "What the feed has.");
    assert_eq!(found("Title alone").text, "");
    let content = versions::load_current(&world.app.library().await, found("Gone").id).await.unwrap().unwrap();
    let notice = content.next_page.unwrap();
    assert_eq!(notice.url, "http://pier.example/2");
    let said = notice.error_message.unwrap();
    assert!(said.contains("404") && said.ends_with("This is the text from its feed."), "{said}");
    let shown = world.app.get(&format!("/article/{}", found("Gone").id)).await;
    assert!(shown.body.contains("This is the text from its feed."), "{}", shown.body);
}

#[tokio::test]
async fn an_item_is_never_lost_to_an_empty_page_a_list_or_the_front_page() {
    let answers = Answers::default();
    let items = [(1, "Empty", "<p>One."), (2, "Front", "<p>Two."), (3, "Script", ""), (4, "Binary", "")];
    answers.set(ADDRESS, rss(&items));
    answers.set("http://pier.example/", page("The Pier", 20));
    answers.set("http://pier.example/1", Answer::new(200, "").with("content-type", "text/html"));
    answers.set("http://pier.example/2", Answer::new(302, "").with("location", "/"));
    answers.set("http://pier.example/3", Answer::new(200, "<script>x()</script>").with("content-type", "text/html"));
    answers.set("http://pier.example/4", Answer::new(200, vec![0, 1, 2]).with("content-type", "application/zip"));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    let mut titles = world.titles(feed).await;
    titles.sort_unstable();
    assert_eq!(titles, ["Binary", "Empty", "Front", "Script"]);
}

#[tokio::test]
async fn a_site_in_trouble_is_asked_for_a_day_and_then_the_feed_has_the_text() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Late", "<p>What the feed has.")]));
    answers.set("http://pier.example/1", Answer::new(503, "Sorry."));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_pages()).await;
    world.look().await;
    assert!(world.titles(feed).await.is_empty());
    for _ in 0..40 {
        world.run_hours(1).await;
        world.look().await;
    }
    assert_eq!(world.titles(feed).await, ["Late"]);
}

#[tokio::test]
async fn teasers_are_told_from_whole_texts_by_the_first_pages() {
    let whole = page("x", 20);
    let whole = String::from_utf8(whole.body).unwrap().split_once("<p>").unwrap().1.replace("</article>", "");
    let answers = Answers::default();
    let items: Vec<(u32, String)> = (1..=6).map(|number| (number, format!("Ferry {number}"))).collect();
    let list = |count: usize, text: &str| {
        let listed: Vec<super::Listed<'_>> =
            items[..count].iter().rev().map(|(n, title)| (*n, &**title, text)).collect();
        rss(&listed)
    };
    (1..=6)
        .for_each(|number| answers.set(&format!("http://pier.example/{number}"), page(&format!("Ferry {number}"), 20)));
    answers.set(ADDRESS, list(5, &whole));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, FeedSettings::default()).await;
    world.look().await;
    answers.set(ADDRESS, list(6, &whole));
    world.run_hours(26).await;
    let pages = |world: &crate::world::World| world.origin.asked().iter().filter(|it| it.url != ADDRESS).count();
    assert_eq!(world.feed(feed).await.measured_text.map(|(text, _)| text), Some(TextFrom::Feed));
    assert!((3..=4).contains(&pages(&world)), "only pages to compare are fetched: {}", pages(&world));
    assert_eq!(world.titles(feed).await.len(), 6);
}
