//! What operations change of a topic itself, and undoing it.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::library::articles::changes::topics as filing;
use crate::library::articles::changes::{TopicChange, TopicEdit};
use crate::library::operations::BATCH_SIZE;
use crate::library::topics::{self, Added, Topic, UNSORTED, edits, sections};
use classify::wide_sections::WideSection;

/// What was changed of a topic, as the log stores it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TopicSetup {
    /// It has another name.
    Name { slug: String, from: String, to: String },
    /// It is hidden, or shown again.
    Hidden { slug: String, is_hidden: bool },
    /// It takes articles of a section, or no more. It may have been made for that.
    Section {
        slug: String,
        before: Option<String>,
        after: Option<String>,
        is_new: bool,
        /// It was merged into this one until then: what older versions have logged instead of the row.
        #[serde(default)]
        merged_into: Option<String>,
        /// What it was until then, if it was merged.
        #[serde(default)]
        merged: Option<edits::Row>,
    },
    /// It is gone.
    Deleted(edits::Row),
    /// It goes with another.
    Merged { slug: String, into: String },
}

impl TopicSetup {
    pub const fn moves_articles(&self) -> bool {
        matches!(self, Self::Merged { .. })
    }
}

/// Changes a topic itself. Returns what an undo needs; `None` if it is like that already, or cannot be changed so.
pub(super) async fn apply(
    tx: &mut SqliteConnection,
    topic: &Topic,
    what: &TopicEdit,
) -> sqlx::Result<Option<TopicSetup>> {
    let slug = topic.slug.clone();
    Ok(match what {
        TopicEdit::Rename { to } if *to == topic.name => None,
        TopicEdit::Rename { to } => edits::set_name(tx, &slug, (&topic.name, to)).await?.then(|| TopicSetup::Name {
            slug,
            from: topic.name.clone(),
            to: to.clone(),
        }),
        TopicEdit::Hide | TopicEdit::Show => {
            let is_hidden = *what == TopicEdit::Hide;
            edits::set_hidden(tx, &slug, is_hidden).await?.then_some(TopicSetup::Hidden { slug, is_hidden })
        }
        TopicEdit::EndSections { section } => {
            let (before, after) = (Some(section.clone()), None);
            let (merged_into, merged) = (None, None);
            let setup = TopicSetup::Section { slug: slug.clone(), before, after, is_new: false, merged_into, merged };
            edits::set_section(tx, &slug, (Some(section), None)).await?.then_some(setup)
        }
        TopicEdit::Delete => edits::delete(tx, &slug).await?.map(TopicSetup::Deleted),
        // These begin with articles.
        TopicEdit::Merge { .. } | TopicEdit::FileBySection => None,
        // And this with a topic that there may not be yet.
        TopicEdit::BeginSections { .. } => None,
    })
}

/// Has the topic that is called like a section take its articles; it is added if there is none. Returns the topic and what an
/// undo needs; `None` if one takes them already.
pub(super) async fn begin_section(
    tx: &mut SqliteConnection,
    section: WideSection,
) -> sqlx::Result<Option<(Topic, TopicSetup)>> {
    if sections::find_topic(tx, section.slug()).await?.is_some() {
        return Ok(None);
    }
    let Added { slug, is_new, merged } = topics::add(tx, section.name()).await?;
    let after = Some(section.slug());
    if !edits::set_section(tx, &slug, (None, after)).await? {
        return Ok(None);
    }
    let name = edits::find_name(tx, &slug).await?.unwrap_or_else(|| section.name().to_owned());
    let after = after.map(str::to_owned);
    let setup = TopicSetup::Section { slug: slug.clone(), before: None, after, is_new, merged_into: None, merged };
    Ok(Some((Topic { slug, name, is_custom: true }, setup)))
}

/// Merges a topic into another. `None` if they are the same by now, or it is Unsorted, which cannot do without.
pub(super) async fn merge(tx: &mut SqliteConnection, from: &Topic, into: &Topic) -> sqlx::Result<Option<TopicSetup>> {
    let is_root = edits::find_name(tx, &into.slug).await?.is_some();
    if from.slug == into.slug || from.slug == UNSORTED || !is_root {
        return Ok(None);
    }
    let merged = edits::set_merged(tx, &from.slug, (None, Some(&into.slug))).await?;
    Ok(merged.then(|| TopicSetup::Merged { slug: from.slug.clone(), into: into.slug.clone() }))
}

/// Undoes what was changed of a topic, if it still is as it was left. Returns whether it was, and the articles that arrived
/// meanwhile and go to the topic that came back.
pub(super) async fn revert(tx: &mut SqliteConnection, setup: &TopicSetup) -> sqlx::Result<(bool, Vec<i64>)> {
    let is_restored = match setup {
        TopicSetup::Name { slug, from, to } => edits::set_name(tx, slug, (to, from)).await?,
        TopicSetup::Hidden { slug, is_hidden } => edits::set_hidden(tx, slug, !is_hidden).await?,
        TopicSetup::Section { slug, before, after, is_new, merged_into, merged } => {
            // Another topic may take that section by now.
            let is_free = match before.as_deref() {
                Some(section) => sections::find_topic(tx, section).await?.is_none(),
                None => true,
            };
            let undone = is_free && edits::set_section(tx, slug, (after.as_deref(), before.as_deref())).await?;
            if undone && *is_new {
                edits::delete(tx, slug).await?;
            }
            let into = merged.as_ref().map_or(merged_into.as_deref(), edits::Row::merged_into);
            if let Some(into) = into.filter(|_| undone)
                && edits::find_root(tx, into).await? != *slug
                && edits::set_merged(tx, slug, (None, Some(into))).await?
                && let Some(row) = merged
            {
                edits::put_back(tx, row).await?;
            }
            undone
        }
        TopicSetup::Deleted(row) => edits::restore(tx, row).await?,
        TopicSetup::Merged { slug, into } => {
            let is_back = edits::set_merged(tx, slug, (Some(into), None)).await?;
            // Or the reader has created it again.
            if !is_back && edits::find_name(tx, slug).await?.is_none() {
                return Ok((false, Vec::new()));
            }
            if is_back {
                edits::number_name(tx, slug).await?;
            }
            let meant_for = edits::list_merged(tx, slug).await?;
            let root = edits::find_root(tx, into).await?;
            return Ok((false, filing::list_meant_for(tx, &root, &meant_for).await?));
        }
    };
    Ok((is_restored, Vec::new()))
}

/// Moves articles that arrived where a topic was merged back to it.
pub(super) async fn move_back(tx: &mut SqliteConnection, change: &TopicChange, articles: &[i64]) -> sqlx::Result<()> {
    let TopicEdit::Merge { into, .. } = &change.what else { return Ok(()) };
    let from = edits::find_root(tx, into).await?;
    filing::move_back(tx, articles, (&from, &change.slug)).await
}

/// Moves articles that are left in a topic that is merged to the one that shows them: one batch. Returns whether there
/// were any.
pub(super) async fn sweep(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<bool> {
    let root = edits::find_root(tx, slug).await?;
    Ok(root != slug && filing::move_some(tx, (slug, &root), BATCH_SIZE).await?)
}
