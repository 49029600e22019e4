//! Who wrote it: what the page states for machines, what its marks say, what a line near the headline says.

use dom_query::NodeRef;

use crate::bylines;
use crate::jsonld::Facts;
use crate::metadata::reading::{Reading, push_apart};
use crate::metadata::survey::{self, Metas};
use crate::tree::{self, Walk};

const AUTHORS: &[&str] = &[
    "citation_author",
    "author",
    "parsely-author",
    "sailthru.author",
    "article:author_name",
    "shareaholic:article_author_name",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "article:author",
    "og:article:author",
    "og:author",
    "author_name",
    "byl",
    "byline",
    "creator",
    "cxenseparse:author",
    "rbauthors",
    "auteur",
    "autor",
    "verfasser",
];

/// Lines after the headline in which a name in a marked place is the author's.
const NEAR: usize = 14;
/// Lines before and after the headline that may hold a date and a name with nothing else.
const BESIDE: usize = 5;

/// The byline. `sites` are the names the site goes by.
pub(super) fn find(metas: &Metas, facts: &Facts, reading: &Reading<'_>, sites: &[String]) -> Option<String> {
    let is_strong = |name: &String| !bylines::is_weak(name, sites);
    let stated = stated(metas, facts);
    if let Some(strong) = stated.iter().find(|name| is_strong(name)) {
        // One list may name only the first of several authors.
        let longer = stated
            .iter()
            .find(|name| name.len() > strong.len() && is_strong(name) && name.starts_with(strong.as_str()));
        return Some(longer.unwrap_or(strong).clone());
    }
    let seen = seen(reading);
    let strong = seen.iter().find(|name| is_strong(name)).cloned();
    strong.or_else(|| stated.into_iter().next()).or_else(|| seen.into_iter().next()).or_else(|| beside_date(reading))
}

/// The bylines the page states for machines, the most trusted first.
fn stated(metas: &Metas, facts: &Facts) -> Vec<String> {
    let named = AUTHORS.iter().filter_map(|name| bylines::byline(metas.of(name)));
    bylines::byline(&facts.authors).into_iter().chain(named).collect()
}

/// The bylines a reader sees, the surest first: in a marked place near the headline, in a line near it, in a marked
/// place elsewhere, in a line elsewhere.
fn seen(reading: &Reading<'_>) -> Vec<String> {
    let is_near = |at: usize| reading.headline.is_none_or(|headline| at + 6 >= headline && at <= headline + NEAR);
    let mut seen: Vec<(u8, String)> = Vec::new();
    for (at, node) in &reading.authors {
        let Some(text) = short_text(node) else { continue };
        if let Some(name) = bylines::marked(&text) {
            seen.push((if is_near(*at) { 0 } else { 2 }, name));
        }
    }
    for line in &reading.signed {
        if let Some(name) = bylines::in_line(&line.text) {
            seen.push((if is_near(line.at) { 1 } else { 3 }, name));
        }
    }
    seen.sort_by_key(|(rank, _)| *rank);
    seen.into_iter().map(|(_, name)| name).collect()
}

/// A name that stands alone with the date beside the headline.
fn beside_date(reading: &Reading<'_>) -> Option<String> {
    let headline = reading.headline?;
    let beside =
        reading.dated.iter().filter(|line| !line.exact && line.at + BESIDE >= headline && line.at <= headline + BESIDE);
    beside.filter_map(|line| bylines::beside_date(&line.text)).next()
}

/// Longest text of an element that may be a name, in bytes.
const LONGEST: usize = 160;

/// Most nodes inside such an element.
const MOST_NODES: usize = 200;

/// The text of an element that holds little; its `itemprop=name` alone where it has one.
fn short_text(node: &NodeRef<'_>) -> Option<String> {
    let mut text = String::new();
    let mut name: Option<NodeRef<'_>> = None;
    let mut nodes = 0;
    tree::walk(
        node,
        |inside| {
            nodes += 1;
            if text.len() > LONGEST || nodes > MOST_NODES || name.is_some() {
                return Walk::Past;
            }
            let Some(kind) = inside.qual_name_ref() else {
                tree::read_text(inside, |words| push_apart(&mut text, words));
                return Walk::Past;
            };
            if inside.attr("itemprop").is_some_and(|property| &*property == "name") {
                name = Some(*inside);
            }
            if tree::is_unseen(&kind.local) {
                return Walk::Past;
            }
            text.push_str(if tree::is_inline(&kind.local) { "" } else { " | " });
            Walk::Into
        },
        |_| {},
    );
    let text = match name {
        Some(name) => tree::attribute(&name, "content").unwrap_or_else(|| survey::short_line(&name)),
        None => crate::words::one_line(&text, LONGEST),
    };
    (!text.is_empty() && text.len() <= LONGEST).then_some(text)
}
