//! Filing: which topic an article belongs to and why, and whether two texts are the same. Pure.
//!
//! The publisher knows best, so its own sections are asked first, then its address, then its tags.
//! Only then do the article's words decide, and only by a clear margin: a wrong topic annoys
//! more than none, so a doubtful article stays Unsorted with two suggestions.

use serde::{Deserialize, Serialize};
use url::Url;

mod topic_choice;
mod normalize;
pub mod similarity;
mod publisher_labels;
mod reason;
mod word_lists;
pub mod topics;
pub mod word_scores;

pub use reason::TopicReason;
pub use topics::Topic;

/// What is known of an article when it is filed. Anything may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassifierInput<'a> {
    /// The publisher's own sections, most important first.
    pub sections: &'a [String],
    /// The publisher's tags.
    pub tags: &'a [String],
    /// Where the article is from.
    pub url: Option<&'a Url>,
    /// The headline.
    pub title: &'a str,
    /// The plain text. Of a long one only the beginning is read.
    pub text: &'a str,
    /// A language tag (`en`, `pt-BR`); without one the language is detected from the text.
    pub language: Option<&'a str>,
}

/// How an article is filed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicChoice {
    /// `None` is Unsorted.
    pub topic: Option<Topic>,
    /// Why this topic, or why none.
    pub reason: TopicReason,
    /// At most two other topics, best first: for an Unsorted article those that came closest,
    /// else the runners-up. Never the chosen one.
    pub suggestions: Vec<Topic>,
}

/// Files an article.
pub fn choose_topic(input: &ClassifierInput) -> TopicChoice {
    let scores = word_scores::score_topics(input.title, input.text, input.language);
    let found = publisher_labels::topic_from_sections(input.sections)
        .or_else(|| publisher_labels::topic_from_url(input.url?, input.title))
        .or_else(|| publisher_labels::topic_from_tags(input.tags))
        .or_else(|| Some((scores.clear_winner()?, TopicReason::Words { words: scores.telling_words.clone() })));
    let (topic, reason) = match found {
        Some((topic, reason)) => (Some(topic), reason),
        None => (None, TopicReason::Unsure { between: scores.suggestions(None) }),
    };
    TopicChoice { topic, reason, suggestions: scores.suggestions(topic) }
}
