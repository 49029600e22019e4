//! What searches cost, and that each is stopped when it takes too long. Work is counted, not time: SQLite reports its
//! steps, and full-text search takes some for each page of the index that it reads.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/sample_library.rs"]
mod sample_library;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::search::{self, Matches, Query};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};

/// Enough articles for words that fill several pages of the index.
const ARTICLES: u64 = 2000;

async fn library_with_articles(folder: &Path) -> Library {
    let library = Library::open(folder, 1).await.unwrap();
    sample_library::fill(&library, ARTICLES).await;
    library
}

/// A connection that counts its steps.
async fn counting_connection(folder: &Path) -> (SqliteConnection, Arc<AtomicU64>) {
    let mut connection = SqliteConnectOptions::new().filename(folder.join("library.db")).connect().await.unwrap();
    let steps = Arc::new(AtomicU64::new(0));
    let counted = steps.clone();
    connection.lock_handle().await.unwrap().set_progress_handler(1, move || {
        counted.fetch_add(1, Ordering::Relaxed);
        true
    });
    (connection, steps)
}

#[tokio::test]
async fn no_search_costs_much_more_than_one_for_a_few_common_words() {
    let folder = tempfile::tempdir().unwrap();
    let library = library_with_articles(folder.path()).await;
    library.close().await;
    let (mut connection, steps) = counting_connection(folder.path()).await;
    let mut cost = async |typed: &str| {
        let query = Query::parse(typed).unwrap();
        steps.store(0, Ordering::Relaxed);
        let found = "SELECT count(*) FROM (SELECT rowid FROM article_search WHERE article_search MATCH ?1
             ORDER BY rowid DESC LIMIT 1000)";
        let count: i64 = sqlx::query_scalar(found).bind(query.as_fts5()).fetch_one(&mut connection).await.unwrap();
        assert!(count >= 0);
        steps.load(Ordering::Relaxed)
    };
    let usual = cost("\"the harbour\" ferry council winter").await;
    let repeat = |word: &str, count: usize| vec![word; count].join(" ");
    for typed in [
        format!("\"{}\"", repeat("harbour", 200)),
        format!("\"{}", repeat("the harbour", 60)),
        repeat("harbour", 200).replace(' ', "→"),
        repeat("\"harbour the\"", 60),
        format!("ferry {}", repeat("-harbour", 60)),
        "t".to_owned(),
        "h".to_owned(),
        "it's t".to_owned(),
        "東".repeat(200),
        repeat("the", 5000),
    ] {
        let cost = cost(&typed).await;
        assert!(cost <= usual * 12, "{cost} steps, usually {usual}: {typed:.80}");
    }
}

#[tokio::test]
async fn a_search_that_takes_too_long_is_stopped_and_the_next_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let library = library_with_articles(folder.path()).await;
    let query = Query::parse("\"harbour ferry\" OR counc").unwrap();
    for _ in 0..5 {
        assert_eq!(search::find(&library, &query, Duration::ZERO).await.unwrap(), None);
        assert!(search::find(&library, &query, Duration::from_secs(600)).await.unwrap().is_some());
        assert_eq!(lists::list(&library, &Filter::default(), Position::START, 50).await.unwrap().cards.len(), 50);
    }
}

#[tokio::test]
async fn a_search_finds_the_newest_articles_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let library = library_with_articles(folder.path()).await;
    let find = async |typed: &str| {
        let query = Query::parse(typed).unwrap();
        let matches = search::find(&library, &query, search::MAX_TIME).await.unwrap();
        lists::count(&library, &Filter { matches, ..Filter::default() }).await.unwrap().0
    };
    assert_eq!(find("the").await, 1000);
    assert_eq!(find("nowhere").await, 0);
    assert_eq!(find("the -the").await, 0);
    assert!((1..1000).contains(&find("\"harbour ferry council\"").await));
    let nothing = Filter { matches: Some(Matches::none()), ..Filter::default() };
    assert_eq!(lists::count(&library, &nothing).await.unwrap().0, 0);
}

/// Whatever is typed, SQLite understands the query.
#[tokio::test(flavor = "multi_thread")]
async fn no_search_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    sample_library::fill(&library, 20).await;
    let typed = "(?s)([\"*()^:{}+\\-]| |\0|the|harbour|NEAR|OR|AND|NOT|title:|東京|ไทย|→|😀|é|\\PC|.){0,80}";
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) });
    let runtime = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        runner
            .run(&typed, |typed| {
                let Some(query) = Query::parse(&typed) else { return Ok(()) };
                let found = runtime.block_on(search::find(&library, &query, search::MAX_TIME));
                prop_assert!(matches!(found, Ok(Some(_))), "{found:?}: {}", query.as_fts5());
                Ok(())
            })
            .unwrap();
    });
}
