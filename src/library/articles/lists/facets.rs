//! Facets of a list: how many articles each additional filter would show.
//!
//! About forty counts beside each list, all capped. They change only when the library does, so they are cached by
//! filter and library generation.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::library::Library;
use crate::library::articles::lists::{CappedCount, Filter, Position, store};
use crate::library::{sources, tags, topics};

/// Maximum number of sources and of tags suggested beside a list, besides the selected one.
const MAX_SUGGESTIONS: i64 = 10;

/// Sources and tags are suggested from this many newest articles of a list. All of them would take too long for a large
/// list, and the ten most common rarely differ.
const SAMPLE_SIZE: usize = 200;

/// Maximum number of cached entries; when it is reached, the cache is cleared.
const MAX_CACHE_ENTRIES: usize = 200;

/// What a list can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// In topic order.
    pub topics: Vec<Facet>,
    /// Largest first.
    pub sources: Vec<Facet>,
    /// Largest first.
    pub tags: Vec<Facet>,
    /// Number of unread articles.
    pub unread: Facet,
    /// Number of starred articles.
    pub starred: Facet,
    /// Number of archived articles.
    pub archived: Facet,
    /// Number of articles in the list itself.
    pub total: CappedCount,
    /// Number of articles in the list without the filters on their state.
    pub any_state: CappedCount,
}

/// A filter that can be added, or is active.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facet {
    /// Value in the URL: topic slug, domain or tag slug.
    pub value: String,
    /// Name for readers.
    pub name: String,
    /// Number of articles it would show.
    pub count: CappedCount,
    /// Whether it is active.
    pub is_selected: bool,
}

/// Facets computed before. Cheap to clone.
#[derive(Clone, Default)]
pub struct FacetsCache(Arc<Mutex<HashMap<CacheKey, CacheEntry>>>);

/// Library id and filter.
type CacheKey = (i64, Filter);

/// The library's generation when the facets were computed, and the facets.
type CacheEntry = (u64, Arc<Facets>);

impl FacetsCache {
    /// Returns the facets of a filter, computed if the library has changed since.
    ///
    /// # Errors
    /// The database fails.
    pub async fn get(&self, library: &Library, filter: &Filter) -> sqlx::Result<Arc<Facets>> {
        let key = (library.id(), filter.clone());
        let generation = library.generation();
        if let Some((cached_generation, facets)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && *cached_generation == generation
        {
            return Ok(facets.clone());
        }
        let facets = Arc::new(compute(library, filter).await?);
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= MAX_CACHE_ENTRIES {
            cache.clear();
        }
        cache.insert(key, (generation, facets.clone()));
        Ok(facets)
    }
}

async fn compute(library: &Library, filter: &Filter) -> sqlx::Result<Facets> {
    let mut facets = Facets { total: store::count(library, filter).await?, ..Facets::default() };
    for topic in topics::list_all(library).await? {
        let narrowed = Filter { topic: Some(topic.slug.clone()), ..filter.clone() };
        let is_selected = filter.topic.as_ref() == Some(&topic.slug);
        push_unless_empty(&mut facets.topics, library, &narrowed, (topic.slug, topic.name, is_selected)).await?;
    }
    for source in suggest_sources(library, filter).await? {
        let narrowed = Filter { source_id: Some(source.id), ..filter.clone() };
        let is_selected = filter.source_id == Some(source.id);
        push_unless_empty(&mut facets.sources, library, &narrowed, (source.domain, source.name, is_selected)).await?;
    }
    for tag in suggest_tags(library, filter).await? {
        let narrowed = Filter { tag_id: Some(tag.id), ..filter.clone() };
        let is_selected = filter.tag_id == Some(tag.id);
        push_unless_empty(&mut facets.tags, library, &narrowed, (tag.slug, tag.name, is_selected)).await?;
    }
    disambiguate_names(&mut facets.sources);
    facets.sources.sort_by_key(|source| Reverse(source.count.0));
    facets.tags.sort_by_key(|tag| Reverse(tag.count.0));
    let state = |value: &str, name: &str, is_selected| Facet {
        value: value.into(),
        name: name.into(),
        is_selected,
        ..Facet::default()
    };
    let unread = Filter { unread: true, ..filter.clone() };
    let starred = Filter { starred: true, ..filter.clone() };
    let archived = Filter { archived: true, ..filter.clone() };
    facets.any_state = store::count(library, &filter.in_any_state()).await?;
    facets.unread = Facet { count: store::count(library, &unread).await?, ..state("unread", "Unread", filter.unread) };
    facets.starred =
        Facet { count: store::count(library, &starred).await?, ..state("starred", "Starred", filter.starred) };
    facets.archived =
        Facet { count: store::count(library, &archived).await?, ..state("archived", "Archived", filter.archived) };
    Ok(facets)
}

/// Adds the domain to publications that share a name.
fn disambiguate_names(sources: &mut [Facet]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for source in &*sources {
        *counts.entry(source.name.clone()).or_default() += 1;
    }
    for source in sources.iter_mut().filter(|source| counts[&source.name] > 1) {
        source.name = format!("{} ({})", source.name, source.value);
    }
}

/// Suggests sources: the most common of the list, ignoring its source filter, then the largest of all.
async fn suggest_sources(library: &Library, filter: &Filter) -> sqlx::Result<Vec<sources::Source>> {
    let unrestricted = Filter { source_id: None, ..filter.clone() };
    let from_list = sources::most_common(library, &newest_ids(library, &unrestricted).await?, MAX_SUGGESTIONS).await?;
    let largest = sources::largest(library, MAX_SUGGESTIONS, filter.source_id).await?;
    Ok(merge_suggestions(from_list, largest, |source| source.id, filter.source_id))
}

/// Suggests tags in the same way.
async fn suggest_tags(library: &Library, filter: &Filter) -> sqlx::Result<Vec<tags::Tag>> {
    let unrestricted = Filter { tag_id: None, ..filter.clone() };
    let from_list = tags::most_common(library, &newest_ids(library, &unrestricted).await?, MAX_SUGGESTIONS).await?;
    let largest = tags::largest(library, MAX_SUGGESTIONS, filter.tag_id).await?;
    Ok(merge_suggestions(from_list, largest, |tag| tag.id, filter.tag_id))
}

/// Returns the ids of a list's newest articles; none for the unfiltered list, whose largest sources and tags are known.
async fn newest_ids(library: &Library, filter: &Filter) -> sqlx::Result<Vec<i64>> {
    if *filter == Filter::default() {
        return Ok(Vec::new());
    }
    let page = store::list(library, filter, Position::START, SAMPLE_SIZE).await?;
    Ok(page.cards.iter().map(|card| card.id).collect())
}

/// Merges suggestions from the list with the largest ones, without duplicates and up to the maximum. The selected one
/// is always included.
fn merge_suggestions<T>(from_list: Vec<T>, largest: Vec<T>, id: fn(&T) -> i64, selected_id: Option<i64>) -> Vec<T> {
    let is_selected = |item: &T| Some(id(item)) == selected_id;
    let (mut suggestions, others): (Vec<T>, Vec<T>) = largest.into_iter().partition(is_selected);
    let room = suggestions.len() + usize::try_from(MAX_SUGGESTIONS).expect("a small number fits");
    for item in from_list.into_iter().chain(others) {
        if suggestions.len() < room && !suggestions.iter().any(|other| id(other) == id(&item)) {
            suggestions.push(item);
        }
    }
    suggestions
}

/// Adds a facet unless it would show no articles.
async fn push_unless_empty(
    facets: &mut Vec<Facet>,
    library: &Library,
    narrowed: &Filter,
    (value, name, is_selected): (String, String, bool),
) -> sqlx::Result<()> {
    let count = store::count(library, narrowed).await?;
    if is_selected || count.0 > 0 {
        facets.push(Facet { value, name, count, is_selected });
    }
    Ok(())
}
