//! Pages without a feed: a list of their links is read as a feed whose items have neither texts nor identifiers.

use extract::Selector;
use extract::links::{LinkList, ListedLink, PageLinks, SketchLine};
use feeds::discovery::{self, Kind, Origin};
use feeds::{Feed, Format, Item, Problems, StatedRhythm, read_date};
use url::Url;

use crate::ingest::extractor::run_for_reader;
use crate::ingest::fetch::{self, FeedResponse};

/// A page, and what of it may be followed.
#[derive(Debug)]
pub struct WebPage {
    /// Its address, after redirects.
    url: Url,
    links: PageLinks,
    /// The feed that it declares.
    pub(super) declared: Option<Url>,
}

impl WebPage {
    /// Reads a page. One that takes too long to read is none.
    pub(super) async fn read(response: &FeedResponse) -> Option<Self> {
        let document = fetch::decode(&response.bytes, response.headers.content_type.as_deref());
        let fetch::Document::Html(html) = document else { return None };
        let (url, headers) = (response.url.clone(), response.headers.link.clone());
        run_for_reader(move || Self::of(url, &html, &headers)).await.ok()
    }

    fn of(url: Url, html: &str, link_headers: &[String]) -> Self {
        let link_headers: Vec<&str> = link_headers.iter().map(String::as_str).collect();
        let candidates = discovery::candidates(&discovery::Page { url: &url, html, link_headers: &link_headers });
        let is_declared = |it: &discovery::Candidate| it.origin == Origin::Declared && it.kind == Kind::Main;
        let declared = candidates.into_iter().find(|it| is_declared(it) && it.url != url).map(|it| it.url);
        Self { links: PageLinks::read(html, &url), declared, url }
    }

    /// Returns its title.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.links.title()
    }

    /// Returns the lists of links that may be followed, the best first.
    #[must_use]
    pub fn find_lists(&self) -> Vec<LinkList> {
        self.links.find_lists()
    }

    /// Returns the links of a list.
    #[must_use]
    pub fn select(&self, selector: &Selector) -> Vec<ListedLink> {
        self.links.select(selector)
    }

    /// Returns the page as lines of text and links.
    #[must_use]
    pub fn sketch(&self) -> Vec<SketchLine> {
        self.links.sketch()
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
