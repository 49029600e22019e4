//! Queries on publications.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::sources::NewSource;

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Row id.
    pub id: i64,
    /// Registrable domain; `pasted` for text without a URL.
    pub domain: String,
    /// Name of the publication.
    pub name: String,
}

/// A publication with its article counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSummary {
    /// Registrable domain.
    pub domain: String,
    /// Name of the publication.
    pub name: String,
    /// Articles not deleted.
    pub articles: i64,
    /// Unread articles.
    pub unread: i64,
    /// Date of the newest article that is neither archived nor deleted, in Unix seconds.
    pub newest_at: Option<i64>,
}

/// Finds or adds the source of a domain. Replaces a name that is just the domain by a better one.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_or_add(tx: &mut SqliteConnection, source: &NewSource) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "INSERT INTO source (domain, name) VALUES (?1, ?2)
         ON CONFLICT (domain) DO UPDATE SET name = CASE WHEN source.name = source.domain THEN excluded.name ELSE source.name END
         RETURNING id",
        source.domain,
        source.name
    )
    .fetch_one(tx)
    .await
}

/// Finds a source by domain.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, domain: &str) -> sqlx::Result<Option<Source>> {
    sqlx::query_as!(Source, "SELECT id, domain, name FROM source WHERE domain = ?1", domain)
        .fetch_optional(library.readers())
        .await
}

/// Returns the sources with most articles, and the one with id `also`.
///
/// # Errors
/// The database fails.
pub async fn largest(library: &Library, limit: i64, also: Option<i64>) -> sqlx::Result<Vec<Source>> {
    sqlx::query_as!(
        Source,
        "SELECT s.id, s.domain, s.name
         FROM article_count n CROSS JOIN source s ON s.id = CAST(n.key AS INTEGER)
         WHERE n.kind = 'source' AND n.key IN
               (SELECT key FROM article_count WHERE kind = 'source' AND articles > 0 ORDER BY articles DESC, key DESC LIMIT +?1)
            OR n.kind = 'source' AND n.key = CAST(?2 AS TEXT)
         ORDER BY n.articles DESC, n.key DESC",
        limit,
        also
    )
    .fetch_all(library.readers())
    .await
}

/// Lists sources that have articles, largest first: at most `limit` after the position (`articles`, `domain`).
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, after: (i64, &str), limit: i64) -> sqlx::Result<Vec<SourceSummary>> {
    let (articles, domain) = after;
    sqlx::query_as!(
        SourceSummary,
        r#"SELECT s.domain, s.name, n.articles, n.unread,
                  (SELECT a.sorted_at FROM article a WHERE a.state = 0 AND a.source_id = s.id
                   ORDER BY a.sorted_at DESC LIMIT 1) AS "newest_at?: i64"
           FROM article_count n CROSS JOIN source s ON s.id = CAST(n.key AS INTEGER)
           WHERE n.kind = 'source' AND n.articles > 0
             AND (n.articles < ?1 OR (n.articles = ?1 AND s.domain > ?2))
           ORDER BY n.articles DESC, s.domain LIMIT +?3"#,
        articles,
        domain,
        limit
    )
    .fetch_all(library.readers())
    .await
}

/// Lists the sources of these articles, largest first, counting only these articles.
///
/// # Errors
/// The database fails.
pub async fn list_for_articles(library: &Library, articles: &[i64], limit: i64) -> sqlx::Result<Vec<SourceSummary>> {
    let articles = serde_json::json!(articles).to_string();
    sqlx::query_as!(
        SourceSummary,
        r#"SELECT s.domain AS "domain!", s.name AS "name!", count(*) AS "articles!: i64", sum(a.is_unread) AS "unread!: i64",
                  max(a.sorted_at) AS "newest_at?: i64"
           FROM json_each(?1) j CROSS JOIN article a ON a.id = j.value CROSS JOIN source s ON s.id = a.source_id
           GROUP BY s.id ORDER BY count(*) DESC, s.domain LIMIT +?2"#,
        articles,
        limit
    )
    .fetch_all(library.readers())
    .await
}
