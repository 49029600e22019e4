//! A story in an edition: the article that tells it, and who else does.

use crate::library::articles::editions::material::Member;
use crate::library::articles::lists::Card;
use crate::web::browse::article_card::ArticleCard;
use crate::web::shell::dates::LocalClock;

/// Other sources that are named.
const NAMED: usize = 3;

/// A story in an edition, for `templates/parts/story_card.html`.
#[derive(Debug)]
pub(crate) struct StoryCard {
    /// The article that tells it.
    pub card: ArticleCard,
    /// Who else does.
    pub others: Option<OtherSources>,
}

/// The other sources of a story.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OtherSources {
    /// `/story/7`
    pub url: String,
    /// Such as `The Harbour Post, Quay News and 4 more`.
    pub names: String,
    /// Number of all its sources.
    pub count: usize,
}

impl StoryCard {
    /// `members`: of all stories of the edition.
    pub fn new(card: Card, members: &[Member], clock: &LocalClock) -> Self {
        Self { others: find_others(&card, members), card: ArticleCard::new(card, clock) }
    }

    pub const fn is_read(&self) -> bool {
        self.card.article.read
    }

    pub const fn has_image(&self) -> bool {
        self.card.article.lead_image_hash.is_some()
    }
}

fn find_others(card: &Card, members: &[Member]) -> Option<OtherSources> {
    let own = members.iter().find(|member| member.article == card.id)?;
    let mut sources = vec![own.source];
    let mut names = Vec::new();
    for member in members.iter().filter(|member| member.story == own.story) {
        if !sources.contains(&member.source) {
            sources.push(member.source);
            names.push(member.source_name.as_str());
        }
    }
    (!names.is_empty()).then(|| OtherSources {
        url: format!("/story/{}", own.story),
        names: join(&names),
        count: sources.len(),
    })
}

/// Joins names to a list in words.
fn join(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= NAMED => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..NAMED - 1].join(", "), names.len() - NAMED + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sources_are_named_or_counted() {
        for (names, text) in [
            (&["A"][..], "A"),
            (&["A", "B"], "A and B"),
            (&["A", "B", "C"], "A, B and C"),
            (&["A", "B", "C", "D", "E"], "A, B and 3 more"),
        ] {
            assert_eq!(join(names), text);
        }
    }
}
