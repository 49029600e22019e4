//! The operators, each defined once.

/// What an operator asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Words of the title.
    Title,
    /// Words of the byline.
    Author,
    /// A publication, by name or domain.
    Source,
    /// A domain and all below it.
    Site,
    /// A topic.
    Topic,
    /// A tag.
    Tag,
    /// A feed.
    Feed,
    /// A folder of feeds.
    Folder,
    /// The language of the text.
    Language,
    /// Where the article is.
    In,
    /// What became of it, or how long it is.
    Is,
    /// Older than a day.
    Before,
    /// Not older than a day.
    After,
    /// Of a day, a month or a year.
    On,
    /// Time to read.
    Minutes,
}

/// What stands behind the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A word or a phrase, such as `ferry` or `"late ferry"`.
    Words,
    /// The name of something in the library.
    Name,
    /// The code of a language, such as `de`.
    Language,
    /// One of a few words.
    Choice(&'static [Choice]),
    /// A day, a month, a year, or a number of days ago.
    Day,
    /// A number of minutes, with `<` or `>`, or a range.
    Minutes,
}

/// A word that an operator takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is typed.
    pub word: &'static str,
    /// What it means: `articles that …` goes on with it.
    pub meaning: &'static str,
}

/// An operator: `name:value`.
#[derive(Debug, PartialEq, Eq)]
pub struct Operator {
    /// What it asks about.
    pub kind: Kind,
    /// Its name, in lower case.
    pub name: &'static str,
    /// Other names that are understood.
    pub other_names: &'static [&'static str],
    /// What stands behind the colon.
    pub value: Value,
    /// What it finds, in a few words.
    pub meaning: &'static str,
    /// How to use it: one or two sentences.
    pub help: &'static str,
    /// A query with it.
    pub example: &'static str,
}

/// The values of `in:`.
const PLACES: &[Choice] = &[
    Choice { word: "kept", meaning: "you added or kept" },
    Choice { word: "stream", meaning: "feeds brought and you didn’t keep" },
    Choice { word: "archive", meaning: "you archived" },
    Choice { word: "trash", meaning: "you deleted" },
];

/// The values of `is:`.
const MARKS: &[Choice] = &[
    Choice { word: "unread", meaning: "are neither read nor archived" },
    Choice { word: "read", meaning: "you have read" },
    Choice { word: "starred", meaning: "you starred" },
    Choice { word: "changed", meaning: "changed since you read them" },
    Choice { word: "long", meaning: "take 15 minutes or more" },
    Choice { word: "short", meaning: "take less than 5 minutes" },
];

const DAY_HELP: &str = "A day (2026-11-23), month (2026-11), year, today, yesterday, or a time ago (7d, 2w, 3m, 1y).";

/// All operators, in the order of the help.
pub const OPERATORS: &[Operator] = &[
    Operator {
        kind: Kind::Title,
        name: "title",
        other_names: &["intitle", "headline"],
        value: Value::Words,
        meaning: "a word or phrase of the title",
        help: "Put a phrase in quotation marks. A star finds words that begin so.",
        example: "title:\"late ferry\"",
    },
    Operator {
        kind: Kind::Author,
        name: "author",
        other_names: &["by", "byline"],
        value: Value::Words,
        meaning: "a name in the byline",
        help: "A part of the name is enough.",
        example: "author:okafor",
    },
    Operator {
        kind: Kind::Source,
        name: "source",
        other_names: &["from", "publication"],
        value: Value::Name,
        meaning: "a publication",
        help: "Use its name or its domain.",
        example: "source:\"The Guardian\"",
    },
    Operator {
        kind: Kind::Site,
        name: "site",
        other_names: &["domain"],
        value: Value::Name,
        meaning: "a domain and all below it",
        help: "Finds sources at that domain, and at all that end with it.",
        example: "site:bbc.co.uk",
    },
    Operator {
        kind: Kind::Topic,
        name: "topic",
        other_names: &["category"],
        value: Value::Name,
        meaning: "a topic",
        help: "Use the name of the topic.",
        example: "topic:science",
    },
    Operator {
        kind: Kind::Tag,
        name: "tag",
        other_names: &["label"],
        value: Value::Name,
        meaning: "a tag of yours",
        help: "Another name of the tag will do too.",
        example: "tag:\"climate change\"",
    },
    Operator {
        kind: Kind::Feed,
        name: "feed",
        other_names: &[],
        value: Value::Name,
        meaning: "what a feed brought",
        help: "Use the name of the feed, or its number.",
        example: "feed:\"Harbour News\"",
    },
    Operator {
        kind: Kind::Folder,
        name: "folder",
        other_names: &[],
        value: Value::Name,
        meaning: "what the feeds of a folder brought",
        help: "Folders inside it count too.",
        example: "folder:local",
    },
    Operator {
        kind: Kind::Language,
        name: "language",
        other_names: &["lang"],
        value: Value::Language,
        meaning: "the language of the text",
        help: "Use its code, such as de, fr or zh.",
        example: "language:de",
    },
    Operator {
        kind: Kind::In,
        name: "in",
        other_names: &[],
        value: Value::Choice(PLACES),
        meaning: "where an article is",
        help: "Articles in the trash are only found with in:trash.",
        example: "in:archive",
    },
    Operator {
        kind: Kind::Is,
        name: "is",
        other_names: &[],
        value: Value::Choice(MARKS),
        meaning: "what became of an article, or how long it is",
        help: "Several can stand together.",
        example: "is:unread is:long",
    },
    Operator {
        kind: Kind::Before,
        name: "before",
        other_names: &["until"],
        value: Value::Day,
        meaning: "older than a day",
        help: DAY_HELP,
        example: "before:2026-11",
    },
    Operator {
        kind: Kind::After,
        name: "after",
        other_names: &["since"],
        value: Value::Day,
        meaning: "of a day or newer",
        help: DAY_HELP,
        example: "after:7d",
    },
    Operator {
        kind: Kind::On,
        name: "on",
        other_names: &["date"],
        value: Value::Day,
        meaning: "of a day, month or year",
        help: DAY_HELP,
        example: "on:yesterday",
    },
    Operator {
        kind: Kind::Minutes,
        name: "minutes",
        other_names: &["time"],
        value: Value::Minutes,
        meaning: "the time to read",
        help: "A number, a comparison (<10, >=20) or a range (5-10).",
        example: "minutes:<10",
    },
];

impl Operator {
    /// Finds an operator by one of its names, in whichever letters it is typed.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        let name = words::fold(name);
        OPERATORS.iter().find(|operator| operator.names().any(|known| known == name))
    }

    /// Returns the operator that asks about this.
    ///
    /// # Panics
    /// Never: a test looks up every kind.
    #[must_use]
    pub fn of(kind: Kind) -> &'static Self {
        OPERATORS.iter().find(|operator| operator.kind == kind).expect("every kind has its operator")
    }

    /// Returns the operator whose name is nearest to a misspelled one.
    pub(crate) fn find_nearest(name: &str) -> Option<&'static Self> {
        let name = words::fold(name);
        let distances = OPERATORS.iter().flat_map(|operator| operator.names().map(move |known| (known, operator)));
        let nearest = distances.map(|(known, operator)| (distance(&name, known), operator)).min_by_key(|(d, _)| *d);
        nearest.filter(|(distance, _)| *distance * 3 <= name.chars().count()).map(|(_, operator)| operator)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.other_names.iter().copied())
    }
}

/// Returns how many letters differ between two words (Levenshtein). Words are short: names of operators.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().take(20).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Typed;

    #[test]
    fn every_name_belongs_to_one_operator_and_is_found_in_any_letters() {
        for operator in OPERATORS {
            for name in operator.names() {
                assert_eq!(Operator::find(&name.to_uppercase()), Some(operator), "{name}");
            }
            assert_eq!(Operator::of(operator.kind), operator);
        }
        assert_eq!(Operator::find("ｔｉｔｌｅ").map(|operator| operator.kind), Some(Kind::Title));
        assert_eq!(Operator::find(""), None);
    }

    #[test]
    fn a_misspelled_name_leads_to_the_nearest_one() {
        let nearest = |name| Operator::find_nearest(name).map(|operator| operator.name);
        assert_eq!(nearest("auther"), Some("author"));
        assert_eq!(nearest("langauge"), Some("language"));
        assert_eq!(nearest("https"), None);
        assert_eq!(nearest("x"), None);
    }

    #[test]
    fn every_example_is_a_query_with_its_operator() {
        for operator in OPERATORS {
            let typed = Typed::parse(operator.example);
            assert!(typed.problems().is_empty(), "{}", operator.example);
            assert!(operator.example.starts_with(&format!("{}:", operator.name)));
            assert!(operator.help.ends_with('.') && !operator.meaning.ends_with('.'), "{}", operator.name);
        }
    }
}
