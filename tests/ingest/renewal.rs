//! Fetching the page of an article again: a better text takes its place, a worse one does not, and nothing is lost.

use std::sync::Arc;

use broadsheet::ingest::article_rules::{self, Confirmation, SaveOutcome};
use broadsheet::ingest::re_extraction;
use broadsheet::library::articles::{self, ArticleAction, versions};
use broadsheet::library::imports::{self, Accepted, ImportOutcome, ImportState, Renewable};
use broadsheet::library::rules::NewRule;
use broadsheet::library::snapshots::{Snapshot, SnapshotFormat};
use broadsheet::library::sources;
use extract::{Action, Reason, Rule};
use jiff::civil::Date;
use tokio::sync::Barrier;

use crate::further_pages::report_page_html;
use crate::mock_web::MockResponse;
use crate::{Fixture, bakery_article_html, ferry_article_html, noon};

const URL: &str = "http://harbour.example/late";

impl Fixture {
    /// Fetches an article again, and returns what its import says.
    async fn fetch_again(&self, article: i64) -> ImportState {
        let accepted = imports::renew(&self.library, article, noon()).await.unwrap().unwrap();
        let (Accepted::New(id) | Accepted::AlreadyQueued(id)) = accepted else { panic!("{accepted:?}") };
        self.run_next(id).await
    }

    async fn run_next(&self, id: i64) -> ImportState {
        let import = imports::claim_next(&self.library, &[], noon()).await.unwrap().unwrap();
        assert_eq!(import.id, id);
        if let broadsheet::ingest::Outcome::Failed(failure) = self.ingest(&import).await {
            imports::fail(&self.library, id, &failure, noon()).await.unwrap();
        }
        imports::find(&self.library, id).await.unwrap().unwrap().state
    }

    async fn import_ferry(&self) -> i64 {
        self.web.serve(URL, MockResponse::html(ferry_article_html("Osprey", "")));
        self.import(URL).await.unwrap().id()
    }
}

fn outcome(state: &ImportState) -> ImportOutcome {
    let ImportState::Done { outcome, .. } = state else { panic!("{state:?}") };
    *outcome
}

#[tokio::test]
async fn a_corrected_article_has_its_new_text_and_can_go_back_to_the_old_one() {
    let fixture = Fixture::new().await;
    let id = fixture.import_ferry().await;
    articles::apply_action(&fixture.library, id, ArticleAction::Star, noon()).await.unwrap();
    let old_page = articles::find_snapshot_id(&fixture.library, id).await.unwrap();
    assert_eq!(outcome(&fixture.fetch_again(id).await), ImportOutcome::RenewedUnchanged);
    let same_page = articles::find_snapshot_id(&fixture.library, id).await.unwrap();
    assert!(!fixture.article(id).await.has_previous_version && same_page > old_page);

    fixture.web.serve(URL, MockResponse::html(ferry_article_html("Heron", "")));
    assert_eq!(outcome(&fixture.fetch_again(id).await), ImportOutcome::Renewed);
    let article = fixture.article(id).await;
    assert_eq!(article.title, "Why the Heron was late");
    assert!(article.state.starred && article.has_previous_version && fixture.count().await == 1);
    let new_page = articles::find_snapshot_id(&fixture.library, id).await.unwrap();
    let pages = [same_page.unwrap(), new_page.unwrap()];
    assert_eq!(articles::find_referenced_snapshots(&fixture.library, &pages).await.unwrap(), pages, "both are kept");

    versions::restore_previous(&fixture.library, id, noon()).await.unwrap();
    assert_eq!(fixture.article(id).await.title, "Why the Osprey was late");
    assert_eq!(articles::find_snapshot_id(&fixture.library, id).await.unwrap(), same_page, "with its page");
}

#[tokio::test]
async fn a_page_that_is_worse_now_changes_nothing_and_the_reader_is_told() {
    let fixture = Fixture::new().await;
    let id = fixture.import_ferry().await;
    let start = ferry_article_html("Osprey", "").split("<p>In part 3").next().unwrap().to_owned();
    fixture.web.serve(URL, MockResponse::html(start));
    let state = fixture.fetch_again(id).await;
    let ImportState::Done { outcome: ImportOutcome::KeptOld, kept_because: Some(reason), .. } = &state else {
        panic!("{state:?}")
    };
    assert_eq!(reason, "The page now has less than half of the text. The saved text was kept.");
    let article = fixture.article(id).await;
    assert!(article.html.as_str().contains("In part 6") && article.has_previous_version, "the new text can be seen");
    assert!(versions::load_previous(&fixture.library, id).await.unwrap().unwrap().is_rejected);

    for (response, code) in [
        (MockResponse::status(404), "status-404"),
        (
            MockResponse::html("<title>Page not found</title><h1>Sorry</h1><p>The page you requested is gone."),
            "soft-404",
        ),
        (MockResponse::html("<title>Just a moment...</title><p>Verify you are human."), "bot-check"),
    ] {
        fixture.web.serve(URL, response);
        let state = fixture.fetch_again(id).await;
        assert!(matches!(&state, ImportState::Failed { code: found, .. } if found == code), "{state:?}");
        assert!(fixture.article(id).await.html.as_str().contains("In part 6"));
    }
}

#[tokio::test]
async fn a_link_whose_article_is_in_the_trash_restores_it_and_fetches_it_again() {
    let fixture = Fixture::new().await;
    let id = fixture.import_ferry().await;
    articles::apply_action(&fixture.library, id, ArticleAction::Delete, noon()).await.unwrap();
    fixture.web.serve(URL, MockResponse::html(ferry_article_html("Heron", "")));
    assert_eq!(fixture.import(URL).await.unwrap().id(), id);
    let article = fixture.article(id).await;
    assert_eq!((article.title.as_str(), article.state.deleted), ("Why the Heron was late", false));
    let state = imports::list(&fixture.library, i64::MAX, 1).await.unwrap().remove(0).state;
    assert_eq!(outcome(&state), ImportOutcome::Restored);

    articles::apply_action(&fixture.library, id, ArticleAction::Delete, noon()).await.unwrap();
    fixture.web.serve(URL, MockResponse::status(404));
    fixture.import(URL).await.unwrap_err();
    assert!(!fixture.article(id).await.state.deleted, "it is back although its site has it no more");
}

#[tokio::test]
async fn an_article_that_its_site_sent_elsewhere_is_fetched_again_when_it_is_added_again() {
    let fixture = Fixture::new().await;
    let apology = bakery_article_html("").replace("The last bakery", "We have a problem");
    fixture.web.serve("harbour.example/hiccup", MockResponse::html(apology));
    for path in ["one", "two"] {
        fixture.web.serve(&format!("harbour.example/{path}"), MockResponse::redirect("http://harbour.example/hiccup"));
    }
    let one = fixture.import("http://harbour.example/one").await.unwrap().id();
    let two = fixture.import("http://harbour.example/two").await.unwrap().id();
    assert_ne!(one, two, "they stay two");
    for (path, bird) in [("one", "Osprey"), ("two", "Heron")] {
        fixture.web.serve(&format!("harbour.example/{path}"), MockResponse::html(ferry_article_html(bird, "")));
    }
    assert_eq!(fixture.import("http://harbour.example/two").await.unwrap().id(), two);
    assert_eq!(fixture.article(two).await.title, "Why the Heron was late", "it is had when the site is repaired");
    assert_eq!(fixture.article(one).await.title, "We have a problem");
}

#[tokio::test]
async fn many_articles_are_fetched_again_and_only_those_meant() {
    let fixture = Fixture::new().await;
    let ferry = fixture.import_ferry().await;
    fixture.web.serve("other.example/bread", MockResponse::html(bakery_article_html("")));
    let bakery = fixture.import("http://other.example/bread").await.unwrap().id();
    fixture.paste(SnapshotFormat::Text, &"Pasted words. ".repeat(60), None).await.unwrap();
    let id = sources::find(&fixture.library, "other.example").await.unwrap().unwrap().id;
    let queued = imports::renew_all(&fixture.library, Renewable::OfSource(id), noon()).await.unwrap();
    assert_eq!(queued.len(), 1);
    assert_eq!(imports::find(&fixture.library, queued[0]).await.unwrap().unwrap().renews, Some(bakery));
    assert_eq!(imports::renew_all(&fixture.library, Renewable::Incomplete, noon()).await.unwrap(), Vec::<i64>::new());
    let all = imports::renew_all(&fixture.library, Renewable::All, noon()).await.unwrap();
    assert_eq!(all.len(), 2, "a pasted text has no page to fetch");
    let renewed = imports::find(&fixture.library, *all.first().unwrap()).await.unwrap().unwrap().renews;
    assert_eq!(renewed, Some(ferry));
}

impl Fixture {
    /// Imports a page that its site has no more from the archive's copy of [`ARCHIVE_DAY`].
    async fn import_from_archive(&self) -> i64 {
        let failure = self.import(URL).await.unwrap_err();
        assert_eq!(failure.code, "status-404");
        let copy = format!("web.archive.org/web/20240131120000id_/{URL}");
        self.web.serve(&format!("web.archive.org/web/2id_/{URL}"), MockResponse::redirect(&format!("http://{copy}")));
        self.web.serve(&copy, MockResponse::html(ferry_article_html("Osprey", "")));
        let id = imports::list(&self.library, i64::MAX, 1).await.unwrap()[0].id;
        assert!(imports::fetch_from_archive(&self.library, id, "web.archive.org", noon()).await.unwrap());
        let state = self.run_next(id).await;
        let ImportState::Done { article_id: Some(article), .. } = state else { panic!("{state:?}") };
        article
    }

    /// Returns what an article's title, page and day of an archived copy are.
    async fn text_page(&self, article: i64) -> (String, Option<i64>, Option<Date>) {
        let page = articles::find_snapshot_id(&self.library, article).await.unwrap();
        let article = self.article(article).await;
        (article.title, page, article.archived_on)
    }
}

const ARCHIVE_DAY: Date = jiff::civil::date(2024, 1, 31);

#[tokio::test]
async fn a_dead_page_comes_from_the_archive_and_says_of_which_day() {
    let fixture = Fixture::new().await;
    let id = fixture.import_from_archive().await;
    let article = fixture.article(id).await;
    assert_eq!((article.url.as_deref(), article.source_domain.as_str()), (Some(URL), "harbour.example"));
    assert_eq!(article.archived_on, Some(ARCHIVE_DAY));

    let archived = fixture.text_page(id).await;
    fixture.web.serve(URL, MockResponse::html(ferry_article_html("Heron", "")));
    fixture.fetch_again(id).await;
    let fetched = fixture.text_page(id).await;
    assert_eq!((fetched.0.as_str(), fetched.2), ("Why the Heron was late", None), "the site has it again");
    for expected in [archived, fetched] {
        assert!(versions::restore_previous(&fixture.library, id, noon()).await.unwrap());
        assert_eq!(fixture.text_page(id).await, expected, "page and day follow the text");
    }
}

#[tokio::test]
async fn a_pasted_page_can_be_undone_and_the_old_text_has_its_page_and_day_again() {
    let fixture = Fixture::new().await;
    let id = fixture.import_from_archive().await;
    let before = fixture.text_page(id).await;
    let bytes = ferry_article_html("Heron", "").into_bytes();
    let pasted = Snapshot { url: None, content_type: None, format: SnapshotFormat::Html, bytes };
    re_extraction::replace_with_pasted(&fixture.library, id, &pasted, noon()).await.unwrap();
    let after = fixture.text_page(id).await;
    assert_eq!((after.0.as_str(), after.2), ("Why the Heron was late", None), "what is pasted is no archived copy");
    let pages = [before.1.unwrap(), after.1.unwrap()];
    assert_eq!(articles::find_referenced_snapshots(&fixture.library, &pages).await.unwrap(), pages, "both are kept");
    for expected in [before, after] {
        assert!(versions::restore_previous(&fixture.library, id, noon()).await.unwrap());
        assert_eq!(fixture.text_page(id).await, expected);
    }
}

/// Imports an article of two pages, whose first has a part of the class `crew`, and corrects it on its site. The last
/// answer waits at the gate.
async fn corrected_report(fixture: &Fixture, gate: &Arc<Barrier>) -> i64 {
    let page = |number| {
        let page = report_page_html(number)
            .replace("<p>Chapter 1 of the long report on the ferry is about the crew", "<p class=crew>The crew");
        page.replace(" <a href='/report?page=3'>3</a>", "")
    };
    let url = "http://harbour.example/report";
    fixture.web.serve(url, MockResponse::html(page(1)));
    fixture.web.serve(&format!("{url}?page=2"), MockResponse::html(page(2)));
    let id = fixture.import(url).await.unwrap().id();
    fixture.web.serve(url, MockResponse::html(page(1).replace("careful", "corrected")));
    fixture.web.serve(&format!("{url}?page=2"), MockResponse::html(page(2)).after(gate));
    id
}

#[tokio::test]
async fn a_rule_that_is_saved_while_the_page_is_fetched_holds_for_the_new_text() {
    let (fixture, gate) = (Fixture::new().await, Arc::new(Barrier::new(2)));
    let id = corrected_report(&fixture, &gate).await;
    assert!(fixture.article(id).await.html.as_str().contains("The crew"));
    let remove = Rule { selector: ".crew".parse().unwrap(), action: Action::Remove(Reason::Promotion) };
    let rule = NewRule { rule: remove, article_id: Some(id), replaces_id: None };
    let save = async {
        gate.wait().await;
        let saved =
            article_rules::save(&fixture.library, "harbour.example", (id, &rule), Confirmation::Unconfirmed, noon());
        assert!(matches!(saved.await.unwrap(), SaveOutcome::Saved(_)));
        gate.wait().await;
    };
    let (state, ()) = tokio::join!(fixture.fetch_again(id), save);
    assert_eq!(outcome(&state), ImportOutcome::Renewed);
    let article = fixture.article(id).await;
    let text = article.html.as_str();
    assert!(text.contains("corrected") && text.contains("Chapter 2") && !text.contains("The crew"), "{text}");
}

#[tokio::test]
async fn a_text_that_is_pasted_while_the_page_is_fetched_is_kept() {
    let (fixture, gate) = (Fixture::new().await, Arc::new(Barrier::new(2)));
    let id = corrected_report(&fixture, &gate).await;
    let bytes = report_page_html(1).replace("careful", "pasted").into_bytes();
    let pasted = Snapshot { url: None, content_type: None, format: SnapshotFormat::Html, bytes };
    let paste = async {
        gate.wait().await;
        re_extraction::replace_with_pasted(&fixture.library, id, &pasted, noon()).await.unwrap();
        gate.wait().await;
    };
    let (state, ()) = tokio::join!(fixture.fetch_again(id), paste);
    assert_eq!(outcome(&state), ImportOutcome::KeptOld);
    assert!(fixture.article(id).await.html.as_str().contains("pasted"));
}
