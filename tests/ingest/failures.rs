//! Imports that fail or are interrupted.

use broadsheet::ingest::{Outcome, ingest};
use broadsheet::library::articles::Added;
use broadsheet::library::imports::{self, Accepted, Before, Input, State};
use url::Url;

use crate::site::Answer;
use crate::{Fixture, ferry_article_html, noon};

#[tokio::test]
async fn failed_import_has_a_message_and_can_be_retried() {
    let fixture = Fixture::new().await;
    fixture.web.put("harbour.example/empty", Answer::html("<html><body><script>build()</script></body></html>"));
    fixture.web.put("harbour.example/gone", Answer::moved("http://harbour.example/"));
    fixture.web.put("harbour.example/", Answer::html(ferry_article_html("front page", "")));
    fixture.web.put("harbour.example/paper.pdf", Answer::of("application/pdf", "%PDF-1.7 …"));
    for (path, code) in [("missing", "status-404"), ("empty", "no-text"), ("gone", "front-page")] {
        let failure = fixture.import(&format!("http://harbour.example/{path}")).await.unwrap_err();
        assert_eq!(failure.code, code);
        assert!(failure.problem.ends_with('.') && failure.problem.len() > 40, "{}", failure.problem);
    }
    assert!(fixture.import("http://harbour.example/paper.pdf").await.is_err());
    assert_eq!(imports::failed_count(&fixture.library).await.unwrap(), 4);
    fixture.web.put("harbour.example/missing", Answer::html(ferry_article_html("Osprey", "")));
    let failed = imports::list(&fixture.library, i64::MAX, 9).await.unwrap();
    let missing =
        failed.iter().find(|import| import.address.as_deref() == Some("http://harbour.example/missing")).unwrap();
    assert!(imports::again(&fixture.library, missing.id, noon()).await.unwrap());
    let import = imports::claim(&fixture.library, noon()).await.unwrap().unwrap();
    let outcome = ingest(&fixture.library, &fixture.fetcher, &import, noon()).await.unwrap();
    assert!(matches!(outcome, Outcome::Article(Added::New(_))), "{outcome:?}");
    let import = imports::find(&fixture.library, import.id).await.unwrap().unwrap();
    assert!(matches!(import.state, State::Done { before: Before::Nowhere, .. }));
}

#[tokio::test]
async fn interrupted_import_resumes_and_completes_once() {
    let fixture = Fixture::new().await;
    fixture.web.put("harbour.example/late", Answer::html(ferry_article_html("Osprey", "")));
    let input = Input {
        address: Some(Url::parse("http://harbour.example/late").unwrap()),
        snapshot: None,
        name: None,
        replaces: None,
    };
    let accepted = imports::accept(&fixture.library, &input, noon()).await.unwrap();
    assert_eq!(imports::accept(&fixture.library, &input, noon()).await.unwrap(), Accepted::Waiting(1), "{accepted:?}");
    imports::claim(&fixture.library, noon()).await.unwrap().unwrap();
    assert!(imports::claim(&fixture.library, noon()).await.unwrap().is_none(), "it is in hand");
    imports::release(&fixture.library, noon()).await.unwrap();
    let import = imports::claim(&fixture.library, noon()).await.unwrap().unwrap();
    ingest(&fixture.library, &fixture.fetcher, &import, noon()).await.unwrap();
    ingest(&fixture.library, &fixture.fetcher, &import, noon()).await.unwrap();
    assert_eq!(fixture.count().await, 1);
}

#[tokio::test]
async fn import_that_crashes_the_program_repeatedly_fails() {
    let fixture = Fixture::new().await;
    let input = Input {
        address: Some(Url::parse("http://harbour.example/late").unwrap()),
        snapshot: None,
        name: None,
        replaces: None,
    };
    imports::accept(&fixture.library, &input, noon()).await.unwrap();
    for _ in 0..imports::MOST_TRIES {
        imports::claim(&fixture.library, noon()).await.unwrap().unwrap();
        imports::release(&fixture.library, noon()).await.unwrap();
    }
    assert!(imports::claim(&fixture.library, noon()).await.unwrap().is_none());
    let import = imports::find(&fixture.library, 1).await.unwrap().unwrap();
    assert!(matches!(import.state, State::Failed { ref code, .. } if code == "stopped"), "{import:?}");
}
