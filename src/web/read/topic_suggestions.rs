//! The topics that are offered for an article, beside the one it has.

use crate::classify::TopicChoice;
use crate::library::articles::Article;
use crate::library::topics::Topic;

/// How many an article without a topic is offered.
const MIN_SUGGESTIONS: usize = 2;

/// Whether an article has no topic.
pub(crate) fn is_unsorted(article: &Article) -> bool {
    article.topic == TopicChoice::default().topic_slug()
}

/// What the article's words point to. Where it has no topic and they say too little, the topics its reader uses most.
pub(crate) fn suggest(article: &Article, by_use: &[Topic]) -> Vec<Topic> {
    let suggested = article.choice.suggestions.iter().filter(|topic| topic.slug() != article.topic);
    let mut topics: Vec<Topic> = suggested
        .map(|topic| Topic { slug: topic.slug().to_owned(), name: topic.name().to_owned(), own: false })
        .collect();
    for topic in by_use {
        if topics.len() < MIN_SUGGESTIONS && topics.iter().all(|known| known.slug != topic.slug) {
            topics.push(topic.clone());
        }
    }
    topics
}
