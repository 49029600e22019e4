//! Database files of a backup: copy, check, count.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::library::image_files::ImageHash;
use crate::ops::backup::{LibraryCounts, files};
use crate::storage::private_files;

/// How long a copy waits for a server that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// Writes a consistent, compact copy of a database that may be in use. `to` must not exist.
pub(super) async fn copy_database(from: &Path, to: &Path) -> anyhow::Result<()> {
    let target = to.to_str().with_context(|| format!("{} is not UTF-8", to.display()))?;
    private_files::create_file(to).with_context(|| format!("creating {}", to.display()))?;
    let copied = async {
        // Not `read_only`: after a crash, the first connection must recover the journal.
        let mut source = options(from).busy_timeout(BUSY_TIMEOUT).connect().await?;
        sqlx::query("VACUUM INTO ?1").bind(target).execute(&mut source).await?;
        source.close().await
    };
    if let Some(damage) =
        damage_from_error(copied.await.map(|()| None)).with_context(|| format!("copying {}", from.display()))?
    {
        anyhow::bail!("{} is damaged: {damage}. Restore your last backup.", from.display());
    }
    files::sync(to).with_context(|| format!("syncing {}", to.display()))
}

/// Checks every page, index and foreign key of a copied database. Returns a description of the damage, if any.
pub(super) async fn find_damage(file: &Path) -> anyhow::Result<Option<String>> {
    damage_from_error(check_integrity(file).await).with_context(|| format!("reading {}", file.display()))
}

async fn check_integrity(file: &Path) -> sqlx::Result<Option<String>> {
    let mut copy = immutable_options(file).connect().await?;
    let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_all(&mut copy).await?;
    if found != ["ok"] {
        return Ok(Some(found.join(" ").replace('\n', " ")));
    }
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut copy).await?.len();
    Ok((broken > 0).then(|| format!("{broken} rows with broken references")))
}

/// Turns an SQLite error about a damaged or invalid file into a description of the damage. Only SQLite's own message,
/// since what sqlx adds is for programmers.
fn damage_from_error(found: sqlx::Result<Option<String>>) -> sqlx::Result<Option<String>> {
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

/// Counts the accounts.
pub(super) async fn count_people(accounts: &Path) -> anyhow::Result<i64> {
    count(&mut open(accounts).await?, "SELECT count(*) FROM person").await
}

/// Counts what the library in `folder` contains. The caller sets `images_missing`.
pub(super) async fn count_library(folder: &Path, id: i64) -> anyhow::Result<LibraryCounts> {
    let mut library = open(&folder.join("library.db")).await?;
    let snapshots = folder.join("snapshots.db");
    sqlx::query("ATTACH ?1 AS snapshots").bind(snapshots.to_str()).execute(&mut library).await?;
    Ok(LibraryCounts {
        id,
        articles: count(&mut library, "SELECT count(*) FROM article").await?,
        imports: count(&mut library, "SELECT count(*) FROM import").await?,
        snapshots: count(&mut library, "SELECT count(*) FROM snapshots.snapshot").await?,
        images: count(&mut library, "SELECT count(*) FROM (SELECT hash FROM image UNION SELECT lead_image_hash FROM article WHERE lead_image_hash IS NOT NULL)").await?,
        images_missing: 0,
        snapshots_missing: count(
            &mut library,
            "SELECT count(*) FROM (SELECT snapshot_id FROM article UNION SELECT snapshot_id FROM article_previous_version
                                   UNION SELECT snapshot_id FROM import WHERE state IN ('waiting', 'running'))
             WHERE snapshot_id IS NOT NULL AND snapshot_id NOT IN (SELECT id FROM snapshots.snapshot)",
        )
        .await?,
    })
}

/// Lists the images that a library references.
pub(super) async fn referenced_images(library: &Path) -> anyhow::Result<Vec<ImageHash>> {
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

/// Opens a copy that nobody writes to. Creates no journal, so that it works on a read-only disk.
async fn open(copy: &Path) -> anyhow::Result<SqliteConnection> {
    immutable_options(copy).connect().await.with_context(|| format!("opening {}", copy.display()))
}

fn immutable_options(copy: &Path) -> SqliteConnectOptions {
    options(copy).read_only(true).immutable(true)
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).create_if_missing(false).disable_statement_logging()
}
