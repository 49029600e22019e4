//! The signs that an item is known by.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::{Identity, Rules};

/// The signs of an item, from the surest on.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) guid: Option<String>,
    /// The identifier without scheme and host.
    pub(super) guid_path: Option<String>,
    pub(super) link: Option<String>,
    pub(super) title_and_date: Option<String>,
    /// All that it is known by.
    pub(super) whole: String,
    title_and_text: Option<String>,
    /// The title of an item without a date.
    undated_title: Option<String>,
}

impl Keys {
    pub(super) fn of(item: &Identity, rules: &Rules<'_>) -> Keys {
        let title = item.title.as_deref().unwrap_or_default();
        let date = item.published.map(|published| published.to_string());
        let link = item.link.as_ref().map(rules.link_key);
        let hash = item.text_hash;
        Keys {
            guid: item.guid.clone(),
            guid_path: item.guid.as_deref().and_then(path_of),
            link: item.link.as_ref().and_then(|link| link_key(link, rules)),
            whole: format!("{:?} {link:?} {date:?} {hash:?} {title}", item.guid),
            title_and_text: hash.map(|hash| format!("{hash} {title}")),
            undated_title: (date.is_none() && !title.is_empty()).then(|| title.to_owned()),
            title_and_date: date.filter(|_| !title.is_empty()).map(|date| format!("{date} {title}")),
        }
    }

    /// Returns title and text of an item with neither identifier nor link.
    pub(super) fn bare_text(&self) -> Option<&str> {
        self.title_and_text.as_deref().filter(|_| self.is_bare())
    }

    /// Returns the title of an item with neither identifier, link nor date.
    pub(super) fn bare_title(&self) -> Option<&str> {
        self.undated_title.as_deref().filter(|_| self.is_bare())
    }

    fn is_bare(&self) -> bool {
        self.guid.is_none() && self.link.is_none()
    }
}

/// Returns path and query of an identifier that is an address, unless they say nothing.
fn path_of(guid: &str) -> Option<String> {
    let url = Url::parse(guid).ok().filter(crate::markup::base::is_web)?;
    let path = url.path().trim_end_matches('/');
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    let key = format!("{path}{query}{fragment}");
    (!key.is_empty()).then_some(key)
}

/// Returns the normal form of a link; `None` if it leads to the site rather than to an item.
fn link_key(link: &Url, rules: &Rules<'_>) -> Option<String> {
    let key = (rules.link_key)(link);
    let is_front_page = link.path().trim_matches('/').is_empty() && link.query().is_none() && link.fragment().is_none();
    let is_site = rules.site_link.is_some_and(|site| (rules.link_key)(site) == key);
    (!is_front_page && !is_site).then_some(key)
}

/// Returns the identifiers that stand at different items: at those with different links, or with different words where there
/// is no link. They identify nothing.
pub(super) fn shared_guids(items: &[Keys]) -> HashSet<String> {
    let mut others: HashMap<&str, (Option<&str>, &str)> = HashMap::new();
    let mut shared = HashSet::new();
    for keys in items {
        let Some(guid) = keys.guid.as_deref() else { continue };
        let words = keys.title_and_date.as_deref().unwrap_or(&keys.whole);
        let other = (keys.link.as_deref(), if keys.link.is_none() { words } else { "" });
        if *others.entry(guid).or_insert(other) != other {
            shared.insert(guid.to_owned());
        }
    }
    shared
}

/// Forgets the identifiers that different items of the document share, or of what is known.
pub(super) fn drop_shared_guids(items: &mut [Keys], known: &mut [Keys]) {
    let mut shared = shared_guids(items);
    shared.extend(shared_guids(known));
    for keys in items.iter_mut().chain(known) {
        if keys.guid.as_ref().is_some_and(|guid| shared.contains(guid)) {
            (keys.guid, keys.guid_path) = (None, None);
        }
    }
}

/// Forgets the links that stand at several items of the document, of which some may be repeated, or of what is known.
pub(super) fn drop_shared_links(items: &mut [Keys], known: &mut [Keys], is_repeated: impl Fn(usize) -> bool) {
    let mut shared = HashSet::new();
    let once = items.iter().enumerate().filter(|(position, _)| !is_repeated(*position)).map(|(_, keys)| keys);
    let (once, known_once): (Vec<&Keys>, Vec<&Keys>) = (once.collect(), known.iter().collect());
    for keys in [once, known_once] {
        let mut seen = HashSet::new();
        let links = keys.into_iter().filter_map(|keys| keys.link.as_ref());
        shared.extend(links.filter(|link| !seen.insert(*link)).cloned());
    }
    for keys in items.iter_mut().chain(known) {
        keys.link.take_if(|link| shared.contains(link));
    }
}

/// Returns a hash of the words of a text, which is the same for ever.
pub fn hash_text(text: &str) -> i64 {
    hash(text.split_whitespace().flat_map(|word| word.bytes().chain([b' '])))
}

/// Returns a hash of bytes, which is the same for ever.
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    hash(bytes.iter().copied())
}

/// FNV-1a.
fn hash(bytes: impl Iterator<Item = u8>) -> i64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.fold(0xcbf2_9ce4_8422_2325, step).cast_signed()
}
