//! The whole story: from what a reader hands in, over a played web, to what stands in the library.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/site.rs"]
mod site;

use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::ingest::re_extraction::{self, Again, Proposal};
use broadsheet::ingest::{Outcome, ingest};
use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::articles::{self, Added, Article, versions};
use broadsheet::library::imports::{self, Accepted, ImportOutcome, NewImport, State};
use broadsheet::library::snapshots::{self, Snapshot, SnapshotFormat};
use broadsheet::library::{tags, topics};
use jiff::Timestamp;
use site::{Answer, Web};
use url::Url;

struct World {
    web: Web,
    library: Library,
    fetcher: Fetcher,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let web = Web::start().await;
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), 1).await.unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::everyone_at(web.origin)).unwrap();
        Self { web, library, fetcher, _folder: folder }
    }

    /// Hands an address in and works it off.
    async fn import(&self, address: &str) -> Result<Added, imports::Failure> {
        self.work_off(NewImport {
            url: Some(Url::parse(address).unwrap()),
            snapshot_id: None,
            file_name: None,
            replaces_id: None,
        })
        .await
    }

    async fn paste(&self, form: SnapshotFormat, text: &str, address: Option<&str>) -> Result<Added, imports::Failure> {
        let content_type = Some("text/plain; charset=utf-8".to_owned());
        let snapshot = Snapshot { url: None, content_type, format: form, bytes: text.as_bytes().to_vec() };
        let snapshot = Some(snapshots::save(&self.library, &snapshot, noon()).await.unwrap());
        let address = address.map(|address| Url::parse(address).unwrap());
        self.work_off(NewImport { url: address, snapshot_id: snapshot, file_name: None, replaces_id: None }).await
    }

    async fn work_off(&self, input: NewImport) -> Result<Added, imports::Failure> {
        match imports::accept(&self.library, &input, noon()).await.unwrap() {
            Accepted::ArticleExists { article_id } => return Ok(Added::Existing(article_id)),
            Accepted::New(_) | Accepted::AlreadyQueued(_) => {}
        }
        let import = imports::claim_next(&self.library, noon()).await.unwrap().unwrap();
        match ingest(&self.library, &self.fetcher, &import, noon()).await.unwrap() {
            Outcome::Article(added) => Ok(added),
            Outcome::Failed(failure) => {
                imports::fail(&self.library, import.id, &failure, noon()).await.unwrap();
                Err(failure)
            }
        }
    }

    async fn article(&self, id: i64) -> Article {
        articles::find(&self.library, id).await.unwrap().unwrap()
    }

    async fn count(&self) -> usize {
        lists::list(&self.library, &Filter::default(), Position::START, 50).await.unwrap().cards.len()
    }
}

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A page in our own words, as long as an article is; `more` goes into its head.
fn page(subject: &str, more: &str) -> String {
    let paragraphs: String = (1..=6)
        .map(|n| {
            format!(
                "<p>In part {n} of the report on the {subject}, the harbour board explains at length why the ferry was late, \
                 what the crew of the {subject} did about it, and which of the {n} promises made in spring were kept.</p>"
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><head><title>Why the {subject} was late</title>{more}</head>\
         <body><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article><h1>Why the {subject} was late</h1>{paragraphs}</article>\
         <footer>All rights reserved by the Harbour Post.</footer></body></html>"
    )
}

/// Another page of the same site, about something else.
fn bakery(more: &str) -> String {
    let paragraphs: String = ["flour", "butter", "yeast", "salt", "sugar"]
        .map(|thing| format!("<p>Nobody in Quarrel Sound bakes without {thing}, says Ines Marlowe, whose ovens have been warm since 1961 and whose {thing} comes from the next valley.</p>"))
        .concat();
    format!(
        "<html lang=en><head><title>The last bakery</title>{more}</head><body><article><h1>The last bakery</h1>{paragraphs}</article></body></html>"
    )
}

#[tokio::test]
async fn an_address_becomes_an_article_filed_by_source_topic_and_tag() {
    let world = World::new().await;
    let head = r#"<meta property="og:site_name" content="The Harbour Post"><meta property="article:section" content="Politics">
                  <meta name="keywords" content="Ferries, Harbour board"><meta name="author" content="Anna Sorel">
                  <meta property="article:published_time" content="2026-11-20T08:00:00+01:00">"#;
    world.web.put("news.harbour.example/politics/late", Answer::html(page("Osprey", head)));
    let added = world.import("http://news.harbour.example/politics/late?utm_source=letter#top").await;
    assert!(matches!(added, Ok(Added::New(_))), "{added:?}");
    let article = world.article(added.unwrap().id()).await;
    assert_eq!(article.title, "Why the Osprey was late");
    assert_eq!((article.source_domain.as_str(), article.source_name.as_str()), ("harbour.example", "The Harbour Post"));
    assert_eq!(article.topic, "politics");
    assert_eq!(article.published_at.unwrap().to_string(), "2026-11-20T07:00:00Z");
    assert_eq!(article.byline.as_deref(), Some("Anna Sorel"));
    assert!(article.html.as_str().contains("In part 6 of the report"), "{}", article.html.as_str());
    assert!(!article.html.as_str().contains("All rights reserved"));
    let tags: Vec<_> =
        tags::list_for_article(&world.library, article.id).await.unwrap().into_iter().map(|tag| tag.name).collect();
    assert_eq!(tags, ["Ferries", "Harbour board"]);
    assert_eq!(topics::article_counts(&world.library).await.unwrap().unread, 1);
}

#[tokio::test]
async fn the_same_address_in_another_form_leads_to_the_article_already_there() {
    let world = World::new().await;
    world.web.put("harbour.example/late", Answer::html(page("Osprey", "")));
    let first = world.import("http://harbour.example/late").await.unwrap();
    for same in [
        "https://www.harbour.example/late/",
        "http://harbour.example/late?utm_campaign=x&fbclid=y",
        "http://HARBOUR.example:80/late#part-2",
    ] {
        assert_eq!(world.import(same).await, Ok(Added::Existing(first.id())), "{same}");
    }
    assert_eq!(world.web.asked().len(), 1, "it was fetched once");
}

#[tokio::test]
async fn two_addresses_that_end_at_one_page_are_one_article() {
    let world = World::new().await;
    world.web.put("harbour.example/late", Answer::html(page("Osprey", "")));
    world.web.put("short.example/x", Answer::moved("http://harbour.example/late"));
    let first = world.import("http://harbour.example/late").await.unwrap();
    assert_eq!(world.import("http://short.example/x").await, Ok(Added::Existing(first.id())));
    assert_eq!(world.import("http://short.example/x").await, Ok(Added::Existing(first.id())));
    assert_eq!(world.web.asked().len(), 3, "the second time the short address was known");
}

#[tokio::test]
async fn a_canonical_link_is_believed_within_its_site_when_the_texts_are_alike() {
    let world = World::new().await;
    let link = r#"<link rel="canonical" href="http://harbour.example/late">"#;
    world.web.put("harbour.example/late", Answer::html(page("Osprey", link)));
    world.web.put("m.harbour.example/amp/late", Answer::html(page("Osprey", link)));
    world.web.put("harbour.example/other", Answer::html(bakery(link)));
    world.web.put("thief.example/copy", Answer::html(page("Osprey", link)));
    let first = world.import("http://harbour.example/late").await.unwrap();
    assert_eq!(world.import("http://m.harbour.example/amp/late").await, Ok(Added::Existing(first.id())));
    assert!(matches!(world.import("http://harbour.example/other").await, Ok(Added::New(_))), "another text");
    assert!(matches!(world.import("http://thief.example/copy").await, Ok(Added::New(_))), "another site");
    assert!(world.web.asked().iter().all(|asked| asked != "harbour.example/"), "no canonical link is followed");
}

#[tokio::test]
async fn the_other_way_round_the_canonical_address_finds_the_article_too() {
    let world = World::new().await;
    let link = r#"<link rel="canonical" href="http://harbour.example/late">"#;
    world.web.put("harbour.example/late", Answer::html(page("Osprey", link)));
    world.web.put("amp.harbour.example/late", Answer::html(page("Osprey", link)));
    let first = world.import("http://amp.harbour.example/late").await.unwrap();
    assert_eq!(world.import("http://harbour.example/late").await, Ok(Added::Existing(first.id())));
    assert_eq!(world.count().await, 1);
}

#[tokio::test]
async fn a_canonical_link_to_the_front_page_is_nobodys_name() {
    let world = World::new().await;
    let link = r#"<link rel="canonical" href="http://harbour.example/">"#;
    world.web.put("harbour.example/a", Answer::html(page("Osprey", link)));
    world.web.put("harbour.example/b", Answer::html(page("Osprey", link)));
    assert!(matches!(world.import("http://harbour.example/a").await, Ok(Added::New(_))));
    assert!(matches!(world.import("http://harbour.example/b").await, Ok(Added::New(_))));
}

#[tokio::test]
async fn what_cannot_be_read_fails_with_a_sentence_and_can_be_tried_again() {
    let world = World::new().await;
    world.web.put("harbour.example/empty", Answer::html("<html><body><script>build()</script></body></html>"));
    world.web.put("harbour.example/gone", Answer::moved("http://harbour.example/"));
    world.web.put("harbour.example/", Answer::html(page("front page", "")));
    world.web.put("harbour.example/paper.pdf", Answer::of("application/pdf", "%PDF-1.7 …"));
    for (path, code) in [("missing", "status-404"), ("empty", "no-text"), ("gone", "front-page")] {
        let failure = world.import(&format!("http://harbour.example/{path}")).await.unwrap_err();
        assert_eq!(failure.code, code);
        assert!(failure.message.ends_with('.') && failure.message.len() > 40, "{}", failure.message);
    }
    assert!(world.import("http://harbour.example/paper.pdf").await.is_err());
    assert_eq!(imports::count_failed(&world.library).await.unwrap(), 4);
    world.web.put("harbour.example/missing", Answer::html(page("Osprey", "")));
    let failed = imports::list(&world.library, i64::MAX, 9).await.unwrap();
    let missing = failed.iter().find(|import| import.url.as_deref() == Some("http://harbour.example/missing")).unwrap();
    assert!(imports::retry(&world.library, missing.id, noon()).await.unwrap());
    let import = imports::claim_next(&world.library, noon()).await.unwrap().unwrap();
    let outcome = ingest(&world.library, &world.fetcher, &import, noon()).await.unwrap();
    assert!(matches!(outcome, Outcome::Article(Added::New(_))), "{outcome:?}");
    let import = imports::find(&world.library, import.id).await.unwrap().unwrap();
    assert!(matches!(import.state, State::Done { outcome: ImportOutcome::New, .. }));
}

#[tokio::test]
async fn pasted_text_needs_no_address() {
    let world = World::new().await;
    let text = "Ferry late again\n\nThe ferry was late again on Monday, the harbour board said in a statement.\n\n\
                Passengers waited for two hours in the rain and were given soup.";
    let added = world.paste(SnapshotFormat::Text, text, None).await.unwrap();
    let article = world.article(added.id()).await;
    assert_eq!((article.title.as_str(), article.source_domain.as_str()), ("Ferry late again", "pasted"));
    assert_eq!(article.url, None);
    assert!(article.html.as_str().contains("given soup"));
    let again = world.paste(SnapshotFormat::Text, &text.replace('\n', "\r\n"), None).await;
    assert_eq!(again, Ok(Added::Existing(added.id())), "the same text is the same article");
}

#[tokio::test]
async fn a_pasted_page_with_its_address_is_the_article_of_that_address() {
    let world = World::new().await;
    let added =
        world.paste(SnapshotFormat::Html, &page("Osprey", ""), Some("http://harbour.example/late")).await.unwrap();
    assert_eq!(world.article(added.id()).await.source_domain, "harbour.example");
    assert_eq!(world.import("https://harbour.example/late/").await, Ok(Added::Existing(added.id())));
    assert!(world.web.asked().is_empty(), "nothing was fetched");
}

#[tokio::test]
async fn an_import_that_was_interrupted_is_taken_up_again_and_ends_once() {
    let world = World::new().await;
    world.web.put("harbour.example/late", Answer::html(page("Osprey", "")));
    let input = NewImport {
        url: Some(Url::parse("http://harbour.example/late").unwrap()),
        snapshot_id: None,
        file_name: None,
        replaces_id: None,
    };
    let accepted = imports::accept(&world.library, &input, noon()).await.unwrap();
    assert_eq!(
        imports::accept(&world.library, &input, noon()).await.unwrap(),
        Accepted::AlreadyQueued(1),
        "{accepted:?}"
    );
    imports::claim_next(&world.library, noon()).await.unwrap().unwrap();
    assert!(imports::claim_next(&world.library, noon()).await.unwrap().is_none(), "it is in hand");
    imports::requeue_interrupted(&world.library, noon()).await.unwrap();
    let import = imports::claim_next(&world.library, noon()).await.unwrap().unwrap();
    ingest(&world.library, &world.fetcher, &import, noon()).await.unwrap();
    ingest(&world.library, &world.fetcher, &import, noon()).await.unwrap();
    assert_eq!(world.count().await, 1);
}

#[tokio::test]
async fn an_import_that_takes_the_program_down_each_time_is_ended() {
    let world = World::new().await;
    let input = NewImport {
        url: Some(Url::parse("http://harbour.example/late").unwrap()),
        snapshot_id: None,
        file_name: None,
        replaces_id: None,
    };
    imports::accept(&world.library, &input, noon()).await.unwrap();
    for _ in 0..imports::MAX_ATTEMPTS {
        imports::claim_next(&world.library, noon()).await.unwrap().unwrap();
        imports::requeue_interrupted(&world.library, noon()).await.unwrap();
    }
    assert!(imports::claim_next(&world.library, noon()).await.unwrap().is_none());
    let import = imports::find(&world.library, 1).await.unwrap().unwrap();
    assert!(matches!(import.state, State::Failed { ref code, .. } if code == "stopped"), "{import:?}");
}

/// An import of an address that is being fetched, and for which a page is pasted meanwhile.
async fn pasted_while_running(world: &World) -> imports::Import {
    let address = Some(Url::parse("http://harbour.example/late").unwrap());
    let input = NewImport { url: address.clone(), snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&world.library, &input, noon()).await.unwrap();
    let running = imports::claim_next(&world.library, noon()).await.unwrap().unwrap();
    let pasted = Snapshot {
        url: None,
        content_type: None,
        format: SnapshotFormat::Html,
        bytes: page("Osprey", "").into_bytes(),
    };
    let snapshot = Some(snapshots::save(&world.library, &pasted, noon()).await.unwrap());
    let accepted = imports::accept(
        &world.library,
        &NewImport { url: address, snapshot_id: snapshot, file_name: None, replaces_id: None },
        noon(),
    )
    .await
    .unwrap();
    assert_eq!(accepted, Accepted::AlreadyQueued(running.id));
    running
}

#[tokio::test]
async fn a_page_pasted_while_its_address_is_fetched_is_read_when_the_fetch_fails() {
    let world = World::new().await;
    let running = pasted_while_running(&world).await;
    let ended = ingest(&world.library, &world.fetcher, &running, noon()).await.unwrap();
    let Outcome::Failed(failure) = ended else { panic!("there is no such page") };
    imports::fail(&world.library, running.id, &failure, noon()).await.unwrap();
    let again = imports::claim_next(&world.library, noon()).await.unwrap().expect("it waits once more");
    let ended = ingest(&world.library, &world.fetcher, &again, noon()).await.unwrap();
    let Outcome::Article(added) = ended else { panic!("the pasted page has a text: {ended:?}") };
    assert_eq!(world.article(added.id()).await.title, "Why the Osprey was late");
    let ended = imports::find(&world.library, running.id).await.unwrap().unwrap();
    assert!(matches!(ended.state, State::Done { outcome: ImportOutcome::New, .. }), "{ended:?}");
}

#[tokio::test]
async fn a_page_pasted_while_its_address_is_fetched_goes_before_what_the_site_sends() {
    let world = World::new().await;
    world.web.put("harbour.example/late", Answer::html(page("Merganser", "")));
    let running = pasted_while_running(&world).await;
    let ended = ingest(&world.library, &world.fetcher, &running, noon()).await.unwrap();
    let Outcome::Article(added) = ended else { panic!("{ended:?}") };
    assert_eq!(world.article(added.id()).await.title, "Why the Osprey was late");
}

#[tokio::test]
async fn a_pasted_page_that_could_not_be_read_is_not_forgotten_when_it_is_tried_again() {
    let world = World::new().await;
    let running = pasted_while_running(&world).await;
    let failure = imports::Failure { code: "internal".into(), message: "It was our fault.".into() };
    imports::fail(&world.library, running.id, &failure, noon()).await.unwrap();
    let again = imports::claim_next(&world.library, noon()).await.unwrap().unwrap();
    imports::fail(&world.library, again.id, &failure, noon()).await.unwrap();
    assert!(matches!(imports::find(&world.library, again.id).await.unwrap().unwrap().state, State::Failed { .. }));
    assert!(imports::retry(&world.library, again.id, noon()).await.unwrap());
    let again = imports::claim_next(&world.library, noon()).await.unwrap().unwrap();
    let pasted = again.snapshot_id.expect("the page is still named");
    assert_eq!(articles::find_referenced_snapshots(&world.library, &[pasted]).await.unwrap(), [pasted]);
    let ended = ingest(&world.library, &world.fetcher, &again, noon()).await.unwrap();
    assert!(matches!(ended, Outcome::Article(_)), "{ended:?}");
}

/// One page of three: its own words, and the pager under them.
fn part(number: usize) -> String {
    let words: String = ["the quay", "the crew", "the engine", "the passengers"]
        .map(|thing| {
            format!("<p>Chapter {number} of the long report on the ferry is about {thing}, of which it says in {number} careful sentences what was seen, heard and paid for that year.</p>")
        })
        .concat();
    format!(
        "<html lang=en><head><title>The long report</title><meta property=og:type content=article></head><body><article><h1>The long report</h1>{words}</article>\
         <nav><a href='/report?page=1'>1</a> <a href='/report?page=2'>2</a> <a href='/report?page=3'>3</a></nav></body></html>"
    )
}

#[tokio::test]
async fn an_article_of_several_pages_is_read_to_its_end_and_again_without_a_fetch() {
    let world = World::new().await;
    world.web.put("harbour.example/report", Answer::html(part(1)));
    world.web.put("harbour.example/report?page=2", Answer::html(part(2)));
    world.web.put("harbour.example/report?page=3", Answer::html(part(3)));
    let added = world.import("http://harbour.example/report").await.unwrap();
    let article = world.article(added.id()).await;
    for number in 1..=3 {
        assert!(article.html.as_str().contains(&format!("Chapter {number} of the long report")), "{number}");
    }
    assert_eq!(article.next_page, None);
    assert_eq!(world.web.asked().len(), 3);
    assert_eq!(re_extraction::again(&world.library, article.id, noon()).await.unwrap(), Again::Unchanged);
    assert_eq!(world.web.asked().len(), 3, "nothing was fetched for it");
}

#[tokio::test]
async fn a_page_that_cannot_be_had_leaves_those_before_it_and_says_why() {
    let world = World::new().await;
    world.web.put("harbour.example/report", Answer::html(part(1)));
    world.web.put("harbour.example/report?page=2", Answer::html(part(2)));
    world.web.put("harbour.example/report?page=3", Answer::status(503));
    let added = world.import("http://harbour.example/report").await.unwrap();
    let article = world.article(added.id()).await;
    assert!(article.html.as_str().contains("Chapter 2 of the long report"));
    let rest = article.next_page.unwrap();
    assert_eq!(rest.url, "http://harbour.example/report?page=3");
    assert!(rest.error_message.unwrap().ends_with('.'));
}

#[tokio::test]
async fn a_pager_that_leads_nowhere_new_ends_the_article() {
    let world = World::new().await;
    world.web.put("harbour.example/report", Answer::html(part(1)));
    let added = world.import("http://harbour.example/report").await.unwrap();
    assert_eq!(world.article(added.id()).await.next_page, None);
    assert_eq!(world.web.asked().len(), 2, "the second was the first once more");
}

#[tokio::test]
async fn a_text_made_anew_can_be_taken_back_and_is_then_left_alone() {
    let world = World::new().await;
    world.web.put("harbour.example/late", Answer::html(page("Osprey", "")));
    let id = world.import("http://harbour.example/late").await.unwrap().id();
    let mut older = versions::load_current(&world.library, id).await.unwrap().unwrap();
    older.title = "What older code made of it".into();
    versions::replace(&world.library, id, &older, noon()).await.unwrap();
    articles::apply_action(&world.library, id, articles::ArticleAction::Star, noon()).await.unwrap();

    assert_eq!(re_extraction::again(&world.library, id, noon()).await.unwrap(), Again::Changed);
    let now = world.article(id).await;
    assert!(now.title == "Why the Osprey was late" && now.state.starred && now.has_previous_version);

    assert!(versions::restore_previous(&world.library, id, noon()).await.unwrap());
    assert_eq!(world.article(id).await.title, "What older code made of it");
    match re_extraction::propose(&world.library, id, noon()).await.unwrap() {
        Proposal::Other(change) => assert!(change.rejected, "the reader has gone back from it"),
        other => panic!("{other:?}"),
    }
    assert!(versions::restore_previous(&world.library, id, noon()).await.unwrap());
    assert_eq!(world.article(id).await.title, "Why the Osprey was late");
}
