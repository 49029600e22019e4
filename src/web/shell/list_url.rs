//! URLs of lists: parsed from requests, and built for every filter that can be added or removed.

use std::fmt::{self, Display, Formatter};

use url::form_urlencoded;

use crate::library::lanes::Lanes;

/// The filters in the URL of a list, in any combination.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListUrl {
    /// Topic slug.
    pub topic: Option<String>,
    /// Domain of a source.
    pub source: Option<String>,
    /// Tag slug.
    pub tag: Option<String>,
    /// Id of a feed.
    pub feed: Option<String>,
    /// Id of a folder of feeds.
    pub folder: Option<String>,
    /// Why they have their topic, as [`classify::TopicReason::key`] says.
    pub reason: Option<String>,
    /// Only articles that are not read.
    pub unread: bool,
    /// Only starred ones.
    pub starred: bool,
    /// Only archived ones.
    pub archived: bool,
    /// The lanes, if not those that the reader has chosen for all lists.
    pub lane: Option<Lanes>,
    /// First day.
    pub since: Option<String>,
    /// Last day.
    pub until: Option<String>,
    /// Search query.
    pub q: Option<String>,
    /// The order, if not the one remembered for the list.
    pub sort: Option<String>,
    /// Position of the last article on the previous page.
    pub after: Option<String>,
}

impl ListUrl {
    /// Parses a query string. Unknown parameters are ignored.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut url = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            let text = || (!value.is_empty()).then(|| value.to_owned());
            let flag = !matches!(value, "0" | "false");
            match name.as_ref() {
                "topic" => url.topic = text(),
                "source" => url.source = text(),
                "tag" => url.tag = text(),
                "feed" => url.feed = text(),
                "folder" => url.folder = text(),
                "reason" => url.reason = text(),
                "unread" => url.unread = flag,
                "starred" => url.starred = flag,
                "archived" => url.archived = flag,
                "lane" => url.lane = Lanes::parse(value),
                "since" => url.since = text(),
                "until" => url.until = text(),
                "q" => url.q = text(),
                "sort" => url.sort = text(),
                "after" => url.after = text(),
                _ => {}
            }
        }
        url
    }

    /// Returns the URL with a change applied, starting at the newest article.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut url = Self { after: None, ..self.clone() };
        change(&mut url);
        url
    }

    /// Returns the filters alone, in whatever order and of whichever lanes the list is.
    #[must_use]
    pub fn filters(&self) -> Self {
        self.with(|url| (url.sort, url.lane) = (None, None))
    }

    /// Returns whether it is a list of one lane.
    #[must_use]
    pub fn is_of_one_lane(&self) -> bool {
        self.lane.is_some_and(|lanes| lanes != Lanes::Both)
    }

    /// Returns whether no filter is set.
    #[must_use]
    pub fn is_unfiltered(&self) -> bool {
        self.filters() == Self::default()
    }

    /// Returns the name by which the order of the list is remembered; `None` for a search and for dates, which are made
    /// for once.
    #[must_use]
    pub fn sort_key(&self) -> Option<String> {
        let is_lasting = self.q.is_none() && self.since.is_none() && self.until.is_none();
        is_lasting.then(|| self.filters().to_query())
    }

    /// Returns the set parameters in a fixed order, so that each list has one URL.
    fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("topic", self.topic.as_deref()),
            ("source", self.source.as_deref()),
            ("tag", self.tag.as_deref()),
            ("feed", self.feed.as_deref()),
            ("folder", self.folder.as_deref()),
            ("reason", self.reason.as_deref()),
            ("unread", self.unread.then_some("1")),
            ("starred", self.starred.then_some("1")),
            ("archived", self.archived.then_some("1")),
            ("lane", self.lane.map(Lanes::as_str)),
            ("since", self.since.as_deref()),
            ("until", self.until.as_deref()),
            ("q", self.q.as_deref()),
            ("sort", self.sort.as_deref()),
            ("after", self.after.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// Returns the same filters under another path: `/sources?topic=politics`.
    #[must_use]
    pub fn with_path(&self, path: &str) -> String {
        let mut url = path.to_owned();
        for (index, (name, value)) in self.parameters().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        }
        url
    }

    /// Returns the parameters alone: `topic=politics&unread=1`. They name the list in links and forms.
    #[must_use]
    pub fn to_query(&self) -> String {
        self.with_path("").trim_start_matches('?').to_owned()
    }

    /// Returns the parameters a form has to keep besides its own `fields`.
    #[must_use]
    pub fn parameters_except(&self, fields: &[&str]) -> Vec<(&'static str, &str)> {
        self.parameters().filter(|(name, _)| *name != "after" && !fields.contains(name)).collect()
    }
}

/// Writes the URL from the root of the site.
impl Display for ListUrl {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.with_path("/articles"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_query_is_parsed_and_written_in_one_form() {
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
    fn a_changed_filter_starts_at_the_newest_article() {
        let url = ListUrl::parse("tag=election-2026&after=12-3");
        assert_eq!(url.with(|url| url.tag = None).to_string(), "/articles");
        assert_eq!(
            url.with(|url| url.source = Some("example.org".into())).to_string(),
            "/articles?source=example.org&tag=election-2026"
        );
        assert!(url.with(|url| url.tag = None).is_unfiltered());
        assert!(!url.is_unfiltered());
        assert_eq!(url.with(|_| {}).with_path("/sources"), "/sources?tag=election-2026");
    }

    #[test]
    fn the_order_is_remembered_by_the_filters_alone() {
        let key = |query: &str| ListUrl::parse(query).sort_key();
        assert_eq!(key("unread=1&topic=sport&sort=oldest&after=1-1").as_deref(), Some("topic=sport&unread=1"));
        assert_eq!(key("sort=random-7").as_deref(), Some(""));
        assert_eq!((key("q=ferry"), key("topic=sport&since=2026-01-01")), (None, None));
        assert!(ListUrl::parse("sort=oldest").is_unfiltered());
        assert_eq!(ListUrl::parse("sort=oldest&tag=sea").to_query(), "tag=sea&sort=oldest");
    }

    #[test]
    fn a_form_keeps_the_other_parameters() {
        let url = ListUrl::parse("topic=sport&since=2026-01-01&archived&after=1-1");
        assert_eq!(url.parameters_except(&["since", "until"]), [("topic", "sport"), ("archived", "1")]);
    }

    proptest! {
        #[test]
        fn written_urls_parse_back_to_the_same_filters(
            topic in "[^\\s]{1,8}", q in "[^\\s]{1,5} [^\\s]{1,5}", unread: bool, archived: bool
        ) {
            let url = ListUrl { topic: Some(topic), q: Some(q), unread, archived, ..ListUrl::default() };
            let text = url.to_string();
            let query = text.split_once('?').map_or("", |(_, query)| query);
            prop_assert_eq!(ListUrl::parse(query), url);
        }
    }
}
