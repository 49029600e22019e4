//! What is no article is none: a page that only says what is wrong fails, or is asked for again later.

use broadsheet::ingest::Outcome;
use broadsheet::library::imports::{self, NewImport};
use broadsheet::library::snapshots::SnapshotFormat;
use url::Url;

use crate::mock_web::MockResponse;
use crate::{Fixture, noon};

/// A page of a site with a menu and a footer around these words.
fn site_page(title: &str, words: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{title} - The Harbour Post</title></head><body>\
         <header><nav><ul><li><a href=/>Home</a><li><a href=/sport>Sport</a><li><a href=/ferries>Ferries</a></ul></nav></header>\
         <main><h1>{title}</h1><p>{words}</p></main>\
         <footer><p>The Harbour Post has reported from Quarrel Sound since 1898. All rights reserved.</p></footer></body></html>"
    )
}

async fn ingest(page: String) -> (Outcome, Fixture) {
    let fixture = Fixture::new().await;
    fixture.web.serve("harbour.example/a", MockResponse::html(page));
    let url = Some(Url::parse("http://harbour.example/a").unwrap());
    let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&fixture.library, &input, noon()).await.unwrap();
    let import = imports::claim_next(&fixture.library, &[], noon()).await.unwrap().unwrap();
    (fixture.ingest(&import).await, fixture)
}

#[tokio::test]
async fn a_notice_is_no_article() {
    for (title, words, code) in [
        ("Page not found", "Try the search, or go to our home page.", "soft-404"),
        ("Sorry", "The story you are looking for may have been moved or deleted.", "soft-404"),
        ("Artikel nicht gefunden", "Der gesuchte Beitrag ist nicht mehr da.", "soft-404"),
        ("Hello from far away", "This site is not available in your region for legal reasons.", "region-block"),
        ("One thing before you read", "Please turn off your ad blocker, then reload this page.", "ad-blocker"),
        ("Harbour", "Please enable JavaScript in your browser to read the news.", "needs-javascript"),
    ] {
        let (outcome, fixture) = ingest(site_page(title, words)).await;
        let Outcome::Failed(failure) = outcome else { panic!("{title}: {outcome:?}") };
        assert_eq!(failure.code, code, "{title}");
        assert!(failure.message.ends_with('.') && failure.message.len() > 40 && fixture.count().await == 0);
    }
}

#[tokio::test]
async fn a_notice_that_may_pass_is_asked_for_again() {
    for (title, words, code) in [
        ("We’ll be right back", "Our site is being worked on at the moment.", "maintenance"),
        ("503 Service Unavailable", "Please try again in a few minutes.", "maintenance"),
        ("Too many requests", "Please slow down.", "rate-limit"),
    ] {
        let (outcome, _) = ingest(site_page(title, words)).await;
        let Outcome::NotNow(reason) = outcome else { panic!("{title}: {outcome:?}") };
        assert_eq!((reason.failure.code.as_str(), reason.host), (code, None));
    }
}

#[tokio::test]
async fn a_short_news_item_is_an_article() {
    for (title, words) in [
        (
            "Ferry runs aground off Quarrel Sound",
            "The Osprey ran aground on Monday; nobody was hurt, the coast guard said.",
        ),
        ("Bridge closed for maintenance work until Friday", "The council has closed the old bridge until Friday noon."),
    ] {
        let (outcome, _) = ingest(site_page(title, words)).await;
        assert!(matches!(outcome, Outcome::Article(_)), "{title}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_page_that_names_its_date_or_author_is_an_article_and_a_template_is_none() {
    let closed = "Our server room at the harbour is closed; the tide tables are temporarily unavailable until noon.";
    let (og, dated) =
        ("<meta property=og:type content=article>", "<meta property=article:published_time content=2026-11-22>");
    let linked = |more: &str| {
        format!("<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"Closed\"{more}}}</script>")
    };
    for (head, is_article) in [
        (String::new(), false),
        (og.to_owned(), false),
        (linked(""), false),
        (format!("{og}{dated}"), true),
        (linked(",\"datePublished\":\"2026-11-22\""), true),
    ] {
        let page = site_page("Server room closed", closed).replace("</head>", &format!("{head}</head>"));
        let (outcome, _) = ingest(page).await;
        assert_eq!(matches!(outcome, Outcome::Article(_)), is_article, "{head}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_page_made_of_frames_says_so() {
    let shell = "<!doctype html><title>Harbour</title><frameset cols='50%,50%'><frame name=left src=/l>\
                 <frame name=right src=/r></frameset><noframes>Your browser shows no frames, which this site is made of.</noframes>";
    let (outcome, _) = ingest(format!("{shell}<p>Harbour news in frames for everyone who likes them.")).await;
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert!(["frames", "no-text"].contains(&failure.code.as_str()), "{failure:?}");
}

#[tokio::test]
async fn what_a_reader_pastes_is_what_they_mean() {
    let fixture = Fixture::new().await;
    let page =
        site_page("Page not found", "The page you are looking for may have been moved, said the sign at the pier.");
    let pasted = fixture.paste(SnapshotFormat::Html, &page, Some("http://harbour.example/a")).await;
    assert!(pasted.is_ok(), "{pasted:?}");
}
