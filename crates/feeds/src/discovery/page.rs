//! What a page declares and links to.

use url::Url;

use super::Page;
use super::addresses::{is_interface, looks_like_feed};
use super::patterns::Marks;
use crate::html::text::title_text;
use crate::markup::attributes::find;
use crate::markup::base::is_web;
use crate::markup::scanner::{Dialect, Piece, Scanner, Tag};

/// A link to a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeclaredLink {
    pub(super) url: Url,
    pub(super) title: Option<String>,
}

/// What was found in a page.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) declared: Vec<DeclaredLink>,
    /// Links that look like feeds.
    pub(super) linked: Vec<DeclaredLink>,
    pub(super) canonical: Option<Url>,
    pub(super) marks: Marks,
}

/// How much of a page is read.
const MAX_BYTES: usize = 4 << 20;

/// The most links of a kind that are kept.
const MAX_LINKS: usize = 200;

/// Reads a page. What stands in scripts, comments and templates is not part of it.
pub(super) fn read(page: &Page<'_>) -> Found {
    let html = &page.html[..page.html.floor_char_boundary(MAX_BYTES)];
    let mut found = Found::default();
    let (mut base, mut templates) = (None, 0_usize);
    let mut links = Vec::new();
    let mut scanner = Scanner::new(html, Dialect::Html);
    while let Some((_, piece)) = scanner.next_piece() {
        let name = match &piece {
            Piece::Start(tag) => tag.name.to_ascii_lowercase(),
            Piece::End(name) => name.to_ascii_lowercase(),
            _ => continue,
        };
        match (&*name, piece) {
            ("template", Piece::Start(_)) => templates += 1,
            ("template", Piece::End(_)) => templates = templates.saturating_sub(1),
            _ if templates > 0 => {}
            ("base", Piece::Start(tag)) => {
                let stated = find(&tag.attributes, "href").and_then(|href| page.url.join(href.trim()).ok());
                base = base.or(stated.filter(is_web));
            }
            ("meta", Piece::Start(tag)) => found.marks.read_meta(&tag),
            // The base may stand behind the links.
            ("link" | "a", Piece::Start(tag)) if links.len() < MAX_LINKS * 50 => links.push(tag),
            _ => {}
        }
    }
    let base = base.unwrap_or_else(|| page.url.clone());
    for tag in links {
        found.read_link(&tag, &base, page.url);
    }
    found
}

impl Found {
    fn read_link(&mut self, tag: &Tag<'_>, base: &Url, page: &Url) {
        let attribute = |name: &str| find(&tag.attributes, name).unwrap_or_default();
        let href = attribute("href").trim();
        let Some(url) = base.join(href).ok().filter(is_web).filter(|_| !href.is_empty()) else { return };
        let (relation, media_type) = (attribute("rel"), attribute("type"));
        // The page in another language.
        let is_translation = media_type.is_empty() && !attribute("hreflang").is_empty();
        let is_element = tag.name.eq_ignore_ascii_case("link");
        if is_element && has_token(relation, "canonical") {
            self.canonical = self.canonical.take().or(Some(url));
        } else if is_declaration(relation, media_type, &url) && !is_translation {
            let title = title_text(attribute("title"));
            // A link in the text may be that of another site.
            push(if is_element { &mut self.declared } else { &mut self.linked }, DeclaredLink { url, title });
        } else if looks_like_feed(&url)
            && !is_translation
            && (is_element && relation.trim().is_empty() || is_same_site(&url, page))
        {
            push(&mut self.linked, DeclaredLink { url, title: None });
        }
    }
}

fn push(list: &mut Vec<DeclaredLink>, link: DeclaredLink) {
    if list.len() < MAX_LINKS {
        list.push(link);
    }
}

/// Returns whether two addresses belong together: a feed may be on a subdomain.
fn is_same_site(url: &Url, page: &Url) -> bool {
    let host = |url: &Url| url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let (feed, page) = (host(url), host(page));
    feed == page || feed.ends_with(&format!(".{page}")) || page.ends_with(&format!(".{feed}"))
}

fn has_token(list: &str, token: &str) -> bool {
    list.split_whitespace().any(|it| it.eq_ignore_ascii_case(token))
}

/// Types that are feeds, and types that may be.
const FEED_TYPES: &[&str] =
    &["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/rss+xml"];
const POSSIBLE_TYPES: &[&str] =
    &["application/xml", "text/xml", "application/json", "application/x-rss+xml", "text/rss"];

/// Returns whether a link declares a feed: by its relation and type.
pub(super) fn is_declaration(relation: &str, media_type: &str, url: &Url) -> bool {
    if has_token(relation, "stylesheet") || is_interface(url) {
        return false;
    }
    let media_type = media_type.to_ascii_lowercase();
    let (essence, parameters) = media_type.split_once(';').unwrap_or((&media_type, ""));
    let essence = essence.trim();
    // A single entry of Atom is no feed.
    let is_entry = parameters.replace(' ', "").contains("type=entry");
    let (is_alternate, is_feed) = (has_token(relation, "alternate"), has_token(relation, "feed"));
    if is_entry || !(is_alternate || is_feed) {
        return false;
    }
    FEED_TYPES.contains(&essence)
        || POSSIBLE_TYPES.contains(&essence) && looks_like_feed(url)
        || is_feed && essence.is_empty()
        || is_alternate && essence.is_empty() && looks_like_feed(url)
}
