//! Pasted texts and pages.

use broadsheet::ingest::{Outcome, ingest};
use broadsheet::library::articles::{self, Added};
use broadsheet::library::imports::{self, Accepted, Before, Input, State};
use broadsheet::library::snapshots::{self, Form, Snapshot};
use url::Url;

use crate::site::Answer;
use crate::{Fixture, ferry_article_html, noon};

#[tokio::test]
async fn pasted_text_needs_no_url() {
    let fixture = Fixture::new().await;
    let text = "Ferry late again\n\nThe ferry was late again on Monday, the harbour board said in a statement.\n\n\
                Passengers waited for two hours in the rain and were given soup.";
    let added = fixture.paste(Form::Text, text, None).await.unwrap();
    let article = fixture.article(added.id()).await;
    assert_eq!((article.title.as_str(), article.source_domain.as_str()), ("Ferry late again", "pasted"));
    assert_eq!(article.address, None);
    assert!(article.body.as_str().contains("given soup"));
    let again = fixture.paste(Form::Text, &text.replace('\n', "\r\n"), None).await;
    assert_eq!(again, Ok(Added::Already(added.id())), "the same text is the same article");
}

#[tokio::test]
async fn page_pasted_with_its_url_is_the_article_of_that_url() {
    let fixture = Fixture::new().await;
    let added = fixture
        .paste(Form::Html, &ferry_article_html("Osprey", ""), Some("http://harbour.example/late"))
        .await
        .unwrap();
    assert_eq!(fixture.article(added.id()).await.source_domain, "harbour.example");
    assert_eq!(fixture.import("https://harbour.example/late/").await, Ok(Added::Already(added.id())));
    assert!(fixture.web.asked().is_empty(), "nothing was fetched");
}

/// An import of an address that is being fetched, and for which a page is pasted meanwhile.
async fn paste_during_fetch(fixture: &Fixture) -> imports::Import {
    let address = Some(Url::parse("http://harbour.example/late").unwrap());
    let input = Input { address: address.clone(), snapshot: None, name: None, replaces: None };
    imports::accept(&fixture.library, &input, noon()).await.unwrap();
    let running = imports::claim(&fixture.library, noon()).await.unwrap().unwrap();
    let pasted = Snapshot {
        address: None,
        content_type: None,
        form: Form::Html,
        bytes: ferry_article_html("Osprey", "").into_bytes(),
    };
    let snapshot = Some(snapshots::keep(&fixture.library, &pasted, noon()).await.unwrap());
    let accepted = imports::accept(&fixture.library, &Input { address, snapshot, name: None, replaces: None }, noon())
        .await
        .unwrap();
    assert_eq!(accepted, Accepted::Waiting(running.id));
    running
}

#[tokio::test]
async fn page_pasted_during_a_fetch_is_used_when_the_fetch_fails() {
    let fixture = Fixture::new().await;
    let running = paste_during_fetch(&fixture).await;
    let ended = ingest(&fixture.library, &fixture.fetcher, &running, noon()).await.unwrap();
    let Outcome::Failed(failure) = ended else { panic!("there is no such page") };
    imports::fail(&fixture.library, running.id, &failure, noon()).await.unwrap();
    let again = imports::claim(&fixture.library, noon()).await.unwrap().expect("it waits once more");
    let ended = ingest(&fixture.library, &fixture.fetcher, &again, noon()).await.unwrap();
    let Outcome::Article(added) = ended else { panic!("the pasted page has a text: {ended:?}") };
    assert_eq!(fixture.article(added.id()).await.title, "Why the Osprey was late");
    let ended = imports::find(&fixture.library, running.id).await.unwrap().unwrap();
    assert!(matches!(ended.state, State::Done { before: Before::Nowhere, .. }), "{ended:?}");
}

#[tokio::test]
async fn page_pasted_during_a_fetch_replaces_the_fetched_page() {
    let fixture = Fixture::new().await;
    fixture.web.put("harbour.example/late", Answer::html(ferry_article_html("Merganser", "")));
    let running = paste_during_fetch(&fixture).await;
    let ended = ingest(&fixture.library, &fixture.fetcher, &running, noon()).await.unwrap();
    let Outcome::Article(added) = ended else { panic!("{ended:?}") };
    assert_eq!(fixture.article(added.id()).await.title, "Why the Osprey was late");
}

#[tokio::test]
async fn failed_pasted_page_is_still_used_on_retry() {
    let fixture = Fixture::new().await;
    let running = paste_during_fetch(&fixture).await;
    let failure = imports::Failure { code: "internal".into(), problem: "It was our fault.".into() };
    imports::fail(&fixture.library, running.id, &failure, noon()).await.unwrap();
    let again = imports::claim(&fixture.library, noon()).await.unwrap().unwrap();
    imports::fail(&fixture.library, again.id, &failure, noon()).await.unwrap();
    assert!(matches!(imports::find(&fixture.library, again.id).await.unwrap().unwrap().state, State::Failed { .. }));
    assert!(imports::again(&fixture.library, again.id, noon()).await.unwrap());
    let again = imports::claim(&fixture.library, noon()).await.unwrap().unwrap();
    let pasted = again.snapshot.expect("the page is still named");
    assert_eq!(articles::named_snapshots(&fixture.library, &[pasted]).await.unwrap(), [pasted]);
    let ended = ingest(&fixture.library, &fixture.fetcher, &again, noon()).await.unwrap();
    assert!(matches!(ended, Outcome::Article(_)), "{ended:?}");
}
