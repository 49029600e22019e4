//! A library of any size, the same each time: articles in our own words, spread over topics, sources, tags and years.
#![allow(dead_code, reason = "each test uses its part")]

use broadsheet::classify::{Topic, TopicChoice, TopicReason};
use broadsheet::library::Library;
use broadsheet::library::articles::{self, Content, Lane, Mark, NewArticle};
use broadsheet::library::sources::NewSource;
use broadsheet::urls::UrlKey;
use extract::Direction;
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// Articles that go in together.
const BATCH: u64 = 1000;

const WORDS: &[&str] = &[
    "harbour",
    "ferry",
    "council",
    "budget",
    "winter",
    "bridge",
    "school",
    "engine",
    "river",
    "vote",
    "market",
    "storm",
    "doctor",
    "island",
    "museum",
    "train",
    "forest",
    "letter",
    "player",
    "court",
    "satellite",
    "bread",
    "union",
    "lamp",
    "valley",
    "summit",
    "orchard",
    "signal",
    "rescue",
    "novel",
    "coast",
    "tax",
    "glacier",
    "mayor",
    "violin",
    "battery",
    "pilgrim",
    "team",
    "senate",
];

/// The same numbers each time (SplitMix64, Steele et al. 2014).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn word(&mut self) -> &'static str {
        WORDS[usize::try_from(self.below(WORDS.len() as u64)).unwrap()]
    }

    fn sentence(&mut self, words: u64) -> String {
        let words: Vec<&str> = (0..words).map(|_| self.word()).collect();
        format!("The {}.", words.join(" "))
    }
}

/// The newest article is from this moment.
pub fn newest() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Fills the library with `count` articles: 300 sources, 15 topics and Unsorted, 2,000 tags; two thirds are read, one in
/// fifty is starred, one in ten archived.
pub async fn fill(library: &Library, count: u64) {
    let mut numbers = Numbers(42);
    let mut next = 0;
    while next < count {
        let batch: Vec<NewArticle> = (next..count.min(next + BATCH)).map(|n| article(n, &mut numbers)).collect();
        let added = articles::add_many(library, &batch).await.unwrap();
        for (n, added) in (next..).zip(added) {
            for mark in marks(n) {
                articles::mark(library, added.id(), mark, newest()).await.unwrap();
            }
        }
        next += BATCH;
    }
}

/// Only the older ones are marked, each by a write of its own, so that filling stays quick.
fn marks(n: u64) -> Vec<Mark> {
    let mut marks = Vec::new();
    if n % 50 == 7 {
        marks.push(Mark::Star);
    }
    if n % 40 == 3 {
        marks.push(Mark::Archive);
    }
    marks
}

fn article(n: u64, numbers: &mut Numbers) -> NewArticle {
    let host = format!("paper-{}.example", numbers.below(300));
    let address = Url::parse(&format!("https://{host}/{n}")).unwrap();
    let title = numbers.sentence(7);
    let paragraphs: Vec<String> = (0..8).map(|_| numbers.sentence(45)).collect();
    let plain = paragraphs.join("\n\n");
    let published = newest() - SignedDuration::from_mins(i64::try_from(n).unwrap() * 17);
    let topic = Topic::ALL.get(usize::try_from(numbers.below(16)).unwrap()).copied();
    let reason = TopicReason::Words { words: vec![numbers.word().into(), numbers.word().into()] };
    NewArticle {
        keys: vec![UrlKey::from_url(&address)],
        canonical: None,
        source: NewSource { domain: host.clone(), name: format!("Paper {host}") },
        address: Some(address.into()),
        choice: TopicChoice { topic, reason, suggestions: Vec::new() },
        tags: (0..3).map(|_| format!("{} {}", numbers.word(), numbers.below(52))).collect(),
        lane: Lane::Stream,
        snapshot: None,
        received: newest(),
        content: Content {
            byline: Some("Anna Sorel".into()),
            excerpt: paragraphs[0].chars().take(280).collect(),
            language: Some("en".into()),
            direction: Direction::Ltr,
            published: Some(published),
            word_count: 360,
            lead: None,
            body: body(&paragraphs),
            plain,
            title,
            removed: Vec::new(),
            pictures: Vec::new(),
            ..Content::default()
        },
    }
}

/// Through the extractor's own door, as every body.
fn body(paragraphs: &[String]) -> extract::CleanHtml {
    let html: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    extract::sanitize_html(&html, None)
}
