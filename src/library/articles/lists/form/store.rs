//! Queries for the forms beside a list.

use sqlx::types::Json;

use crate::library::Library;
use crate::library::articles::lists::Sort;
use crate::library::topics::Topic;

/// Returns what the forms beside a list need: the id of the article that arrived last, up to which the reader has seen the
/// list (0 if there is none), and the topics that are neither hidden nor merged, in their order.
///
/// # Errors
/// The database fails.
pub async fn find_context(library: &Library) -> sqlx::Result<(i64, Vec<Topic>)> {
    let row = sqlx::query!(
        r#"SELECT (SELECT coalesce(max(id), 0) FROM article) AS "newest!: i64",
                  (SELECT json_group_array(json_object('slug', slug, 'name', name, 'is_custom', is_custom)
                              ORDER BY is_pinned DESC, position, slug)
                   FROM topic WHERE is_hidden = 0 AND merged_into IS NULL) AS "topics!: Json<Vec<Topic>>""#
    )
    .fetch_one(library.readers())
    .await?;
    Ok((row.newest, row.topics.0))
}

/// Returns the order that the reader chose for a list, which is named by its filters.
///
/// # Errors
/// The database fails.
pub async fn find_sort(library: &Library, list: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT sort FROM list_sort WHERE list = ?1", list).fetch_optional(library.readers()).await
}

/// Remembers the order for a list; `None` forgets it.
///
/// # Errors
/// The database fails.
pub async fn set_sort(library: &Library, list: &str, sort: Option<Sort>) -> sqlx::Result<()> {
    let sort = sort.map(Sort::as_str);
    let mut tx = library.begin_write().await?;
    sqlx::query!("DELETE FROM list_sort WHERE list = ?1", list).execute(&mut *tx).await?;
    if sort.is_some() {
        sqlx::query!("INSERT INTO list_sort (list, sort) VALUES (?1, ?2)", list, sort).execute(&mut *tx).await?;
    }
    tx.commit().await
}
