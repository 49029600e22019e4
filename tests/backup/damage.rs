//! Damage to a backup, such as a bad disk does: every kind of it is noticed, and nothing of it is restored in silence.

use std::fs;
use std::path::{Path, PathBuf};

use broadsheet::library::image_files;
use broadsheet::ops::backup::{Backup, ExistingData, FaultKind, back_up, restore, salvage};
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestRunner};

use crate::{NOW, TestData, add_article, read_articles, read_articles_in};

/// Something that happens to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    FlipBit { at: u64, bit: u8 },
    Overwrite { at: u64, length: u64 },
    Cut { at: u64 },
    Append { length: u64 },
    Delete,
    SwapWith { other: u64 },
    ReplaceBy { other: u64 },
}

fn any_damage() -> impl Strategy<Value = Damage> {
    (0..7, any::<u64>(), any::<u64>()).prop_map(|(kind, at, number)| match kind {
        0 => Damage::FlipBit { at, bit: (number % 8) as u8 },
        1 => Damage::Overwrite { at, length: number % 5000 + 1 },
        2 => Damage::Cut { at },
        3 => Damage::Append { length: number % 5000 + 1 },
        4 => Damage::Delete,
        5 => Damage::SwapWith { other: number },
        _ => Damage::ReplaceBy { other: number },
    })
}

impl Damage {
    /// Does it to a file. Returns `false` if the file is the same as before.
    fn inflict(self, file: &Path, others: &[PathBuf]) -> bool {
        let before = fs::read(file).unwrap();
        let choose = |number: u64| others[usize::try_from(number % others.len() as u64).unwrap()].as_path();
        let position = |at: u64| usize::try_from(at % before.len() as u64).unwrap();
        let mut bytes = before.clone();
        match self {
            Self::FlipBit { at, bit } => bytes[position(at)] ^= 1 << bit,
            Self::Overwrite { at, length } => {
                let end = before.len().min(position(at) + usize::try_from(length).unwrap());
                bytes[position(at)..end].fill(0xa5);
            }
            Self::Cut { at } => bytes.truncate(position(at)),
            Self::Append { length } => bytes.resize(before.len() + usize::try_from(length).unwrap(), 0),
            Self::Delete => {
                fs::remove_file(file).unwrap();
                return true;
            }
            Self::SwapWith { other } => {
                bytes = fs::read(choose(other)).unwrap();
                fs::write(choose(other), &before).unwrap();
            }
            Self::ReplaceBy { other } => bytes = fs::read(choose(other)).unwrap(),
        }
        fs::write(file, &bytes).unwrap();
        bytes != before
    }
}

/// Lists all files of a backup but its lock, which holds nothing.
fn files_of(backup: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![backup.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.retain(|file| !file.ends_with("backup.lock"));
    files.sort();
    files
}

fn copy_folder(from: &Path, to: &Path) {
    for file in files_of(from) {
        let copy = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(file, copy).unwrap();
    }
}

async fn test_data_with_backup() -> TestData {
    let test = TestData::new().await;
    for number in 0..3 {
        add_article(&test.library, number).await;
    }
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    test
}

#[test]
fn every_damaged_file_of_a_backup_is_noticed_and_nothing_is_restored() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let test = runtime.block_on(test_data_with_backup());
    let files = files_of(&test.backup());
    assert_eq!(files.len(), 1 + 3 + 3, "manifest, databases, images: {files:?}");
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    for file in &files {
        let others: Vec<PathBuf> = files.iter().filter(|other| *other != file).cloned().collect();
        let name = file.strip_prefix(test.backup()).unwrap().to_str().unwrap().to_owned();
        let whole = test.folder.path().join("whole");
        copy_folder(&test.backup(), &whole);
        let outcome = runner.run(&any_damage(), |damage| {
            let is_changed = damage.inflict(file, &others);
            let restored = runtime.block_on(restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW));
            copy_folder(&whole, &test.backup());
            match restored {
                Ok(_) => assert!(!is_changed, "{name} with {damage:?} was restored"),
                Err(error) => {
                    let (error, manifest) = (format!("{error:#}"), "backup.json");
                    assert!(error.contains(&name) || error.contains(manifest), "{damage:?}: {error}");
                }
            }
            assert!(!test.restore_target().exists() || !is_changed, "something was written");
            let _ = fs::remove_dir_all(test.restore_target());
            Ok(())
        });
        outcome.unwrap();
    }
}

#[tokio::test]
async fn a_changed_word_in_a_backup_is_refused_and_the_file_named() {
    let test = test_data_with_backup().await;
    let database = test.backup().join("libraries/1/library.db");
    let mut bytes = fs::read(&database).unwrap();
    let at = bytes.windows(9).position(|bytes| bytes == b"Article 1").unwrap();
    bytes[at] = b'B';
    fs::write(&database, bytes).unwrap();
    let faults = Backup::open(&test.backup()).await.unwrap().check().await.unwrap();
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].file.as_path(), &faults[0].kind), (Path::new("libraries/1/library.db"), &FaultKind::Changed));
    let refused = restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap_err();
    let refused = refused.to_string();
    assert!(refused.starts_with("libraries/1/library.db is damaged: it has changed"), "{refused}");
    assert!(refused.contains("Nothing was restored. Use another backup or another copy of this one."), "{refused}");
    // The next backup replaces the database.
    back_up(&test.data(), &test.backup(), NOW).await.unwrap();
    restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap();
    assert_eq!(read_articles_in(&test.restore_target()).await, read_articles(&test.library).await);
}

#[tokio::test]
async fn missing_unlisted_and_linked_files_are_named() {
    let test = test_data_with_backup().await;
    let folder = test.backup().join("libraries/1");
    let image = image_files::path_in(Path::new("libraries/1"), &image_files::ImageHash::compute(b"image 1"));
    fs::remove_file(test.backup().join(&image)).unwrap();
    fs::write(folder.join("library.db-wal"), "another database").unwrap();
    fs::rename(folder.join("snapshots.db"), test.folder.path().join("snapshots.db")).unwrap();
    std::os::unix::fs::symlink(test.folder.path().join("snapshots.db"), folder.join("snapshots.db")).unwrap();
    // What an interrupted backup leaves is no fault.
    let leftover = image_files::path_in(&folder, &image_files::ImageHash::compute(b"image 9"));
    fs::create_dir_all(leftover.parent().unwrap()).unwrap();
    fs::write(leftover, "image 9").unwrap();
    let faults = Backup::open(&test.backup()).await.unwrap().check().await.unwrap();
    let sentences: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences,
        [
            format!("{} is missing.", image.display()),
            "libraries/1/library.db-wal isn't part of the backup. Move it elsewhere.".to_owned(),
            "libraries/1/snapshots.db is damaged: it has changed since the backup was made.".to_owned(),
        ]
    );
}

#[tokio::test]
async fn what_is_left_of_a_damaged_backup_can_be_salvaged() {
    let test = test_data_with_backup().await;
    let hash = image_files::ImageHash::compute(b"image 0");
    fs::write(image_files::path_in(&test.backup().join("libraries/1"), &hash), b"other").unwrap();
    restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap_err();
    let salvaged = salvage(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap();
    assert_eq!(salvaged.images_lost, 1);

    // A database that SQLite cannot read is not salvaged either.
    let database = test.backup().join("libraries/1/library.db");
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle - 4096..middle + 4096].fill(0xa5);
    fs::write(&database, bytes).unwrap();
    let target = test.folder.path().join("another");
    let problem = format!("{:#}", salvage(&test.backup(), &target, ExistingData::Refuse, NOW).await.unwrap_err());
    assert!(problem.starts_with(&format!("{} is damaged: ", database.display())), "{problem}");
    assert!(!problem.contains("error returned from database"), "{problem}");
    assert!(!target.join("accounts.db").exists() && !target.join("restoring").exists());

    // Without a header, it is not a database.
    fs::write(&database, "dear diary ".repeat(1000)).unwrap();
    let problem = salvage(&test.backup(), &target, ExistingData::Refuse, NOW).await.unwrap_err();
    assert!(format!("{problem:#}").contains("library.db is damaged: file is not a database."), "{problem:#}");
}

#[tokio::test]
async fn a_backup_without_checksums_is_restored_but_not_one_with_a_wrong_checksum() {
    let test = test_data_with_backup().await;
    let manifest = Backup::open(&test.backup()).await.unwrap().manifest().clone();
    let file = test.backup().join("backup.json");
    let old = serde_json::json!({
        "created_at": manifest.created_at, "version": "0.1.0", "people": 1, "libraries": manifest.libraries
    });
    fs::write(&file, old.to_string()).unwrap();
    let restored = restore(&test.backup(), &test.restore_target(), ExistingData::Refuse, NOW).await.unwrap();
    assert!(!restored.manifest.has_checksums());
    assert_eq!(read_articles_in(&test.restore_target()).await.len(), 3);
    // As soon as there is a checksum, it must be right.
    let mut forged = old;
    forged["manifest_sha256"] = "0".repeat(64).into();
    fs::write(&file, forged.to_string()).unwrap();
    let refused = restore(&test.backup(), &test.restore_target(), ExistingData::MoveAside, NOW).await.unwrap_err();
    assert!(refused.to_string().contains("backup.json is damaged"), "{refused}");
}

#[tokio::test]
async fn a_backup_being_written_is_neither_checked_nor_restored() {
    let test = test_data_with_backup().await;
    let lock = fs::File::options().write(true).open(test.backup().join("backup.lock")).unwrap();
    lock.lock().unwrap();
    let refused = Backup::open(&test.backup()).await.unwrap_err();
    assert!(refused.to_string().contains("Wait until it has finished"), "{refused}");
    drop(lock);
    assert!(Backup::open(&test.backup()).await.is_ok());
}
