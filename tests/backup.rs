//! The drill: back up while somebody writes, restore elsewhere, find everything again; and what is interrupted.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

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
use broadsheet::ops::backup::{Present, back_up, restore};
use broadsheet::ops::data_dir::DataFolder;
use broadsheet::storage::database::Database;
use jiff::Timestamp;

static ACCOUNTS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/accounts");

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A data folder with one person and one library, and a folder for its backup.
struct House {
    folder: tempfile::TempDir,
    library: Library,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
        let accounts = Database::open(&data.join("accounts.db"), &ACCOUNTS).await.unwrap();
        let mut write = accounts.write().await.unwrap();
        sqlx::query("INSERT INTO person (name, password_hash, library_id, created_at) VALUES ('ada', '-', 1, 0)")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        accounts.close().await;
        let mut write = library.write().await.unwrap();
        sqlx::query("INSERT INTO source (id, domain, name) VALUES (1, 'example.org', 'Example')")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        Self { folder, library }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    fn elsewhere(&self) -> PathBuf {
        self.folder.path().join("elsewhere")
    }
}

/// Keeps an article as the program does: its page and its picture first, the row that names them last.
async fn add_article(library: &Library, number: u64) {
    let page = Snapshot {
        url: None,
        content_type: None,
        format: SnapshotFormat::Html,
        bytes: format!("<p>{number}").repeat(500).into_bytes(),
    };
    let snapshot = snapshots::save(library, &page, NOW).await.unwrap();
    let hash = image_files::save(library, format!("picture {number}").into_bytes()).await.unwrap();
    let mut write = library.write().await.unwrap();
    sqlx::query("INSERT INTO image (hash, media_type, size) VALUES (?1, 'image/png', 1)")
        .bind(hash.as_str())
        .execute(&mut *write)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO article (source_id, topic, topic_choice, title, excerpt, received_at, sorted_at, word_count, snapshot_id, lead_image_hash)
         VALUES (1, 'science', '{}', ?1, '', 0, 0, 1, ?2, ?3)",
    )
    .bind(format!("Article {number}"))
    .bind(snapshot)
    .bind(hash.as_str())
    .execute(&mut *write)
    .await
    .unwrap();
    write.commit().await.unwrap();
}

async fn delete_article(library: &Library, title: &str) {
    let hash: String = sqlx::query_scalar("SELECT lead_image_hash FROM article WHERE title = ?1")
        .bind(title)
        .fetch_one(library.read())
        .await
        .unwrap();
    let mut write = library.write().await.unwrap();
    sqlx::query("DELETE FROM article WHERE title = ?1").bind(title).execute(&mut *write).await.unwrap();
    sqlx::query("DELETE FROM image WHERE hash = ?1").bind(&hash).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    image_files::delete(library, &image_files::ImageHash::parse(&hash).unwrap()).unwrap();
}

/// Every article by its title, with the hashes of its page and of its picture: all that a restore must bring back.
type Everything = BTreeMap<String, (image_files::ImageHash, image_files::ImageHash)>;

async fn everything(library: &Library) -> Everything {
    let rows: Vec<(String, i64, String)> = sqlx::query_as("SELECT title, snapshot_id, lead_image_hash FROM article")
        .fetch_all(library.read())
        .await
        .unwrap();
    let mut found = BTreeMap::new();
    for (title, snapshot, hash) in rows {
        let picture = image_files::path(library, &image_files::ImageHash::parse(&hash).unwrap());
        let page = snapshots::load(library, snapshot).await.unwrap().unwrap();
        let picture = std::fs::read(picture).unwrap();
        found.insert(title, (image_files::ImageHash::compute(&page.bytes), image_files::ImageHash::compute(&picture)));
    }
    found
}

async fn everything_in(data: &Path) -> Everything {
    let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
    let found = everything(&library).await;
    library.close().await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_somebody_writes_brings_every_article_back_with_its_page_and_picture() {
    let house = House::new().await;
    for number in 0..20 {
        add_article(&house.library, number).await;
    }
    let stop = std::sync::Arc::new(AtomicBool::new(false));
    let (library, writing) = (house.library.clone(), stop.clone());
    let writer = tokio::spawn(async move {
        let mut number = 20;
        while !writing.load(Ordering::Acquire) {
            add_article(&library, number).await;
            number += 1;
        }
    });
    let done = back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    stop.store(true, Ordering::Release);
    writer.await.unwrap();

    let listed = &done.contents.libraries[0];
    assert!(listed.articles >= 20 && listed.snapshots >= listed.articles, "{listed:?}");
    assert_eq!((listed.pictures_missing, listed.snapshots_missing), (0, 0));
    let restored = restore(&house.backup(), &house.elsewhere(), Present::Refuse, NOW).await.unwrap();
    assert_eq!(restored.contents, done.contents);
    assert_eq!((restored.pictures_lost, restored.aside), (0, None));
    let (before, after) = (everything(&house.library).await, everything_in(&house.elsewhere()).await);
    assert_eq!(after.len(), usize::try_from(listed.articles).unwrap());
    for (title, kept) in &after {
        assert_eq!(Some(kept), before.get(title), "{title}");
    }
}

#[tokio::test]
async fn the_next_backup_adds_what_is_new_and_drops_what_is_gone() {
    let house = House::new().await;
    for number in 0..3 {
        add_article(&house.library, number).await;
    }
    assert_eq!(back_up(&house.data(), &house.backup(), NOW).await.unwrap().pictures_added, 3);
    add_article(&house.library, 3).await;
    delete_article(&house.library, "Article 1").await;
    let second = back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    assert_eq!((second.pictures_added, second.pictures_removed), (1, 1));
    restore(&house.backup(), &house.elsewhere(), Present::Refuse, NOW).await.unwrap();
    assert_eq!(everything_in(&house.elsewhere()).await, everything(&house.library).await);
}

/// Polls a future so many times and then drops it where it stands.
async fn interrupted_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
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
async fn an_interrupted_backup_leaves_the_one_before_it_whole() {
    let house = House::new().await;
    add_article(&house.library, 0).await;
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    let old = everything(&house.library).await;
    delete_article(&house.library, "Article 0").await;
    add_article(&house.library, 1).await;
    let new = everything(&house.library).await;
    let (mut polls, mut seen) = (1, vec![old.clone()]);
    while interrupted_after(polls, back_up(&house.data(), &house.backup(), NOW)).await.is_none() {
        let elsewhere = house.folder.path().join(format!("after {polls}"));
        restore(&house.backup(), &elsewhere, Present::Refuse, NOW).await.unwrap();
        seen.push(everything_in(&elsewhere).await);
        polls += 3;
    }
    seen.dedup();
    assert!(polls > 10, "the backup was never interrupted");
    assert!(seen == [old.clone()] || seen == [old, new], "half a backup was restored: {seen:?}");
    restore(&house.backup(), &house.elsewhere(), Present::Refuse, NOW).await.unwrap();
    assert_eq!(everything_in(&house.elsewhere()).await, everything(&house.library).await);
}

#[tokio::test]
async fn a_backup_that_was_killed_while_its_files_moved_is_the_new_one() {
    let house = House::new().await;
    add_article(&house.library, 0).await;
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    add_article(&house.library, 1).await;
    let other = house.folder.path().join("other");
    back_up(&house.data(), &other, NOW).await.unwrap();
    // As it stands when one file of the second backup has moved and the others have not.
    let ready = house.backup().join(".ready");
    std::fs::create_dir_all(ready.join("libraries/1")).unwrap();
    for file in ["libraries/1/library.db", "libraries/1/snapshots.db", "backup.json"] {
        std::fs::copy(other.join(file), ready.join(file)).unwrap();
    }
    for folder in std::fs::read_dir(other.join("libraries/1/images")).unwrap() {
        let folder = folder.unwrap();
        let to = house.backup().join("libraries/1/images").join(folder.file_name());
        std::fs::create_dir_all(&to).unwrap();
        for picture in std::fs::read_dir(folder.path()).unwrap() {
            let picture = picture.unwrap();
            std::fs::copy(picture.path(), to.join(picture.file_name())).unwrap();
        }
    }
    restore(&house.backup(), &house.elsewhere(), Present::Refuse, NOW).await.unwrap();
    assert_eq!(everything_in(&house.elsewhere()).await, everything(&house.library).await);
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    assert!(!ready.exists());
}

#[tokio::test]
async fn a_restore_refuses_a_folder_that_is_used_or_in_use() {
    let house = House::new().await;
    add_article(&house.library, 0).await;
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    let server = DataFolder::serve(&house.data()).await.unwrap();
    let in_use = restore(&house.backup(), &house.data(), Present::MoveAside, NOW).await.unwrap_err();
    assert!(in_use.to_string().contains("Stop it first"), "{in_use}");
    drop(server);
    let kept = restore(&house.backup(), &house.data(), Present::Refuse, NOW).await.unwrap_err();
    assert!(kept.to_string().contains("Use --force to move its contents aside"), "{kept}");
    assert_eq!(everything(&house.library).await.len(), 1);
    let nothing = restore(&house.elsewhere(), &house.data(), Present::MoveAside, NOW).await.unwrap_err();
    assert!(nothing.to_string().contains("No backup in"), "{nothing}");
}

#[tokio::test]
async fn with_force_what_was_kept_is_moved_aside_and_not_deleted() {
    let house = House::new().await;
    add_article(&house.library, 0).await;
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    add_article(&house.library, 1).await;
    let before = everything(&house.library).await;
    house.library.close().await;
    let restored = restore(&house.backup(), &house.data(), Present::MoveAside, NOW).await.unwrap();
    let aside = restored.aside.unwrap();
    assert!(aside.ends_with("before-restore-1970-01-01T000000Z"), "{}", aside.display());
    assert_eq!(everything_in(&aside).await, before);
    assert_eq!(everything_in(&house.data()).await.len(), 1);
    assert!(DataFolder::serve(&house.data()).await.is_ok());
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_a_damaged_picture_is_told() {
    let house = House::new().await;
    add_article(&house.library, 0).await;
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    let picture = image_files::ImageHash::compute(b"picture 0");
    std::fs::write(image_files::path_in(&house.backup().join("libraries/1"), &picture), b"other").unwrap();
    let restored = restore(&house.backup(), &house.elsewhere(), Present::Refuse, NOW).await.unwrap();
    assert_eq!(restored.pictures_lost, 1);

    let database = house.backup().join("libraries/1/library.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle - 4096..middle + 4096].fill(0xa5);
    std::fs::write(&database, bytes).unwrap();
    let another = house.folder.path().join("another");
    let problem = format!("{:#}", restore(&house.backup(), &another, Present::Refuse, NOW).await.unwrap_err());
    assert!(problem.starts_with(&format!("{} is damaged: ", database.display())), "{problem}");
    assert!(problem.ends_with("Use another backup or another copy of this one."), "{problem}");
    assert!(!problem.contains("error returned from database"), "{problem}");
    assert!(!another.join("accounts.db").exists() && !another.join("restoring").exists());

    // Without a header it is no database at all.
    std::fs::write(&database, "dear diary ".repeat(1000)).unwrap();
    let problem = restore(&house.backup(), &another, Present::Refuse, NOW).await.unwrap_err();
    assert!(format!("{problem:#}").contains("library.db is damaged: file is not a database."), "{problem:#}");
}

#[tokio::test]
async fn a_backup_goes_neither_into_the_data_folder_nor_among_other_things() {
    let house = House::new().await;
    let inside = back_up(&house.data(), &house.data().join("backup"), NOW).await.unwrap_err();
    assert!(inside.to_string().contains("Use a folder outside"), "{inside}");
    std::fs::create_dir(house.elsewhere()).unwrap();
    std::fs::write(house.elsewhere().join("letter.txt"), "dear").unwrap();
    let among = back_up(&house.data(), &house.elsewhere(), NOW).await.unwrap_err();
    assert!(among.to_string().contains("aren't a backup"), "{among}");
    let nothing = back_up(&house.elsewhere(), &house.backup(), NOW).await.unwrap_err();
    assert!(nothing.to_string().contains("Nothing to back up"), "{nothing}");
}

#[tokio::test]
async fn neither_what_is_kept_nor_its_backup_can_be_read_by_others() {
    let house = House::new().await;
    add_article(&house.library, 0).await;
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    assert_eq!(open_to_others(&house.data()) + &open_to_others(&house.backup()), "");

    // As older versions made them.
    house.library.close().await;
    let folder = house.data().join("libraries/1");
    for (path, mode) in
        [(house.data(), 0o755), (folder.clone(), 0o755), (folder.join("library.db"), 0o644), (house.backup(), 0o755)]
    {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    let _held = DataFolder::share(&house.data()).await.unwrap();
    Library::open(&folder, 1).await.unwrap().close().await;
    back_up(&house.data(), &house.backup(), NOW).await.unwrap();
    assert_eq!(open_to_others(&house.data()) + &open_to_others(&house.backup()), "");
}

/// The folders and databases that others can read, a line for each.
fn open_to_others(folder: &Path) -> String {
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut open = String::new();
    if mode(folder) & 0o077 != 0 {
        open += &format!("{}\n", folder.display());
    }
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            open += &open_to_others(&path);
        } else if path.to_str().unwrap().contains(".db") && mode(&path) & 0o077 != 0 {
            open += &format!("{}\n", path.display());
        }
    }
    open
}

#[test]
fn an_interruption_drops_the_future_where_it_stands() {
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(pin!(interrupted_after(0, std::future::ready(1))).poll(&mut context), Poll::Ready(None));
    assert_eq!(pin!(interrupted_after(1, std::future::ready(1))).poll(&mut context), Poll::Ready(Some(1)));
}
