//! Examples in memory, counted as a library does, and invented articles.

use std::collections::BTreeMap;

use classify::learned::{self, CORRECTION_WEIGHT, Count, Features, Knowledge, LearnedTopic};
use classify::{ClassifierInput, TopicChoice, TopicReason, word_scores};

/// Who filed an example.
#[derive(Clone, Copy, PartialEq)]
pub enum By {
    Publisher,
    Reader,
}

/// The examples of a library.
#[derive(Default)]
pub struct Examples {
    topics: Vec<LearnedTopic>,
    counts: BTreeMap<(u32, usize), u32>,
    all: Vec<(usize, Vec<u32>)>,
    /// Topics that were merged, with the ones that have their articles.
    pub merged: Vec<(String, String)>,
}

impl Examples {
    pub fn learn(&mut self, slug: &str, by: By, title: &str, text: &str) {
        let features = Features::of(title, text);
        let topic = self.topics.iter().position(|topic| topic.slug == slug).unwrap_or_else(|| {
            let topic = LearnedTopic { slug: slug.to_owned(), labels: 0, corrections: 0, words: 0, threshold: None };
            self.topics.push(topic);
            self.topics.len() - 1
        });
        let weight = if by == By::Reader { CORRECTION_WEIGHT } else { 1 };
        for hash in &features.hashes {
            *self.counts.entry((*hash, topic)).or_default() += weight;
        }
        let known = &mut self.topics[topic];
        known.words += u32::try_from(features.hashes.len()).unwrap();
        if by == By::Reader {
            known.corrections += 1;
        } else {
            known.labels += 1;
        }
        self.all.push((topic, features.hashes));
        if by == By::Reader {
            self.set_threshold(topic);
        }
    }

    fn set_threshold(&mut self, topic: usize) {
        let hashes = |is_in_topic: bool| -> Vec<Vec<u32>> {
            let found = self.all.iter().rev().filter(|(other, _)| (*other == topic) == is_in_topic);
            found.take(60).map(|(_, hashes)| hashes.clone()).collect()
        };
        let (examples, others) = (hashes(true), hashes(false));
        let knowledge = self.knowledge(&[examples.concat(), others.concat()].concat());
        self.topics[topic].threshold = learned::find_threshold(&examples, &others, topic, &knowledge);
    }

    pub fn knowledge(&self, features: &[u32]) -> Knowledge {
        let mut counts = Vec::new();
        let distinct: std::collections::BTreeSet<&u32> = features.iter().collect();
        for feature in distinct {
            let found = self.counts.range((*feature, 0)..=(*feature, usize::MAX));
            counts.extend(found.map(|((feature, topic), count)| Count {
                feature: *feature,
                topic: *topic,
                count: *count,
            }));
        }
        Knowledge { topics: self.topics.clone(), counts, merged: self.merged.clone() }
    }

    /// Chooses the topic of an article without labels.
    pub fn choose(&self, title: &str, text: &str) -> TopicChoice {
        let input = ClassifierInput { title, text, ..ClassifierInput::default() };
        let scores = word_scores::score_topics(title, text, None);
        let features = Features::of(title, text);
        let choice = classify::choose_topic_by(&input, &scores);
        learned::reconsider(choice, &scores, &features, &self.knowledge(&features.hashes))
    }

    pub fn slug(&self, title: &str, text: &str) -> String {
        self.choose(title, text).topic_slug().to_owned()
    }
}

/// Returns whether an article was filed by examples.
pub fn is_by_examples(choice: &TopicChoice) -> bool {
    matches!(choice.reason, TopicReason::Moved { .. } | TopicReason::Publishers { .. })
}

/// Repeatable random numbers.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }

    /// The frequency of words falls with their rank.
    fn rank(&mut self, end: usize) -> usize {
        let first = self.below(end) + 1;
        self.below(first)
    }

    /// Writes an article of an invented language: words of everyday, and some of its subject.
    pub fn article(&mut self, subject: usize) -> (String, String) {
        let mut word = |share_of_subject: usize| {
            if self.below(100) < share_of_subject {
                invent_word(10_000 + subject * 1_000 + self.rank(150))
            } else {
                invent_word(self.rank(4_000))
            }
        };
        let title: Vec<String> = (0..8).map(|_| word(25)).collect();
        let text: Vec<String> = (0..220).map(|_| word(20)).collect();
        (title.join(" "), text.join(" "))
    }
}

/// Makes a word out of syllables, different for each number.
fn invent_word(number: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["vo", "zu", "qui", "xa", "bro", "ke", "lyn", "gwa", "fi", "dre", "pho", "nim", "sto", "uru", "wex", "jat"];
    let mut rest = number + 17;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(SYLLABLES[rest % 16]);
        rest /= 16;
    }
    word
}
