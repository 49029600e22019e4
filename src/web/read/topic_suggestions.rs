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

/// Topics as the reader calls them.
#[derive(Clone, Copy)]
pub(crate) struct TopicNames<'a> {
    /// Without those that are hidden or merged.
    pub shown: &'a [Topic],
    /// Slugs of those that were merged, each with that of the topic that has the articles.
    pub merged: &'a [(String, String)],
}

impl TopicNames<'_> {
    /// Returns the slug of the topic that has the articles of a built-in one.
    fn root(&self, topic: classify::Topic) -> &str {
        self.merged.iter().find(|(slug, _)| slug == topic.slug()).map_or(topic.slug(), |(_, root)| root)
    }

    fn find(&self, topic: classify::Topic) -> Option<&Topic> {
        self.shown.iter().find(|known| known.slug == self.root(topic))
    }
}

/// Says why an article has its topic, or none.
pub(crate) fn say_reason(reason: &TopicReason, names: TopicNames) -> String {
    let TopicReason::Unsure { between } = reason else { return reason.sentence() };
    // Merged since, two are one.
    let mut distinct: Vec<classify::Topic> = Vec::new();
    for topic in between {
        if distinct.iter().all(|other| names.root(*other) != names.root(*topic)) {
            distinct.push(*topic);
        }
    }
    let sentence = TopicReason::Unsure { between: distinct.clone() }.sentence();
    distinct.into_iter().fold(sentence, |sentence, topic| match names.find(topic) {
        Some(known) => sentence.replace(&format!("“{topic}”"), &format!("“{}”", known.name)),
        None => sentence,
    })
}

/// Suggests the topics the words point to, filled up with the reader's most used topics (`by_use`).
pub(crate) fn suggest(article: &Article, names: TopicNames, by_use: &[Topic]) -> Vec<Topic> {
    let suggested = article.topic_choice.suggestions.iter().filter_map(|topic| names.find(*topic));
    let mut topics: Vec<Topic> = Vec::new();
    for topic in suggested.filter(|known| known.slug != article.topic) {
        if !topics.contains(topic) {
            topics.push(topic.clone());
        }
    }
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
        let merged = [("crime".to_owned(), "politics".to_owned())];
        let say = |between, merged| say_reason(&TopicReason::Unsure { between }, TopicNames { shown: &shown, merged });
        let reason = |between| say(between, &[]);
        assert_eq!(
            reason(vec![classify::Topic::Politics, classify::Topic::Crime]),
            "Undecided between “Government” and “Crime”."
        );
        assert_eq!(reason(vec![classify::Topic::Politics]), "Only a little evidence for “Government”.");
        let both = vec![classify::Topic::Crime, classify::Topic::Politics];
        assert_eq!(say(both, &merged), "Only a little evidence for “Government”.", "they are one by now");
        let with_sport = vec![classify::Topic::Crime, classify::Topic::Sport];
        assert_eq!(say(with_sport, &merged), "Undecided between “Government” and “Sport”.");
        let names = TopicNames { shown: &shown, merged: &merged };
        assert_eq!(say_reason(&TopicReason::Reader, names), "You chose it.");
    }
}
