//! Chooses topics of many articles: `cargo run --release -p classify --example predict < articles.jsonl`
//!
//! A line in is an article, `{"title": "", "text": "", "language": null, "url": null, "sections": [], "tags": []}`; all
//! fields may be missing. A line out is `{"topic": "sport", "confidence": 0.9, "chosen": "sport", "reason": {}}`: the best
//! topic by words alone with its confidence, and what a reader would see, `null` for Unsorted, with the reason. The time is that of
//! the scores by words.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the result")]

use std::io::BufRead as _;
use std::time::{Duration, Instant};

use classify::{ClassifierInput, word_scores};
use serde::Deserialize;
use url::Url;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    title: String,
    text: String,
    language: Option<String>,
    url: Option<String>,
    sections: Vec<String>,
    tags: Vec<String>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut articles, mut time) = (0_u128, Duration::ZERO);
    for line in std::io::stdin().lock().lines() {
        let row: Row = serde_json::from_str(&line?)?;
        let url = row.url.as_deref().map(Url::parse).transpose()?;
        let start = Instant::now();
        let scores = word_scores::score_topics(&row.title, &row.text, row.language.as_deref());
        // The vocabulary is built with the first article.
        if articles > 0 {
            time += start.elapsed();
        }
        articles += 1;
        let choice = classify::choose_topic(&ClassifierInput {
            sections: &row.sections,
            tags: &row.tags,
            url: url.as_ref(),
            subdomain: None,
            title: &row.title,
            text: &row.text,
            language: row.language.as_deref(),
        });
        let best = scores.ranking.first().map(|(topic, _)| *topic);
        let line = serde_json::json!({
            "topic": best, "confidence": scores.confidence(), "chosen": choice.topic, "reason": choice.reason,
            "ranking": scores.ranking, "words": scores.telling_words,
        });
        println!("{line}");
    }
    eprintln!("{} µs per article", time.as_micros() / (articles.max(2) - 1));
    Ok(())
}
