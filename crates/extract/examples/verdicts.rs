//! Compares verdicts with the page kinds in the benchmark's truth:
//! `cargo run --release --example verdicts -- ../shared/extraction`.
//!
//! Prints every page with another verdict, then a table. A second argument selects the set; in one without page kinds,
//! every page counts as an article.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use extract::{Page, Source};
use flate2::read::GzDecoder;

/// Maps the benchmark's page kinds to verdicts. A company's page about a service is a single text.
fn expected(kind: &str) -> &str {
    match kind {
        "service" => "article",
        "collection" => "listing",
        "documentation" => "document",
        "forum" => "thread",
        same => same,
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "../shared/extraction".into());
    let set = arguments.next().unwrap_or_else(|| "wcxb".into());
    let folder = Path::new(&folder);
    let truth = GzDecoder::new(std::fs::File::open(folder.join(format!("truth/{set}.json.gz")))?);
    let truth: BTreeMap<String, serde_json::Value> = serde_json::from_reader(truth)?;
    let mut table: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(std::fs::File::open(folder.join("manifest.jsonl"))?).lines() {
        let entry: serde_json::Value = serde_json::from_str(&line?)?;
        let id = entry["id"].as_str().unwrap_or_default();
        if entry["set"].as_str() != Some(&set) {
            continue;
        }
        let mut bytes = Vec::new();
        let file = std::fs::File::open(folder.join(format!("pages/{set}/{id}.html.gz")))?;
        GzDecoder::new(file).read_to_end(&mut bytes)?;
        let html = String::from_utf8_lossy(&bytes);
        let url = url::Url::parse(entry["url"].as_str().unwrap_or_default()).ok();
        let article = extract::article(&Page {
            source: Source::Html(&html),
            url: url.as_ref(),
            now: jiff::Timestamp::now(),
            rules: &[],
        });
        let kind = truth[id]["type"].as_str().unwrap_or("article");
        let verdict = article.verdict.as_str();
        *table.entry((kind.to_owned(), verdict)).or_default() += 1;
        if verdict != expected(kind) {
            let next = article.next_page.as_ref().map(url::Url::as_str).unwrap_or_default();
            writeln!(out, "{kind} as {verdict}: {id} {} {next}", entry["url"].as_str().unwrap_or_default())?;
        } else if let Some(next) = article.next_page {
            writeln!(out, "has a next page: {id} {} {next}", entry["url"].as_str().unwrap_or_default())?;
        }
    }
    for ((kind, verdict), pages) in &table {
        writeln!(out, "{kind:>14} → {verdict:<9} {pages:>4}")?;
    }
    Ok(())
}
