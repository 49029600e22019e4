//! Extracts an article again from its snapshot, with newer code or other rules. Fetches nothing. Topic, tags and state
//! of the article stay; the previous version is kept and can be restored.

use extract::{Article, Rule, Verdict};
use jiff::Timestamp;

use crate::ingest::extraction::{self, SnapshotPage};
use crate::library::Library;
use crate::library::articles::versions::{self, is_same_content};
use crate::library::articles::{self, Content};
use crate::library::clock;
use crate::library::rules;
use crate::library::snapshots::{self, Snapshot};

/// What extracting an article again would change.
#[derive(Debug)]
pub enum ReExtractionPreview {
    /// Nothing.
    Unchanged,
    /// Its content.
    Changed(Box<ContentChange>),
    /// The article or its snapshot is no longer stored.
    NoSnapshot,
    /// No text was found in the page, so the article should stay unchanged.
    NoText,
}

/// The content of an article before and after extracting it again.
#[derive(Debug, Clone)]
pub struct ContentChange {
    /// The current content.
    pub before: Content,
    /// The new content.
    pub after: Content,
    /// The reader has undone exactly this change before.
    pub rejected: bool,
}

impl ContentChange {
    /// Lists the metadata that would change: name, current and new value.
    #[must_use]
    pub fn changed_metadata(&self) -> Vec<(&'static str, String, String)> {
        changed_metadata(&self.before, &self.after)
    }
}

/// Lists the metadata that differs between two versions: name, value before and after.
#[must_use]
pub fn changed_metadata(before: &Content, after: &Content) -> Vec<(&'static str, String, String)> {
    let fields = |content: &Content| {
        let date = content.published_date.map(|day| day.to_string());
        let date = date.or_else(|| content.published_at.map(|at| at.to_string()));
        let image = content.lead_image.as_ref().map(|lead| lead.url.to_string());
        [
            ("Title", Some(content.title.clone())),
            ("Byline", content.byline.clone()),
            ("Published", date),
            ("Language", content.language.clone()),
            ("Lead image", image),
            ("Kind of page", Some(page_kind_label(content.verdict).to_owned())),
        ]
    };
    let none = |fact: Option<String>| fact.unwrap_or_else(|| "none".to_owned());
    let pairs = fields(before).into_iter().zip(fields(after)).filter(|((_, one), (_, other))| one != other);
    pairs.map(|((name, one), (_, other))| (name, none(one), none(other))).collect()
}

/// Returns the name of a kind of page for readers.
const fn page_kind_label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Paywalled => "start of an article",
        Verdict::Interstitial => "cookie, login or bot check",
        Verdict::Listing => "list",
        Verdict::Thread => "discussion",
        Verdict::Document => "page of a longer document",
        _ => verdict.as_str(),
    }
}

/// The result of extracting an article again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReExtractionOutcome {
    /// Its content has changed.
    Changed,
    /// Its content is the same.
    Unchanged,
    /// The article or its snapshot is no longer stored.
    NoSnapshot,
    /// No text was found in the page, so the article is unchanged.
    NoText,
}

/// Extracts an article again without storing the result.
///
/// # Errors
/// The database fails, or the snapshot is damaged.
pub async fn preview(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<ReExtractionPreview> {
    let rules = rules::load_for_article(library, article).await?;
    preview_with_rules(library, article, &rules, now).await
}

/// Extracts an article again with these rules, without storing the result.
///
/// # Errors
/// As [`preview`].
pub async fn preview_with_rules(
    library: &Library,
    article: i64,
    rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<ReExtractionPreview> {
    let Some(snapshot) = articles::find_snapshot_id(library, article).await? else {
        return Ok(ReExtractionPreview::NoSnapshot);
    };
    let Some(page) = SnapshotPage::load(library, snapshot).await? else { return Ok(ReExtractionPreview::NoSnapshot) };
    let Some(before) = versions::load_current(library, article).await? else {
        return Ok(ReExtractionPreview::NoSnapshot);
    };
    let latest_date = clock::read(library, now).await?.latest_date();
    let extracted = extraction::extract_pages(library, &page, rules, latest_date).await?;
    if extracted.text.trim().is_empty() {
        return Ok(ReExtractionPreview::NoText);
    }
    let mut after = extraction::build_content(&page, extracted);
    copy_rest(&before, &mut after);
    if is_same_content(&before, &after) {
        return Ok(ReExtractionPreview::Unchanged);
    }
    let undone = versions::load_previous(library, article).await?.filter(|before| before.is_rejected);
    let rejected = undone.is_some_and(|undone| is_same_content(&undone.content, &after));
    Ok(ReExtractionPreview::Changed(Box::new(ContentChange { before, after, rejected })))
}

/// Extracts an article again and stores the result, even if the reader has undone this change before: a request for one
/// article is deliberate.
///
/// # Errors
/// The database fails, or the snapshot is damaged; the article is then unchanged.
pub async fn re_extract(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<ReExtractionOutcome> {
    let _guard = library.lock_extraction().await;
    Ok(match preview(library, article, now).await? {
        ReExtractionPreview::Unchanged => ReExtractionOutcome::Unchanged,
        ReExtractionPreview::NoSnapshot => ReExtractionOutcome::NoSnapshot,
        ReExtractionPreview::NoText => ReExtractionOutcome::NoText,
        ReExtractionPreview::Changed(change) => {
            versions::replace(library, article, &change.after, now).await?;
            ReExtractionOutcome::Changed
        }
    })
}

/// Returns what [`replace_with_pasted`] would change.
///
/// # Errors
/// The database fails.
pub async fn preview_pasted(
    library: &Library,
    article: i64,
    pasted: &Snapshot,
    now: Timestamp,
) -> anyhow::Result<ReExtractionPreview> {
    let Some(before) = versions::load_current(library, article).await? else {
        return Ok(ReExtractionPreview::NoSnapshot);
    };
    let page = SnapshotPage::from_snapshot(UNSAVED_SNAPSHOT, pasted.clone());
    let (rules, latest_date) =
        (rules::load_for_article(library, article).await?, clock::read(library, now).await?.latest_date());
    let extracted = extraction::extract_page(&page, &rules, latest_date).await?;
    if extracted.text.trim().is_empty() {
        return Ok(ReExtractionPreview::NoText);
    }
    let after = fill_missing_metadata(&before, &page, extracted);
    if is_same_content(&before, &after) {
        return Ok(ReExtractionPreview::Unchanged);
    }
    Ok(ReExtractionPreview::Changed(Box::new(ContentChange { before, after, rejected: false })))
}

/// Replaces an article's content and snapshot by a page that the reader has pasted, as for articles that are
/// incomplete, and restores an article in the trash.
///
/// # Errors
/// The database fails; the article is then unchanged.
pub async fn replace_with_pasted(
    library: &Library,
    article: i64,
    pasted: &Snapshot,
    now: Timestamp,
) -> anyhow::Result<ReExtractionOutcome> {
    let _guard = library.lock_extraction().await;
    let change = match preview_pasted(library, article, pasted, now).await? {
        ReExtractionPreview::NoSnapshot => return Ok(ReExtractionOutcome::NoSnapshot),
        ReExtractionPreview::NoText => return Ok(ReExtractionOutcome::NoText),
        ReExtractionPreview::Unchanged => None,
        ReExtractionPreview::Changed(change) => Some(change),
    };
    let snapshot = snapshots::save(library, pasted, now).await?;
    let content = change.as_ref().map(|change| &change.after);
    versions::replace_snapshot(library, article, snapshot, content, now).await?;
    Ok(if change.is_some() { ReExtractionOutcome::Changed } else { ReExtractionOutcome::Unchanged })
}

/// Placeholder id of a page that is not stored yet.
const UNSAVED_SNAPSHOT: i64 = 0;

/// Builds content from a pasted page. Keeps the article's metadata where the page has none, since people copy the text
/// without it; except from interstitials and listings, whose metadata is not the article's.
fn fill_missing_metadata(before: &Content, page: &SnapshotPage, mut extracted: Article) -> Content {
    if matches!(before.verdict, Verdict::Interstitial | Verdict::Listing) {
        return Content { next_page: None, ..extraction::build_content(page, extracted) };
    }
    if extracted.title.trim().is_empty() {
        extracted.title.clone_from(&before.title);
    }
    if extracted.published.is_none() {
        (extracted.published, extracted.published_day) = (before.published_at, before.published_date);
    }
    if extracted.lead_image.is_none()
        && let Some(lead) = &before.lead_image
    {
        extracted.lead_image = Some(lead.clone());
        if extracted.images.iter().all(|image| image.url != lead.url) {
            extracted.images.insert(0, lead.clone());
        }
    }
    extracted.byline = extracted.byline.or_else(|| before.byline.clone());
    extracted.language = extracted.language.or_else(|| before.language.clone());
    Content { next_page: None, ..extraction::build_content(page, extracted) }
}

/// Keeps the stored link and problem of a further page that could not be fetched: extracting again does not fetch it.
fn copy_rest(before: &Content, after: &mut Content) {
    after.next_page.clone_from(&before.next_page);
}
