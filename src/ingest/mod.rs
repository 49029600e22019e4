//! Turns URLs, pasted pages and files into articles.
//!
//! ```text
//! URL → fetch → page → extract → article → classify → library
//! pasted page, text, file ───┘
//! ```
//!
//! The further pages of an article are fetched and joined (`further_pages`).

pub mod fetch;
pub mod feeds;
pub mod intake;
pub mod extraction;
pub mod extractor;
pub mod memory_budget;
mod page_reader;
pub mod trial;
pub mod failures;
mod html_page;
mod feed_text;
mod filing;
mod further_pages;
mod identity;
mod topic_choice;
mod site_names;
mod notices;
mod renewal;
pub mod recordings;
pub mod re_extraction;
pub mod article_rules;
pub mod rule_preview;
pub mod text_diff;
pub mod text_changes;
pub mod word_diff;

pub use identity::is_website;

use classify::TopicChoice;
use classify::keywords::clean_keywords;
use classify::similarity::is_near_duplicate;
use classify::wide_sections;
use extract::{Article, Rule, Verdict};
use jiff::Timestamp;
use tokio::task::spawn_blocking;
use url::Url;

use crate::ingest::extraction::{ArticlePages, SnapshotPage};
use crate::ingest::extractor::Extractor;
use crate::ingest::fetch::{Fetcher, RetryAfter};
use crate::ingest::filing::build_filed_article;
use crate::ingest::identity::Identity;
use crate::ingest::memory_budget::Reservation;
use crate::ingest::page_reader::PageReader;
use crate::library::Library;
use crate::library::articles::{self, Added, Channel, NewArticle};
use crate::library::clock::{self, Clock};
use crate::library::imports::{self, Failure, Import};
use crate::library::rules;
use crate::library::snapshots;
use crate::library::sources;
use crate::urls::{self, UrlKey};

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It gave this article.
    Article(Added),
    /// Nobody asks for it any more: the feed that did was unfollowed meanwhile.
    Unwanted,
    /// It failed.
    Failed(Failure),
    /// Its site is busy or does not answer, so it is worth another try later.
    NotNow(NotNow),
}

/// What a site said or did that may be over later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotNow {
    /// The failure, if it is never over.
    pub failure: Failure,
    /// When the site wants to be asked again.
    pub retry_after: Option<RetryAfter>,
    /// The host, if all of it is in trouble.
    pub host: Option<String>,
}

/// Turns an import into an article. Problems of the page are an [`Outcome::Failed`].
///
/// # Errors
/// The database or the disk fails. Nothing is lost; the import can run again.
pub async fn ingest(
    library: &Library,
    (fetcher, extractor): (&Fetcher, &Extractor),
    import: &Import,
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    renewal::restore(library, import, now).await?;
    let renewed = renewal::find(library, import).await?;
    let (page, reservation) = match load_or_fetch_page(library, fetcher, import, now).await? {
        Ok(page) => page,
        Err(outcome) => return Ok(outcome),
    };
    if let Some(reason) = imports::find_feed_text(library, import.id).await? {
        return feed_text::ingest(library, extractor, (import, page), &reason, now).await;
    }
    let rules = match &renewed {
        Some(article) => rules::load_for_article(library, article.id).await?,
        None => rules_for_page(library, &page).await?,
    };
    let clock = clock::read(library, now).await?;
    let pages = ArticlePages::from_first(library, page).await?;
    let reader = PageReader { library, extractor, import };
    let (page, extracted) = match reader.read(pages, reservation, extract_with(&rules, clock)).await? {
        Ok(extracted) => extracted,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    let is_pasted = imports::is_pasted(library, import.id).await?;
    if let Some(outcome) = find_other_outcome(import, &page, &extracted).filter(|found| found.1 || !is_pasted) {
        return Ok(outcome.0);
    }
    let stored = read_stored_page(&reader, &extracted, extract_with(&rules, clock)).await?;
    let feed_text_notice = stored.as_ref().and_then(|_| feed_text::find_notice(import));
    let (page, mut extracted) = stored.unwrap_or((page, extracted));
    let mut stop_reason = None;
    // A reader who pastes a page means that page alone, so nothing is fetched for it.
    if extracted.next_page.is_some() && !is_pasted {
        (extracted, stop_reason) =
            further_pages::fetch_further_pages((fetcher, &reader), (&page, extracted), &rules, now).await?;
    }
    if let Some(article) = renewed {
        return renewal::store(library, (import, &article), (page, extracted, stop_reason), &rules, now).await;
    }
    let channel = if import.feed_url.is_some() { Channel::Feed } else { Channel::Saved };
    let of_import = (import.file_name.as_deref(), channel);
    let mut new = build_filed_article(library, (page, extracted), of_import, clock).await?;
    if let Some(rest) = &mut new.content.next_page {
        rest.error_message = stop_reason;
    }
    new.content.next_page = feed_text_notice.or(new.content.next_page);
    if let Some(duplicate_key) = find_near_duplicate(library, &new).await? {
        new.url_keys.push(duplicate_key);
    }
    Ok(articles::add_imported(library, &new, import.id).await?.map_or(Outcome::Unwanted, Outcome::Article))
}

/// Returns what becomes of a page without an article, and whether that is so if the reader has pasted it.
fn find_other_outcome(import: &Import, page: &SnapshotPage, extracted: &Article) -> Option<(Outcome, bool)> {
    if let Some(failure) = failures::find(page, extracted) {
        return Some((Outcome::Failed(failure), true));
    }
    let notice = notices::find(page, extracted);
    let outcome = notice.or_else(|| feed_text::find_wall(import, extracted).map(Outcome::Failed));
    outcome.map(|outcome| (outcome, false))
}

/// Loads the page from its snapshot, or fetches it if there is none.
async fn load_or_fetch_page(
    library: &Library,
    fetcher: &Fetcher,
    import: &Import,
    now: Timestamp,
) -> anyhow::Result<Result<(SnapshotPage, Option<Reservation>), Outcome>> {
    let requested_url = import.url.as_deref().and_then(|url| Url::parse(url).ok());
    if let Some(id) = import.snapshot_id
        && let Some(page) = load_page(library, id, requested_url.as_ref()).await?
    {
        return Ok(Ok((page, None)));
    }
    let Some(requested_url) = requested_url else { return Ok(Err(Outcome::Failed(failures::lost_input()))) };
    let fetched = if import.is_from_archive {
        fetcher.fetch_archived_page(&requested_url).await
    } else {
        match import.feed_url.as_deref().map(Url::parse) {
            // The feed names the page, not the reader.
            Some(feed) => fetcher.fetch_linked_page(&requested_url, feed.ok().as_ref()).await,
            None => fetcher.fetch_page(&requested_url).await,
        }
    };
    let fetched = match fetched {
        Ok(fetched) => fetched,
        Err(error) => return Ok(Err(outcome_of_error(&error))),
    };
    let archived_on = fetched.archived_on;
    let (snapshot, page, reservation) = further_pages::to_snapshot_and_page(fetched, 0);
    let id = snapshots::save(library, &snapshot, now).await?;
    if let Some(day) = archived_on {
        imports::note_archived(library, import.id, day).await?;
    }
    let kept = imports::set_snapshot(library, import.id, id).await?;
    if kept != id
        && let Some(pasted_page) = load_page(library, kept, Some(&requested_url)).await?
    {
        return Ok(Ok((pasted_page, reservation)));
    }
    Ok(Ok((SnapshotPage { snapshot: id, requested_url: Some(requested_url), ..page }, reservation)))
}

/// Returns what extracts the article from its pages.
fn extract_with(rules: &[Rule], clock: Clock) -> impl FnOnce(ArticlePages) -> (SnapshotPage, Article) + Send + use<> {
    let (rules, latest_date) = (rules.to_vec(), clock.latest_date());
    move |pages| {
        let article = pages.extract(&rules, latest_date);
        (pages.first, article)
    }
}

/// Reads the page that came along from another service, unless the site shows more. Returns it if it is fuller.
async fn read_stored_page(
    reader: &PageReader<'_>,
    shown: &Article,
    extract: impl FnOnce(ArticlePages) -> (SnapshotPage, Article) + Send + 'static,
) -> anyhow::Result<Option<(SnapshotPage, Article)>> {
    let PageReader { library, import, .. } = reader;
    let Some(id) = imports::find_stored_page(library, import.id).await? else { return Ok(None) };
    let requested_url = import.url.as_deref().and_then(|url| Url::parse(url).ok());
    let Some(page) = load_page(library, id, requested_url.as_ref()).await? else { return Ok(None) };
    let stored = reader.read(ArticlePages::single(page), None, extract).await?.ok();
    Ok(stored.filter(|(page, stored)| failures::find(page, stored).is_none() && is_fuller(stored, shown)))
}

/// Returns whether a stored page has more of the article than what the site shows: only the start, a question, or less than
/// half.
fn is_fuller(stored: &Article, shown: &Article) -> bool {
    let shows_part = matches!(shown.verdict, Verdict::Paywalled | Verdict::Interstitial);
    let is_half = shown.word_count * 2 < stored.word_count && shown.next_page.is_none();
    stored.verdict != Verdict::Interstitial && (is_half || shows_part && shown.word_count < stored.word_count)
}

fn outcome_of_error(error: &fetch::Error) -> Outcome {
    let failure = Failure { code: error.code().to_owned(), message: error.user_message() };
    if !error.is_transient() {
        return Outcome::Failed(failure);
    }
    let retry_after = match error {
        fetch::Error::AskedToWait { retry_after, .. } => *retry_after,
        _ => None,
    };
    Outcome::NotNow(NotNow { failure, retry_after, host: error.failing_host() })
}

async fn load_page(library: &Library, id: i64, requested_url: Option<&Url>) -> anyhow::Result<Option<SnapshotPage>> {
    let Some(page) = SnapshotPage::load(library, id).await? else { return Ok(None) };
    Ok(Some(SnapshotPage {
        url: page.url.or_else(|| requested_url.cloned()),
        requested_url: requested_url.cloned(),
        ..page
    }))
}

/// Returns the reader's rules for the source of this page.
async fn rules_for_page(library: &Library, page: &SnapshotPage) -> sqlx::Result<Vec<Rule>> {
    let Some((domain, url)) = identity::filing(page) else { return Ok(Vec::new()) };
    match sources::find_for_url(library, &domain, Some(url)).await? {
        Some(source) => rules::load_for_domain(library, &source.domain).await,
        None => Ok(Vec::new()),
    }
}

/// Builds the article as it is before the library is searched for duplicates.
fn build_article(page: &SnapshotPage, file_name: Option<&str>, extracted: Article, now: Timestamp) -> NewArticle {
    let identity = Identity::new(page, &extracted, file_name);
    let subdomain = page.url.as_ref().and_then(Url::domain).and_then(urls::subdomain);
    NewArticle {
        source: identity.source,
        url: identity.url.map(String::from),
        claimed_url: identity.claimed_url.map(String::from),
        url_keys: identity.url_keys,
        canonical_url_key: identity.suggested_key,
        // The library is asked next.
        topic_choice: TopicChoice::default(),
        section: wide_sections::choose(&extracted.sections, page.url.as_ref(), subdomain),
        keywords: clean_keywords(&extracted.tags, &extracted.title),
        tags: Vec::new(),
        channel: Channel::Saved,
        snapshot_id: Some(page.snapshot),
        received_at: now,
        sorted_at: None,
        is_read: false,
        content: extraction::build_content(page, extracted),
    }
}

/// Finds an article that has the same canonical link, or to which the same redirect led, and a similar text; returns its
/// key. The URL alone is not enough: on some sites every page has the same link, and every broken one the same target.
async fn find_near_duplicate(library: &Library, new: &NewArticle) -> anyhow::Result<Option<UrlKey>> {
    for (id, key) in articles::find_by_canonical_url(library, new).await? {
        let (text, own) = (articles::find_text(library, id).await?.unwrap_or_default(), new.content.text.clone());
        if spawn_blocking(move || is_near_duplicate(&text, &own)).await? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}
