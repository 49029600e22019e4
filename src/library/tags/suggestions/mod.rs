//! Tags that are suggested for an article: tags of the reader that fit, then the publisher's keywords, then key phrases of
//! the text. None is added by itself.

mod store;

pub(in crate::library) use store::{
    FoundPhrases, find_phrases, renew_declined_key, renew_phrases, set_never_suggested_key, write_phrases,
};
pub use store::{
    NeverSuggested, allow, decline, find_declined, find_never_suggested, find_next_phrases, list_never_suggested,
    never_suggest, take_back_declined,
};

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::library::tags::{self, Tag};

/// Tags suggested for an article at most.
pub const MAX_SUGGESTIONS: usize = 5;

/// A suggested tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a suggestion comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A tag of the reader.
    Tag,
    /// A keyword of the publisher.
    Keyword,
    /// The text.
    Text,
}

/// What the library knows that may be suggested for an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Candidates {
    /// The publisher's keywords and the key phrases of the text, best first.
    pub phrases: Vec<Phrase>,
    /// Tags that mean the same as one of these, by their name or another one.
    pub tags: Vec<MatchingTag>,
    /// Slugs and keys of what the reader has turned down for this article or for all.
    pub declined: Vec<(String, String)>,
    /// The language that the phrases were found in: names are compared with them in that one.
    pub language: Option<String>,
}

/// A keyword or key phrase, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase(
    /// What it is matched with tags by.
    String,
    /// How it is called, if that is a good name for a tag.
    Option<String>,
    /// It is a keyword of the publisher.
    bool,
);

/// A tag that means the same as a phrase: the key of the phrase, and the name of the tag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MatchingTag(String, String);

/// What an article shows already, so that it is not suggested.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Its tags.
    pub tags: &'a [Tag],
    /// The name of its topic.
    pub topic: &'a str,
    /// The name of its source.
    pub source: &'a str,
    /// The domain of its source.
    pub domain: &'a str,
    /// Its authors.
    pub byline: &'a str,
}

/// Returns the tags to suggest for an article, best first.
#[must_use]
pub fn suggest(candidates: &Candidates, shown: &Shown) -> Vec<Suggestion> {
    let mut choice = Choice::new(candidates, shown);
    for phrase in &candidates.phrases {
        for tag in candidates.tags.iter().filter(|tag| tag.0 == phrase.0) {
            choice.add(&tag.1, &phrase.0, Origin::Tag);
        }
    }
    for origin in [Origin::Keyword, Origin::Text] {
        for Phrase(key, name, is_keyword) in &candidates.phrases {
            if let Some(name) = name
                && *is_keyword == (origin == Origin::Keyword)
            {
                choice.add(name, key, origin);
            }
        }
    }
    choice.suggestions
}

/// What was chosen so far, and what is not to be chosen.
struct Choice<'a> {
    suggestions: Vec<Suggestion>,
    /// The keys of the suggestions.
    keys: Vec<String>,
    /// Slugs and keys.
    taken: HashSet<String>,
    /// The keys of the source and the authors.
    source: String,
    byline: String,
    language: Option<&'a str>,
}

impl<'a> Choice<'a> {
    fn new(candidates: &'a Candidates, shown: &Shown) -> Self {
        let language = candidates.language.as_deref();
        let mut taken: HashSet<String> = HashSet::new();
        for (slug, key) in &candidates.declined {
            taken.extend([slug.clone(), key.clone()]);
        }
        let site = shown.domain.split('.').next().unwrap_or_default();
        let names =
            shown.tags.iter().map(|tag| tag.name.as_str()).chain([shown.topic, shown.source, shown.domain, site]);
        for name in names {
            taken.extend([tags::slugify(name), tags::key(name, language)]);
        }
        let [source, byline] = [shown.source, shown.byline].map(|name| tags::key(name, language));
        Self { suggestions: Vec::new(), keys: Vec::new(), taken, source, byline, language }
    }

    fn add(&mut self, name: &str, phrase: &str, origin: Origin) {
        if self.suggestions.len() >= MAX_SUGGESTIONS {
            return;
        }
        let name = tags::normalize_name(name);
        let (slug, key) = (tags::slugify(&name), tags::key(&name, self.language));
        let is_taken = slug.is_empty() || [slug.as_str(), &key, phrase].iter().any(|word| self.taken.contains(*word));
        let is_new = origin == Origin::Tag || !(self.is_name_of_publisher(&key) || self.overlaps(&key));
        // What a tag stands for is not suggested beside it.
        if !is_taken && is_new {
            self.suggestions.push(Suggestion { name, origin });
            self.keys.push(key.clone());
            self.taken.extend([slug, key]);
        }
        if origin == Origin::Tag {
            self.taken.insert(phrase.to_owned());
        }
    }

    /// Returns whether a key is that of an author, or begins with that of the source.
    fn is_name_of_publisher(&self, key: &str) -> bool {
        let has_words =
            |text: &str, words: &str| !words.is_empty() && format!("-{text}-").contains(&format!("-{words}-"));
        has_words(&self.byline, key)
            || has_words(key, &self.byline)
            || (!self.source.is_empty() && key.starts_with(&format!("{}-", self.source)))
    }

    /// Returns whether a suggestion has all words of a key, or the other way round.
    fn overlaps(&self, key: &str) -> bool {
        let has_all = |long: &str, short: &str| short.split('-').all(|word| long.split('-').any(|other| other == word));
        self.keys.iter().any(|other| has_all(other, key) || has_all(key, other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(name: &str, is_keyword: bool) -> Phrase {
        Phrase(tags::key(name, Some("en")), Some(name.to_owned()), is_keyword)
    }

    fn matching(phrase: &str, tag: &str) -> MatchingTag {
        MatchingTag(tags::key(phrase, Some("en")), tag.to_owned())
    }

    fn names(suggestions: &[Suggestion]) -> Vec<&str> {
        suggestions.iter().map(|suggestion| suggestion.name.as_str()).collect()
    }

    fn candidates() -> Candidates {
        let keywords = ["Night ferries", "Port Ellis", "US", "Budget, public"].map(|name| phrase(name, true));
        let texts = ["Ines Marlowe", "night ferry", "ferry", "Harbour Post", "fuel prices", "Bank of Ellery"];
        Candidates {
            phrases: keywords.into_iter().chain(texts.map(|name| phrase(name, false))).collect(),
            tags: vec![matching("US", "United States"), matching("ferry", "Ferries")],
            declined: Vec::new(),
            language: Some("en".to_owned()),
        }
    }

    #[test]
    fn own_tags_come_first_then_keywords_then_phrases() {
        let suggested = suggest(&candidates(), &Shown::default());
        assert_eq!(names(&suggested), ["United States", "Ferries", "Port Ellis", "Budget public", "Ines Marlowe"]);
        assert_eq!(
            suggested.iter().map(|one| one.origin).collect::<Vec<_>>(),
            [Origin::Tag, Origin::Tag, Origin::Keyword, Origin::Keyword, Origin::Text]
        );
    }

    #[test]
    fn what_the_article_shows_already_is_not_suggested() {
        let tag = |name: &str| Tag { id: 1, slug: tags::slugify(name), name: name.to_owned() };
        let shown = Shown {
            tags: &[tag("United States"), tag("fuel price")],
            topic: "Port Ellis",
            source: "Harbour Post",
            domain: "harbour.example",
            byline: "Ines Marlowe and Bo Ek",
        };
        let suggested = suggest(&candidates(), &shown);
        assert_eq!(
            names(&suggested),
            ["Ferries", "Budget public", "Bank of Ellery"],
            "nor what a tag of it stands for"
        );
    }

    #[test]
    fn what_was_turned_down_stays_away_in_all_its_forms() {
        let declined = vec![("ferry".to_owned(), tags::key("ferry", Some("en"))), ("us".to_owned(), "us".to_owned())];
        let suggested = suggest(&Candidates { declined, ..candidates() }, &Shown::default());
        assert_eq!(names(&suggested)[..2], ["Night ferries", "Port Ellis"]);
        assert!(!names(&suggested).contains(&"United States"), "{suggested:?}");
    }

    #[test]
    fn nothing_known_suggests_nothing() {
        assert_eq!(suggest(&Candidates::default(), &Shown::default()), []);
    }
}
