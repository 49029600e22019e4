//! Trains the forests that select the article's blocks, on pages with known texts:
//!
//! `cargo run --release -p extract --example train -- ../shared/extraction [unseen.jsonl [--folds-only | --same-forests]]`
//!
//! Sites are split into five folds for cross-validation. The pages of each fold are extracted with forests grown on the
//! other four, and the results go to `unseen.jsonl` in the format of the benchmark's scorer. These are the figures that
//! count, since no page in them was seen in training. Finally, forests are grown on all pages and written to
//! `crates/extract/src/select/model/`, unless `--folds-only` is given. All of this is repeated for several seeds, whose
//! forests form an ensemble. The same pages give the same forests.
//!
//! The forests of the folds are kept in `unseen.jsonl.forests`. `--same-forests` extracts with them again: it takes
//! seconds instead of minutes, and tells what a change that leaves the features alone is worth.

mod dataset;
mod gradient_boosting;
mod kept_folds;
mod labels;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use dataset::{FOLDS, LabelledPage};
use extract::training::{self, Ensemble, Forest, Models};
use gradient_boosting::{GradientBoosting, Table};

/// The seeds of the ensemble. The crate's README.md says how much depends on them.
const SEEDS: std::ops::Range<u64> = 2..6;
/// Hyperparameters of block forests. More trees gain little and cost time on every page.
const BLOCK_BOOSTING: GradientBoosting = GradientBoosting {
    trees: 120,
    leaves: 31,
    learning_rate: 0.1,
    column_fraction: 0.3,
    row_fraction: 0.7,
    min_leaf_weight: 6.0,
    seed: 1,
};
/// Hyperparameters of context forests.
const CONTEXT_BOOSTING: GradientBoosting = GradientBoosting {
    trees: 70,
    leaves: 20,
    learning_rate: 0.1,
    column_fraction: 0.3,
    row_fraction: 0.7,
    min_leaf_weight: 8.0,
    seed: 2,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "../shared/extraction".into());
    let unseen = arguments.next();
    let mode = arguments.next().unwrap_or_default();
    let folds_only = mode == "--folds-only";
    let begin = Instant::now();
    let log = |what: &str| eprintln!("{:6.1} s  {what}", begin.elapsed().as_secs_f32());
    let pages = dataset::read_pages(Path::new(&folder))?;
    log(&format!("{} pages segmented", pages.len()));
    if let Some(unseen) = unseen.as_deref().filter(|_| mode == "--same-forests") {
        write_unseen(&pages, &kept_folds::read(unseen)?, unseen)?;
        return Ok(());
    }
    let mut grown = Vec::new();
    for seed in SEEDS {
        grown.push(SeedForests::grow(&pages, seed, unseen.is_some(), !folds_only));
        log(&format!("{} of {} pairs of forests", grown.len(), SEEDS.count()));
    }
    if let Some(unseen) = unseen {
        let models: Vec<Models> =
            (0..FOLDS).map(|fold| build_models(grown.iter().map(|grown| &grown.per_fold[fold]))).collect();
        kept_folds::write(&models, &unseen)?;
        write_unseen(&pages, &models, &unseen)?;
        log(&format!("results on unseen pages in {unseen}"));
    }
    if !folds_only {
        let all = build_models(grown.iter().filter_map(|grown| grown.all_pages.as_ref()));
        let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/select/model");
        std::fs::write(to.join("block_forests.txt"), all.block_forests.to_text())?;
        std::fs::write(to.join("context_forests.txt"), all.context_forests.to_text())?;
        log("forests written; rebuild to use them");
    }
    Ok(())
}

/// A block forest and a context forest.
type ForestPair = (Forest, Forest);

/// The forests of one seed.
struct SeedForests {
    /// Per fold, grown on the other folds; empty if not wanted.
    per_fold: Vec<ForestPair>,
    /// Grown on all pages, if wanted.
    all_pages: Option<ForestPair>,
}

impl SeedForests {
    fn grow(pages: &[LabelledPage], seed: u64, wants_folds: bool, wants_all: bool) -> SeedForests {
        let block_forests = grow_per_fold(|fold| grow_block_forest(pages, seed, Some(fold)));
        // A context forest learns from the scores of its own seed's block forests on pages they have not seen. That is
        // less than what the entire ensemble knows, so it learns to trust scores less.
        let scores: Vec<Vec<f32>> = pages.iter().map(|page| page.score_blocks(&block_forests[page.fold])).collect();
        let rows: Vec<Vec<f32>> =
            pages.iter().zip(&scores).map(|(page, scores)| page.sample.context_features(scores).1).collect();
        let context_forests = if wants_folds {
            grow_per_fold(|fold| grow_context_forest(pages, &rows, seed, Some(fold)))
        } else {
            Vec::new()
        };
        let all_pages =
            wants_all.then(|| (grow_block_forest(pages, seed, None), grow_context_forest(pages, &rows, seed, None)));
        SeedForests { per_fold: block_forests.into_iter().zip(context_forests).collect(), all_pages }
    }
}

/// Builds the ensembles from pairs of forests.
fn build_models<'p>(pairs: impl Iterator<Item = &'p ForestPair>) -> Models {
    let (block_forests, context_forests) = pairs.cloned().unzip();
    Models {
        block_forests: Ensemble { forests: block_forests },
        context_forests: Ensemble { forests: context_forests },
    }
}

/// Grows one forest per fold, in parallel.
fn grow_per_fold(grow: impl Fn(usize) -> Forest + Sync) -> Vec<Forest> {
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

fn grow_block_forest(pages: &[LabelledPage], seed: u64, held_out: Option<usize>) -> Forest {
    let width = pages[0].sample.block_features().0;
    let mut table = Table::new(width);
    for page in pages.iter().filter(|page| Some(page.fold) != held_out) {
        let (width, values) = page.sample.block_features();
        page.add_rows(values.chunks_exact(width.max(1)), &mut table);
    }
    BLOCK_BOOSTING.with_seed_offset(seed).grow(&table)
}

fn grow_context_forest(pages: &[LabelledPage], rows: &[Vec<f32>], seed: u64, held_out: Option<usize>) -> Forest {
    let width = pages.iter().zip(rows).find_map(|(page, rows)| rows.len().checked_div(page.labels.len())).unwrap_or(0);
    let mut table = Table::new(width);
    for (page, rows) in pages.iter().zip(rows).filter(|(page, _)| Some(page.fold) != held_out) {
        page.add_rows(rows.chunks_exact(width), &mut table);
    }
    CONTEXT_BOOSTING.with_seed_offset(seed).grow(&table)
}

/// Extracts every page with the forests that have not seen it, and writes the results.
fn write_unseen(pages: &[LabelledPage], models: &[Models], to: &str) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(to)?);
    let (first_half, second_half) = pages.split_at(pages.len() / 2);
    let lines =
        |pages: &[LabelledPage]| pages.iter().map(|page| scorer_line(page, &models[page.fold])).collect::<Vec<_>>();
    let halves = std::thread::scope(|scope| {
        let thread = scope.spawn(|| lines(second_half));
        [lines(first_half), thread.join().expect("no page makes the extractor panic")]
    });
    for line in halves.iter().flatten() {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// Extracts a page and returns its line for the scorer.
fn scorer_line(page: &LabelledPage, models: &Models) -> serde_json::Value {
    let input = dataset::page_input(&page.html, page.url.as_ref());
    let begin = Instant::now();
    let article = training::extract_with_models(&input, models);
    let micros = begin.elapsed().as_micros() as u64;
    let lead = article.lead_image.as_ref().map(|image| image.url.as_str());
    // Our prefix of ids is not part of the page.
    let body = article.body.as_str().replace("href=\"#a-", "href=\"#");
    serde_json::json!({
        "set": page.set, "id": page.id, "title": article.title, "byline": article.byline,
        "published": article.published_day.map(|day| day.to_string()), "language": article.language,
        "lead_image": lead, "text": article.text, "html": body, "micros": micros,
    })
}
