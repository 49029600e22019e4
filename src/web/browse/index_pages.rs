//! `/topics`, `/sources` and `/tags`: all there are, with what is under each.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::Html;
use serde::Deserialize;

use crate::app::App;
use crate::library::Library;
use crate::library::articles::lists::{self, Position};
use crate::library::sources::SourceSummary;
use crate::library::tags::TagSummary;
use crate::library::{sources, tags, topics};
use crate::web::browse::filters;
use crate::web::browse::list_url::ListUrl;
use crate::web::shell::dates::{self, Present};
use crate::web::shell::{Layout, Reader, Result};

/// Sources and tags on a page.
const PAGE: usize = 200;

/// Articles of a list whose sources and tags are told; all of them would take too long for a large list.
const LOOKED_THROUGH: usize = 1000;

#[derive(Template)]
#[template(path = "index.html")]
struct IndexPage {
    layout: Layout,
    kind: &'static Kind,
    rows: Vec<Row>,
    more: Option<String>,
    is_first: bool,
    note: Option<&'static str>,
    /// It lists what is in a list of articles and not all there is.
    within: Option<Within>,
}

/// The list of articles that a page is narrowed to.
struct Within {
    list: ListUrl,
    /// There are more articles than were looked through.
    is_cut: bool,
}

/// What the page lists, in words.
struct Kind {
    path: &'static str,
    title: &'static str,
    one: &'static str,
    lede: &'static str,
    none: &'static str,
}

const TOPICS: Kind = Kind {
    path: "/topics",
    title: "Topics",
    one: "Topic",
    lede: "Each article has one topic. To change it, open the article.",
    none: "No topics yet.",
};
const SOURCES: Kind = Kind {
    path: "/sources",
    title: "Sources",
    one: "Source",
    lede: "The publications your articles come from.",
    none: "No sources yet.",
};
const TAGS: Kind = Kind {
    path: "/tags",
    title: "Tags",
    one: "Tag",
    lede: "Your tags and the publishers’.",
    none: "No tags yet. You can add tags below the text of an article.",
};

struct Row {
    address: String,
    name: String,
    /// A second line, where the name does not say it all.
    detail: Option<String>,
    unread: Option<String>,
    articles: String,
    newest: Option<Newest>,
}

struct Newest {
    words: String,
    machine: String,
}

/// Where a list goes on: `310-example.org` is after the one with so many articles and that word.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

impl Asked {
    fn position(&self) -> (i64, &str) {
        let position = self.after.as_deref().and_then(|after| {
            let (articles, word) = after.split_once('-')?;
            Some((articles.parse().ok()?, word))
        });
        position.unwrap_or((i64::MAX, ""))
    }
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Done {
    removed: Option<u8>,
}

pub(crate) async fn topics(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(done): Query<Done>,
) -> Result<Html<String>> {
    let present = crate::web::shell::present(&app);
    let rows = topics::list_with_counts(&reader.library).await?;
    let rows = rows.into_iter().map(|topic| Row {
        address: format!("/topic/{}", topic.slug),
        name: topic.name,
        detail: None,
        unread: some_number(topic.unread),
        articles: dates::number(topic.articles),
        newest: newest(topic.newest_at, &present),
    });
    let note = done.removed.map(|_| "Topic deleted. Any articles it had are now in Unsorted.");
    crate::web::shell::page(&IndexPage {
        layout,
        kind: &TOPICS,
        rows: rows.collect(),
        more: None,
        is_first: true,
        note,
        within: None,
    })
}

pub(crate) async fn sources(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
    Query(asked): Query<Asked>,
) -> Result<Html<String>> {
    let (library, present) = (&reader.library, crate::web::shell::present(&app));
    let url = ListUrl::parse(query.as_deref().unwrap_or_default()).with(|url| url.source = None);
    if !url.is_everything() {
        let (articles, within) = narrow(library, url, &present).await?;
        let rows = sources::list_for_articles(library, &articles, most()).await?.into_iter().map(|source| {
            let domain = source.domain.clone();
            source_row(source, within.list.with(|url| url.source = Some(domain)).to_string(), &present)
        });
        return crate::web::shell::page(&IndexPage::narrowed(layout, &SOURCES, rows.collect(), within));
    }
    let mut rows = sources::list(library, asked.position(), one_more()).await?;
    let more = cut(&mut rows).map(|last| more(&SOURCES, last.articles, &last.domain));
    let rows = rows.into_iter().map(|source| {
        let address = format!("/source/{}", source.domain);
        source_row(source, address, &present)
    });
    let is_first = asked.after.is_none();
    crate::web::shell::page(&IndexPage {
        layout,
        kind: &SOURCES,
        rows: rows.collect(),
        more,
        is_first,
        note: None,
        within: None,
    })
}

fn source_row(source: SourceSummary, address: String, present: &Present) -> Row {
    Row {
        address,
        detail: (source.name != source.domain && source.domain.contains('.')).then_some(source.domain),
        name: source.name,
        unread: some_number(source.unread),
        articles: dates::number(source.articles),
        newest: newest(source.newest_at, present),
    }
}

pub(crate) async fn tags(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
    Query(asked): Query<Asked>,
) -> Result<Html<String>> {
    let (library, present) = (&reader.library, crate::web::shell::present(&app));
    let url = ListUrl::parse(query.as_deref().unwrap_or_default()).with(|url| url.tag = None);
    if !url.is_everything() {
        let (articles, within) = narrow(library, url, &present).await?;
        let rows = tags::list_for_articles(library, &articles, most()).await?.into_iter().map(|tag| {
            let slug = tag.slug.clone();
            tag_row(tag, within.list.with(|url| url.tag = Some(slug)).to_string(), &present)
        });
        return crate::web::shell::page(&IndexPage::narrowed(layout, &TAGS, rows.collect(), within));
    }
    let mut rows = tags::list(library, asked.position(), one_more()).await?;
    let more = cut(&mut rows).map(|last| more(&TAGS, last.articles, &last.slug));
    let rows = rows.into_iter().map(|tag| {
        let address = format!("/tag/{}", tag.slug);
        tag_row(tag, address, &present)
    });
    let is_first = asked.after.is_none();
    crate::web::shell::page(&IndexPage {
        layout,
        kind: &TAGS,
        rows: rows.collect(),
        more,
        is_first,
        note: None,
        within: None,
    })
}

fn tag_row(tag: TagSummary, address: String, present: &Present) -> Row {
    Row {
        address,
        name: tag.name,
        detail: None,
        unread: some_number(tag.unread),
        articles: dates::number(tag.articles),
        newest: newest(tag.newest_at, present),
    }
}

impl IndexPage {
    /// What is in a list of articles: all of it on one page.
    const fn narrowed(layout: Layout, kind: &'static Kind, rows: Vec<Row>, within: Within) -> Self {
        Self { layout, kind, rows, more: None, is_first: true, note: None, within: Some(within) }
    }
}

/// The newest articles of a list, and what was understood of its address.
async fn narrow(library: &Library, url: ListUrl, present: &Present) -> sqlx::Result<(Vec<i64>, Within)> {
    let chosen = filters::understand(library, url, present).await?;
    let page = lists::list(library, &chosen.filter, Position::START, LOOKED_THROUGH).await?;
    let within = Within { list: chosen.url, is_cut: page.older.is_some() };
    Ok((page.cards.iter().map(|card| card.id).collect(), within))
}

fn one_more() -> i64 {
    i64::try_from(PAGE + 1).expect("a small number fits")
}

/// Sources and tags of a narrowed list; there are seldom as many.
fn most() -> i64 {
    i64::try_from(LOOKED_THROUGH).expect("a small number fits")
}

/// Cuts what is beyond the page; the last of the page, if something was.
fn cut<T>(rows: &mut Vec<T>) -> Option<&T> {
    let is_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    if is_more { rows.last() } else { None }
}

fn more(kind: &Kind, articles: i64, word: &str) -> String {
    let word: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
    format!("{}?after={articles}-{word}", kind.path)
}

fn some_number(number: i64) -> Option<String> {
    (number > 0).then(|| dates::number(number))
}

fn newest(at: Option<i64>, present: &Present) -> Option<Newest> {
    at.map(|at| Newest { words: present.short(at), machine: dates::machine(at) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_on_where_its_address_says() {
        let position = |after: &str| Asked { after: Some(after.into()) }.position().1.to_owned();
        assert_eq!(Asked { after: Some("310-new-york".into()) }.position(), (310, "new-york"));
        assert_eq!(position("many-new-york"), "");
        assert_eq!(Asked::default().position(), (i64::MAX, ""));
        assert_eq!(more(&TAGS, 7, "київ"), "/tags?after=7-%D0%BA%D0%B8%D1%97%D0%B2");
    }

    #[test]
    fn a_full_page_names_its_last_row_only_when_more_follow() {
        let mut rows: Vec<usize> = (1..=PAGE).collect();
        assert_eq!(cut(&mut rows), None);
        rows.push(0);
        assert_eq!(cut(&mut rows), Some(&PAGE));
        assert_eq!(rows.len(), PAGE);
    }
}
