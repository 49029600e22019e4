//! Scores topics by the words of an article.
//!
//! Each known term adds its weight to its topics: more in the title than in the lead, more in the lead than in the
//! rest, and less with each repetition. Long texts contain more terms of every kind by chance, so their scores are
//! reduced.

use foldhash::HashMap;

use crate::lexicon::{Lexicon, TermsInText};
use crate::{Topic, language, normalize};

/// How much one mention counts, by where it is.
const TITLE_WEIGHT: f32 = 4.0;
const LEAD_WEIGHT: f32 = 2.0;
const BODY_WEIGHT: f32 = 1.0;

/// Words in the lead, about the first two paragraphs, where news says what it is about.
const LEAD_WORDS: usize = 80;

/// Words that are read. Enough to know what an article is about, and limits the time.
const MAX_WORDS: usize = 2_500;

/// Length of a short text. The scores of a text n times longer are divided by the square root of n.
const SHORT_TEXT_WORDS: f32 = 150.0;

/// The lowest score for an answer: one telling word in the title, or some in the text.
const MIN_SCORE: f32 = 5.0;

/// How many times higher the best score must be than the next.
const MIN_MARGIN: f32 = 1.25;

/// Scores of another topic that outweigh a part of a URL or a tag, and a section.
pub(super) const PLAIN_SCORE: f32 = 12.0;
pub(super) const OVERWHELMING_SCORE: f32 = 18.0;
/// The highest share of such a score that the publisher's topic may have.
const MAX_DISAGREEING_SHARE: f32 = 0.1;

/// How much evidence for a topic counts. Every newspaper has sections for some topics; the others are parts of them in most
/// papers, and must be clearly ahead: a minister's words on a war are politics, the price of a harvest is business.
const fn prior(topic: Topic) -> f32 {
    match topic {
        Topic::Politics
        | Topic::Business
        | Topic::Technology
        | Topic::Science
        | Topic::Health
        | Topic::Sport
        | Topic::Culture => 1.0,
        Topic::Crime
        | Topic::Conflict
        | Topic::Environment
        | Topic::Disaster
        | Topic::Education
        | Topic::Religion
        | Topic::Lifestyle
        | Topic::Society => 0.75,
    }
}

/// Telling words that are returned.
const MAX_TELLING_WORDS: usize = 4;

/// The scores of the topics for an article.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicScores {
    /// Topics with their scores, best first. Scores are above 0; from 5 they can be trusted.
    pub ranking: Vec<(Topic, f32)>,
    /// The most telling words for the best topic as written in the article, best first.
    pub telling_words: Vec<String>,
}

/// Scores topics. `language` is a tag such as `en`; without one the language is detected.
pub fn score_topics(title: &str, text: &str, language: Option<&str>) -> TopicScores {
    let lexicon = Lexicon::for_language(&language::known_or_detected(language, title, text));
    let mut counts = TermCounts { lexicon, positions: HashMap::default(), counts: Vec::new() };
    let mut terms = TermsInText::new(lexicon);
    terms.find(title, MAX_WORDS, |found| counts.add(found.term, found.written, TITLE_WEIGHT * found.likeness));
    let length = terms.find(text, MAX_WORDS, |found| {
        let weight = if found.at < LEAD_WORDS { LEAD_WEIGHT } else { BODY_WEIGHT };
        counts.add(found.term, found.written, weight * found.likeness);
    });
    #[expect(clippy::cast_precision_loss, reason = "at most MAX_WORDS")]
    counts.scores((length as f32 / SHORT_TEXT_WORDS).max(1.0).sqrt())
}

impl TopicScores {
    /// Returns the best topic if its score is high enough and clearly the highest.
    pub fn clear_winner(&self) -> Option<Topic> {
        let &(topic, best) = self.ranking.first()?;
        let next = self.ranking.get(1).map_or(0.0, |(_, score)| *score);
        (best >= MIN_SCORE && best >= next * MIN_MARGIN).then_some(topic)
    }

    /// Adds up the scores of topics that have one `root`. The best of them stands for all.
    pub(super) fn folded<'a>(&self, root: impl Fn(Topic) -> &'a str) -> Self {
        let mut ranking: Vec<(Topic, f32)> = Vec::new();
        for (topic, score) in &self.ranking {
            match ranking.iter_mut().find(|(other, _)| root(*other) == root(*topic)) {
                Some((_, sum)) => *sum += score,
                None => ranking.push((*topic, *score)),
            }
        }
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1));
        let is_first = ranking.first().map(|(topic, _)| topic) == self.ranking.first().map(|(topic, _)| topic);
        Self { ranking, telling_words: if is_first { self.telling_words.clone() } else { Vec::new() } }
    }

    /// Returns whether the words are clearly about another topic, with this score at least, and hardly about this one.
    pub(super) fn disagree_with(&self, topic: Topic, min_score: f32) -> bool {
        let Some(winner) = self.clear_winner().filter(|winner| *winner != topic) else { return false };
        let score = |topic| self.ranking.iter().find(|(other, _)| *other == topic).map_or(0.0, |(_, score)| *score);
        score(winner) >= min_score && score(topic) < score(winner) * MAX_DISAGREEING_SHARE
    }

    /// Returns the confidence in the best topic, from 0 to 1, by its margin and the amount of evidence. For ranking
    /// answers; not a probability.
    pub fn confidence(&self) -> f32 {
        let score = |at: usize| self.ranking.get(at).map_or(0.0, |(_, score)| *score);
        let (best, next) = (score(0), score(1));
        if best > 0.0 { (best - next) / (best + MIN_SCORE) } else { 0.0 }
    }

    /// Returns the two best topics other than `except`.
    pub(super) fn suggestions(&self, except: Option<Topic>) -> Vec<Topic> {
        let topics = self.ranking.iter().map(|(topic, _)| *topic);
        topics.filter(|topic| Some(*topic) != except).take(2).collect()
    }
}

/// The weighted count of one term, and how the article first writes it.
struct TermCount<'a> {
    term: usize,
    written: &'a str,
    count: f32,
}

struct TermCounts<'a> {
    lexicon: &'static Lexicon,
    /// Positions in `counts`, by term.
    positions: HashMap<usize, usize>,
    counts: Vec<TermCount<'a>>,
}

impl<'a> TermCounts<'a> {
    fn add(&mut self, term: usize, written: &'a str, count: f32) {
        let position = *self.positions.entry(term).or_insert(self.counts.len());
        if position == self.counts.len() {
            self.counts.push(TermCount { term, written, count: 0.0 });
        }
        self.counts[position].count += count;
    }

    fn scores(&self, length: f32) -> TopicScores {
        let mut totals = [0.0; Topic::ALL.len()];
        for counted in &self.counts {
            for (topic, weight) in self.lexicon.topic_weights(counted.term) {
                totals[topic.index()] += weight * counted.count.sqrt() / length;
            }
        }
        let scored = Topic::ALL.into_iter().zip(totals).map(|(topic, total)| (topic, total * prior(topic)));
        let mut ranking: Vec<(Topic, f32)> = scored.collect();
        ranking.retain(|(_, score)| *score > 0.0);
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1));
        let telling_words = ranking.first().map_or(vec![], |(topic, _)| self.telling_words_for(*topic));
        TopicScores { ranking, telling_words }
    }

    fn telling_words_for(&self, topic: Topic) -> Vec<String> {
        let score = |counted: &TermCount| {
            let topic_weights = self.lexicon.topic_weights(counted.term);
            let weight = topic_weights.iter().find(|(other, _)| *other == topic)?.1;
            Some(weight * counted.count.sqrt())
        };
        let mut scored: Vec<(f32, &str)> =
            self.counts.iter().filter_map(|counted| Some((score(counted)?, counted.written))).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.iter().take(MAX_TELLING_WORDS).map(|(_, word)| join_words(word)).collect()
    }
}

/// Joins the words of a phrase, which may be on two lines or separated by punctuation, with spaces.
fn join_words(written: &str) -> String {
    normalize::word_spans(written).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}
