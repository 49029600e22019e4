//! Feeds that lead into the reader's own network.

use std::fs;

use broadsheet::jobs::{fetch_due_images, process_imports};
use broadsheet::library::feeds::{FeedSettings, TextFrom};
use tokio_util::sync::CancellationToken;

use crate::cases::shared;
use crate::origin::Answer;
use crate::world::World;

/// Returns the targets of the addresses in the corpus that lead on by what stands in their documents.
fn targets() -> Vec<String> {
    let Some(file) = shared("corpora/ssrf_cases.tsv") else { return Vec::new() };
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| line.contains("\tsecond-order URL\t"));
    let targets: Vec<String> = lines.map(|line| line.split_once("to=").unwrap().1.to_owned()).collect();
    assert!(targets.len() > 5, "only {} lines", targets.len());
    targets
}

/// Returns a feed that names `target` wherever a feed can name an address.
fn feed_with(target: &str) -> Answer {
    let xml = format!(
        "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY % outer SYSTEM '{target}'> %outer; <!ENTITY inner SYSTEM '{target}'>]>\
         <?xml-stylesheet href='{target}'?>\
         <rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'>\
         <channel><title>Pier &inner;</title><link>{target}</link><atom:link rel='hub' href='{target}'/>\
         <atom:link rel='self' href='{target}'/><atom:link rel='next' href='{target}'/>\
         <image><url>{target}</url><link>{target}</link></image><atom:icon>{target}</atom:icon><docs>{target}</docs>\
         <item><title>One</title><link>{target}</link><guid>{target}</guid><comments>{target}</comments>\
         <enclosure url='{target}' type='audio/mpeg' length='9'/><media:thumbnail url='{target}'/>\
         <media:content url='{target}' type='image/png'/>\
         <description>&lt;p&gt;Some text with &lt;img src='{target}'&gt; &lt;iframe src='{target}'&gt;&lt;/iframe&gt;</description></item>\
         <item><title>Two</title><link>http://public.test/two?{target}</link><guid>two</guid>\
         <enclosure url='{target}' type='image/png' length='9'/></item></channel></rss>"
    );
    Answer::new(200, xml).with("content-type", "application/rss+xml").with("link", format!("<{target}>; rel=hub"))
}

/// Returns a page that names `target` wherever a page can name an address of a feed or an image.
fn page_with(target: &str) -> Answer {
    let html = format!(
        "<!DOCTYPE html><link rel=alternate type=application/rss+xml href='{target}'><link rel=icon href='{target}'>\
         <link rel=canonical href='{target}'><link rel=stylesheet href='{target}'><meta property=og:image content='{target}'>\
         <title>Two</title><article><h1>Two</h1><p>{}<img src='{target}' width=600 height=400></article>",
        "The ferry was late again, and nobody could say when the next one would come. ".repeat(20)
    );
    Answer::new(200, html).with("content-type", "text/html")
}

#[tokio::test]
async fn nothing_in_a_feed_or_its_pages_leads_into_the_own_network() {
    for target in targets() {
        for text_from in [TextFrom::Feed, TextFrom::Page] {
            let to = target.clone();
            let world = World::start(move |asked, _| {
                let path = asked.url.split('/').nth(3).unwrap_or_default();
                match path.split('?').next().unwrap() {
                    "feed" => feed_with(&to),
                    "page" => page_with(&to),
                    "two" => page_with(&to),
                    "away" => Answer::new(301, "").with("location", &*to),
                    "refresh" => Answer::new(200, "").with("refresh", format!("0; url={to}")),
                    _ => Answer::new(404, ""),
                }
            })
            .await;
            let settings = FeedSettings { text_from: Some(text_from), ..FeedSettings::default() };
            for path in ["feed", "page", "away", "refresh"] {
                world.follow(&format!("http://public.test/{path}"), settings.clone()).await;
            }
            let direct = world.follow(&target, settings).await;
            let (library, stop) = (world.app.library().await, CancellationToken::new());
            for _ in 0..3 {
                world.look().await;
                fetch_due_images(&world.app.app, &library, &stop).await.unwrap();
                process_imports(&world.app.app, &library, &stop).await.unwrap();
                world.run_hours(26).await;
            }
            let asked = world.origin.asked();
            assert!(asked.iter().any(|it| it.url == "http://public.test/feed"));
            let others: Vec<&str> = asked.iter().map(|it| it.host()).filter(|host| *host != "public.test").collect();
            assert!(others.is_empty(), "{target}: {others:?}");
            let refused = world.feed(direct).await.error.unwrap();
            assert!(!refused.message.is_empty() && refused.code != "internal", "{refused:?}");
        }
    }
}
