//! What becomes of a new item: an article with the text of the feed, or an import of its page.

use extract::{Article, Rule};
use jiff::Timestamp;
use url::Url;

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::extractor::{Extractor, TooSlow};
use crate::ingest::feeds::document;
use crate::ingest::fetch::Document;
use crate::ingest::filing::{Sites, Unfiled};
use crate::library::Library;
use crate::library::articles::Channel;
use crate::library::clock::{self, Clock};
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

/// Prepares items, which have the text of the feed or that of their pages. Returns what becomes of each, and the words of its text
/// in the feed.
///
/// # Errors
/// The database or the disk fails.
pub(super) async fn prepare(
    library: &Library,
    extractor: &Extractor,
    items: &[(Incoming<'_>, TextFrom)],
    now: Timestamp,
) -> anyhow::Result<Vec<(Arrival, usize)>> {
    let snapshots: Vec<Snapshot> = items.iter().map(|(item, _)| snapshot_of(&build_page(item))).collect();
    let snapshots = snapshots::save_all(library, &snapshots, now).await?;
    let (clock, mut sites) = (clock::read(library, now).await?, Sites::default());
    let mut prepared = Vec::with_capacity(items.len());
    for ((incoming, text_from), snapshot) in items.iter().zip(snapshots) {
        let page = SnapshotPage { snapshot, ..build_page(incoming) };
        prepared.push(match text_from {
            TextFrom::Page => {
                let words = extract::count_words(&incoming.item.body_text());
                (Arrival::Page { url: incoming.url(), stored_page: Some(snapshot) }, words)
            }
            TextFrom::Feed => {
                let rules = sites.find_rules(library, &page).await?;
                let mut new = read_item(extractor, page, rules, clock).await?.file(library, &mut sites).await?;
                new.canonical_url_key = None;
                let own_link = incoming.has_own_link.then(|| UrlKey::from_url(&incoming.url()));
                new.url_keys = own_link.into_iter().collect();
                let words = new.content.word_count;
                (Arrival::Article(Box::new(new)), words)
            }
        });
    }
    Ok(prepared)
}

/// Extracts the text of an item and reads its words, on one thread.
async fn read_item(
    extractor: &Extractor,
    page: SnapshotPage,
    rules: Vec<Rule>,
    clock: Clock,
) -> anyhow::Result<Unfiled> {
    let read = move |page: &SnapshotPage, rules: &[Rule]| {
        Unfiled::read(page, page.clone().extract(rules, clock.latest_date()), (None, Channel::Feed), clock)
    };
    let (bytes, source) = (page.source_bytes(), page.clone());
    match extractor.run_in_turn(bytes, move || read(&source, &rules)).await {
        Err(error) if error.is::<TooSlow>() => Ok(read(&without_text(&page), &[])),
        read => read,
    }
}

/// Returns an item as a page that is not stored yet.
pub(super) fn build_page(incoming: &Incoming<'_>) -> SnapshotPage {
    let (url, html) = (incoming.url(), document::build_page(incoming.item, incoming.parsed, incoming.site_name()));
    SnapshotPage { snapshot: 0, requested_url: Some(url.clone()), url: Some(url), document: Document::Html(html) }
}

/// Returns a page as it is stored.
fn snapshot_of(page: &SnapshotPage) -> Snapshot {
    let html = if let Document::Html(html) = &page.document { html.clone() } else { String::new() };
    Snapshot {
        url: page.url.as_ref().map(Url::to_string),
        content_type: Some("text/html; charset=utf-8".into()),
        format: SnapshotFormat::Html,
        bytes: html.into_bytes(),
    }
}

/// Stores a page that [`build_page`] has built.
///
/// # Errors
/// The database or the disk fails.
pub(super) async fn save_page(library: &Library, page: SnapshotPage, now: Timestamp) -> anyhow::Result<SnapshotPage> {
    Ok(SnapshotPage { snapshot: snapshots::save(library, &snapshot_of(&page), now).await?, ..page })
}

/// Extracts the text of an item. One that takes too long has none.
pub(super) async fn extract_item(
    extractor: &Extractor,
    page: &SnapshotPage,
    rules: Vec<Rule>,
    latest_date: Timestamp,
) -> anyhow::Result<Article> {
    let (bytes, source) = (page.source_bytes(), page.clone());
    match extractor.run_in_turn(bytes, move || source.extract(&rules, latest_date)).await {
        Err(error) if error.is::<TooSlow>() => Ok(without_text(page).extract(&[], latest_date)),
        read => read,
    }
}

fn without_text(page: &SnapshotPage) -> SnapshotPage {
    SnapshotPage { document: Document::Html(String::new()), ..page.clone() }
}
