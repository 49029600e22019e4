//! Labelled streams of articles, and how well groups agree with the labels.

use std::collections::{BTreeMap, HashMap, HashSet};

use stories::{Article, Group, Index, Profile};

/// An article of a labelled stream.
pub struct Labelled {
    pub event: String,
    pub published: i64,
    pub language: String,
    pub title: String,
    pub text: String,
}

/// A labelled stream: articles, and pairs of events that are near misses, each with its kind.
#[derive(Default)]
pub struct Stream {
    pub articles: Vec<Labelled>,
    pub near_misses: Vec<(String, String, String)>,
}

impl Stream {
    /// Reads a stream in the form that README.md describes.
    pub fn read(file: &str) -> Self {
        let mut stream = Self::default();
        for block in format!("\n{file}").split("\n== ") {
            match block.split_once('\n') {
                Some((head, body)) if head.contains(" | ") => stream.articles.push(read_article(head, body)),
                _ => stream.near_misses.extend(block.lines().filter_map(read_near_miss)),
            }
        }
        stream
    }

    /// Reads the teasers of ../shared: `id story published source title summary`.
    pub fn read_teasers(file: &str) -> Self {
        let rows = file.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        let read = |row: Vec<&str>| Labelled {
            event: row[1].to_owned(),
            published: seconds(row[2]),
            language: "en".to_owned(),
            title: row[4].to_owned(),
            text: row[5].to_owned(),
        };
        Self { articles: rows.filter(|row| row.len() == 6).map(read).collect(), near_misses: Vec::new() }
    }
}

fn read_article(head: &str, body: &str) -> Labelled {
    let fields: Vec<&str> = head.split(" | ").map(str::trim).collect();
    let (title, text) = body.split_once('\n').unwrap();
    Labelled {
        event: fields[0].to_owned(),
        published: seconds(fields[1]),
        language: fields[3].to_owned(),
        title: title.to_owned(),
        text: text.trim().to_owned(),
    }
}

fn read_near_miss(line: &str) -> Option<(String, String, String)> {
    let fields: Vec<&str> = line.strip_prefix("! near ")?.splitn(3, ' ').collect();
    Some((fields[0].to_owned(), fields[1].to_owned(), fields[2].to_owned()))
}

/// Reads a time such as `2026-05-04T05:40Z`, as seconds since the beginning of its year; months count 31 days.
fn seconds(time: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| time[range].parse::<i64>().unwrap();
    (((number(5..7) * 31 + number(8..10)) * 24 + number(11..13)) * 60 + number(14..16)) * 60
}

/// How well groups agree with labels. Shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scores {
    pub cubed_precision: f64,
    pub cubed_recall: f64,
    pub pair_precision: f64,
    pub pair_recall: f64,
    /// Pairs of articles that are near misses and were joined, and all of them.
    pub near_misses: (usize, usize),
    /// Pairs of articles in two languages on one event that were joined, and all of them.
    pub across: (usize, usize),
}

/// Returns the harmonic mean.
pub fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "some hundred articles")]
fn share(part: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { part as f64 / all as f64 }
}

/// Scores groups, given as a number for each article: B-cubed (Bagga, Baldwin 1998) and pairs.
pub fn score(stream: &Stream, groups: &[usize]) -> Scores {
    let articles = &stream.articles;
    let near: HashSet<(&str, &str)> =
        stream.near_misses.iter().flat_map(|(a, b, _)| [(a.as_str(), b.as_str()), (b.as_str(), a.as_str())]).collect();
    let mut scores = Scores::default();
    let (mut right, mut found, mut wanted) = (0, 0, 0);
    for (one, article) in articles.iter().enumerate() {
        let (mut both, mut in_group, mut in_event) = (0, 0, 0);
        for (other, another) in articles.iter().enumerate() {
            let (is_event, is_group) = (article.event == another.event, groups[one] == groups[other]);
            both += usize::from(is_event && is_group);
            in_group += usize::from(is_group);
            in_event += usize::from(is_event);
            if other < one {
                right += usize::from(is_event && is_group);
                found += usize::from(is_group);
                wanted += usize::from(is_event);
                if near.contains(&(article.event.as_str(), another.event.as_str())) {
                    scores.near_misses.0 += usize::from(is_group);
                    scores.near_misses.1 += 1;
                }
                if is_event && article.language != another.language {
                    scores.across.0 += usize::from(is_group);
                    scores.across.1 += 1;
                }
            }
        }
        scores.cubed_precision += share(both, in_group) * share(1, articles.len());
        scores.cubed_recall += share(both, in_event) * share(1, articles.len());
    }
    scores.pair_precision = share(right, found);
    scores.pair_recall = share(right, wanted);
    scores
}

/// Groups a stream as it arrives in the given order, and returns the group of each article.
pub fn group(stream: &Stream, order: &[usize]) -> Vec<usize> {
    let mut index = Index::default();
    let mut groups: Vec<usize> = (0..stream.articles.len()).collect();
    arrive(&mut index, stream, order, &mut groups);
    groups
}

/// The same, but the index is lost half-way and built again from what has arrived.
pub fn group_with_restart(stream: &Stream, order: &[usize]) -> Vec<usize> {
    let (before, after) = order.split_at(order.len() / 2);
    let mut groups: Vec<usize> = (0..stream.articles.len()).collect();
    arrive(&mut Index::default(), stream, before, &mut groups);
    let mut index = Index::default();
    before.iter().rev().for_each(|at| insert(&mut index, stream, *at));
    arrive(&mut index, stream, after, &mut groups);
    groups
}

fn arrive(index: &mut Index, stream: &Stream, order: &[usize], groups: &mut [usize]) {
    let mut file = |found: Vec<Group>| {
        for group in found {
            let first = usize::try_from(group.members[0].id).unwrap();
            for member in &group.members {
                groups[usize::try_from(member.id).unwrap()] = first;
            }
        }
    };
    for at in order {
        insert(index, stream, *at);
        file(index.group_around(i64::try_from(*at).unwrap()));
    }
    if index.is_small() {
        file(index.group_all());
    }
}

fn insert(index: &mut Index, stream: &Stream, at: usize) {
    let article = &stream.articles[at];
    let profile = Profile::of(&Article {
        published: article.published,
        language: Some(&article.language),
        title: &article.title,
        text: &article.text,
    });
    index.insert(i64::try_from(at).unwrap(), profile);
}

/// Groups a stream by a plain single pass: words by inverse document frequency, each article joins the group with the most similar
/// centroid, from a cosine of 0.2 on. The yardstick.
pub fn group_plainly(stream: &Stream) -> Vec<usize> {
    let words = |article: &Labelled| -> HashMap<String, f64> {
        let mut counts = HashMap::new();
        let all = format!("{} {}", article.title, article.text).to_lowercase();
        all.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 2).for_each(|word| {
            *counts.entry(word.to_owned()).or_default() += 1.0;
        });
        counts
    };
    let counts: Vec<HashMap<String, f64>> = stream.articles.iter().map(words).collect();
    let mut frequency: HashMap<&str, f64> = HashMap::new();
    counts.iter().flat_map(HashMap::keys).for_each(|word| *frequency.entry(word).or_default() += 1.0);
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|at| stream.articles[*at].published);
    let mut centroids: Vec<BTreeMap<&str, f64>> = Vec::new();
    let mut groups = vec![0; counts.len()];
    for at in order {
        #[expect(clippy::cast_precision_loss, reason = "some hundred articles")]
        let weigh = |(word, count): (&'_ String, &f64)| {
            (count.ln() + 1.0) * (counts.len() as f64 / frequency[word.as_str()]).ln()
        };
        let vector: BTreeMap<&str, f64> = counts[at].iter().map(|entry| (entry.0.as_str(), weigh(entry))).collect();
        let best =
            centroids.iter().map(|centroid| cosine(centroid, &vector)).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        groups[at] = match best {
            Some((group, similarity)) if similarity >= 0.2 => group,
            _ => {
                centroids.push(BTreeMap::new());
                centroids.len() - 1
            }
        };
        vector.into_iter().for_each(|(word, weight)| *centroids[groups[at]].entry(word).or_default() += weight);
    }
    groups
}

fn cosine(a: &BTreeMap<&str, f64>, b: &BTreeMap<&str, f64>) -> f64 {
    let norm = |vector: &BTreeMap<&str, f64>| vector.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    let product: f64 = b.iter().filter_map(|(word, weight)| Some(a.get(word)? * weight)).sum();
    product / (norm(a) * norm(b)).max(f64::MIN_POSITIVE)
}

/// Returns the articles in the order of a shuffle with this seed.
pub fn shuffle(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for at in (1..count).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        order.swap(at, usize::try_from(state % (at as u64 + 1)).unwrap());
    }
    order
}
