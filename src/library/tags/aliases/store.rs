//! Queries on other names of tags.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::tags::aliases::Alias;
use crate::library::tags::key;
use crate::library::tags::store::find_language;

/// Lists the other names of a tag.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, tag: i64) -> sqlx::Result<Vec<Alias>> {
    list_in(&mut *library.readers().acquire().await?, tag).await
}

/// Lists the other names of a tag, within a transaction.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_in(tx: &mut SqliteConnection, tag: i64) -> sqlx::Result<Vec<Alias>> {
    sqlx::query_as!(Alias, "SELECT slug, name, tag_id AS tag FROM tag_alias WHERE tag_id = ?1 ORDER BY slug", tag)
        .fetch_all(tx)
        .await
}

/// Finds another name by its slug.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, slug: &str) -> sqlx::Result<Option<Alias>> {
    find_in(&mut *library.readers().acquire().await?, slug).await
}

/// Finds another name by its slug, within a transaction.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_in(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<Option<Alias>> {
    sqlx::query_as!(Alias, "SELECT slug, name, tag_id AS tag FROM tag_alias WHERE slug = ?1", slug)
        .fetch_optional(tx)
        .await
}

/// Passes the other names of a tag on to another. Returns them, as those of the other.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn pass_on(tx: &mut SqliteConnection, from: i64, to: i64) -> sqlx::Result<Vec<Alias>> {
    let aliases = list_in(tx, from).await?;
    sqlx::query!("UPDATE tag_alias SET tag_id = ?2 WHERE tag_id = ?1", from, to).execute(tx).await?;
    Ok(aliases.into_iter().map(|alias| Alias { tag: to, ..alias }).collect())
}

/// Replaces other names by others. Returns whether anything changed.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn replace(
    tx: &mut SqliteConnection,
    before: &[Alias],
    after: &[Alias],
) -> sqlx::Result<bool> {
    let mut changed = 0;
    for alias in before.iter().filter(|alias| !after.contains(alias)) {
        let removed = sqlx::query!("DELETE FROM tag_alias WHERE slug = ?1", alias.slug);
        changed += removed.execute(&mut *tx).await?.rows_affected();
    }
    for alias in after.iter().filter(|alias| !before.contains(alias)) {
        let key = key(&alias.name, find_language(tx, alias.tag).await?.as_deref());
        // A tag that was replaced by one of its name since is another one.
        let added = sqlx::query!(
            "INSERT INTO tag_alias (slug, name, key, tag_id) SELECT ?1, ?2, ?3, id FROM tag WHERE id = ?4
             ON CONFLICT (slug) DO NOTHING",
            alias.slug,
            alias.name,
            key,
            alias.tag
        );
        changed += added.execute(&mut *tx).await?.rows_affected();
    }
    Ok(changed > 0)
}

/// Makes the key of another name again, if it is still there.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn renew_key(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<()> {
    let Some(alias) = find_in(tx, slug).await? else { return Ok(()) };
    let key = key(&alias.name, find_language(tx, alias.tag).await?.as_deref());
    sqlx::query!("UPDATE tag_alias SET key = ?2 WHERE slug = ?1", slug, key).execute(tx).await.map(|_| ())
}
