//! A disk without room: what waits, what goes on, and what the pages say.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use broadsheet::jobs;
use broadsheet::library::images;
use broadsheet::library::imports::{self, ImportState};
use broadsheet::ops::disk_space::{DiskSize, DiskSpace, LARGE_PAGE_BYTES};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::import_form::article_about;
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, advance_clock, now};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

const GIB: u64 = 1 << 30;

/// Free bytes that make the disk of [`with_disk`] almost full.
const LOW: u64 = GIB / 100;

/// An app on a disk of 1 GiB, and how much of it is free.
async fn with_disk(web: &MockWeb, free: u64) -> (TestApp, Arc<AtomicU64>) {
    let mut app = TestApp::with_mock_web(web.addr).await;
    let free = Arc::new(AtomicU64::new(free));
    let shared = Arc::clone(&free);
    let measure = move || Some(DiskSize { free: shared.load(Ordering::Relaxed), total: GIB });
    app.set_disk(DiskSpace::new(measure, None));
    (app, free)
}

/// A page of more than `bytes` bytes.
fn page_of(bytes: usize) -> MockResponse {
    let scripts = "<!-- filler -->".repeat(bytes / 15 + 1);
    article_about("Osprey").followed_by(&scripts)
}

async fn states(app: &TestApp) -> Vec<ImportState> {
    let mut all = imports::list(&app.library().await, i64::MAX, 100).await.unwrap();
    all.reverse();
    all.into_iter().map(|import| import.state).collect()
}

async fn queue(app: &TestApp, urls: &[&str]) {
    let page = app.submit_import(&[], &[("links.txt", urls.join("\n").as_bytes())]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

#[tokio::test]
async fn on_an_almost_full_disk_small_pages_are_saved_and_large_ones_wait_until_there_is_room() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/large", page_of(LARGE_PAGE_BYTES));
    web.serve("harbour.example/small", article_about("Curlew"));
    let (app, free) = with_disk(&web, LOW).await;
    queue(&app, &["http://harbour.example/large", "http://harbour.example/small"]).await;
    for _ in 0..3 {
        app.process_imports().await;
    }
    assert!(matches!(states(&app).await[..], [ImportState::Waiting, ImportState::Done { .. }]));
    assert_eq!(web.requests().len(), 2, "the large page is not asked for again: {:?}", web.requests());
    let list = app.get("/imports").await;
    assert_eq!(
        list.text(".notice"),
        "The disk is almost full. Images and pages over 2 MB wait until 51.1 MiB are free; everything else is saved."
    );
    assert_eq!(list.text("#import-1 .status"), "Waiting for disk space");
    assert_eq!(app.get("/import/1").await.text("h1"), "Waiting for disk space");
    assert!(app.get("/settings").await.text("section[aria-labelledby=storage]").contains("The disk is almost full"));
    assert!(!app.get("/").await.has(".notice"), "it does not disturb reading");

    free.store(GIB / 2, Ordering::Relaxed);
    app.process_imports().await;
    assert!(matches!(states(&app).await[..], [ImportState::Done { .. }, ImportState::Done { .. }]));
    assert!(!app.get("/imports").await.has(".notice"));
}

#[tokio::test]
async fn an_article_waits_as_a_whole_if_there_is_no_room_for_its_second_page() {
    let web = MockWeb::start().await;
    let next = "<link rel=next href='/late?page=2'><a rel=next href='/late?page=2'>Next page</a>";
    web.serve("harbour.example/late", article_about("Osprey").followed_by(next));
    web.serve("harbour.example/late?page=2", page_of(LARGE_PAGE_BYTES));
    let (app, free) = with_disk(&web, LOW).await;
    queue(&app, &["http://harbour.example/late"]).await;
    app.process_imports().await;
    assert!(matches!(states(&app).await[..], [ImportState::Waiting]), "{:?}", web.requests());
    free.store(GIB / 2, Ordering::Relaxed);
    app.process_imports().await;
    assert!(matches!(states(&app).await[..], [ImportState::Done { .. }]));
    assert_eq!(web.requests().iter().filter(|url| !url.contains("page=2")).count(), 1, "the first page is kept");
}

#[tokio::test]
async fn a_page_pasted_for_a_waiting_link_is_read_at_once() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/large", page_of(LARGE_PAGE_BYTES));
    let (app, _free) = with_disk(&web, LOW).await;
    queue(&app, &["http://harbour.example/large"]).await;
    app.process_imports().await;
    let text = "The ferry came in two hours late on Monday, the harbour board said in a statement at noon. ".repeat(5);
    app.submit_import(&[("text", &text), ("original_url", "http://harbour.example/large")], &[]).await;
    app.process_imports().await;
    assert!(matches!(states(&app).await[..], [ImportState::Done { .. }]));
}

#[tokio::test]
async fn large_files_and_texts_are_refused_on_an_almost_full_disk_with_the_reason() {
    let web = MockWeb::start().await;
    let (app, free) = with_disk(&web, LOW).await;
    let large = "<p>The ferry was late.</p>".repeat(LARGE_PAGE_BYTES / 20);
    let reason = "It’s over 2 MB, and the disk is almost full. Free some space, then try again.";
    let page = app.submit_import(&[], &[("late.html", large.as_bytes())]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.text("#file-problem"), format!("late.html: {reason}"));
    let page = app.submit_import(&[("text", &large)], &[]).await;
    assert_eq!(page.text("#pasted-text-problem"), reason);
    let page = app.submit_import(&[], &[("late.html", large.as_bytes()), ("short.html", b"<p>It was late.</p>")]).await;
    assert_eq!(page.texts(".rows h2"), ["late.html"]);
    assert_eq!(app.import_count().await, 1, "the small one is accepted");
    free.store(GIB / 2, Ordering::Relaxed);
    let page = app.submit_import(&[], &[("late.html", large.as_bytes())]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn images_wait_for_room_without_being_requested() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey").with_image("/pier.png"));
    web.serve("harbour.example/pier.png", MockResponse::new("image/png", PNG));
    let (app, free) = with_disk(&web, LOW).await;
    queue(&app, &["http://harbour.example/late"]).await;
    app.process_imports().await;
    let (library, stop) = (app.library().await, CancellationToken::new());
    for room in [LOW, 0] {
        free.store(room, Ordering::Relaxed);
        jobs::fetch_due_images(&app.app, &library, &stop).await.unwrap();
    }
    assert!(!web.requests().iter().any(|url| url.ends_with(".png")));
    free.store(GIB / 2, Ordering::Relaxed);
    jobs::fetch_due_images(&app.app, &library, &stop).await.unwrap();
    assert!(images::find_due(&library, now(), 10).await.unwrap().is_empty());
    assert_eq!(images::total_size(&library).await.unwrap(), i64::try_from(PNG.len()).unwrap());
}

#[tokio::test]
async fn while_the_disk_is_full_every_page_says_so_and_imports_wait() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let (app, free) = with_disk(&web, GIB / 2).await;
    queue(&app, &["http://harbour.example/late"]).await;
    free.store(0, Ordering::Relaxed);
    app.process_imports().await;
    assert!(web.requests().is_empty());
    for path in ["/", "/articles", "/topics", "/imports", "/import/1", "/import", "/settings", "/trash"] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text(".notice").starts_with("The disk is full. You can read"), "{path}");
    }
    assert_eq!(app.get("/imports").await.text("#import-1 .status"), "Waiting for disk space");
    free.store(GIB / 2, Ordering::Relaxed);
    app.process_imports().await;
    assert!(matches!(states(&app).await[..], [ImportState::Done { .. }]));
    assert!(!app.get("/").await.has(".notice"));
}

#[tokio::test]
async fn a_failed_write_is_a_full_disk_until_it_may_be_tried_again() {
    let web = MockWeb::start().await;
    let (app, _free) = with_disk(&web, GIB / 2).await;
    app.app.disk.report_full(now());
    assert!(app.get("/").await.has(".notice"));
    advance_clock(SignedDuration::from_secs(6));
    assert!(!app.get("/").await.has(".notice"));
}

#[tokio::test]
async fn an_import_whose_outcome_was_not_recorded_runs_again_without_a_restart() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let (app, _free) = with_disk(&web, GIB / 2).await;
    queue(&app, &["http://harbour.example/late"]).await;
    imports::claim_next(&app.library().await, &[], now()).await.unwrap().unwrap();
    app.process_imports().await;
    assert!(matches!(states(&app).await[..], [ImportState::Done { .. }]));
}
