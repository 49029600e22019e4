//! Queries on publications.

use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::sources::names;
use crate::urls::display_domain;

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

/// What the page where a source is edited shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDetails {
    /// The homepage the reader gave.
    pub homepage: Option<String>,
    /// The reader gave the name.
    pub is_renamed: bool,
    /// The publisher's keywords become tags.
    pub takes_keywords: bool,
    /// Articles not deleted.
    pub articles: i64,
}

/// A host and how many articles a source has from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCount {
    /// Host and port, as in the URLs of the articles.
    pub host: String,
    /// Articles, in the trash too.
    pub articles: i64,
}

/// Adds a source that has no name yet.
pub(super) async fn add(tx: &mut SqliteConnection, domain: &str) -> sqlx::Result<i64> {
    let name = display_domain(domain);
    sqlx::query_scalar!(r#"INSERT INTO source (domain, name) VALUES (?1, ?2) RETURNING id AS "id!""#, domain, name)
        .fetch_one(tx)
        .await
}

/// Finds the source of the first of these domains that has one, merged or not, with its domain.
pub(super) async fn find_leaf(tx: &mut SqliteConnection, domains: &[String]) -> sqlx::Result<Option<(i64, String)>> {
    let domains = serde_json::json!(domains).to_string();
    let found = sqlx::query!(
        r#"SELECT s.id AS "id!", s.domain AS "domain!" FROM json_each(?1) j CROSS JOIN source s ON s.domain = j.value
           ORDER BY j.key LIMIT 1"#,
        domains
    );
    Ok(found.fetch_optional(tx).await?.map(|row| (row.id, row.domain)))
}

/// Follows merges to the source that has the articles.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_root(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<i64> {
    let root = sqlx::query_scalar!(
        r#"WITH RECURSIVE root (id, next) AS (
               SELECT id, merged_into FROM source WHERE id = ?1
               UNION SELECT s.id, s.merged_into FROM root CROSS JOIN source s ON s.id = root.next)
           SELECT id AS "id!: i64" FROM root WHERE next IS NULL"#,
        id
    );
    Ok(root.fetch_optional(tx).await?.unwrap_or(id))
}

/// Finds a source by id, merged or not.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_by_id(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<Source>> {
    sqlx::query_as!(Source, "SELECT id, domain, name FROM source WHERE id = ?1", id).fetch_optional(tx).await
}

/// Finds a source by domain; for one that was merged, the one that it was merged into.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, domain: &str) -> sqlx::Result<Option<Source>> {
    sqlx::query_as!(
        Source,
        r#"WITH RECURSIVE root (id, next) AS (
               SELECT id, merged_into FROM source WHERE domain = ?1
               UNION SELECT s.id, s.merged_into FROM root CROSS JOIN source s ON s.id = root.next)
           SELECT s.id AS "id!", s.domain AS "domain!", s.name AS "name!"
           FROM root CROSS JOIN source s ON s.id = root.id WHERE root.next IS NULL"#,
        domain
    )
    .fetch_optional(library.readers())
    .await
}

/// Lists the sources that have a name, in any case of its ASCII letters; at most five.
///
/// # Errors
/// The database fails.
pub async fn find_by_name(library: &Library, name: &str) -> sqlx::Result<Vec<Source>> {
    sqlx::query_as!(
        Source,
        "SELECT id, domain, name FROM source WHERE name = ?1 COLLATE NOCASE AND merged_into IS NULL LIMIT 5",
        name
    )
    .fetch_all(library.readers())
    .await
}

/// Finds what the page where a source is edited shows.
///
/// # Errors
/// The database fails.
pub async fn find_details(library: &Library, id: i64) -> sqlx::Result<Option<SourceDetails>> {
    sqlx::query_as!(
        SourceDetails,
        r#"SELECT s.homepage, s.is_renamed AS "is_renamed: bool",
                  EXISTS (SELECT 1 FROM keyword_source k WHERE k.source_id = s.id) AS "takes_keywords!: bool",
                  coalesce((SELECT n.articles FROM article_count n WHERE n.kind = 'source' AND n.key = CAST(?1 AS TEXT)), 0)
                      AS "articles!: i64"
           FROM source s WHERE s.id = ?1"#,
        id
    )
    .fetch_optional(library.readers())
    .await
}

/// Counts the articles of a source by host, most frequent first, at most `limit` hosts. Reads all its articles.
///
/// # Errors
/// The database fails.
pub async fn count_hosts(library: &Library, id: i64, limit: i64) -> sqlx::Result<Vec<HostCount>> {
    sqlx::query_as!(
        HostCount,
        r#"SELECT substr(url, instr(url, '//') + 2, instr(substr(url, instr(url, '//') + 2) || '/', '/') - 1) AS "host!: String",
                  count(*) AS "articles!: i64"
           FROM article WHERE source_id = ?1 AND url IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT +?2"#,
        id,
        limit
    )
    .fetch_all(library.readers())
    .await
}

/// Names a source and sets its homepage. Without a name, it has again the one it gives itself.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn edit(library: &Library, id: i64, name: Option<&str>, homepage: Option<&str>) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "UPDATE source SET is_renamed = ?2 IS NOT NULL, name = coalesce(?2, name), homepage = ?3 WHERE id = ?1",
        id,
        name,
        homepage
    )
    .execute(&mut *tx)
    .await?;
    if name.is_none() {
        take_best_name(&mut tx, id).await?;
    }
    tx.commit().await
}

/// Gives a source the name it gives itself most often, else its domain, unless the reader has named it.
pub(super) async fn take_best_name(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<()> {
    let Some(source) = find_by_id(tx, id).await? else { return Ok(()) };
    let best = names::find_best(tx, id).await?.unwrap_or_else(|| display_domain(&source.domain));
    if best == source.name { Ok(()) } else { set_name(tx, id, &best).await }
}

async fn set_name(tx: &mut SqliteConnection, id: i64, name: &str) -> sqlx::Result<()> {
    sqlx::query!("UPDATE source SET name = ?2 WHERE id = ?1 AND is_renamed = 0 AND name <> ?2", id, name)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Finds the source that another is merged into.
pub(super) async fn find_merged(tx: &mut SqliteConnection, id: i64) -> sqlx::Result<Option<i64>> {
    let found = sqlx::query_scalar!("SELECT merged_into FROM source WHERE id = ?1", id).fetch_optional(tx).await?;
    Ok(found.flatten())
}

/// Merges a source into another or takes it out, if it is as it was before. Returns whether it was.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn set_merged(
    tx: &mut SqliteConnection,
    id: i64,
    before: Option<i64>,
    after: Option<i64>,
) -> sqlx::Result<bool> {
    let updated =
        sqlx::query!("UPDATE source SET merged_into = ?3 WHERE id = ?1 AND merged_into IS ?2", id, before, after);
    Ok(updated.execute(tx).await?.rows_affected() > 0)
}

/// Shows the names of sources that are only known by their domain in their own letters.
///
/// # Errors
/// The database fails.
pub async fn show_letters(library: &Library) -> sqlx::Result<()> {
    let found = sqlx::query!("SELECT id, domain FROM source WHERE name = domain AND instr(domain, 'xn--') > 0")
        .fetch_all(library.readers())
        .await?;
    let shown = found.into_iter().map(|row| (row.id, display_domain(&row.domain), row.domain));
    for (id, name, _) in shown.filter(|(_, name, domain)| name != domain) {
        let mut tx = library.begin_write().await?;
        set_name(&mut tx, id, &name).await?;
        tx.commit().await?;
    }
    Ok(())
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
                  (SELECT max(newest) FROM (SELECT
                      (SELECT a.sorted_at FROM article a INDEXED BY article_newest_in_source
                       WHERE a.shelf = l.column1 AND a.source_id = s.id ORDER BY a.sorted_at DESC LIMIT 1) AS newest
                      FROM (VALUES (0), (3)) l)) AS "newest_at?: i64"
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

/// Lists the sources of a domain and of all below it, at most a thousand.
///
/// # Errors
/// The database fails.
pub async fn list_below(library: &Library, domain: &str) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM source WHERE merged_into IS NULL
             AND (domain = ?1 OR substr(domain, -length(?1) - 1) = '.' || ?1) LIMIT 1000"#,
        domain
    )
    .fetch_all(library.readers())
    .await
}
