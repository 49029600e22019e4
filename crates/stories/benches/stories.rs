//! What putting an article into its story costs: `cargo bench --bench stories [-- --articles 100000]`.
//!
//! Fills an index with invented articles of a week, a tenth of them on events that several sources tell, and then measures the
//! arrival of a thousand more: reading the words, adding the article, grouping what is connected with it. Fails if one takes more
//! than two milliseconds on average.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use stories::{Article, Index, Profile};

const ARTICLES: u64 = 100_000;
const ARRIVALS: u64 = 1_000;
const WEEK: u64 = 7 * 24 * 3600;
const MAX_TIME: Duration = Duration::from_millis(2);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` passes this; there is nothing to test.
    if arguments.iter().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    let asked = arguments.iter().skip_while(|argument| *argument != "--articles").nth(1);
    let articles = asked.and_then(|count| count.parse().ok()).unwrap_or(ARTICLES);
    let mut index = Index::default();
    let begin = Instant::now();
    for id in 0..articles {
        index.insert(signed(id), read(id));
    }
    println!("{articles} articles: {:.1} s to fill the index", begin.elapsed().as_secs_f32());
    let (begin, mut joined) = (Instant::now(), 0);
    for id in articles..articles + ARRIVALS {
        index.insert(signed(id), read(id));
        let groups = index.group_around(signed(id));
        joined += usize::from(groups.iter().any(|group| group.members.len() > 1));
    }
    let each = begin.elapsed() / u32::try_from(ARRIVALS).unwrap_or(1);
    println!(
        "an arrival: {:.2} ms on average, {joined} of {ARRIVALS} near a story (at most 2 ms)",
        each.as_secs_f64() * 1000.0
    );
    if each > MAX_TIME { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn signed(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// Reads an invented article: 180 words, the frequent ones more often, with some names. Every tenth is on one of many events, whose names
/// and words it shares.
fn read(id: u64) -> Profile {
    let mut random = Random(id.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let event = id.is_multiple_of(10).then(|| Random((id / 10 % 2_000).wrapping_mul(0xD1B5_4A32_D192_ED03) | 1));
    let mut text = String::new();
    for at in 0..180 {
        let word = random.next() % (1 + random.next() % 20_000);
        match (at % 9, &event) {
            (4, Some(event)) => {
                let mut event = Random(event.0.wrapping_add(at / 9 % 8));
                let _ = write!(text, "Name{} ", event.next() % 50_000);
            }
            (4, None) => {
                let _ = write!(text, "Name{} ", random.next() % (1 + random.next() % 50_000));
            }
            (8, _) => text.push_str("said. "),
            _ => {
                let _ = write!(text, "word{word} ");
            }
        }
    }
    let title = text.split(' ').take(9).collect::<Vec<_>>().join(" ");
    let published = signed(random.next() % WEEK);
    Profile::of(&Article { published, language: Some("en"), title: &title, text: &text })
}

/// Xorshift: the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 8
    }
}
