//! Imports that fail or are interrupted.

use broadsheet::ingest::Outcome;
use broadsheet::library::articles::Added;
use broadsheet::library::imports::{self, Accepted, ImportOutcome, ImportState, NewImport};
use url::Url;

use crate::mock_web::MockResponse;
use crate::{Fixture, ferry_article_html, noon};

#[tokio::test]
async fn failed_import_has_a_message_and_can_be_retried() {
    let fixture = Fixture::new().await;
    fixture
        .web
        .serve("harbour.example/empty", MockResponse::html("<html><body><script>build()</script></body></html>"));
    let shell =
        "<title>Harbour</title><nav><a href=/>Harbour</a></nav><div id=root>Loading</div><script src=/a.js></script>";
    fixture.web.serve("harbour.example/shell", MockResponse::html(shell));
    fixture.web.serve("harbour.example/gone", MockResponse::redirect("http://harbour.example/"));
    fixture.web.serve("harbour.example/", MockResponse::html(ferry_article_html("front page", "")));
    fixture.web.serve("harbour.example/paper.pdf", MockResponse::new("application/pdf", "%PDF-1.7 …"));
    for (path, code) in
        [("missing", "status-404"), ("empty", "no-text"), ("shell", "needs-javascript"), ("gone", "front-page")]
    {
        let failure = fixture.import(&format!("http://harbour.example/{path}")).await.unwrap_err();
        assert_eq!(failure.code, code);
        assert!(failure.message.ends_with('.') && failure.message.len() > 40, "{}", failure.message);
    }
    assert!(fixture.import("http://harbour.example/paper.pdf").await.is_err());
    assert_eq!(imports::count_failed(&fixture.library).await.unwrap(), 5);
    fixture.web.serve("harbour.example/missing", MockResponse::html(ferry_article_html("Osprey", "")));
    let failed = imports::list(&fixture.library, i64::MAX, 9).await.unwrap();
    let missing = failed.iter().find(|import| import.url.as_deref() == Some("http://harbour.example/missing")).unwrap();
    assert!(imports::retry(&fixture.library, missing.id, noon()).await.unwrap());
    let import = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    let outcome = fixture.ingest(&import).await;
    assert!(matches!(outcome, Outcome::Article(Added::New(_))), "{outcome:?}");
    let import = imports::find(&fixture.library, import.id).await.unwrap().unwrap();
    assert!(matches!(import.state, ImportState::Done { outcome: ImportOutcome::New, .. }));
}

#[tokio::test]
async fn interrupted_import_resumes_and_completes_once() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("Osprey", "")));
    let input = NewImport {
        url: Some(Url::parse("http://harbour.example/late").unwrap()),
        snapshot_id: None,
        file_name: None,
        replaces_id: None,
    };
    let accepted = imports::accept(&fixture.library, &input, noon()).await.unwrap();
    assert_eq!(
        imports::accept(&fixture.library, &input, noon()).await.unwrap(),
        Accepted::AlreadyQueued(1),
        "{accepted:?}"
    );
    imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    assert!(imports::claim_next(&fixture.library, &[], noon()).await.unwrap().is_none(), "it is running");
    imports::requeue_interrupted(&fixture.library, noon()).await.unwrap();
    let import = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    fixture.ingest(&import).await;
    fixture.ingest(&import).await;
    assert_eq!(fixture.count().await, 1);
}

#[tokio::test]
async fn import_that_crashes_the_program_repeatedly_fails() {
    let fixture = Fixture::new().await;
    let input = NewImport {
        url: Some(Url::parse("http://harbour.example/late").unwrap()),
        snapshot_id: None,
        file_name: None,
        replaces_id: None,
    };
    imports::accept(&fixture.library, &input, noon()).await.unwrap();
    for _ in 0..imports::MAX_ATTEMPTS {
        imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
        imports::requeue_interrupted(&fixture.library, noon()).await.unwrap();
    }
    assert!(imports::claim_next(&fixture.library, &[], noon()).await.unwrap().is_none());
    let import = imports::find(&fixture.library, 1).await.unwrap().unwrap();
    assert!(matches!(import.state, ImportState::Failed { ref code, .. } if code == "stopped"), "{import:?}");
}

/// Returns the host that is blamed for an import that may work later.
async fn blamed_host(fixture: &Fixture, from_archive: bool) -> Option<String> {
    let mut import = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    if from_archive {
        let failure = imports::Failure { code: "status-410".into(), message: "It is gone.".into() };
        imports::fail(&fixture.library, import.id, &failure, noon()).await.unwrap();
        imports::fetch_from_archive(&fixture.library, import.id, "web.archive.org", noon()).await.unwrap();
        import = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    }
    let outcome = fixture.ingest(&import).await;
    let Outcome::NotNow(reason) = outcome else { panic!("{outcome:?}") };
    reason.host
}

#[tokio::test]
async fn the_host_that_fails_is_the_one_that_pauses() {
    for (url, from_archive, expected) in [
        ("http://harbour.example/busy", false, "harbour.example"),
        ("http://harbour.example/moved", false, "busy.example"),
        ("https://www.google.com/url?sa=t&url=http%3A%2F%2Fbusy.example%2Fa", false, "busy.example"),
        ("http://harbour.example/a", true, "web.archive.org"),
    ] {
        let fixture = Fixture::new().await;
        fixture.web.serve("harbour.example/busy", MockResponse::status(429));
        fixture.web.serve("harbour.example/moved", MockResponse::redirect("http://busy.example/a"));
        fixture.web.serve("busy.example/a", MockResponse::status(429));
        fixture.web.serve("web.archive.org/web/2id_/http://harbour.example/a", MockResponse::status(429));
        let input =
            NewImport { url: Some(url.parse().unwrap()), snapshot_id: None, file_name: None, replaces_id: None };
        imports::accept(&fixture.library, &input, noon()).await.unwrap();
        assert_eq!(blamed_host(&fixture, from_archive).await.as_deref(), Some(expected), "{url}");
    }
}
