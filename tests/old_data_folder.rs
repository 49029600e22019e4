//! A data folder that this version cannot read is refused with a message and left unchanged.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// The table in which sqlx records applied migrations.
const MIGRATIONS: &str = "
    CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
        installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL,
        execution_time BIGINT NOT NULL);
    INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (1, 'first', 1, x'0123456789abcdef', 1), (2, 'second', 1, x'fedcba9876543210', 1);";

/// Excerpts of the schemas before they were replaced.
const ACCOUNTS: &str = "
    CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, password_hash TEXT NOT NULL,
        library_id INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
    INSERT INTO person VALUES (1, 'ada', '-', 1, 1700000000);";
const LIBRARY: &str = "
    CREATE TABLE article (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT, title TEXT NOT NULL, deleted_at INTEGER,
        shelf INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN deleted_at IS NOT NULL THEN 2 ELSE 0 END) VIRTUAL) STRICT;
    CREATE TABLE tally (kind TEXT NOT NULL, key TEXT NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (kind, key)) STRICT;
    INSERT INTO article (address, title) VALUES ('https://harbour.example/7', 'The ferry');";
const PAGES: &str = "
    CREATE TABLE snapshot (id INTEGER PRIMARY KEY, address TEXT, form TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
    INSERT INTO snapshot VALUES (1, 'https://harbour.example/7', 'html', x'00');";

const REFUSAL: &str = "was made by an earlier development version of Broadsheet, and this version cannot read it. \
                       Choose another data folder, or move it aside.";

async fn execute(file: &Path, sql: &str) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = options.journal_mode(SqliteJournalMode::Wal).connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn run(data: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    command.env_clear().env("BROADSHEET_DATA", data).env("BROADSHEET_LISTEN", "127.0.0.1:0");
    let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Returns every file and folder with its mode, modification time and bytes.
fn snapshot_of_folder(folder: &Path) -> BTreeMap<PathBuf, (u32, i64, i64, Vec<u8>)> {
    let (mut entries, mut pending) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(path) = pending.pop() {
        let metadata = std::fs::metadata(&path).unwrap();
        let bytes = if metadata.is_dir() { Vec::new() } else { std::fs::read(&path).unwrap() };
        if metadata.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        entries.insert(path, (metadata.mode(), metadata.mtime(), metadata.mtime_nsec(), bytes));
    }
    entries
}

/// Asserts that every command refuses the data folder with this message and leaves it unchanged.
fn assert_refused(data: &Path, message: &str) {
    let backup = data.with_extension("backup");
    let before = snapshot_of_folder(data);
    let commands: [&[&str]; 6] = [
        &[],
        &["serve"],
        &["import", "https://harbour.example/8"],
        &["re-extract"],
        &["backup", backup.to_str().unwrap()],
        &["password", "ada"],
    ];
    for arguments in commands {
        let (code, stderr) = run(data, arguments);
        let expected = format!("{} {message}", data.display());
        assert!(code == 1 && stderr.contains(&expected), "{arguments:?}: {stderr}");
        assert_eq!(snapshot_of_folder(data), before, "{arguments:?}");
    }
    assert!(!backup.exists());
}

#[tokio::test]
async fn a_folder_of_an_earlier_development_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let library = data.join("libraries/1");
    execute(&data.join("accounts.db"), &format!("{ACCOUNTS}{MIGRATIONS}")).await;
    execute(&library.join("library.db"), &format!("{LIBRARY}{MIGRATIONS}")).await;
    execute(&library.join("pages.db"), &format!("{PAGES}{MIGRATIONS}")).await;
    std::fs::create_dir_all(library.join("pictures/ab")).unwrap();
    std::fs::write(library.join("pictures/ab/cd"), "picture").unwrap();
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    assert_refused(&data, REFUSAL);
}

#[tokio::test]
async fn one_old_file_is_refused() {
    let old: [(&str, &str); 3] =
        [("accounts.db", ACCOUNTS), ("libraries/1/library.db", LIBRARY), ("libraries/1/pages.db", PAGES)];
    for (file, tables) in old {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        execute(&data.join(file), &format!("{tables}{MIGRATIONS}")).await;
        assert_refused(&data, REFUSAL);
    }
}

#[tokio::test]
async fn an_old_backup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (backup, data) = (folder.path().join("backup"), folder.path().join("data"));
    execute(&backup.join("accounts.db"), &format!("{ACCOUNTS}{MIGRATIONS}")).await;
    execute(&backup.join("libraries/1/library.db"), &format!("{LIBRARY}{MIGRATIONS}")).await;
    let (code, stderr) = run(&data, &["restore", backup.to_str().unwrap()]);
    assert!(code == 1 && stderr.contains("No backup in"), "{stderr}");
    std::fs::write(backup.join("backup.json"), r#"{"made_at": 1, "version": "0.1.0", "people": 1, "libraries": []}"#)
        .unwrap();
    let before = snapshot_of_folder(&backup);
    let (code, stderr) = run(&data, &["restore", backup.to_str().unwrap()]);
    assert!(code == 1 && stderr.contains("earlier development version"), "{stderr}");
    assert_eq!(snapshot_of_folder(&backup), before);
}

#[tokio::test]
async fn a_folder_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let page = folder.path().join("ferry.html");
    std::fs::write(&page, "<title>The ferry</title><p>It was late.").unwrap();
    run(&data, &["import", page.to_str().unwrap()]);
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                     VALUES (999, 'future', 1, x'00', 1);";
    execute(&data.join("libraries/1/library.db"), newer).await;
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/library")).unwrap();
    let versions = migrations.map(|file| file.unwrap().file_name().to_str().unwrap()[..4].parse::<i64>().unwrap());
    let known = versions.max().unwrap();
    assert_refused(&data, &format!("was written by a newer Broadsheet (schema 999, this one knows {known})."));
}
