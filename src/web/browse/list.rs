//! Lists of articles: `/articles` with any filters, and the pages of a topic, source or tag.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Html;

use crate::app::App;
use crate::ingest;
use crate::library::articles::lists::{self, CappedCount, Facet, Facets, Position};
use crate::library::tags;
use crate::web::browse::article_card::ArticleCard;
use crate::web::browse::filters::{self, ActiveFilters};
use crate::web::browse::list_url::ListUrl;
use crate::web::correct::edit_rules::SourceRules;
use crate::web::correct::rule_draft::DeletedRule;
use crate::web::shell::dates;
use crate::web::shell::{Error, Layout, Reader, Result};

/// Articles per page.
const PAGE_SIZE: usize = 50;

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    layout: Layout,
    heading: Cow<'a, str>,
    kind: ListKind<'a>,
    facets: &'a Facets,
    filters: &'a ActiveFilters,
    chips: Vec<Chip<'a>>,
    cards: Vec<ArticleCard>,
    older_url: Option<String>,
    empty_reason: EmptyReason,
    /// Where to edit the topic, if the reader added it.
    edit_url: Option<String>,
    /// The reader's rules, on the page of a source.
    rules: SourceRules,
    /// Selector of the rule just deleted, and the URL to add it again.
    deleted_rule: Option<(String, String)>,
}

/// What the list is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ListKind<'a> {
    All,
    Topic,
    Source(&'a str),
    Tag,
}

/// An active filter, and the URL of the list without it.
struct Chip<'a> {
    label: Cow<'a, str>,
    url: ListUrl,
}

/// Why a list is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EmptyReason {
    NoArticles,
    AllRead,
    NoStarred,
    NothingArchived,
    AllArchived,
    PastEnd,
    NoMatches,
    SearchStopped,
}

pub(crate) async fn articles(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
) -> Result<Html<String>> {
    let url = ListUrl::parse(query.as_deref().unwrap_or_default());
    let filters =
        filters::resolve(&reader.library, url, &crate::web::shell::local_clock(&app), app.search_time).await?;
    show(&app, &reader, layout, &filters, DeletedRule::default()).await
}

pub(crate) async fn topic(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
) -> Result<Html<String>> {
    let filters = resolve_single(&app, &reader, ListUrl { topic: Some(slug), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &filters, DeletedRule::default()).await
}

pub(crate) async fn source(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Query(deleted): Query<DeletedRule>,
) -> Result<Html<String>> {
    let filters = resolve_single(&app, &reader, ListUrl { source: Some(domain), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &filters, deleted).await
}

pub(crate) async fn tag(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
) -> Result<Html<String>> {
    let filters = resolve_single(&app, &reader, ListUrl { tag: Some(slug), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &filters, DeletedRule::default()).await
}

/// Resolves the filter of the page of a topic, source or tag; an unknown one is not found.
async fn resolve_single(app: &App, reader: &Reader, url: ListUrl) -> Result<ActiveFilters> {
    let filters = filters::resolve(&reader.library, url, &crate::web::shell::local_clock(app), app.search_time).await?;
    if filters.problems.is_empty() { Ok(filters) } else { Err(Error::NotFound) }
}

async fn show(
    app: &App,
    reader: &Reader,
    layout: Layout,
    filters: &ActiveFilters,
    deleted: DeletedRule,
) -> Result<Html<String>> {
    let library = &reader.library;
    let clock = crate::web::shell::local_clock(app);
    let after = filters.url.after.as_deref().and_then(Position::parse).unwrap_or(Position::START);
    let page = lists::list(library, &filters.filter, after, PAGE_SIZE).await?;
    let facets: Arc<Facets> = app.facets.get(library, &filters.filter).await?;
    let kind = kind_of(&filters.url);
    let (rules, deleted_rule) = match kind {
        ListKind::Source(domain) => {
            (SourceRules::load(library, domain, &clock).await?, deleted.recreate_link(library, domain).await?)
        }
        ListKind::All | ListKind::Topic | ListKind::Tag => (SourceRules::default(), None),
    };
    let own = filters.url.topic.as_ref().filter(|_| kind == ListKind::Topic && filters.topic_is_own);
    crate::web::shell::page(&ListPage {
        layout,
        edit_url: own.map(|slug| format!("/topic/{slug}/edit")),
        heading: heading(filters, kind),
        kind,
        facets: &facets,
        chips: build_chips(filters, kind),
        older_url: page.older.map(|older| filters.url.with(|url| url.after = Some(older.to_string())).to_string()),
        cards: page.cards.into_iter().map(|card| ArticleCard::new(card, &clock)).collect(),
        empty_reason: find_empty_reason(filters, facets.archived.count),
        rules,
        deleted_rule,
        filters,
    })
}

/// A list filtered by one topic, source or tag alone is the page of it, whatever its URL.
fn kind_of(url: &ListUrl) -> ListKind<'_> {
    match (&url.topic, &url.source, &url.tag) {
        (Some(_), None, None) => ListKind::Topic,
        (None, Some(domain), None) => ListKind::Source(domain),
        (None, None, Some(_)) => ListKind::Tag,
        _ => ListKind::All,
    }
}

fn heading<'a>(filters: &'a ActiveFilters, kind: ListKind<'_>) -> Cow<'a, str> {
    let name = match (kind, &filters.url.q) {
        (ListKind::All, Some(words)) => {
            return format!("Search results for “{}”", tags::truncate_for_display(words)).into();
        }
        (ListKind::All, None) => &None,
        (ListKind::Topic, _) => &filters.topic,
        (ListKind::Source(_), _) => &filters.source,
        (ListKind::Tag, _) => &filters.tag,
    };
    name.as_deref().unwrap_or("Articles").into()
}

/// Returns a chip for each active filter; none for a single one that the heading names.
fn build_chips<'a>(filters: &'a ActiveFilters, kind: ListKind<'_>) -> Vec<Chip<'a>> {
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

fn find_empty_reason(filters: &ActiveFilters, archived: CappedCount) -> EmptyReason {
    let url = &filters.url;
    let only = |change: fn(&mut ListUrl)| url.with(|_| {}) == ListUrl::default().with(change);
    if filters.is_search_stopped {
        EmptyReason::SearchStopped
    } else if url.after.is_some() {
        EmptyReason::PastEnd
    } else if archived.0 > 0 && !url.unread {
        EmptyReason::AllArchived
    } else if url.is_unfiltered() {
        EmptyReason::NoArticles
    } else if only(|url| url.unread = true) {
        EmptyReason::AllRead
    } else if only(|url| url.starred = true) {
        EmptyReason::NoStarred
    } else if only(|url| url.archived = true) {
        EmptyReason::NothingArchived
    } else {
        EmptyReason::NoMatches
    }
}

/// For the template. The link of an active filter removes it.
impl ListPage<'_> {
    fn topic_url(&self, facet: &Facet) -> ListUrl {
        self.filters.url.with(|url| url.topic = (!facet.is_selected).then(|| facet.value.clone()))
    }

    fn source_url(&self, facet: &Facet) -> ListUrl {
        self.filters.url.with(|url| url.source = (!facet.is_selected).then(|| facet.value.clone()))
    }

    fn tag_url(&self, facet: &Facet) -> ListUrl {
        self.filters.url.with(|url| url.tag = (!facet.is_selected).then(|| facet.value.clone()))
    }

    fn all_sources_url(&self) -> String {
        self.filters.url.with(|url| url.source = None).with_path("/sources")
    }

    fn all_tags_url(&self) -> String {
        self.filters.url.with(|url| url.tag = None).with_path("/tags")
    }

    /// Unread, starred and archived can be combined.
    fn state_links(&self) -> [(&Facet, ListUrl); 3] {
        let (facets, url) = (self.facets, &self.filters.url);
        [
            (&facets.unread, url.with(|url| url.unread = !url.unread)),
            (&facets.starred, url.with(|url| url.starred = !url.starred)),
            (&facets.archived, url.with(|url| url.archived = !url.archived)),
        ]
    }

    fn any_state_url(&self) -> ListUrl {
        self.filters.url.with(|url| (url.unread, url.starred, url.archived) = (false, false, false))
    }

    /// Names the list without a state filter: `Inbox` if it excludes the archive.
    fn any_state_label(&self) -> &'static str {
        if self.filters.filter.in_any_state().includes_archived() { "All" } else { "Inbox" }
    }

    const fn has_state_filter(&self) -> bool {
        let url = &self.filters.url;
        url.unread || url.starred || url.archived
    }

    fn newest_url(&self) -> ListUrl {
        self.filters.url.with(|_| {})
    }

    /// Returns the same search in all articles, if other filters are active.
    fn search_all_url(&self) -> Option<ListUrl> {
        let only = ListUrl { q: Some(self.filters.url.q.clone()?), ..ListUrl::default() };
        (only != self.newest_url()).then_some(only)
    }

    /// Returns the parameters that the date form has to keep.
    fn hidden_fields(&self) -> Vec<(&'static str, &str)> {
        self.filters.url.parameters_except(&["since", "until"])
    }

    /// Returns whether this is the first page of a source that can have rules.
    fn shows_rules(&self) -> bool {
        matches!(self.kind, ListKind::Source(domain) if ingest::is_website(domain)) && self.filters.url.after.is_none()
    }

    const fn is_rules_open(&self) -> bool {
        self.rules.count > 0 || self.deleted_rule.is_some()
    }

    /// Returns the number of articles, including archived ones even if the list excludes them.
    fn total(&self) -> CappedCount {
        CappedCount(self.facets.total.0 + if self.excludes_archive() { self.facets.archived.count.0 } else { 0 })
    }

    fn excludes_archive(&self) -> bool {
        let filter = &self.filters.filter;
        !filter.unread && !filter.archived && !filter.includes_archived()
    }

    fn archived_link(&self) -> (CappedCount, ListUrl) {
        (self.facets.archived.count, self.filters.url.with(|url| url.archived = true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(find_empty_reason(&filters(query), CappedCount(0)), expected, "{query}");
        }
        assert_eq!(find_empty_reason(&filters("topic=sport"), CappedCount(1)), EmptyReason::AllArchived);
        assert_eq!(find_empty_reason(&filters("topic=sport&unread"), CappedCount(1)), EmptyReason::NoMatches);
        let stopped = ActiveFilters { is_search_stopped: true, ..filters("q=ferry&after=1-1") };
        assert_eq!(find_empty_reason(&stopped, CappedCount(0)), EmptyReason::SearchStopped);
    }

    #[test]
    fn a_single_filter_is_the_heading_and_more_are_chips() {
        let mut filters = ActiveFilters { topic: Some("Sport".into()), ..ActiveFilters::default() };
        filters.url.topic = Some("sport".into());
        assert_eq!(heading(&filters, kind_of(&filters.url)), "Sport");
        assert!(build_chips(&filters, kind_of(&filters.url)).is_empty());
        filters.url.starred = true;
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
