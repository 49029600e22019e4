//! What the links of a list are called, and when their entries are dated.

use foldhash::{HashMap, HashMapExt as _, HashSet};
use url::Url;

use crate::dom::words;
use crate::links::outline::{Link, Mark, Outline};
use crate::links::{ListedLink, MAX_LISTED};

/// Characters of a title.
const MAX_TITLE: usize = 300;

/// Lists these links: each page once, without links to the page itself. Links without a name are left out.
pub(super) fn list(outline: &Outline, links: &[usize]) -> Vec<ListedLink> {
    let wanted: Vec<&Link> =
        links.iter().map(|link| &outline.links[*link]).filter(|link| !outline.is_own(&link.url)).collect();
    let repeated = find_repeated(&wanted);
    let entries = find_entries(outline, &wanted);
    let headings = first_marks(outline, &outline.headings, &entries);
    let times = first_marks(outline, &outline.times, &entries);
    let mut listed: Vec<ListedLink> = Vec::new();
    let mut positions: HashMap<&Url, usize> = HashMap::new();
    for (position, link) in wanted.iter().enumerate() {
        let own = own_title(link).filter(|title| !repeated.contains(title));
        let title = own.or_else(|| headings.get(&position).cloned()).or_else(|| link.label.clone());
        let title = words::one_line(&title.unwrap_or_default(), MAX_TITLE);
        let date = times.get(&position).cloned();
        match positions.get(&link.url) {
            Some(known) => {
                let known = &mut listed[*known];
                // The picture of an entry may stand before its title.
                if known.title.is_empty() {
                    known.title = title;
                }
                known.date = known.date.take().or(date);
            }
            None => {
                positions.insert(&link.url, listed.len());
                listed.push(ListedLink { url: link.url.clone(), title, date });
            }
        }
    }
    listed.retain(|link| link.title.chars().any(char::is_alphanumeric));
    listed.truncate(MAX_LISTED);
    listed
}

/// Returns the titles that several links to different pages have, such as "Read more".
fn find_repeated(links: &[&Link]) -> HashSet<String> {
    let mut uses: HashMap<String, HashSet<&Url>> = HashMap::new();
    for link in links {
        if let Some(title) = own_title(link) {
            uses.entry(title).or_default().insert(&link.url);
        }
    }
    let limit = (links.len() / 3).max(2);
    uses.into_iter().filter(|(_, urls)| urls.len() > limit).map(|(title, _)| title).collect()
}

/// Returns the title that a link itself has: its heading, or the first of its lines that reads like one.
fn own_title(link: &Link) -> Option<String> {
    let is_title = |line: &&String| {
        let (letters, digits) = count_letters_and_digits(line);
        letters > 0 && digits * 3 < letters + digits && words::count(line) >= 3
    };
    let longest = || link.texts.iter().max_by_key(|line| line.chars().count());
    let line = || link.texts.iter().find(is_title).or_else(longest);
    link.heading.as_ref().or_else(line).cloned()
}

fn count_letters_and_digits(line: &str) -> (usize, usize) {
    line.chars().fold((0, 0), |(letters, digits), letter| {
        (letters + usize::from(letter.is_alphabetic()), digits + usize::from(letter.is_numeric()))
    })
}

/// Returns the entry of each link: the largest element with links to no other page of the list. The value is the position
/// of its first link.
fn find_entries(outline: &Outline, links: &[&Link]) -> HashMap<usize, usize> {
    /// What an element holds: links to one page, or to several.
    enum Holds<'a> {
        One(&'a Url),
        Several,
    }
    let mut holds: HashMap<usize, Holds<'_>> = HashMap::new();
    for link in links {
        let mut holds_several = false;
        for element in outline.path(link.element) {
            let known = holds.entry(element).or_insert(Holds::One(&link.url));
            match known {
                // So do all around it.
                Holds::Several => break,
                Holds::One(url) if holds_several || *url != &link.url => {
                    (*known, holds_several) = (Holds::Several, true);
                }
                Holds::One(_) => {}
            }
        }
    }
    let is_entry = |element: &usize| matches!(holds.get(element), Some(Holds::One(_)));
    let mut entries = HashMap::new();
    for (position, link) in links.iter().enumerate() {
        // A single link says nothing of how far its entry reaches.
        let most = if links.len() > 1 { usize::MAX } else { 2 };
        if let Some(entry) = outline.path(link.element).take(most).take_while(is_entry).last() {
            entries.entry(entry).or_insert(position);
        }
    }
    entries
}

/// Returns the first heading or date in the entry of each link.
fn first_marks(outline: &Outline, marks: &[Mark], entries: &HashMap<usize, usize>) -> HashMap<usize, String> {
    let mut first = HashMap::new();
    for mark in marks.iter().filter(|mark| !mark.text.is_empty()) {
        if let Some(link) = outline.path(mark.element).find_map(|element| entries.get(&element)) {
            first.entry(*link).or_insert_with(|| mark.text.clone());
        }
    }
    first
}
