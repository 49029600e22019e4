//! Operations on topics: renaming, hiding, merging, and taking the publishers' wide sections.

use classify::wide_sections::WideSection;
use jiff::Timestamp;

use crate::library::Library;
use crate::library::articles::changes::BulkAction;
use crate::library::articles::changes::topics::{self as filing, TopicChange, TopicEdit};
use crate::library::operations::setup::Setup;
use crate::library::operations::{store, topic_setup};
use crate::library::topics::Topic;

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
