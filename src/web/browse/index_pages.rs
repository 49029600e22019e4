//! `/sources` and `/tags`: lists all of them with their counts.

use std::time::Duration;

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::Html;
use serde::Deserialize;

use crate::app::App;
use crate::library::Library;
use crate::library::articles::lists::{self, Position};
use crate::library::sources::SourceSummary;
use crate::library::tags::TagSummary;
use crate::library::{operations, sources, tags};
use crate::urls::display_domain;
use crate::web::browse::{filters, list_done};
use crate::web::shell::action_notice::Notice;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::{Layout, Reader, Result};

/// Sources or tags per page.
const PAGE_SIZE: usize = 200;

/// Newest articles of a list whose sources and tags are counted; counting all would be too slow.
const MAX_ARTICLES: usize = 1000;

#[derive(Template)]
#[template(path = "index_page.html")]
struct IndexPage {
    layout: Layout,
    kind: &'static IndexKind,
    rows: Vec<IndexRow>,
    next_page_url: Option<String>,
    is_first: bool,
    /// What was just done, with its undo button.
    notice: Option<Notice>,
    /// Set if the page covers a list of articles instead of the whole library.
    scope: Option<ListScope>,
}

/// The list of articles that a page covers.
struct ListScope {
    list: ListUrl,
    /// The list has more articles than were counted.
    is_truncated: bool,
    /// The search took too long and found nothing.
    is_search_stopped: bool,
}

/// The words of an index page.
struct IndexKind {
    path: &'static str,
    title: &'static str,
    singular: &'static str,
    intro: &'static str,
    empty_text: &'static str,
    /// Label and URL of a page about all of them.
    link: Option<(&'static str, &'static str)>,
}

const SOURCES: IndexKind = IndexKind {
    path: "/sources",
    title: "Sources",
    singular: "Source",
    intro: "The publications your articles come from.",
    empty_text: "No sources yet.",
    link: None,
};
const TAGS: IndexKind = IndexKind {
    path: "/tags",
    title: "Tags",
    singular: "Tag",
    intro: "Your tags. Publishers’ keywords become tags when you add them below the text of an article.",
    empty_text: "No tags yet. You can add tags below the text of an article.",
    link: Some(("Tidy up tags", "/tags/tidy")),
};

struct IndexRow {
    url: String,
    name: String,
    /// A second line, if the name alone is ambiguous.
    detail: Option<String>,
    /// Where it is renamed, merged or deleted.
    edit_url: Option<String>,
    unread: Option<String>,
    articles: String,
    newest: Option<DateText>,
}

pub(crate) struct DateText {
    pub text: String,
    pub datetime: String,
}

/// Position in a list: `310-example.org` is after the entry with 310 articles and that slug or domain.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct IndexQuery {
    after: Option<String>,
    /// What was just done.
    operation: Option<i64>,
}

impl IndexQuery {
    fn position(&self) -> (i64, &str) {
        let position = self.after.as_deref().and_then(|after| {
            let (articles, word) = after.split_once('-')?;
            Some((articles.parse().ok()?, word))
        });
        position.unwrap_or((i64::MAX, ""))
    }
}

pub(crate) async fn sources(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
    Query(position_query): Query<IndexQuery>,
) -> Result<Html<String>> {
    let (library, clock) = (&reader.library, crate::web::shell::local_clock(&app));
    let url = ListUrl::parse(query.as_deref().unwrap_or_default()).with(|url| url.source = None);
    if !url.is_unfiltered() || url.is_of_one_lane() {
        let (articles, scope) = resolve_scope(library, url, &clock, app.search_time).await?;
        let rows = sources::list_for_articles(library, &articles, max_rows()).await?.into_iter().map(|source| {
            let domain = source.domain.clone();
            source_row(source, scope.list.with(|url| url.source = Some(domain)).to_string(), &clock)
        });
        return crate::web::shell::page(&IndexPage::for_list(layout, &SOURCES, rows.collect(), scope));
    }
    let mut rows = sources::list(library, position_query.position(), page_limit()).await?;
    let next_page_url = truncate_page(&mut rows).map(|last| next_page_url(&SOURCES, last.articles, &last.domain));
    let rows = rows.into_iter().map(|source| {
        let url = format!("/source/{}", source.domain);
        source_row(source, url, &clock)
    });
    let is_first = position_query.after.is_none();
    crate::web::shell::page(&IndexPage {
        layout,
        kind: &SOURCES,
        rows: rows.collect(),
        next_page_url,
        is_first,
        notice: None,
        scope: None,
    })
}

/// Returns the domain of a source that is called otherwise.
fn source_detail(source: &SourceSummary) -> Option<String> {
    let shown = display_domain(&source.domain);
    (source.name != shown && source.domain.contains('.')).then_some(shown)
}

fn source_row(source: SourceSummary, url: String, clock: &LocalClock) -> IndexRow {
    IndexRow {
        url,
        detail: source_detail(&source),
        edit_url: None,
        name: source.name,
        unread: format_nonzero(source.unread),
        articles: dates::format_number(source.articles),
        newest: format_newest(source.newest_at, clock),
    }
}

pub(crate) async fn tags(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
    Query(position_query): Query<IndexQuery>,
) -> Result<Html<String>> {
    let (library, clock) = (&reader.library, crate::web::shell::local_clock(&app));
    let url = ListUrl::parse(query.as_deref().unwrap_or_default()).with(|url| url.tag = None);
    if !url.is_unfiltered() || url.is_of_one_lane() {
        let (articles, scope) = resolve_scope(library, url, &clock, app.search_time).await?;
        let rows = tags::list_for_articles(library, &articles, max_rows()).await?.into_iter().map(|tag| {
            let slug = tag.slug.clone();
            tag_row(tag, scope.list.with(|url| url.tag = Some(slug)).to_string(), &clock)
        });
        return crate::web::shell::page(&IndexPage::for_list(layout, &TAGS, rows.collect(), scope));
    }
    let mut rows = tags::list(library, position_query.position(), page_limit()).await?;
    let next_page_url = truncate_page(&mut rows).map(|last| next_page_url(&TAGS, last.articles, &last.slug));
    let rows = rows.into_iter().map(|tag| {
        let url = format!("/tag/{}", tag.slug);
        tag_row(tag, url, &clock)
    });
    let is_first = position_query.after.is_none();
    crate::web::shell::page(&IndexPage {
        layout,
        kind: &TAGS,
        rows: rows.collect(),
        next_page_url,
        is_first,
        notice: find_notice(library, position_query.operation).await?,
        scope: None,
    })
}

/// Says what was done to a tag, which can be undone.
async fn find_notice(library: &Library, operation: Option<i64>) -> sqlx::Result<Option<Notice>> {
    let found = match operation {
        Some(id) => operations::find(library, id).await?,
        None => None,
    };
    Ok(found.map(|operation| list_done::operation_notice(&operation, &ListUrl::default(), &[])))
}

fn tag_row(tag: TagSummary, url: String, clock: &LocalClock) -> IndexRow {
    IndexRow {
        url,
        edit_url: Some(format!("/tag/{}/edit", tag.slug)),
        name: tag.name,
        detail: None,
        unread: format_nonzero(tag.unread),
        articles: dates::format_number(tag.articles),
        newest: format_newest(tag.newest_at, clock),
    }
}

impl IndexPage {
    fn has_edit_links(&self) -> bool {
        self.rows.iter().any(|row| row.edit_url.is_some())
    }

    /// Creates the page for a list of articles. It fits on one page.
    const fn for_list(layout: Layout, kind: &'static IndexKind, rows: Vec<IndexRow>, scope: ListScope) -> Self {
        Self { layout, kind, rows, next_page_url: None, is_first: true, notice: None, scope: Some(scope) }
    }
}

/// Returns the newest articles of a list, and its resolved filters.
async fn resolve_scope(
    library: &Library,
    url: ListUrl,
    clock: &LocalClock,
    search_time: Duration,
) -> sqlx::Result<(Vec<i64>, ListScope)> {
    let active = filters::resolve(library, url, clock, search_time).await?;
    let page = lists::list(library, &active.filter, Position::START, MAX_ARTICLES).await?;
    let scope =
        ListScope { list: active.url, is_truncated: page.older.is_some(), is_search_stopped: active.is_search_stopped };
    Ok((page.cards.iter().map(|card| card.id).collect(), scope))
}

fn page_limit() -> i64 {
    i64::try_from(PAGE_SIZE + 1).expect("a small number fits")
}

/// Sources or tags of a list; hardly any list has as many.
fn max_rows() -> i64 {
    i64::try_from(MAX_ARTICLES).expect("a small number fits")
}

/// Removes the rows beyond the page. Returns the last row of the page if there were any.
fn truncate_page<T>(rows: &mut Vec<T>) -> Option<&T> {
    let has_more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    if has_more { rows.last() } else { None }
}

fn next_page_url(kind: &IndexKind, articles: i64, word: &str) -> String {
    let word: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
    format!("{}?after={articles}-{word}", kind.path)
}

pub(crate) fn format_nonzero(number: i64) -> Option<String> {
    (number > 0).then(|| dates::format_number(number))
}

pub(crate) fn format_newest(at: Option<i64>, clock: &LocalClock) -> Option<DateText> {
    at.map(|at| DateText { text: clock.format_short_date(at), datetime: dates::datetime_attribute(at) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_gives_the_position() {
        let position =
            |after: &str| IndexQuery { after: Some(after.into()), ..IndexQuery::default() }.position().1.to_owned();
        assert_eq!(
            IndexQuery { after: Some("310-new-york".into()), ..IndexQuery::default() }.position(),
            (310, "new-york")
        );
        assert_eq!(position("many-new-york"), "");
        assert_eq!(IndexQuery::default().position(), (i64::MAX, ""));
        assert_eq!(next_page_url(&TAGS, 7, "київ"), "/tags?after=7-%D0%BA%D0%B8%D1%97%D0%B2");
    }

    #[test]
    fn truncating_returns_the_last_row_if_more_follow() {
        let mut rows: Vec<usize> = (1..=PAGE_SIZE).collect();
        assert_eq!(truncate_page(&mut rows), None);
        rows.push(0);
        assert_eq!(truncate_page(&mut rows), Some(&PAGE_SIZE));
        assert_eq!(rows.len(), PAGE_SIZE);
    }
}
