//! Naive Bayes: how much the features of an article speak for a topic.

use crate::learned::{CORRECTION_WEIGHT, Features, Knowledge, LearnedTopic};

/// Smoothing: each topic counts as if it also had this many words, as common as in the whole library. The order of
/// magnitude of a language's everyday vocabulary, as if each of its words had been seen once. README.md says how it was
/// chosen.
const PRIOR_WORDS: f32 = 4_000.0;

/// The words of a text depend on each other: together they say as much as this many independent ones.
const INDEPENDENT_WORDS: f32 = 12.0;

/// The model for the features of one article.
pub(super) struct Model<'a> {
    knowledge: &'a Knowledge,
    /// Counts by feature and topic.
    rows: Vec<Row>,
    /// The number of features of the article.
    features: usize,
    /// How many features all examples have.
    all_words: f32,
    /// The number of all examples, by their weights.
    all_articles: f32,
}

/// The counts of one feature of the article.
struct Row {
    /// Position of the feature in the article.
    position: usize,
    counts: Vec<f32>,
    total: f32,
}

impl<'a> Model<'a> {
    /// Makes the model of the topics that are `admitted`; the others count as if they had no examples.
    pub fn new(features: &Features, knowledge: &'a Knowledge, admitted: impl Fn(usize) -> bool) -> Self {
        let positions: foldhash::HashMap<u32, usize> =
            features.hashes.iter().enumerate().map(|(position, hash)| (*hash, position)).collect();
        let mut rows: Vec<Row> = Vec::new();
        let mut row_of_feature: foldhash::HashMap<u32, usize> = foldhash::HashMap::default();
        for count in knowledge.counts.iter().filter(|count| admitted(count.topic)) {
            let Some(position) = positions.get(&count.feature) else { continue };
            let at = *row_of_feature.entry(count.feature).or_insert_with(|| {
                rows.push(Row { position: *position, counts: vec![0.0; knowledge.topics.len()], total: 0.0 });
                rows.len() - 1
            });
            rows[at].counts[count.topic] += to_float(count.count);
            rows[at].total += to_float(count.count);
        }
        // The order of the sums must not depend on that of the database.
        rows.sort_by_key(|row| row.position);
        let topics = || knowledge.topics.iter().enumerate().filter(|(at, _)| admitted(*at)).map(|(_, topic)| topic);
        let all_words = topics().map(|topic| to_float(topic.words)).sum();
        let all_articles = topics().map(articles).sum();
        Self { knowledge, rows, features: features.hashes.len(), all_words, all_articles }
    }

    /// Returns the evidence for a topic, in nats: how much rarer the words of the article are in all other topics than in
    /// the whole library. Rare topics lose nothing by that, since their complement is large. The words of a text depend on
    /// each other, which is taken off.
    pub fn evidence(&self, topic: usize) -> f32 {
        let known = to_float(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        let evidence: f32 = self.rows.iter().map(|row| self.evidence_of(row, topic)).sum();
        evidence * (INDEPENDENT_WORDS / known.max(1.0)).min(1.0)
    }

    fn evidence_of(&self, row: &Row, topic: usize) -> f32 {
        let share = row.total / self.all_words.max(1.0);
        let words = self.all_words - to_float(self.knowledge.topics[topic].words);
        let outside = (row.total - row.counts[topic] + share * PRIOR_WORDS) / (words + PRIOR_WORDS);
        (share / outside).ln()
    }

    /// Returns how like the examples of one of the reader's own topics the article is: the cosine of its words, each
    /// weighted by its inverse document frequency, with the average of the examples, but for the length of that average,
    /// which is the same for all articles. Other than [`Self::evidence`], it says nothing of other topics, and needs few
    /// examples.
    pub fn likeness(&self, topic: usize) -> f32 {
        let rarity_of_unknown = self.all_articles.max(1.0).ln();
        let unknown = to_float(u32::try_from(self.features - self.rows.len()).unwrap_or(u32::MAX));
        let square = |row: &Row| self.rarity(row).powi(2);
        let length = self.rows.iter().map(square).sum::<f32>() + unknown * rarity_of_unknown.powi(2);
        let common: f32 = self.rows.iter().map(|row| square(row) * row.counts[topic]).sum();
        common / self.articles(topic).max(1.0) / length.max(1.0).sqrt()
    }

    fn rarity(&self, row: &Row) -> f32 {
        (self.all_articles / row.total.max(1.0)).ln().max(0.0)
    }

    fn articles(&self, topic: usize) -> f32 {
        articles(&self.knowledge.topics[topic])
    }

    /// Returns the features that speak most for a topic, best first, by their positions in the article.
    pub fn telling(&self, topic: usize, limit: usize) -> Vec<usize> {
        let mut found: Vec<(f32, usize)> =
            self.rows.iter().map(|row| (self.rarity(row).powi(2) * row.counts[topic], row.position)).collect();
        found.retain(|(evidence, _)| *evidence > 0.0);
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(limit).map(|(_, position)| position).collect()
    }
}

/// Returns the number of a topic's examples, by their weights.
fn articles(topic: &LearnedTopic) -> f32 {
    to_float(topic.labels + topic.corrections * CORRECTION_WEIGHT)
}

#[expect(clippy::cast_precision_loss, reason = "counts of articles are far below 2²⁴")]
pub(super) const fn to_float(count: u32) -> f32 {
    count as f32
}
