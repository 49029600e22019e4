//! Suggests topics for an article.

use crate::library::articles::Article;
use crate::library::topics::Topic;
use classify::{TopicChoice, TopicReason};

/// Topics suggested at least, if the article has none.
const MIN_SUGGESTIONS: usize = 2;

/// Returns whether an article has no topic.
pub(crate) fn is_unsorted(article: &Article) -> bool {
    article.topic == TopicChoice::default().topic_slug()
}

/// Says why an article has its topic, or none, with topics as the reader calls them.
pub(crate) fn say_reason(reason: &TopicReason, shown: &[Topic]) -> String {
    let sentence = reason.sentence();
    let TopicReason::Unsure { between } = reason else { return sentence };
    between.iter().fold(sentence, |sentence, topic| match shown.iter().find(|known| known.slug == topic.slug()) {
        Some(known) => sentence.replace(&format!("“{topic}”"), &format!("“{}”", known.name)),
        None => sentence,
    })
}

/// Suggests the topics the words point to, as the reader calls them (`shown`, without those that are hidden or merged),
/// filled up with the reader's most used topics (`by_use`).
pub(crate) fn suggest(article: &Article, shown: &[Topic], by_use: &[Topic]) -> Vec<Topic> {
    let suggested = article.topic_choice.suggestions.iter().filter(|topic| topic.slug() != article.topic);
    let mut topics: Vec<Topic> =
        suggested.filter_map(|topic| shown.iter().find(|known| known.slug == topic.slug())).cloned().collect();
    for topic in by_use {
        if topics.len() < MIN_SUGGESTIONS && topics.iter().all(|known| known.slug != topic.slug) {
            topics.push(topic.clone());
        }
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_the_readers_names_of_topics() {
        let shown = [Topic { slug: "politics".into(), name: "Government".into(), is_custom: false }];
        let reason = |between| say_reason(&TopicReason::Unsure { between }, &shown);
        assert_eq!(
            reason(vec![classify::Topic::Politics, classify::Topic::Crime]),
            "Undecided between “Government” and “Crime”."
        );
        assert_eq!(reason(vec![classify::Topic::Politics]), "Only a little evidence for “Government”.");
        assert_eq!(say_reason(&TopicReason::Reader, &shown), "You chose it.");
    }
}
