//! The topics that are offered for an article, beside the one it has.

use crate::classify::TopicChoice;
use crate::library::articles::Article;
use crate::library::topics::Topic;

/// How many an article without a topic is offered.
const OFFERED: usize = 2;

/// Whether an article has no topic.
pub(crate) fn is_unsorted(article: &Article) -> bool {
    article.topic == TopicChoice::default().topic_slug()
}

/// What the article's words point to. Where it has no topic and they say too little, the topics its reader uses most.
pub(crate) fn of(article: &Article, by_use: &[Topic]) -> Vec<Topic> {
    let suggested = article.topic_choice.suggestions.iter().filter(|topic| topic.slug() != article.topic);
    let mut offered: Vec<Topic> = suggested
        .map(|it| Topic { slug: it.slug().to_owned(), name: it.name().to_owned(), is_custom: false })
        .collect();
    for topic in by_use {
        if offered.len() < OFFERED && offered.iter().all(|known| known.slug != topic.slug) {
            offered.push(topic.clone());
        }
    }
    offered
}
