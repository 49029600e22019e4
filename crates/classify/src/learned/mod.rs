//! What a library has learned about its topics: from articles that publishers labelled, and from those that the reader
//! moved.
//!
//! An article is a set of [`Features`]. The library counts in how many articles of each topic a feature stands; a naive
//! Bayes model compares each topic with its complement (Rennie et al. 2003, "Tackling the Poor Assumptions of Naive
//! Bayes Text Classifiers") and is mixed with the vocabulary's scores. With few examples, all words count as if they
//! were equally common everywhere, so the model begins silent and speaks louder with each example.
//!
//! Topics are slugs, since the reader's own topics are learned too. These only take articles that are as similar to
//! their examples as the examples are to each other.

mod features;
mod mix;
mod model;
mod own_topics;

pub use features::{Features, hashes_from_bytes};
pub use own_topics::find_threshold;

use crate::word_scores::TopicScores;
use crate::{Topic, TopicChoice, TopicReason};

/// How many publishers' labels a correction by the reader is worth.
pub const CORRECTION_WEIGHT: u32 = 4;

/// Corrections from which on one of the reader's own topics gets articles by itself.
pub const MIN_OWN_EXAMPLES: u32 = 5;

/// A topic with what is known about its examples.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedTopic {
    /// Its slug.
    pub slug: String,
    /// Articles that publishers filed under it.
    pub labels: u32,
    /// Articles that the reader moved there.
    pub corrections: u32,
    /// How many features its examples have in all. Here a correction counts once, since it has no more different words.
    pub words: u32,
    /// For a topic of the reader's own: articles with a higher score belong to it. See [`find_threshold`].
    pub threshold: Option<f32>,
}

/// How often a feature stands in the examples of a topic. A correction counts [`CORRECTION_WEIGHT`] times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The feature.
    pub feature: u32,
    /// The position of the topic in [`Knowledge::topics`].
    pub topic: usize,
    /// How often.
    pub count: u32,
}

/// What a library knows about the features of one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// The topics with examples. Those of `unsorted` are of no topic; they only say how common words are.
    pub topics: Vec<LearnedTopic>,
    /// Their counts for the features of the article.
    pub counts: Vec<Count>,
    /// The slugs of topics that were merged, each with that of the topic that has the articles.
    pub merged: Vec<(String, String)>,
}

impl Knowledge {
    /// Returns the slug of the topic that has the articles of a built-in one.
    pub(super) fn root(&self, topic: Topic) -> &str {
        let merged = self.merged.iter().find(|(slug, _)| slug == topic.slug());
        merged.map_or_else(|| topic.slug(), |(_, root)| root)
    }
}

/// Returns the words of an article that speak most for a topic, by what was learned: at most `limit`, best first.
pub fn telling_words(features: &Features, knowledge: &Knowledge, slug: &str, limit: usize) -> Vec<String> {
    let Some(topic) = knowledge.topics.iter().position(|topic| topic.slug == slug) else { return Vec::new() };
    let telling = model::Model::new(features, knowledge, |_| true).telling(topic, limit);
    telling.into_iter().map(|at| features.words[at].clone()).collect()
}

/// Reconsiders the choice of [`choose_topic_by`](crate::choose_topic_by) with what the library has learned. The reader's
/// own topics come first, since the reader took articles out of the publishers' sections for them; then the publisher's
/// labels; then vocabulary and examples together. Topics that were merged do not compete with each other; the choice is the
/// likeliest of them.
pub fn reconsider(
    choice: TopicChoice,
    scores: &TopicScores,
    features: &Features,
    knowledge: &Knowledge,
) -> TopicChoice {
    if let Some(reason) = own_topics::find(features, knowledge) {
        return TopicChoice { topic: None, reason, suggestions: scores.suggestions(None) };
    }
    match choice.reason {
        TopicReason::Words { .. } | TopicReason::Unsure { .. } => mix::choose(scores, features, knowledge)
            .unwrap_or_else(|| {
                let folded = scores.folded(|topic| knowledge.root(topic));
                crate::choose_by_words(&folded)
            }),
        _ => choice,
    }
}
