//! The list of imports, and the page of each.

use axum::http::StatusCode;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::ingest::intake;
use broadsheet::jobs;
use broadsheet::library::Library;
use broadsheet::library::articles::{self, ArticleAction};
use broadsheet::library::imports::{self, Failure, ImportState};
use jiff::SignedDuration;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio_util::sync::CancellationToken;

use super::import_form::article_about;
use crate::mock_web::MockWeb;
use crate::support::{TestApp, advance_clock, now};

async fn queue_imports(library: &Library, urls: &[&str]) {
    let ready: Vec<_> = urls.iter().map(|url| intake::read_url(url).unwrap()).collect();
    intake::enqueue(library, &ready, now()).await.unwrap();
}

async fn fail(library: &Library, id: i64) {
    let failure = Failure { code: "status-403".into(), message: "The site does not let <b>us</b> in.".into() };
    imports::fail(library, id, &failure, now()).await.unwrap();
}

#[tokio::test]
async fn the_import_page_shows_the_current_step() {
    let app = TestApp::new().await;
    let library = app.library().await;
    queue_imports(&library, &["https://www.harbour.example/late/?a=1"]).await;
    let page = app.get("/import/1").await;
    assert_eq!((page.text("h1"), page.text("[aria-current=step]")), ("Queued".into(), "Queued".into()));
    assert_eq!(page.text(".lede"), "harbour.example/late?a=1");
    assert!(page.has("#import-1[data-live]") && page.has(".hint a[href='/import/1']"));

    imports::claim_next(&library, &[], now()).await.unwrap();
    let page = app.get("/import/1").await;
    assert_eq!((page.text("h1"), page.text("[aria-current=step]")), ("Fetching the page".into(), "Fetching".into()));
    imports::set_snapshot(&library, 1, 7).await.unwrap();
    assert_eq!(app.get("/import/1").await.text("[aria-current=step]"), "Extracting");

    fail(&library, 1).await;
    let page = app.get("/import/1").await;
    assert_eq!(page.text(".status.failed"), "The site does not let <b>us</b> in.");
    assert!(!page.has("[data-live]") && page.has("form[action='/import/1/retry'] button"));
    assert_eq!(app.get("/import/2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/import/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_long_list_that_breaks_off_says_how_much_is_queued_and_can_be_added_again() {
    let app = TestApp::new().await;
    let mut database = open_database(&app).await;
    sqlx::raw_sql(
        "CREATE TRIGGER full BEFORE INSERT ON import WHEN NEW.url LIKE '%/300' BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    .execute(&mut database)
    .await
    .unwrap();
    let list: String = (0..500).map(|number| format!("https://harbour.example/{number}\n")).collect();
    let page = app.post("/import", &[("url", list.as_str())]).await;
    let queued = app.import_count().await;
    assert!(page.status == StatusCode::INTERNAL_SERVER_ERROR && queued <= 300, "{queued} are queued");
    assert_eq!(page.text(".lede"), format!("{queued} queued, {} rejected.", 500 - queued));
    assert_eq!(page.text("ol.rows h2"), format!("{} of 500", 500 - queued));
    assert!(page.text("ol.rows .failed").ends_with("then add all of them again; none is added twice."));
    sqlx::raw_sql("DROP TRIGGER full").execute(&mut database).await.unwrap();
    let page = app.post("/import", &[("url", list.as_str())]).await;
    assert_eq!((page.location(), app.import_count().await), ("/imports?accepted=500&already=0", 500));
}

async fn open_database(app: &TestApp) -> sqlx::SqliteConnection {
    let file = app.library().await.folder().join("library.db");
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

#[tokio::test]
async fn a_finished_import_redirects_to_its_article_until_that_is_purged() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let app = TestApp::with_mock_web(web.addr).await;
    let library = app.library().await;
    queue_imports(&library, &["http://harbour.example/late"]).await;
    app.process_imports().await;
    let page = app.get("/import/1").await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1"));
    articles::apply_action(&library, 1, ArticleAction::Delete, now()).await.unwrap();
    while articles::purge_trash(&library, now() + SignedDuration::from_hours(1)).await.unwrap() > 0 {}
    let page = app.get("/import/1").await;
    assert_eq!(page.text("h1"), "Article deleted");
    assert_eq!(page.attributes("a.primary", "href"), ["/import?url=http%3A//harbour.example/late"]);
    assert!(app.get("/imports").await.text(".imports .status").contains("later deleted"));
}

#[tokio::test]
async fn a_failed_import_can_be_retried() {
    let web = MockWeb::start().await;
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let page = app.post("/import", &[("url", "http://harbour.example/late")]).await;
    assert_eq!(page.location(), "/import/1");
    assert!(app.get("/import/1").await.text(".status.failed").contains("(404)"));
    web.serve("harbour.example/late", article_about("Osprey"));
    let page = app.post("/import/1/retry", &[]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1"));
    assert_eq!(app.post("/import/9/retry", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_shows_the_state_of_each_import() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let app = TestApp::with_mock_web(web.addr).await;
    let library = app.library().await;
    assert_eq!(app.get("/imports").await.attributes(".empty a", "href"), ["/import"]);
    queue_imports(&library, &["http://harbour.example/late", "http://harbour.example/gone"]).await;
    app.process_imports().await;
    queue_imports(&library, &["http://harbour.example/next"]).await;
    let page = app.get("/imports").await;
    assert_eq!(page.texts(".imports .status"), ["Queued", "Failed", "Added"]);
    assert_eq!(page.texts(".imports h2"), ["harbour.example/next", "harbour.example/gone", "The Osprey was late"]);
    assert_eq!(page.attributes(".imports h2 a", "href"), ["/import/3", "/import/2", "/article/1"]);
    assert_eq!(page.attributes("#import-2 .meta a", "href"), ["http://harbour.example/gone"]);
    assert_eq!(page.attributes(".imports > li[data-live]", "id"), ["import-3"]);
    assert_eq!(page.texts(".imports time"), ["just now", "just now", "just now"]);
    assert!(page.text("#import-2").contains("(404)"));
    assert_eq!(page.texts(".tabs .count"), ["1"]);
    let failed = app.get("/imports?state=failed").await;
    assert_eq!(failed.attributes(".imports > li", "id"), ["import-2"]);
    assert_eq!(failed.attributes("#import-2 input[name=return_to]", "value"), ["/imports?state=failed"; 3]);
}

#[tokio::test]
async fn only_a_finished_import_can_be_dismissed() {
    let app = TestApp::new().await;
    let library = app.library().await;
    queue_imports(&library, &["http://harbour.example/1", "http://harbour.example/2"]).await;
    fail(&library, 1).await;
    let page = app.post("/import/1/dismiss", &[("return_to", "/imports?state=failed")]).await;
    assert_eq!(page.location(), "/imports?state=failed");
    assert_eq!(app.post("/import/2/dismiss", &[("return_to", "//elsewhere.example")]).await.location(), "/");
    assert_eq!(app.get("/imports").await.attributes(".imports > li", "id"), ["import-2"]);
    assert_eq!(app.get("/imports?state=failed").await.text(".empty"), "No failed imports.");
    assert_eq!(
        app.get("/import/2/dismiss").await.status,
        StatusCode::METHOD_NOT_ALLOWED,
        "a link cannot dismiss anything"
    );
}

#[tokio::test]
async fn all_failed_imports_can_be_dismissed_after_a_question() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let urls: Vec<String> = (1..=120).map(|number| format!("http://harbour.example/{number}")).collect();
    queue_imports(&library, &urls.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for id in 1..=118 {
        fail(&library, id).await;
    }
    let page = app.get("/imports?state=failed").await;
    assert_eq!(page.attributes(".pager a:not([rel])", "href"), ["/imports/dismiss"]);
    let question = app.get("/imports/dismiss").await;
    assert_eq!(question.text("h1"), "Dismiss 118 failed imports?");
    let asked_at = question.attributes("main input", "value").remove(0);
    advance_clock(SignedDuration::from_secs(5));
    fail(&library, 119).await;
    let answer = app.post("/imports/dismiss", &[("asked_at", &asked_at)]).await;
    assert_eq!(answer.location(), "/imports?state=failed");
    assert_eq!(app.get(answer.location()).await.texts(".imports h2"), ["harbour.example/119"], "it failed later");
    assert_eq!(app.import_count().await, 2, "what waits stays");
    assert_eq!(app.post("/imports/dismiss", &[("asked_at", "soon")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn many_finished_imports_are_folded_and_what_needs_the_reader_is_not() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    let library = app.library().await;
    for (number, subject) in ["Osprey", "Heron", "Kestrel", "Plover", "Curlew", "Godwit"].iter().enumerate() {
        let url = format!("http://harbour.example/{number}");
        web.serve(url.trim_start_matches("http://"), article_about(subject));
        queue_imports(&library, &[url.as_str()]).await;
    }
    queue_imports(&library, &["http://harbour.example/gone"]).await;
    app.process_imports().await;
    queue_imports(&library, &["http://harbour.example/next"]).await;
    let page = app.get("/imports").await;
    assert_eq!(page.texts(".folded summary"), ["6 finished imports"]);
    assert_eq!(page.texts(".folded h2").len(), 6);
    assert_eq!(page.texts(".imports h2")[..2], ["harbour.example/next", "harbour.example/gone"]);
    assert_eq!(page.texts("main > div > .imports h2").len(), 2);
}

#[tokio::test]
async fn all_failed_imports_can_be_retried_at_once() {
    let app = TestApp::new().await;
    let library = app.library().await;
    queue_imports(&library, &["http://harbour.example/1", "http://harbour.example/2"]).await;
    fail(&library, 1).await;
    fail(&library, 2).await;
    let page = app.get("/imports?state=failed").await;
    assert_eq!(page.text("form[action='/imports/retry']"), "Try all 2 again");
    assert_eq!(app.post("/imports/retry", &[]).await.location(), "/imports");
    assert_eq!(app.get("/imports").await.texts(".imports .status"), ["Queued", "Queued"]);
}

#[tokio::test]
async fn importing_a_failed_url_again_reuses_its_import() {
    let app = TestApp::new().await;
    let library = app.library().await;
    queue_imports(&library, &["http://harbour.example/1"]).await;
    fail(&library, 1).await;
    queue_imports(&library, &["http://www.harbour.example/1/"]).await;
    let page = app.get("/imports").await;
    assert_eq!(page.texts(".imports .status"), ["Queued"]);
    assert_eq!(page.attributes(".imports > li", "id"), ["import-1"]);
}

#[tokio::test]
async fn importing_a_deleted_article_restores_it() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    app.post("/import", &[("url", "http://harbour.example/late")]).await;
    app.post("/article/1/action", &[("action", "delete")]).await;
    let page = app.post("/import", &[("url", "http://harbour.example/late")]).await;
    assert_eq!(app.get(page.location()).await.text(".notice p"), "Restored.");
    assert_eq!(app.get("/imports").await.texts(".imports .status"), ["Restored from trash", "Added"]);
}

#[tokio::test]
async fn older_imports_are_on_further_pages() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let urls: Vec<String> = (1..=120).map(|number| format!("https://harbour.example/{number}")).collect();
    queue_imports(&library, &urls.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let (mut seen, mut next) = (Vec::new(), Some("/imports".to_owned()));
    while let Some(url) = next {
        let page = app.get(&url).await;
        seen.extend(page.attributes(".imports > li", "id"));
        next = page.attributes("a[rel=next]", "href").pop();
    }
    let expected: Vec<String> = (1..=120).rev().map(|number| format!("import-{number}")).collect();
    assert_eq!(seen, expected);
    assert!(app.get("/imports?before=1").await.text(".empty").contains("No older imports"));
}

#[tokio::test]
async fn an_import_that_panics_fails() {
    let mut app = TestApp::new().await;
    let resolver = Resolver::scripted(([127, 0, 0, 1], 1).into(), |_| panic!("a bug"));
    app.app.fetcher = Fetcher::new(Policy::default(), resolver).unwrap();
    let library = app.library().await;
    queue_imports(&library, &["http://harbour.example/late"]).await;
    app.process_imports().await;
    let state = imports::find(&library, 1).await.unwrap().unwrap().state;
    assert!(matches!(&state, ImportState::Failed { code, .. } if code == "internal"), "{state:?}");
}

#[tokio::test]
async fn a_failing_queue_interrupts_no_running_import() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let app = TestApp::with_mock_web(web.addr).await;
    let library = app.library().await;
    queue_imports(&library, &["http://harbour.example/late", "http://harbour.example/later"]).await;
    let options = SqliteConnectOptions::new().filename(library.folder().join("library.db"));
    let mut connection = options.connect().await.unwrap();
    sqlx::query(
        "CREATE TRIGGER fault BEFORE UPDATE ON import WHEN NEW.id = 2 AND NEW.state = 'running'
         BEGIN SELECT RAISE(ABORT, 'a fault of the disk'); END",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let ended = jobs::process_imports(&app.app, &library, &CancellationToken::new()).await;
    assert!(ended.unwrap_err().to_string().contains("a fault of the disk"));
    let state = async |id| imports::find(&library, id).await.unwrap().unwrap().state;
    assert!(matches!(state(1).await, ImportState::Done { .. }), "{:?}", state(1).await);
    assert_eq!(state(2).await, ImportState::Waiting);
}
