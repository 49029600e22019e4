//! How many articles each further filter would show, under the filters already chosen.
//!
//! The counts are capped, but there are some forty of them beside each list. They change only when the library does, so
//! they are worked out once for each filter and each state of the library.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::library::Library;
use crate::library::articles::lists::{CappedCount, Filter, Position, store};
use crate::library::{sources, tags, topics};

/// Sources and tags offered beside a list, besides the one chosen.
const OFFERED: i64 = 10;

/// The newest articles of a list in which the sources and tags to offer are looked for. All of them would take too long
/// for a large list; ten among two hundred are seldom others than ten among all.
const LOOKED_THROUGH: usize = 200;

/// Remembered lists of facets; beyond this all are forgotten.
const REMEMBERED: usize = 200;

/// What a list can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// In the topics' order.
    pub topics: Vec<Facet>,
    /// The largest first.
    pub sources: Vec<Facet>,
    /// The largest first.
    pub tags: Vec<Facet>,
    /// How many of them are unread.
    pub unread: Facet,
    /// How many of them are starred.
    pub starred: Facet,
    /// How many lie in the archive.
    pub archived: Facet,
    /// How many the list itself holds.
    pub total: CappedCount,
    /// How many it would hold whatever their state.
    pub any_state: CappedCount,
}

/// One filter that could be chosen, or is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facet {
    /// As it stands in an address: topic slug, domain, tag slug.
    pub value: String,
    /// As people read it.
    pub name: String,
    /// How many articles it would show.
    pub count: CappedCount,
    /// It is chosen.
    pub is_selected: bool,
}

/// Facets worked out before. Cheap to clone.
#[derive(Clone, Default)]
pub struct FacetsCache(Arc<Mutex<HashMap<Asked, Known>>>);

/// A library and a filter.
type Asked = (i64, Filter);

/// The library's generation then, and its facets.
type Known = (u64, Arc<Facets>);

impl FacetsCache {
    /// The facets of this filter, as the library stands.
    ///
    /// # Errors
    /// The database fails.
    pub async fn get(&self, library: &Library, filter: &Filter) -> sqlx::Result<Arc<Facets>> {
        let key = (library.id(), filter.clone());
        let generation = library.generation();
        if let Some((of, facets)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && *of == generation
        {
            return Ok(facets.clone());
        }
        let facets = Arc::new(work_out(library, filter).await?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, (generation, facets.clone()));
        Ok(facets)
    }
}

async fn work_out(library: &Library, filter: &Filter) -> sqlx::Result<Facets> {
    let mut facets = Facets { total: store::count(library, filter).await?, ..Facets::default() };
    for topic in topics::list_all(library).await? {
        let narrowed = Filter { topic: Some(topic.slug.clone()), ..filter.clone() };
        let chosen = filter.topic.as_ref() == Some(&topic.slug);
        push(&mut facets.topics, library, &narrowed, (topic.slug, topic.name, chosen)).await?;
    }
    for source in offered_sources(library, filter).await? {
        let narrowed = Filter { source_id: Some(source.id), ..filter.clone() };
        let chosen = filter.source_id == Some(source.id);
        push(&mut facets.sources, library, &narrowed, (source.domain, source.name, chosen)).await?;
    }
    for tag in offered_tags(library, filter).await? {
        let narrowed = Filter { tag_id: Some(tag.id), ..filter.clone() };
        let chosen = filter.tag_id == Some(tag.id);
        push(&mut facets.tags, library, &narrowed, (tag.slug, tag.name, chosen)).await?;
    }
    tell_apart(&mut facets.sources);
    facets.sources.sort_by_key(|source| Reverse(source.count.0));
    facets.tags.sort_by_key(|tag| Reverse(tag.count.0));
    let state = |word: &str, name: &str, chosen| Facet {
        value: word.into(),
        name: name.into(),
        is_selected: chosen,
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

/// Adds the domain where publications have the same name.
fn tell_apart(sources: &mut [Facet]) {
    let mut known: HashMap<String, usize> = HashMap::new();
    for source in &*sources {
        *known.entry(source.name.clone()).or_default() += 1;
    }
    for source in sources.iter_mut().filter(|source| known[&source.name] > 1) {
        source.name = format!("{} ({})", source.name, source.value);
    }
}

/// The sources most worth offering: those of the list as it would be with any source, then the largest of all.
async fn offered_sources(library: &Library, filter: &Filter) -> sqlx::Result<Vec<sources::Source>> {
    let any = Filter { source_id: None, ..filter.clone() };
    let near = sources::most_common(library, &newest(library, &any).await?, OFFERED).await?;
    let large = sources::largest(library, OFFERED, filter.source_id).await?;
    Ok(chosen_first(near, large, |source| source.id, filter.source_id))
}

/// The tags most worth offering, in the same way.
async fn offered_tags(library: &Library, filter: &Filter) -> sqlx::Result<Vec<tags::Tag>> {
    let any = Filter { tag_id: None, ..filter.clone() };
    let near = tags::most_common(library, &newest(library, &any).await?, OFFERED).await?;
    let large = tags::largest(library, OFFERED, filter.tag_id).await?;
    Ok(chosen_first(near, large, |tag| tag.id, filter.tag_id))
}

/// The numbers of the newest articles of a list; none for the list of everything, whose largest are known.
async fn newest(library: &Library, filter: &Filter) -> sqlx::Result<Vec<i64>> {
    if *filter == Filter::default() {
        return Ok(Vec::new());
    }
    let page = store::list(library, filter, Position::START, LOOKED_THROUGH).await?;
    Ok(page.cards.iter().map(|card| card.id).collect())
}

/// The near ones, then the large ones, each once and so many as are offered; the chosen one in any case.
fn chosen_first<T>(near: Vec<T>, large: Vec<T>, id: fn(&T) -> i64, chosen: Option<i64>) -> Vec<T> {
    let is_chosen = |one: &T| Some(id(one)) == chosen;
    let (mut offered, others): (Vec<T>, Vec<T>) = large.into_iter().partition(is_chosen);
    let room = offered.len() + usize::try_from(OFFERED).expect("a small number fits");
    for one in near.into_iter().chain(others) {
        if offered.len() < room && !offered.iter().any(|other| id(other) == id(&one)) {
            offered.push(one);
        }
    }
    offered
}

/// Adds a facet unless choosing it would show nothing.
async fn push(
    facets: &mut Vec<Facet>,
    library: &Library,
    narrowed: &Filter,
    (word, name, chosen): (String, String, bool),
) -> sqlx::Result<()> {
    let count = store::count(library, narrowed).await?;
    if chosen || count.0 > 0 {
        facets.push(Facet { value: word, name, count, is_selected: chosen });
    }
    Ok(())
}
