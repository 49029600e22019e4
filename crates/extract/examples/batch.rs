//! Extracts the benchmark's pages and writes one JSON line per page for its scorer:
//! `cargo run --release --example batch -- ../shared/extraction > out.jsonl`.
//!
//! A second argument selects one set. `micros` is the time of the call in microseconds.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use extract::{Page, Source};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "../shared/extraction".into());
    let only = arguments.next();
    let folder = Path::new(&folder);
    let manifest = BufReader::new(std::fs::File::open(folder.join("manifest.jsonl"))?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in manifest.lines() {
        let entry: serde_json::Value = serde_json::from_str(&line?)?;
        let (set, id) = (entry["set"].as_str().unwrap_or_default(), entry["id"].as_str().unwrap_or_default());
        if only.as_deref().is_some_and(|only| only != set) {
            continue;
        }
        let file = std::fs::File::open(folder.join(format!("pages/{set}/{id}.html.gz")))?;
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(file).read_to_end(&mut bytes)?;
        let html = String::from_utf8_lossy(&bytes);
        let stated = entry["url"].as_str().filter(|url| !url.is_empty());
        let url = url::Url::parse(stated.unwrap_or("http://fakehost/test/page.html")).ok();
        let page = Page { source: Source::Html(&html), url: url.as_ref(), now: jiff::Timestamp::now(), rules: &[] };
        let start = Instant::now();
        let article = extract::article(&page);
        let micros = start.elapsed().as_micros() as u64;
        let lead = article.lead_image.as_ref().map(|image| image.url.as_str());
        // Our prefix of ids is not part of the page.
        let body = article.body.as_str().replace("href=\"#a-", "href=\"#");
        let line = serde_json::json!({
            "set": set, "id": id, "title": article.title, "byline": article.byline,
            "published": article.published_day.map(|day| day.to_string()), "language": article.language,
            "lead_image": lead, "text": article.text, "html": body,
            "micros": micros,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
