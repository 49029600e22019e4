//! Snapshots: pages as they arrived, compressed, so that an article can be extracted again without asking its site.

use jiff::Timestamp;

use super::Library;

/// zstd's default: a third of the size gzip's best reaches, in a few milliseconds.
const LEVEL: i32 = 3;

/// A page as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Where it came from, after redirects; `None` when pasted without an address.
    pub address: Option<String>,
    /// The header as received; `None` when pasted or read from a file.
    pub content_type: Option<String>,
    /// How the bytes are meant to be read.
    pub form: Form,
    /// The bytes, not yet decoded.
    pub bytes: Vec<u8>,
}

/// How a snapshot's bytes are meant to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page's source.
    Html,
    /// Plain text.
    Text,
}

impl Form {
    const fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

/// Keeps a page and returns its number. Written before the row that names it; what no row names is swept away later.
///
/// # Errors
/// No room, or the database fails.
pub async fn keep(library: &Library, snapshot: &Snapshot, now: Timestamp) -> anyhow::Result<i64> {
    let bytes = zstd::encode_all(snapshot.bytes.as_slice(), LEVEL)?;
    let (form, size) = (snapshot.form.word(), i64::try_from(snapshot.bytes.len())?);
    let stored_at = now.as_second();
    let mut write = library.pages.write().await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO snapshot (address, content_type, form, bytes, size, stored_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        snapshot.address,
        snapshot.content_type,
        form,
        bytes,
        size,
        stored_at
    )
    .fetch_one(&mut *write)
    .await?;
    write.commit().await?;
    Ok(id)
}

/// The page as it arrived, if it is still kept.
///
/// # Errors
/// The database fails, or the bytes are damaged.
pub async fn load(library: &Library, id: i64) -> anyhow::Result<Option<Snapshot>> {
    let row = sqlx::query!("SELECT address, content_type, form, bytes FROM snapshot WHERE id = ?1", id)
        .fetch_optional(library.pages.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let form = if row.form == "text" { Form::Text } else { Form::Html };
    let bytes = zstd::decode_all(row.bytes.as_slice())?;
    Ok(Some(Snapshot { address: row.address, content_type: row.content_type, form, bytes }))
}

/// Bytes on disk that snapshots take.
///
/// # Errors
/// The database fails.
pub async fn disk_use(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT coalesce(sum(length(bytes)), 0) AS "size!: i64" FROM snapshot"#)
        .fetch_one(library.pages.read())
        .await
}

/// The numbers of snapshots stored before `before`, after `after`, at most 500, in order: for sweeping.
///
/// # Errors
/// The database fails.
pub async fn older_than(library: &Library, before: Timestamp, after: i64) -> sqlx::Result<Vec<i64>> {
    let before = before.as_second();
    sqlx::query_scalar!("SELECT id FROM snapshot WHERE id > ?1 AND stored_at < ?2 ORDER BY id LIMIT 500", after, before)
        .fetch_all(library.pages.read())
        .await
}

/// Forgets a snapshot.
///
/// # Errors
/// The database fails.
pub async fn remove(library: &Library, ids: &[i64]) -> sqlx::Result<()> {
    let mut write = library.pages.write().await?;
    for id in ids {
        sqlx::query!("DELETE FROM snapshot WHERE id = ?1", id).execute(&mut *write).await?;
    }
    write.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::test_library;

    #[tokio::test]
    async fn a_page_comes_back_byte_for_byte() {
        let (library, _folder) = test_library().await;
        let snapshot = Snapshot {
            address: Some("https://example.org/a".into()),
            content_type: Some("text/html; charset=koi8-r".into()),
            form: Form::Html,
            bytes: b"<p>\xf0\xd2\xc9\xd7\xc5\xd4".to_vec(),
        };
        let id = keep(&library, &snapshot, Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(load(&library, id).await.unwrap(), Some(snapshot));
        assert!(disk_use(&library).await.unwrap() > 0);
        remove(&library, &[id]).await.unwrap();
        assert_eq!(load(&library, id).await.unwrap(), None);
    }
}
