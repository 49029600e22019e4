//! A copied news page with teaser, captions, promotions, recommendations and advertisements gives only the article. The
//! same for a similar text and page written for this test.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

#[path = "support/import.rs"]
mod import;
#[path = "support/mod.rs"]
mod support;

use broadsheet::ingest::intake::{self, PasteFormat};
use support::TestApp;

const TEXT: &str = include_str!("../crates/extract/tests/pages/kremlin-like-text/page.txt");
const PAGE: &str = include_str!("../crates/extract/tests/pages/kremlin-like-html/page.html");

/// The article in a copied page: its title, and its paragraphs in order.
struct ExpectedArticle {
    title: String,
    paragraphs: Vec<String>,
}

impl ExpectedArticle {
    /// Parses a copied page. `repeated_sentence` is the start of the sentence that appears as teaser, caption and body;
    /// `promotions_start` is the first line after the body.
    fn parse(text: &str, repeated_sentence: &str, promotions_start: &str) -> Self {
        let (before, _) = text.split_once(promotions_start).unwrap();
        let blocks = before.split("\n\n").map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut blocks = blocks.filter(|block| !block.is_empty() && block != "ADVERTISEMENT");
        let title = blocks.next().unwrap();
        let mut occurrences = 0;
        let paragraphs: Vec<_> = blocks
            .filter(|block| {
                occurrences += usize::from(block.starts_with(repeated_sentence));
                !block.starts_with(repeated_sentence) || occurrences == 3
            })
            .collect();
        assert!(occurrences == 3 && paragraphs.len() >= 6, "{paragraphs:#?}");
        Self { title, paragraphs }
    }

    /// Imports the text and compares the article's page with every paragraph.
    async fn assert_extracted_from(&self, text: &str, format: PasteFormat) {
        let app = TestApp::new().await;
        let page = app.import_and_open(intake::read_paste(text, format, "").unwrap()).await.unwrap();
        assert_eq!(page.text("h1"), self.title);
        assert_eq!(page.texts(".text p"), self.paragraphs);
        let text_on_page = page.text(".text");
        for paragraph in &self.paragraphs {
            assert_eq!(text_on_page.matches(paragraph.as_str()).count(), 1, "{paragraph} in {text_on_page}");
        }
        let words: usize = self.paragraphs.iter().map(String::len).sum();
        assert!(
            text_on_page.len() - words < self.paragraphs.len(),
            "there is more than the paragraphs: {text_on_page}"
        );
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
    let article = ExpectedArticle::parse(&text, "Russia finds itself locked", "Enhance Your Pulse News Experience!");
    assert_eq!(article.title, "Kremlin says almost all Russia-US dialogue 'frozen'");
    article.assert_extracted_from(&text, PasteFormat::Auto).await;
}

const REPEATED_SENTENCE: &str = "The village is stuck in its longest dispute";
const PROMOTIONS_START: &str = "Make Your Herald Better!";

#[tokio::test]
async fn similar_text_gives_only_the_article() {
    ExpectedArticle::parse(TEXT, REPEATED_SENTENCE, PROMOTIONS_START)
        .assert_extracted_from(TEXT, PasteFormat::Auto)
        .await;
}

#[tokio::test]
async fn similar_page_gives_only_the_article() {
    let mut article = ExpectedArticle::parse(TEXT, REPEATED_SENTENCE, PROMOTIONS_START);
    // The one typo that the page does not share.
    article.paragraphs[1] = article.paragraphs[1].replace("acording", "according");
    article.assert_extracted_from(PAGE, PasteFormat::Auto).await;
}
