//! Who is who: which items of a document are known already, although sites change identifiers, addresses and titles.
//!
//! In this order count: the identifier; the identifier without scheme and host; the link in its normal form; all that is
//! known of the item; the title with the date; and, where there is neither identifier nor link, the title with the text, or
//! without a date the title alone. Each known item is found once, and by the surest sign first. A sign that several items of
//! a document share, or several known items, is no sign. Known items are never forgotten, so what a reader removed stays
//! removed.

mod keys;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use url::Url;

use crate::feed::Item;
pub use keys::{hash_bytes, hash_text};

use keys::Keys;

/// What an item is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Its identifier as last given.
    pub guid: Option<String>,
    /// Its link.
    pub link: Option<Url>,
    /// Its title.
    pub title: Option<String>,
    /// When it says that it was published.
    pub published: Option<Timestamp>,
    /// A hash of its words, or else of its pictures or the addresses of its attached files.
    pub text_hash: Option<i64>,
}

impl From<&Item> for Identity {
    fn from(item: &Item) -> Self {
        let files = item.enclosures.iter().map(|file| file.url.as_str()).collect::<Vec<_>>().join(" ");
        // Tags change with every answer of some sites, whose pixels and names of classes are made anew.
        let text = Some(item.body_text()).filter(|text| !text.is_empty()).or_else(|| item.body().map(str::to_owned));
        Identity {
            guid: item.guid.clone(),
            link: item.link.clone(),
            title: item.title.clone(),
            published: item.published_at(),
            text_hash: text.or(Some(files).filter(|files| !files.is_empty())).map(|text| keys::hash_text(&text)),
        }
    }
}

/// Who an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The known item at this position.
    Known(usize),
    /// The same as the item at this earlier position of the document.
    Repeated(usize),
    /// Nobody that is known.
    New,
}

/// How to compare.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// Returns the normal form of a link: without tracking, scheme and the like.
    pub link_key: &'a dyn Fn(&Url) -> String,
    /// The site of the feed. A link to it identifies no item.
    pub site_link: Option<&'a Url>,
}

/// Matches the items of a document with the known items of its feed. Returns one match for each item.
///
/// Takes time linear in the number of items.
pub fn recognize(items: &[Identity], known: &[Identity], rules: &Rules<'_>) -> Vec<Match> {
    let mut item_keys: Vec<Keys> = items.iter().map(|item| Keys::of(item, rules)).collect();
    let mut known_keys: Vec<Keys> = known.iter().map(|item| Keys::of(item, rules)).collect();
    let mut matching = Matching { items, known, matches: vec![Match::New; items.len()], taken: HashSet::new() };
    keys::drop_shared_guids(&mut item_keys, &mut known_keys);
    matching.find_repeated(&item_keys);
    let is_repeated = |position: usize| matches!(matching.matches[position], Match::Repeated(_));
    keys::drop_shared_links(&mut item_keys, &mut known_keys, is_repeated);
    let mut find = |sign: Sign, is_same: IsSame| matching.find(&item_keys, &known_keys, sign, is_same);
    find(|keys| keys.guid.as_deref(), |_, _| true);
    find(|keys| keys.guid_path.as_deref(), is_moved);
    find(|keys| keys.link.as_deref(), |_, _| true);
    find(|keys| Some(&keys.whole), |_, _| true);
    find(|keys| keys.title_and_date.as_deref(), |_, _| true);
    find(Keys::bare_text, |_, _| true);
    find(Keys::bare_title, |_, _| true);
    matching.matches
}

/// Returns how many identifiers of a document stand at different items, and so identify nothing.
pub(crate) fn count_shared_guids(items: &[Item], site_link: Option<&Url>) -> usize {
    let rules = Rules { link_key: &|link| link.as_str().to_owned(), site_link };
    let keys: Vec<Keys> = items.iter().map(|item| Keys::of(&Identity::from(item), &rules)).collect();
    keys::shared_guids(&keys).len()
}

type Sign = fn(&Keys) -> Option<&str>;
type IsSame = fn(&Identity, &Identity) -> bool;

/// Returns whether two items whose identifiers differ in scheme or host are one: on the same host, or with the same title or
/// date. A planet gathers items of many hosts, whose paths may be alike.
fn is_moved(item: &Identity, known: &Identity) -> bool {
    let host = |identity: &Identity| {
        let host = Url::parse(identity.guid.as_deref()?).ok()?.host_str()?.to_owned();
        Some(host.trim_start_matches("www.").to_owned())
    };
    let same_title = item.title.is_some() && item.title == known.title;
    let same_date = item.published.is_some() && item.published == known.published;
    host(item) == host(known) || same_title || same_date
}

struct Matching<'a> {
    items: &'a [Identity],
    known: &'a [Identity],
    matches: Vec<Match>,
    /// The known items that are found.
    taken: HashSet<usize>,
}

impl Matching<'_> {
    /// Finds items that stand in the document twice: one identifier is one item, whatever its title; without an identifier,
    /// all must be the same.
    fn find_repeated(&mut self, keys: &[Keys]) {
        let mut first: HashMap<(Option<&str>, &str), usize> = HashMap::new();
        for (position, keys) in keys.iter().enumerate() {
            let guid = keys.guid.as_deref();
            let sign = (guid, if guid.is_none() { &*keys.whole } else { "" });
            let earlier = *first.entry(sign).or_insert(position);
            if earlier != position {
                self.matches[position] = Match::Repeated(earlier);
            }
        }
    }

    /// Matches what is still unknown by one sign, if that stands for one item on both sides.
    fn find(&mut self, item_keys: &[Keys], known_keys: &[Keys], sign: Sign, is_same: IsSame) {
        let mut in_document: HashMap<&str, usize> = HashMap::new();
        for (keys, found) in item_keys.iter().zip(&self.matches) {
            if let Some(sign) = sign(keys).filter(|_| !matches!(found, Match::Repeated(_))) {
                *in_document.entry(sign).or_default() += 1;
            }
        }
        let mut among_known: HashMap<&str, Option<usize>> = HashMap::new();
        for (position, keys) in known_keys.iter().enumerate() {
            if let Some(sign) = sign(keys) {
                among_known.entry(sign).and_modify(|only| *only = None).or_insert(Some(position));
            }
        }
        for (position, keys) in item_keys.iter().enumerate() {
            if self.matches[position] != Match::New {
                continue;
            }
            let Some(sign) = sign(keys).filter(|sign| in_document.get(sign) == Some(&1)) else { continue };
            let Some(Some(known)) = among_known.get(sign).copied() else { continue };
            if is_same(&self.items[position], &self.known[known]) && self.taken.insert(known) {
                self.matches[position] = Match::Known(known);
            }
        }
    }
}
