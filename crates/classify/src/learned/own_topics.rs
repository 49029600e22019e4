//! The reader's own topics: articles that are as similar to their examples as these are to each other.

use crate::learned::mix::telling_words;
use crate::learned::model::Model;
use crate::learned::{CORRECTION_WEIGHT, Features, Knowledge, MIN_OWN_EXAMPLES};
use crate::{Topic, TopicReason};

/// The part of the likeness among the examples that an article needs in any case.
const NEEDED_SHARE: f32 = 0.5;

/// Returns why an article belongs to one of the reader's own topics, if it does.
pub(super) fn find(features: &Features, knowledge: &Knowledge) -> Option<TopicReason> {
    let own =
        knowledge.topics.iter().enumerate().filter(|(_, topic)| {
            topic.corrections >= MIN_OWN_EXAMPLES && topic.threshold.is_some() && is_own(&topic.slug)
        });
    let mut own = own.peekable();
    own.peek()?;
    let model = Model::new(features, knowledge, |_| true);
    let surplus = own.filter_map(|(at, topic)| {
        let surplus = model.likeness(at) / topic.threshold?;
        (surplus >= 1.0).then_some((surplus, at))
    });
    let (_, at) = surplus.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    let topic = &knowledge.topics[at];
    let words = telling_words(features, &model, at);
    Some(TopicReason::Moved { articles: topic.corrections, words, own: Some(topic.slug.clone()) })
}

/// Returns whether the reader made a topic.
fn is_own(slug: &str) -> bool {
    Topic::from_slug(slug).is_none() && slug != "unsorted"
}

/// Finds how like the examples of a topic an article has to be: half-way from the most similar of some other articles to
/// the middle of the examples. Each example is compared with the rest: what it taught is taken off first. `knowledge` has
/// the counts of all their features.
pub fn find_threshold(examples: &[Vec<u32>], others: &[Vec<u32>], topic: usize, knowledge: &Knowledge) -> Option<f32> {
    if examples.len() < usize::try_from(MIN_OWN_EXAMPLES).unwrap_or(usize::MAX) {
        return None;
    }
    let mut likeness: Vec<f32> = examples.iter().map(|example| likeness_to_rest(example, topic, knowledge)).collect();
    likeness.sort_by(f32::total_cmp);
    // Some examples are unlike all others.
    let middle = likeness[likeness.len() / 2];
    let likeness_of = |other: &Vec<u32>| {
        let features = Features { hashes: other.clone(), words: Vec::new() };
        Model::new(&features, knowledge, |_| true).likeness(topic)
    };
    let nearest = others.iter().map(likeness_of).fold(0.0, f32::max);
    (middle > 0.0).then_some(((nearest + middle) / 2.0).max(nearest).max(middle * NEEDED_SHARE))
}

/// Returns how like the other examples of its topic an example is.
fn likeness_to_rest(example: &[u32], topic: usize, knowledge: &Knowledge) -> f32 {
    let features = Features { hashes: example.to_vec(), words: Vec::new() };
    let in_example: std::collections::HashSet<u32> = example.iter().copied().collect();
    let mut rest = knowledge.clone();
    let taught = u32::try_from(example.len()).unwrap_or(u32::MAX);
    rest.topics[topic].words = rest.topics[topic].words.saturating_sub(taught);
    for count in rest.counts.iter_mut().filter(|count| count.topic == topic && in_example.contains(&count.feature)) {
        count.count = count.count.saturating_sub(CORRECTION_WEIGHT);
    }
    rest.topics[topic].corrections = rest.topics[topic].corrections.saturating_sub(1);
    rest.counts.retain(|count| count.count > 0);
    Model::new(&features, &rest, |_| true).likeness(topic)
}
