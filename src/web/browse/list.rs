//! Lists of articles: `/articles` with any filters, and a topic, source or tag as a page of its own.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Html;

use crate::app::App;
use crate::ingest;
use crate::library::articles::lists::{self, CappedCount, Facet, Facets, Position};
use crate::library::tags;
use crate::web::browse::article_card::Teaser;
use crate::web::browse::filters::{self, Chosen};
use crate::web::browse::list_url::ListUrl;
use crate::web::correct::edit_rules::Ruled;
use crate::web::correct::rule_draft::JustRemoved;
use crate::web::shell::dates;
use crate::web::shell::{Error, Layout, Reader, Result};

/// Articles on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    layout: Layout,
    heading: Cow<'a, str>,
    about: About<'a>,
    facets: &'a Facets,
    chosen: &'a Chosen,
    chips: Vec<Chip<'a>>,
    teasers: Vec<Teaser>,
    older: Option<String>,
    empty: Empty,
    /// Of the page of a topic that the reader made: where it is changed.
    edit: Option<String>,
    /// Of the page of a source: what the reader has decided about its pages.
    rules: Ruled,
    /// The rule that was just removed, and where it can be made again.
    unruled: Option<(String, String)>,
}

/// What the page is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About<'a> {
    Everything,
    Topic,
    Source(&'a str),
    Tag,
}

/// A chosen filter, and the list without it.
struct Chip<'a> {
    words: Cow<'a, str>,
    without: ListUrl,
}

/// Why a list is empty, as far as it helps the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    NoArticles,
    AllRead,
    NoStars,
    NoArchive,
    AllArchived,
    TheEnd,
    NothingFits,
}

pub(crate) async fn articles(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
) -> Result<Html<String>> {
    let url = ListUrl::parse(query.as_deref().unwrap_or_default());
    let chosen = filters::understand(&reader.library, url, &crate::web::shell::present(&app)).await?;
    show(&app, &reader, layout, &chosen, JustRemoved::default()).await
}

pub(crate) async fn topic(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
) -> Result<Html<String>> {
    let chosen = only(&app, &reader, ListUrl { topic: Some(slug), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &chosen, JustRemoved::default()).await
}

pub(crate) async fn source(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Query(removed): Query<JustRemoved>,
) -> Result<Html<String>> {
    let chosen = only(&app, &reader, ListUrl { source: Some(domain), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &chosen, removed).await
}

pub(crate) async fn tag(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
) -> Result<Html<String>> {
    let chosen = only(&app, &reader, ListUrl { tag: Some(slug), ..ListUrl::default() }).await?;
    show(&app, &reader, layout, &chosen, JustRemoved::default()).await
}

/// What the page of one topic, source or tag shows; of what is not known there is no page.
async fn only(app: &App, reader: &Reader, url: ListUrl) -> Result<Chosen> {
    let chosen = filters::understand(&reader.library, url, &crate::web::shell::present(app)).await?;
    if chosen.problems.is_empty() { Ok(chosen) } else { Err(Error::NotFound) }
}

async fn show(
    app: &App,
    reader: &Reader,
    layout: Layout,
    chosen: &Chosen,
    removed: JustRemoved,
) -> Result<Html<String>> {
    let library = &reader.library;
    let present = crate::web::shell::present(app);
    let after = chosen.url.after.as_deref().and_then(Position::parse).unwrap_or(Position::START);
    let page = lists::list(library, &chosen.filter, after, PAGE).await?;
    let facets: Arc<Facets> = app.facets.get(library, &chosen.filter).await?;
    let about = about(&chosen.url);
    let (rules, unruled) = match about {
        About::Source(domain) => (Ruled::of(library, domain, &present).await?, removed.again(library, domain).await?),
        About::Everything | About::Topic | About::Tag => (Ruled::default(), None),
    };
    let own = chosen.url.topic.as_ref().filter(|_| about == About::Topic && chosen.topic_is_own);
    crate::web::shell::page(&ListPage {
        layout,
        edit: own.map(|slug| format!("/topic/{slug}/edit")),
        heading: heading(chosen, about),
        about,
        facets: &facets,
        chips: chips(chosen, about),
        older: page.older.map(|older| chosen.url.with(|url| url.after = Some(older.to_string())).to_string()),
        teasers: page.cards.into_iter().map(|card| Teaser::new(card, &present)).collect(),
        empty: why_empty(&chosen.url, facets.archived.count),
        rules,
        unruled,
        chosen,
    })
}

/// A list under one topic, source or tag is the page of that topic, source or tag, whatever its address.
fn about(url: &ListUrl) -> About<'_> {
    match (&url.topic, &url.source, &url.tag) {
        (Some(_), None, None) => About::Topic,
        (None, Some(domain), None) => About::Source(domain),
        (None, None, Some(_)) => About::Tag,
        _ => About::Everything,
    }
}

fn heading<'a>(chosen: &'a Chosen, about: About<'_>) -> Cow<'a, str> {
    let name = match (about, &chosen.url.q) {
        (About::Everything, Some(words)) => {
            return format!("Search results for “{}”", tags::truncate_for_display(words)).into();
        }
        (About::Everything, None) => &None,
        (About::Topic, _) => &chosen.topic,
        (About::Source(_), _) => &chosen.source,
        (About::Tag, _) => &chosen.tag,
    };
    name.as_deref().unwrap_or("Articles").into()
}

/// Every chosen filter; none when the only one stands in the heading.
fn chips<'a>(chosen: &'a Chosen, about: About<'_>) -> Vec<Chip<'a>> {
    let url = &chosen.url;
    let mut chips = Vec::new();
    let mut add = |words: Cow<'a, str>, change: fn(&mut ListUrl)| {
        chips.push(Chip { words, without: url.with(change) });
    };
    if let Some(name) = &chosen.topic {
        add(name.into(), |url| url.topic = None);
    }
    if let Some(name) = &chosen.source {
        add(name.into(), |url| url.source = None);
    }
    if let Some(name) = &chosen.tag {
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
    if let Some(day) = chosen.since {
        add(format!("From {}", dates::in_full(day)).into(), |url| url.since = None);
    }
    if let Some(day) = chosen.until {
        add(format!("To {}", dates::in_full(day)).into(), |url| url.until = None);
    }
    if let Some(words) = &url.q {
        add(format!("“{}”", tags::truncate_for_display(words)).into(), |url| url.q = None);
    }
    if about != About::Everything && chips.len() == 1 {
        chips.clear();
    }
    chips
}

fn why_empty(url: &ListUrl, archived: CappedCount) -> Empty {
    let only = |change: fn(&mut ListUrl)| url.with(|_| {}) == ListUrl::default().with(change);
    if url.after.is_some() {
        Empty::TheEnd
    } else if archived.0 > 0 && !url.unread {
        Empty::AllArchived
    } else if url.is_everything() {
        Empty::NoArticles
    } else if only(|url| url.unread = true) {
        Empty::AllRead
    } else if only(|url| url.starred = true) {
        Empty::NoStars
    } else if only(|url| url.archived = true) {
        Empty::NoArchive
    } else {
        Empty::NothingFits
    }
}

/// For the template: where each filter leads. A chosen one leads back to the list without it.
impl ListPage<'_> {
    fn to_topic(&self, facet: &Facet) -> ListUrl {
        self.chosen.url.with(|url| url.topic = (!facet.is_selected).then(|| facet.value.clone()))
    }

    fn to_source(&self, facet: &Facet) -> ListUrl {
        self.chosen.url.with(|url| url.source = (!facet.is_selected).then(|| facet.value.clone()))
    }

    fn to_tag(&self, facet: &Facet) -> ListUrl {
        self.chosen.url.with(|url| url.tag = (!facet.is_selected).then(|| facet.value.clone()))
    }

    /// All sources, and all tags, of what is chosen besides.
    fn all_sources(&self) -> String {
        self.chosen.url.with(|url| url.source = None).under("/sources")
    }

    fn all_tags(&self) -> String {
        self.chosen.url.with(|url| url.tag = None).under("/tags")
    }

    /// Unread, starred and archived can be chosen together.
    fn states(&self) -> [(&Facet, ListUrl); 3] {
        let (facets, url) = (self.facets, &self.chosen.url);
        [
            (&facets.unread, url.with(|url| url.unread = !url.unread)),
            (&facets.starred, url.with(|url| url.starred = !url.starred)),
            (&facets.archived, url.with(|url| url.archived = !url.archived)),
        ]
    }

    fn any_state(&self) -> ListUrl {
        self.chosen.url.with(|url| (url.unread, url.starred, url.archived) = (false, false, false))
    }

    /// What the list in any state is called: all, unless the archive is left out.
    fn any_state_name(&self) -> &'static str {
        if self.chosen.filter.in_any_state().includes_archived() { "All" } else { "Inbox" }
    }

    const fn has_state(&self) -> bool {
        let url = &self.chosen.url;
        url.unread || url.starred || url.archived
    }

    fn newest(&self) -> ListUrl {
        self.chosen.url.with(|_| {})
    }

    /// The same words in all articles, when other filters stand in the way.
    fn only_words(&self) -> Option<ListUrl> {
        let only = ListUrl { q: Some(self.chosen.url.q.clone()?), ..ListUrl::default() };
        (only != self.newest()).then_some(only)
    }

    /// What the form for days carries along.
    fn carried(&self) -> Vec<(&'static str, &str)> {
        self.chosen.url.carried(&["since", "until"])
    }

    /// The first page of a source that has pages of its own, with nothing else chosen.
    fn has_rules(&self) -> bool {
        matches!(self.about, About::Source(domain) if domain != ingest::PASTED_DOMAIN)
            && self.chosen.url.after.is_none()
    }

    /// Whether the list of rules is what this is about.
    const fn rules_open(&self) -> bool {
        self.rules.count > 0 || self.unruled.is_some()
    }

    /// How many articles there are, and those in the archive when the list leaves them out.
    fn count(&self) -> CappedCount {
        CappedCount(self.facets.total.0 + if self.leaves_out_archive() { self.facets.archived.count.0 } else { 0 })
    }

    fn leaves_out_archive(&self) -> bool {
        let filter = &self.chosen.filter;
        !filter.unread && !filter.archived && !filter.includes_archived()
    }

    fn archived(&self) -> (CappedCount, ListUrl) {
        (self.facets.archived.count, self.chosen.url.with(|url| url.archived = true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_knows_why() {
        for (query, expected) in [
            ("", Empty::NoArticles),
            ("unread", Empty::AllRead),
            ("starred", Empty::NoStars),
            ("archived", Empty::NoArchive),
            ("unread&topic=sport", Empty::NothingFits),
            ("after=1-1", Empty::TheEnd),
        ] {
            assert_eq!(why_empty(&ListUrl::parse(query), CappedCount(0)), expected, "{query}");
        }
        assert_eq!(why_empty(&ListUrl::parse("topic=sport"), CappedCount(1)), Empty::AllArchived);
        assert_eq!(why_empty(&ListUrl::parse("topic=sport&unread"), CappedCount(1)), Empty::NothingFits);
    }

    #[test]
    fn a_single_filter_is_the_heading_and_more_are_chips() {
        let mut chosen = Chosen { topic: Some("Sport".into()), ..Chosen::default() };
        chosen.url.topic = Some("sport".into());
        assert_eq!(heading(&chosen, about(&chosen.url)), "Sport");
        assert!(chips(&chosen, about(&chosen.url)).is_empty());
        chosen.url.starred = true;
        let shown: Vec<_> = chips(&chosen, about(&chosen.url))
            .into_iter()
            .map(|chip| (chip.words.into_owned(), chip.without.to_string()))
            .collect();
        let expected = [("Sport", "/articles?starred=1"), ("Starred", "/articles?topic=sport")];
        assert_eq!(shown, expected.map(|(words, address)| (words.to_owned(), address.to_owned())));
        let searched = Chosen { url: ListUrl::parse("q=ferry"), ..Chosen::default() };
        assert_eq!(heading(&searched, about(&searched.url)), "Search results for “ferry”");
        let long = Chosen { url: ListUrl::parse(&format!("q={}", "x".repeat(300))), ..Chosen::default() };
        assert_eq!(heading(&long, about(&long.url)).chars().count(), 82, "no headline fills the screen");
        assert_eq!(chips(&long, about(&long.url))[0].words.chars().count(), 63);
    }
}
