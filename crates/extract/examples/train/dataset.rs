//! The training pages, with a label for each block.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use extract::training::{Forest, PageSample};
use extract::{Page, Source};
use serde_json::Value;
use url::Url;

use crate::gradient_boosting::Table;
use crate::labels::{self, Label};

/// Number of folds for cross-validation.
pub const FOLDS: usize = 5;

/// A page with known text.
pub struct LabelledPage {
    pub set: String,
    pub id: String,
    pub url: Option<Url>,
    pub html: String,
    pub fold: usize,
    pub sample: PageSample,
    /// One label per block.
    pub labels: Vec<Label>,
}

impl LabelledPage {
    /// Scores each block with a forest.
    pub fn score_blocks(&self, forest: &Forest) -> Vec<f32> {
        let (width, values) = self.sample.block_features();
        forest.score_rows(&values.chunks_exact(width.max(1)).collect::<Vec<_>>())
    }

    /// Adds the rows with a known label to a table.
    pub fn add_rows<'r>(&self, rows: impl Iterator<Item = &'r [f32]>, table: &mut Table) {
        for (row, label) in rows.zip(&self.labels).filter(|(_, label)| label.weight > 0.0) {
            table.add(row, label.is_article, label.weight);
        }
    }
}

/// Returns the extractor's input. The time is fixed, so that every run learns the same.
pub fn page_input<'p>(html: &'p str, url: Option<&'p Url>) -> Page<'p> {
    let now = jiff::Timestamp::constant(1_790_000_000, 0);
    Page { source: Source::Html(html), url, now, rules: &[] }
}

/// Reads the pages of the benchmark's folder.
pub fn read_pages(folder: &Path) -> Result<Vec<LabelledPage>, Box<dyn std::error::Error>> {
    let mut truths = HashMap::new();
    for set in ["trafilatura", "wcxb", "mozilla"] {
        let truth: Value = serde_json::from_str(&read_gzip(&folder.join(format!("truth/{set}.json.gz")))?)?;
        truths.insert(set, truth);
    }
    let manifest = std::fs::read_to_string(folder.join("manifest.jsonl"))?;
    let lines: Vec<&str> = manifest.lines().collect();
    let (first_half, second_half) = lines.split_at(lines.len() / 2);
    let read = |lines: &[&str]| lines.iter().map(|line| read_page(folder, line, &truths)).collect::<Vec<_>>();
    let halves = std::thread::scope(|scope| {
        let thread = scope.spawn(|| read(second_half));
        [read(first_half), thread.join().expect("no page makes the extractor panic")]
    });
    Ok(halves.into_iter().flatten().collect::<std::io::Result<_>>()?)
}

/// Reads the page and truth of a line of the manifest.
fn read_page(folder: &Path, line: &str, truths: &HashMap<&str, Value>) -> std::io::Result<LabelledPage> {
    let entry: Value = serde_json::from_str(line)?;
    let (set, id) = (entry["set"].as_str().unwrap_or_default(), entry["id"].as_str().unwrap_or_default());
    let html = read_gzip(&folder.join(format!("pages/{set}/{id}.html.gz")))?;
    let stated = entry["url"].as_str().filter(|url| !url.is_empty());
    let url = Url::parse(stated.unwrap_or("http://fakehost/test/page.html")).ok();
    let sample = PageSample::new(&html, &page_input(&html, url.as_ref()));
    let labels = labels::label_blocks(set, &truths[set][id], &sample.block_texts());
    let fold = fold_of_site(stated.and(url.as_ref()).and_then(Url::host_str).unwrap_or(id));
    Ok(LabelledPage { set: set.into(), id: id.into(), url, html, fold, sample, labels })
}

pub fn read_gzip(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Assigns a site to a fold, by the last two labels of its host: all its pages are in the same fold.
pub fn fold_of_site(host: &str) -> usize {
    let parts: Vec<&str> = host.rsplit('.').take(2).collect();
    let hash = parts.join(".").bytes().fold(5381_usize, |hash, byte| hash.wrapping_mul(33) ^ usize::from(byte));
    hash % FOLDS
}
