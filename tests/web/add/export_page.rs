//! Files of other services: looked at, imported, reported.

use axum::http::StatusCode;
use broadsheet::jobs;
use broadsheet::library::{exports, tags};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::add::import_form::article_about;
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, advance_clock, now};

const POCKET: &[u8] = b"title,url,time_added,tags,status\n\
    Late,http://harbour.example/late,1600000000,Sea|Soup,archive\n\
    Gone,http://harbour.example/gone,1610000000,Sea,unread\n\
    Late again,http://harbour.example/late/,1610000000,,unread\n\
    ,javascript:alert(1),1610000000,,unread\n";

impl TestApp {
    async fn run_export_jobs(&self) {
        let library = self.library().await;
        jobs::queue_exported_links(&self.app, &library, &CancellationToken::new()).await.unwrap();
        self.process_imports().await;
    }
}

#[tokio::test]
async fn a_file_is_shown_before_it_is_imported_and_reported_line_by_line() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    web.serve("harbour.example/gone", MockResponse::status(410));
    let app = TestApp::with_mock_web(web.addr).await;
    let page = app.submit_import(&[], &[("export.txt", POCKET)]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/import/file/1"));
    let preview = app.get("/import/file/1").await;
    assert_eq!((preview.text("h1"), preview.text(".lede")), ("Pocket".into(), "export.txt".into()));
    let found = preview.texts("section > ul > li");
    assert_eq!(found[..4], ["3 links", "2 tags and folders", "1 archived", "1 can’t be imported"]);
    assert_eq!(preview.texts(".report th"), ["Ready to import", "Can’t be imported", "In all"]);
    assert!(preview.text(".imports p:last-child").contains("“javascript:”"), "{}", preview.body);
    assert_eq!(app.import_count().await, 0, "nothing is imported before the reader says so");

    let started = app.post("/import/file/1/start", &[]).await;
    assert_eq!(started.location(), "/import/file/1");
    app.run_export_jobs().await;
    let report = app.get("/import/file/1").await;
    assert_eq!(report.texts(".report th"), ["Added", "Repeated in the file", "Failed", "Can’t be imported", "In all"]);
    assert_eq!(report.texts(".report td"), ["1", "1", "1", "1", "4 lines"]);
    let failed = app.get("/import/file/1?show=failed").await;
    assert_eq!(failed.texts(".imports h3"), ["Gone"]);
    assert!(failed.text(".imports li").contains("line 3") && failed.text(".imports li").contains("(410)"));
    let added = app.get("/import/file/1?show=new").await;
    assert_eq!(added.attributes(".imports h3 a", "href"), ["/article/1"]);
    assert_eq!(app.get("/imports").await.texts("section li"), ["Pocket: export.txt (Report)"]);
    assert!(app.get("/article/1").await.body.contains("2020-09-13"), "the day it was saved in Pocket");
    let library = app.library().await;
    let tags = tags::list_for_article(&library, 1).await.unwrap();
    assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["Sea", "Soup"]);

    assert_eq!(
        app.post("/import/file/1/start", &[]).await.location(),
        "/import/file/1",
        "starting twice changes nothing"
    );
    app.run_export_jobs().await;
    assert_eq!(app.import_count().await, 2);
}

#[tokio::test]
async fn a_report_stays_until_the_last_link_has_arrived() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    app.submit_import(&[], &[("export.csv", POCKET)]).await;
    app.post("/import/file/1/start", &[]).await;
    jobs::queue_exported_links(&app.app, &app.library().await, &CancellationToken::new()).await.unwrap();
    let report = app.get("/import/file/1").await;
    assert!(
        report.text(".status").ends_with("This report can be deleted then.") && !report.has("form[action$='/delete']")
    );
    assert_eq!(
        app.post("/import/file/1/delete", &[]).await.location(),
        "/import/file/1",
        "an old page may still ask for it"
    );
    app.process_imports().await;
    assert!(app.get("/import/file/1").await.has("form[action='/import/file/1/delete']"));
    assert_eq!(app.post("/import/file/1/delete", &[]).await.location(), "/imports");
    assert_eq!(app.get("/import/file/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_that_is_not_wanted_is_forgotten() {
    let app = TestApp::new().await;
    app.submit_import(&[], &[("export.csv", POCKET)]).await;
    assert_eq!(app.post("/import/file/1/delete", &[]).await.location(), "/imports");
    assert_eq!(app.get("/import/file/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!((app.import_count().await, app.get("/imports").await.texts("section li").len()), (0, 0));
}

#[tokio::test]
async fn files_of_services_may_come_with_others() {
    let app = TestApp::new().await;
    let links = b"https://a.example/1\nhttps://a.example/2";
    let page = app.submit_import(&[], &[("export.csv", POCKET), ("links.txt", links)]).await;
    assert_eq!(page.location(), "/imports?accepted=2&already=0");
    assert_eq!(app.get("/imports").await.texts("section li"), ["Pocket: export.csv (Not imported yet)"]);
    let (wrong, one) = (b"%PDF-1.7", b"https://a.example/3");
    let page = app.submit_import(&[], &[("late.csv", POCKET), ("paper.pdf", wrong)]).await;
    assert_eq!((page.status, page.text("[role=status]")), (StatusCode::OK, "1 rejected.".to_owned()));
    assert_eq!(page.texts("section li"), ["Pocket: late.csv (Not imported yet)"]);
    assert_eq!(page.attributes("section li a", "href"), ["/import/file/2"]);
    let page = app.submit_import(&[], &[("soup.csv", POCKET), ("link.txt", one)]).await;
    assert_eq!(
        page.location(),
        "/imports?accepted=1&already=0",
        "the list, since the file would not be seen elsewhere"
    );
    let passwords = b"title,url,username,password\nBank,https://bank.example/,ann,secret\n";
    let page = app.submit_import(&[], &[("passwords.csv", passwords)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#file-problem").contains("a list of passwords"));
}

#[tokio::test]
async fn every_file_that_waits_is_listed() {
    let app = TestApp::new().await;
    let names: Vec<String> = (1..=30).map(|number| format!("export {number}.csv")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), POCKET)).collect();
    assert_eq!(app.submit_import(&[], &files).await.location(), "/imports");
    let listed = app.get("/imports").await.texts("section li");
    assert_eq!(listed.len(), 30);
    assert_eq!(listed[29], "Pocket: export 1.csv (Not imported yet)");

    let library = app.library().await;
    exports::create(&library, ("large.zip", "Omnivore", "{}"), now()).await.unwrap();
    let page = app.get("/imports").await;
    assert_eq!(page.texts("section li")[0], "Omnivore: large.zip (Being read)");
    assert_eq!(page.attributes("section li a", "href")[0], "/imports");
}

#[tokio::test]
async fn a_file_whose_upload_was_lost_is_told_after_a_while_and_can_be_deleted() {
    let app = TestApp::new().await;
    let library = app.library().await;
    exports::create(&library, ("half.csv", "Pocket", "{}"), now()).await.unwrap();
    assert_eq!(app.get("/imports").await.texts("section li"), ["Pocket: half.csv (Being read)"]);
    for (minutes, state) in [(1, "Being read"), (2, "Interrupted")] {
        advance_clock(SignedDuration::from_mins(minutes));
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        stop.cancel();
        jobs::start(&app.app, &tracker, &stop);
        tracker.close();
        tracker.wait().await;
        assert_eq!(app.get("/imports").await.texts("section li"), [format!("Pocket: half.csv ({state})")]);
    }
    let page = app.get("/import/file/1").await;
    assert!(page.text(".status").contains("not read to its end"), "{}", page.body);
    assert!(!page.has("form[action$='/start']") && page.has("form[action='/import/file/1/delete']"));
    app.post("/import/file/1/start", &[]).await;
    assert!(app.get("/import/file/1").await.text(".status").contains("not read to its end"), "it cannot be started");
    assert_eq!(app.post("/import/file/1/delete", &[]).await.location(), "/imports");
    assert!(app.get("/imports").await.texts("section li").is_empty());
}
