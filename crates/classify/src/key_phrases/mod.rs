//! Finds the key phrases of a text: what it is about in its own words, as names for tags, and the keys by which it is
//! matched with tags.
//!
//! Candidates are words in a row without function words and punctuation, as in RAKE (Rose, Engel, Cramer, Cowley:
//! Automatic keyword extraction from individual documents, 2010). They are scored by what the text alone shows, as in
//! YAKE! (Campos et al.: YAKE! Keyword extraction from single documents using multiple local features, Information
//! Sciences 509, 2020): how often they occur, how early, in the title or not, and with a capital within a sentence.

mod languages;
mod words;
mod candidates;
mod unspaced;
#[cfg(test)]
mod tests;

use candidates::Candidates;
pub(crate) use languages::PhraseRules;
use words::Words;

use crate::language::{self, Language};
use crate::normalize;

/// Words of a text that are read: what it is about comes up before, and it limits the time.
const MAX_WORDS: usize = 2_500;

/// Phrases that are offered as names at most.
const MAX_NAMES: usize = 12;

/// Phrases that are found at most, to be matched with tags.
const MAX_PHRASES: usize = 48;

/// A phrase of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPhrase {
    /// What it is matched by, as of [`key`].
    pub key: String,
    /// As the text writes it, if it is a good name for a tag.
    pub name: Option<String>,
}

/// Returns the key of a name: its folded stems, joined with `-`. Names with the same key mean the same, such as `Ferry` and
/// `ferries`. Without a known language nothing is stemmed.
///
/// ```
/// assert_eq!(classify::key_phrases::key("Night ferries", Some("en")), classify::key_phrases::key("night-ferry", Some("en")));
/// ```
#[must_use]
pub fn key(name: &str, language: Option<&str>) -> String {
    let language = Language::of(&language.unwrap_or_default().to_lowercase());
    normalize::word_spans(name).map(|(_, word)| language.stem(word)).collect::<Vec<_>>().join("-")
}

/// Returns the phrases of a text, best first. `language` is a tag such as `en`; without one it is detected.
#[must_use]
pub fn find(title: &str, text: &str, language: Option<&str>) -> Vec<KeyPhrase> {
    let rules = PhraseRules::of(&language_of(language, text));
    if rules.language.is_unspaced() {
        return unspaced::find(rules, title, text);
    }
    let mut words = Words::new(rules);
    let title = words.read(title, MAX_WORDS);
    let text = words.read(text, MAX_WORDS);
    let mut candidates = Candidates::new(&words);
    if !words.is_title_case(&title) {
        candidates.count(&title);
    }
    candidates.count(&text);
    candidates.mark_title(&title);
    candidates.join_names();
    candidates.rank()
}

/// Returns the language of a text: the one that is known, else the one that it is detected to be in; empty if unclear.
#[must_use]
pub fn language_of(known: Option<&str>, text: &str) -> String {
    language::known_or_detected(known, "", text)
}
