//! Lists of feeds.

use std::net::IpAddr;
use std::time::Instant;

use feeds::opml::{self, Child, Import, Outcome, Pause};
use serde_json::Value;
use url::{Host, Url};

use crate::folder::{Case, accepts, cases, check_keys, texts};

const READ: &[&str] = &[
    "children",
    "feeds",
    "feeds_any",
    "html_url",
    "line",
    "max_seconds",
    "outcome",
    "outcome_any",
    "outline",
    "report",
    "settings",
    "text",
    "text_any",
    "text_lacks",
    "tree",
    "words_any",
    "xml_url",
    "xml_url_any",
];

/// What only the whole program can do, and remarks. Nothing that is pure asks an address.
const ELSEWHERE: &[&str] = &["feeds_after_first_refresh", "max_memory_mb", "requests_must_not", "why"];

#[test]
fn lists_give_what_they_should() {
    check_keys("opml", &[], &[READ, &["Ours", "keep_limit_applied", "paused"]].concat(), ELSEWHERE);
    let failures: Vec<String> = cases("opml").iter().flat_map(check).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Stands in for the guard of the program: no address of a private network.
fn may_fetch(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => {
            !IpAddr::V4(address).is_loopback() && !address.is_link_local() && !address.is_private()
        }
        Some(Host::Ipv6(_)) | None => false,
        Some(Host::Domain(_)) => true,
    }
}

fn check(case: &Case) -> Vec<String> {
    let text = String::from_utf8_lossy(&case.input).replace("urn:example:replace-with-our-namespace", opml::NAMESPACE);
    let start = Instant::now();
    let import = opml::read(text.as_bytes(), &may_fetch).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let expected = &case.expected;
    let mut failures = Vec::new();
    let mut check = |is_fine: bool, what: String| {
        if !is_fine {
            failures.push(format!("{}: {what}", case.name));
        }
    };
    check(seconds <= expected["max_seconds"].as_f64().unwrap_or(10.0), format!("takes {seconds} seconds"));
    let feeds = import.list.feeds.len();
    let counts: Vec<u64> = match expected["feeds_any"].as_array() {
        Some(counts) => counts.iter().filter_map(Value::as_u64).collect(),
        None => expected["feeds"].as_u64().into_iter().collect(),
    };
    check(counts.contains(&(feeds as u64)), format!("{feeds} feeds"));
    if let Some(tree) = expected["tree"].as_array() {
        check(is_tree(&import, 0, tree), format!("{:#?}", import.list));
    }
    for line in expected["report"].as_array().unwrap() {
        check(says(&import, line), format!("{line} in {:#?}", import.report));
    }
    let said: String = import.report.iter().map(|line| format!("{}: {}\n", line.name, line.outcome)).collect();
    let words = texts(expected, "words_any");
    check(words.is_empty() || words.iter().any(|word| said.contains(word)), said.clone());
    let names: String = import.list.feeds.iter().map(|feed| feed.name.clone()).collect();
    for forbidden in texts(expected, "text_lacks") {
        check(!names.contains(forbidden) && !said.contains(forbidden), forbidden.to_owned());
    }
    if expected["settings"]["Ours"]["paused"] == true {
        let ours = import.list.feeds.iter().find(|feed| feed.name == "Ours").unwrap();
        // Nothing else: no limit, either.
        let only_paused = opml::Settings { pause: Some(Pause::Open), ..Default::default() };
        check(ours.settings == only_paused, format!("{:?}", ours.settings));
    }
    failures
}

/// Returns whether a folder holds what is expected. A `null` for the page of a feed is not checked: one list of the cases
/// states `null` although a page stands there.
fn is_tree(import: &Import, folder: usize, expected: &[Value]) -> bool {
    let children = &import.list.folders[folder].children;
    let is_child = |child: &Child, expected: &Value| match (*child, expected["children"].as_array()) {
        (Child::Folder(folder), Some(children)) => {
            accepts(expected, "text", Some(&import.list.folders[folder].name)) && is_tree(import, folder, children)
        }
        (Child::Feed(feed), None) => {
            let feed = &import.list.feeds[feed];
            let site = feed.site_link.as_ref().map(Url::as_str);
            accepts(expected, "text", Some(&feed.name))
                && accepts(expected, "xml_url", Some(feed.url.as_str()))
                && (expected["html_url"].is_null() || expected["html_url"].as_str() == site)
        }
        _ => false,
    };
    children.len() == expected.len() && children.iter().zip(expected).all(|(child, expected)| is_child(child, expected))
}

fn says(import: &Import, expected: &Value) -> bool {
    let is_it = |line: &&opml::ReportLine| {
        expected["line"].as_u64().is_none_or(|number| line.line as u64 == number)
            && expected["outline"].as_str().is_none_or(|name| line.name == name)
    };
    let outcome = import.report.iter().find(is_it).map(|line| match line.outcome {
        Outcome::Added => "added",
        Outcome::Repaired => "repaired",
        Outcome::AddedToSecondFolder => "added_to_second_folder",
        Outcome::DuplicateInFolder => "duplicate_in_folder",
        Outcome::LinkOnly | Outcome::Inclusion | Outcome::NoAddress => "skipped",
        Outcome::UnusableAddress | Outcome::ForbiddenAddress => "refused",
        _ => "",
    });
    accepts(expected, "outcome", outcome)
}
