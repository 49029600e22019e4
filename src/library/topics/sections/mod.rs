//! World, Local and Opinion as topics: a topic can take what publishers file there, unless something more particular is known
//! of an article.

mod store;

pub(in crate::library) use store::{choose, choose_for_article, find_topic};
pub use store::{list, list_articles};

use classify::wide_sections::{self, SectionChoice, WideSection};
use classify::{TopicChoice, TopicReason};
use url::Url;

use crate::library::topics::Topic;
use crate::urls;

/// A wide section, and the topic that has its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionTopic {
    /// The section.
    pub section: WideSection,
    /// `None`: its articles are sorted by what they are about.
    pub topic: Option<Topic>,
    /// Slug of the topic that takes the section: it may have been merged into that one.
    pub taken_by: Option<String>,
}

/// Returns whether a wide section says more than the reason for a topic: a section or URL that names a topic is more
/// particular, and the reader knows best.
const fn yields(reason: &TopicReason) -> bool {
    matches!(
        reason,
        TopicReason::Tags { .. }
            | TopicReason::Words { .. }
            | TopicReason::Publishers { .. }
            | TopicReason::Unsure { .. }
    )
}

/// Returns the choice by a wide section. The topic that the article would have had is the first suggestion.
fn choice_by(section: &SectionChoice, otherwise: &TopicChoice) -> TopicChoice {
    let suggestions = otherwise.topic.iter().chain(&otherwise.suggestions).copied().take(2).collect();
    TopicChoice { topic: None, reason: section.reason.clone(), suggestions }
}

/// Finds the wide section of a stored article. Of those that arrived before sections were stored, only the URL is known.
fn find_section(stored: Option<&str>, url: Option<&str>) -> Option<SectionChoice> {
    if let Some(stored) = stored {
        return serde_json::from_str(stored).ok();
    }
    let url = Url::parse(url?).ok()?;
    wide_sections::choose(&[], Some(&url), url.domain().and_then(urls::subdomain))
}

#[cfg(test)]
mod tests {
    use classify::Topic as BuiltIn;

    use super::*;

    #[test]
    fn what_names_a_topic_is_more_particular_than_a_wide_section() {
        let word = || "Sport".to_owned();
        for (reason, expected) in [
            (TopicReason::Section { word: word() }, false),
            (TopicReason::Url { word: word() }, false),
            (TopicReason::Reader, false),
            (TopicReason::Tags { tags: vec![word()] }, true),
            (TopicReason::Words { words: vec![word()] }, true),
            (TopicReason::Unsure { between: Vec::new() }, true),
        ] {
            assert_eq!(yields(&reason), expected, "{reason:?}");
        }
    }

    #[test]
    fn the_topic_it_would_have_had_is_suggested() {
        let section = find_section(None, Some("https://news.example.org/world/a-bridge")).unwrap();
        let otherwise = TopicChoice {
            topic: Some(BuiltIn::Sport),
            reason: TopicReason::Words { words: Vec::new() },
            suggestions: vec![BuiltIn::Crime, BuiltIn::Health],
        };
        let choice = choice_by(&section, &otherwise);
        assert_eq!((choice.topic, choice.suggestions), (None, vec![BuiltIn::Sport, BuiltIn::Crime]));
        assert_eq!(choice.reason, TopicReason::Url { word: "/world/".into() });
        assert_eq!(find_section(None, Some("https://news.example.org/a-bridge")), None);
        assert_eq!(find_section(None, None), None);
    }
}
