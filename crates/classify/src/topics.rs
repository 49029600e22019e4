//! The built-in topics, and the names publishers use for them.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// One of the fifteen built-in topics, after the [IPTC Media Topics](https://iptc.org/standards/media-topics/). Readers
/// can add their own; Unsorted is not a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Government, parties, elections, diplomacy.
    Politics,
    /// Economy, companies, markets, work.
    Business,
    /// Computers, the internet, devices.
    Technology,
    /// Research, space, nature from the view of science.
    Science,
    /// Illness, medicine, care.
    Health,
    /// Sports and competitions.
    Sport,
    /// Arts, film, music, books, famous people.
    Culture,
    /// Offences, police, courts.
    Crime,
    /// War, terror, armed unrest.
    Conflict,
    /// Climate, nature, weather, farming.
    Environment,
    /// Accidents, fires, floods, earthquakes.
    Disaster,
    /// Schools, universities.
    Education,
    /// Faiths and their communities.
    Religion,
    /// Food, travel, home, fashion.
    Lifestyle,
    /// How people live together: families, migration, equality.
    Society,
}

impl Topic {
    /// All topics, in the order of a newspaper.
    pub const ALL: [Self; 15] = [
        Self::Politics,
        Self::Business,
        Self::Technology,
        Self::Science,
        Self::Health,
        Self::Sport,
        Self::Culture,
        Self::Crime,
        Self::Conflict,
        Self::Environment,
        Self::Disaster,
        Self::Education,
        Self::Religion,
        Self::Lifestyle,
        Self::Society,
    ];

    /// Returns its name in URLs and in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Politics => "politics",
            Self::Business => "business",
            Self::Technology => "technology",
            Self::Science => "science",
            Self::Health => "health",
            Self::Sport => "sport",
            Self::Culture => "culture",
            Self::Crime => "crime",
            Self::Conflict => "conflict",
            Self::Environment => "environment",
            Self::Disaster => "disaster",
            Self::Education => "education",
            Self::Religion => "religion",
            Self::Lifestyle => "lifestyle",
            Self::Society => "society",
        }
    }

    /// Returns its name for readers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Politics => "Politics",
            Self::Business => "Business",
            Self::Technology => "Technology",
            Self::Science => "Science",
            Self::Health => "Health",
            Self::Sport => "Sport",
            Self::Culture => "Culture",
            Self::Crime => "Crime",
            Self::Conflict => "War and conflict",
            Self::Environment => "Environment",
            Self::Disaster => "Disasters",
            Self::Education => "Education",
            Self::Religion => "Religion",
            Self::Lifestyle => "Lifestyle",
            Self::Society => "Society",
        }
    }

    /// Returns the topic with this [`slug`](Self::slug); case matters.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.slug() == slug)
    }

    /// Returns its index in [`ALL`](Self::ALL).
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The section names that an article in a language may have.
#[derive(Clone, Copy)]
pub(super) struct SectionNames<'a> {
    /// A two-letter code. Without one, names of all languages count.
    pub(super) language: Option<&'a str>,
}

impl SectionNames<'_> {
    /// Returns the topic of a slugified section name.
    pub(super) fn find(self, slug: &str) -> Option<Topic> {
        let (topic, languages) = SECTION_TOPICS.get(slug).copied()?;
        let is_own = self.language.is_none_or(|language| languages.split(' ').any(|other| other == language));
        (languages.is_empty() || is_own).then_some(topic)
    }
}

/// `sections.tsv`: a header, then `word topic languages` lines; the words are slugs, the languages codes with spaces
/// between them. Without languages, publishers in all of them use the word.
static SECTION_TOPICS: LazyLock<HashMap<&'static str, (Topic, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("sections.tsv").lines().skip(1);
    let entry = |line: &'static str| {
        let mut fields = line.split('\t');
        let (word, topic) = (fields.next()?, Topic::from_slug(fields.next()?)?);
        Some((word, (topic, fields.next().unwrap_or_default())))
    };
    lines.filter_map(entry).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize;

    #[test]
    fn topics_round_trip_through_their_slugs() {
        for (position, topic) in Topic::ALL.into_iter().enumerate() {
            assert_eq!(topic.index(), position);
            assert_eq!(Topic::from_slug(topic.slug()), Some(topic));
            assert!(topic.name().to_lowercase().contains(topic.slug()), "{topic}");
            assert_eq!(serde_json::to_string(&topic).unwrap(), format!("\"{}\"", topic.slug()));
        }
        assert_eq!(Topic::from_slug("Politics"), None);
        assert_eq!(Topic::from_slug("unsorted"), None);
    }

    #[test]
    fn every_line_of_the_section_table_parses() {
        let lines = include_str!("sections.tsv").lines().skip(1);
        for line in lines.clone() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(normalize::slugify(fields[0]), fields[0], "words must be slugs");
            let found = SectionNames { language: None }.find(fields[0]);
            assert_eq!(found.map(Topic::slug), Some(fields[1]), "{line}");
            let codes = fields.get(2).map_or("", |codes| *codes);
            assert!(codes.is_empty() || codes.split(' ').all(|code| code.len() == 2), "{line}");
        }
        assert_eq!(SECTION_TOPICS.len(), lines.count(), "every word is unique");
    }

    #[test]
    fn a_section_name_counts_in_articles_of_its_languages() {
        let find = |language, slug| SectionNames { language }.find(slug);
        assert_eq!(find(Some("de"), "essen"), Some(Topic::Lifestyle));
        assert_eq!(find(Some("en"), "essen"), None, "a city");
        assert_eq!(find(None, "essen"), Some(Topic::Lifestyle));
        assert_eq!(find(Some("de"), "business"), Some(Topic::Business));
    }
}
