//! What becomes of a new item: an article with the text of the feed, or an import of its page.

use extract::{Article, Rule};
use jiff::Timestamp;
use url::Url;

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::extractor::{Extractor, TooSlow};
use crate::ingest::feeds::document;
use crate::ingest::fetch::Document;
use crate::ingest::{build_filed_article, rules_for_page};
use crate::library::Library;
use crate::library::articles::Channel;
use crate::library::clock;
use crate::library::feeds::items::Arrival;
use crate::library::feeds::{Feed, TextFrom};
use crate::library::snapshots::{self, Snapshot, SnapshotFormat};
use crate::urls::{UrlKey, same_site};

/// A new item and its feed.
pub(super) struct Incoming<'a> {
    pub feed: &'a Feed,
    pub parsed: &'a feeds::Feed,
    pub item: &'a feeds::Item,
    /// Whether its link leads to it alone.
    pub has_own_link: bool,
}

impl Incoming<'_> {
    /// Returns the page that it is shown with: its own, else that of the feed.
    fn url(&self) -> Url {
        let site = self.parsed.site_link.as_ref().or(self.feed.site_url.as_ref());
        self.item.link.as_ref().or(site).unwrap_or(&self.feed.url).clone()
    }

    /// Returns the name of the site, if the item is of it. A collection of other sites' items does not name them.
    fn site_name(&self) -> Option<&str> {
        let site = self.parsed.site_link.as_ref().unwrap_or(&self.feed.url);
        self.parsed.title.as_deref().filter(|_| same_site(site, &self.url()))
    }
}

/// Prepares an item. Returns what becomes of it, and the words of its text in the feed.
///
/// # Errors
/// The database or the disk fails.
pub(super) async fn prepare(
    library: &Library,
    extractor: &Extractor,
    incoming: &Incoming<'_>,
    text_from: TextFrom,
    now: Timestamp,
) -> anyhow::Result<(Arrival, usize)> {
    let (url, page) = (incoming.url(), save_page(library, build_page(incoming), now).await?);
    if text_from == TextFrom::Page {
        let words = extract::count_words(&incoming.item.body_text());
        return Ok((Arrival::Page { url, stored_page: Some(page.snapshot) }, words));
    }
    let rules = rules_for_page(library, &page).await?;
    let clock = clock::read(library, now).await?;
    let extracted = extract_item(extractor, &page, rules, clock.latest_date()).await?;
    let words = extracted.word_count;
    let mut new = build_filed_article(library, (page, extracted), (None, Channel::Feed), clock).await?;
    new.canonical_url_key = None;
    new.url_keys = if incoming.has_own_link { vec![UrlKey::from_url(&url)] } else { Vec::new() };
    Ok((Arrival::Article(Box::new(new)), words))
}

/// Returns an item as a page that is not stored yet.
pub(super) fn build_page(incoming: &Incoming<'_>) -> SnapshotPage {
    let (url, html) = (incoming.url(), document::build_page(incoming.item, incoming.parsed, incoming.site_name()));
    SnapshotPage { snapshot: 0, requested_url: Some(url.clone()), url: Some(url), document: Document::Html(html) }
}

/// Stores a page that [`build_page`] has built.
///
/// # Errors
/// The database or the disk fails.
pub(super) async fn save_page(library: &Library, page: SnapshotPage, now: Timestamp) -> anyhow::Result<SnapshotPage> {
    let html = if let Document::Html(html) = &page.document { html.clone() } else { String::new() };
    let snapshot = Snapshot {
        url: page.url.as_ref().map(Url::to_string),
        content_type: Some("text/html; charset=utf-8".into()),
        format: SnapshotFormat::Html,
        bytes: html.into_bytes(),
    };
    Ok(SnapshotPage { snapshot: snapshots::save(library, &snapshot, now).await?, ..page })
}

/// Extracts the text of an item. One that takes too long has none.
pub(super) async fn extract_item(
    extractor: &Extractor,
    page: &SnapshotPage,
    rules: Vec<Rule>,
    latest_date: Timestamp,
) -> anyhow::Result<Article> {
    let (bytes, source) = (page.source_bytes(), page.clone());
    let read = extractor.run_in_turn(bytes, move || source.extract(&rules, latest_date)).await;
    match read {
        Err(error) if error.is::<TooSlow>() => {
            let empty = SnapshotPage { document: Document::Html(String::new()), ..page.clone() };
            Ok(empty.extract(&[], latest_date))
        }
        read => read,
    }
}
