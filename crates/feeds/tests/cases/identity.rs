//! Histories of a feed and its reader: how many articles there are in the end, and which of them are read.

use feeds::identity::{Identity, Match, Rules, recognize};
use feeds::{Document, Feed};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::folder::{Case, cases, check_keys, texts};
use crate::rss_shorthand::{hours, render, time};

const READ: &[&str] = &[
    "articles",
    "must_not_appear",
    "order_top_at",
    "read",
    "should_not_appear",
    "state",
    "title",
    "titles",
    "top_two_any_order",
    "unread",
    "unread_titles_exclude",
    "unread_titles_include",
];

/// What only the whole program can do, and remarks.
const ELSEWHERE: &[&str] = &["changed_at", "note", "order_note", "starred", "versions"];

#[test]
fn histories_end_as_they_should() {
    check_keys("identity", &[], READ, ELSEWHERE);
    let failures: Vec<String> = cases("identity").iter().flat_map(check).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// An article of the library, which remembers it even if it is removed.
struct Article {
    identity: Identity,
    is_read: bool,
    is_removed: bool,
    sort_time: Timestamp,
}

#[derive(Default)]
struct Library {
    articles: Vec<Article>,
    previous_look: Option<Timestamp>,
}

/// At the first look, only so many of the newest are unread.
const UNREAD_AT_FIRST: usize = 10;

pub(crate) fn link_key(link: &Url) -> String {
    link.as_str().split_once("://").unwrap().1.to_owned()
}

impl Library {
    fn take(&mut self, feed: &Feed, now: Timestamp) {
        let known: Vec<Identity> = self.articles.iter().map(|article| article.identity.clone()).collect();
        let items: Vec<Identity> = feed.items.iter().map(Identity::from).collect();
        let rules = Rules { link_key: &link_key, site_link: feed.site_link.as_ref() };
        for (position, found) in recognize(&items, &known, &rules).into_iter().enumerate() {
            match found {
                Match::Known(at) => self.articles[at].identity = items[position].clone(),
                Match::Repeated(_) => {}
                Match::New => self.articles.push(Article {
                    identity: items[position].clone(),
                    is_read: self.previous_look.is_none() && position >= UNREAD_AT_FIRST,
                    is_removed: false,
                    sort_time: feed.items[position].sort_time(now, self.previous_look),
                }),
            }
        }
        self.previous_look = Some(now);
    }

    fn act(&mut self, action: &Value) {
        let is_meant = |article: &&mut Article| article.identity.title.as_deref() == action["title"].as_str();
        for article in self.articles.iter_mut().filter(is_meant) {
            match action["do"].as_str().unwrap() {
                "mark_read" => article.is_read = true,
                "remove" => article.is_removed = true,
                _ => {}
            }
        }
    }

    fn kept(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter().filter(|article| !article.is_removed)
    }
}

fn check(case: &Case) -> Vec<String> {
    let history: Value = serde_json::from_slice(&case.input).unwrap();
    let mut library = Library::default();
    let mut order = Vec::new();
    for step in history["documents"].as_array().unwrap() {
        let at = hours(step["at"].as_str().unwrap());
        match step["rss"].is_null() {
            true => library.act(step),
            false => {
                let xml = render(&step["rss"], at);
                let document = Document { bytes: xml.as_bytes(), url: None, content_type: None };
                library.take(&feeds::parse(&document).unwrap(), time(at));
                let mut newest: Vec<&Article> = library.kept().collect();
                newest.sort_by_key(|article| std::cmp::Reverse(article.sort_time));
                let titles = newest.iter().map(|it| it.identity.title.clone().unwrap());
                order.push((at, titles.take(2).collect::<Vec<_>>()));
            }
        }
    }
    compare(case, &library, &order)
}

fn compare(case: &Case, library: &Library, order: &[(f64, Vec<String>)]) -> Vec<String> {
    let expected = &case.expected;
    let mut failures = Vec::new();
    let mut check = |is_fine: bool, what: &str| {
        if !is_fine {
            let found: Vec<_> = library.kept().map(|it| (&it.identity, it.is_read)).collect();
            failures.push(format!("{}: {what}: {found:#?}", case.name));
        }
    };
    let title = |article: &Article| article.identity.title.clone().unwrap();
    check(expected["articles"].as_u64() == Some(library.kept().count() as u64), "articles");
    let unread: Vec<String> = library.kept().filter(|article| !article.is_read).map(title).collect();
    check(expected["unread"].as_u64().is_none_or(|count| count == unread.len() as u64), "unread");
    check(texts(expected, "unread_titles_include").iter().all(|it| unread.iter().any(|title| title == it)), "unread");
    check(!texts(expected, "unread_titles_exclude").iter().any(|it| unread.iter().any(|title| title == it)), "read");
    let titles: Vec<String> = library.kept().map(title).collect();
    let wanted = texts(expected, "titles");
    check(wanted.is_empty() || titles == wanted, "titles");
    let forbidden = [texts(expected, "must_not_appear"), texts(expected, "should_not_appear")].concat();
    check(!titles.iter().any(|title| forbidden.contains(&title.as_str())), "forbidden titles");
    for state in expected["state"].as_array().into_iter().flatten() {
        let article = library.kept().find(|article| article.identity.title.as_deref() == state["title"].as_str());
        let is_read = article.map(|article| article.is_read);
        check(article.is_some() && state["read"].as_bool().is_none_or(|read| Some(read) == is_read), "state");
    }
    let top = texts(expected, "top_two_any_order");
    let is_top = |shown: &[String]| top.iter().all(|title| shown.iter().any(|it| it == title));
    let at = expected["order_top_at"].as_str().map(hours);
    // What is shown then is what the last document before it brought.
    let shown = order.iter().rfind(|(time, _)| at.is_some_and(|at| *time <= at));
    check(top.is_empty() || shown.is_some_and(|(_, shown)| is_top(shown)), "order");
    failures
}
