//! Queries on exported files and their links.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::exports::{ExportFile, ExportState, LinkOutcome, LinkRow, NewLink, SavedState};

/// Adds a file. Its links follow; until [`set_state`], it is not shown.
///
/// # Errors
/// The database fails.
pub async fn create(
    library: &Library,
    (name, service, found): (&str, &str, &str),
    now: Timestamp,
) -> sqlx::Result<i64> {
    let now = now.as_second();
    let mut tx = library.begin_write().await?;
    let id = sqlx::query_scalar!(
        r#"INSERT INTO export_file (name, service, found, state, created_at) VALUES (?1, ?2, ?3, 'receiving', ?4)
           RETURNING id AS "id!""#,
        name,
        service,
        found,
        now
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Adds links to a file, in one transaction.
///
/// # Errors
/// The database fails; none is added then.
pub async fn add_links(library: &Library, export_id: i64, links: &[NewLink], now: Timestamp) -> sqlx::Result<()> {
    let (mut tx, now) = (library.begin_write().await?, now.as_second());
    sqlx::query!("UPDATE export_file SET stored_at = ?2 WHERE id = ?1", export_id, now).execute(&mut *tx).await?;
    for link in links {
        let state = &link.state;
        let (tags, highlights) = (to_json(&state.tags), to_json(&state.highlights));
        let saved_at = state.saved_at.map(Timestamp::as_second);
        let outcome = if link.problem.is_some() { LinkOutcome::Rejected } else { LinkOutcome::Pending }.as_str();
        sqlx::query!(
            "INSERT INTO exported_link (export_id, place, url, title, tags, saved_at, is_archived, is_starred, is_read,
                                        highlights, snapshot_id, outcome, problem)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            export_id,
            link.place,
            link.url,
            link.title,
            tags,
            saved_at,
            state.is_archived,
            state.is_starred,
            state.is_read,
            highlights,
            link.snapshot_id,
            outcome,
            link.problem
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await
}

/// Moves a file on, from the state it is in. Returns `false` if it is in another one.
///
/// # Errors
/// The database fails.
pub async fn set_state(library: &Library, id: i64, from: ExportState, to: ExportState) -> sqlx::Result<bool> {
    let (from, to) = (from.as_str(), to.as_str());
    let mut tx = library.begin_write().await?;
    let changed = sqlx::query!("UPDATE export_file SET state = ?3 WHERE id = ?1 AND state = ?2", id, from, to)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    tx.commit().await?;
    Ok(changed > 0)
}

/// Deletes a file that the reader does not want to import, or whose report is not wanted any more. The articles stay.
/// Returns `false` while links of it are to come: their tags, dates, stars and highlights are nowhere else.
///
/// # Errors
/// The database fails.
pub async fn delete(library: &Library, id: i64) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let deleted = sqlx::query!(
        "DELETE FROM export_file WHERE id = ?1 AND state <> 'importing' AND (state <> 'done' OR NOT EXISTS
            (SELECT 1 FROM exported_link WHERE export_id = ?1 AND outcome IN ('pending', 'queued')))",
        id
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(deleted.rows_affected() > 0)
}

/// Says of a file whose links could not all be stored that it was interrupted.
///
/// # Errors
/// The database fails.
pub async fn interrupt(library: &Library, id: i64) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    sqlx::query!("UPDATE export_file SET is_interrupted = 1 WHERE id = ?1 AND state = 'receiving'", id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Says the same of all files of which nothing was stored for too long: the program that stored them has ended.
///
/// # Errors
/// The database fails.
pub async fn interrupt_unfinished(library: &Library, before: Timestamp) -> sqlx::Result<()> {
    let before = before.as_second();
    let ids = sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM export_file
           WHERE state = 'receiving' AND is_interrupted = 0 AND coalesce(stored_at, created_at) <= ?1"#,
        before
    )
    .fetch_all(library.readers())
    .await?;
    for id in ids {
        interrupt(library, id).await?;
    }
    Ok(())
}

struct FileRow {
    id: i64,
    name: String,
    service: String,
    found: String,
    state: String,
    created_at: i64,
}

impl From<FileRow> for ExportFile {
    fn from(row: FileRow) -> Self {
        let FileRow { id, name, service, found, state, created_at } = row;
        let created_at = Timestamp::from_second(created_at).unwrap_or_default();
        Self { id, name, service, found, state: ExportState::parse(&state), created_at }
    }
}

/// Finds a file.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<Option<ExportFile>> {
    let row = sqlx::query_as!(
        FileRow,
        r#"SELECT id, name, service, found, iif(state = 'receiving', 'interrupted', state) AS "state!: String", created_at
           FROM export_file WHERE id = ?1 AND (state <> 'receiving' OR is_interrupted = 1)"#,
        id
    )
    .fetch_optional(library.readers())
    .await?;
    Ok(row.map(ExportFile::from))
}

/// Lists the files that are being stored or were interrupted, wait for the reader's yes or are being imported, newest first.
///
/// # Errors
/// The database fails.
pub async fn list_open(library: &Library) -> sqlx::Result<Vec<ExportFile>> {
    let rows = sqlx::query_as!(
        FileRow,
        r#"SELECT id, name, service, found, created_at,
                  iif(state = 'receiving' AND is_interrupted = 1, 'interrupted', state) AS "state!: String"
           FROM export_file WHERE state IN ('receiving', 'preview', 'importing') ORDER BY id DESC"#
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(ExportFile::from).collect())
}

/// Lists the newest files of which all links are queued, or have arrived.
///
/// # Errors
/// The database fails.
pub async fn list_done(library: &Library, limit: i64) -> sqlx::Result<Vec<ExportFile>> {
    let rows = sqlx::query_as!(
        FileRow,
        "SELECT id, name, service, found, state, created_at FROM export_file
         WHERE state = 'done' ORDER BY id DESC LIMIT +?1",
        limit
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(ExportFile::from).collect())
}

/// Finds the oldest file that is being imported.
///
/// # Errors
/// The database fails.
pub async fn next_importing(library: &Library) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(r#"SELECT id AS "id!" FROM export_file WHERE state = 'importing' ORDER BY id LIMIT 1"#)
        .fetch_optional(library.readers())
        .await
}

/// Counts the links of a file by what became of them.
///
/// # Errors
/// The database fails.
pub async fn count(library: &Library, export_id: i64) -> sqlx::Result<Vec<(LinkOutcome, i64)>> {
    let rows = sqlx::query!(
        r#"SELECT outcome, count(*) AS "links!: i64" FROM exported_link WHERE export_id = ?1 GROUP BY outcome"#,
        export_id
    )
    .fetch_all(library.readers())
    .await?;
    let mut counts: Vec<(LinkOutcome, i64)> =
        rows.into_iter().filter_map(|row| Some((LinkOutcome::parse(&row.outcome)?, row.links))).collect();
    counts.sort_by_key(|(outcome, _)| LinkOutcome::ALL.iter().position(|other| other == outcome));
    Ok(counts)
}

/// Lists links with this outcome and ids greater than `after`.
///
/// # Errors
/// The database fails.
pub async fn list_links(
    library: &Library,
    export_id: i64,
    outcome: LinkOutcome,
    (after, limit): (i64, i64),
) -> sqlx::Result<Vec<LinkRow>> {
    let word = outcome.as_str();
    let rows = sqlx::query!(
        "SELECT id, place, url, title, problem, article_id, import_id FROM exported_link
         WHERE export_id = ?1 AND outcome = ?2 AND id > ?3 ORDER BY id LIMIT +?4",
        export_id,
        word,
        after,
        limit
    )
    .map(|row| LinkRow {
        id: row.id,
        place: row.place,
        url: row.url,
        title: row.title,
        outcome,
        problem: row.problem,
        article_id: row.article_id,
        import_id: row.import_id,
    })
    .fetch_all(library.readers())
    .await?;
    Ok(rows)
}

/// Lists the imports of a file, ended or not, with their links.
///
/// # Errors
/// The database fails.
pub async fn list_imports(library: &Library, export_id: i64) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        r#"SELECT import_id AS "import_id!", coalesce(url, title, place) AS "name!: String" FROM exported_link
           WHERE export_id = ?1 AND outcome IN ('queued', 'new', 'restored', 'failed') AND import_id IS NOT NULL ORDER BY id"#,
        export_id
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(|row| (row.import_id, row.name)).collect())
}

/// A link that was not looked at yet.
pub(in crate::library) struct PendingLink {
    pub id: i64,
    pub url: Option<String>,
    pub snapshot_id: Option<i64>,
    pub state: SavedState,
}

struct StateRow {
    id: i64,
    url: Option<String>,
    snapshot_id: Option<i64>,
    tags: String,
    saved_at: Option<i64>,
    is_archived: bool,
    is_starred: bool,
    is_read: bool,
    highlights: String,
}

impl From<StateRow> for PendingLink {
    fn from(row: StateRow) -> Self {
        let state = SavedState {
            tags: serde_json::from_str(&row.tags).unwrap_or_default(),
            saved_at: row.saved_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
            is_archived: row.is_archived,
            is_starred: row.is_starred,
            is_read: row.is_read,
            highlights: serde_json::from_str(&row.highlights).unwrap_or_default(),
        };
        Self { id: row.id, url: row.url, snapshot_id: row.snapshot_id, state }
    }
}

/// Returns the next links of a file.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn pending(
    tx: &mut SqliteConnection,
    export_id: i64,
    limit: i64,
) -> sqlx::Result<Vec<PendingLink>> {
    let rows = sqlx::query_as!(
        StateRow,
        r#"SELECT id, url, snapshot_id, tags, saved_at, is_archived AS "is_archived: bool", is_starred AS "is_starred: bool",
                  is_read AS "is_read: bool", highlights
           FROM exported_link WHERE export_id = ?1 AND outcome = 'pending' ORDER BY id LIMIT +?2"#,
        export_id,
        limit
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(PendingLink::from).collect())
}

/// Returns what the reader had done with the links that an import is for.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn states_of_import(
    tx: &mut SqliteConnection,
    import_id: i64,
) -> sqlx::Result<Vec<SavedState>> {
    let rows = sqlx::query_as!(
        StateRow,
        r#"SELECT id, url, snapshot_id, tags, saved_at, is_archived AS "is_archived: bool", is_starred AS "is_starred: bool",
                  is_read AS "is_read: bool", highlights
           FROM exported_link WHERE import_id = ?1 ORDER BY id"#,
        import_id
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| PendingLink::from(row).state).collect())
}

/// Returns whether another link of the file leads to this import or article.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn is_in_file(
    tx: &mut SqliteConnection,
    export_id: i64,
    (import_id, article_id): (Option<i64>, Option<i64>),
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM exported_link WHERE import_id = ?2 AND export_id = ?1)
               OR EXISTS (SELECT 1 FROM exported_link WHERE article_id = ?3 AND export_id = ?1) AS "is_in_file!: bool""#,
        export_id,
        import_id,
        article_id
    )
    .fetch_one(tx)
    .await
}

/// Records what became of a link.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn record(
    tx: &mut SqliteConnection,
    id: i64,
    outcome: LinkOutcome,
    (import_id, article_id, problem): (Option<i64>, Option<i64>, Option<&str>),
) -> sqlx::Result<()> {
    let outcome = outcome.as_str();
    sqlx::query!(
        "UPDATE exported_link SET outcome = ?2, import_id = ?3, article_id = ?4, problem = ?5,
                snapshot_id = iif(?3 IS NULL, NULL, snapshot_id) WHERE id = ?1",
        id,
        outcome,
        import_id,
        article_id,
        problem
    )
    .execute(tx)
    .await
    .map(|_| ())
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data can be written as JSON")
}
