//! Queries on the publishers' keywords.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::tags::store::{attach, attach_exactly, resolve};

/// Adds the tags of a new article and keeps the publisher's keywords, which become tags if the reader takes those of its
/// source.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn add_for_new_article(
    tx: &mut SqliteConnection,
    article_id: i64,
    tags: &[String],
    keywords: &[String],
) -> sqlx::Result<()> {
    for tag in tags {
        attach(tx, article_id, tag).await?;
    }
    if keywords.is_empty() {
        return Ok(());
    }
    let json = serde_json::json!(keywords).to_string();
    sqlx::query!("INSERT INTO article_keywords (article_id, names) VALUES (?1, ?2)", article_id, json)
        .execute(&mut *tx)
        .await?;
    let takes_keywords = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM article a CROSS JOIN keyword_source k ON k.source_id = a.source_id WHERE a.id = ?1) AS "takes!: bool""#,
        article_id
    )
    .fetch_one(&mut *tx)
    .await?;
    if takes_keywords {
        for keyword in keywords {
            attach(tx, article_id, keyword).await?;
        }
    }
    Ok(())
}

/// Sets whether the keywords of a source's articles become tags: of new ones at once, of others by
/// [`take_next_keywords`]. Returns `false` if there is no such source.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn set_takes_keywords(library: &Library, domain: &str, takes_keywords: bool) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let source =
        sqlx::query_scalar!("SELECT id FROM source WHERE domain = ?1", domain).fetch_optional(&mut *tx).await?;
    let Some(source) = source else { return Ok(false) };
    if takes_keywords {
        sqlx::query!(
            "INSERT INTO keyword_source (source_id, after_article_id) VALUES (?1, 0) ON CONFLICT DO NOTHING",
            source
        )
        .execute(&mut *tx)
        .await?;
    } else {
        end_keywords(&mut tx, source).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Has a source take the keywords of new articles if another does. Returns whether that is new.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn pass_on_keywords(tx: &mut SqliteConnection, from: i64, to: i64) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "INSERT INTO keyword_source (source_id) SELECT ?2 FROM keyword_source WHERE source_id = ?1 ON CONFLICT DO NOTHING",
        from,
        to
    );
    Ok(added.execute(tx).await?.rows_affected() > 0)
}

/// Ends that the keywords of a source become tags.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn end_keywords(tx: &mut SqliteConnection, source: i64) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM keyword_source WHERE source_id = ?1", source).execute(tx).await.map(|_| ())
}

/// Makes tags of the keywords of an article that has moved to a source that takes them, if they were not taken where it
/// was. Returns the names of those that are new.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn take_keywords_after_move(
    tx: &mut SqliteConnection,
    article_id: i64,
    (from, to): (i64, i64),
) -> sqlx::Result<Vec<String>> {
    let keywords = sqlx::query_scalar!(
        "SELECT names FROM article_keywords
         WHERE article_id = ?1 AND EXISTS (SELECT 1 FROM keyword_source WHERE source_id = ?3) AND NOT EXISTS
             (SELECT 1 FROM keyword_source WHERE source_id = ?2 AND coalesce(after_article_id >= ?1, 1))",
        article_id,
        from,
        to
    );
    let Some(keywords) = keywords.fetch_optional(&mut *tx).await? else { return Ok(Vec::new()) };
    let mut taken = Vec::new();
    for keyword in serde_json::from_str::<Vec<String>>(&keywords).unwrap_or_default() {
        let name = resolve(tx, &keyword).await?;
        if attach_exactly(tx, article_id, &name).await? {
            taken.push(name);
        }
    }
    Ok(taken)
}

/// Makes tags of the keywords of the next articles whose source takes them, at most `limit`. Returns whether some are left.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn take_next_keywords(library: &Library, limit: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let pending = sqlx::query!(
        r#"SELECT source_id, after_article_id AS "after!: i64" FROM keyword_source
           WHERE after_article_id >= 0 ORDER BY after_article_id LIMIT 1"#
    );
    let Some(pending) = pending.fetch_optional(&mut *tx).await? else { return Ok(false) };
    let articles = sqlx::query!(
        "SELECT a.id, k.names FROM article a CROSS JOIN article_keywords k ON k.article_id = a.id
         WHERE a.source_id = ?1 AND a.id > ?2 ORDER BY a.id LIMIT +?3",
        pending.source_id,
        pending.after,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    for article in &articles {
        let keywords: Vec<String> = serde_json::from_str(&article.names).unwrap_or_default();
        for keyword in keywords {
            attach(&mut tx, article.id, &keyword).await?;
        }
    }
    let last = articles.last().map(|article| article.id);
    sqlx::query!("UPDATE keyword_source SET after_article_id = ?2 WHERE source_id = ?1", pending.source_id, last)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}
