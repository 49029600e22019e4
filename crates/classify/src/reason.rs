//! Why an article has its topic; stored with it and shown to the reader.

use serde::{Deserialize, Serialize};

use crate::Topic;

/// Why an article has its topic, or none. Stored as JSON, so the names of variants and fields must not change:
/// `{"by":"section","word":"Politique"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum TopicReason {
    /// The publisher's section.
    Section {
        /// The section as the publisher writes it.
        word: String,
    },
    /// A part of the URL.
    Url {
        /// A path segment between slashes (`/sport/`) or the host (`sport.example.org`).
        word: String,
    },
    /// The publisher's tags.
    Tags {
        /// The tags that stand for the topic, as the publisher writes them.
        tags: Vec<String>,
    },
    /// Words of the title and the text.
    Words {
        /// The most telling ones as written in the article, best first.
        words: Vec<String>,
    },
    /// The words of articles that the reader moved to the topic.
    Moved {
        /// How many those are.
        articles: u32,
        /// The most telling words as written in the article, best first.
        words: Vec<String>,
        /// The slug of the topic, if the reader made it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        own: Option<String>,
    },
    /// The words of articles that publishers filed under the topic.
    Publishers {
        /// The most telling words as written in the article, best first.
        words: Vec<String>,
    },
    /// The reader's rule for a source.
    Rule {
        /// The name of the source.
        source: String,
        /// The section in its links, if the rule is for that alone: `/sport/`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        section: Option<String>,
        /// The slug of the topic, if the reader made it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        own: Option<String>,
    },
    /// Nothing was clear enough.
    Unsure {
        /// The best candidates, best first; may be empty.
        between: Vec<Topic>,
    },
    /// The reader's choice.
    Reader,
}

impl TopicReason {
    /// Returns the reason in short, as the database derives it from the JSON: by what, and by which word or source. Articles
    /// with the same are filed for the same reason.
    pub fn key(&self) -> String {
        match self {
            Self::Section { word } => format!("section {word}"),
            Self::Url { word } => format!("url {word}"),
            Self::Rule { source, .. } => format!("rule {source}"),
            Self::Tags { .. } => "tags".to_owned(),
            Self::Words { .. } => "words".to_owned(),
            Self::Moved { .. } => "moved".to_owned(),
            Self::Publishers { .. } => "publishers".to_owned(),
            Self::Unsure { .. } => "unsure".to_owned(),
            Self::Reader => "reader".to_owned(),
        }
    }

    /// Returns the slug of the topic, if it is one that the reader made.
    pub fn own_topic(&self) -> Option<&str> {
        match self {
            Self::Moved { own, .. } | Self::Rule { own, .. } => own.as_deref(),
            _ => None,
        }
    }

    /// Returns the reason as a sentence for the reader. It contains the publisher's words, so it must be escaped.
    pub fn sentence(&self) -> String {
        match self {
            Self::Section { word } => format!("The publisher filed it under “{word}”."),
            Self::Url { word } => format!("The link contains {word}."),
            Self::Tags { tags } if tags.len() == 1 => {
                format!("The publisher tagged it “{}”.", tags[0])
            }
            Self::Tags { tags } => format!("The publisher tagged it {}.", quote_list(tags)),
            Self::Words { words } if words.is_empty() => "Chosen for several words of the text.".to_owned(),
            Self::Words { words } if words.len() == 1 => format!("Chosen for the word “{}”.", words[0]),
            Self::Words { words } => format!("Chosen for words such as {}.", quote_list(words)),
            Self::Moved { articles: 1, words, .. } => format!("Like an article you moved here{}.", in_brackets(words)),
            Self::Moved { articles, words, .. } => {
                format!("Like {articles} articles you moved here{}.", in_brackets(words))
            }
            Self::Publishers { words } => format!("Like articles that publishers filed here{}.", in_brackets(words)),
            Self::Rule { source, section: None, .. } => format!("Your rule: articles of {source}."),
            Self::Rule { source, section: Some(section), .. } => {
                format!("Your rule: articles of {source} under {section}.")
            }
            Self::Unsure { between } => unsure_sentence(between),
            Self::Reader => "You chose it.".to_owned(),
        }
    }
}

/// Returns ` (words: “ferry”, “harbour”)`, or nothing without words.
fn in_brackets(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!(" (words: “{}”)", words.join("”, “")) }
}

fn unsure_sentence(between: &[Topic]) -> String {
    match between {
        [] => "No clear topic in the publisher’s labels or the text.".to_owned(),
        [one] => format!("Only a little evidence for “{one}”."),
        [one, other, ..] => format!("Undecided between “{one}” and “{other}”."),
    }
}

/// Joins words to `“one”, “two” and “three”`.
fn quote_list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => format!("“{word}”"),
        [words @ .., last] => format!("“{}” and “{last}”", words.join("”, “")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_have_sentences_and_survive_serialization() {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        for (reason, sentence) in [
            (TopicReason::Section { word: "Politique".to_owned() }, "The publisher filed it under “Politique”."),
            (TopicReason::Url { word: "/sport/".to_owned() }, "The link contains /sport/."),
            (TopicReason::Tags { tags: words(&["Golf"]) }, "The publisher tagged it “Golf”."),
            (TopicReason::Tags { tags: words(&["Golf", "Tennis"]) }, "The publisher tagged it “Golf” and “Tennis”."),
            (
                TopicReason::Words { words: words(&["parliament", "sanctions", "Kremlin"]) },
                "Chosen for words such as “parliament”, “sanctions” and “Kremlin”.",
            ),
            (TopicReason::Words { words: words(&["parliament"]) }, "Chosen for the word “parliament”."),
            (
                TopicReason::Unsure { between: vec![Topic::Politics, Topic::Crime] },
                "Undecided between “Politics” and “Crime”.",
            ),
            (TopicReason::Unsure { between: vec![Topic::Sport] }, "Only a little evidence for “Sport”."),
            (TopicReason::Unsure { between: vec![] }, "No clear topic in the publisher’s labels or the text."),
            (TopicReason::Reader, "You chose it."),
            (
                TopicReason::Moved { articles: 14, words: words(&["ferry", "harbour"]), own: Some("boats".to_owned()) },
                "Like 14 articles you moved here (words: “ferry”, “harbour”).",
            ),
            (TopicReason::Moved { articles: 1, words: vec![], own: None }, "Like an article you moved here."),
            (
                TopicReason::Publishers { words: words(&["goal"]) },
                "Like articles that publishers filed here (words: “goal”).",
            ),
            (
                TopicReason::Rule { source: "Harbour Post".to_owned(), section: None, own: None },
                "Your rule: articles of Harbour Post.",
            ),
            (
                TopicReason::Rule { source: "Harbour Post".to_owned(), section: Some("/sea/".to_owned()), own: None },
                "Your rule: articles of Harbour Post under /sea/.",
            ),
        ] {
            assert_eq!(reason.sentence(), sentence);
            let stored = serde_json::to_string(&reason).unwrap();
            assert_eq!(serde_json::from_str::<TopicReason>(&stored).unwrap(), reason);
        }
        let section = TopicReason::Section { word: "Politique".to_owned() };
        let stored = r#"{"by":"section","word":"Politique"}"#;
        assert_eq!(serde_json::to_string(&section).unwrap(), stored);
        assert_eq!(serde_json::to_string(&TopicReason::Reader).unwrap(), r#"{"by":"reader"}"#);
    }
}
