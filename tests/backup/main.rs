//! Backup and restore, during writes and with interruptions.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod damage;

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::future::Future;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use broadsheet::library::snapshots::{Snapshot, SnapshotFormat};
use broadsheet::library::{Library, image_files, snapshots};
use broadsheet::ops::backup::{ExistingData, back_up, restore};
use broadsheet::ops::data_dir::DataDir;
use broadsheet::storage::database::Database;
use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

static ACCOUNTS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/accounts");

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// Opens a database file apart from the program, which lets nobody at its tables.
async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

/// A data folder with one account and one library, and a folder for its backup.
struct TestData {
    folder: tempfile::TempDir,
    library: Library,
}

impl TestData {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
        Database::open(&data.join("accounts.db"), &ACCOUNTS).await.unwrap().close().await;
        let mut accounts = connect(&data.join("accounts.db")).await;
        sqlx::query("INSERT INTO person (name, password_hash, library_id, created_at) VALUES ('ada', '-', 1, 0)")
            .execute(&mut accounts)
            .await
            .unwrap();
        accounts.close().await.unwrap();
        sqlx::query("INSERT INTO source (id, domain, name) VALUES (1, 'example.org', 'Example')")
            .execute(&mut connect(&library.folder().join("library.db")).await)
            .await
            .unwrap();
        Self { folder, library }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    fn restore_target(&self) -> PathBuf {
        self.folder.path().join("elsewhere")
    }
}

/// Adds an article in the order the program does: files first, then the row that references them.
async fn add_article(library: &Library, number: u64) {
    let snapshot = Snapshot {
        url: None,
        content_type: None,
        format: SnapshotFormat::Html,
        bytes: format!("<p>{number}").repeat(500).into_bytes(),
    };
    let snapshot_id = snapshots::save(library, &snapshot, NOW).await.unwrap();
    let hash = image_files::save(library, format!("image {number}").into_bytes()).await.unwrap();
    let mut connection = connect(&library.folder().join("library.db")).await;
    let mut tx = connection.begin().await.unwrap();
    sqlx::query("INSERT INTO image (hash, media_type, size) VALUES (?1, 'image/png', 1)")
        .bind(hash.as_str())
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO article (source_id, topic, topic_choice, title, excerpt, received_at, sorted_at, word_count, snapshot_id, lead_image_hash)
         VALUES (1, 'science', '{}', ?1, '', 0, 0, 1, ?2, ?3)",
    )
    .bind(format!("Article {number}"))
    .bind(snapshot_id)
    .bind(hash.as_str())
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn delete_article(library: &Library, title: &str) {
    let hash: String = sqlx::query_scalar("SELECT lead_image_hash FROM article WHERE title = ?1")
        .bind(title)
        .fetch_one(&mut connect(&library.folder().join("library.db")).await)
        .await
        .unwrap();
    let mut connection = connect(&library.folder().join("library.db")).await;
    let mut tx = connection.begin().await.unwrap();
    sqlx::query("DELETE FROM article WHERE title = ?1").bind(title).execute(&mut *tx).await.unwrap();
    sqlx::query("DELETE FROM image WHERE hash = ?1").bind(&hash).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    image_files::delete(library, &image_files::ImageHash::parse(&hash).unwrap()).unwrap();
}

/// Every article by title, with the hashes of its original page and its image.
type Articles = BTreeMap<String, (image_files::ImageHash, image_files::ImageHash)>;

async fn read_articles(library: &Library) -> Articles {
    let rows: Vec<(String, i64, String)> = sqlx::query_as("SELECT title, snapshot_id, lead_image_hash FROM article")
        .fetch_all(&mut connect(&library.folder().join("library.db")).await)
        .await
        .unwrap();
    let mut found = BTreeMap::new();
    for (title, snapshot, hash) in rows {
        let image = image_files::path(library, &image_files::ImageHash::parse(&hash).unwrap());
        let page = snapshots::load(library, snapshot).await.unwrap().unwrap();
        let image = std::fs::read(image).unwrap();
        found.insert(title, (image_files::ImageHash::compute(&page.bytes), image_files::ImageHash::compute(&image)));
    }
    found
}

async fn read_articles_in(data: &Path) -> Articles {
    let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
    let found = read_articles(&library).await;
    library.close().await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_made_during_writes_restore_every_article_with_snapshot_and_image() {
    let test = TestData::new().await;
    for number in 0..20 {
        add_article(&test.library, number).await;
    }
    let stop = std::sync::Arc::new(AtomicBool::new(false));
    let (library, writing) = (test.library.clone(), stop.clone());
    let writer = tokio::spawn(async move {
        let mut number = 20;
        while !writing.load(Ordering::Acquire) {
            add_article(&library, number).await;
            number += 1;
        }
    });
    let report = back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    stop.store(true, Ordering::Release);
    writer.await.unwrap();

    let listed = &report.manifest.libraries[0];
    assert!(listed.articles >= 20 && listed.snapshots >= listed.articles, "{listed:?}");
    assert_eq!((listed.images_missing, listed.snapshots_missing), (0, 0));
    let restored = restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap();
    assert_eq!(restored.manifest, report.manifest);
    assert_eq!((restored.images_lost, restored.moved_to), (0, None));
    let (before, after) = (read_articles(&test.library).await, read_articles_in(&test.restore_target()).await);
    assert_eq!(after.len(), usize::try_from(listed.articles).unwrap());
    for (title, kept) in &after {
        assert_eq!(Some(kept), before.get(title), "{title}");
    }
}

#[tokio::test]
async fn next_backup_adds_new_images_and_removes_unused_ones() {
    let test = TestData::new().await;
    for number in 0..3 {
        add_article(&test.library, number).await;
    }
    assert_eq!(back_up(&test.data(), &test.backup(), NOW).await.unwrap().images_added, 3);
    add_article(&test.library, 3).await;
    delete_article(&test.library, "Article 1").await;
    let second = back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    assert_eq!((second.images_added, second.images_removed), (1, 1));
    restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap();
    assert_eq!(read_articles_in(&test.restore_target()).await, read_articles(&test.library).await);
}

/// Polls a future at most `polls` times, then drops it unfinished.
async fn poll_times<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context: &mut Context<'_>| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

#[tokio::test]
async fn interrupted_backup_keeps_the_previous_one_intact() {
    let test = TestData::new().await;
    add_article(&test.library, 0).await;
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    let old = read_articles(&test.library).await;
    delete_article(&test.library, "Article 0").await;
    add_article(&test.library, 1).await;
    let new = read_articles(&test.library).await;
    let (mut polls, mut seen) = (1, vec![old.clone()]);
    while poll_times(polls, back_up(&test.data(), &test.backup(), NOW)).await.is_none() {
        let target = test.folder.path().join(format!("after {polls}"));
        restore(&test.backup(), &target, ExistingData::Refuse, NOW).await.unwrap();
        seen.push(read_articles_in(&target).await);
        polls += 3;
    }
    seen.dedup();
    assert!(polls > 10, "the backup was never interrupted");
    assert!(seen == [old.clone()] || seen == [old, new], "half a backup was restored: {seen:?}");
    restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap();
    assert_eq!(read_articles_in(&test.restore_target()).await, read_articles(&test.library).await);
}

#[tokio::test]
async fn backup_killed_while_moving_files_counts_as_the_new_one() {
    let test = TestData::new().await;
    add_article(&test.library, 0).await;
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    add_article(&test.library, 1).await;
    let other = test.folder.path().join("other");
    back_up(&test.data(), &other, NOW).await.unwrap();
    // The state after one file of the second backup was moved and the others were not.
    let ready = test.backup().join(".ready");
    std::fs::create_dir_all(ready.join("libraries/1")).unwrap();
    for file in ["libraries/1/library.db", "libraries/1/snapshots.db", "backup.json"] {
        std::fs::copy(other.join(file), ready.join(file)).unwrap();
    }
    for folder in std::fs::read_dir(other.join("libraries/1/images")).unwrap() {
        let folder = folder.unwrap();
        let to = test.backup().join("libraries/1/images").join(folder.file_name());
        std::fs::create_dir_all(&to).unwrap();
        for image in std::fs::read_dir(folder.path()).unwrap() {
            let image = image.unwrap();
            std::fs::copy(image.path(), to.join(image.file_name())).unwrap();
        }
    }
    restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap();
    assert_eq!(read_articles_in(&test.restore_target()).await, read_articles(&test.library).await);
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    assert!(!ready.exists());
}

#[tokio::test]
async fn restore_refuses_a_folder_in_use_or_with_data() {
    let test = TestData::new().await;
    add_article(&test.library, 0).await;
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    let server = DataDir::open_for_server(&test.data()).await.unwrap();
    let in_use = restore(&test.backup(), &test.data(), ExistingData::MoveAside, NOW).await.unwrap_err();
    assert!(in_use.to_string().contains("Stop it first"), "{in_use}");
    drop(server);
    let not_empty = restore(&test.backup(), &test.data(), ExistingData::Refuse, NOW).await.unwrap_err();
    assert!(not_empty.to_string().contains("Use --force to move its contents aside"), "{not_empty}");
    assert_eq!(read_articles(&test.library).await.len(), 1);
    let no_backup = restore(&test.restore_target(), &test.data(), ExistingData::MoveAside, NOW).await.unwrap_err();
    assert!(no_backup.to_string().contains("No backup in"), "{no_backup}");
}

#[tokio::test]
async fn forced_restore_moves_existing_data_aside() {
    let test = TestData::new().await;
    add_article(&test.library, 0).await;
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    add_article(&test.library, 1).await;
    let before = read_articles(&test.library).await;
    test.library.close().await;
    let restored = restore(&test.backup(), &test.data(), ExistingData::MoveAside, NOW).await.unwrap();
    let aside = restored.moved_to.unwrap();
    assert!(aside.ends_with("before-restore-1970-01-01T000000Z"), "{}", aside.display());
    assert_eq!(read_articles_in(&aside).await, before);
    assert_eq!(read_articles_in(&test.data()).await.len(), 1);
    assert!(DataDir::open_for_server(&test.data()).await.is_ok());
}

#[tokio::test]
async fn backup_refuses_the_data_folder_and_folders_with_other_files() {
    let test = TestData::new().await;
    let inside = back_up(&test.data(), &test.data().join("backup"), NOW).await.unwrap_err();
    assert!(inside.to_string().contains("Use a folder outside"), "{inside}");
    std::fs::create_dir(test.restore_target()).unwrap();
    std::fs::write(test.restore_target().join("letter.txt"), "dear").unwrap();
    let among = back_up(&test.data(), &test.restore_target(), NOW).await.unwrap_err();
    assert!(among.to_string().contains("aren't a backup"), "{among}");
    let nothing = back_up(&test.restore_target(), &test.backup(), NOW).await.unwrap_err();
    assert!(nothing.to_string().contains("Nothing to back up"), "{nothing}");
}

#[tokio::test]
async fn data_and_backups_are_private() {
    let test = TestData::new().await;
    add_article(&test.library, 0).await;
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    assert_eq!(readable_by_others(&test.data()) + &readable_by_others(&test.backup()), "");

    // As older versions created them.
    test.library.close().await;
    let folder = test.data().join("libraries/1");
    for (path, mode) in
        [(test.data(), 0o755), (folder.clone(), 0o755), (folder.join("library.db"), 0o644), (test.backup(), 0o755)]
    {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    let _data_dir = DataDir::open_shared(&test.data()).await.unwrap();
    Library::open(&folder, 1).await.unwrap().close().await;
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    assert_eq!(readable_by_others(&test.data()) + &readable_by_others(&test.backup()), "");
}

/// Lists the folders and files that other users can read, one per line.
fn readable_by_others(folder: &Path) -> String {
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut open = String::new();
    if mode(folder) & 0o077 != 0 {
        open += &format!("{}\n", folder.display());
    }
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            open += &readable_by_others(&path);
        } else if !path.to_str().unwrap().ends_with("in-use.lock") && mode(&path) & 0o077 != 0 {
            open += &format!("{}\n", path.display());
        }
    }
    open
}

#[test]
fn poll_times_drops_the_unfinished_future() {
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(pin!(poll_times(0, std::future::ready(1))).poll(&mut context), Poll::Ready(None));
    assert_eq!(pin!(poll_times(1, std::future::ready(1))).poll(&mut context), Poll::Ready(Some(1)));
}
