//! The cluttered article: a news page copied as text, with teaser, captions, promotions, recommendations and advertisements,
//! reads as the article alone. So do a text and a page of the same kind in our own words.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

#[path = "support/handing_in.rs"]
mod handing_in;
#[path = "support/mod.rs"]
mod support;

use broadsheet::ingest::intake::{self, PasteFormat};
use support::TestApp;

const TEXT: &str = include_str!("../crates/extract/tests/pages/kremlin-like-text/page.txt");
const PAGE: &str = include_str!("../crates/extract/tests/pages/kremlin-like-html/page.html");

/// What of a copied page is the article: its title, its paragraphs in order.
struct Article {
    title: String,
    paragraphs: Vec<String>,
}

impl Article {
    /// `repeated` is how the sentence begins that stands there as teaser, caption and body; `promotions` is the line behind
    /// the last of the body.
    fn within(text: &str, repeated: &str, promotions: &str) -> Self {
        let (before, _) = text.split_once(promotions).unwrap();
        let blocks = before.split("\n\n").map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut blocks = blocks.filter(|block| !block.is_empty() && block != "ADVERTISEMENT");
        let title = blocks.next().unwrap();
        let mut told = 0;
        let paragraphs: Vec<_> = blocks
            .filter(|block| {
                told += usize::from(block.starts_with(repeated));
                !block.starts_with(repeated) || told == 3
            })
            .collect();
        assert!(told == 3 && paragraphs.len() >= 6, "{paragraphs:#?}");
        Self { title, paragraphs }
    }

    /// Hands the text in and compares every word on the article's page.
    async fn is_all_that_is_read_of(&self, text: &str, kind: PasteFormat) {
        let app = TestApp::new().await;
        let page = app.read(intake::read_paste(text, kind, "").unwrap()).await.unwrap();
        assert_eq!(page.text("h1"), self.title);
        assert_eq!(page.texts(".text p"), self.paragraphs);
        let spoken = page.text(".text");
        for paragraph in &self.paragraphs {
            assert_eq!(spoken.matches(paragraph.as_str()).count(), 1, "{paragraph} in {spoken}");
        }
        let words: usize = self.paragraphs.iter().map(String::len).sum();
        assert!(spoken.len() - words < self.paragraphs.len(), "there is more than the paragraphs: {spoken}");
        let topic = page.text(".kicker");
        assert!(topic == "Politics" || topic.contains("onflict"), "{topic}");
    }
}

#[tokio::test]
async fn copied_news_page_gives_only_the_article() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seed/kremlin-dialogue.txt");
    let Ok(text) = std::fs::read_to_string(file) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{file} is missing");
        eprintln!("skipped: no ../shared");
        return;
    };
    let article = Article::within(&text, "Russia finds itself locked", "Enhance Your Pulse News Experience!");
    assert_eq!(article.title, "Kremlin says almost all Russia-US dialogue 'frozen'");
    article.is_all_that_is_read_of(&text, PasteFormat::Auto).await;
}

const REPEATED: &str = "The village is stuck in its longest dispute";
const PROMOTIONS: &str = "Make Your Herald Better!";

#[tokio::test]
async fn similar_text_gives_only_the_article() {
    Article::within(TEXT, REPEATED, PROMOTIONS).is_all_that_is_read_of(TEXT, PasteFormat::Auto).await;
}

#[tokio::test]
async fn similar_page_gives_only_the_article() {
    let mut article = Article::within(TEXT, REPEATED, PROMOTIONS);
    // The one typing mistake that the page does not share.
    article.paragraphs[1] = article.paragraphs[1].replace("acording", "according");
    article.is_all_that_is_read_of(PAGE, PasteFormat::Auto).await;
}
