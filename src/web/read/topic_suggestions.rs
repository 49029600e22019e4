//! Suggests topics for an article.

use crate::library::articles::Article;
use crate::library::topics::Topic;
use classify::TopicChoice;

/// Topics suggested at least, if the article has none.
const MIN_SUGGESTIONS: usize = 2;

/// Returns whether an article has no topic.
pub(crate) fn is_unsorted(article: &Article) -> bool {
    article.topic == TopicChoice::default().topic_slug()
}

/// Suggests the topics the words point to, filled up with the reader's most used topics (`by_use`).
pub(crate) fn suggest(article: &Article, by_use: &[Topic]) -> Vec<Topic> {
    let suggested = article.topic_choice.suggestions.iter().filter(|topic| topic.slug() != article.topic);
    let mut topics: Vec<Topic> = suggested
        .map(|topic| Topic { slug: topic.slug().to_owned(), name: topic.name().to_owned(), is_custom: false })
        .collect();
    for topic in by_use {
        if topics.len() < MIN_SUGGESTIONS && topics.iter().all(|known| known.slug != topic.slug) {
            topics.push(topic.clone());
        }
    }
    topics
}
