//! Articles that publishers change.

use broadsheet::library::articles::versions::{self, TextOrigin, earlier};
use broadsheet::library::articles::{ArticleAction, edits};

use super::{ADDRESS, Answers, rss};
use crate::support::now;
use crate::world::{World, with_own_texts};

async fn look_later(world: &World) {
    world.run_hours(25).await;
}

#[tokio::test]
async fn every_text_of_an_article_is_kept_with_its_date_and_any_two_can_be_compared() {
    let answers = Answers::default();
    let texts = [
        "<p>The wick was trimmed at noon.",
        "<p>The wick was trimmed at midnight by her daughter.",
        "<p>The lamp went dark, and nobody knows why.",
    ];
    answers.set(ADDRESS, rss(&[(1, "Wick", texts[0])]));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let before = world.items(feed).await.remove(0);
    world.act(before.id, ArticleAction::Read).await;
    for text in &texts[1..] {
        answers.set(ADDRESS, rss(&[(1, "Wick", text)]));
        look_later(&world).await;
        look_later(&world).await;
    }
    let after = world.items(feed).await.remove(0);
    assert!(after.is_read && after.id == before.id && after.sorted_at == before.sorted_at, "{after:?}");
    assert_eq!(after.text, "The lamp went dark, and nobody knows why.");
    let library = world.app.library().await;
    let kept = earlier::list(&library, after.id).await.unwrap();
    assert!(kept.len() == 2 && kept[0].replaced_at < kept[1].replaced_at, "{kept:?}");
    let first = earlier::load(&library, after.id, kept[0].id).await.unwrap().unwrap();
    let second = earlier::load(&library, after.id, kept[1].id).await.unwrap().unwrap();
    assert_eq!(first.text, "The wick was trimmed at noon.");
    assert_eq!(second.text, "The wick was trimmed at midnight by her daughter.");
    assert!(earlier::load(&library, after.id + 1, kept[0].id).await.unwrap().is_none());
    let previous = versions::load_previous(&library, after.id).await.unwrap().unwrap();
    assert_eq!(previous.content.text, second.text);
    // What is extracted again is the new text.
    let snapshot = broadsheet::library::articles::find_snapshot_id(&library, after.id).await.unwrap().unwrap();
    let page = broadsheet::library::snapshots::load(&library, snapshot).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&page.bytes).contains("went dark"));
}

#[tokio::test]
async fn a_changed_title_is_taken_over_unless_the_reader_has_edited_it() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Wick", "<p>One text."), (2, "Oil", "<p>Another text.")]));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let library = world.app.library().await;
    let items = world.items(feed).await;
    let oil = items.iter().find(|item| item.title == "Oil").unwrap().id;
    let own = edits::Edits { title: Some("My oil".into()), ..edits::Edits::default() };
    edits::save(&library, oil, &own).await.unwrap();
    answers.set(ADDRESS, rss(&[(1, "Wick, updated", "<p>One text."), (2, "Oil, updated", "<p>Another text.")]));
    look_later(&world).await;
    let mut titles = world.titles(feed).await;
    titles.sort_unstable();
    assert_eq!(titles, ["My oil", "Wick, updated"]);
    for item in world.items(feed).await {
        assert!(earlier::list(&library, item.id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_another_feed_says_of_an_article_does_not_take_its_place() {
    const OTHER: &str = "http://planet.example/feed";
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Wick", "<p>The whole text of the article is here.")]));
    answers.set(OTHER, rss(&[(1, "Wick", "<p>A teaser.")]));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let other = world.follow(OTHER, with_own_texts()).await;
    world.look().await;
    answers.set(OTHER, rss(&[(1, "Wick", "<p>Quite another teaser with other words.")]));
    look_later(&world).await;
    let (here, there) = (world.items(feed).await, world.items(other).await);
    assert_eq!(here, there);
    assert_eq!(here[0].text, "The whole text of the article is here.");
    assert_eq!((world.feed(feed).await.articles, world.feed(other).await.articles), (1, 1));
}

#[tokio::test]
async fn a_text_that_a_feed_cuts_off_later_stays_whole() {
    let whole = format!("<p>{}", "The wick was trimmed at noon and the oil filled by the keeper. ".repeat(20));
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "Wick", &whole)]));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let before = world.items(feed).await.remove(0);
    for text in ["<p>The wick was trimmed at noon and …", ""] {
        answers.set(ADDRESS, rss(&[(1, "Wick, updated", text)]));
        look_later(&world).await;
        let after = world.items(feed).await.remove(0);
        assert_eq!((after.text, &*after.title), (before.text.clone(), "Wick, updated"));
    }
}

#[tokio::test]
async fn a_text_that_the_reader_has_chosen_stays_whatever_the_feed_says_later() {
    let listed = |text: &str, title: &str| rss(&[(1, title, text), (2, title, text)]);
    let answers = Answers::default();
    answers.set(ADDRESS, listed("<p>The wick was trimmed at noon.", "Wick"));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    let library = world.app.library().await;
    let ids: Vec<i64> = world.items(feed).await.iter().map(|item| item.id).collect();
    let [pasted, restored] = ids[..] else { panic!("two articles") };
    let mut content = versions::load_current(&library, pasted).await.unwrap().unwrap();
    content.text = "The whole text, which the reader has pasted from the page.".into();
    let snapshot = broadsheet::library::articles::find_snapshot_id(&library, pasted).await.unwrap().unwrap();
    versions::replace_snapshot(&library, pasted, snapshot, Some(&content), now()).await.unwrap();
    // What is extracted again remains what the reader has chosen.
    content.excerpt = "Extracted again.".into();
    versions::replace(&library, pasted, &content, now()).await.unwrap();
    answers.set(ADDRESS, listed("<p>The wick was lost in the night, says nobody.", "Wick"));
    look_later(&world).await;
    assert!(versions::restore_previous(&library, restored, now()).await.unwrap());
    answers.set(ADDRESS, listed("<p>The wick was found again under the old stairs.", "Wick and all that goes with it"));
    look_later(&world).await;
    for (article, text, origin) in [
        (pasted, "The whole text, which the reader has pasted from the page.", TextOrigin::Pasted),
        (restored, "The wick was trimmed at noon.", TextOrigin::Restored),
    ] {
        let current = versions::load_current(&library, article).await.unwrap().unwrap();
        assert_eq!((&*current.text, &*current.title), (text, "Wick and all that goes with it"));
        assert_eq!(earlier::find_current(&library, article).await.unwrap().unwrap().from, Some(origin));
    }
}

#[tokio::test]
async fn a_title_that_changed_alone_has_a_date_of_its_own() {
    let answers = Answers::default();
    answers.set(ADDRESS, rss(&[(1, "The wick is lost", "<p>One text.")]));
    let world = answers.start().await;
    let feed = world.follow(ADDRESS, with_own_texts()).await;
    world.look().await;
    answers.set(ADDRESS, rss(&[(1, "Keeper finds her old lamp", "<p>One text.")]));
    look_later(&world).await;
    let (library, article) = (world.app.library().await, world.items(feed).await.remove(0).id);
    let kept = earlier::list(&library, article).await.unwrap();
    let current = earlier::find_current(&library, article).await.unwrap().unwrap();
    assert_eq!((kept.len(), current.from), (1, Some(TextOrigin::Feed)));
    assert_eq!(current.at, Some(kept[0].replaced_at), "{kept:?}");
    assert_ne!(current.at, kept[0].came.at);
}
