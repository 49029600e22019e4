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
    /// Title and text of an item that has neither identifier, link nor date.
    pub(super) bare_text: Option<String>,
    /// The title alone of such an item.
    pub(super) bare_title: Option<String>,
}

impl Keys {
    pub(super) fn of(item: &Identity, rules: &Rules<'_>) -> Keys {
        let title = item.title.as_deref().unwrap_or_default();
        let date = item.published.map(|published| published.to_string());
        let is_bare = item.guid.is_none() && item.link.is_none() && date.is_none();
        Keys {
            guid: item.guid.clone(),
            guid_path: item.guid.as_deref().and_then(path_of),
            link: item.link.as_ref().and_then(|link| link_key(link, rules)),
            title_and_date: date.filter(|_| !title.is_empty()).map(|date| format!("{date} {title}")),
            bare_text: item.text_hash.filter(|_| is_bare).map(|hash| format!("{hash} {title}")),
            bare_title: (is_bare && !title.is_empty()).then(|| title.to_owned()),
        }
    }
}

/// Returns path and query of an identifier that is an address, unless they say nothing.
fn path_of(guid: &str) -> Option<String> {
    let url = Url::parse(guid).ok().filter(crate::markup::scope::is_web)?;
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

/// Returns the identifiers that stand at items with different links, in the document or among what is known.
pub(super) fn shared_guids(items: &[Keys], known: &[Keys]) -> HashSet<String> {
    let mut shared = HashSet::new();
    for keys in [items, known] {
        let mut links: HashMap<&str, Option<&str>> = HashMap::new();
        for keys in keys {
            let Some(guid) = keys.guid.as_deref() else { continue };
            let link = keys.link.as_deref();
            if *links.entry(guid).or_insert(link) != link {
                shared.insert(guid.to_owned());
            }
        }
    }
    shared
}

/// Returns a hash of the words of a text (FNV-1a), which is the same for ever.
pub(super) fn hash_text(text: &str) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.split_whitespace().flat_map(|word| word.bytes().chain([b' '])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash.cast_signed()
}
