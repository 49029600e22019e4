//! What the library learns about its topics ([`classify::learned`]): each article that a publisher or the reader filed is an
//! example. Triggers note every change of a topic in a queue, so a change that is undone, merged or deleted takes back what
//! it has taught, whoever makes it.

mod store;

pub(in crate::library) use store::learn;
pub use store::{Examples, count_examples, find_knowledge, is_learning, learn_next};

/// Labels of publishers that a topic learns from at most. More would say the same again.
const MAX_LABELS: i64 = 2_000;

/// Articles of no topic that are counted at most: they only say how common words are.
const MAX_UNSORTED: i64 = 4_000;

/// Characters of a text that may hold the words that are read.
const MAX_CHARS: i64 = 4_000;

/// Examples that are compared with each other, and with as many others, to find the limits of a topic of the reader's own.
const MAX_COMPARED: i64 = 30;

/// What an article teaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lesson {
    /// A publisher filed it.
    Label,
    /// The reader moved it.
    Correction,
    /// Nobody filed it.
    Unsorted,
}

impl Lesson {
    /// Returns what an article teaches, by the reason for its topic.
    fn of(reason: Option<&str>, topic: &str) -> Self {
        match reason {
            Some("reader") if topic != super::UNSORTED => Self::Correction,
            Some("section" | "url" | "tags") => Self::Label,
            _ => Self::Unsorted,
        }
    }

    const fn weight(self) -> i64 {
        match self {
            Self::Correction => classify::learned::CORRECTION_WEIGHT as i64,
            Self::Label | Self::Unsorted => 1,
        }
    }

    const fn max_examples(self) -> i64 {
        match self {
            Self::Correction => i64::MAX,
            Self::Label => MAX_LABELS,
            Self::Unsorted => MAX_UNSORTED,
        }
    }
}
