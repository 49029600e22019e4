//! Operations on sources and tags: merging, splitting, renaming, deleting. What follows for articles is done in batches.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::articles::changes::{self, BulkAction, NamesChange, SourceMove, TagMove, TagsMove};
use crate::library::operations::setup::{self, AliasesChange, Setup};
use crate::library::operations::store;
use crate::library::rules::{self, MAX_RULES};
use crate::library::sources::{self, Source};
use crate::library::tags::aliases::{self, Alias, MAX_ALIASES};
use crate::library::tags::{self, Tag};

/// What became of a request to merge a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// This operation does it.
    Begun(i64),
    /// The other one is the same source, or was merged into another meanwhile.
    SameSource,
    /// Together they have more rules than a source can have.
    TooManyRules,
}

/// A tag would have this many other names, more than it can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyNames(pub usize);

/// Merges a source into another, to be done by [`run_batch`](super::run_batch).
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn merge_sources(library: &Library, from: &Source, to: &Source, now: Timestamp) -> sqlx::Result<Merged> {
    let mut tx = library.begin_write().await?;
    let is_root = sources::find_root(&mut tx, to.id).await? == to.id;
    if from.id == to.id || !is_root || sources::find_root(&mut tx, from.id).await? != from.id {
        return Ok(Merged::SameSource);
    }
    let count = rules::count_for_source(&mut tx, from.id).await? + rules::count_for_source(&mut tx, to.id).await?;
    if count > MAX_RULES {
        return Ok(Merged::TooManyRules);
    }
    let way = source_move(from, to);
    let articles = changes::list_in_source(&mut tx, from.id).await?;
    let setup = setup::merge(&mut tx, &way).await?;
    let id = store::write(&mut tx, &BulkAction::MergeSource(way), None, &articles, now).await?;
    store::log_setup(&mut tx, id, &setup).await?;
    tx.commit().await?;
    Ok(Merged::Begun(id))
}

/// Makes the articles of a host of a source a source of their own, to be done by [`run_batch`](super::run_batch). New
/// articles of the host go there too. The rules hold for both. Returns the operation and the new source.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn split_source(
    library: &Library,
    from: &Source,
    host: &str,
    now: Timestamp,
) -> sqlx::Result<Option<(i64, Source)>> {
    let mut tx = library.begin_write().await?;
    if from.domain == host {
        return Ok(None);
    }
    let (new, before) = sources::split_off(&mut tx, from.id, host).await?;
    let Some(new) = sources::find_by_id(&mut tx, new).await? else { return Ok(None) };
    // A host below it may belong to this source by itself, or to another that was merged into it.
    let below = changes::list_from_host(&mut tx, from.id, host).await?;
    let articles = sources::retain_filed(&mut tx, below, new.id).await?;
    if articles.is_empty() {
        return Ok(None);
    }
    let way = source_move(from, &new);
    let setup = setup::split(&mut tx, &way, before).await?;
    let id = store::write(&mut tx, &BulkAction::SplitSource(way), None, &articles, now).await?;
    store::log_setup(&mut tx, id, &setup).await?;
    tx.commit().await?;
    Ok(Some((id, new)))
}

/// Renames a tag. Returns the operation; `None` if another tag with articles has that name, or it is another name of one.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn rename_tag(
    library: &Library,
    tag: &Tag,
    name: &str,
    now: Timestamp,
) -> sqlx::Result<Result<Option<i64>, TooManyNames>> {
    let mut tx = library.begin_write().await?;
    let alias = aliases::find_in(&mut tx, &tags::slugify(name)).await?;
    if alias.as_ref().is_some_and(|alias| alias.tag != tag.id) {
        return Ok(Ok(None));
    }
    let Some(given_way) = tags::rename(&mut tx, tag.id, &tag.name, name).await? else { return Ok(Ok(None)) };
    let alias: Vec<Alias> = alias.into_iter().collect();
    aliases::replace(&mut tx, &alias, &[]).await?;
    let count = aliases::list_in(&mut tx, tag.id).await?.len();
    if !given_way.aliases.is_empty() && count > MAX_ALIASES {
        return Ok(Err(TooManyNames(count)));
    }
    let names = TagMove { from: tag.name.clone(), to: name.to_owned() };
    let id = store::write(&mut tx, &BulkAction::RenameTag(names.clone()), None, &[], now).await?;
    store::log_setup(&mut tx, id, &Setup::TagName { tag: tag.id, names, alias, given_way }).await?;
    tx.commit().await?;
    Ok(Ok(Some(id)))
}

/// Replaces tags by another on all their articles, to be done by [`run_batch`](super::run_batch). Their names become other
/// names of that one.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn merge_tags(
    library: &Library,
    from: &[Tag],
    into: &Tag,
    now: Timestamp,
) -> sqlx::Result<Result<i64, TooManyNames>> {
    let mut tx = library.begin_write().await?;
    let count = count_names_together(&mut tx, from, into).await?;
    if count > MAX_ALIASES {
        return Ok(Err(TooManyNames(count)));
    }
    let to = into.name.clone();
    let action = match from {
        [tag] => BulkAction::MergeTag(TagMove { from: tag.name.clone(), to }),
        _ => BulkAction::MergeTags(TagsMove { from: names_of(from), to }),
    };
    let id = change_tags(&mut tx, from, Some(into), &action, now).await?;
    tx.commit().await?;
    Ok(Ok(id))
}

/// Counts the other names that a tag has when others are merged into it.
async fn count_names_together(tx: &mut SqliteConnection, from: &[Tag], into: &Tag) -> sqlx::Result<usize> {
    let mut slugs: HashSet<String> = from.iter().map(|tag| tag.slug.clone()).collect();
    for tag in from.iter().chain([into]) {
        slugs.extend(aliases::list_in(tx, tag.id).await?.into_iter().map(|alias| alias.slug));
    }
    slugs.remove(&into.slug);
    Ok(slugs.len())
}

/// Removes tags from all their articles, to be done by [`run_batch`](super::run_batch). They lose their other names.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn delete_tags(library: &Library, tags: &[Tag], now: Timestamp) -> sqlx::Result<i64> {
    let action = match tags {
        [tag] => BulkAction::DeleteTag(tag.name.clone()),
        _ => BulkAction::DeleteTags(names_of(tags)),
    };
    let mut tx = library.begin_write().await?;
    let id = change_tags(&mut tx, tags, None, &action, now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn change_tags(
    tx: &mut SqliteConnection,
    from: &[Tag],
    into: Option<&Tag>,
    action: &BulkAction,
    now: Timestamp,
) -> sqlx::Result<i64> {
    let (mut articles, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
    for tag in from {
        articles.extend(tags::list_articles(tx, tag.id).await?);
        before.extend(aliases::list_in(tx, tag.id).await?);
        after.extend(into.map(|into| Alias::new(into, &tag.name)));
    }
    articles.sort_unstable();
    articles.dedup();
    if let Some(into) = into {
        after.extend(before.iter().map(|alias| Alias { tag: into.id, ..alias.clone() }));
        after.retain(|alias| alias.slug != into.slug);
    }
    aliases::replace(tx, &before, &after).await?;
    let id = store::write(tx, action, None, &articles, now).await?;
    store::log_setup(tx, id, &Setup::Aliases(AliasesChange { before, after, is_all: false })).await?;
    Ok(id)
}

/// Gives a tag these other names, and no others. Returns the operation; `None` if it has them already.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn set_aliases(library: &Library, tag: &Tag, after: Vec<Alias>, now: Timestamp) -> sqlx::Result<Option<i64>> {
    let mut tx = library.begin_write().await?;
    let before = aliases::list_in(&mut tx, tag.id).await?;
    if !aliases::replace(&mut tx, &before, &after).await? {
        return Ok(None);
    }
    let missing = |names: &[Alias], others: &[Alias]| -> Vec<String> {
        let is_missing = |alias: &&Alias| others.iter().all(|other| other.slug != alias.slug);
        names.iter().filter(is_missing).map(|alias| alias.name.clone()).collect()
    };
    let (added, removed) = (missing(&after, &before), missing(&before, &after));
    let action = BulkAction::TagNames(NamesChange { tag: tag.name.clone(), added, removed });
    let id = store::write(&mut tx, &action, None, &[], now).await?;
    store::log_setup(&mut tx, id, &Setup::Aliases(AliasesChange { before, after, is_all: true })).await?;
    tx.commit().await?;
    Ok(Some(id))
}

fn names_of(tags: &[Tag]) -> Vec<String> {
    tags.iter().map(|tag| tag.name.clone()).collect()
}

fn source_move(from: &Source, to: &Source) -> SourceMove {
    SourceMove { from: from.id, to: to.id, from_name: from.name.clone(), to_name: to.name.clone() }
}
