//! The topics that are offered for an article, beside the one it has.

use std::cmp::Reverse;

use crate::articles::Article;
use crate::classify::Choice;
use crate::library::Library;
use crate::topics::{self, Topic};

/// How many an article without a topic is offered.
const OFFERED: usize = 2;

/// Whether an article has no topic.
pub(super) fn is_unsorted(article: &Article) -> bool {
    article.topic == Choice::default().slug()
}

/// What the article's words point to. Where it has no topic and they say too little, the topics its reader uses most.
pub(super) async fn of(library: &Library, article: &Article) -> sqlx::Result<Vec<Topic>> {
    let suggested = article.choice.suggestions.iter().filter(|topic| topic.slug() != article.topic);
    let topic = |slug: &str, name: &str| Topic { slug: slug.to_owned(), name: name.to_owned() };
    let mut offered: Vec<Topic> = suggested.map(|it| topic(it.slug(), it.name())).collect();
    if !is_unsorted(article) || offered.len() >= OFFERED {
        return Ok(offered);
    }
    let mut used = topics::list(library).await?;
    used.retain(|it| it.slug != article.topic && offered.iter().all(|known| known.slug != it.slug));
    used.sort_by_key(|it| Reverse(it.articles));
    offered.extend(used.iter().map(|it| topic(&it.slug, &it.name)));
    offered.truncate(OFFERED);
    Ok(offered)
}
