//! Grows the forests that choose the article's blocks, from pages whose texts are known:
//!
//! `cargo run --release -p extract --example train -- ../shared/extraction [unseen.jsonl [--folds-only]]`
//!
//! Sites are split into five folds. For each fold, forests are grown on the other four and the fold's pages are read with
//! them; their answers go to `unseen.jsonl` in the form the benchmark's scorer reads. Those figures count, since no page in them
//! was seen in learning. In the end forests are grown on everything and written to `crates/extract/src/select/model/`, unless a
//! third argument, `--folds-only`, says that the answers are all that is wanted. All of it is done from several
//! seeds, whose forests judge together. The same pages give the same forests.

mod gradient_boosting;
mod labels;
mod dataset;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use dataset::{FOLDS, Taught};
use extract::training::{self, Ensemble, Forest, Models};
use gradient_boosting::{Boosting, Table};

/// The seeds of the pairs of forests that judge together. README.md of the crate says how much hangs on them.
const SEEDS: std::ops::Range<u64> = 2..6;
/// How a first forest grows. More trees gain little and cost time at each page.
const FIRST: Boosting = Boosting { trees: 120, leaves: 31, rate: 0.1, columns: 0.3, rows: 0.7, least: 6.0, seed: 1 };
/// How a second forest grows.
const SECOND: Boosting = Boosting { trees: 70, leaves: 20, rate: 0.1, columns: 0.3, rows: 0.7, least: 8.0, seed: 2 };

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "../shared/extraction".into());
    let unseen = arguments.next();
    let folds_only = arguments.next().as_deref() == Some("--folds-only");
    let begin = Instant::now();
    let say = |what: &str| eprintln!("{:6.1} s  {what}", begin.elapsed().as_secs_f32());
    let pages = dataset::read(Path::new(&folder))?;
    say(&format!("{} pages surveyed", pages.len()));
    let mut grown = Vec::new();
    for seed in SEEDS {
        grown.push(Grown::of(&pages, seed, unseen.is_some(), !folds_only));
        say(&format!("{} of {} pairs of forests", grown.len(), SEEDS.count()));
    }
    if let Some(unseen) = unseen {
        let models: Vec<Models> = (0..FOLDS).map(|fold| models(grown.iter().map(|grown| &grown.folds[fold]))).collect();
        answer(&pages, &models, &unseen)?;
        say(&format!("answers of unseen pages in {unseen}"));
    }
    if !folds_only {
        let all = models(grown.iter().filter_map(|grown| grown.all.as_ref()));
        let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/select/model");
        std::fs::write(to.join("block_forests.txt"), all.first.to_text())?;
        std::fs::write(to.join("context_forests.txt"), all.second.to_text())?;
        say("written; build again to use them");
    }
    Ok(())
}

/// A first and a second forest.
type Pair = (Forest, Forest);

/// What grows from one seed.
struct Grown {
    /// Per fold, from the other folds; empty if nobody asks for them.
    folds: Vec<Pair>,
    /// From all pages, if wanted.
    all: Option<Pair>,
}

impl Grown {
    fn of(pages: &[Taught], seed: u64, wants_folds: bool, wants_all: bool) -> Grown {
        let firsts = each_fold(|fold| first(pages, seed, Some(fold)));
        // What a second forest learns from is what its own first says of pages it has not seen. That is less than all firsts
        // know together, and makes the second trust them less.
        let scores: Vec<Vec<f32>> = pages.iter().map(|page| page.scores(&firsts[page.fold])).collect();
        let rows: Vec<Vec<f32>> =
            pages.iter().zip(&scores).map(|(page, scores)| page.sample.second(scores).1).collect();
        let seconds = if wants_folds { each_fold(|fold| second(pages, &rows, seed, Some(fold))) } else { Vec::new() };
        let all = wants_all.then(|| (first(pages, seed, None), second(pages, &rows, seed, None)));
        Grown { folds: firsts.into_iter().zip(seconds).collect(), all }
    }
}

/// Pairs of forests as the extractor asks them.
fn models<'p>(pairs: impl Iterator<Item = &'p Pair>) -> Models {
    let (first, second) = pairs.cloned().unzip();
    Models { first: Ensemble { forests: first }, second: Ensemble { forests: second } }
}

/// Grows one forest per fold, as many at a time as there are processors.
fn each_fold(grow: impl Fn(usize) -> Forest + Sync) -> Vec<Forest> {
    std::thread::scope(|scope| {
        let growing: Vec<_> = (0..FOLDS)
            .map(|fold| {
                let grow = &grow;
                scope.spawn(move || grow(fold))
            })
            .collect();
        growing.into_iter().map(|thread| thread.join().expect("a forest grows without panic")).collect()
    })
}

fn first(pages: &[Taught], seed: u64, without: Option<usize>) -> Forest {
    let width = pages[0].sample.rows().0;
    let mut table = Table::new(width);
    for page in pages.iter().filter(|page| Some(page.fold) != without) {
        let (width, values) = page.sample.rows();
        page.add(values.chunks_exact(width.max(1)), &mut table);
    }
    FIRST.from(seed).grow(&table)
}

fn second(pages: &[Taught], rows: &[Vec<f32>], seed: u64, without: Option<usize>) -> Forest {
    let width = pages.iter().zip(rows).find_map(|(page, rows)| rows.len().checked_div(page.labels.len())).unwrap_or(0);
    let mut table = Table::new(width);
    for (page, rows) in pages.iter().zip(rows).filter(|(page, _)| Some(page.fold) != without) {
        page.add(rows.chunks_exact(width), &mut table);
    }
    SECOND.from(seed).grow(&table)
}

/// Reads every page with the forests that have not seen it.
fn answer(pages: &[Taught], models: &[Models], to: &str) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(to)?);
    let (one, other) = pages.split_at(pages.len() / 2);
    let lines = |pages: &[Taught]| pages.iter().map(|page| line(page, &models[page.fold])).collect::<Vec<_>>();
    let halves = std::thread::scope(|scope| {
        let other = scope.spawn(|| lines(other));
        [lines(one), other.join().expect("no page makes the extractor panic")]
    });
    for line in halves.iter().flatten() {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// A page's line for the scorer.
fn line(page: &Taught, models: &Models) -> serde_json::Value {
    let asked = dataset::asked(&page.html, page.url.as_ref());
    let begin = Instant::now();
    let article = training::article_with(&asked, models);
    let micros = begin.elapsed().as_micros() as u64;
    let lead = article.lead_image.as_ref().map(|picture| picture.url.as_str());
    // Ids have a prefix of ours, which is no part of the page's addresses.
    let body = article.body.as_str().replace("href=\"#a-", "href=\"#");
    serde_json::json!({
        "set": page.set, "id": page.id, "title": article.title, "byline": article.byline,
        "published": article.published_day.map(|day| day.to_string()), "language": article.language,
        "lead_image": lead, "text": article.text, "html": body, "micros": micros,
    })
}
