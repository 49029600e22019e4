//! Feeds.

use feeds::identity::{Identity, Match, Rules, recognize};
use feeds::{Document, Feed, Item, NotAFeed, Problem};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::folder::{Case, accepts, cases, check_keys, texts};

/// What is checked; there are never more items than those that are listed, whatever `items_exact` says.
const READ: &[&str] = &[
    "author",
    "chapters_url",
    "content_contains",
    "content_lacks",
    "duration_s",
    "enclosures",
    "feed",
    "id",
    "id_any",
    "ids_usable",
    "interval_hint_s",
    "items",
    "items_exact",
    "language",
    "length",
    "link",
    "order",
    "parse",
    "problems",
    "published",
    "second_read",
    "sort_by",
    "sort_by_any",
    "title",
    "title_any",
    "type",
    "updated",
    "validators_stored",
    "words_any",
];

#[test]
fn feeds_give_what_they_should() {
    // Nothing that is pure asks an address, or knows the status of an answer.
    check_keys(
        "feeds",
        &["content_encoding", "content_type", "fetched_at", "status", "url"],
        READ,
        &["requests_must_not"],
    );
    let failures: Vec<String> = cases("feeds").iter().flat_map(check).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(case: &Case) -> Vec<String> {
    let expected = &case.expected;
    let url = Url::parse(expected["url"].as_str().unwrap()).unwrap();
    let document = Document { bytes: &case.input, url: Some(&url), content_type: expected["content_type"].as_str() };
    let mut failures = Failures { name: &case.name, list: Vec::new() };
    match feeds::parse(&document) {
        Ok(feed) if expected["parse"] == "ok" => check_feed(&feed, expected, &mut failures),
        Err(reason) if expected["parse"] == "not_a_feed" => check_reason(&reason, expected, &mut failures),
        other => failures.add("parse", &format!("{other:?}")),
    }
    failures.list
}

struct Failures<'a> {
    name: &'a str,
    list: Vec<String>,
}

impl Failures<'_> {
    fn add(&mut self, what: &str, found: &str) {
        self.list.push(format!("{}: {what}: {found}", self.name));
    }

    fn check(&mut self, is_fine: bool, what: &str, found: impl std::fmt::Debug) {
        if !is_fine {
            self.add(what, &format!("{found:?}"));
        }
    }
}

fn check_reason(reason: &NotAFeed, expected: &Value, failures: &mut Failures<'_>) {
    let words = texts(expected, "words_any");
    failures.check(words.iter().any(|word| reason.to_string().contains(word)), "words", reason.to_string());
}

fn check_feed(feed: &Feed, expected: &Value, failures: &mut Failures<'_>) {
    let of_feed = &expected["feed"];
    failures.check(accepts(of_feed, "title", feed.title.as_deref()), "feed title", &feed.title);
    failures.check(accepts(of_feed, "link", feed.site_link.as_ref().map(Url::as_str)), "feed link", &feed.site_link);
    failures.check(accepts(of_feed, "language", feed.language.as_deref()), "language", &feed.language);
    if let Some(hint) = of_feed["interval_hint_s"].as_u64() {
        let interval = feed.rhythm.update_interval.map(|it| it.as_secs());
        failures.check(interval == Some(hint), "interval", interval);
    }
    check_problems(feed, expected, failures);
    if !expected["second_read"].is_null() {
        check_second_read(feed, failures);
    }
    let items = expected["items"].as_array().unwrap();
    failures.check(feed.items.len() == items.len(), "number of items", feed.items.len());
    for (position, expected_item) in items.iter().enumerate() {
        let by_title = |item: &&Item| item.title.as_deref() == expected_item["title"].as_str();
        let item = match expected["order"] == "any" {
            true => feed.items.iter().find(by_title),
            false => feed.items.get(position),
        };
        match item {
            Some(item) => check_item(item, expected_item, expected, failures),
            None => failures.add("item", &expected_item.to_string()),
        }
    }
}

/// Checks that a document that is read again has nothing new, and that no item is lost.
fn check_second_read(feed: &Feed, failures: &mut Failures<'_>) {
    let items: Vec<Identity> = feed.items.iter().map(Identity::from).collect();
    let rules = Rules { link_key: &crate::identity_cases::link_key, site_link: feed.site_link.as_ref() };
    let first = recognize(&items, &[], &rules);
    failures.check(first.iter().all(|it| *it == Match::New), "first read", &first);
    let second = recognize(&items, &items, &rules);
    failures.check(second.iter().enumerate().all(|(at, it)| *it == Match::Known(at)), "second read", &second);
}

/// The names of problems in the cases.
const PROBLEMS: &[(&str, Problem)] = &[
    ("odd_date", Problem::OddDate),
    ("invalid_character", Problem::InvalidCharacter),
    ("undeclared_entity", Problem::UndeclaredEntity),
    ("bare_ampersand", Problem::BareAmpersand),
    ("compressed_without_header", Problem::CompressedWithoutHeader),
    ("encoding_mismatch", Problem::EncodingMismatch),
    ("double_escaped", Problem::DoubleEscaped),
    ("json_types", Problem::JsonTypes),
    ("junk_before_declaration", Problem::JunkBeforeDeclaration),
    ("wrong_content_type", Problem::WrongContentType),
    ("undeclared_namespace", Problem::UndeclaredNamespace),
    ("duplicate_id", Problem::SharedId),
    ("enclosure_type", Problem::EnclosureType),
    ("missing_id", Problem::MissingId),
    ("empty_item", Problem::EmptyItem),
    ("truncated", Problem::Truncated),
];

fn check_problems(feed: &Feed, expected: &Value, failures: &mut Failures<'_>) {
    let names = texts(expected, "problems");
    for name in &names {
        let problem = PROBLEMS.iter().find(|(known, _)| known == name).map(|(_, problem)| *problem);
        failures.check(problem.is_some_and(|it| feed.problems.contains(it)), "problem", name);
    }
    failures.check(!names.is_empty() || feed.problems.is_empty(), "no problems", &feed.problems);
    if let Some(usable) = expected["ids_usable"].as_bool() {
        failures.check(feed.problems.contains(Problem::SharedId) != usable, "ids usable", usable);
    }
    if let Some(stored) = expected["validators_stored"].as_bool() {
        failures.check(feed.problems.contains(Problem::Truncated) != stored, "validators", stored);
    }
}

fn check_item(item: &Item, expected: &Value, case: &Value, failures: &mut Failures<'_>) {
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let published = time(item.published_at());
    let updated = time(item.updated.as_ref().and_then(|date| date.parsed));
    for (key, found) in [
        ("title", item.title.as_deref()),
        ("link", item.link.as_ref().map(Url::as_str)),
        ("id", item.guid.as_deref()),
        ("published", published.as_deref()),
        ("updated", updated.as_deref()),
        ("language", item.language.as_deref()),
        ("author", item.authors.first().map(String::as_str)),
        ("chapters_url", item.chapters_link.as_ref().map(Url::as_str)),
    ] {
        failures.check(accepts(expected, key, found), key, found);
    }
    if let Some(duration) = expected.get("duration_s") {
        failures.check(duration.as_u64() == item.duration.map(|it| it.as_secs()), "duration", item.duration);
    }
    let body = item.body().unwrap_or_default();
    for part in texts(expected, "content_contains") {
        failures.check(body.contains(part), part, body);
    }
    for part in texts(expected, "content_lacks") {
        failures.check(!body.contains(part), part, body);
    }
    check_enclosures(item, expected, failures);
    if let Some(fetched) = case["fetched_at"].as_str() {
        let arrived: Timestamp = fetched.parse().unwrap();
        let by = if item.sort_time(arrived, None) == arrived { "arrival" } else { "published" };
        failures.check(accepts(expected, "sort_by", Some(by)), "sort by", by);
    }
}

fn check_enclosures(item: &Item, expected: &Value, failures: &mut Failures<'_>) {
    let Some(enclosures) = expected["enclosures"].as_array() else { return };
    failures.check(item.enclosures.len() == enclosures.len(), "enclosures", &item.enclosures);
    for (found, expected) in item.enclosures.iter().zip(enclosures) {
        let is_fine = accepts(expected, "url", Some(found.url.as_str()))
            && accepts(expected, "type", found.media_type.as_deref())
            && expected.get("length").is_none_or(|length| length.as_u64() == found.length);
        failures.check(is_fine, "enclosure", found);
    }
}
