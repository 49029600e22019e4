//! What a backup asks of the database files: copy yourself, are you whole, what do you hold.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::library::image_files::ImageHash;
use crate::ops::backup::{Holdings, files};
use crate::storage::private_files;

/// How long a copy waits for a server that is just writing.
const BUSY: Duration = Duration::from_secs(60);

/// Writes a whole and compact copy of a database that may be in use; `to` must not exist. Changes nothing in `from`.
pub(super) async fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let target = to.to_str().with_context(|| format!("{} is not UTF-8", to.display()))?;
    private_files::create_file(to).with_context(|| format!("creating {}", to.display()))?;
    let copied = async {
        // Not `read_only`: after a crash the first to open the file must bring its journal in order.
        let mut source = options(from).busy_timeout(BUSY).connect().await?;
        sqlx::query("VACUUM INTO ?1").bind(target).execute(&mut source).await?;
        source.close().await
    };
    if let Some(damage) = or_told(copied.await.map(|()| None)).with_context(|| format!("copying {}", from.display()))? {
        anyhow::bail!("{} is damaged: {damage}. Restore your last backup.", from.display());
    }
    files::sync(to).with_context(|| format!("syncing {}", to.display()))
}

/// Reads the whole copy: every page, every index, every reference. Says what is wrong with it, if it is damaged.
pub(super) async fn damage(file: &Path) -> anyhow::Result<Option<String>> {
    or_told(look_through(file).await).with_context(|| format!("reading {}", file.display()))
}

async fn look_through(file: &Path) -> sqlx::Result<Option<String>> {
    let mut copy = unopened(file).connect().await?;
    let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_all(&mut copy).await?;
    if found != ["ok"] {
        return Ok(Some(found.join(" ").replace('\n', " ")));
    }
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut copy).await?.len();
    Ok((dangling > 0).then(|| format!("{dangling} rows with broken references")))
}

/// What was found, or what SQLite says when it finds out by itself that a file is damaged or no database at all. Its own
/// words alone: those around them are for programmers.
fn or_told(found: sqlx::Result<Option<String>>) -> sqlx::Result<Option<String>> {
    const SQLITE_CORRUPT: &str = "11";
    const SQLITE_NOTADB: &str = "26";
    match found {
        Err(sqlx::Error::Database(error))
            if [SQLITE_CORRUPT, SQLITE_NOTADB].iter().any(|code| error.code().as_deref() == Some(code)) =>
        {
            Ok(Some(error.message().to_owned()))
        }
        found => found,
    }
}

/// How many people have an account.
pub(super) async fn people(accounts: &Path) -> anyhow::Result<i64> {
    count(&mut open(accounts).await?, "SELECT count(*) FROM person").await
}

/// What the library in `folder` holds. `pictures_missing` is for who looks at the files.
pub(super) async fn holdings(folder: &Path, id: i64) -> anyhow::Result<Holdings> {
    let mut library = open(&folder.join("library.db")).await?;
    let snapshots = folder.join("snapshots.db");
    sqlx::query("ATTACH ?1 AS snapshots").bind(snapshots.to_str()).execute(&mut library).await?;
    Ok(Holdings {
        id,
        articles: count(&mut library, "SELECT count(*) FROM article").await?,
        imports: count(&mut library, "SELECT count(*) FROM import").await?,
        snapshots: count(&mut library, "SELECT count(*) FROM snapshots.snapshot").await?,
        pictures: count(&mut library, "SELECT count(*) FROM (SELECT hash FROM image UNION SELECT lead_image_hash FROM article WHERE lead_image_hash IS NOT NULL)").await?,
        pictures_missing: 0,
        snapshots_missing: count(
            &mut library,
            "SELECT count(*) FROM (SELECT snapshot_id FROM article UNION SELECT snapshot_id FROM import WHERE state IN ('waiting', 'running'))
             WHERE snapshot_id IS NOT NULL AND snapshot_id NOT IN (SELECT id FROM snapshots.snapshot)",
        )
        .await?,
    })
}

/// The pictures that a library names.
pub(super) async fn pictures(library: &Path) -> anyhow::Result<Vec<ImageHash>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT hash FROM image UNION SELECT lead_image_hash FROM article WHERE lead_image_hash IS NOT NULL ORDER BY 1",
    )
    .fetch_all(&mut open(library).await?)
    .await?;
    names
        .iter()
        .map(|name| {
            ImageHash::parse(name)
                .with_context(|| format!("{name:?} in {} isn't the name of an image", library.display()))
        })
        .collect()
}

async fn count(database: &mut SqliteConnection, sql: &'static str) -> anyhow::Result<i64> {
    Ok(sqlx::query_scalar(sql).fetch_one(database).await?)
}

/// Opens a copy that nobody writes to: leaves no journal beside it, and works on a disk that cannot be written to.
async fn open(copy: &Path) -> anyhow::Result<SqliteConnection> {
    unopened(copy).connect().await.with_context(|| format!("opening {}", copy.display()))
}

fn unopened(copy: &Path) -> SqliteConnectOptions {
    options(copy).read_only(true).immutable(true)
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).create_if_missing(false).disable_statement_logging()
}
