//! Who is who: which items of a document are known already, although sites change identifiers, addresses and titles.
//!
//! In this order count: the identifier; the identifier without scheme and host; the link in its normal form; the title with
//! the date. Each known item is found once, and by the surest sign first. A sign that several items of a document share, or
//! several known items with different links, is no sign. Known items are never forgotten, so what a reader removed stays
//! removed.

mod keys;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use url::Url;

use crate::feed::Item;
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
    /// A hash of its text, for items that have nothing else.
    pub text_hash: Option<i64>,
}

impl From<&Item> for Identity {
    fn from(item: &Item) -> Self {
        let has_sign = item.guid.is_some() || item.link.is_some();
        Identity {
            guid: item.guid.clone(),
            link: item.link.clone(),
            title: item.title.clone(),
            published: item.published_at(),
            text_hash: item.body().filter(|_| !has_sign).map(keys::hash_text),
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
    let item_keys: Vec<Keys> = items.iter().map(|item| Keys::of(item, rules)).collect();
    let known_keys: Vec<Keys> = known.iter().map(|item| Keys::of(item, rules)).collect();
    let mut matching = Matching { items, known, matches: vec![Match::New; items.len()], taken: HashSet::new() };
    let shared = keys::shared_guids(&item_keys, &known_keys);
    matching.find_repeated(&item_keys, &shared);
    let guid = |keys: &'_ Keys| keys.guid.clone().filter(|guid| !shared.contains(guid));
    matching.find(&item_keys, &known_keys, guid, |_, _| true);
    let path = |keys: &'_ Keys| keys.guid_path.clone().filter(|_| guid(keys).is_some());
    matching.find(&item_keys, &known_keys, path, is_moved);
    matching.find(&item_keys, &known_keys, |keys| keys.link.clone(), |_, _| true);
    matching.find(&item_keys, &known_keys, |keys| keys.title_and_date.clone(), |_, _| true);
    matching.find(&item_keys, &known_keys, |keys| keys.bare_text.clone(), |_, _| true);
    matching.find(&item_keys, &known_keys, |keys| keys.bare_title.clone(), |_, _| true);
    matching.matches
}

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
    /// Finds items that stand in the document twice.
    fn find_repeated(&mut self, keys: &[Keys], shared_guids: &HashSet<String>) {
        let mut first: HashMap<[Option<&str>; 3], usize> = HashMap::new();
        for (position, keys) in keys.iter().enumerate() {
            let guid = keys.guid.as_deref().filter(|guid| !shared_guids.contains(*guid));
            // One identifier with one link is one item, whatever its title; without an identifier, all must be the same.
            let title = self.items[position].title.as_deref().filter(|_| guid.is_none());
            let is_bare = guid.is_none() && keys.link.is_none();
            let sign = [guid, keys.link.as_deref().or(keys.bare_text.as_deref()), title];
            if is_bare && keys.bare_text.is_none() {
                continue;
            }
            let earlier = *first.entry(sign).or_insert(position);
            if earlier != position {
                self.matches[position] = Match::Repeated(earlier);
            }
        }
    }

    /// Matches what is still unknown by one sign, if that stands for one item on both sides.
    fn find(
        &mut self,
        item_keys: &[Keys],
        known_keys: &[Keys],
        sign: impl Fn(&Keys) -> Option<String>,
        is_same: impl Fn(&Identity, &Identity) -> bool,
    ) {
        let mut in_document: HashMap<String, usize> = HashMap::new();
        for (keys, found) in item_keys.iter().zip(&self.matches) {
            if let Some(sign) = sign(keys).filter(|_| !matches!(found, Match::Repeated(_))) {
                *in_document.entry(sign).or_default() += 1;
            }
        }
        let mut among_known: HashMap<String, Option<usize>> = HashMap::new();
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
            let Some(Some(known)) = among_known.get(&sign).copied() else { continue };
            if is_same(&self.items[position], &self.known[known]) && self.taken.insert(known) {
                self.matches[position] = Match::Known(known);
            }
        }
    }
}
