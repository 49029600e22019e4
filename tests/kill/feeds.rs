//! Kills the program a hundred times while it looks at feeds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection};

use crate::assert_databases_are_intact;
use crate::mock_web::{MockResponse, MockWeb};
use crate::sample_library::Random;
use crate::server_process::{ServerProcess, post, upload};

const KILLS: usize = 100;
const SEED: u64 = 0x2026_1201;

/// Feeds with an even number have their whole texts, the others have teasers alone.
const FEEDS: usize = 6;

/// Kills between one item and the next of each feed. They are in the middle of the first look as often as later.
const KILLS_PER_ITEM: usize = 4;

/// Items that each feed has from the start.
const FIRST_ITEMS: usize = 5;

fn text(feed: usize, item: usize) -> String {
    let things = ["ferry", "bridge", "harbour", "lantern", "lighthouse", "crane"];
    let sentences: Vec<String> = things
        .iter()
        .map(|thing| format!("Report {item} of paper {feed} says that the {thing} of town {feed}{item} was mended in {} days, which the council of that town calls a record.", item + 3))
        .collect();
    format!("<p>{}</p><p>{}</p>", sentences[..3].join(" "), sentences[3..].join(" "))
}

fn document(web: &MockWeb, feed: usize, items: usize) -> MockResponse {
    let mut xml = format!("<rss version='2.0'><channel><title>Paper {feed}</title><link>http://{}/</link>", web.addr);
    for item in (0..items).rev() {
        let text = if feed.is_multiple_of(2) { text(feed, item) } else { format!("Teaser {item}") };
        let text = text.replace('<', "&lt;");
        write!(
            xml,
            "<item><title>Report {item} of paper {feed}</title><guid>{feed}-{item}</guid>\
             <link>http://{}/{feed}/{item}</link><description>{text}</description></item>",
            web.addr
        )
        .unwrap();
    }
    MockResponse::new("application/rss+xml", xml + "</channel></rss>")
}

/// Puts the nth item of each feed, and all before it, on the web.
fn publish(web: &MockWeb, items: usize) {
    for feed in 0..FEEDS {
        for item in items.saturating_sub(FIRST_ITEMS)..items {
            let page = format!(
                "<html lang=en><title>Report {item} of paper {feed}</title><article><h1>Report {item} of paper {feed}</h1>{}</article>",
                text(feed, item)
            );
            web.serve(&format!("{}/{feed}/{item}", web.addr), MockResponse::html(page));
        }
        web.serve(&format!("{}/feed/{feed}", web.addr), document(web, feed, items));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_kills_neither_lose_nor_double_an_item_of_a_feed() {
    println!("seed {SEED:#x}");
    let web = MockWeb::start().await;
    publish(&web, FIRST_ITEMS);
    let folder = tempfile::tempdir().unwrap();
    let allowed = [("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())];
    let mut numbers = Random(SEED);
    let mut program = ServerProcess::start(folder.path(), &allowed);
    let list: Vec<String> = (0..FEEDS).map(|feed| format!("http://{}/feed/{feed}", web.addr)).collect();
    assert_eq!(upload(program.address, "/feeds/list", "feeds.txt", &list.join("\n")).unwrap().status, 200);
    let mut items = FIRST_ITEMS;
    for kill in 0..KILLS {
        if kill % KILLS_PER_ITEM == KILLS_PER_ITEM - 1 {
            items += 1;
            publish(&web, items);
        }
        // What is not due by itself is due because the reader says so.
        assert_eq!(post(program.address, "/feeds/refresh", &[]).unwrap().status, 303);
        std::thread::sleep(Duration::from_micros(numbers.below(150_000)));
        program.kill();
        program = ServerProcess::start(folder.path(), &allowed);
    }
    assert_eq!(post(program.address, "/feeds/refresh", &[]).unwrap().status, 303);
    let arrived = wait_for_items(folder.path(), FEEDS * items).await;
    program.kill();
    let expected: BTreeMap<String, String> = (0..FEEDS)
        .flat_map(|feed| (0..items).map(move |item| (feed, item)))
        .map(|(feed, item)| (format!("{feed}-{item}"), format!("Report {item} of paper {feed}")))
        .collect();
    let found: BTreeMap<String, String> = arrived.iter().cloned().collect();
    assert_eq!(arrived.len(), expected.len(), "an item is there twice");
    assert_eq!(found, expected);
    assert_eq!(count_articles(folder.path()).await, FEEDS * items, "an article is there twice, or without its item");
    assert_databases_are_intact(folder.path()).await;
}

/// Waits until so many items have their articles. Returns the guid and the title of each.
async fn wait_for_items(data: &Path, count: usize) -> Vec<(String, String)> {
    let options = SqliteConnectOptions::new().filename(data.join("libraries/1/library.db")).read_only(true);
    let mut database = options.connect().await.unwrap();
    let began = Instant::now();
    loop {
        let items = "SELECT i.guid, a.title FROM feed_item i JOIN article a ON a.id = i.article_id ORDER BY i.id";
        let rows = sqlx::query(items).fetch_all(&mut database).await.unwrap();
        let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM import WHERE state IN ('waiting', 'running')")
            .fetch_one(&mut database)
            .await
            .unwrap();
        if rows.len() >= count && waiting == 0 {
            return rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        }
        if began.elapsed() > Duration::from_secs(60) {
            let missing = describe_missing(&mut database).await;
            panic!("{} of {count} items are there, {waiting} imports wait: {missing:#?}", rows.len());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Describes the items without an article, and the feeds.
async fn describe_missing(database: &mut SqliteConnection) -> Vec<String> {
    let items = "SELECT 'item ' || i.guid || ' import ' || coalesce(m.id || ' ' || m.state || ' ' || coalesce(m.error_message, '')
                        || ' attempts ' || m.attempts || ' next ' || coalesce(m.next_attempt_at, ''), '-') || ' skipped ' || i.is_skipped
                 FROM feed_item i LEFT JOIN import m ON m.id = i.import_id WHERE i.article_id IS NULL
                 UNION ALL SELECT 'feed ' || url || ' items ' || (SELECT count(*) FROM feed_item i WHERE i.feed_id = f.id)
                        || ' next ' || coalesce(next_look_at, '-') || ' looked ' || coalesce(looked_at, '-') || ' error ' || coalesce(error_message, '-')
                        || ' asked ' || coalesce(refresh_asked_at, '-')
                 FROM feed f";
    sqlx::query_scalar(items).fetch_all(database).await.unwrap()
}

/// Counts articles, except the welcome article.
async fn count_articles(data: &Path) -> usize {
    let options = SqliteConnectOptions::new().filename(data.join("libraries/1/library.db")).read_only(true);
    let mut database = options.connect().await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM article WHERE url IS NOT NULL")
        .fetch_one(&mut database)
        .await
        .unwrap();
    usize::try_from(count).unwrap()
}
