//! Pages, and the feeds that must be offered for them.

use feeds::discovery::{Candidate, Kind, MAX_GUESSES, Origin, Page, candidates};
use feeds::{Document, Feed};
use serde_json::Value;
use url::Url;

use crate::folder::{Case, cases, check_keys, texts};

const READ: &[&str] = &[
    "feeds",
    "first_offer",
    "input",
    "kind",
    "max_to_host",
    "not_feeds",
    "order",
    "order_of_comments",
    "page_says",
    "requests",
    "rows",
    "title",
];

/// What only the whole program can do, and remarks.
const ELSEWHERE: &[&str] =
    &["choice", "first_offer_also_ok", "max_in_flight", "methods", "network", "note", "words_any"];

#[test]
fn pages_offer_the_feeds_they_should() {
    check_keys("discovery", &["content_type", "headers", "site", "url"], READ, ELSEWHERE);
    let failures: Vec<String> = cases("discovery").iter().flat_map(check).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(case: &Case) -> Vec<String> {
    match case.expected["kind"] == "pattern_table" {
        true => check_patterns(&case.expected),
        false => check_page(case),
    }
}

/// What a page of a program says of it.
fn page_of(words: &str) -> String {
    let program = ["Mastodon", "Lemmy", "WordPress"].into_iter().find(|program| words.contains(program));
    program.map(|program| format!("<meta name=\"generator\" content=\"{program} 4.3\">")).unwrap_or_default()
}

fn check_patterns(expected: &Value) -> Vec<String> {
    let mut failures = Vec::new();
    for row in expected["rows"].as_array().unwrap() {
        let url = Url::parse(row["input"].as_str().unwrap()).unwrap();
        let html = page_of(row["page_says"].as_str().unwrap_or_default());
        let offered = candidates(&Page { url: &url, html: &html, link_headers: &[] });
        let is_pattern = |origin: Origin| match html.is_empty() {
            true => !origin.is_guess(),
            // What the page says of its program is a guess.
            false => origin == Origin::Program,
        };
        let first = offered.first().filter(|candidate| is_pattern(candidate.origin)).map(|it| it.url.as_str());
        if first != row["first_offer"].as_str() {
            failures.push(format!("{url}: {first:?}"));
        }
    }
    failures
}

/// A feed that is offered, once it has been asked.
struct Offered {
    candidate: Candidate,
    title: Option<String>,
}

fn check_page(case: &Case) -> Vec<String> {
    let expected = &case.expected;
    let url = Url::parse(expected["url"].as_str().unwrap()).unwrap();
    let html = String::from_utf8_lossy(&case.input);
    let headers = texts(&expected["headers"], "link");
    let found = candidates(&Page { url: &url, html: &html, link_headers: &headers });
    let guesses = found.iter().filter(|candidate| candidate.origin.is_guess()).count();
    assert!(guesses <= MAX_GUESSES, "{}", case.name);
    // The page itself is asked, too.
    let most = expected["requests"]["max_to_host"].as_u64().unwrap_or(u64::MAX);
    assert!((guesses as u64) < most, "{}: {guesses} guesses", case.name);
    let mut offered: Vec<Offered> = found.into_iter().filter_map(|it| ask(it, &expected["site"], &url)).collect();
    let wanted = expected["feeds"].as_array().unwrap();
    if expected["order"] == "any" || expected["order_of_comments"] == "any" {
        let rank = |offered: &Offered| wanted.iter().position(|it| it["url"] == offered.candidate.url.as_str());
        offered.sort_by_key(|it| (it.candidate.kind, rank(it)));
    }
    let shown: Vec<String> = offered.iter().map(|it| format!("{:?} {:?}", it.candidate, it.title)).collect();
    let is_wanted = |(offered, wanted): (&Offered, &Value)| {
        let kind = if offered.candidate.kind == Kind::Main { "main" } else { "comments" };
        wanted["url"] == offered.candidate.url.as_str()
            && wanted["kind"] == kind
            && (wanted["title"].is_null() || wanted["title"].as_str() == offered.title.as_deref())
    };
    let not_feeds = texts(expected, "not_feeds");
    let is_wrong = offered.iter().any(|it| not_feeds.contains(&it.candidate.url.as_str()));
    match !is_wrong && offered.len() == wanted.len() && offered.iter().zip(wanted).all(is_wanted) {
        true => Vec::new(),
        false => vec![format!("{}: {shown:#?}", case.name)],
    }
}

/// Asks a candidate. Feeds that are declared and not part of the case are taken for feeds.
fn ask(candidate: Candidate, site: &Value, page: &Url) -> Option<Offered> {
    let path = candidate.url.path();
    let answer = Some(&site[path]).filter(|it| !it.is_null() && candidate.url.host() == page.host());
    let Some(answer) = answer else {
        let title = candidate.title.clone();
        return (!candidate.origin.is_guess()).then_some(Offered { candidate, title });
    };
    let body = answer["body"].as_str().unwrap();
    let document =
        Document { bytes: body.as_bytes(), url: Some(&candidate.url), content_type: answer["content_type"].as_str() };
    let feed: Feed = feeds::parse(&document).ok()?;
    let title = candidate.title.clone().or(feed.title);
    Some(Offered { candidate, title })
}
