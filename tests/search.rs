//! What searches cost, and that each is stopped when it takes too long. Work is counted, not time: SQLite reports its
//! steps, and full-text search takes some for each page of the index that it reads.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/sample_library.rs"]
mod sample_library;
#[path = "support/searching.rs"]
mod searching;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::search::{self, Matches};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use unicode_normalization::UnicodeNormalization as _;

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
    let (mut connection, steps) = counting_connection(folder.path()).await;
    let mut cost = async |typed: &str| {
        let fts = search::to_fts5(&searching::understand(&library, typed).await.unwrap()).unwrap();
        steps.store(0, Ordering::Relaxed);
        let found = "SELECT count(*) FROM (SELECT rowid FROM article_search WHERE article_search MATCH ?1
             ORDER BY rowid DESC LIMIT 1000)";
        let count: i64 = sqlx::query_scalar(found).bind(fts).fetch_one(&mut connection).await.unwrap();
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
    let query = searching::understand(&library, "\"harbour ferry\" OR counc*").await.unwrap();
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
        let matches = searching::find(&library, typed).await;
        lists::count(&library, &Filter { matches, ..Filter::default() }).await.unwrap().articles
    };
    assert_eq!(find("the").await, 1000);
    assert_eq!(find("nowhere").await, 0);
    assert_eq!(find("the -the").await, 0);
    assert!((1..1000).contains(&find("\"harbour ferry council\"").await));
    let nothing = Filter { matches: Some(Matches::none()), ..Filter::default() };
    assert_eq!(lists::count(&library, &nothing).await.unwrap().articles, 0);
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
                let Some(query) = runtime.block_on(searching::understand(&library, &typed)) else { return Ok(()) };
                let found = runtime.block_on(search::find(&library, &query, search::MAX_TIME));
                prop_assert!(matches!(found, Ok(Some(_))), "{found:?}: {query:?}");
                Ok(())
            })
            .unwrap();
    });
}

/// Adds articles with these titles and the same text, newest first. Returns the ids in order.
async fn add_articles(library: &Library, titles: &[&str]) -> Vec<i64> {
    let mut ids = Vec::new();
    for (n, title) in (0..).zip(titles) {
        let mut new = sample_library::article(n, &mut sample_library::Random(7));
        new.content.title = (*title).to_owned();
        ids.push(broadsheet::library::articles::add(library, &new).await.unwrap().id());
    }
    ids
}

async fn find_ids(library: &Library, typed: &str) -> Vec<i64> {
    let Some(matches) = searching::find(library, typed).await else { return Vec::new() };
    let matches = Some(matches);
    let filter = Filter { matches, ..Filter::default() };
    lists::list(library, &filter, Position::START, 200).await.unwrap().cards.iter().map(|card| card.id).collect()
}

#[tokio::test]
async fn a_headline_typed_as_it_is_written_finds_its_article() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let headlines: Vec<&str> = include_str!("support/headlines.txt").lines().collect();
    let ids = add_articles(&library, &headlines).await;
    for (headline, id) in headlines.iter().zip(ids) {
        let words: Vec<&str> = headline.split_whitespace().collect();
        let typed = [
            (*headline).to_owned(),
            headline.to_lowercase(),
            headline.to_uppercase(),
            headline.nfd().collect(),
            headline.nfc().collect(),
            format!("  {headline}\u{200b} "),
            words.iter().rev().copied().collect::<Vec<_>>().join(" "),
            words[..words.len().div_ceil(2)].join(" "),
        ];
        // The reverse of a headline with quotation marks has other phrases.
        for typed in typed.iter().filter(|typed| !headline.contains('"') || typed.contains("12\"")) {
            assert!(find_ids(&library, typed).await.contains(&id), "{typed}");
        }
    }
}

#[tokio::test]
async fn accents_ligatures_and_scripts_without_spaces_are_found_as_readers_type_them() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let cases = [
        ("Ёжик в тумане", "ежик"),
        ("Ежик в тумане", "ёжик"),
        ("Gdańsk i Wrocław", "gdansk wroclaw"),
        ("Vier Füße", "fusse"),
        ("Άνεμος στο Αιγαίο", "ανεμος αιγαιο"),
        ("Ærøskøbing", "aeroskobing"),
        ("Aﬄuent ﬁshers", "affluent fishers"),
        ("大阪湾の新しい橋", "新しい"),
        ("大阪湾の新しい橋", "橋"),
        ("大阪湾の新しい橋", "湾"),
        ("新型iPad発表", "ipad発表"),
        ("ท่าเรือใหม่เปิดแล้ว", "ใหม่"),
        ("3 € für das Ticket", "€"),
        ("Der 🚲 kommt", "🚲"),
        ("हिन्दी समाचार", "समाचार"),
        ("محمّد في الميناء", "محمد"),
    ];
    let ids = add_articles(&library, &cases.map(|(title, _)| title)).await;
    for ((title, typed), id) in cases.iter().zip(ids) {
        assert!(find_ids(&library, typed).await.contains(&id), "{typed} in {title}");
    }
}

#[tokio::test]
async fn a_phrase_can_be_excluded() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let ids =
        add_articles(&library, &["Zebra crossing at the new lock", "Zebra at the lock", "東京のシマウマ zebra"]).await;
    assert_eq!(find_ids(&library, "zebra -\"new lock\"").await, [ids[1], ids[2]]);
    assert_eq!(find_ids(&library, "-\"new lock\" zebra -\"シマウマ\"").await, [ids[1]]);
    assert_eq!(find_ids(&library, "zebra -東京").await, [ids[0], ids[1]]);
}

#[tokio::test]
async fn what_is_shown_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let mut new = sample_library::article(1, &mut sample_library::Random(7));
    new.content.html = extract::sanitize_html(
        "<p>Text.</p><figure><img src=http://a.example/b.png alt=''><figcaption>Photograph: Quillon</figcaption></figure>\
         <table><tr><td>Tonnage<td>4711</table><p>Price &lt; 3 &amp; up</p>",
        None,
    );
    new.content.text = "Text.".into();
    let id = broadsheet::library::articles::add(&library, &new).await.unwrap().id();
    for typed in ["quillon", "tonnage 4711", "\"tonnage 4711\"", "price 3"] {
        assert_eq!(find_ids(&library, typed).await, [id], "{typed}");
    }
}

#[tokio::test]
async fn an_index_of_an_older_version_is_renewed_from_the_newest_article_on() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let ids = add_articles(&library, &["Zebra one", "Zebra two", "Zebra three"]).await;
    let mut connection =
        SqliteConnectOptions::new().filename(folder.path().join("library.db")).connect().await.unwrap();
    let emptied = "INSERT INTO article_search (article_search) VALUES ('delete-all');
                   INSERT INTO search_index_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article;";
    sqlx::raw_sql(emptied).execute(&mut connection).await.unwrap();
    assert!(search::is_indexing(&library).await.unwrap() && find_ids(&library, "zebra").await.is_empty());
    assert!(search::index_next(&library, 2).await.unwrap());
    assert_eq!(find_ids(&library, "zebra").await, ids[1..]);
    while search::index_next(&library, 2).await.unwrap() {}
    assert_eq!(find_ids(&library, "zebra").await, ids);
    assert!(!search::is_indexing(&library).await.unwrap());
}
