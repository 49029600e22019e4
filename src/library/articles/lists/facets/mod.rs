//! Facets of a list: how many articles each additional filter would show.
//!
//! About forty counts beside each list. Triggers keep those of every state, topic and source, and of every state, topic and
//! tag, so these are exact and cost a few reads of `facet_count`. With other filters (dates, a search, a tag together
//! with a source), the newest articles of the list are surveyed, and a count may be a lower bound. All are cached by filter
//! and library generation, for the next page and for Back.

mod store;
mod survey;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::library::Library;
use crate::library::articles::lists::facets::store::Named;
use crate::library::articles::lists::facets::survey::{Counter, Tags, is_kept, most_common, sum_marks};
use crate::library::articles::lists::{Count, Filter};
use crate::library::lanes::Lanes;
use crate::library::{sources, tags, topics};

/// Maximum number of sources and of tags suggested beside a list, besides the selected one.
const MAX_SUGGESTIONS: usize = 10;

/// As many of the largest ones are looked at.
const MAX_LARGEST: i64 = 10;

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
    /// Number of articles in the list, if it showed these lanes.
    pub lanes: [(Lanes, Count); 3],
    /// Number of articles in the list itself.
    pub total: Count,
    /// Number of articles in the list without the filters on their state.
    pub any_state: Count,
}

/// A filter that can be added, or is active.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facet {
    /// Value in the URL: topic slug, domain or tag slug.
    pub value: String,
    /// Name for readers.
    pub name: String,
    /// Number of articles it would show.
    pub count: Count,
    /// Whether it is active.
    pub is_selected: bool,
}

impl Facet {
    fn new(value: &str, name: &str, is_selected: bool) -> Self {
        Self { value: value.into(), name: name.into(), count: Count::default(), is_selected }
    }

    fn of(count: Count, named: Named, selected: Option<i64>) -> Self {
        Self { value: named.value, name: named.name, count, is_selected: Some(named.id) == selected }
    }
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

/// Counts the articles of a list; with filters whose counts are not kept, at least those among its newest.
///
/// # Errors
/// The database fails.
pub async fn count(library: &Library, filter: &Filter) -> sqlx::Result<Count> {
    Ok(Counter::new(library).count(filter).await?.total(filter))
}

async fn compute(library: &Library, filter: &Filter) -> sqlx::Result<Facets> {
    let mut counter = Counter::new(library);
    // Tags first: their survey usually serves the others.
    let tags = count_tags(&mut counter, filter).await?;
    let mut facets = Facets {
        topics: count_topics(&mut counter, filter).await?,
        sources: count_sources(&mut counter, filter).await?,
        tags,
        ..count_states(&mut counter, filter).await?
    };
    // The selected ones show the list itself.
    for facets_of_kind in [&mut facets.topics, &mut facets.sources, &mut facets.tags] {
        for facet in facets_of_kind.iter_mut().filter(|facet| facet.is_selected) {
            facet.count = facets.total;
        }
        facets_of_kind.retain(|facet| facet.is_selected || facet.count.articles > 0);
    }
    disambiguate_names(&mut facets.sources);
    facets.sources.sort_by_key(|source| Reverse(source.count.articles));
    facets.tags.sort_by_key(|tag| Reverse(tag.count.articles));
    Ok(facets)
}

/// Counts the list and its states.
async fn count_states(counter: &mut Counter<'_>, filter: &Filter) -> sqlx::Result<Facets> {
    let mut facets = Facets {
        total: counter.count(filter).await?.total(filter),
        unread: Facet::new("unread", "Unread", filter.unread),
        starred: Facet::new("starred", "Starred", filter.starred),
        archived: Facet::new("archived", "Archived", filter.archived),
        ..Facets::default()
    };
    let unread = Filter { unread: true, ..filter.clone() };
    let starred = Filter { starred: true, ..filter.clone() };
    let archived = Filter { archived: true, ..filter.clone() };
    let any_state = filter.in_any_state();
    for (count, narrowed) in [
        (&mut facets.any_state, &any_state),
        (&mut facets.unread.count, &unread),
        (&mut facets.starred.count, &starred),
        (&mut facets.archived.count, &archived),
    ] {
        *count = counter.count(narrowed).await?.total(narrowed);
    }
    facets.lanes = Lanes::ALL.map(|lanes| (lanes, Count::default()));
    for (lanes, count) in &mut facets.lanes {
        let narrowed = Filter { lanes: *lanes, ..filter.clone() };
        *count = counter.count(&narrowed).await?.total(&narrowed);
    }
    Ok(facets)
}

async fn count_topics(counter: &mut Counter<'_>, filter: &Filter) -> sqlx::Result<Vec<Facet>> {
    let base = Filter { topic: None, ..filter.clone() };
    let counts = counter.count(&base).await?;
    let mut topics = topics::list_shown(counter.library).await?;
    if let Some(slug) = filter.topic.as_ref().filter(|slug| topics.iter().all(|topic| topic.slug != **slug)) {
        // A hidden topic is beside its own list.
        topics.extend(topics::find(counter.library, slug).await?);
    }
    Ok(topics
        .into_iter()
        .map(|topic| Facet {
            is_selected: filter.topic.as_ref() == Some(&topic.slug),
            count: counts.in_topic(&topic.slug, filter),
            value: topic.slug,
            name: topic.name,
        })
        .collect())
}

/// Suggests the most common sources of the list, ignoring its source filter, and the largest of all.
async fn count_sources(counter: &mut Counter<'_>, filter: &Filter) -> sqlx::Result<Vec<Facet>> {
    let library = counter.library;
    let base = Filter { source_id: None, ..filter.clone() };
    let survey = if base == Filter::default() { None } else { Some(counter.survey(&base, Tags::Skipped).await?) };
    let from_list = survey.iter().flat_map(|survey| most_common(&survey.sources, &base, MAX_SUGGESTIONS)).collect();
    let is_kept = is_kept(filter) && filter.tag_id.is_none();
    let largest = match is_kept {
        true => sources::largest(library, MAX_LARGEST, None).await?.iter().map(|source| source.id).collect(),
        false => Vec::new(),
    };
    let ids = merge_suggestions(from_list, largest, filter.source_id);
    let named = store::name_sources(library, &ids, filter.topic.as_deref()).await?;
    let counted = |source: &Named| match &survey {
        Some(survey) if !is_kept => survey.in_source(source.id, filter),
        _ => sum_marks(&source.counts, filter),
    };
    Ok(named.into_iter().map(|source| Facet::of(counted(&source), source, filter.source_id)).collect())
}

/// Suggests tags in the same way.
async fn count_tags(counter: &mut Counter<'_>, filter: &Filter) -> sqlx::Result<Vec<Facet>> {
    let library = counter.library;
    let base = Filter { tag_id: None, ..filter.clone() };
    let survey = if base == Filter::default() { None } else { Some(counter.survey(&base, Tags::Counted).await?) };
    let from_list = survey.iter().flat_map(|survey| most_common(&survey.tags, &base, MAX_SUGGESTIONS)).collect();
    let is_kept = is_kept(filter) && filter.source_id.is_none();
    let largest = match is_kept {
        true => tags::largest(library, MAX_LARGEST, None).await?.iter().map(|tag| tag.id).collect(),
        false => Vec::new(),
    };
    let ids = merge_suggestions(from_list, largest, filter.tag_id);
    let named = store::name_tags(library, &ids, filter.topic.as_deref()).await?;
    let counted = |tag: &Named| match &survey {
        Some(survey) if !is_kept => survey.with_tag(tag.id, filter),
        _ => sum_marks(&tag.counts, filter),
    };
    Ok(named.into_iter().map(|tag| Facet::of(counted(&tag), tag, filter.tag_id)).collect())
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

/// Merges suggestions from the list with the largest ones, without duplicates and up to the maximum. The selected one
/// is always included.
fn merge_suggestions(from_list: Vec<i64>, largest: Vec<i64>, selected: Option<i64>) -> Vec<i64> {
    let mut suggestions: Vec<i64> = selected.into_iter().collect();
    let room = suggestions.len() + MAX_SUGGESTIONS;
    for id in from_list.into_iter().chain(largest) {
        if suggestions.len() < room && !suggestions.contains(&id) {
            suggestions.push(id);
        }
    }
    suggestions
}
