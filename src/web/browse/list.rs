//! Lists of articles: `/articles` with any filters, and the pages of a topic, source or tag.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::Uri;
use axum::response::{IntoResponse as _, Redirect, Response};
use url::Url;

use crate::app::App;
use crate::ingest;
use crate::library::articles::lists::{self, Count, Facet, Facets, Position, Sort};
use crate::library::lanes::Lanes;
use crate::library::topics::Topic;
use crate::library::{Library, sources};
use crate::urls::display_host;
use crate::web::browse::article_card::ArticleCard;
use crate::web::browse::bulk_form::{BulkForm, Scope};
use crate::web::browse::filters::{self, ActiveFilters};
use crate::web::browse::lane_switch::LaneSwitch;
use crate::web::browse::list_done::ListDone;
use crate::web::browse::list_heads::ListHeads;
use crate::web::browse::list_sort::{self, SortOption};
use crate::web::browse::list_stories;
use crate::web::browse::list_words;
pub(crate) use crate::web::browse::list_words::name;
use crate::web::browse::list_words::{Chip, EmptyReason, ListKind, build_chips, find_empty_reason, heading, kind_of};
use crate::web::browse::topic_filing;
use crate::web::browse::topic_view::{self, SourceGroup, View};
use crate::web::browse::week_chart::WeekChart;
use crate::web::correct::edit_rules::SourceRules;
use crate::web::correct::rule_draft::DeletedRule;
use crate::web::shell::action_notice::Notice;
use crate::web::shell::dates::format_number;
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::origin::add_parameters;
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
    /// The article that leads the page of a topic: the first one.
    lead: Option<i64>,
    /// The page of a topic by its sources, instead of a list.
    groups: Vec<SourceGroup>,
    view: View,
    /// What arrived in a topic this week and last.
    weeks: Option<WeekChart>,
    older_url: Option<String>,
    empty_reason: EmptyReason,
    /// Where to edit the topic, source or tag, and what that link says.
    edit_link: Option<(String, &'static str)>,
    /// What a topic of the reader's own needs, to get articles by itself.
    learning_hint: Option<String>,
    /// The homepage of the source: label and URL.
    homepage: Option<(String, String)>,
    /// The reader's rules, on the page of a source.
    rules: SourceRules,
    /// Selector of the rule just deleted, and the URL to add it again.
    deleted_rule: Option<(String, String)>,
    /// What was just done, with its undo button.
    notice: Option<Notice>,
    sorts: Vec<SortOption>,
    /// The switch between the lanes, if there are two.
    switch: Option<LaneSwitch>,
    bulk: BulkForm,
    topics: Vec<Topic>,
    heads: ListHeads,
}

/// What a list shows besides its articles.
#[derive(Default)]
struct Extras {
    deleted: DeletedRule,
    done: ListDone,
    bulk: BulkForm,
    view: View,
    query: String,
}

impl Extras {
    fn parse(query: Option<&str>) -> Self {
        let query = query.unwrap_or_default();
        let is_by_source =
            url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "by" && value == "source");
        let view = if is_by_source { View::BySource } else { View::List };
        Self { done: ListDone::parse(query), view, query: query.to_owned(), ..Self::default() }
    }
}

pub(crate) async fn articles(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let url = ListUrl::parse(query.as_deref().unwrap_or_default());
    let filters =
        filters::resolve(&reader.library, url, &crate::web::shell::local_clock(&app), app.search_time).await?;
    show(&app, &reader, layout, &filters, Extras::parse(query.as_deref())).await
}

pub(crate) async fn topic(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let filters = resolve_single(&app, &reader, ListUrl { topic: Some(slug), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &filters, Extras::parse(query.as_deref())).await
}

pub(crate) async fn source(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    uri: Uri,
) -> Result<Response> {
    let deleted = Query::try_from_uri(&uri).map(|Query(deleted)| deleted).unwrap_or_default();
    let filters = resolve_single(&app, &reader, ListUrl { source: Some(domain), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &filters, Extras { deleted, ..Extras::parse(uri.query()) }).await
}

pub(crate) async fn tag(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let filters = resolve_single(&app, &reader, ListUrl { tag: Some(slug.clone()), ..ListUrl::default() }).await?;
    match &filters.url.tag {
        // Another name of it.
        Some(tag) if *tag != slug => Ok(Redirect::to(&list_words::tag_url(tag)).into_response()),
        _ => show(&app, &reader, layout, &filters, Extras::parse(query.as_deref())).await,
    }
}

/// Shows the page of one feed or folder; an unknown one is not found.
pub(crate) async fn show_single(
    app: &App,
    reader: &Reader,
    layout: Layout,
    url: ListUrl,
    query: Option<&str>,
) -> Result<Response> {
    let filters = resolve_single(app, reader, url).await?;
    show(app, reader, layout, &filters, Extras::parse(query)).await
}

/// Shows a list with the form for many articles as filled in, and what is wrong with it.
pub(crate) async fn show_with_form(
    app: &App,
    reader: &Reader,
    layout: Layout,
    filters: &ActiveFilters,
    bulk: BulkForm,
) -> Result<Response> {
    let layout = Layout { current_url: filters.url.to_string(), ..layout };
    show(app, reader, layout, filters, Extras { bulk, ..Extras::default() }).await
}

/// Resolves the filter of the page of a topic, source, tag, feed or folder; an unknown one is not found.
async fn resolve_single(app: &App, reader: &Reader, url: ListUrl) -> Result<ActiveFilters> {
    let filters = filters::resolve(&reader.library, url, &crate::web::shell::local_clock(app), app.search_time).await?;
    if filters.problems.is_empty() { Ok(filters) } else { Err(Error::NotFound) }
}

async fn show(app: &App, reader: &Reader, layout: Layout, filters: &ActiveFilters, extras: Extras) -> Result<Response> {
    let library = &reader.library;
    let clock = crate::web::shell::local_clock(app);
    let after = filters.url.after.as_deref().and_then(Position::parse).unwrap_or_else(|| filters.sort.start());
    let facets: Arc<Facets> = app.facets.get(library, &filters.filter).await?;
    let (seen_up_to, topics) = lists::find_form_context(library).await?;
    let kind = kind_of(&filters.url);
    let view = if kind == ListKind::Topic { extras.view } else { View::List };
    let groups = match view {
        View::BySource => topic_view::group_by_source(library, filters, &facets, &clock).await?,
        View::List => Vec::new(),
    };
    let mut page = match view {
        View::BySource => lists::Page { cards: Vec::new(), older: None },
        View::List => lists::list_sorted(library, &filters.filter, filters.sort, after, PAGE_SIZE).await?,
    };
    let lead = topic_view::put_lead_first(&mut page.cards, filters, kind);
    let in_groups = groups.iter().flat_map(|group| &group.cards).map(|card| card.article.id);
    let (rules, deleted_rule) = match kind {
        ListKind::Source(domain) => {
            (SourceRules::load(library, domain, &clock).await?, extras.deleted.recreate_link(library, domain).await?)
        }
        _ => (SourceRules::default(), None),
    };
    let (heads, head_notice) = ListHeads::find(library, kind, &extras.query, &clock).await?;
    crate::web::shell::fresh_page(&ListPage {
        layout,
        edit_link: list_words::edit_link(filters, kind),
        learning_hint: topic_filing::find_hint(library, filters).await?,
        weeks: topic_view::find_weeks(library, filters, kind, &clock).await?,
        lead,
        view,
        homepage: find_homepage(library, filters, kind).await?,
        heading: heading(filters, kind),
        kind,
        facets: &facets,
        chips: build_chips(filters, kind),
        older_url: page.older.map(|older| filters.url.with(|url| url.after = Some(older.to_string())).to_string()),
        empty_reason: find_empty_reason(filters, &facets),
        rules,
        deleted_rule,
        notice: extras.done.find_notice(library, &filters.url).await?.or(head_notice),
        heads,
        sorts: list_sort::options(filters),
        switch: filters.has_lanes.then(|| LaneSwitch::beside_list(&filters.url, view, facets.lanes)),
        bulk: BulkForm {
            list: filters.url.to_query(),
            page: page.cards.iter().map(|card| card.id).chain(in_groups).collect(),
            seen_up_to,
            ..extras.bulk
        },
        topics,
        cards: list_stories::cards(library, page.cards, &filters.url, &clock).await?,
        groups,
        filters,
    })
}

/// Returns the homepage of a source: what its link says, and its URL.
async fn find_homepage(
    library: &Library,
    filters: &ActiveFilters,
    kind: ListKind<'_>,
) -> sqlx::Result<Option<(String, String)>> {
    let (ListKind::Source(domain), Some(id)) = (kind, filters.filter.source_id) else { return Ok(None) };
    let given = sources::find_details(library, id).await?.and_then(|details| details.homepage);
    let domain_url = domain.contains('.').then(|| format!("https://{domain}/"));
    Ok(given
        .or(domain_url)
        .map(|url| (Url::parse(&url).map_or_else(|_| domain.to_owned(), |url| display_host(&url)), url)))
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

    /// Names the links to the next page and to the first.
    fn page_labels(&self) -> (&'static str, &'static str) {
        match self.filters.sort {
            Sort::Newest => ("Older articles", "Back to newest"),
            Sort::Oldest => ("Newer articles", "Back to oldest"),
            _ => ("More articles", "Back to the start"),
        }
    }

    fn scopes(&self) -> [(Scope, String); 3] {
        let on_page = format_number(i64::try_from(self.bulk.page.len()).unwrap_or(i64::MAX));
        [
            (Scope::Selected, "Selected articles".to_owned()),
            (Scope::Page, format!("These {on_page}")),
            (Scope::All, format!("All {} that match", self.facets.total.at_least(self.bulk.page.len()))),
        ]
    }

    fn page_ids(&self) -> String {
        self.bulk.page.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    fn is_bulk_open(&self) -> bool {
        self.bulk.problem.is_some()
    }

    fn is_lead(&self, card: &ArticleCard) -> bool {
        self.lead == Some(card.article.id)
    }

    /// The ways to show a topic: its name, its URL, and whether it is the one shown. Other filters are kept.
    fn views(&self) -> [(&'static str, String, bool); 2] {
        let list = self.filters.url.with(|_| {}).to_string();
        let by_source = add_parameters(&list, &[("by", "source")]);
        let is_by_source = self.view == View::BySource;
        [("All articles", list, !is_by_source), ("By source", by_source, is_by_source)]
    }

    fn is_ticked(&self, card: &ArticleCard) -> bool {
        self.bulk.selected.contains(&card.article.id)
    }

    /// Returns the same search in all articles of both lanes, if other filters are active.
    fn search_all_url(&self) -> Option<ListUrl> {
        let q = Some(self.filters.url.q.clone()?);
        let lane = self.filters.url.lane.map(|_| Lanes::Both);
        let all = ListUrl { q, lane, ..ListUrl::default() };
        (all != self.filters.url.with(|url| url.sort = None)).then_some(all)
    }

    /// Returns the same list of both lanes, and how many articles it has.
    fn both_lanes_link(&self) -> (Count, ListUrl) {
        let count = self.facets.lanes.iter().find(|(lanes, _)| *lanes == Lanes::Both).map(|(_, count)| *count);
        (count.unwrap_or_default(), self.filters.url.with(|url| url.lane = Some(Lanes::Both)))
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
    fn total(&self) -> Count {
        let archived = if self.excludes_archive() { self.facets.archived.count } else { Count::default() };
        self.facets.total + archived
    }

    fn excludes_archive(&self) -> bool {
        let filter = &self.filters.filter;
        !filter.unread && !filter.archived && !filter.includes_archived()
    }

    fn archived_link(&self) -> (Count, ListUrl) {
        (self.facets.archived.count, self.filters.url.with(|url| url.archived = true))
    }
}
