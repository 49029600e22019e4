//! Chooses the topic of an article, finds its key phrases, and detects near-duplicates. Pure.
//!
//! The publisher knows best, so its sections count first, then the URL, then its tags, unless the words plainly disagree.
//! Only then do the article's words decide, and only by a clear margin: a wrong topic annoys more than none, so a doubtful
//! article stays Unsorted with two suggestions.

use serde::{Deserialize, Serialize};
use url::Url;

mod topic_choice;
mod normalize;
pub mod similarity;
mod publisher_labels;
mod reason;
mod language;
mod lexicon;
pub mod topics;
pub mod wide_sections;
pub mod keywords;
pub mod learned;
pub mod key_phrases;
pub mod word_scores;
pub mod word_forms;

pub use reason::TopicReason;
pub use topics::Topic;

use topics::SectionNames;

/// What the topic is chosen by. Any field may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassifierInput<'a> {
    /// The publisher's sections, most important first.
    pub sections: &'a [String],
    /// The publisher's tags.
    pub tags: &'a [String],
    /// The article's URL.
    pub url: Option<&'a Url>,
    /// What stands before the registrable domain in its host: `sport` for `sport.example.org`.
    pub subdomain: Option<&'a str>,
    /// The headline.
    pub title: &'a str,
    /// The plain text. Only the beginning of a long text is read.
    pub text: &'a str,
    /// A language tag (`en`, `pt-BR`). Without one the language is detected from the text.
    pub language: Option<&'a str>,
}

/// The topic of an article, why it was chosen, and alternatives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicChoice {
    /// `None` is Unsorted.
    pub topic: Option<Topic>,
    /// Why it has this topic, or none.
    pub reason: TopicReason,
    /// At most two other topics, best first: the best candidates for an Unsorted article, else the runners-up. Never
    /// the chosen topic.
    pub suggestions: Vec<Topic>,
}

/// Chooses the topic of an article.
pub fn choose_topic(input: &ClassifierInput) -> TopicChoice {
    choose_topic_by(input, &word_scores::score_topics(input.title, input.text, input.language))
}

/// Chooses the topic of an article whose words are scored already.
pub fn choose_topic_by(input: &ClassifierInput, scores: &word_scores::TopicScores) -> TopicChoice {
    let names = SectionNames { language: input.language.and_then(language::two_letter_code) };
    // A section may be named like something else, and more often a part of a URL is no section: "adopt-a-school".
    let agrees = |found: &(Topic, TopicReason)| !scores.disagree_with(found.0, word_scores::PLAIN_SCORE);
    let found = publisher_labels::topic_from_sections(names, input.sections)
        .filter(|found| !scores.disagree_with(found.0, word_scores::OVERWHELMING_SCORE))
        .or_else(|| publisher_labels::topic_from_url(names, input.url?, input.subdomain, input.title).filter(agrees))
        .or_else(|| publisher_labels::topic_from_tags(names, input.tags).filter(agrees));
    let Some((topic, reason)) = found else { return choose_by_words(scores) };
    TopicChoice { topic: Some(topic), reason, suggestions: scores.suggestions(Some(topic)) }
}

/// Chooses by the words alone.
fn choose_by_words(scores: &word_scores::TopicScores) -> TopicChoice {
    let topic = scores.clear_winner();
    let reason = match topic {
        Some(_) => TopicReason::Words { words: scores.telling_words.clone() },
        None => TopicReason::Unsure { between: scores.suggestions(None) },
    };
    TopicChoice { topic, reason, suggestions: scores.suggestions(topic) }
}
