//! In a list a story is one card: its first article there, with links to the others.

use std::collections::{HashMap, HashSet};

use crate::library::Library;
use crate::library::articles::lists::Card;
use crate::library::stories::{self, StoryInShort};
use crate::web::browse::article_card::ArticleCard;
use crate::web::shell::dates::LocalClock;
use crate::web::shell::list_url::ListUrl;

/// Makes the cards of a page of a list.
///
/// # Errors
/// The database fails.
pub(super) async fn cards(
    library: &Library,
    page: Vec<Card>,
    list: &ListUrl,
    clock: &LocalClock,
) -> sqlx::Result<Vec<ArticleCard>> {
    let ids: Vec<i64> = page.iter().map(|card| card.id).collect();
    let stories = stories::list_for_articles(library, &ids).await?;
    let stories: HashMap<i64, StoryInShort> = stories.into_iter().map(|story| (story.article, story)).collect();
    let card = |card: Card| {
        let story = stories.get(&card.id);
        ArticleCard::in_list(card, list, clock).with_story(story, list)
    };
    Ok(fold(page, &stories).into_iter().map(card).collect())
}

/// Leaves of each story the article that comes first.
fn fold(page: Vec<Card>, stories: &HashMap<i64, StoryInShort>) -> Vec<Card> {
    let mut seen: HashSet<i64> = HashSet::new();
    page.into_iter().filter(|card| stories.get(&card.id).is_none_or(|story| seen.insert(story.story))).collect()
}
