//! Groups labelled streams and prints how well: `cargo run -p stories --example score -- [--wrong] FILE…`
//!
//! A file that ends in `.tsv` has teasers as in ../shared/topics/stories.tsv. `scripts/score-stories` compares the numbers with the reach.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "the result")]

#[path = "../tests/support/mod.rs"]
mod support;

use support::{Scores, Stream, f1};

const SHUFFLES: u64 = 5;

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let shows_wrong = files.first().is_some_and(|first| first == "--wrong");
    if shows_wrong {
        files.remove(0);
    }
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let stream = if file.ends_with(".tsv") { Stream::read_teasers(&text) } else { Stream::read(&text) };
        let name = file.rsplit('/').next().unwrap();
        print(name, "plain", &support::score(&stream, &support::group_plainly(&stream)));
        print(name, "alone", &support::score(&stream, &(0..stream.articles.len()).collect::<Vec<_>>()));
        let mut by_time: Vec<usize> = (0..stream.articles.len()).collect();
        by_time.sort_by_key(|at| stream.articles[*at].published);
        let groups = support::group(&stream, &by_time);
        print(name, "stories", &support::score(&stream, &groups));
        for seed in 1..=SHUFFLES {
            let shuffled = support::group(&stream, &support::shuffle(stream.articles.len(), seed));
            print(name, &format!("shuffle-{seed}"), &support::score(&stream, &shuffled));
        }
        if shows_wrong {
            print_wrong(&stream, &groups);
        }
    }
}

fn print(file: &str, way: &str, scores: &Scores) {
    println!(
        "{file:<14} {way:<10} b3 {:.3} {:.3} {:.3}  pairs {:.3} {:.3} {:.3}  near {}/{}  languages {}/{}",
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

/// Prints the groups that hold several events, and the events that are in several groups.
fn print_wrong(stream: &Stream, groups: &[usize]) {
    for one in 0..groups.len() {
        let wrong = (0..one).find(|other| groups[one] == groups[*other] && stream.articles[one].event != stream.articles[*other].event);
        if let Some(other) = wrong {
            let (one, other) = (&stream.articles[one], &stream.articles[other]);
            println!("  joined: [{}] {}  WITH [{}] {}", one.event, one.title, other.event, other.title);
        }
        let same = (0..groups.len()).filter(|other| stream.articles[one].event == stream.articles[*other].event);
        let apart = same.filter(|other| groups[one] != groups[*other]).count();
        let with = groups.iter().filter(|group| **group == groups[one]).count();
        if apart > 0 && with == 1 {
            println!("  alone:  [{}] {} ({})", stream.articles[one].event, stream.articles[one].title, stream.articles[one].language);
        }
    }
}
