//! No page scans a whole table: SQLite explains every statement of the program against the real schema. The statements
//! come from `.sqlx`, which the build keeps complete.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

use broadsheet::storage::database::Database;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _, SqliteConnection};

/// Statements that may scan, by their first words: they belong to a job or a command, never to a page, or follow an
/// index that holds only matching rows.
const SCANS_ALLOWED: &[(&str, &str)] = &[
    ("SELECT coalesce(sum(length(content)), 0)", "disk usage of snapshots, for the command line"),
    ("DELETE FROM image WHERE hash IN", "cleanup, 500 rows at a time"),
    ("UPDATE article_previous_version SET replaced_at = ?1", "cleanup after a wrong clock, 500 rows at a time"),
    ("UPDATE operation SET expires_at = ?1", "cleanup after a wrong clock, of some hundred rows"),
    ("SELECT id, domain FROM source WHERE name = domain", "along an index of those alone"),
    ("SELECT id AS \"id!\" FROM source WHERE merged_into IS NULL", "some thousand short rows, only for `site:`"),
    ("SELECT day FROM edition ORDER BY day DESC LIMIT 1", "one row, along the key"),
    ("SELECT id FROM operation WHERE finished_at IS NULL", "along an index of those alone"),
];

/// Tables so small that a scan is right.
const SMALL_TABLES: &[&str] = &[
    "topic",
    "t",
    "m",
    "o",
    "n",
    "article_count",
    "learned_topic",
    "l",
    "person",
    "image_total",
    "rule_job",
    "sqlite_sequence",
    // Feeds that are followed, and their folders: some hundred, where a page or a refresh is about all of them.
    "feed",
    "f",
    "folder",
    "d",
];

/// Words in the plan that introduce a subquery; lines about the subquery itself say how it is read.
const SUBQUERY_STEPS: [&str; 2] = ["CO-ROUTINE", "MATERIALIZE"];

async fn create_database(folder: &Path, migrations: &str) -> SqliteConnection {
    let migrator =
        Migrator::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(migrations)).await.unwrap();
    let file = folder.join(format!("{migrations}.db"));
    Database::open(&file, &migrator).await.unwrap().close().await;
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

fn load_statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    files
        .map(|text| serde_json::from_str::<serde_json::Value>(&text).unwrap()["query"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the lines of the plan that scan a table which may be large.
async fn find_scans(database: &mut SqliteConnection, statement: &str) -> Result<Vec<String>, sqlx::Error> {
    let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"))).fetch_all(database).await?;
    let lines: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
    let subqueries: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.split_once(' '))
        .filter(|(word, _)| SUBQUERY_STEPS.contains(word))
        .map(|(_, name)| name)
        .collect();
    Ok(lines
        .iter()
        .filter(|line| {
            let mut words = line.split_whitespace();
            let is_scan = words.next() == Some("SCAN");
            let table = words.next().unwrap_or_default();
            is_scan
                && !SMALL_TABLES.contains(&table)
                && !subqueries.contains(&table)
                && !table.starts_with('(')
                && table != "CONSTANT"
                && !line.contains("VIRTUAL TABLE")
        })
        .cloned()
        .collect())
}

#[tokio::test]
async fn no_statement_scans_a_large_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut databases = [
        create_database(folder.path(), "library").await,
        create_database(folder.path(), "snapshots").await,
        create_database(folder.path(), "accounts").await,
    ];
    let statements = load_statements();
    assert!(statements.len() > 40, ".sqlx has the statements");
    let mut problems = Vec::new();
    for statement in &statements {
        let mut is_explained = false;
        for database in &mut databases {
            let Ok(scans) = find_scans(database, statement).await else { continue };
            is_explained = true;
            if !scans.is_empty() && !SCANS_ALLOWED.iter().any(|(start, _)| statement.trim_start().starts_with(start)) {
                problems.push(format!("{scans:?}\n  {statement}"));
            }
        }
        assert!(is_explained, "fits no schema: {statement}");
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[tokio::test]
async fn no_list_needs_a_sort() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = create_database(folder.path(), "library").await;
    let lists: Vec<String> = load_statements()
        .into_iter()
        .filter(|statement| {
            statement.contains("LIMIT +?12") && statement.contains("ORDER BY") && !statement.contains("json_each(?11)")
        })
        // By another key than the date, the articles of a tag, feed or folder are sorted: its index is by date alone.
        .filter(|statement| {
            !["article_tag g", "article_feed g", "article_folder g"].iter().any(|table| statement.contains(table))
                || statement.contains("ORDER BY g.sorted_at")
        })
        .collect();
    assert!(lists.len() >= 7 * 2 + 2 * 4, "one per access path and direction, and by other keys");
    for statement in lists {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
            .fetch_all(&mut library)
            .await
            .unwrap();
        let details: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        assert!(!details.iter().any(|line| line.contains("TEMP B-TREE")), "{details:#?}\n{statement}");
    }
}

/// SQLite plans a statement again each time if a bare parameter in LIMIT is bound. Behind a `+` it does not look at the
/// value.
#[test]
fn no_limit_is_a_bare_parameter() {
    let bare: Vec<String> = load_statements().into_iter().filter(|statement| statement.contains("LIMIT ?")).collect();
    assert!(bare.is_empty(), "{}", bare.join("\n\n"));
}
