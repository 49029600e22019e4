//! Migrations keep the rows of older versions: each is applied to sample rows of every table. A new migration needs
//! sample rows of its own, for the next one.
#![allow(clippy::unwrap_used, missing_docs)]

mod samples;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use broadsheet::accounts::Accounts;
use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Count, Filter, Position};
use broadsheet::library::articles::{self, versions};
use broadsheet::library::imports::{self, ImportOutcome, ImportState};
use broadsheet::library::lanes::{self, Lane};
use broadsheet::library::snapshots::{self, SnapshotFormat};
use broadsheet::library::{images, rules, search, tags, topics};
use broadsheet::storage::database::Database;
use extract::Verdict;
use jiff::Timestamp;
use samples::{Sample, samples};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

fn migrations(schema: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(schema)
}

fn version(file: &Path) -> i64 {
    file.file_name().unwrap().to_str().unwrap()[..4].parse().unwrap()
}

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

/// Creates a database with the sample's migration as the newest, and the sample's rows.
async fn create_sample_database(folder: &Path, sample: &Sample) -> Contents {
    let applied = folder.join(format!("{}-migrations", sample.schema));
    std::fs::create_dir(&applied).unwrap();
    for file in std::fs::read_dir(migrations(sample.schema)).unwrap().map(|file| file.unwrap().path()) {
        if version(&file) <= sample.version {
            std::fs::copy(&file, applied.join(file.file_name().unwrap())).unwrap();
        }
    }
    let migrator = Migrator::new(applied).await.unwrap();
    let file = folder.join(format!("{}.db", sample.schema));
    Database::open(&file, &migrator).await.unwrap().close().await;
    let mut connection = connect(&file).await;
    sqlx::raw_sql(AssertSqlSafe(sample.rows.clone())).execute(&mut connection).await.unwrap();
    let contents = read_contents(&mut connection).await;
    connection.close().await.unwrap();
    contents
}

/// The sorted values of each column of each table.
type Contents = BTreeMap<String, BTreeMap<String, Vec<String>>>;

async fn read_contents(connection: &mut SqliteConnection) -> Contents {
    let tables: Vec<String> = sqlx::query_scalar(
        r"SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_sqlx_migrations'
          AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'article\_search%' ESCAPE '\'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut contents = Contents::new();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?1)")
            .bind(&table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        for column in columns {
            let select = format!(r#"SELECT quote("{column}") FROM "{table}" ORDER BY 1"#);
            let values = sqlx::query_scalar(AssertSqlSafe(select)).fetch_all(&mut *connection).await.unwrap();
            contents.entry(table.clone()).or_default().insert(column, values);
        }
    }
    contents
}

#[test]
fn every_migration_has_sample_rows() {
    for schema in ["accounts", "library", "snapshots"] {
        let files = std::fs::read_dir(migrations(schema)).unwrap().map(|file| version(&file.unwrap().path()));
        let mut versions: Vec<i64> = files.collect();
        versions.sort_unstable();
        let samples: Vec<i64> =
            samples().iter().filter(|sample| sample.schema == schema).map(|sample| sample.version).collect();
        assert_eq!(samples, versions, "{schema}");
    }
}

/// Columns that a later migration renames or drops are not compared; that needs a test of its own.
#[tokio::test]
async fn migrations_keep_the_rows_of_every_table() {
    for sample in samples() {
        let folder = tempfile::tempdir().unwrap();
        let schema = sample.schema;
        let before = create_sample_database(folder.path(), &sample).await;
        let migrator = Migrator::new(migrations(schema)).await.unwrap();
        let file = folder.path().join(format!("{schema}.db"));
        Database::open(&file, &migrator).await.unwrap().close().await;
        let mut connection = connect(&file).await;
        let after = read_contents(&mut connection).await;
        let mut compared = 0;
        for (table, columns) in &before {
            for (column, values) in columns {
                assert!(!values.is_empty(), "{schema} {} has no row for {table}", sample.version);
                if let Some(now) = after.get(table).and_then(|columns| columns.get(column)) {
                    assert_eq!(now, values, "{schema} {}: {table}.{column}", sample.version);
                    compared += 1;
                }
            }
        }
        assert!(compared > 0, "{schema}");
        let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.unwrap();
        assert!(dangling.is_empty(), "{schema}");
    }
}

/// Returns a data folder of the oldest version with the sample rows.
async fn create_data_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for sample in samples().iter().filter(|sample| sample.version == 1) {
        create_sample_database(folder.path(), sample).await;
    }
    folder
}

#[tokio::test]
async fn older_articles_are_readable() {
    let folder = create_data_folder().await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let article = articles::find(&library, 7).await.unwrap().unwrap();
    assert_eq!((article.title.as_str(), article.topic_name.as_str()), ("The late ferry", "Ferries"));
    assert_eq!(
        (article.verdict, article.is_notice_dismissed, article.has_previous_version),
        (Verdict::Video, true, true)
    );
    assert_eq!(article.published_date.unwrap().to_string(), "2023-11-14");
    assert_eq!(article.next_page.unwrap().error_message.as_deref(), Some("It does not answer."));
    assert_eq!((article.html.as_str(), article.has_snapshot), ("<p>It was late.</p>", true));
    let previous = versions::load_previous(&library, 7).await.unwrap().unwrap();
    assert_eq!((previous.content.title.as_str(), previous.is_rejected), ("The ferry", false));
    assert_eq!(previous.content.lead_image.unwrap().description, "A ferry");
    assert_eq!(tags::list_for_article(&library, 7).await.unwrap()[0].name, "Sea");
    let counts = topics::article_counts(&library).await.unwrap();
    assert_eq!((counts.articles, counts.unread, counts.starred), (1, 1, 1));
    let starred = Filter { tag_id: Some(1), topic: Some("ferries".into()), starred: true, ..Filter::default() };
    assert_eq!(lists::count(&library, &starred).await.unwrap(), Count::exact(1));
    assert_eq!(article.lane, Lane::Kept, "before there were feeds, all was kept");
    assert!(!lanes::find(&library).await.unwrap().has_stream);
    while search::index_next(&library, 10).await.unwrap() {}
    assert!(!search::is_indexing(&library).await.unwrap());
    let setting = query::Setting { today: jiff::civil::date(2026, 12, 1), time_zone: jiff::tz::TimeZone::UTC };
    let meaning = broadsheet::library::query_names::understand(&library, &query::Typed::parse("\"ferry\""), &setting)
        .await
        .unwrap();
    let matches = search::find(&library, &meaning.condition.unwrap(), search::MAX_TIME).await.unwrap();
    let words = Filter { matches, ..Filter::default() };
    let found = lists::list(&library, &words, Position::START, 9).await.unwrap();
    assert_eq!(found.cards.iter().map(|card| (card.id, card.starred)).collect::<Vec<_>>(), [(7, true)]);
    assert_eq!(images::total_size(&library).await.unwrap(), 17);
    let due = images::find_due(&library, Timestamp::from_second(1_700_000_009).unwrap(), 9).await.unwrap();
    assert_eq!((due.len(), due[0].attempts), (1, 1));
    assert_eq!(due[0].page_url.as_deref(), Some("https://harbour.example/7"));
}

#[tokio::test]
async fn what_was_made_of_words_folded_otherwise_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let sample = samples().into_iter().find(|sample| (sample.schema, sample.version) == ("library", 24)).unwrap();
    create_sample_database(folder.path(), &sample).await;
    let migrator = Migrator::new(migrations("library")).await.unwrap();
    let file = folder.path().join("library.db");
    Database::open(&file, &migrator).await.unwrap().close().await;
    let mut connection = connect(&file).await;
    for (query, expected) in [
        (
            "SELECT group_concat(kind || ' ' || slug, ', ') FROM stale_key",
            "tag sea, alias ocean, declined late, never night",
        ),
        ("SELECT CAST(count(*) AS TEXT) FROM article_search", "0"),
        ("SELECT s.before_article_id || ' ' || p.before_article_id FROM search_index_job s, phrase_job p", "8 8"),
        ("SELECT group_concat(article_id) FROM learning_queue", "7"),
    ] {
        let found: String = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test]
async fn older_imports_and_rules_are_readable() {
    let folder = create_data_folder().await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let done = imports::find(&library, 1).await.unwrap().unwrap();
    assert!(
        matches!(done.state, ImportState::Done { outcome: ImportOutcome::Restored, article_id: Some(7), .. }),
        "{done:?}"
    );
    let failed = imports::find(&library, 2).await.unwrap().unwrap();
    assert_eq!((failed.file_name.as_deref(), failed.snapshot_id, failed.attempts), (Some("ferry.html"), Some(2), 3));
    assert!(matches!(failed.state, ImportState::Failed { code, .. } if code == "empty"));
    let rule = rules::find(&library, "harbour.example", 3).await.unwrap().unwrap();
    assert_eq!((rule.rule.selector.to_string().as_str(), rule.article_id, rule.articles_changed), (".promo", None, 2));
    assert_eq!(rules::next_job(&library).await.unwrap().unwrap().before_article_id, 7);
    let new = rules::NewRule { rule: rule.rule, article_id: Some(7), replaces_id: None };
    let id = rules::save_for_article(&library, "harbour.example", &new, None, rule.created_at).await.unwrap();
    assert_eq!(id, Some(6), "ids of deleted rules are not reused");
}

#[tokio::test]
async fn older_snapshots_and_accounts_are_readable() {
    let folder = create_data_folder().await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let page = snapshots::load(&library, 1).await.unwrap().unwrap();
    assert_eq!((page.format, page.bytes.as_slice()), (SnapshotFormat::Html, &b"<p>It was late."[..]));
    assert_eq!(snapshots::load(&library, 2).await.unwrap().unwrap().format, SnapshotFormat::Text);
    assert_eq!(snapshots::load_further_pages(&library, 1).await.unwrap().len(), 1);
    let accounts = Accounts::open(folder.path()).await.unwrap();
    assert!(accounts.has_accounts(Timestamp::UNIX_EPOCH).await.unwrap());
}
