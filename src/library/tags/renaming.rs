//! Renaming tags. One without articles gives way to another.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::library::tags::aliases::{self, Alias};
use crate::library::tags::{slugify, store};

/// A tag without articles that gave way to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::library) struct GivenWay {
    /// Its name.
    pub name: String,
    /// Its other names, which are those of the other now.
    pub aliases: Vec<Alias>,
}

/// Renames a tag, if it is called as it was before and no other tag has the slug; one without articles gives way, and its
/// other names go along. Returns what gave way; `None` if the tag was not renamed.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn rename(
    tx: &mut SqliteConnection,
    tag: i64,
    before: &str,
    after: &str,
) -> sqlx::Result<Option<GivenWay>> {
    let other = store::find_namesake(tx, &slugify(after), tag).await?;
    if !store::is_called(tx, tag, before).await? || other.as_ref().is_some_and(|other| other.is_used) {
        return Ok(None);
    }
    let mut given_way = GivenWay::default();
    if let Some(other) = other {
        given_way = GivenWay { name: other.name, aliases: aliases::pass_on(tx, other.id, tag).await? };
        store::delete(tx, other.id).await?;
    }
    store::set_name(tx, tag, after).await?;
    Ok(Some(given_way))
}

/// Lists the other names of a tag without articles that would give way if a tag got this name.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_giving_way(
    tx: &mut SqliteConnection,
    tag: i64,
    name: &str,
) -> sqlx::Result<Vec<Alias>> {
    match store::find_namesake(tx, &slugify(name), tag).await? {
        Some(other) if !other.is_used => aliases::list_in(tx, other.id).await,
        _ => Ok(Vec::new()),
    }
}

/// Has a tag that gave way come back without articles, with those of its other names that were not given away since.
/// One without other names does not: nobody would see it.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn bring_back(tx: &mut SqliteConnection, given_way: &GivenWay) -> sqlx::Result<()> {
    let mut before = given_way.aliases.clone();
    for alias in &given_way.aliases {
        if aliases::find_in(tx, &alias.slug).await?.as_ref() != Some(alias) {
            before.retain(|other| other != alias);
        }
    }
    if before.is_empty() {
        return Ok(());
    }
    let Some(id) = store::add_unused(tx, &given_way.name).await? else { return Ok(()) };
    let after: Vec<Alias> = before.iter().map(|alias| Alias { tag: id, ..alias.clone() }).collect();
    aliases::replace(tx, &before, &after).await?;
    Ok(())
}
