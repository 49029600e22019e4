//! A library of any size, the same each time: made-up articles, spread over topics, sources, tags and years.
#![allow(dead_code, reason = "no test uses all of it")]

use broadsheet::library::Library;
use broadsheet::library::articles::changes::BulkAction;
use broadsheet::library::articles::{self, Channel, Content, NewArticle};
use broadsheet::library::operations::{self, Progress};
use broadsheet::library::sources::NewSource;
use broadsheet::urls::UrlKey;
use classify::{Topic, TopicChoice, TopicReason};
use extract::Direction;
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// Articles per transaction.
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

/// A random number generator (SplitMix64, Steele et al. 2014).
pub struct Random(pub u64);

impl Random {
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

/// Returns the time of the newest article.
pub fn newest_article_time() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Fills a library with `count` articles from 300 sources, on 15 topics and Unsorted, with 2,000 tags. One in 50 is
/// starred, one in 40 archived, and half came from feeds.
pub async fn fill(library: &Library, count: u64) {
    fill_with_stream(library, count, 50).await;
}

/// Fills a library, of which so many articles in a hundred came from feeds.
pub async fn fill_with_stream(library: &Library, count: u64, percent: u64) {
    // The next batch is made up while the last one is written.
    let (sender, mut batches) = tokio::sync::mpsc::channel(1);
    let making = tokio::task::spawn_blocking(move || {
        let mut numbers = Random(42);
        for start in (0..count).step_by(usize::try_from(BATCH).unwrap()) {
            let end = count.min(start + BATCH);
            let channel = |n: u64| if n * 37 % 100 < percent { Channel::Feed } else { Channel::Saved };
            let batch = (start..end).map(|n| NewArticle { channel: channel(n), ..article(n, &mut numbers) });
            sender.blocking_send(batch.collect::<Vec<_>>()).unwrap();
        }
    });
    let mut ids = Vec::new();
    while let Some(batch) = batches.recv().await {
        ids.extend(articles::add_many(library, &batch).await.unwrap().iter().map(|added| added.id()));
    }
    making.await.unwrap();
    let every = |step: usize, first: usize| ids.iter().copied().skip(first).step_by(step).collect::<Vec<_>>();
    mark(library, BulkAction::Star, &every(50, 7)).await;
    mark(library, BulkAction::Archive, &every(40, 3)).await;
}

/// Marks articles, a hundred in each transaction.
async fn mark(library: &Library, action: BulkAction, articles: &[i64]) {
    let now = newest_article_time();
    let operation = operations::start(library, &action, None, articles, now).await.unwrap();
    while operations::run_batch(library, operation, now).await.unwrap() == Progress::Unfinished {}
}

/// Returns the `n`-th article.
pub fn article(n: u64, numbers: &mut Random) -> NewArticle {
    let host = format!("paper-{}.example", numbers.below(300));
    let address = Url::parse(&format!("https://{host}/{n}")).unwrap();
    let title = numbers.sentence(7);
    let paragraphs: Vec<String> = (0..8).map(|_| numbers.sentence(45)).collect();
    let plain = paragraphs.join("\n\n");
    let published = newest_article_time() - SignedDuration::from_mins(i64::try_from(n).unwrap() * 17);
    let topic = Topic::ALL.get(usize::try_from(numbers.below(16)).unwrap()).copied();
    let reason = TopicReason::Words { words: vec![numbers.word().into(), numbers.word().into()] };
    NewArticle {
        url_keys: vec![UrlKey::from_url(&address)],
        canonical_url_key: None,
        claimed_url: None,
        source: NewSource { domain: host.clone(), name: format!("Paper {host}") },
        url: Some(address.into()),
        topic_choice: TopicChoice { topic, reason, suggestions: Vec::new() },
        section: None,
        keywords: Vec::new(),
        tags: (0..3).map(|_| format!("{} {}", numbers.word(), numbers.below(52))).collect(),
        channel: Channel::Saved,
        snapshot_id: None,
        received_at: newest_article_time(),
        sorted_at: None,
        is_read: false,
        content: Content {
            byline: Some("Anna Sorel".into()),
            excerpt: paragraphs[0].chars().take(280).collect(),
            language: Some("en".into()),
            direction: Direction::Ltr,
            published_at: Some(published),
            word_count: 360,
            lead_image: None,
            html: body(&paragraphs),
            text: plain,
            title,
            removed_blocks: Vec::new(),
            images: Vec::new(),
            ..Content::default()
        },
    }
}

fn body(paragraphs: &[String]) -> extract::CleanHtml {
    let html: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    extract::sanitize_html(&html, None)
}
