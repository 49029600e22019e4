//! Feeds of well-known services and programs, by the address of a page: rows of a table.

use std::sync::LazyLock;

use url::Url;

use super::Origin;
use crate::markup::attributes::find;
use crate::markup::scanner::Tag;

static TABLE: &str = include_str!("patterns.tsv");

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| TABLE.lines().filter_map(read_row).collect());

/// A row of the table.
struct Row {
    hosts: Vec<&'static str>,
    segments: Vec<&'static str>,
    /// Whether anything may follow.
    is_open: bool,
    /// The parameter that must be there, and its name in the feed's address.
    parameter: Option<(&'static str, &'static str)>,
    feed: &'static str,
    mark: Option<&'static str>,
}

fn read_row(line: &'static str) -> Option<Row> {
    if line.starts_with('#') {
        return None;
    }
    let mut columns = line.split('\t');
    let (hosts, address, feed) = (columns.next()?, columns.next()?, columns.next()?);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let (path, is_open) = path.strip_suffix("/**").map_or((path, false), |path| (path, true));
    let parameter = query.split_once('=');
    Some(Row {
        hosts: hosts.split(' ').collect(),
        segments: path.split('/').filter(|segment| !segment.is_empty()).collect(),
        is_open,
        parameter,
        feed,
        mark: columns.next(),
    })
}

/// What programs a page says it was made by: in lower case, each beginning with the name of a program.
#[derive(Debug, Default)]
pub(super) struct Marks {
    list: Vec<String>,
}

/// The most marks of a page.
const MAX_MARKS: usize = 10;

impl Marks {
    /// Reads who made a page. Whatever else a page says may be about other pages.
    pub(super) fn read_meta(&mut self, tag: &Tag<'_>) {
        let name = find(&tag.attributes, "name").unwrap_or_default().trim();
        let says_program = ["generator", "application-name"].iter().any(|it| name.eq_ignore_ascii_case(it));
        if says_program && self.list.len() < MAX_MARKS {
            self.list.push(find(&tag.attributes, "content").unwrap_or_default().trim().to_lowercase());
        }
    }

    fn contain(&self, mark: &str) -> bool {
        let ends_word = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
        self.list.iter().any(|program| program.strip_prefix(mark).is_some_and(ends_word))
    }
}

/// Returns the feed that belongs to an address. What only the marks of a page tell is a guess.
pub(super) fn feed_of(url: &Url, marks: &Marks) -> Option<(Url, Origin)> {
    let host = url.host_str()?.trim_end_matches('.');
    let row = ROWS.iter().find_map(|row| Some((row, row.matches(url, host, marks)?)));
    let (row, values) = row?;
    let mut feed = row.feed.to_owned();
    for (name, value) in values {
        feed = feed.replace(name, &value);
    }
    let feed = feed.replace("{origin}", &url.origin().ascii_serialization()).replace("{host}", host);
    let origin = if row.mark.is_some() { Origin::Program } else { Origin::Pattern };
    Some((Url::parse(&feed.replace("{url}", url.as_str())).ok()?, origin))
}

impl Row {
    /// Returns the values of the names in this row; `None` if it is not for this address.
    fn matches(&self, url: &Url, host: &str, marks: &Marks) -> Option<Vec<(&'static str, String)>> {
        let is_host = |pattern: &&str| match pattern.strip_prefix('*') {
            Some("") => self.mark.is_some_and(|mark| marks.contain(mark)),
            Some(domain) => host.strip_suffix(domain).is_some_and(|subdomain| !subdomain.is_empty()),
            None => host == *pattern,
        };
        if !self.hosts.iter().any(is_host) {
            return None;
        }
        let path: Vec<&str> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
        if path.len() < self.segments.len() || (path.len() > self.segments.len() && !self.is_open) {
            return None;
        }
        let mut values = Vec::new();
        for (pattern, segment) in self.segments.iter().zip(path) {
            values.extend(match_segment(pattern, segment)?);
        }
        if let Some((parameter, name)) = self.parameter {
            let (_, value) = url.query_pairs().find(|(key, value)| key == parameter && !value.is_empty())?;
            values.push((name, url::form_urlencoded::byte_serialize(value.as_bytes()).collect()));
        }
        Some(values)
    }
}

/// Matches a segment: a word, or a name with what stands before it, such as `@{name}`.
fn match_segment(pattern: &'static str, segment: &str) -> Option<Option<(&'static str, String)>> {
    let Some(at) = pattern.find('{') else {
        return pattern.eq_ignore_ascii_case(segment).then_some(None);
    };
    let value = segment.strip_prefix(&pattern[..at]).filter(|value| !value.is_empty())?;
    // A feed below a feed is none.
    (!value.contains('{')).then(|| Some((&pattern[at..], value.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(address: &str, mark: &str) -> Option<String> {
        let (feed, origin) = feed_of(&Url::parse(address).unwrap(), &Marks { list: vec![mark.to_owned()] })?;
        assert_eq!(origin.is_guess(), !mark.is_empty(), "{address}");
        Some(feed.into())
    }

    #[test]
    fn addresses_of_services_have_their_feeds() {
        for (address, mark, expected) in [
            (
                "https://m.youtube.com/channel/UCx/videos",
                "",
                Some("https://www.youtube.com/feeds/videos.xml?channel_id=UCx"),
            ),
            (
                "https://www.youtube.com/watch?v=1&list=PL2",
                "",
                Some("https://www.youtube.com/feeds/videos.xml?playlist_id=PL2"),
            ),
            ("https://www.youtube.com/watch?v=1", "", None),
            ("https://www.reddit.com/r/rust/comments/1/x/", "", Some("https://www.reddit.com/r/rust/.rss")),
            ("https://github.com/owner", "", Some("https://github.com/owner.atom")),
            ("https://github.com/features/actions", "", None),
            ("https://github.com/o/r/commits/main", "", Some("https://github.com/o/r/commits/main.atom")),
            ("https://substack.com/@pier", "", Some("https://pier.substack.com/feed")),
            ("https://pier.blogspot.com/2026/10/x.html", "", Some("https://pier.blogspot.com/feeds/posts/default")),
            ("https://substack.com.example.net/p/x", "", None),
            ("https://notsubstack.com/p/x", "", None),
            ("https://social.example:8443/@a/1", "mastodon", Some("https://social.example:8443/@a.rss")),
            ("https://social.example/@a", "", None),
            ("https://social.example/@a", "mastodontix", None),
            ("https://social.example/@a", "all about mastodon", None),
            ("https://blog.example/tag/a", "wordpress.com", Some("https://blog.example/tag/a/feed/")),
            ("https://forum.example/t/title/7", "discourse 3", Some("https://forum.example/t/title/7.rss")),
        ] {
            assert_eq!(feed(address, mark).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert_eq!(ROWS.len(), lines);
        for row in ROWS.iter() {
            assert!(row.feed == "-" || row.feed.contains('{') || row.feed.starts_with("https://"), "{}", row.feed);
            assert_eq!(row.mark.is_some(), row.hosts == ["*"], "{}", row.feed);
        }
    }
}
