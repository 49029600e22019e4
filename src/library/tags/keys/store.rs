//! Queries on names whose keys are stale.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::tags::keys::{MAX_ARTICLES, renew};
use crate::library::tags::{aliases, store, suggestions};

/// A name whose key is stale.
struct StaleKey {
    id: i64,
    kind: String,
    slug: String,
    article_id: Option<i64>,
}

/// Makes the keys of the next names whose keys are stale, at most `limit`. Returns whether there were any.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn make_next_keys(library: &Library, limit: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let stale = sqlx::query_as!(
        StaleKey,
        "SELECT id, kind, slug, article_id FROM stale_key WHERE id > 0 ORDER BY id LIMIT +?1",
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    let languages =
        if stale.iter().any(|name| name.kind == "never") { list_languages(&mut tx).await? } else { Vec::new() };
    for name in &stale {
        match name.kind.as_str() {
            "tag" => store::renew_key(&mut tx, &name.slug).await?,
            "alias" => aliases::renew_key(&mut tx, &name.slug).await?,
            "declined" => suggestions::renew_declined_key(&mut tx, name.article_id, &name.slug).await?,
            _ => renew_never_suggested(&mut tx, &name.slug, &languages).await?,
        }
        sqlx::query!("DELETE FROM stale_key WHERE id = ?1", name.id).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(!stale.is_empty())
}

async fn renew_never_suggested(tx: &mut SqliteConnection, slug: &str, languages: &[String]) -> sqlx::Result<()> {
    let row = sqlx::query!("SELECT name, key FROM never_suggested WHERE slug = ?1", slug).fetch_optional(&mut *tx);
    let Some(row) = row.await? else { return Ok(()) };
    suggestions::set_never_suggested_key(tx, slug, &renew(&row.name, row.key, languages)).await
}

/// Lists the languages of the newest articles, the commonest first.
async fn list_languages(tx: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"SELECT language AS "language!: String" FROM
               (SELECT language FROM article_phrases WHERE article_id > 0 ORDER BY article_id DESC LIMIT +?1) newest
           WHERE language <> '' GROUP BY language ORDER BY count(*) DESC, language"#,
        MAX_ARTICLES
    )
    .fetch_all(tx)
    .await
}
