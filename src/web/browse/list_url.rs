//! Addresses of lists: read from what a browser asks, and made for every filter that can be chosen or taken away.

use std::fmt::{self, Display, Formatter};

use url::form_urlencoded;

/// What the address of a list asks for, in the words of the address. Any combination.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListUrl {
    /// Topic slug.
    pub topic: Option<String>,
    /// Domain of a source.
    pub source: Option<String>,
    /// Tag slug.
    pub tag: Option<String>,
    /// Only unread.
    pub unread: bool,
    /// Only starred.
    pub starred: bool,
    /// The archive.
    pub archived: bool,
    /// First day.
    pub since: Option<String>,
    /// Last day.
    pub until: Option<String>,
    /// Words to look for.
    pub q: Option<String>,
    /// Where the page before this one ended.
    pub after: Option<String>,
}

impl ListUrl {
    /// Reads the part of an address behind the question mark. What it does not know it passes over.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut url = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            let word = || (!value.is_empty()).then(|| value.to_owned());
            let flag = !matches!(value, "0" | "false");
            match name.as_ref() {
                "topic" => url.topic = word(),
                "source" => url.source = word(),
                "tag" => url.tag = word(),
                "unread" => url.unread = flag,
                "starred" => url.starred = flag,
                "archived" => url.archived = flag,
                "since" => url.since = word(),
                "until" => url.until = word(),
                "q" => url.q = word(),
                "after" => url.after = word(),
                _ => {}
            }
        }
        url
    }

    /// The same list with this changed, from its beginning.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut url = Self { after: None, ..self.clone() };
        change(&mut url);
        url
    }

    /// Whether nothing is asked for but a page of all articles.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.with(|_| {}) == Self::default()
    }

    /// The named parts that are asked for, in a fixed order, so that the same list has one address.
    fn words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("topic", self.topic.as_deref()),
            ("source", self.source.as_deref()),
            ("tag", self.tag.as_deref()),
            ("unread", self.unread.then_some("1")),
            ("starred", self.starred.then_some("1")),
            ("archived", self.archived.then_some("1")),
            ("since", self.since.as_deref()),
            ("until", self.until.as_deref()),
            ("q", self.q.as_deref()),
            ("after", self.after.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// The same filters on another page: `/sources?topic=politics`.
    #[must_use]
    pub fn under(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (place, (name, value)) in self.words().enumerate() {
            address.push(if place == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            address.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        }
        address
    }

    /// What a form must carry along, so that its own `fields` are added to what is chosen.
    #[must_use]
    pub fn carried(&self, fields: &[&str]) -> Vec<(&'static str, &str)> {
        self.words().filter(|(name, _)| *name != "after" && !fields.contains(name)).collect()
    }
}

/// The address, from the root of the site.
impl Display for ListUrl {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.under("/articles"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_says_which_list_it_is() {
        let url = ListUrl::parse("topic=politics&unread&starred=0&q=+peace%20talks+&since=&after=12-3&utm_source=x");
        let expected = ListUrl {
            topic: Some("politics".into()),
            unread: true,
            q: Some("peace talks".into()),
            after: Some("12-3".into()),
            ..ListUrl::default()
        };
        assert_eq!(url, expected);
        assert_eq!(url.to_string(), "/articles?topic=politics&unread=1&q=peace+talks&after=12-3");
    }

    #[test]
    fn a_changed_filter_begins_a_new_list() {
        let url = ListUrl::parse("tag=election-2026&after=12-3");
        assert_eq!(url.with(|url| url.tag = None).to_string(), "/articles");
        assert_eq!(
            url.with(|url| url.source = Some("example.org".into())).to_string(),
            "/articles?source=example.org&tag=election-2026"
        );
        assert!(url.with(|url| url.tag = None).is_everything());
        assert!(!url.is_everything());
        assert_eq!(url.with(|_| {}).under("/sources"), "/sources?tag=election-2026");
    }

    #[test]
    fn a_form_carries_along_what_it_does_not_ask() {
        let url = ListUrl::parse("topic=sport&since=2026-01-01&archived&after=1-1");
        assert_eq!(url.carried(&["since", "until"]), [("topic", "sport"), ("archived", "1")]);
    }

    proptest! {
        #[test]
        fn an_address_that_is_made_is_read_as_it_was_meant(
            topic in "[^\\s]{1,8}", q in "[^\\s]{1,5} [^\\s]{1,5}", unread: bool, archived: bool
        ) {
            let url = ListUrl { topic: Some(topic), q: Some(q), unread, archived, ..ListUrl::default() };
            let text = url.to_string();
            let query = text.split_once('?').map_or("", |(_, query)| query);
            prop_assert_eq!(ListUrl::parse(query), url);
        }
    }
}
