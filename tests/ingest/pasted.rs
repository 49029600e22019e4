//! Pasted texts and pages.

use broadsheet::ingest::Outcome;
use broadsheet::library::articles::{self, Added};
use broadsheet::library::imports::{self, Accepted, ImportOutcome, ImportState, NewImport};
use broadsheet::library::snapshots::{self, Snapshot, SnapshotFormat};
use url::Url;

use crate::mock_web::MockResponse;
use crate::{Fixture, ferry_article_html, noon};

#[tokio::test]
async fn pasted_text_needs_no_url() {
    let fixture = Fixture::new().await;
    let text = "Ferry late again\n\nThe ferry was late again on Monday, the harbour board said in a statement.\n\n\
                Passengers waited for two hours in the rain and were given soup.";
    let added = fixture.paste(SnapshotFormat::Text, text, None).await.unwrap();
    let article = fixture.article(added.id()).await;
    assert_eq!((article.title.as_str(), article.source_domain.as_str()), ("Ferry late again", "pasted"));
    assert_eq!(article.url, None);
    assert!(article.html.as_str().contains("given soup"));
    let again = fixture.paste(SnapshotFormat::Text, &text.replace('\n', "\r\n"), None).await;
    assert_eq!(again, Ok(Added::Existing(added.id())), "the same text is the same article");
}

#[tokio::test]
async fn page_pasted_with_its_url_is_the_article_of_that_url() {
    let fixture = Fixture::new().await;
    let added = fixture
        .paste(SnapshotFormat::Html, &ferry_article_html("Osprey", ""), Some("http://harbour.example/late"))
        .await
        .unwrap();
    assert_eq!(fixture.article(added.id()).await.source_domain, "harbour.example");
    assert_eq!(fixture.import("https://harbour.example/late/").await, Ok(Added::Existing(added.id())));
    assert!(fixture.web.requests().is_empty(), "nothing was fetched");
}

/// Starts importing a URL and pastes a page for it before the fetch.
async fn paste_during_fetch(fixture: &Fixture) -> imports::Import {
    let address = Some(Url::parse("http://harbour.example/late").unwrap());
    let input = NewImport { url: address.clone(), snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&fixture.library, &input, noon()).await.unwrap();
    let running = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    let pasted = Snapshot {
        url: None,
        content_type: None,
        format: SnapshotFormat::Html,
        bytes: ferry_article_html("Osprey", "").into_bytes(),
    };
    let snapshot = Some(snapshots::save(&fixture.library, &pasted, noon()).await.unwrap());
    let accepted = imports::accept(
        &fixture.library,
        &NewImport { url: address, snapshot_id: snapshot, file_name: None, replaces_id: None },
        noon(),
    )
    .await
    .unwrap();
    assert_eq!(accepted, Accepted::AlreadyQueued(running.id));
    running
}

#[tokio::test]
async fn page_pasted_during_a_fetch_is_used_when_the_fetch_fails() {
    let fixture = Fixture::new().await;
    let running = paste_during_fetch(&fixture).await;
    let ended = fixture.ingest(&running).await;
    let Outcome::Failed(failure) = ended else { panic!("there is no such page") };
    imports::fail(&fixture.library, running.id, &failure, noon()).await.unwrap();
    let again = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().expect("it is queued again");
    let ended = fixture.ingest(&again).await;
    let Outcome::Article(added) = ended else { panic!("the pasted page has a text: {ended:?}") };
    assert_eq!(fixture.article(added.id()).await.title, "Why the Osprey was late");
    let ended = imports::find(&fixture.library, running.id).await.unwrap().unwrap();
    assert!(matches!(ended.state, ImportState::Done { outcome: ImportOutcome::New, .. }), "{ended:?}");
}

#[tokio::test]
async fn page_pasted_during_a_fetch_replaces_the_fetched_page() {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/late", MockResponse::html(ferry_article_html("Merganser", "")));
    let running = paste_during_fetch(&fixture).await;
    let ended = fixture.ingest(&running).await;
    let Outcome::Article(added) = ended else { panic!("{ended:?}") };
    assert_eq!(fixture.article(added.id()).await.title, "Why the Osprey was late");
}

#[tokio::test]
async fn failed_pasted_page_is_still_used_on_retry() {
    let fixture = Fixture::new().await;
    let running = paste_during_fetch(&fixture).await;
    let failure = imports::Failure { code: "internal".into(), message: "It was our fault.".into() };
    imports::fail(&fixture.library, running.id, &failure, noon()).await.unwrap();
    let again = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    imports::fail(&fixture.library, again.id, &failure, noon()).await.unwrap();
    assert!(matches!(
        imports::find(&fixture.library, again.id).await.unwrap().unwrap().state,
        ImportState::Failed { .. }
    ));
    assert!(imports::retry(&fixture.library, again.id, noon()).await.unwrap());
    let again = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    let pasted = again.snapshot_id.expect("the snapshot is still referenced");
    assert_eq!(articles::find_referenced_snapshots(&fixture.library, &[pasted]).await.unwrap(), [pasted]);
    let ended = fixture.ingest(&again).await;
    assert!(matches!(ended, Outcome::Article(_)), "{ended:?}");
}
