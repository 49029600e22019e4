//! Measures accuracy on labelled news, as a reader meets it: what is answered, and how much of that is right. The data is for
//! evaluation only and no part of this repository. `scripts/score-topics` scores all answers.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Read as _;
use std::path::PathBuf;

use classify::ClassifierInput;
use flate2::read::GzDecoder;
use url::Url;

/// A labelled article; a label `a|b` accepts either topic.
struct Row {
    label: String,
    title: String,
    text: String,
    url: Option<Url>,
}

fn rows(set: &str) -> Option<Vec<Row>> {
    let shared = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    if !shared.exists() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs ../shared");
        eprintln!("skipped: no ../shared");
        return None;
    }
    let file = std::fs::File::open(shared.join(format!("topics/{set}.tsv.gz"))).unwrap();
    let mut table = String::new();
    GzDecoder::new(file).read_to_string(&mut table).unwrap();
    // Some sets have only the path.
    let site = Url::parse("https://example.org/").unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        Row {
            label: fields[0].to_owned(),
            title: fields[1].to_owned(),
            text: fields[2].to_owned(),
            url: fields.get(3).and_then(|url_text| site.join(url_text).ok()),
        }
    };
    Some(table.trim_end_matches('\n').split('\n').skip(1).map(row).collect())
}

/// Returns the share of rows that got a topic, and the share of those with the right one.
fn measure(rows: &[Row], with_url: bool) -> (f64, f64) {
    let (mut answered, mut right) = (0, 0);
    for row in rows {
        let url = row.url.as_ref().filter(|_| with_url);
        let input = ClassifierInput { title: &row.title, text: &row.text, url, ..ClassifierInput::default() };
        if let Some(topic) = classify::choose_topic(&input).topic {
            answered += 1;
            right += usize::from(row.label.split('|').any(|label| label == topic.slug()));
        }
    }
    (f64::from(answered) / rows.len() as f64, right as f64 / f64::from(answered))
}

/// Asserts minimum coverage and accuracy by words alone.
fn assert_quality(set: &str, coverage: f64, accuracy: f64) {
    let Some(rows) = rows(set) else { return };
    let (answered, right) = measure(&rows, false);
    eprintln!("{set}: by words {answered:.3} answered, {right:.3} of them right");
    if rows.iter().any(|row| row.url.is_some()) {
        let (answered, right) = measure(&rows, true);
        eprintln!("{set}: with the URL {answered:.3} answered, {right:.3} of them right");
    }
    assert!(answered >= coverage && right >= accuracy, "{set}: {answered:.3} {right:.3}");
}

#[test]
fn english_news_accuracy() {
    assert_quality("masakhanews/eng", 0.8, 0.82);
}

#[test]
fn french_news_accuracy() {
    assert_quality("masakhanews/fra", 0.75, 0.65);
}

#[test]
fn short_english_news_accuracy() {
    assert_quality("ag-test", 0.75, 0.82);
}
