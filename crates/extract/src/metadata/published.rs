//! When the article was published: what the page states for machines, what a reader sees near the
//! headline, what the address says, and last what the page's scripts hold.
//!
//! A wrong date is worse than none, so what a reader sees counts by its marks and by its distance to
//! the headline; copyright years, comments, quotations and other articles do not count.

use std::cell::RefCell;
use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};
use jiff::civil::Date;
use url::Url;

use crate::dates::{self, Dated, Order};
use crate::tree::{self, Walk, attribute};
use crate::{Page, urls, words};

/// Most lines of a page that are looked at.
const MOST_LINES: usize = 2_000;
/// A line that is dearer than this is no date of the article.
const DEAREST: usize = 75;

/// What was asked, and the languages the page names.
pub(super) struct Asked<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) languages: &'a [String],
}

/// The date of publication. `stated` are the page's own facts, the most trusted first.
pub(super) fn find(page: &Document, title: &str, stated: Vec<String>, asked: &Asked<'_>) -> Option<Dated> {
    let now = asked.page.now;
    let order = order(asked);
    let address = asked.page.url.and_then(|url| in_address(url, asked));
    let found = dates::first(stated, now, order)
        .or_else(|| seen(page, title, asked, order))
        .or(address)
        .or_else(|| in_scripts(page, asked))?;
    Some(match address {
        // An address is made once; a date that is later than it tells of an update.
        Some(address) if found.at.duration_since(address.at).as_hours() > 48 => address,
        Some(address) if is_next_to(found.day, address.day) => Dated { day: address.day, ..found },
        _ => found,
    })
}

fn is_next_to(one: Date, other: Date) -> bool {
    one.duration_until(other).as_hours().abs() <= 24
}

/// `/2024/05/06/`, `/2024/5/6/`, `/20240506…` and `/2024-05-06-…` in an address.
fn in_address(url: &Url, asked: &Asked<'_>) -> Option<Dated> {
    let numbers: Vec<&str> = url.path().split(|letter: char| !letter.is_ascii_digit()).collect();
    let read = |year: &str, month: &str, day: &str| {
        let shaped = year.len() == 4 && year.starts_with("20") && (1..=2).contains(&month.len());
        let text = || format!("{year}-{month:0>2}-{day:0>2}");
        (shaped && (1..=2).contains(&day.len()))
            .then(|| dates::parse(&text(), asked.page.now, Order::Unknown))
            .flatten()
    };
    let apart = numbers.windows(3).find_map(|three| read(three[0], three[1], three[2]));
    let joined = || {
        let eight = numbers.iter().filter(|number| number.len() == 8);
        eight.clone().find_map(|number| read(&number[..4], &number[4..6], &number[6..]))
    };
    apart.or_else(joined)
}

/// Which number comes first where the page's people write `5/6/2024`.
fn order(asked: &Asked<'_>) -> Order {
    let language = asked.languages.first().map(|language| language.to_ascii_lowercase()).unwrap_or_default();
    let host = asked.page.url.map(urls::host).unwrap_or_default();
    let land = host.rsplit('.').next().unwrap_or_default();
    match language.as_str() {
        "en-us" | "en_us" => Order::MonthFirst,
        _ if ["uk", "au", "ie", "nz", "in", "za"].contains(&land) => Order::DayFirst,
        "" => Order::Unknown,
        other if other.starts_with("en") && other.len() <= 2 => Order::Unknown,
        _ => Order::DayFirst,
    }
}

/// A line of the page that may hold a date.
struct Line {
    /// How many lines of the page stand before it.
    at: usize,
    text: String,
    /// Class, id and property words of the elements around and inside.
    marks: String,
    /// Written for machines, in an attribute.
    exact: bool,
}

/// What a reader sees: the cheapest line that is a date.
fn seen(page: &Document, title: &str, asked: &Asked<'_>, order: Order) -> Option<Dated> {
    let body = tree::body(page);
    let heading = heading(&body, title);
    let (lines, headline) = lines(&body, heading.as_ref());
    let mut best: Option<(usize, Dated)> = None;
    for line in &lines {
        let Some(cost) = cost(line, headline).filter(|cost| *cost <= DEAREST) else { continue };
        if best.as_ref().is_some_and(|(known, _)| *known <= cost) {
            continue;
        }
        if let Some(found) = dates::parse(&line.text, asked.page.now, order) {
            best = Some((cost, found));
        }
    }
    best.map(|(_, found)| found)
}

/// Words of a change rather than of publication.
const CHANGED: &[&str] = &[
    "modif",
    "updat",
    "aktualis",
    "geändert",
    "änderung",
    "mise à jour",
    "mis à jour",
    "actualiz",
    "atualiz",
    "aggiorn",
    "last edit",
    "last review",
    "обновл",
    "bijgewerkt",
    "opdater",
    "更新",
];
/// Words of publication.
const PUBLISHED: &[&str] = &[
    "publi",
    "posted",
    "erschienen",
    "veröffentlicht",
    "mis en ligne",
    "mise en ligne",
    "опублик",
    "gepubliceerd",
    "eingestellt",
    "发布",
    "公開",
];
/// Class and property words of a date.
const DATE_MARKS: &[&str] = &[
    "date",
    "datum",
    "fecha",
    "data-",
    "time",
    "publi",
    "posted",
    "submitted",
    "created",
    "byline",
    "meta",
    "stamp",
    "-info",
    "info-",
];

/// What a line costs as the date: its distance from the headline and the lack of marks. `None`: never.
fn cost(line: &Line, headline: Option<usize>) -> Option<usize> {
    let text = line.text.to_lowercase();
    if text.contains('©') || text.contains("copyright") {
        return None;
    }
    let has = |all: &[&str], text: &str| all.iter().any(|one| text.contains(one));
    let says = has(PUBLISHED, &text) || has(PUBLISHED, &line.marks);
    let marked = has(DATE_MARKS, &line.marks);
    let base = match (line.exact, says, marked) {
        (true, true, _) => 0,
        (true, ..) => 6,
        (false, true, _) => 8,
        (false, _, true) => 10,
        _ => 16,
    };
    let changed = if has(CHANGED, &text) || has(CHANGED, &line.marks) { 30 } else { 0 };
    let (away, far) = match headline {
        Some(headline) if line.at >= headline => (line.at - headline, 1),
        Some(headline) => (headline - line.at, 2),
        None => (line.at, 1),
    };
    let words = words::count(&text);
    let (reach, longest) = match (line.exact, says, marked) {
        (true, ..) => (usize::MAX, 20),
        (_, true, _) => (usize::MAX, 16),
        (_, _, true) => (50, 16),
        _ if headline.is_none() => (0, 0),
        _ => (8, 10),
    };
    // What stands far away costs no more than its marks allow: the end of an article is a fair place for "Published on".
    let distance = if says { (away * far).min(45) } else { away * far };
    (away * far <= reach && words <= longest).then_some(base + changed + distance)
}

/// The headline: the heading that says the title, else the first of the first rank.
pub(super) fn heading<'a>(body: &NodeRef<'a>, title: &str) -> Option<NodeRef<'a>> {
    let title = words::key(title);
    let headings = tree::elements(body, |node| tree::is_any(node, &["h1", "h2"]));
    let says = |node: &&NodeRef<'a>| !title.is_empty() && words::key(&tree::line(node)) == title;
    let first = || headings.iter().find(|node| tree::is_any(node, &["h1"]) && tree::has_text(node));
    headings.iter().take(60).find(says).or_else(first).copied()
}

/// Words of boxes whose dates are not the article's.
const ELSEWHERE: &[&str] = &[
    "comment",
    "comments",
    "commentlist",
    "kommentare",
    "related",
    "sidebar",
    "teaser",
    "teasers",
    "recommended",
    "footer",
    "menu",
    "nav",
    "navigation",
    "recent",
    "popular",
    "latest",
    "ticker",
    "events",
    "calendar",
    "copyright",
];

/// Whether an element holds what is not the article's own: navigation, comments, quotations, other articles.
pub(super) fn is_elsewhere(node: &NodeRef<'_>) -> bool {
    if tree::is_any(
        node,
        &["nav", "form", "select", "blockquote", "figcaption", "script", "style", "noscript", "template", "footer"],
    ) {
        return !(tree::is_any(node, &["footer"])
            && node.ancestors_it(Some(4)).any(|above| tree::is_any(&above, &["article"])));
    }
    if tree::is_any(node, &["aside"]) {
        return !node.parent().is_some_and(|parent| tree::is_any(&parent, &["article", "header"]));
    }
    tree::marks(node).split([' ', '-', '_']).any(|word| ELSEWHERE.contains(&word))
}

/// The page on the way of being read in lines.
#[derive(Default)]
struct Reading {
    /// Short lines with a number in them.
    lines: Vec<Line>,
    /// How many lines have been, with a number or without.
    at: usize,
    text: String,
    marks: String,
    headline: Option<usize>,
}

impl Reading {
    fn end_line(&mut self) {
        let digits = self.text.bytes().filter(u8::is_ascii_digit).take(4).count();
        if digits >= 4 && self.text.len() < 400 {
            let (text, marks) = (words::one_line(&self.text, 200), std::mem::take(&mut self.marks));
            self.lines.push(Line { at: self.at, text, marks, exact: false });
        }
        self.at += usize::from(!self.text.trim_start().is_empty());
        self.text.clear();
        self.marks.clear();
    }
}

fn lines(body: &NodeRef<'_>, heading: Option<&NodeRef<'_>>) -> (Vec<Line>, Option<usize>) {
    let around: HashSet<NodeId> =
        heading.map(|node| node.ancestors_it(None).map(|above| above.id).collect()).unwrap_or_default();
    let reading = RefCell::new(Reading::default());
    let ends_line = |node: &NodeRef<'_>| {
        let name = tree::name(node);
        !tree::is_inline(&name) || name == "br"
    };
    tree::walk(
        body,
        |node| {
            let mut reading = reading.borrow_mut();
            if node.is_text() {
                // A long line is no date; what it says is not needed.
                if reading.text.len() < 400 {
                    reading.text.push_str(&node.text());
                }
                return Walk::Past;
            }
            if reading.at >= MOST_LINES || !node.is_element() || (!around.contains(&node.id) && is_elsewhere(node)) {
                return Walk::Past;
            }
            if ends_line(node) {
                reading.end_line();
                reading.marks = node.parent().map(|parent| marks(&parent)).unwrap_or_default();
            }
            if heading.is_some_and(|heading| heading.id == node.id) {
                reading.headline = Some(reading.at);
            }
            let own = marks(node);
            if let Some(text) = exact(node, &own) {
                let at = reading.at;
                reading.lines.push(Line { at, text, marks: own.clone(), exact: true });
            }
            reading.marks.push_str(&own);
            Walk::Into
        },
        |node| {
            if ends_line(node) {
                reading.borrow_mut().end_line();
            }
        },
    );
    let mut reading = reading.into_inner();
    reading.end_line();
    (reading.lines, reading.headline)
}

/// Class, id and property words.
fn marks(node: &NodeRef<'_>) -> String {
    let property =
        ["itemprop", "property", "data-testid"].map(|name| node.attr(name).unwrap_or_default().to_ascii_lowercase());
    let time = if tree::is_any(node, &["time"]) { "time" } else { "" };
    let pubdate = if node.has_attr("pubdate") { "published" } else { "" };
    format!("{}{} {time} {pubdate} ", tree::marks(node), property.join(" "))
}

/// The date an element carries for machines.
fn exact(node: &NodeRef<'_>, marks: &str) -> Option<String> {
    let date = attribute(node, "datetime").or_else(|| {
        let dated = ["date", "publi", "time"].iter().any(|mark| marks.contains(mark));
        ["content", "title"].iter().filter(|_| dated).find_map(|name| attribute(node, name))
    });
    date.filter(|text| text.len() <= 60 && text.chars().filter(char::is_ascii_digit).count() >= 5)
}

/// Names under which scripts keep the date.
const SCRIPTED: &[&str] = &[
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "publish_date",
    "publicationDate",
    "date_published",
    "pubDate",
    "datePublication",
    "firstPublished",
];

/// The first date of publication in the data of the page's scripts.
fn in_scripts(page: &Document, asked: &Asked<'_>) -> Option<Dated> {
    let scripts = tree::elements(&page.root(), |node| tree::is_any(node, &["script"]));
    scripts.iter().take(200).find_map(|script| {
        let text = script.text();
        SCRIPTED.iter().find_map(|name| {
            let (at, _) = text.match_indices(*name).next()?;
            let after = text[at + name.len()..].trim_start_matches(['"', '\\', '\'', ' ', ':', '\n']);
            let value: String =
                after.chars().take(40).take_while(|letter| !matches!(letter, '"' | '\\' | '\'' | ',' | '}')).collect();
            dates::parse(&value, asked.page.now, Order::Unknown).filter(|_| value.len() >= 8)
        })
    })
}

#[cfg(test)]
mod tests;
