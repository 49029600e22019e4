//! What an operation changes of a source or a tag itself, apart from its articles: first of all,
//! and undone last.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::library::articles::changes::{self, BulkAction, SourceMove, TagMove};
use crate::library::operations::BATCH_SIZE;
use crate::library::operations::topic_setup::{self, TopicSetup};
use crate::library::tags::aliases::{self, Alias, MAX_ALIASES};
use crate::library::tags::{self, GivenWay};
use crate::library::{feeds, rules, sources};

/// Such a change, as the log stores it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Setup {
    /// New articles of a source go elsewhere.
    Filing(Filing),
    /// A tag has another name. It may have been another name of it before.
    TagName {
        tag: i64,
        names: TagMove,
        #[serde(default)]
        alias: Vec<Alias>,
        /// What had the name before.
        #[serde(default)]
        given_way: GivenWay,
    },
    /// Tags have other names beside their own.
    Aliases(AliasesChange),
    /// A topic is as it is otherwise.
    Topic(TopicSetup),
    /// A feed is not followed any more. It was in these folders.
    Unfollowed { feed: i64, folders: Vec<i64> },
}

impl Setup {
    /// Returns whether nothing follows for articles, so that this is what an undo restores.
    pub(super) const fn is_all(&self) -> bool {
        match self {
            Self::Filing(_) | Self::Unfollowed { .. } => false,
            Self::TagName { .. } => true,
            Self::Aliases(change) => change.is_all,
            Self::Topic(topic) => !topic.moves_articles(),
        }
    }
}

/// Other names of tags, before and after.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AliasesChange {
    pub before: Vec<Alias>,
    pub after: Vec<Alias>,
    /// The operation changes nothing else.
    pub is_all: bool,
}

/// New articles of a source go to another source, or no more.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Filing {
    source: i64,
    before: Option<i64>,
    after: Option<i64>,
    /// Rules, by id, that went from it to the other.
    rules: Vec<i64>,
    /// Rules, by id, that it was given.
    copies: Vec<i64>,
    /// The other takes the publisher's keywords since then.
    begins_keywords: bool,
    /// What arrived after this article goes with a source that comes back.
    newest: Option<i64>,
}

/// Merges a source into another: new articles and rules go there, old articles later.
pub(super) async fn merge(tx: &mut SqliteConnection, way: &SourceMove) -> sqlx::Result<Setup> {
    sources::set_merged(tx, way.from, None, Some(way.to)).await?;
    // Its articles are read again with all rules once they have moved.
    rules::jobs::end(tx, way.from).await?;
    Ok(Setup::Filing(Filing {
        source: way.from,
        after: Some(way.to),
        rules: rules::move_to_source(tx, (way.from, None), way.to).await?,
        begins_keywords: tags::pass_on_keywords(tx, way.from, way.to).await?,
        newest: Some(changes::find_newest(tx).await?),
        ..Filing::default()
    }))
}

/// Gives a source that was split off what holds for the one it comes from. It was merged into another before, or into none.
pub(super) async fn split(tx: &mut SqliteConnection, way: &SourceMove, before: Option<i64>) -> sqlx::Result<Setup> {
    tags::pass_on_keywords(tx, way.from, way.to).await?;
    let copies = rules::copy_to_source(tx, way.from, way.to).await?;
    Ok(Setup::Filing(Filing { source: way.to, before, copies, ..Filing::default() }))
}

/// What became of a change that was undone.
#[derive(Debug, Default)]
pub(super) struct Reverted {
    /// It was still as it was left, and the reader is to hear of it.
    pub is_restored: bool,
    /// Articles that arrived meanwhile and go to the source that came back.
    pub arrivals: Vec<i64>,
}

/// Undoes what an operation has logged, if it still is as it was left. What this version does not know stays as it is.
pub(super) async fn revert_logged(
    tx: &mut SqliteConnection,
    operation: i64,
    logged: Option<&str>,
) -> sqlx::Result<Reverted> {
    match logged.and_then(|setup| serde_json::from_str(setup).ok()) {
        Some(setup) => revert(tx, operation, &setup).await,
        None => Ok(Reverted::default()),
    }
}

async fn revert(tx: &mut SqliteConnection, operation: i64, setup: &Setup) -> sqlx::Result<Reverted> {
    match setup {
        Setup::Filing(filing) => {
            let arrivals = revert_filing(tx, filing).await?;
            Ok(Reverted { is_restored: false, arrivals })
        }
        Setup::TagName { tag, names, alias, given_way } => {
            let is_restored = revert_name(tx, *tag, names, (alias, given_way)).await?;
            Ok(Reverted { is_restored, arrivals: Vec::new() })
        }
        Setup::Aliases(change) => {
            let mut after = change.after.clone();
            // A tag that comes back has its name for itself, whatever became of it. Else names may belong to others by now.
            if change.is_all {
                for alias in &change.after {
                    if aliases::find_in(tx, &alias.slug).await?.as_ref() != Some(alias) {
                        after.retain(|other| other != alias);
                    }
                }
            }
            let is_restored = aliases::replace(tx, &after, &change.before).await? && change.is_all;
            Ok(Reverted { is_restored, arrivals: Vec::new() })
        }
        Setup::Unfollowed { feed, folders } => {
            if feeds::follow_again(tx, *feed, Some(operation)).await? {
                feeds::folders::put_feed_in_all(tx, folders, *feed).await?;
            }
            Ok(Reverted::default())
        }
        Setup::Topic(topic) => {
            let (is_restored, arrivals) = topic_setup::revert(tx, topic).await?;
            Ok(Reverted { is_restored, arrivals })
        }
    }
}

/// Gives a tag its former name, with the checks of a rename. Returns `false` if the name belongs to another tag by now, or if
/// the tag would have too many other names.
async fn revert_name(
    tx: &mut SqliteConnection,
    tag: i64,
    names: &TagMove,
    (alias, given_way): (&[Alias], &GivenWay),
) -> sqlx::Result<bool> {
    let own = aliases::find_in(tx, &tags::slugify(&names.from)).await?;
    if own.as_ref().is_some_and(|own| own.tag != tag) {
        return Ok(false);
    }
    let gives_way = tags::list_giving_way(tx, tag, &names.from).await?;
    let mut others = aliases::list_in(tx, tag).await?;
    others.retain(|other| own.as_ref() != Some(other) && !given_way.aliases.contains(other));
    if !gives_way.is_empty() && others.len() + alias.len() + gives_way.len() > MAX_ALIASES {
        return Ok(false);
    }
    if tags::rename(tx, tag, &names.to, &names.from).await?.is_none() {
        return Ok(false);
    }
    aliases::replace(tx, &[], alias).await?;
    tags::bring_back(tx, given_way).await?;
    // The name may have been another name of the tag meanwhile.
    aliases::replace(tx, own.as_slice(), &[]).await?;
    Ok(true)
}

/// Returns the articles that arrived meanwhile and go to the source that comes back.
async fn revert_filing(tx: &mut SqliteConnection, filing: &Filing) -> sqlx::Result<Vec<i64>> {
    let source = filing.source;
    // Merged into this one meanwhile: they would lead to each other.
    if let Some(before) = filing.before
        && sources::find_root(tx, before).await? == source
    {
        return Ok(Vec::new());
    }
    if !sources::set_merged(tx, source, filing.after, filing.before).await? {
        return Ok(Vec::new());
    }
    rules::delete_from_source(tx, source, &filing.copies).await?;
    if let Some(to) = filing.before {
        // What the reader has corrected since goes along.
        let to = sources::find_root(tx, to).await?;
        rules::move_to_source(tx, (source, None), to).await?;
    }
    let Some(from) = filing.after else { return Ok(Vec::new()) };
    rules::move_to_source(tx, (from, Some(&filing.rules)), source).await?;
    if filing.begins_keywords {
        tags::end_keywords(tx, from).await?;
    }
    let Some(newest) = filing.newest else { return Ok(Vec::new()) };
    let from = sources::find_root(tx, from).await?;
    let arrivals = changes::list_arrivals(tx, from, newest).await?;
    sources::retain_filed(tx, arrivals, source).await
}

/// Moves articles that arrived where a source or a topic was merged back to it.
pub(super) async fn move_back(tx: &mut SqliteConnection, action: &BulkAction, articles: &[i64]) -> sqlx::Result<()> {
    match action {
        BulkAction::MergeSource(way) => {
            let from = sources::find_root(tx, way.to).await?;
            changes::move_back(tx, articles, (from, way.from)).await
        }
        BulkAction::ChangeTopic(change) => topic_setup::move_back(tx, change, articles).await,
        _ => Ok(()),
    }
}

/// Lists what is left in a source that an operation has merged: other operations were still bringing articles there.
pub(super) async fn list_left(tx: &mut SqliteConnection, action: &BulkAction) -> sqlx::Result<Vec<i64>> {
    match action {
        BulkAction::MergeSource(way) if sources::find_root(tx, way.from).await? != way.from => {
            changes::list_in_source(tx, way.from).await
        }
        _ => Ok(Vec::new()),
    }
}

/// Moves articles that an undo has left in a source or topic that is merged by now to the one that shows them: one batch.
/// Returns whether there were any.
pub(super) async fn sweep(tx: &mut SqliteConnection, action: &BulkAction) -> sqlx::Result<bool> {
    let way = match action {
        BulkAction::MergeSource(way) | BulkAction::SplitSource(way) => way,
        BulkAction::ChangeTopic(change) => return topic_setup::sweep(tx, &change.slug).await,
        _ => return Ok(false),
    };
    for source in [way.from, way.to] {
        let root = sources::find_root(tx, source).await?;
        if root != source && changes::move_some(tx, (source, root), BATCH_SIZE).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Has the articles of two sources read again by their rules, once an operation or its undo has moved them.
pub(super) async fn finish(tx: &mut SqliteConnection, action: &BulkAction) -> sqlx::Result<()> {
    let (BulkAction::MergeSource(way) | BulkAction::SplitSource(way)) = action else { return Ok(()) };
    let count = rules::count_for_source(tx, way.from).await? + rules::count_for_source(tx, way.to).await?;
    if count > 0 {
        rules::jobs::queue_for_source(tx, way.from).await?;
        rules::jobs::queue_for_source(tx, way.to).await?;
    }
    Ok(())
}
