//! What was kept by an older Broadsheet is there after an update: newer migrations on rows that older ones made.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

use broadsheet::ingest::intake;
use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::articles::versions;
use broadsheet::library::articles::{self, lists};
use broadsheet::library::imports::{self, Accepted, Before, State};
use broadsheet::library::rules::{self, New, Tried};
use broadsheet::library::snapshots::{self, Form};
use broadsheet::storage::database::Database;
use extract::Verdict;
use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;

/// A database as it was when these migrations were the newest, with these rows.
async fn older(folder: &Path, kind: &str, newest: i64, rows: &str) {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
    let some = folder.join(format!("{kind}-migrations"));
    std::fs::create_dir(&some).unwrap();
    for file in std::fs::read_dir(all).unwrap().map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if name[..4].parse::<i64>().unwrap() <= newest {
            std::fs::copy(&file, some.join(name)).unwrap();
        }
    }
    let migrator = Migrator::new(some).await.unwrap();
    let database = Database::open(&folder.join(format!("{kind}.db")), &migrator).await.unwrap();
    let mut write = database.write().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(rows.to_owned())).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    database.close().await;
}

const ARTICLE: &str = "
    INSERT INTO source (id, domain, name) VALUES (1, 'harbour.example', 'The Harbour Post');
    INSERT INTO article (id, address, source_id, topic, topic_choice, title, excerpt, published_at, received_at, sorted_at,
                         word_count, snapshot_id)
        VALUES (7, 'https://harbour.example/7', 1, 'politics', '{}', 'The ferry', 'It was late.', 1700000000, 1700000001,
                1700000000, 3, 1);
    INSERT INTO article_text (article_id, body, plain, removed) VALUES (7, '<p>It was late.</p>', 'It was late.', '[]');
    INSERT INTO article_search (rowid, title, plain) VALUES (7, 'The ferry', 'It was late.');";

#[tokio::test]
async fn an_article_from_before_verdicts_is_an_article_without_a_text_before() {
    let folder = tempfile::tempdir().unwrap();
    older(folder.path(), "library", 3, ARTICLE).await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let article = articles::find(&library, 7).await.unwrap().unwrap();
    assert_eq!((article.title.as_str(), article.verdict, article.verdict_kept), ("The ferry", Verdict::Article, false));
    assert_eq!((article.published_day, article.rest, article.has_before), (None, None, false));
    let mut content = versions::current(&library, 7).await.unwrap().unwrap();
    content.title = "The late ferry".into();
    assert!(versions::replace(&library, 7, &content, article.received).await.unwrap());
    assert_eq!(versions::before(&library, 7).await.unwrap().unwrap().content.title, "The ferry");
}

#[tokio::test]
async fn a_page_from_before_further_pages_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: String =
        zstd::encode_all(&b"<p>It was late."[..], 3).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let row = format!("INSERT INTO snapshot (id, form, bytes, size, stored_at) VALUES (1, 'html', x'{bytes}', 15, 1);");
    older(folder.path(), "pages", 1, &row).await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let page = snapshots::load(&library, 1).await.unwrap().unwrap();
    assert_eq!((page.form, page.bytes.as_slice()), (Form::Html, &b"<p>It was late."[..]));
    assert!(snapshots::parts(&library, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn imports_from_before_they_could_begin_anew_do_so() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "
        INSERT INTO import (address, address_key, state, already, article_id, accepted_at, changed_at)
            VALUES ('https://harbour.example/7', 'harbour.example/7', 'done', 1, 7, 1, 1),
                   ('https://harbour.example/8', 'harbour.example/8', 'failed', 0, NULL, 1, 1),
                   ('https://harbour.example/8', 'harbour.example/8', 'failed', 0, NULL, 1, 1);";
    older(folder.path(), "library", 5, &format!("{ARTICLE}{rows}")).await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let done = imports::find(&library, 1).await.unwrap().unwrap();
    assert!(matches!(done.state, State::Done { before: Before::Here, article: Some(7), .. }), "{done:?}");
    let again = intake::address("https://harbour.example/8").unwrap();
    let accepted = intake::hand_in(&library, &[again], done.accepted).await.unwrap();
    assert_eq!(accepted, [Accepted::New(3)]);
    assert_eq!(imports::failed_count(&library).await.unwrap(), 1);
}

#[tokio::test]
async fn a_rule_from_before_rules_of_one_article_is_for_all_of_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let row = "INSERT INTO rule (id, source_id, selector, reason, changed, tried, made_at)
                   VALUES (3, 1, '.promo', 'promotion', 2, 10, 1700000000);";
    older(folder.path(), "library", 6, &format!("{ARTICLE}{row}")).await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let kept = rules::find(&library, "harbour.example", 3).await.unwrap().unwrap();
    assert_eq!((kept.rule.selector.to_string().as_str(), kept.only, kept.changed), (".promo", None, 2));
    assert_eq!(rules::of_article(&library, 7).await.unwrap(), [kept.rule]);
}

#[tokio::test]
async fn the_number_of_a_rule_that_was_removed_before_does_not_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "INSERT INTO rule (id, source_id, selector, reason, changed, tried, made_at)
                    VALUES (3, 1, '.promo', 'promotion', 2, 10, 1700000000), (7, 1, '.note', NULL, 2, 10, 1700000000);
                DELETE FROM rule WHERE id = 7;";
    older(folder.path(), "library", 6, &format!("{ARTICLE}{rows}")).await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let kept = rules::find(&library, "harbour.example", 3).await.unwrap().unwrap();
    let new = New { rule: kept.rule, only: Some(7) };
    let made = rules::put(&library, "harbour.example", &new, Tried::default(), kept.made).await.unwrap();
    assert_eq!(made, Some(8));
}

#[tokio::test]
async fn what_was_starred_and_archived_before_is_among_the_starred() {
    let folder = tempfile::tempdir().unwrap();
    let marks = "UPDATE article SET starred_at = 1700000002, archived_at = 1700000003 WHERE id = 7;";
    older(folder.path(), "library", 7, &format!("{ARTICLE}{marks}")).await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    let starred = Filter { starred: true, ..Filter::default() };
    let page = lists::list(&library, &starred, Position::START, 9).await.unwrap();
    assert_eq!(page.cards.iter().map(|card| card.id).collect::<Vec<_>>(), [7]);
}
