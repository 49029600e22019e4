//! Snapshots: original pages, compressed, so that articles can be extracted again without fetching them.

use jiff::Timestamp;
use sqlx::SqliteConnection;
use tokio::task::spawn_blocking;

use crate::library::Library;

/// zstd's default level: a third of the size of gzip's best, in a few milliseconds.
const COMPRESSION_LEVEL: i32 = 3;

/// An original page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// URL after redirects; of a file, where it says it is from; `None` if pasted without one.
    pub url: Option<String>,
    /// The HTTP header; `None` if pasted or read from a file.
    pub content_type: Option<String>,
    /// Format of the bytes.
    pub format: SnapshotFormat,
    /// The bytes as received, not decoded.
    pub bytes: Vec<u8>,
}

/// Format of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotFormat {
    /// HTML source.
    Html,
    /// Plain text.
    Text,
}

impl SnapshotFormat {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
        }
    }

    fn parse(word: &str) -> Self {
        if word == "text" { Self::Text } else { Self::Html }
    }
}

/// Saves a page and returns its id. Save it before the row that refers to it: cleanup deletes only old snapshots that
/// nothing refers to.
///
/// # Errors
/// The disk is full, or the database fails.
pub async fn save(library: &Library, snapshot: &Snapshot, now: Timestamp) -> anyhow::Result<i64> {
    let content = compress(&snapshot.bytes).await?;
    let mut tx = library.snapshots.begin_write().await?;
    let id = insert(&mut tx, (snapshot, &content), None, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Saves pages in one transaction, as [`save`] does, and returns their ids in the same order.
///
/// # Errors
/// The disk is full, or the database fails. None is saved then.
pub async fn save_all(library: &Library, snapshots: &[Snapshot], now: Timestamp) -> anyhow::Result<Vec<i64>> {
    let mut contents = Vec::with_capacity(snapshots.len());
    for snapshot in snapshots {
        contents.push(compress(&snapshot.bytes).await?);
    }
    let (mut tx, mut ids) = (library.snapshots.begin_write().await?, Vec::with_capacity(snapshots.len()));
    for (snapshot, content) in snapshots.iter().zip(&contents) {
        ids.push(insert(&mut tx, (snapshot, content), None, now).await?);
    }
    tx.commit().await?;
    Ok(ids)
}

/// Saves a further page of an article of several pages, replacing one with the same number (2 for the second page). It
/// is deleted with the first page.
///
/// # Errors
/// The disk is full, the database fails, or the first page is no longer stored.
pub async fn save_further_page(
    library: &Library,
    first_id: i64,
    page_number: usize,
    snapshot: &Snapshot,
    now: Timestamp,
) -> anyhow::Result<()> {
    let (content, page_number) = (compress(&snapshot.bytes).await?, i64::try_from(page_number)?);
    let mut tx = library.snapshots.begin_write().await?;
    sqlx::query!("DELETE FROM snapshot WHERE first_snapshot_id = ?1 AND page_number = ?2", first_id, page_number)
        .execute(&mut *tx)
        .await?;
    insert(&mut tx, (snapshot, &content), Some((first_id, page_number)), now).await?;
    Ok(tx.commit().await?)
}

async fn insert(
    tx: &mut SqliteConnection,
    (snapshot, content): (&Snapshot, &[u8]),
    position: Option<(i64, i64)>,
    now: Timestamp,
) -> anyhow::Result<i64> {
    let (format, size) = (snapshot.format.as_str(), i64::try_from(snapshot.bytes.len())?);
    let stored_at = now.as_second();
    let (first, page_number) = position.unzip();
    Ok(sqlx::query_scalar!(
        "INSERT INTO snapshot (url, content_type, format, content, uncompressed_size, stored_at, first_snapshot_id, page_number)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
        snapshot.url,
        snapshot.content_type,
        format,
        content,
        size,
        stored_at,
        first,
        page_number
    )
    .fetch_one(tx)
    .await?)
}

/// Compresses a page. A large one takes a tenth of a second, in which requests would wait, so it gets a thread.
async fn compress(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    const LARGE: usize = 256 * 1024;
    if bytes.len() < LARGE {
        return Ok(zstd::encode_all(bytes, COMPRESSION_LEVEL)?);
    }
    let bytes = bytes.to_vec();
    Ok(spawn_blocking(move || zstd::encode_all(bytes.as_slice(), COMPRESSION_LEVEL)).await??)
}

/// Loads a page, if it is still stored.
///
/// # Errors
/// The database fails, or the bytes are damaged.
pub async fn load(library: &Library, id: i64) -> anyhow::Result<Option<Snapshot>> {
    let row = sqlx::query!("SELECT url, content_type, format, content FROM snapshot WHERE id = ?1", id)
        .fetch_optional(library.snapshots.readers())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let bytes = spawn_blocking(move || zstd::decode_all(row.content.as_slice())).await??;
    Ok(Some(Snapshot {
        url: row.url,
        content_type: row.content_type,
        format: SnapshotFormat::parse(&row.format),
        bytes,
    }))
}

/// Loads the further pages of an article, in order.
///
/// # Errors
/// The database fails, or the bytes are damaged.
pub async fn load_further_pages(library: &Library, first_id: i64) -> anyhow::Result<Vec<Snapshot>> {
    let rows = sqlx::query!(
        "SELECT url, content_type, format, content FROM snapshot WHERE first_snapshot_id = ?1 ORDER BY page_number",
        first_id
    )
    .fetch_all(library.snapshots.readers())
    .await?;
    let snapshot = |bytes: &[u8], url, content_type, format: &str| {
        anyhow::Ok(Snapshot {
            url,
            content_type,
            format: SnapshotFormat::parse(format),
            bytes: zstd::decode_all(bytes)?,
        })
    };
    rows.into_iter().map(|row| snapshot(&row.content, row.url, row.content_type, &row.format)).collect()
}

/// Returns the compressed size of all snapshots in bytes.
///
/// # Errors
/// The database fails.
pub async fn disk_usage(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT coalesce(sum(length(content)), 0) AS "size!: i64" FROM snapshot"#)
        .fetch_one(library.snapshots.readers())
        .await
}

/// Lists ids of snapshots that were stored before `before`, greater than `after_id`, in order and at most 500, for
/// cleanup. Further pages are left out: they are deleted with their first page.
///
/// # Errors
/// The database fails.
pub async fn list_older_than(library: &Library, before: Timestamp, after_id: i64) -> sqlx::Result<Vec<i64>> {
    let before = before.as_second();
    sqlx::query_scalar!(
        "SELECT id FROM snapshot WHERE id > ?1 AND stored_at < ?2 AND first_snapshot_id IS NULL ORDER BY id LIMIT 500",
        after_id,
        before
    )
    .fetch_all(library.snapshots.readers())
    .await
}

/// Deletes snapshots.
///
/// # Errors
/// The database fails.
pub async fn delete(library: &Library, ids: &[i64]) -> sqlx::Result<()> {
    let mut tx = library.snapshots.begin_write().await?;
    for id in ids {
        sqlx::query!("DELETE FROM snapshot WHERE id = ?1", id).execute(&mut *tx).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::test_library;

    #[tokio::test]
    async fn a_snapshot_is_loaded_byte_for_byte() {
        let (library, _folder) = test_library().await;
        let snapshot = Snapshot {
            url: Some("https://example.org/a".into()),
            content_type: Some("text/html; charset=koi8-r".into()),
            format: SnapshotFormat::Html,
            bytes: b"<p>\xf0\xd2\xc9\xd7\xc5\xd4".to_vec(),
        };
        let id = save(&library, &snapshot, Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(load(&library, id).await.unwrap(), Some(snapshot));
        assert!(disk_usage(&library).await.unwrap() > 0);
        delete(&library, &[id]).await.unwrap();
        assert_eq!(load(&library, id).await.unwrap(), None);
    }

    #[tokio::test]
    async fn further_pages_are_in_order_and_deleted_with_the_first() {
        let (library, _folder) = test_library().await;
        let page = |words: &str| Snapshot {
            url: None,
            content_type: None,
            format: SnapshotFormat::Html,
            bytes: words.as_bytes().to_vec(),
        };
        let first = save(&library, &page("one"), Timestamp::UNIX_EPOCH).await.unwrap();
        for (page_number, words) in [(3, "three"), (2, "broken off"), (2, "two")] {
            save_further_page(&library, first, page_number, &page(words), Timestamp::UNIX_EPOCH).await.unwrap();
        }
        assert_eq!(load_further_pages(&library, first).await.unwrap(), [page("two"), page("three")]);
        let later = Timestamp::from_second(9).unwrap();
        assert_eq!(list_older_than(&library, later, 0).await.unwrap(), [first]);
        delete(&library, &[first]).await.unwrap();
        assert!(load_further_pages(&library, first).await.unwrap().is_empty());
    }
}
