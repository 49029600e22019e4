//! Which source an article has, and which URLs find it: what was seen counts, and what a page says of itself does not.

use broadsheet::ingest::Outcome;
use broadsheet::ingest::intake::{self, PasteFormat, UploadedFile};
use broadsheet::library::articles::{Added, find_by_url};
use broadsheet::library::imports::{self, Accepted};
use broadsheet::library::rules::{self, NewRule, PreviewCounts};
use broadsheet::library::sources;
use extract::{Action, Reason, Rule, Selector};
use url::Url;

use crate::mock_web::MockResponse;
use crate::{Fixture, bakery_article_html, ferry_article_html, noon};

impl Fixture {
    /// Uploads a file and imports it.
    async fn upload(&self, name: &str, html: &str) -> Added {
        let file = UploadedFile { name: name.into(), bytes: html.as_bytes().to_vec() };
        let request = intake::read_files(vec![file]).remove(0).unwrap();
        self.run_request(request).await
    }

    async fn run_request(&self, request: intake::ImportRequest) -> Added {
        let accepted = intake::enqueue(&self.library, &[request], noon()).await.unwrap();
        assert!(matches!(accepted[0], Accepted::New(_)), "{accepted:?}");
        let import = imports::claim_next(&self.library, &[], noon()).await.unwrap().unwrap();
        match self.ingest(&import).await {
            Outcome::Article(added) => added,
            ended => panic!("{ended:?}"),
        }
    }

    async fn finds(&self, url: &str) -> Option<i64> {
        find_by_url(&self.library, &Url::parse(url).unwrap()).await.unwrap()
    }
}

fn saved_from(url: &str, html: &str) -> String {
    format!("<!DOCTYPE html>\n<!-- saved from url=(00{}){url} -->\n{html}", url.len())
}

#[tokio::test]
async fn text_reached_by_a_redirect_has_the_source_it_came_from() {
    let fixture = Fixture::new().await;
    let head = r#"<meta property="og:site_name" content="Cape Courier"><meta property="og:url" content="http://trusted.example/budget">"#;
    fixture.web.serve("evil.example/page", MockResponse::html(ferry_article_html("Osprey", head)));
    fixture.web.serve("trusted.example/out", MockResponse::redirect("http://evil.example/page"));
    let asked = "http://trusted.example/out?to=http%3A%2F%2Fevil.example%2Fpage";
    let added = fixture.import(asked).await.unwrap();
    let article = fixture.article(added.id()).await;
    assert_eq!(
        (article.source_domain.as_str(), article.url.as_deref()),
        ("evil.example", Some("http://evil.example/page"))
    );
    assert_eq!(fixture.finds(asked).await, Some(added.id()), "the link that was added leads to it");
    assert_eq!(fixture.finds("http://trusted.example/budget").await, None);
    assert!(sources::find(&fixture.library, "trusted.example").await.unwrap().is_none());
}

#[tokio::test]
async fn shorteners_protocols_and_mobile_hosts_keep_their_source() {
    let fixture = Fixture::new().await;
    fixture.web.serve("short.example/1", MockResponse::redirect("http://hop.example/2"));
    fixture.web.serve("hop.example/2", MockResponse::redirect("http://m.harbour.example/late"));
    fixture.web.serve("m.harbour.example/late", MockResponse::html(ferry_article_html("Osprey", "")));
    let added = fixture.import("http://short.example/1").await.unwrap();
    assert_eq!(fixture.article(added.id()).await.source_domain, "harbour.example");
    for same in ["http://short.example/1", "https://www.short.example/1"] {
        assert_eq!(fixture.import(same).await, Ok(Added::Existing(added.id())), "{same}");
    }
    assert_eq!(fixture.import("http://m.harbour.example/late").await, Ok(Added::Existing(added.id())), "the same text");
    assert_eq!(fixture.finds("https://harbour.example/late").await, Some(added.id()));
}

#[tokio::test]
async fn rules_are_those_of_the_source_the_text_came_from() {
    let fixture = Fixture::new().await;
    let page = ferry_article_html("Osprey", "").replace("<p>In part 3", "<p class=third>In part 3");
    fixture.web.serve("harbour.example/late", MockResponse::html(page.clone()));
    fixture.web.serve("short.example/x", MockResponse::redirect("http://harbour.example/late"));
    fixture.web.serve("short.example/own", MockResponse::html(bakery_article_html("")));
    fixture.web.serve("harbour.example/first", MockResponse::html(bakery_article_html("<!-- -->")));
    for known in ["http://short.example/own", "http://harbour.example/first"] {
        fixture.import(known).await.unwrap();
    }
    for (domain, selector) in [("harbour.example", ".third"), ("short.example", "p")] {
        let rule = Rule { selector: selector.parse::<Selector>().unwrap(), action: Action::Remove(Reason::Promotion) };
        let new = NewRule { rule, article_id: None, replaces_id: None };
        rules::save(&fixture.library, domain, &new, PreviewCounts::default(), noon()).await.unwrap();
    }
    let added = fixture.import("http://short.example/x").await.unwrap();
    let html = fixture.article(added.id()).await.html;
    assert!(html.as_str().contains("In part 2") && !html.as_str().contains("In part 3"), "{}", html.as_str());
}

#[tokio::test]
async fn what_a_file_says_is_shown_and_occupies_no_url() {
    let fixture = Fixture::new().await;
    let url = "http://trusted.example/budget";
    let canonical =
        format!(r#"<link rel="canonical" href="{url}"><base href="{url}"><meta property="og:url" content="{url}">"#);
    for (name, html) in [
        ("saved.html", saved_from(url, &ferry_article_html("Osprey", ""))),
        ("both.html", saved_from(url, &ferry_article_html("Merganser", &canonical))),
        ("canonical.html", ferry_article_html("Eider", &canonical)),
    ] {
        let added = fixture.upload(name, &html).await;
        let article = fixture.article(added.id()).await;
        assert!(matches!(added, Added::New(_)), "{name}");
        assert_eq!(
            (article.source_domain.as_str(), article.source_name.as_str()),
            ("uploaded", "Uploaded files"),
            "{name}"
        );
        assert_eq!((article.url.as_deref(), article.claimed_url.as_deref()), (None, Some(url)), "{name}");
        assert_eq!(fixture.finds(url).await, None, "{name}");
    }
    fixture.web.serve("trusted.example/budget", MockResponse::html(bakery_article_html(&canonical)));
    let real = fixture.import(url).await.unwrap();
    assert!(matches!(real, Added::New(_)), "{real:?}");
    let article = fixture.article(real.id()).await;
    assert_eq!((article.title.as_str(), article.source_domain.as_str()), ("The last bakery", "trusted.example"));
    assert_eq!(article.claimed_url, None);
    assert_eq!(fixture.count().await, 4, "they stand side by side");
}

#[tokio::test]
async fn a_forged_copy_of_the_same_text_does_not_take_its_place() {
    let fixture = Fixture::new().await;
    let url = "http://trusted.example/budget";
    let forged = ferry_article_html("Osprey", "").replace("late", "sunk");
    let copy = fixture.upload("copy.html", &saved_from(url, &forged)).await;
    fixture.web.serve("trusted.example/budget", MockResponse::html(ferry_article_html("Osprey", "")));
    let real = fixture.import(url).await.unwrap();
    assert_ne!(real.id(), copy.id());
    assert_eq!(fixture.article(real.id()).await.source_domain, "trusted.example");
    let again = fixture.upload("again.html", &saved_from(url, &ferry_article_html("Osprey", ""))).await;
    assert_eq!(again, Added::Existing(real.id()), "a copy of what was fetched is that article");
}

#[tokio::test]
async fn a_file_does_not_end_the_fetch_of_the_url_it_names() {
    let fixture = Fixture::new().await;
    let url = "http://trusted.example/budget";
    fixture.web.serve("trusted.example/budget", MockResponse::html(bakery_article_html("")));
    let link = intake::read_url(url).unwrap();
    let file = UploadedFile {
        name: "forged.html".into(),
        bytes: saved_from(url, &ferry_article_html("Osprey", "")).into_bytes(),
    };
    let forged = intake::read_files(vec![file]).remove(0).unwrap();
    let accepted = intake::enqueue(&fixture.library, &[link, forged], noon()).await.unwrap();
    assert_eq!(accepted, [Accepted::New(1), Accepted::New(2)], "two imports");
    let import = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    let ended = fixture.ingest(&import).await;
    let Outcome::Article(added) = ended else { panic!("{ended:?}") };
    assert_eq!(fixture.article(added.id()).await.title, "The last bakery");
}

#[tokio::test]
async fn a_link_that_the_reader_typed_for_a_pasted_page_is_a_key_and_what_the_page_says_is_not() {
    let fixture = Fixture::new().await;
    let head = r#"<link rel="canonical" href="http://trusted.example/budget">"#;
    let paste = intake::read_paste(&ferry_article_html("Osprey", head), PasteFormat::Auto, "").unwrap();
    let pasted = fixture.run_request(paste).await;
    let article = fixture.article(pasted.id()).await;
    assert_eq!((article.source_domain.as_str(), article.url), ("pasted", None));
    assert_eq!(article.claimed_url.as_deref(), Some("http://trusted.example/budget"));
    let typed = "http://harbour.example/typed";
    let paste = intake::read_paste(&bakery_article_html(head), PasteFormat::Auto, typed).unwrap();
    let added = fixture.run_request(paste).await;
    let article = fixture.article(added.id()).await;
    assert_eq!((article.source_domain.as_str(), article.url.as_deref()), ("harbour.example", Some(typed)));
    assert_eq!((fixture.finds(typed).await, article.claimed_url), (Some(added.id()), None));
    assert_eq!(fixture.finds("http://trusted.example/budget").await, None);
}

#[tokio::test]
async fn links_in_a_saved_page_are_relative_to_where_it_says_it_is_from() {
    let fixture = Fixture::new().await;
    let html = ferry_article_html("Osprey", "").replace("<p>In part 2", "<p><a href=/crew>The crew</a> in part 2");
    let added = fixture.upload("saved.html", &saved_from("http://trusted.example/budget", &html)).await;
    let html = fixture.article(added.id()).await.html;
    assert!(html.as_str().contains("http://trusted.example/crew"), "{}", html.as_str());
}

/// A page of so many words, on one subject.
fn apology(words: usize, head: &str) -> String {
    let text = (0..words).map(|n| format!("sorry{n}")).collect::<Vec<_>>().join(" ");
    format!(
        "<html lang=en><head><title>We will be back</title>{head}</head><body><article><h1>We will be back</h1><p>{text}.</p></article></body></html>"
    )
}

#[tokio::test]
async fn articles_that_a_site_in_trouble_sent_to_one_apology_stay_two() {
    for (target, head) in [
        ("harbour.example/back-soon", ""),
        ("harbour.example/back-soon", r#"<link rel="canonical" href="http://harbour.example/back-soon">"#),
    ] {
        let fixture = Fixture::new().await;
        fixture.web.serve(target, MockResponse::html(apology(60, head)));
        for path in ["one", "two"] {
            fixture.web.serve(&format!("harbour.example/{path}"), MockResponse::redirect(&format!("http://{target}")));
        }
        let one = fixture.import("http://harbour.example/one").await.unwrap();
        let two = fixture.import("http://harbour.example/two").await.unwrap();
        assert!(matches!(two, Added::New(_)) && one.id() != two.id(), "{two:?}");
        assert_eq!(fixture.finds(&format!("http://{target}")).await, None);
    }
}

#[tokio::test]
async fn a_login_or_error_page_instead_of_the_article_is_a_failure_that_can_be_retried() {
    for target in [
        "harbour.example/login?next=/one",
        "harbour.example/sorry/index.html",
        "error.harbour.example/x",
        "harbour.example/en/404.html",
    ] {
        let fixture = Fixture::new().await;
        fixture.web.serve(target, MockResponse::html(apology(60, "")));
        fixture.web.serve("harbour.example/one", MockResponse::redirect(&format!("http://{target}")));
        let failure = fixture.import("http://harbour.example/one").await.unwrap_err();
        assert_eq!(failure.code, "notice-page", "{target}");
        fixture.web.serve("harbour.example/one", MockResponse::html(ferry_article_html("Osprey", "")));
        let added = fixture.import("http://harbour.example/one").await.unwrap();
        assert_eq!(fixture.article(added.id()).await.title, "Why the Osprey was late", "it is had when it is repaired");
    }
}

#[tokio::test]
async fn a_redirect_names_an_article_if_its_page_does() {
    let fixture = Fixture::new().await;
    let head = r#"<link rel="canonical" href="http://harbour.example/new-name">"#;
    fixture.web.serve("harbour.example/new-name", MockResponse::html(ferry_article_html("Osprey", head)));
    fixture.web.serve("harbour.example/old-name", MockResponse::redirect("http://harbour.example/new-name"));
    let added = fixture.import("http://harbour.example/old-name").await.unwrap();
    assert_eq!(
        fixture.finds("http://harbour.example/new-name").await,
        Some(added.id()),
        "it need not be fetched again"
    );
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/section", MockResponse::html(ferry_article_html("Osprey", "")));
    fixture.web.serve("harbour.example/lost", MockResponse::redirect("http://harbour.example/section"));
    let lost = fixture.import("http://harbour.example/lost").await.unwrap();
    assert_eq!(fixture.finds("http://harbour.example/section").await, None);
    fixture.web.serve("harbour.example/section", MockResponse::html(bakery_article_html("")));
    let section = fixture.import("http://harbour.example/section").await.unwrap();
    assert!(matches!(section, Added::New(_)) && section.id() != lost.id(), "another text is another article");
}

#[tokio::test]
async fn publications_of_a_shared_domain_keep_their_names() {
    let fixture = Fixture::new().await;
    let mut sources = Vec::new();
    for (url, ship, name) in [
        ("http://mara.substack.com/p/one", "Osprey", "Mara’s Tides"),
        ("http://olek.substack.com/p/one", "Heron", "Olek on Locks"),
        ("http://olek.substack.com/p/two", "Plover", "Sign in | Substack"),
        ("http://www.tern.github.io/a", "Tern", "Access denied"),
    ] {
        let head = format!(r#"<meta property="og:site_name" content="{name}">"#);
        fixture.web.serve(url.trim_start_matches("http://"), MockResponse::html(ferry_article_html(ship, &head)));
        let article = fixture.article(fixture.import(url).await.unwrap().id()).await;
        sources.push((article.source_domain, article.source_name));
    }
    let expected = [
        ("mara.substack.com", "Mara’s Tides"),
        ("olek.substack.com", "Olek on Locks"),
        ("olek.substack.com", "Olek on Locks"),
        ("tern.github.io", "tern.github.io"),
    ];
    assert_eq!(sources, expected.map(|(domain, name)| (domain.to_owned(), name.to_owned())));
}
