//! Judges learning on labelled news, which is not part of this repository.

use std::io::Read as _;
use std::path::PathBuf;

use classify::Topic;
use flate2::read::GzDecoder;

use crate::examples::{By, Examples, Random};

/// Label, title and text.
type Row = (String, String, String);

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
    let row = |line: &str| {
        let mut fields = line.split('\t').map(str::to_owned);
        (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap())
    };
    let mut rows: Vec<Row> = table.trim_end_matches('\n').split('\n').skip(1).map(row).collect();
    let mut random = Random(7);
    for at in (1..rows.len()).rev() {
        rows.swap(at, random.below(at + 1));
    }
    rows.truncate(2_000);
    Some(rows)
}

fn first_label(row: &Row) -> &str {
    row.0.split('|').next().unwrap()
}

fn is_right(row: &Row, topic: Option<Topic>) -> bool {
    topic.is_some_and(|topic| row.0.split('|').any(|label| label == topic.slug()))
}

/// Returns the share of rows with the right topic, and of those with any.
fn measure(examples: &Examples, rows: &[Row]) -> (f64, f64) {
    let found: Vec<Option<Topic>> = rows.iter().map(|row| examples.choose(&row.1, &row.2).topic).collect();
    let right = rows.iter().zip(&found).filter(|(row, topic)| is_right(row, **topic)).count();
    let share = |number: usize| number as f64 / rows.len() as f64;
    (share(right), share(found.iter().flatten().count()))
}

#[test]
fn labels_and_corrections_improve_on_words() {
    for set in ["masakhanews/eng", "masakhanews/fra", "masakhanews/swa", "ag-test"] {
        let Some(rows) = rows(set) else { return };
        let (taught, asked) = rows.split_at(rows.len() / 2);
        let (words, words_answered) = measure(&Examples::default(), asked);
        let mut labels = Examples::default();
        taught.iter().for_each(|row| labels.learn(first_label(row), By::Publisher, &row.1, &row.2));
        let (labelled, labelled_answered) = measure(&labels, asked);
        let mut corrections = Examples::default();
        let mut corrected = 0;
        for row in taught {
            if corrected < 50 && !is_right(row, corrections.choose(&row.1, &row.2).topic) {
                corrections.learn(first_label(row), By::Reader, &row.1, &row.2);
                corrected += 1;
            }
        }
        let (corrected, corrected_answered) = measure(&corrections, asked);
        eprintln!(
            "{set}: words {words:.3} ({words_answered:.3}), labels {labelled:.3} ({labelled_answered:.3}), \
             50 corrections {corrected:.3} ({corrected_answered:.3})"
        );
        // Fifty headlines say little.
        assert!(labelled > words && (corrected > words || set == "ag-test"), "{set}");
    }
}
