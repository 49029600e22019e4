//! Groups labelled streams and prints how well: `cargo run -p stories --example score -- [--wrong] FILE…`
//!
//! A file that ends in `.tsv` has teasers as in ../shared/topics/stories.tsv. `scripts/score-stories` compares the numbers with the
//! reach. With `--wrong`, the articles in wrong groups follow.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "the result")]

#[path = "../tests/support/mod.rs"]
mod support;

use support::{Scores, Stream, f1};

const SHUFFLES: u64 = 5;

fn main() {
    let (options, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let stream = if file.ends_with(".tsv") { Stream::read_teasers(&text) } else { Stream::read(&text) };
        let groups = print_all(&stream, file.rsplit('/').next().unwrap());
        if !options.is_empty() {
            print_wrong(&stream, &groups);
        }
    }
}

/// Prints a line for each way of grouping, and returns the groups.
fn print_all(stream: &Stream, name: &str) -> Vec<usize> {
    let count = stream.articles.len();
    print((name, "plain"), &support::score(stream, &support::group_plainly(stream)), "-");
    print((name, "alone"), &support::score(stream, &(0..count).collect::<Vec<_>>()), "-");
    let mut by_time: Vec<usize> = (0..count).collect();
    by_time.sort_by_key(|at| stream.articles[*at].published);
    let groups = support::group(stream, &by_time);
    let is_same = support::group_with_restart(stream, &by_time) == groups;
    print((name, "stories"), &support::score(stream, &groups), if is_same { "same" } else { "other" });
    for seed in 1..=SHUFFLES {
        let shuffled = support::group(stream, &support::shuffle(count, seed));
        print((name, &format!("shuffle-{seed}")), &support::score(stream, &shuffled), "-");
    }
    groups
}

fn print((file, way): (&str, &str), scores: &Scores, again: &str) {
    println!(
        "{file} {way} b3 {:.3} {:.3} {:.3}  pairs {:.3} {:.3} {:.3}  near {}/{}  languages {}/{}  again {again}",
        scores.cubed_precision,
        scores.cubed_recall,
        f1(scores.cubed_precision, scores.cubed_recall),
        scores.pair_precision,
        scores.pair_recall,
        f1(scores.pair_precision, scores.pair_recall),
        scores.near_misses.0,
        scores.near_misses.1,
        scores.across.0,
        scores.across.1,
    );
}

/// Prints the groups that hold several events, and the articles of an event that are left alone.
fn print_wrong(stream: &Stream, groups: &[usize]) {
    let articles = &stream.articles;
    for (one, article) in articles.iter().enumerate() {
        let wrong = (0..one).find(|other| groups[one] == groups[*other] && article.event != articles[*other].event);
        if let Some(other) = wrong.map(|other| &articles[other]) {
            println!("  joined: [{}] {}  WITH [{}] {}", article.event, article.title, other.event, other.title);
        }
        let is_alone = groups.iter().filter(|group| **group == groups[one]).count() == 1;
        if is_alone && articles.iter().filter(|other| article.event == other.event).count() > 1 {
            println!("  alone:  [{}] {} ({})", article.event, article.title, article.language);
        }
    }
}
