//! What the page of a topic shows besides a list: the article that leads it, or its sources with their newest articles, and
//! what arrived this week.

use crate::library::Library;
use crate::library::articles::lists::{self, Card, Facets, Filter, Position, Sort};
use crate::library::{sources, topics::weeks};
use crate::web::browse::article_card::ArticleCard;
use crate::web::browse::filters::ActiveFilters;
use crate::web::browse::list_words::ListKind;
use crate::web::browse::week_chart::{WeekChart, week_starts};
use crate::web::shell::dates::LocalClock;
use crate::web::shell::list_url::ListUrl;

/// Of the articles of a page, how many may lead it.
const LEAD_CANDIDATES: usize = 20;

/// Articles of each source.
const SOURCE_SIZE: usize = 4;

/// How the articles of a topic are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// In the order of the list.
    #[default]
    List,
    /// The newest of each source.
    BySource,
}

/// The newest articles of a source.
pub(crate) struct SourceGroup {
    pub name: String,
    /// The list of all of them.
    pub url: ListUrl,
    /// Such as `120 articles`.
    pub count: String,
    pub cards: Vec<ArticleCard>,
}

/// Returns the URL of a topic's page. Header values are ASCII.
pub(crate) fn topic_url(slug: &str) -> String {
    format!("/topic/{}", url::form_urlencoded::byte_serialize(slug.as_bytes()).collect::<String>())
}

/// Puts the article that leads the page first, and returns its id: the newest unread one with an image, else the newest with
/// one. Only the first page of a topic has one, and not in an order of the reader's.
pub(crate) fn put_lead_first(cards: &mut [Card], filters: &ActiveFilters, kind: ListKind<'_>) -> Option<i64> {
    let is_first = filters.url.after.is_none() && filters.sort == Sort::Newest && filters.filter.matches.is_none();
    if kind != ListKind::Topic || !is_first {
        return None;
    }
    let candidates = &cards[..cards.len().min(LEAD_CANDIDATES)];
    let suits = |card: &Card| card.lead_image_hash.is_some() && card.is_article;
    let lead =
        candidates.iter().position(|card| suits(card) && !card.read).or_else(|| candidates.iter().position(suits))?;
    cards[..=lead].rotate_right(1);
    Some(cards[0].id)
}

/// Returns the newest articles of each source beside the list, the largest source first.
///
/// # Errors
/// The database fails.
pub(crate) async fn group_by_source(
    library: &Library,
    filters: &ActiveFilters,
    facets: &Facets,
    clock: &LocalClock,
) -> sqlx::Result<Vec<SourceGroup>> {
    let mut groups = Vec::new();
    for facet in facets.sources.iter().filter(|facet| facet.count.articles > 0) {
        let Some(source) = sources::find(library, &facet.value).await? else { continue };
        let filter = Filter { source_id: Some(source.id), ..filters.filter.clone() };
        let page = lists::list(library, &filter, Position::START, SOURCE_SIZE).await?;
        let url = filters.url.with(|url| url.source = Some(source.domain));
        let noun = if facet.count.articles == 1 { "article" } else { "articles" };
        groups.push(SourceGroup {
            count: format!("{} {noun}", facet.count),
            cards: page.cards.into_iter().map(|card| ArticleCard::in_list(card, &url, clock)).collect(),
            name: facet.name.clone(),
            url,
        });
    }
    groups.retain(|group| !group.cards.is_empty());
    Ok(groups)
}

/// Counts what arrived in the topic of a list this week and last; `None` for other lists, and if nothing did.
///
/// # Errors
/// The database fails.
pub(crate) async fn find_weeks(
    library: &Library,
    filters: &ActiveFilters,
    kind: ListKind<'_>,
    clock: &LocalClock,
) -> sqlx::Result<Option<WeekChart>> {
    let is_first = filters.url.after.is_none();
    let Some(topic) = filters.filter.topic.as_deref().filter(|_| kind == ListKind::Topic && is_first) else {
        return Ok(None);
    };
    let weeks = weeks::count_weeks(library, Some(topic), week_starts(clock)).await?;
    let Some(weeks) = weeks.first() else { return Ok(None) };
    let chart = WeekChart::new(weeks.this_week, weeks.last_week, weeks.this_week.max(weeks.last_week));
    Ok(Some(chart).filter(|chart| !chart.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(id: i64, has_image: bool, read: bool) -> Card {
        serde_json::from_value(serde_json::json!({
            "id": id, "title": "", "excerpt": "", "source_domain": "", "source_name": "", "topic": "sport",
            "topic_name": "Sport", "language": null, "is_right_to_left": 0, "sorted_at": id, "key": id, "word_count": 300,
            "lead_image_hash": has_image.then_some("ab"), "read": u8::from(read), "is_changed": 0, "starred": 0, "archived": 0,
            "is_in_stream": 0, "is_dated": 1, "is_article": 1
        }))
        .unwrap()
    }

    #[test]
    fn the_newest_unread_article_with_an_image_leads_its_topic() {
        let sport = ActiveFilters { url: ListUrl::parse("topic=sport"), ..ActiveFilters::default() };
        let order = |mut cards: Vec<Card>, filters: &ActiveFilters| {
            let lead = put_lead_first(&mut cards, filters, ListKind::Topic);
            (lead, cards.iter().map(|card| card.id).collect::<Vec<_>>())
        };
        let cards = || vec![card(5, false, false), card(4, true, true), card(3, true, false), card(2, true, false)];
        assert_eq!(order(cards(), &sport), (Some(3), vec![3, 5, 4, 2]), "the others keep their order");
        assert_eq!(order(cards()[..2].to_vec(), &sport), (Some(4), vec![4, 5]), "all with an image are read");
        assert_eq!(order(cards()[..1].to_vec(), &sport), (None, vec![5]));
        assert_eq!(order(Vec::new(), &sport), (None, vec![]));
        for (query, sort) in [("topic=sport&after=9-9", Sort::Newest), ("topic=sport", Sort::Oldest)] {
            let filters = ActiveFilters { url: ListUrl::parse(query), sort, ..ActiveFilters::default() };
            assert_eq!(order(cards(), &filters), (None, vec![5, 4, 3, 2]), "{query} {sort:?}");
        }
        assert_eq!(put_lead_first(&mut cards(), &sport, ListKind::Tag), None);
    }
}
