//! The reader's own topics: articles that are as similar to their examples as these are to each other.

use foldhash::{HashMap, HashSet};

use crate::learned::mix::telling_words;
use crate::learned::model::Model;
use crate::learned::{CORRECTION_WEIGHT, Count, Features, Knowledge, LearnedTopic, MIN_OWN_EXAMPLES};
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
    let known = KnownFeatures::new(knowledge);
    let mut likeness: Vec<f32> =
        examples.iter().map(|example| likeness_of(example, topic, &known.without(example, topic))).collect();
    likeness.sort_by(f32::total_cmp);
    // Some examples are unlike all others.
    let middle = likeness[likeness.len() / 2];
    let nearest = others.iter().map(|other| likeness_of(other, topic, &known.about(other))).fold(0.0, f32::max);
    (middle > 0.0).then_some(((nearest + middle) / 2.0).max(nearest).max(middle * NEEDED_SHARE))
}

fn likeness_of(article: &[u32], topic: usize, knowledge: &Knowledge) -> f32 {
    let features = Features { hashes: article.to_vec(), words: Vec::new() };
    Model::new(&features, knowledge, |_| true).likeness(topic)
}

/// What is known about the features of many articles, by feature: each article is compared with its own counts alone.
struct KnownFeatures<'a> {
    topics: &'a [LearnedTopic],
    counts: HashMap<u32, Vec<Count>>,
}

impl<'a> KnownFeatures<'a> {
    fn new(knowledge: &'a Knowledge) -> Self {
        let mut counts: HashMap<u32, Vec<Count>> = HashMap::default();
        for count in &knowledge.counts {
            counts.entry(count.feature).or_default().push(*count);
        }
        Self { topics: &knowledge.topics, counts }
    }

    /// Returns what is known about the features of an article.
    fn about(&self, article: &[u32]) -> Knowledge {
        let features: HashSet<u32> = article.iter().copied().collect();
        let counts = features.iter().filter_map(|feature| self.counts.get(feature)).flatten().copied().collect();
        // The likeness of one topic does not depend on merges.
        Knowledge { topics: self.topics.to_vec(), counts, merged: Vec::new() }
    }

    /// Returns the same without what an example has taught about its topic.
    fn without(&self, example: &[u32], topic: usize) -> Knowledge {
        let mut rest = self.about(example);
        let taught = u32::try_from(example.len()).unwrap_or(u32::MAX);
        rest.topics[topic].words = rest.topics[topic].words.saturating_sub(taught);
        for count in rest.counts.iter_mut().filter(|count| count.topic == topic) {
            count.count = count.count.saturating_sub(CORRECTION_WEIGHT);
        }
        rest.topics[topic].corrections = rest.topics[topic].corrections.saturating_sub(1);
        rest.counts.retain(|count| count.count > 0);
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each example has ten features of its topic and two of its own.
    fn examples(first: u32) -> Vec<Vec<u32>> {
        (0..6).map(|at| (first..first + 10).chain([first + 100 + at, first + 200 + at]).collect()).collect()
    }

    fn knowledge_of(topics: &[Vec<Vec<u32>>]) -> Knowledge {
        let mut knowledge = Knowledge::default();
        for (topic, examples) in topics.iter().enumerate() {
            let words = u32::try_from(examples.concat().len()).unwrap();
            let slug = format!("topic-{topic}");
            knowledge.topics.push(LearnedTopic { slug, labels: 0, corrections: 6, words, threshold: None });
            for feature in examples.concat() {
                match knowledge.counts.iter_mut().find(|count| (count.feature, count.topic) == (feature, topic)) {
                    Some(count) => count.count += CORRECTION_WEIGHT,
                    None => knowledge.counts.push(Count { feature, topic, count: CORRECTION_WEIGHT }),
                }
            }
        }
        knowledge
    }

    #[test]
    fn a_threshold_is_between_the_examples_and_the_others_and_needs_only_their_own_counts() {
        let topics = [examples(0), examples(5), examples(1000)];
        let mut knowledge = knowledge_of(&topics);
        let find = |knowledge: &Knowledge| find_threshold(&topics[0], &topics[1], 0, knowledge);
        let threshold = find(&knowledge).unwrap();
        for other in &topics[1] {
            assert!(likeness_of(other, 0, &knowledge) <= threshold);
        }
        for example in &topics[0] {
            let mut rest = topics.clone();
            rest[0].retain(|other| other != example);
            let mut rest = knowledge_of(&rest);
            rest.topics[0].corrections = 5;
            assert!(likeness_of(example, 0, &rest) > threshold, "compared with the rest");
        }
        knowledge.counts.retain(|count| count.feature < 1000);
        assert_eq!(find(&knowledge), Some(threshold));
        knowledge.counts.reverse();
        assert_eq!(find(&knowledge), Some(threshold), "in any order");
        assert_eq!(find_threshold(&topics[0][..4], &topics[1], 0, &knowledge), None);
    }
}
