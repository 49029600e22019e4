//! `broadsheet doctor` names every kind of damage, repairs what it can, and finds nothing the second time.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "support/sample_library.rs"]
mod sample_library;

use std::path::{Path, PathBuf};
use std::process::Command;

use broadsheet::accounts::Accounts;
use broadsheet::library::image_files::{self, ImageHash};
use broadsheet::library::images::{self, DueImage, StoredImage};
use broadsheet::library::snapshots::{self, Snapshot, SnapshotFormat};
use broadsheet::library::{Library, articles};
use broadsheet::ops::data_dir::DataDir;
use broadsheet::ops::doctor::{Checkup, Mode, Remedy, examine};
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

/// Later than all files of the test, so that none counts as young.
fn later() -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(1)
}

/// A data folder with thirty articles, the first with an original page and an image.
struct TestData {
    folder: tempfile::TempDir,
}

impl TestData {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Accounts::open(folder.path()).await.unwrap().database().close().await;
        let library = Library::open(&folder.path().join("libraries/1"), 1).await.unwrap();
        sample_library::fill(&library, 30).await;
        let page =
            Snapshot { url: None, content_type: None, format: SnapshotFormat::Html, bytes: b"<p>Late.".repeat(99) };
        let id = snapshots::save(&library, &page, Timestamp::UNIX_EPOCH).await.unwrap();
        snapshots::save_further_page(&library, id, 2, &page, Timestamp::UNIX_EPOCH).await.unwrap();
        articles::versions::replace_snapshot(&library, 1, id, None, Timestamp::UNIX_EPOCH).await.unwrap();
        let hash = image_files::save(&library, b"an image".to_vec()).await.unwrap();
        library.close().await;
        let test = Self { folder };
        test.execute("INSERT INTO article_image (article_id, url, position) VALUES (1, 'https://a.example/1.png', 0)")
            .await;
        test.execute("UPDATE article SET lead_image_url = 'https://a.example/1.png' WHERE id = 1").await;
        let library = test.library().await;
        let due = DueImage { article_id: 1, url: "https://a.example/1.png".into(), attempts: 0, page_url: None };
        let stored = StoredImage { media_type: "image/png".into(), size: 8, width: None, height: None };
        images::mark_stored(&library, &due, &hash, &stored).await.unwrap();
        library.close().await;
        test
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn folder(&self) -> PathBuf {
        self.data().join("libraries/1")
    }

    fn image(&self) -> PathBuf {
        image_files::path_in(&self.folder(), &ImageHash::compute(b"an image"))
    }

    async fn library(&self) -> Library {
        Library::open(&self.folder(), 1).await.unwrap()
    }

    /// Changes the library behind the program's back: without its checks, and without triggers if asked to.
    async fn execute(&self, sql: &str) {
        let mut library = connect(&self.folder().join("library.db")).await;
        sqlx::query("ATTACH ?1 AS pages")
            .bind(self.folder().join("snapshots.db").to_str())
            .execute(&mut library)
            .await
            .unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut library).await.unwrap();
        library.close().await.unwrap();
    }

    async fn examine(&self, mode: Mode) -> Checkup {
        examine(self.data(), mode, later(), &|_| {}).await.unwrap()
    }
}

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).foreign_keys(false).connect().await.unwrap()
}

/// Returns the problems with their places, one per line.
fn problems(checkup: &Checkup) -> String {
    let lines = checkup.findings.iter().map(|finding| format!("{}: {}", finding.place, finding.problem));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_sound_library_is_called_sound() {
    let test = TestData::new().await;
    let checkup = test.examine(Mode::Report).await;
    assert_eq!(problems(&checkup), "");
    assert_eq!((checkup.libraries, checkup.articles, checkup.images, checkup.snapshots), (1, 30, 1, 2));
    assert_eq!(test.examine(Mode::Repair).await, checkup, "there is nothing to repair");
}

/// Asserts that damage is named, repaired, and not found again.
async fn assert_repaired(damage: &str, problem: &str) {
    let test = TestData::new().await;
    test.execute(damage).await;
    let before = test.examine(Mode::Report).await;
    assert!(problems(&before).contains(problem), "{damage}\n{}", problems(&before));
    assert!(before.findings.iter().all(|finding| matches!(finding.remedy, Remedy::Repairable(_))), "{before:?}");
    assert_eq!(problems(&test.examine(Mode::Report).await), problems(&before), "a report changes nothing");
    let repair = test.examine(Mode::Repair).await;
    assert!(problems(&repair).contains(problem), "{damage}\n{}", problems(&repair));
    assert!(repair.findings.iter().all(|finding| matches!(finding.remedy, Remedy::Repaired(_))), "{repair:?}");
    assert_eq!(problems(&test.examine(Mode::Report).await), "", "after {damage}");
    assert_eq!(before.articles, 30, "no repair deletes an article");
}

#[tokio::test]
async fn damaged_rows_are_named_and_repaired() {
    for (damage, problem) in [
        ("DELETE FROM article_search WHERE rowid = 4", "1 article has other words in the search index"),
        ("INSERT INTO article_search (article_search) VALUES ('delete-all')", "30 articles have other words"),
        ("INSERT INTO article_search (rowid, title, text) VALUES (99, 'a', 'b')", "1 article has other words"),
        ("UPDATE article_content SET html = '<p>words that are new' WHERE article_id = 5", "1 article has other words"),
        ("UPDATE article_content SET html = replace(html, 'ferry', 'xylophone')", "other words in the search index"),
        ("DELETE FROM article_search_data WHERE id > 10", "30 articles have other words"),
        ("UPDATE article_search_data SET block = x'0102030405' WHERE id > 10", "30 articles have other words"),
        ("DELETE FROM article_search_docsize WHERE id = 2", "other words in the search index"),
        ("UPDATE article_count SET articles = articles + 1 WHERE kind = 'topic'", "counts are wrong"),
        ("UPDATE article_count SET unread = 3 WHERE kind = 'all'", "1 count is wrong"),
        ("DELETE FROM article_count", "counts are wrong"),
        ("INSERT INTO article_count VALUES ('tag', '999', 4, 0)", "1 count is wrong"),
        ("UPDATE facet_count SET articles = 7 WHERE tag_id = 0 AND source_id = 0 AND topic = '' AND marks = 0", "1 count is wrong"),
        ("INSERT INTO facet_count VALUES (999, 0, 'sport', 0, 2)", "1 count is wrong"),
        ("DELETE FROM facet_count WHERE tag_id > 0", "counts are wrong"),
        ("UPDATE image_total SET size = 0", "1 count is wrong"),
        ("DELETE FROM image_total", "1 count is wrong"),
        ("INSERT INTO learned_topic (slug, labels) VALUES ('night-trams', 2)", "1 topic has other counts than what was learned."),
        ("INSERT INTO learned_topic (slug, words) VALUES ('night-trams', 2)", "1 topic has other counts"),
        (
            "INSERT INTO learned_topic (id, slug, corrections, words) VALUES (99, 'night-trams', 1, 2);
             INSERT INTO learned_example (article_id, topic_id, weight, features) VALUES (999, 99, 4, x'D1ED500011000000');
             INSERT INTO learned_word (feature, topic_id, count) VALUES (5303697, 99, 4), (17, 99, 3)",
            "1 topic has other counts",
        ),
        ("INSERT INTO learned_word (feature, topic_id, count) VALUES (17, 98, 4), (18, 98, 4)", "1 topic has other counts"),
        ("UPDATE article_tag SET sorted_at = 5 WHERE article_id = 3", "3 copied values are wrong"),
        ("UPDATE article SET lead_image_hash = NULL", "1 copied value is wrong"),
        ("DELETE FROM image", "1 image row names no stored image."),
        ("UPDATE article SET snapshot_id = 77 WHERE id = 2", "1 original page is missing."),
        (
            "INSERT INTO article_previous_version (article_id, content, replaced_at, is_rejected, snapshot_id)
             VALUES (2, x'00', 1, 0, 77)",
            "1 original page is missing.",
        ),
        ("UPDATE article SET snapshot_id = NULL", "1 original page belongs to no article."),
        ("UPDATE pages.snapshot SET content = x'00' WHERE id = 1", "1 original page is damaged."),
        ("UPDATE pages.snapshot SET content = substr(content, 1, 20) WHERE id = 2", "1 original page is damaged."),
        ("UPDATE pages.snapshot SET uncompressed_size = 5 WHERE id = 1", "1 original page is damaged."),
        ("DELETE FROM pages.snapshot WHERE id = 1", "In snapshot, 1 row refers to a missing snapshot."),
        ("INSERT INTO article_url VALUES ('a.example/9', 99)", "In article_url, 1 row refers to a missing article."),
        (
            "INSERT INTO import (state, outcome, article_id, accepted_at, updated_at) VALUES ('done', 'new', 99, 1, 1)",
            "In import, 1 row refers to a missing article.",
        ),
        (
            "PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = replace(sql, 'starred_at IS NOT NULL', 'starred_at IS NULL')
             WHERE name = 'article_starred'",
            "An index is damaged",
        ),
    ] {
        assert_repaired(damage, problem).await;
    }
}

#[tokio::test]
async fn a_lost_or_damaged_image_is_fetched_again_and_unused_files_are_deleted() {
    for is_missing in [true, false] {
        let test = TestData::new().await;
        if is_missing {
            std::fs::remove_file(test.image()).unwrap();
        } else {
            std::fs::write(test.image(), "an imaqe").unwrap();
        }
        let images = test.folder().join("images");
        let unused = [images.join("ab").join("f".repeat(62)), images.join("ab/.tmpXyz"), images.join("note.txt")];
        std::fs::create_dir_all(images.join("ab")).unwrap();
        for file in &unused {
            std::fs::write(file, "unused").unwrap();
        }
        let named = problems(&test.examine(Mode::Report).await);
        let state = if is_missing { "missing" } else { "damaged" };
        assert!(
            named.contains(&format!("1 image file is {state}: {}", ImageHash::compute(b"an image").as_str())),
            "{named}"
        );
        assert!(named.contains("3 image files belong to no article: note.txt, ab/.tmpXyz, "), "{named}");
        test.examine(Mode::Repair).await;
        assert_eq!(problems(&test.examine(Mode::Report).await), "");
        assert!(unused.iter().all(|file| !file.exists()));
        let library = test.library().await;
        let due = images::find_due(&library, later(), 9).await.unwrap();
        assert_eq!(due.len(), 1, "the image is fetched again");
        assert_eq!(images::total_size(&library).await.unwrap(), 0);
        library.close().await;
    }
}

#[tokio::test]
async fn what_an_interrupted_restore_or_check_left_is_deleted() {
    let test = TestData::new().await;
    std::fs::create_dir_all(test.data().join("restoring/libraries")).unwrap();
    std::fs::write(test.folder().join(".doctor-a1b2c3"), "half an index").unwrap();
    let named = problems(&test.examine(Mode::Report).await);
    assert!(named.contains("1 file is left of an interrupted check."), "{named}");
    assert!(named.contains("restoring is left of an interrupted restore, which changed nothing."), "{named}");
    test.examine(Mode::Repair).await;
    assert_eq!(problems(&test.examine(Mode::Report).await), "");
    assert!(!test.data().join("restoring").exists() && !test.folder().join(".doctor-a1b2c3").exists());
}

#[tokio::test]
async fn a_damaged_database_is_left_alone_and_the_reader_told_what_to_do() {
    for name in ["accounts.db", "libraries/1/library.db", "libraries/1/snapshots.db"] {
        let test = TestData::new().await;
        let file = test.data().join(name);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle - 2048..middle + 2048].fill(0xa5);
        std::fs::write(&file, &bytes).unwrap();
        for mode in [Mode::Report, Mode::Repair] {
            let checkup = test.examine(mode).await;
            let finding = checkup.findings.iter().find(|finding| finding.problem.starts_with("The file is damaged: "));
            let finding = finding.unwrap_or_else(|| panic!("{name}: {}", problems(&checkup)));
            assert!(finding.place.ends_with(file.file_name().unwrap().to_str().unwrap()), "{finding:?}");
            let Remedy::Manual(advice) = &finding.remedy else { panic!("{finding:?}") };
            assert!(advice.starts_with("Restore your last backup: broadsheet restore --force"), "{advice}");
        }
        assert_eq!(std::fs::read(&file).unwrap().len(), bytes.len());
        std::fs::write(&file, "dear diary ".repeat(1000)).unwrap();
        assert!(problems(&test.examine(Mode::Report).await).contains("file is not a database"));
        std::fs::remove_file(&file).unwrap();
        if name != "accounts.db" {
            assert!(problems(&test.examine(Mode::Report).await).contains("is missing."));
            assert!(!file.exists(), "a report creates nothing");
        }
    }
}

#[tokio::test]
async fn a_report_runs_beside_a_server_and_a_repair_does_not() {
    let test = TestData::new().await;
    let server = DataDir::open_for_server(test.data()).await.unwrap();
    // A server may be about to write the row.
    let library = test.library().await;
    image_files::save(&library, b"a new image".to_vec()).await.unwrap();
    let checkup = examine(test.data(), Mode::Report, Timestamp::now(), &|_| {}).await.unwrap();
    assert_eq!(problems(&checkup), "");
    let refused = examine(test.data(), Mode::Repair, later(), &|_| {}).await.unwrap_err();
    assert!(refused.to_string().contains("Stop it first"), "{refused}");
    library.close().await;
    drop(server);
    assert!(problems(&test.examine(Mode::Repair).await).contains("1 image file belongs to no article"));
}

fn run(data: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    let output = command.env_clear().env("BROADSHEET_DATA", data).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn the_command_says_what_it_found_and_its_exit_code_whether_a_problem_remains() {
    let test = TestData::new().await;
    let (code, output) = run(test.data(), &["doctor"]);
    assert_eq!(
        (code, output.as_str()),
        (0, "Checked 1 library, 30 articles, 1 image and 2 original pages. Everything is sound.\n")
    );
    test.execute("DELETE FROM article_count").await;
    let (code, output) = run(test.data(), &["doctor"]);
    assert_eq!(code, 1);
    assert!(output.contains("counts are wrong. With --repair: All articles are counted again.\n"), "{output}");
    assert!(output.contains("1 can be repaired: stop the server and run broadsheet doctor --repair.\n"), "{output}");
    let (code, output) = run(test.data(), &["doctor", "--repair"]);
    assert!(code == 0 && output.contains("Repaired: All articles are counted again.\n"), "{output}");
    assert_eq!(run(test.data(), &["doctor"]).0, 0);
    let nowhere = test.data().join("nowhere");
    let (code, output) = run(&nowhere, &["doctor"]);
    assert!(code == 1 && output.contains("Nothing to check in") && !nowhere.exists(), "{output}");
}
