//! Turns URLs, pasted pages and files into articles.
//!
//! ```text
//! URL → fetch → page → extract → article → classify → library
//! pasted page, text, file ───┘
//! ```
//!
//! The further pages of an article are fetched and joined (`further_pages`).

pub mod fetch;
pub mod intake;
pub mod extraction;
pub mod extractor;
pub mod memory_budget;
mod further_pages;
mod identity;
pub mod re_extraction;
pub mod rule_preview;
pub mod text_diff;

pub use identity::is_website;

use extract::Rule;
use jiff::Timestamp;
use url::Url;

use crate::classify::similarity::is_near_duplicate;
use crate::classify::{self, ClassifierInput};
use crate::ingest::extraction::{ArticlePages, SnapshotPage};
use crate::ingest::extractor::{Company, Extractor, TooSlow};
use crate::ingest::fetch::{Fetcher, MAX_PAGE_BYTES};
use crate::ingest::identity::Identity;
use crate::ingest::memory_budget::Reservation;
use crate::library::Library;
use crate::library::articles::{self, Added, Channel, NewArticle};
use crate::library::clock;
use crate::library::imports::{self, Failure, Import};
use crate::library::rules;
use crate::library::snapshots::{self, SnapshotFormat};
use crate::urls::{UrlKey, is_front_page};

/// The most HTML of one article, in bytes: its text with markup and links. A page with more is slow to open.
const MAX_ARTICLE_HTML: usize = 3 * extract::MAX_TEXT_BYTES;

/// Pages from this size on are noted before they are read, in case that ends the program.
const NOTED_PAGE_BYTES: usize = 1024 * 1024;

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It gave this article.
    Article(Added),
    /// It failed.
    Failed(Failure),
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
    let (page, reservation) = match load_or_fetch_page(library, fetcher, import, now).await? {
        Ok(page) => page,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    let rules = rules_for_page(library, &page).await?;
    let clock = clock::read(library, now).await?;
    let extracted = extract_first((library, extractor), import, (page, reservation), &rules, clock.latest_date()).await;
    let (page, mut extracted) = match extracted {
        Err(error) if error.is::<TooSlow>() => return Ok(Outcome::Failed(too_slow_failure())),
        extracted => extracted?,
    };
    if let Some(failure) = find_failure(&page, &extracted) {
        return Ok(Outcome::Failed(failure));
    }
    let mut stop_reason = None;
    // A reader who pastes a page means that page alone, so nothing is fetched for it.
    if extracted.next_page.is_some() && !imports::is_pasted(library, import.id).await? {
        let tools = (library, fetcher, extractor);
        (extracted, stop_reason) = further_pages::fetch_further_pages(tools, (&page, extracted), &rules, now).await?;
    }
    let received_at = clock.received_at(extracted.published);
    let mut new = build_article(&page, import, extracted, received_at);
    if let Some(rest) = &mut new.content.next_page {
        rest.error_message = stop_reason;
    }
    if let Some(duplicate_key) = find_near_duplicate(library, &new).await? {
        new.url_keys.push(duplicate_key);
    }
    Ok(Outcome::Article(articles::add(library, &new, Some(import.id)).await?))
}

/// Extracts the article from a page and its stored further pages. Reading a page may end the program, if it takes more
/// memory than there is; so a large page, and one whose import was interrupted before, is noted first. If the note is
/// still there at the next start, the page is read alone, and the second time given up.
async fn extract_first(
    (library, extractor): (&Library, &Extractor),
    import: &Import,
    (page, fetched): (SnapshotPage, Option<Reservation>),
    rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<(SnapshotPage, extract::Article)> {
    let pages = ArticlePages::from_first(library, page).await?;
    let bytes = pages.source_bytes();
    let company = if import.unfinished_reads > 0 { Company::Nobody } else { Company::Others };
    let _reservation = match fetched.filter(|_| company == Company::Others) {
        Some(fetched) => fetched,
        None => extractor.reserve(bytes, company).await,
    };
    let is_noted = import.attempts > 1 || bytes > NOTED_PAGE_BYTES;
    if is_noted {
        imports::note_reading(library, import.id).await?;
    }
    let rules = rules.to_vec();
    let read = move || {
        let article = pages.extract(&rules, now);
        (pages.first, article)
    };
    let extracted = extractor.run(company, read).await;
    if is_noted {
        imports::note_read(library, import.id).await?;
    }
    extracted
}

/// Loads the page from its snapshot, or fetches it if there is none.
async fn load_or_fetch_page(
    library: &Library,
    fetcher: &Fetcher,
    import: &Import,
    now: Timestamp,
) -> anyhow::Result<Result<(SnapshotPage, Option<Reservation>), Failure>> {
    let requested_url = import.url.as_deref().and_then(|url| Url::parse(url).ok());
    if let Some(id) = import.snapshot_id
        && let Some(page) = load_page(library, id, requested_url.as_ref()).await?
    {
        return Ok(Ok((page, None)));
    }
    let Some(requested_url) = requested_url else { return Ok(Err(lost_input_failure())) };
    let fetched = match fetcher.fetch_page(&requested_url).await {
        Ok(fetched) => fetched,
        Err(error) => return Ok(Err(Failure { code: error.code().to_owned(), message: error.user_message() })),
    };
    let (snapshot, page, reservation) = further_pages::to_snapshot_and_page(fetched, 0);
    let id = snapshots::save(library, &snapshot, now).await?;
    let kept = imports::set_snapshot(library, import.id, id).await?;
    if kept != id
        && let Some(pasted_page) = load_page(library, kept, Some(&requested_url)).await?
    {
        return Ok(Ok((pasted_page, reservation)));
    }
    Ok(Ok((SnapshotPage { snapshot: id, requested_url: Some(requested_url), ..page }, reservation)))
}

async fn load_page(library: &Library, id: i64, requested_url: Option<&Url>) -> anyhow::Result<Option<SnapshotPage>> {
    let Some(page) = SnapshotPage::load(library, id).await? else { return Ok(None) };
    Ok(Some(SnapshotPage {
        url: page.url.or_else(|| requested_url.cloned()),
        requested_url: requested_url.cloned(),
        ..page
    }))
}

fn lost_input_failure() -> Failure {
    Failure { code: "input-lost".into(), message: "The pasted text is no longer stored. Paste it again.".into() }
}

/// Returns the reader's rules for the source of this page.
async fn rules_for_page(library: &Library, page: &SnapshotPage) -> sqlx::Result<Vec<Rule>> {
    match identity::rules_domain(page) {
        Some(domain) => rules::load_for_domain(library, &domain).await,
        None => Ok(Vec::new()),
    }
}

fn find_failure(page: &SnapshotPage, extracted: &extract::Article) -> Option<Failure> {
    let redirected_to_front_page = match (&page.requested_url, &page.url) {
        (Some(requested_url), Some(url)) => !is_front_page(requested_url) && is_front_page(url),
        _ => false,
    };
    if redirected_to_front_page {
        return Some(Failure {
            code: "front-page".into(),
            message:
                "The site showed its front page instead of the article, so the article has probably been removed. \
                      Look for its new link, or paste the text instead."
                    .into(),
        });
    }
    if identity::is_notice_instead_of_page(page, extracted) {
        return Some(Failure {
            code: "notice-page".into(),
            message:
                "The site showed a login, error or notice page instead of the article. Try again later, or open the \
                      article in your browser and paste its text."
                    .into(),
        });
    }
    if is_too_long(extracted) || page.source_bytes() > MAX_PAGE_BYTES {
        return Some(Failure { code: "too-long".into(), message: too_long_message() });
    }
    extracted
        .text
        .trim()
        .is_empty()
        .then(|| Failure { code: "no-text".into(), message: no_text_message(page.form()).into() })
}

/// Returns whether the article has more text or HTML than is kept.
fn is_too_long(extracted: &extract::Article) -> bool {
    extracted.is_cut_off
        || extracted.text.len() > extract::MAX_TEXT_BYTES
        || extracted.body.as_str().len() > MAX_ARTICLE_HTML
}

/// Returns the message for a page with more text than is read.
#[must_use]
pub fn too_long_message() -> String {
    format!(
        "This page has more than {} MB of text, which is more than a long novel; Broadsheet reads no more. \
         Copy the part that you want and paste it instead.",
        extract::MAX_TEXT_BYTES >> 20
    )
}

fn too_slow_failure() -> Failure {
    Failure {
        code: "too-slow".into(),
        message: format!("{TooSlow} Open the page in your browser, copy the text and paste it instead."),
    }
}

/// Returns the message for a page or text without an article.
#[must_use]
pub const fn no_text_message(form: SnapshotFormat) -> &'static str {
    match form {
        SnapshotFormat::Html => {
            "No article text was found on this page. It may need a login or JavaScript. \
             Open it in your browser, copy the text and paste it instead."
        }
        SnapshotFormat::Text => {
            "No article was found: the text is too short, or has only headings, links or lists. \
             Copy the whole text of the article and paste it again."
        }
    }
}

/// Builds the article as it is before the library is searched for duplicates.
fn build_article(page: &SnapshotPage, import: &Import, extracted: extract::Article, now: Timestamp) -> NewArticle {
    let input = ClassifierInput {
        sections: &extracted.sections,
        tags: &extracted.tags,
        url: page.url.as_ref(),
        title: &extracted.title,
        text: &extracted.text,
        language: extracted.language.as_deref(),
    };
    let topic_choice = classify::choose_topic(&input);
    let identity = Identity::new(page, &extracted, import.file_name.as_deref());
    NewArticle {
        source: identity.source,
        url: identity.url.map(String::from),
        claimed_url: identity.claimed_url.map(String::from),
        url_keys: identity.url_keys,
        canonical_url_key: identity.suggested_key,
        topic_choice,
        tags: extracted.tags.clone(),
        channel: Channel::Saved,
        snapshot_id: Some(page.snapshot),
        received_at: now,
        content: extraction::build_content(page, extracted),
    }
}

/// Finds an article that has the same canonical link, or to which the same redirect led, and a similar text; returns its
/// key. The URL alone is not enough: on some sites every page has the same link, and every broken one the same target.
async fn find_near_duplicate(library: &Library, new: &NewArticle) -> anyhow::Result<Option<UrlKey>> {
    for (id, key) in articles::find_by_canonical_url(library, new).await? {
        let text = articles::find_text(library, id).await?.unwrap_or_default();
        if is_near_duplicate(&text, &new.content.text) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}
