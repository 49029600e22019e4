//! What the library learns about its topics ([`classify::learned`]): each article that a publisher or the reader filed is an
//! example. Triggers note every change of a topic in a queue, so a change that is undone, merged or deleted takes back what
//! it has taught, whoever makes it.

mod store;

pub use store::{Examples, count_examples, count_waiting, find_knowledge, is_learning, learn_again, learn_next};
pub(in crate::library) use store::{has_threshold, learn};

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
    /// Returns what an article teaches, and which topic. A publisher's label speaks for the topic it names (`labelled`),
    /// wherever a merge, a rule or a wide section took the article; the reader's word for the topic that the article has.
    fn of<'a>(reason: Option<&str>, topic: &'a str, labelled: Option<&'a str>) -> (Self, &'a str) {
        match (reason, labelled) {
            (Some("reader"), _) if topic != super::UNSORTED => (Self::Correction, topic),
            (Some("section" | "url" | "tags"), Some(labelled)) if classify::Topic::from_slug(labelled).is_some() => {
                (Self::Label, labelled)
            }
            _ => (Self::Unsorted, super::UNSORTED),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_teaches_the_topic_it_names_and_a_correction_the_one_that_the_article_has() {
        for (reason, topic, labelled, expected) in [
            (Some("section"), "crime", Some("crime"), (Lesson::Label, "crime")),
            (Some("section"), "society", Some("crime"), (Lesson::Label, "crime")),
            (Some("url"), "boats", Some("sport"), (Lesson::Label, "sport")),
            (Some("section"), "world", None, (Lesson::Unsorted, "unsorted")),
            (Some("tags"), "world", Some("world"), (Lesson::Unsorted, "unsorted")),
            (Some("reader"), "society", Some("crime"), (Lesson::Correction, "society")),
            (Some("reader"), "boats", None, (Lesson::Correction, "boats")),
            (Some("reader"), "unsorted", None, (Lesson::Unsorted, "unsorted")),
            (Some("words"), "sport", Some("sport"), (Lesson::Unsorted, "unsorted")),
            (None, "sport", None, (Lesson::Unsorted, "unsorted")),
        ] {
            assert_eq!(Lesson::of(reason, topic, labelled), expected, "{reason:?} {topic} {labelled:?}");
        }
    }
}
