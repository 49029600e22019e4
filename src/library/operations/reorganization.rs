//! Operations on sources, tags and topics: merging, splitting, renaming, deleting. What follows for articles is done in batches.

use classify::wide_sections::WideSection;
use jiff::Timestamp;

use crate::library::Library;
use crate::library::articles::changes::topics as filing;
use crate::library::articles::changes::{self, BulkAction, SourceMove, TagMove, TopicChange, TopicEdit};
use crate::library::operations::setup::{self, Setup};
use crate::library::operations::{store, topic_setup};
use crate::library::rules::{self, MAX_RULES};
use crate::library::sources::{self, Source};
use crate::library::tags::{self, Tag};
use crate::library::topics::Topic;

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

/// Renames a tag. Returns the operation; `None` if another tag with articles has that name.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn rename_tag(library: &Library, tag: &Tag, name: &str, now: Timestamp) -> sqlx::Result<Option<i64>> {
    let mut tx = library.begin_write().await?;
    if !tags::rename(&mut tx, tag.id, &tag.name, name).await? {
        return Ok(None);
    }
    let names = TagMove { from: tag.name.clone(), to: name.to_owned() };
    let id = store::write(&mut tx, &BulkAction::RenameTag(names.clone()), None, &[], now).await?;
    store::log_setup(&mut tx, id, &Setup::TagName { tag: tag.id, names }).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Replaces a tag by another on all its articles, to be done by [`run_batch`](super::run_batch).
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn merge_tags(library: &Library, tag: &Tag, into: &Tag, now: Timestamp) -> sqlx::Result<i64> {
    let names = TagMove { from: tag.name.clone(), to: into.name.clone() };
    change_tag(library, tag, &BulkAction::MergeTag(names), now).await
}

/// Removes a tag from all its articles, to be done by [`run_batch`](super::run_batch).
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn delete_tag(library: &Library, tag: &Tag, now: Timestamp) -> sqlx::Result<i64> {
    change_tag(library, tag, &BulkAction::DeleteTag(tag.name.clone()), now).await
}

async fn change_tag(library: &Library, tag: &Tag, action: &BulkAction, now: Timestamp) -> sqlx::Result<i64> {
    let mut tx = library.begin_write().await?;
    let articles = tags::list_articles(&mut tx, tag.id).await?;
    let id = store::write(&mut tx, action, None, &articles, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a topic itself. Returns the operation; `None` if it is like that already, or cannot be changed so.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn change_topic(
    library: &Library,
    topic: &Topic,
    what: TopicEdit,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    let mut tx = library.begin_write().await?;
    let Some(setup) = topic_setup::apply(&mut tx, topic, &what).await? else { return Ok(None) };
    let change = TopicChange { slug: topic.slug.clone(), name: topic.name.clone(), what };
    let id = store::write(&mut tx, &BulkAction::ChangeTopic(change), None, &[], now).await?;
    store::log_setup(&mut tx, id, &Setup::Topic(setup)).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Has a topic take what the publishers file under World, Local or Opinion from now on. Returns the operation and the topic;
/// `None` if there is one already.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn begin_section(
    library: &Library,
    section: WideSection,
    now: Timestamp,
) -> sqlx::Result<Option<(i64, Topic)>> {
    let mut tx = library.begin_write().await?;
    let Some((topic, setup)) = topic_setup::begin_section(&mut tx, section).await? else { return Ok(None) };
    let what = TopicEdit::BeginSections { section: section.slug().to_owned() };
    let change = TopicChange { slug: topic.slug.clone(), name: topic.name.clone(), what };
    let id = store::write(&mut tx, &BulkAction::ChangeTopic(change), None, &[], now).await?;
    store::log_setup(&mut tx, id, &Setup::Topic(setup)).await?;
    tx.commit().await?;
    Ok(Some((id, topic)))
}

/// Merges a topic into another, to be done by [`run_batch`](super::run_batch). Returns the operation; `None` if they are the
/// same by now, or the topic is Unsorted, which cannot do without.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn merge_topics(library: &Library, from: &Topic, into: &Topic, now: Timestamp) -> sqlx::Result<Option<i64>> {
    let mut tx = library.begin_write().await?;
    let Some(setup) = topic_setup::merge(&mut tx, from, into).await? else { return Ok(None) };
    let articles = filing::list_in_topic(&mut tx, &from.slug).await?;
    let what = TopicEdit::Merge { into: into.slug.clone(), into_name: into.name.clone() };
    let change = TopicChange { slug: from.slug.clone(), name: from.name.clone(), what };
    let id = store::write(&mut tx, &BulkAction::ChangeTopic(change), None, &articles, now).await?;
    store::log_setup(&mut tx, id, &Setup::Topic(setup)).await?;
    tx.commit().await?;
    Ok(Some(id))
}

fn source_move(from: &Source, to: &Source) -> SourceMove {
    SourceMove { from: from.id, to: to.id, from_name: from.name.clone(), to_name: to.name.clone() }
}
