//! Mixes what was learned with the vocabulary's scores.

use crate::learned::model::{Model, to_float};
use crate::learned::{CORRECTION_WEIGHT, Features, Knowledge, LearnedTopic};
use crate::word_scores::TopicScores;
use crate::{Topic, TopicChoice, TopicReason};

/// Examples from which on a topic is known.
const MIN_EXAMPLES: u32 = 3;

/// Known topics from which on the model is asked: fewer cannot be told apart.
const MIN_TOPICS: usize = 2;

/// How far the best topic must be ahead: as in the vocabulary, a fourth.
const MIN_MARGIN: f32 = 0.223;

/// Evidence that suffices without the vocabulary, in nats.
const MIN_EVIDENCE: f32 = 0.5;

/// Score that suffices without examples, as in the vocabulary.
const MIN_SCORE: f32 = 5.0;

/// What a topic has that no known word stands for: the vocabulary does not know all words.
const UNKNOWN_SHARE: f32 = 0.02;

/// How much the frequency of a topic counts. Less than its full weight, since what readers correct is no fair sample.
const FREQUENCY_WEIGHT: f32 = 0.5;

/// Words that a reason names.
const MAX_TELLING_WORDS: usize = 4;

/// A topic with the reasons for it.
struct Candidate {
    topic: Topic,
    /// Its position among the learned topics.
    learned: Option<usize>,
    score: f32,
    evidence: f32,
    total: f32,
}

/// Chooses among the built-in topics. `None` if too little has been learned for an opinion.
pub(super) fn choose(scores: &TopicScores, features: &Features, knowledge: &Knowledge) -> Option<TopicChoice> {
    let built_in = |at: usize| Topic::from_slug(&knowledge.topics[at].slug);
    let known = knowledge
        .topics
        .iter()
        .enumerate()
        .filter(|(at, topic)| built_in(*at).is_some() && topic.labels + topic.corrections >= MIN_EXAMPLES);
    if known.count() < MIN_TOPICS {
        return None;
    }
    let model = Model::new(features, knowledge, |at| built_in(at).is_some());
    let candidates = fold(rank(scores, &model, knowledge), knowledge);
    let suggestions = |except: Option<Topic>| -> Vec<Topic> {
        let topics = candidates.iter().filter(|candidate| candidate.score > 0.0 || candidate.evidence > 0.0);
        topics.map(|candidate| candidate.topic).filter(|topic| Some(*topic) != except).take(2).collect()
    };
    let [best, next, ..] = candidates.as_slice() else { return None };
    let is_sure = best.score >= MIN_SCORE || best.evidence >= MIN_EVIDENCE;
    if !is_sure || best.total - next.total < MIN_MARGIN {
        let between = suggestions(None);
        return Some(TopicChoice {
            topic: None,
            reason: TopicReason::Unsure { between: between.clone() },
            suggestions: between,
        });
    }
    let by_words = scores.folded(|topic| knowledge.root(topic)).clear_winner();
    let is_by_words = by_words.is_some_and(|winner| knowledge.root(winner) == knowledge.root(best.topic));
    let reason = match best.learned.filter(|_| !is_by_words && best.evidence > 0.0) {
        Some(at) => reason_of(&knowledge.topics[at], telling_words(features, &model, at)),
        None => TopicReason::Words { words: words_for(scores, best.topic) },
    };
    Some(TopicChoice { topic: Some(best.topic), reason, suggestions: suggestions(Some(best.topic)) })
}

/// Ranks all built-in topics, best first.
fn rank(scores: &TopicScores, model: &Model, knowledge: &Knowledge) -> Vec<Candidate> {
    let sum: f32 = scores.ranking.iter().map(|(_, score)| score).sum::<f32>() + MIN_SCORE;
    let learned = |topic: Topic| knowledge.topics.iter().position(|known| known.slug == topic.slug());
    let examples = |at: usize| knowledge.topics[at].labels + knowledge.topics[at].corrections * CORRECTION_WEIGHT;
    let all: Vec<(Topic, Option<usize>)> = Topic::ALL.into_iter().map(|topic| (topic, learned(topic))).collect();
    let seen: Vec<f32> = all.iter().filter_map(|(_, at)| Some(model.evidence((*at)?))).collect();
    let seen_topics = u32::try_from(seen.len()).unwrap_or(u32::MAX);
    // A topic without examples is neither likely nor unlikely.
    let average = seen.iter().sum::<f32>() / to_float(seen_topics).max(1.0);
    let total: u32 = all.iter().filter_map(|(_, at)| at.map(examples)).sum();
    let mut candidates: Vec<Candidate> = all
        .iter()
        .map(|(topic, at)| {
            let score = scores.ranking.iter().find(|(other, _)| other == topic).map_or(0.0, |(_, score)| *score);
            let count = at.map_or(0.0, |at| to_float(examples(at)));
            let trust = count / (count + to_float(MIN_EXAMPLES));
            let evidence = at.map_or(0.0, |at| model.evidence(at));
            let frequency = (count + 1.0) / (to_float(total) + 15.0);
            let learned = trust * evidence + (1.0 - trust) * average + FREQUENCY_WEIGHT * frequency.ln();
            let total = (score / sum + UNKNOWN_SHARE).ln() + learned;
            Candidate { topic: *topic, learned: *at, score, evidence, total }
        })
        .collect();
    sort(&mut candidates);
    candidates
}

/// Takes topics that were merged into one together: they are as likely as all of them in sum, and the likeliest stands for
/// them. `candidates` are ranked, and so are those returned.
fn fold(candidates: Vec<Candidate>, knowledge: &Knowledge) -> Vec<Candidate> {
    if knowledge.merged.is_empty() {
        return candidates;
    }
    let mut folded: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let root = knowledge.root(candidate.topic);
        match folded.iter_mut().find(|other| knowledge.root(other.topic) == root) {
            Some(likelier) => {
                likelier.total += (candidate.total - likelier.total).exp().ln_1p();
                likelier.score += candidate.score;
                likelier.evidence = likelier.evidence.max(candidate.evidence);
            }
            None => folded.push(candidate),
        }
    }
    sort(&mut folded);
    folded
}

fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| b.total.total_cmp(&a.total).then(a.topic.cmp(&b.topic)));
}

/// Returns the reason by what most of the topic's examples are.
fn reason_of(topic: &LearnedTopic, words: Vec<String>) -> TopicReason {
    if topic.corrections > 0 && topic.corrections * CORRECTION_WEIGHT >= topic.labels {
        return TopicReason::Moved { articles: topic.corrections, words, own: None };
    }
    TopicReason::Publishers { words }
}

/// Returns the words of the article that speak most for a topic.
pub(super) fn telling_words(features: &Features, model: &Model, topic: usize) -> Vec<String> {
    model.telling(topic, MAX_TELLING_WORDS).into_iter().map(|at| features.words[at].clone()).collect()
}

/// Returns the telling words if they are those of this topic.
fn words_for(scores: &TopicScores, topic: Topic) -> Vec<String> {
    let is_first = scores.ranking.first().is_some_and(|(first, _)| *first == topic);
    if is_first { scores.telling_words.clone() } else { Vec::new() }
}
