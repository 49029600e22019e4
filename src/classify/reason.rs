//! Why an article is filed where it is, kept with it and shown to the reader.

use serde::{Deserialize, Serialize};

use crate::classify::Topic;

/// Why an article has its topic, or has none. Stored as JSON, so names of variants and fields
/// must stay readable for ever: `{"by":"section","word":"Politique"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum Reason {
    /// The publisher's own section.
    Section {
        /// As the publisher writes it.
        word: String,
    },
    /// A part of the address.
    Address {
        /// A path segment between slashes (`/sport/`) or the host (`sport.example.org`).
        word: String,
    },
    /// The publisher's tags.
    Tags {
        /// Those that speak for the topic, as the publisher writes them.
        tags: Vec<String>,
    },
    /// The words of title and text.
    Words {
        /// The most telling ones, as the article writes them, best first.
        words: Vec<String>,
    },
    /// Nothing was clear enough.
    Unsure {
        /// The topics that came closest, best first; may be empty.
        between: Vec<Topic>,
    },
    /// The reader chose.
    Reader,
}

impl Reason {
    /// The reason in one plain sentence. It holds words of the publisher, so it must be escaped.
    pub fn sentence(&self) -> String {
        match self {
            Self::Section { word } => format!("The publisher filed it under “{word}”."),
            Self::Address { word } => format!("The address contains {word}."),
            Self::Tags { tags } if tags.len() == 1 => {
                format!("The publisher tagged it “{}”.", tags[0])
            }
            Self::Tags { tags } => format!("The publisher tagged it “{}”.", tags.join("”, “")),
            Self::Words { words } if words.len() == 1 => format!("The word {}.", words[0]),
            Self::Words { words } => format!("Words such as {}.", words.join(", ")),
            Self::Unsure { between } => unsure(between),
            Self::Reader => "You chose it.".to_owned(),
        }
    }
}

fn unsure(between: &[Topic]) -> String {
    let name = |topic: &Topic| topic.name().to_lowercase();
    match between {
        [] => "Neither the publisher nor the words say what it is about.".to_owned(),
        [one] => format!("Too few words speak for {}.", name(one)),
        [one, other, ..] => {
            format!("Its words point to {} and {}, to neither clearly.", name(one), name(other))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_plain_sentence_and_survives_storage() {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        for (reason, sentence) in [
            (Reason::Section { word: "Politique".to_owned() }, "The publisher filed it under “Politique”."),
            (Reason::Address { word: "/sport/".to_owned() }, "The address contains /sport/."),
            (Reason::Tags { tags: words(&["Golf"]) }, "The publisher tagged it “Golf”."),
            (Reason::Tags { tags: words(&["Golf", "Tennis"]) }, "The publisher tagged it “Golf”, “Tennis”."),
            (
                Reason::Words { words: words(&["parliament", "sanctions", "Kremlin"]) },
                "Words such as parliament, sanctions, Kremlin.",
            ),
            (Reason::Words { words: words(&["parliament"]) }, "The word parliament."),
            (
                Reason::Unsure { between: vec![Topic::Politics, Topic::Crime] },
                "Its words point to politics and crime, to neither clearly.",
            ),
            (Reason::Unsure { between: vec![Topic::Sport] }, "Too few words speak for sport."),
            (Reason::Unsure { between: vec![] }, "Neither the publisher nor the words say what it is about."),
            (Reason::Reader, "You chose it."),
        ] {
            assert_eq!(reason.sentence(), sentence);
            let stored = serde_json::to_string(&reason).unwrap();
            assert_eq!(serde_json::from_str::<Reason>(&stored).unwrap(), reason);
        }
        let section = Reason::Section { word: "Politique".to_owned() };
        let stored = r#"{"by":"section","word":"Politique"}"#;
        assert_eq!(serde_json::to_string(&section).unwrap(), stored);
        assert_eq!(serde_json::to_string(&Reason::Reader).unwrap(), r#"{"by":"reader"}"#);
    }
}
