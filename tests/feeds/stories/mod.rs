//! What feeds do, in small stories.

mod texts;
mod changes;
mod changed_pages;
mod removals;
mod hosts;
mod moves;
mod libraries;
mod page_links;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::origin::Answer;
use crate::world::World;

pub const ADDRESS: &str = "http://pier.example/feed";

/// An item of a feed: its number and title, and its text as HTML.
pub type Listed<'a> = (u32, &'a str, &'a str);

/// Returns a feed with these items.
pub fn rss(items: &[Listed<'_>]) -> Answer {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let items: String = items
        .iter()
        .map(|(number, title, text)| {
            format!(
                "<item><title>{}</title><link>http://pier.example/{number}</link><guid isPermaLink='false'>p-{number}</guid>\
                 <description>{}</description></item>",
                escape(title),
                escape(text)
            )
        })
        .collect();
    let feed = format!(
        "<rss version='2.0'><channel><title>The Pier</title><link>http://pier.example/</link>{items}</channel></rss>"
    );
    Answer::new(200, feed).with("content-type", "application/rss+xml")
}

/// Returns a page with an article of so many sentences.
pub fn page(title: &str, sentences: usize) -> Answer {
    let text =
        "The ferry was late again, and nobody at the pier could say when the next one would come. ".repeat(sentences);
    let html = format!("<title>{title}</title><article><h1>{title}</h1><p>{text}</p></article>");
    Answer::new(200, html).with("content-type", "text/html; charset=utf-8")
}

/// The answers of an origin by address, which a story changes. Other addresses are 404.
#[derive(Clone, Default)]
pub struct Answers(Arc<Mutex<HashMap<String, Answer>>>);

impl Answers {
    pub fn set(&self, url: &str, answer: Answer) {
        self.0.lock().unwrap().insert(url.to_owned(), answer);
    }

    /// Starts the app and an origin with these answers.
    pub async fn start(&self) -> World {
        let answers = Arc::clone(&self.0);
        World::start(move |asked, _| {
            answers.lock().unwrap().get(&asked.url).cloned().unwrap_or_else(|| Answer::new(404, "<p>Not found."))
        })
        .await
    }
}
