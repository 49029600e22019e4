//! Pages without a feed: a list of their links is read as a feed whose items have neither texts nor identifiers.

use extract::Selector;
use extract::links::{LinkList, ListedLink, PageLinks, SketchLine, SketchPiece};
use feeds::discovery::{self, Kind, Origin};
use feeds::{Feed, Format, Item, Problems, StatedRhythm, read_date};
use url::Url;

use crate::ingest::extractor::run_for_reader;
use crate::ingest::fetch::{self, FeedResponse};

/// A page whose links may be followed.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPage {
    /// Its address.
    pub url: Url,
    /// Its title.
    pub title: Option<String>,
    /// Lists of links on it, the best first.
    pub lists: Vec<LinkList>,
}

/// A page on which the reader points at a link.
#[derive(Debug, Clone, PartialEq)]
pub struct PageChoice {
    /// Its title.
    pub title: Option<String>,
    /// Its lines of text and links.
    pub lines: Vec<SketchLine>,
    /// The links of the list that was pointed at.
    pub chosen: Vec<ListedLink>,
}

/// A page that may be followed.
#[derive(Debug)]
pub(super) struct WebPage {
    /// Its address, after redirects.
    url: Url,
    links: PageLinks,
    /// The feed that it declares.
    pub(super) declared: Option<Url>,
}

impl WebPage {
    /// Reads a page, and what is wanted of it. One that takes too long is none.
    pub(super) async fn read<T: Send + 'static>(
        response: &FeedResponse,
        find: impl FnOnce(Self) -> T + Send + 'static,
    ) -> Option<T> {
        let document = fetch::decode(&response.bytes, response.headers.content_type.as_deref());
        let fetch::Document::Html(html) = document else { return None };
        let (url, headers) = (response.url.clone(), response.headers.link.clone());
        run_for_reader(move || find(Self::of(url, &html, &headers))).await.ok()
    }

    fn of(url: Url, html: &str, link_headers: &[String]) -> Self {
        let link_headers: Vec<&str> = link_headers.iter().map(String::as_str).collect();
        let candidates = discovery::candidates(&discovery::Page { url: &url, html, link_headers: &link_headers });
        let is_declared = |it: &discovery::Candidate| it.origin == Origin::Declared && it.kind == Kind::Main;
        let declared = candidates.into_iter().find(|it| is_declared(it) && it.url != url).map(|it| it.url);
        Self { links: PageLinks::read(html, &url), declared, url }
    }

    /// Returns what of it may be followed; `None` if it has no links. The address is that by which it is followed.
    pub(super) fn find_lists(&self, url: Url) -> Option<FoundPage> {
        let lists = self.links.find_lists();
        let is_link = |piece: &SketchPiece| matches!(piece, SketchPiece::Link(..));
        let has_links = || self.links.sketch().iter().any(|line| line.pieces.iter().any(is_link));
        let may_be_followed = !lists.is_empty() || has_links();
        may_be_followed.then(|| FoundPage { url, title: self.links.title().map(str::to_owned), lists })
    }

    /// Returns what a list is chosen from; `links` is the one that was pointed at.
    pub(super) fn to_choice(&self, links: Option<&Selector>) -> PageChoice {
        PageChoice {
            title: self.links.title().map(str::to_owned),
            lines: self.links.sketch(),
            chosen: links.map(|links| self.links.select(links)).unwrap_or_default(),
        }
    }

    /// Returns a list of links as a feed; `None` if it is not on the page.
    pub(super) fn to_feed(&self, selector: &Selector) -> Option<Feed> {
        let links = self.links.select(selector);
        (!links.is_empty()).then(|| Feed {
            format: Format::Page,
            id: None,
            // What the reader knows it by stays: titles of pages count what is unread, and the like.
            title: None,
            description: None,
            site_link: Some(self.url.clone()),
            self_link: None,
            hubs: Vec::new(),
            language: None,
            authors: Vec::new(),
            icon: None,
            rhythm: StatedRhythm::default(),
            items: links.into_iter().map(to_item).collect(),
            problems: Problems::default(),
        })
    }
}

fn to_item(link: ListedLink) -> Item {
    Item {
        published: link.date.as_deref().and_then(read_date),
        title: Some(link.title),
        link: Some(link.url),
        ..Item::default()
    }
}
