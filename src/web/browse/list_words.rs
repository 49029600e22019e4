//! What a list is called, which filters it has, and why it is empty.

use std::borrow::Cow;

use crate::ingest;
use crate::library::articles::lists::Facets;
use crate::library::lanes::Lanes;
use crate::library::tags;
use crate::web::browse::filters::ActiveFilters;
use crate::web::shell::dates;
use crate::web::shell::list_url::ListUrl;

/// What the list is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListKind<'a> {
    All,
    Topic,
    Source(&'a str),
    Tag,
    Feed(i64),
    Folder(i64),
}

/// An active filter, and the URL of the list without it.
pub(crate) struct Chip<'a> {
    pub label: Cow<'a, str>,
    pub url: ListUrl,
}

/// Why a list is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmptyReason {
    NoArticles,
    AllRead,
    NoStarred,
    NothingArchived,
    AllArchived,
    PastEnd,
    NoMatches,
    SearchStopped,
    NothingInStream,
    /// The other lane has articles that match.
    OtherLane,
    NothingInFeed,
    NothingInFolder,
}

/// A list filtered by one topic, source, tag, feed or folder alone is the page of it, whatever its URL.
pub(crate) fn kind_of(url: &ListUrl) -> ListKind<'_> {
    if let (None, None, None) = (&url.topic, &url.source, &url.tag) {
        match (url.feed.as_ref().map(|id| id.parse()), url.folder.as_ref().map(|id| id.parse())) {
            (Some(Ok(feed)), None) => return ListKind::Feed(feed),
            (None, Some(Ok(folder))) => return ListKind::Folder(folder),
            _ => {}
        }
    }
    match (&url.topic, &url.source, &url.tag) {
        _ if url.feed.is_some() || url.folder.is_some() => ListKind::All,
        (Some(_), None, None) => ListKind::Topic,
        (None, Some(domain), None) => ListKind::Source(domain),
        (None, None, Some(_)) => ListKind::Tag,
        _ => ListKind::All,
    }
}

pub(crate) fn heading<'a>(filters: &'a ActiveFilters, kind: ListKind<'_>) -> Cow<'a, str> {
    let name = match (kind, &filters.url.q) {
        (ListKind::All, Some(words)) => {
            return format!("Search results for “{}”", tags::truncate_for_display(words)).into();
        }
        (ListKind::All, None) => &None,
        (ListKind::Topic, _) => &filters.topic,
        (ListKind::Source(_), _) => &filters.source,
        (ListKind::Tag, _) => &filters.tag,
        (ListKind::Feed(_), _) => &filters.feed,
        (ListKind::Folder(_), _) => &filters.folder,
    };
    name.as_deref().unwrap_or("Articles").into()
}

/// Returns where to edit what the list is about, and what that link says.
pub(crate) fn edit_link(filters: &ActiveFilters, kind: ListKind<'_>) -> Option<(String, &'static str)> {
    let url = &filters.url;
    match kind {
        ListKind::Topic => Some((format!("/topic/{}/edit", url.topic.as_ref()?), "Rename, hide or merge this topic")),
        ListKind::Source(domain) if ingest::is_website(domain) => {
            Some((format!("/source/{domain}/edit"), "Rename, merge or split this source"))
        }
        ListKind::Tag => Some((format!("/tag/{}/edit", url.tag.as_ref()?), "Rename, merge or delete this tag")),
        ListKind::Folder(id) => Some((format!("/folder/{id}/settings"), "How long articles of this folder stay")),
        ListKind::Source(_) | ListKind::All | ListKind::Feed(_) => None,
    }
}

/// Returns the name of a list with its states, for other pages: `Politics, unread`.
pub(crate) fn name(filters: &ActiveFilters) -> String {
    let url = &filters.url;
    let mut name = heading(filters, kind_of(url)).into_owned();
    let (is_kept, is_stream) = (url.lane == Some(Lanes::Kept), url.lane == Some(Lanes::Stream));
    for (is_set, state) in [
        (url.unread, ", unread"),
        (url.starred, ", starred"),
        (url.archived, ", archived"),
        (is_kept, ", kept"),
        (is_stream, ", stream"),
    ] {
        name.push_str(if is_set { state } else { "" });
    }
    name
}

/// Returns a chip for each active filter; none for a single one that the heading names.
pub(crate) fn build_chips<'a>(filters: &'a ActiveFilters, kind: ListKind<'_>) -> Vec<Chip<'a>> {
    let url = &filters.url;
    let mut chips = Vec::new();
    let mut add = |label: Cow<'a, str>, change: fn(&mut ListUrl)| {
        chips.push(Chip { label, url: url.with(change) });
    };
    if let Some(name) = &filters.topic {
        add(name.into(), |url| url.topic = None);
    }
    if let Some(name) = &filters.source {
        add(name.into(), |url| url.source = None);
    }
    if let Some(name) = &filters.tag {
        add(name.into(), |url| url.tag = None);
    }
    if let Some(name) = &filters.feed {
        add(name.into(), |url| url.feed = None);
    }
    if let Some(name) = &filters.folder {
        add(name.into(), |url| url.folder = None);
    }
    if let Some(reason) = &filters.reason {
        add(reason.into(), |url| url.reason = None);
    }
    if url.unread {
        add("Unread".into(), |url| url.unread = false);
    }
    if url.starred {
        add("Starred".into(), |url| url.starred = false);
    }
    if url.archived {
        add("Archived".into(), |url| url.archived = false);
    }
    if let Some(day) = filters.since {
        add(format!("From {}", dates::format_date(day)).into(), |url| url.since = None);
    }
    if let Some(day) = filters.until {
        add(format!("To {}", dates::format_date(day)).into(), |url| url.until = None);
    }
    if let Some(words) = &url.q {
        add(format!("“{}”", tags::truncate_for_display(words)).into(), |url| url.q = None);
    }
    if kind != ListKind::All && chips.len() == 1 {
        chips.clear();
    }
    chips
}

pub(crate) fn find_empty_reason(filters: &ActiveFilters, facets: &Facets) -> EmptyReason {
    let url = &filters.url;
    let has_others = facets.lanes.iter().any(|(_, count)| count.articles > 0);
    let only = |change: fn(&mut ListUrl)| url.filters() == ListUrl::default().with(change);
    if filters.is_search_stopped {
        EmptyReason::SearchStopped
    } else if url.after.is_some() {
        EmptyReason::PastEnd
    } else if facets.archived.count.articles > 0 && !url.unread {
        EmptyReason::AllArchived
    } else if url.is_unfiltered() && url.lane == Some(Lanes::Stream) {
        EmptyReason::NothingInStream
    } else if has_others {
        EmptyReason::OtherLane
    } else if url.is_unfiltered() {
        EmptyReason::NoArticles
    } else if only(|url| url.unread = true) {
        EmptyReason::AllRead
    } else if only(|url| url.starred = true) {
        EmptyReason::NoStarred
    } else if only(|url| url.archived = true) {
        EmptyReason::NothingArchived
    } else if url.with(|url| url.feed = None).is_unfiltered() {
        EmptyReason::NothingInFeed
    } else if url.with(|url| url.folder = None).is_unfiltered() {
        EmptyReason::NothingInFolder
    } else {
        EmptyReason::NoMatches
    }
}

/// Returns the URL of a tag's page, with ASCII alone, as header values have.
pub(crate) fn tag_url(slug: &str) -> String {
    format!("/tag/{}", url::form_urlencoded::byte_serialize(slug.as_bytes()).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::articles::lists::{Count, Facet};

    #[test]
    fn the_reason_for_an_empty_list_is_found() {
        let filters = |query| ActiveFilters { url: ListUrl::parse(query), ..ActiveFilters::default() };
        for (query, expected) in [
            ("", EmptyReason::NoArticles),
            ("unread", EmptyReason::AllRead),
            ("starred", EmptyReason::NoStarred),
            ("archived", EmptyReason::NothingArchived),
            ("unread&topic=sport", EmptyReason::NoMatches),
            ("after=1-1", EmptyReason::PastEnd),
        ] {
            assert_eq!(find_empty_reason(&filters(query), &Facets::default()), expected, "{query}");
        }
        let archived = Facet { count: Count::exact(1), ..Facet::default() };
        let some_archived = Facets { archived, ..Facets::default() };
        assert_eq!(find_empty_reason(&filters("topic=sport"), &some_archived), EmptyReason::AllArchived);
        assert_eq!(find_empty_reason(&filters("topic=sport&unread"), &some_archived), EmptyReason::NoMatches);
        let lanes = [(Lanes::Kept, Count::default()), (Lanes::Stream, Count::exact(2)), (Lanes::Both, Count::exact(2))];
        let some_in_stream = Facets { lanes, ..Facets::default() };
        assert_eq!(find_empty_reason(&filters("topic=sport&lane=kept"), &some_in_stream), EmptyReason::OtherLane);
        assert_eq!(find_empty_reason(&filters("lane=stream"), &Facets::default()), EmptyReason::NothingInStream);
        let stopped = ActiveFilters { is_search_stopped: true, ..filters("q=ferry&after=1-1") };
        assert_eq!(find_empty_reason(&stopped, &Facets::default()), EmptyReason::SearchStopped);
    }

    #[test]
    fn a_single_filter_is_the_heading_and_more_are_chips() {
        let mut filters = ActiveFilters { topic: Some("Sport".into()), ..ActiveFilters::default() };
        filters.url.topic = Some("sport".into());
        assert_eq!(heading(&filters, kind_of(&filters.url)), "Sport");
        assert_eq!(name(&filters), "Sport");
        assert!(build_chips(&filters, kind_of(&filters.url)).is_empty());
        filters.url.lane = Some(Lanes::Stream);
        assert_eq!(name(&filters), "Sport, stream");
        filters.url.lane = None;
        filters.url.starred = true;
        assert_eq!(name(&filters), "Sport, starred");
        let shown: Vec<_> = build_chips(&filters, kind_of(&filters.url))
            .into_iter()
            .map(|chip| (chip.label.into_owned(), chip.url.to_string()))
            .collect();
        let expected = [("Sport", "/articles?starred=1"), ("Starred", "/articles?topic=sport")];
        assert_eq!(shown, expected.map(|(label, url)| (label.to_owned(), url.to_owned())));
        let searched = ActiveFilters { url: ListUrl::parse("q=ferry"), ..ActiveFilters::default() };
        assert_eq!(heading(&searched, kind_of(&searched.url)), "Search results for “ferry”");
        let long = ActiveFilters { url: ListUrl::parse(&format!("q={}", "x".repeat(300))), ..ActiveFilters::default() };
        assert_eq!(heading(&long, kind_of(&long.url)).chars().count(), 82, "a long query is shortened");
        assert_eq!(build_chips(&long, kind_of(&long.url))[0].label.chars().count(), 63);
    }
}
