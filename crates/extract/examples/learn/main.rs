//! Grows the forests that choose the article's blocks, from pages whose texts are known:
//!
//! `cargo run --release -p extract --example learn -- ../shared/extraction [unseen.jsonl]`
//!
//! Sites are split into five folds. For each fold, forests are grown on the other four and the fold's pages are read with
//! them; their answers go to `unseen.jsonl` in the form the benchmark's scorer reads. Those figures count, since no page in them
//! was seen in learning. In the end forests are grown on everything and written to `crates/extract/src/content/`.
//! The same pages give the same forests.

mod boost;
mod labels;
mod pages;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use boost::{Boosting, Table};
use extract::learning::{self, Forest, Models};
use pages::{FOLDS, Taught};

/// How the first forest grows. More trees gain little and cost time at each page.
const FIRST: Boosting = Boosting { trees: 80, leaves: 20, rate: 0.13, columns: 0.3, rows: 0.7, least: 6.0, seed: 1 };
/// How the second forest grows.
const SECOND: Boosting = Boosting { trees: 80, leaves: 16, rate: 0.1, columns: 0.3, rows: 0.7, least: 8.0, seed: 2 };

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "../shared/extraction".into());
    let unseen = arguments.next();
    let begin = Instant::now();
    let say = |what: &str| eprintln!("{:6.1} s  {what}", begin.elapsed().as_secs_f32());
    let pages = pages::read(Path::new(&folder))?;
    say(&format!("{} pages surveyed", pages.len()));

    let firsts: Vec<Forest> = (0..FOLDS).map(|fold| first(&pages, Some(fold))).collect();
    say("first forests of the folds");
    // What the second forest learns from is what the first says of pages it has not seen.
    let scores: Vec<Vec<f32>> = pages.iter().map(|page| page.scores(&firsts[page.fold])).collect();
    let seconds: Vec<Vec<f32>> = pages.iter().zip(&scores).map(|(page, scores)| page.sample.second(scores).1).collect();
    if let Some(unseen) = unseen {
        let models: Vec<Models> = (0..FOLDS)
            .map(|fold| Models { first: firsts[fold].clone(), second: second(&pages, &seconds, Some(fold)) })
            .collect();
        say("second forests of the folds");
        answer(&pages, &models, &unseen)?;
        say(&format!("answers of unseen pages in {unseen}"));
    }
    let all = Models { first: first(&pages, None), second: second(&pages, &seconds, None) };
    let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/content");
    std::fs::write(to.join("first.txt"), all.first.to_text())?;
    std::fs::write(to.join("second.txt"), all.second.to_text())?;
    say("written; build again to use them");
    Ok(())
}

fn first(pages: &[Taught], without: Option<usize>) -> Forest {
    let width = pages[0].sample.rows().0;
    let mut table = Table::new(width);
    for page in pages.iter().filter(|page| Some(page.fold) != without) {
        let (width, values) = page.sample.rows();
        page.add(values.chunks_exact(width.max(1)), &mut table);
    }
    FIRST.grow(&table)
}

fn second(pages: &[Taught], rows: &[Vec<f32>], without: Option<usize>) -> Forest {
    let width = pages.iter().zip(rows).find_map(|(page, rows)| rows.len().checked_div(page.labels.len())).unwrap_or(0);
    let mut table = Table::new(width);
    for (page, rows) in pages.iter().zip(rows).filter(|(page, _)| Some(page.fold) != without) {
        page.add(rows.chunks_exact(width), &mut table);
    }
    SECOND.grow(&table)
}

/// Reads every page with the forests that have not seen it.
fn answer(pages: &[Taught], models: &[Models], to: &str) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(to)?);
    for page in pages {
        let asked = pages::asked(&page.html, page.url.as_ref());
        let begin = Instant::now();
        let article = learning::article_with(&asked, &models[page.fold]);
        let micros = begin.elapsed().as_micros() as u64;
        let lead = article.lead_image.as_ref().map(|picture| picture.url.as_str());
        let shown = lead.map(|lead| format!("<p><img src=\"{}\"></p>", lead.replace('&', "&amp;"))).unwrap_or_default();
        let body = article.body.as_str().replace("href=\"#a-", "href=\"#");
        let line = serde_json::json!({
            "set": page.set, "id": page.id, "title": article.title, "byline": article.byline,
            "published": article.published_day.map(|day| day.to_string()), "language": article.language,
            "lead_image": lead, "text": article.text, "html": format!("{shown}{body}"), "micros": micros,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()
}
