//! What the reader had done with an article elsewhere is kept here.

use broadsheet::accounts::AccessPolicy;
use broadsheet::app::App;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::ingest::intake::{self, AfterReceiving, receive_export};
use broadsheet::jobs;
use broadsheet::library::exports::{self, ExportState, LinkOutcome};
use broadsheet::library::imports;
use broadsheet::library::tags::{self, TagChanges};
use broadsheet::library::{Library, articles};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio_util::sync::CancellationToken;

use crate::export_fixtures::stored_page;
use crate::mock_web::{MockResponse, MockWeb};
use crate::{count, noon, read};

struct Env {
    web: MockWeb,
    app: App,
    library: Library,
    folder: tempfile::TempDir,
}

impl Env {
    async fn new() -> Self {
        let (web, folder) = (MockWeb::start().await, tempfile::tempdir().unwrap());
        let access = AccessPolicy::new("127.0.0.1:8080".parse().unwrap(), None).unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(web.addr)).unwrap();
        let app = App::open(folder.path(), access, fetcher, noon).await.unwrap();
        let library = app.libraries.get(1).await.unwrap();
        Self { web, app, library, folder }
    }

    /// Imports a file to its end.
    async fn import(&self, name: &str, bytes: impl Into<Vec<u8>>) -> i64 {
        let id = receive_export(&self.library, read(name, bytes), AfterReceiving::Import, noon()).await.unwrap();
        self.run_jobs().await;
        id
    }

    async fn run_jobs(&self) {
        let stop = CancellationToken::new();
        jobs::queue_exported_links(&self.app, &self.library, &stop).await.unwrap();
        jobs::process_imports(&self.app, &self.library, &stop).await.unwrap();
    }

    async fn article(&self, url: &str) -> articles::Article {
        let id = articles::find_by_url(&self.library, &url.parse().unwrap()).await.unwrap().expect("it is here");
        articles::find(&self.library, id).await.unwrap().unwrap()
    }

    async fn tags(&self, article: i64) -> Vec<String> {
        tags::list_for_article(&self.library, article).await.unwrap().into_iter().map(|tag| tag.name).collect()
    }

    /// Returns a number from the library's database.
    async fn number(&self, query: &'static str) -> i64 {
        let file = self.folder.path().join("libraries/1/library.db");
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
    }
}

fn page(subject: &str) -> MockResponse {
    MockResponse::html(format!(
        "<html lang=en><title>On {subject}</title><article><h1>On {subject}</h1>{}</article>",
        stored_page(subject)
    ))
}

const POCKET: &str = "title,url,time_added,tags,status\n\
    Ferry,http://harbour.example/ferry,1600000000,Sea|Late things,archive\n\
    Soup,http://harbour.example/soup,1610000000,,unread\n\
    Soup,http://harbour.example/soup,1610000001,Hot,archive\n\
    Gone,http://harbour.example/gone,1620000000,,unread\n\
    Bad,nowhere,1620000000,,unread\n";

#[tokio::test]
async fn tags_dates_and_states_are_on_the_new_articles() {
    let env = Env::new().await;
    env.web.serve("harbour.example/ferry", page("ferry"));
    env.web.serve("harbour.example/soup", page("soup"));
    env.web.serve("harbour.example/gone", MockResponse::status(404));
    let id = env.import("pocket.csv", POCKET).await;
    let ferry = env.article("http://harbour.example/ferry").await;
    assert!(ferry.state.archived && !ferry.state.starred);
    assert_eq!(env.tags(ferry.id).await, ["Late things", "Sea"]);
    let soup = env.article("http://harbour.example/soup").await;
    assert!(soup.state.archived, "the second line says so");
    assert_eq!(env.tags(soup.id).await, ["Hot"]);
    assert_eq!(env.number("SELECT saved_at FROM article WHERE url LIKE '%/soup'").await, 1_610_000_000);
    assert_eq!(env.number("SELECT sorted_at FROM article WHERE url LIKE '%/ferry'").await, 1_600_000_000);
    for (outcome, expected) in [
        (LinkOutcome::New, 2),
        (LinkOutcome::Repeated, 1),
        (LinkOutcome::Failed, 1),
        (LinkOutcome::Rejected, 1),
        (LinkOutcome::Queued, 0),
    ] {
        assert_eq!(count(&env.library, id, outcome).await, expected, "{outcome:?}");
    }
    let failed = exports::list_links(&env.library, id, LinkOutcome::Failed, (0, 9)).await.unwrap();
    assert!(failed[0].problem.as_deref().unwrap().contains("404") && failed[0].place == "line 5", "{failed:?}");
}

#[tokio::test]
async fn a_report_is_deleted_only_when_its_links_have_arrived() {
    let env = Env::new().await;
    env.web.serve("harbour.example/ferry", page("ferry"));
    env.web.serve("harbour.example/soup", page("soup"));
    let id = receive_export(&env.library, read("pocket.csv", POCKET), AfterReceiving::Import, noon()).await.unwrap();
    assert!(!exports::delete(&env.library, id).await.unwrap(), "it is being imported");
    jobs::queue_exported_links(&env.app, &env.library, &CancellationToken::new()).await.unwrap();
    assert!(count(&env.library, id, LinkOutcome::Queued).await > 0);
    assert!(!exports::delete(&env.library, id).await.unwrap(), "its links are in the queue");
    env.run_jobs().await;
    let ferry = env.article("http://harbour.example/ferry").await;
    assert_eq!(env.tags(ferry.id).await, ["Late things", "Sea"]);
    assert!(exports::delete(&env.library, id).await.unwrap());
    assert_eq!(env.tags(ferry.id).await, ["Late things", "Sea"], "the article keeps what it has");
}

#[tokio::test]
async fn an_article_that_is_here_gets_what_is_missing_and_loses_nothing() {
    let env = Env::new().await;
    env.web.serve("harbour.example/ferry", page("ferry"));
    let request = intake::read_url("http://harbour.example/ferry").unwrap();
    intake::enqueue(&env.library, &[request], noon()).await.unwrap();
    env.run_jobs().await;
    let ferry = env.article("http://harbour.example/ferry").await;
    let mine = TagChanges { added: vec!["Mine".to_owned()], ..TagChanges::default() };
    articles::set_topic_and_tags(&env.library, ferry.id, None, Some(&mine)).await.unwrap();
    let first = env.import("pocket.csv", POCKET).await;
    assert_eq!(count(&env.library, first, LinkOutcome::Existing).await, 1);
    assert_eq!(env.tags(ferry.id).await, ["Late things", "Mine", "Sea"]);
    assert!(env.article("http://harbour.example/ferry").await.state.archived);
    let articles_before = env.number("SELECT count(*) FROM article").await;
    let second = env.import("pocket.csv", POCKET).await;
    assert_eq!(count(&env.library, second, LinkOutcome::New).await, 0);
    assert_eq!(env.number("SELECT count(*) FROM article").await, articles_before);
}

#[tokio::test]
async fn the_page_that_came_along_is_used_where_the_page_is_gone() {
    let env = Env::new().await;
    env.web.serve("harbour.example/gone", MockResponse::status(410));
    env.web.serve("harbour.example/here", page("pier"));
    let item = |url: &str, subject: &str| {
        serde_json::json!({"url": url, "title": format!("On {subject}"), "is_archived": 0, "is_starred": 1, "tags": ["sea"],
            "content": stored_page(subject), "annotations": [{"quote": "The ferry", "text": "a note"}], "created_at": "2020-01-02T03:04:05+0100"})
    };
    let list = serde_json::json!([
        item("http://harbour.example/gone", "lanterns"),
        item("http://harbour.example/here", "buoys")
    ]);
    let id = env.import("wallabag.json", list.to_string()).await;
    assert_eq!(count(&env.library, id, LinkOutcome::New).await, 2);
    let gone = env.article("http://harbour.example/gone").await;
    assert!(gone.html.as_str().contains("report on lanterns") && gone.state.starred, "{}", gone.html.as_str());
    assert_eq!((gone.title.as_str(), gone.source_domain.as_str()), ("On lanterns", "harbour.example"));
    let here = env.article("http://harbour.example/here").await;
    assert!(here.html.as_str().contains("report on pier"), "the page itself is better");
    assert_eq!(env.number("SELECT count(*) FROM highlight WHERE note = 'a note'").await, 2);
    assert_eq!(env.number("SELECT count(*) FROM exported_link WHERE snapshot_id IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_letter_without_a_link_is_read_from_the_file_and_never_twice() {
    let env = Env::new().await;
    let item = serde_json::json!([{"id": "1", "slug": "letter-1", "title": "A letter", "url": "https://omnivore.app/no_url?q=1", "state": "Active",
        "labels": ["Newsletter"], "savedAt": "2024-10-29T16:30:11.000Z", "readingProgress": 100}]);
    let entries = || {
        [
            ("metadata_0_to_1.json".to_owned(), item.to_string()),
            ("content/letter-1.html".to_owned(), stored_page("letters")),
        ]
    };
    let id = env.import("omnivore.zip", crate::export_fixtures::zip(entries())).await;
    assert_eq!(count(&env.library, id, LinkOutcome::New).await, 1);
    assert_eq!(env.number("SELECT count(*) FROM article WHERE title = 'A letter' AND read_at IS NOT NULL").await, 1);
    let again = env.import("omnivore.zip", crate::export_fixtures::zip(entries())).await;
    assert_eq!(count(&env.library, again, LinkOutcome::Existing).await, 1);
    assert_eq!(env.number("SELECT count(*) FROM article WHERE title = 'A letter'").await, 1);
}

#[tokio::test]
async fn an_article_in_the_trash_stays_there() {
    let env = Env::new().await;
    env.web.serve("harbour.example/ferry", page("ferry"));
    env.import("pocket.csv", POCKET).await;
    let ferry = env.article("http://harbour.example/ferry").await;
    articles::apply_action(&env.library, ferry.id, articles::ArticleAction::Delete, noon()).await.unwrap();
    let id = env.import("pocket.csv", POCKET).await;
    assert!(env.article("http://harbour.example/ferry").await.state.deleted);
    let existing = exports::list_links(&env.library, id, LinkOutcome::Existing, (0, 9)).await.unwrap();
    assert_eq!(existing[0].problem.as_deref(), Some("It’s in the trash here, and stays there."));
}

/// Returns a file with one link and the page that came along.
fn wallabag_with_page(url: &str, subject: &str) -> String {
    serde_json::json!([{"url": url, "title": format!("On {subject}"), "is_archived": 0, "is_starred": 0, "tags": ["sea"],
        "content": stored_page(subject), "created_at": "2020-01-02T03:04:05+0100"}])
    .to_string()
}

#[tokio::test]
async fn the_page_that_came_along_is_read_when_the_reader_stops_to_wait_for_its_site() {
    for stops_all in [false, true] {
        let env = Env::new().await;
        env.web.serve("harbour.example/busy", MockResponse::status(503));
        let id = env.import("wallabag.json", wallabag_with_page("http://harbour.example/busy", "lanterns")).await;
        assert_eq!(count(&env.library, id, LinkOutcome::Queued).await, 1, "it waits for its site");
        let import = imports::list(&env.library, i64::MAX, 1).await.unwrap()[0].id;
        if stops_all {
            assert_eq!(imports::stop_all_postponed(&env.library, noon()).await.unwrap(), 1);
        } else {
            assert!(imports::stop(&env.library, import, noon()).await.unwrap());
        }
        env.run_jobs().await;
        let article = env.article("http://harbour.example/busy").await;
        assert!(article.html.as_str().contains("report on lanterns"), "{}", article.html.as_str());
        assert_eq!(env.tags(article.id).await, ["sea"]);
    }
}

/// Returns the start of an article, behind which its site wants to be paid.
fn teaser(subject: &str) -> MockResponse {
    MockResponse::html(format!(
        "<html lang=en><title>On {subject}</title><script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\
         \"isAccessibleForFree\":false}}</script><article><h1>On {subject}</h1><p>The teaser on {subject} says that the harbour \
         board has explained why the ferry was late, and that more is behind this wall for those who pay.</p></article>"
    ))
}

#[tokio::test]
async fn the_page_that_came_along_is_kept_where_the_site_shows_less() {
    let short = "<html lang=en><title>On pies</title><article><h1>On pies</h1><p>The short word on pies is that the harbour \
        board, which met on Monday, has taken its report on them away again.</p></article>";
    for (subject, shown) in [("piers", teaser("piers")), ("pies", MockResponse::html(short))] {
        let env = Env::new().await;
        let url = format!("http://harbour.example/{subject}");
        env.web.serve(&url, shown);
        let id = env.import("wallabag.json", wallabag_with_page(&url, subject)).await;
        assert_eq!(count(&env.library, id, LinkOutcome::New).await, 1);
        let article = env.article(&url).await;
        assert!(article.html.as_str().contains(&format!("In part 5 of the report on {subject}")), "{subject}");
        assert_eq!(article.title, format!("On {subject}"));
    }
}

#[tokio::test]
async fn a_teaser_that_is_here_gets_the_text_of_the_page_that_comes_along() {
    let env = Env::new().await;
    env.web.serve("harbour.example/piers", teaser("piers"));
    let url = "http://harbour.example/piers";
    intake::enqueue(&env.library, &[intake::read_url(url).unwrap()], noon()).await.unwrap();
    env.run_jobs().await;
    let before = env.article(url).await;
    assert!(before.html.as_str().contains("The teaser on piers"));
    env.import("wallabag.json", wallabag_with_page(url, "piers")).await;
    let after = env.article(url).await;
    assert!(after.id == before.id && after.html.as_str().contains("In part 5 of the report on piers"));
    assert_eq!(env.tags(after.id).await, ["sea"]);
}

#[tokio::test]
async fn a_repeated_line_of_a_teaser_is_no_second_import() {
    let env = Env::new().await;
    let url = "http://harbour.example/piers";
    env.web.serve(url, teaser("piers"));
    intake::enqueue(&env.library, &[intake::read_url(url).unwrap()], noon()).await.unwrap();
    env.run_jobs().await;
    let line: serde_json::Value = serde_json::from_str(&wallabag_with_page(url, "piers")).unwrap();
    let twice = serde_json::json!([line[0], line[0]]).to_string();
    let id = receive_export(&env.library, read("w.json", twice), AfterReceiving::Import, noon()).await.unwrap();
    jobs::queue_exported_links(&env.app, &env.library, &CancellationToken::new()).await.unwrap();
    assert_eq!(count(&env.library, id, LinkOutcome::Queued).await, 1);
    assert_eq!(count(&env.library, id, LinkOutcome::Repeated).await, 1);
    env.run_jobs().await;
    assert_eq!(count(&env.library, id, LinkOutcome::Queued).await, 0);
    assert!(env.article(url).await.html.as_str().contains("In part 5 of the report on piers"));
}

#[tokio::test]
async fn a_file_that_cannot_be_stored_is_told_and_can_be_deleted() {
    let env = Env::new().await;
    let file = env.folder.path().join("libraries/1/library.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query("CREATE TRIGGER fails BEFORE INSERT ON exported_link BEGIN SELECT raise(ABORT, 'no room'); END")
        .execute(&mut connection)
        .await
        .unwrap();
    receive_export(&env.library, read("pocket.csv", POCKET), AfterReceiving::Preview, noon()).await.unwrap_err();
    assert_eq!(exports::find(&env.library, 1).await.unwrap().unwrap().state, ExportState::Interrupted);
    assert!(exports::delete(&env.library, 1).await.unwrap());
}
