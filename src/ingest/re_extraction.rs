//! An article made once more from its page as it arrived, by newer code or under other rules. Nothing is fetched; what the
//! reader did with the article (topic, tags, marks) stays; the text before is kept, and can be taken back.

use extract::{Article, Verdict};
use jiff::Timestamp;

use crate::ingest::extraction::{self, SnapshotPage};
use crate::library::Library;
use crate::library::articles::versions::{self, is_same};
use crate::library::articles::{self, Content};
use crate::library::rules;
use crate::library::snapshots::{self, Snapshot};

/// What extracting an article again would come to. Nothing is changed by finding out.
#[derive(Debug)]
pub enum ReExtractionPreview {
    /// The same as is there.
    Unchanged,
    /// Something else.
    Changed(Box<ContentChange>),
    /// The article has no page any more from which it could be extracted, or is no longer there itself.
    NoSnapshot,
    /// Nothing to read was found in the page; the article had better stay as it is.
    NoText,
}

/// An article as it is and as it would be.
#[derive(Debug, Clone)]
pub struct ContentChange {
    /// What it says now.
    pub before: Content,
    /// What it would say.
    pub after: Content,
    /// The reader has gone back from exactly this before.
    pub rejected: bool,
}

impl ContentChange {
    /// What is known about the article and would be different, each with its name, as it is and as it would be.
    #[must_use]
    pub fn changed_metadata(&self) -> Vec<(&'static str, String, String)> {
        changed_metadata(&self.before, &self.after)
    }
}

/// What is known about an article and is different between two texts of it.
#[must_use]
pub fn changed_metadata(before: &Content, after: &Content) -> Vec<(&'static str, String, String)> {
    let fields = |content: &Content| {
        let date = content.published_day.map(|day| day.to_string());
        let date = date.or_else(|| content.published.map(|at| at.to_string()));
        let image = content.lead.as_ref().map(|lead| lead.url.to_string());
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

/// A kind of page in words for readers.
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

/// What became of an article that was extracted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReExtractionOutcome {
    /// It says something else now.
    Changed,
    /// It says what it said.
    Unchanged,
    /// There is no page from which it could be extracted.
    NoSnapshot,
    /// Nothing to read was found in its page, so it stays as it was.
    NoText,
}

/// What extracting this article again would come to.
///
/// # Errors
/// The database fails, or the snapshot is damaged.
pub async fn preview(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<ReExtractionPreview> {
    let Some(snapshot) = articles::snapshot_of(library, article).await? else {
        return Ok(ReExtractionPreview::NoSnapshot);
    };
    let Some(page) = SnapshotPage::load(library, snapshot).await? else { return Ok(ReExtractionPreview::NoSnapshot) };
    let Some(before) = versions::current(library, article).await? else { return Ok(ReExtractionPreview::NoSnapshot) };
    let extracted = extraction::extract_pages(library, &page, &rules::of_article(library, article).await?, now).await?;
    if extracted.text.trim().is_empty() {
        return Ok(ReExtractionPreview::NoText);
    }
    let mut after = extraction::build_content(&page, extracted);
    copy_rest(&before, &mut after);
    if is_same(&before, &after) {
        return Ok(ReExtractionPreview::Unchanged);
    }
    let undone = versions::before(library, article).await?.filter(|before| before.rejected);
    let rejected = undone.is_some_and(|undone| is_same(&undone.content, &after));
    Ok(ReExtractionPreview::Changed(Box::new(ContentChange { before, after, rejected })))
}

/// Extracts this article again. What a reader went back from is made anew too: whoever asks for one article means it.
///
/// # Errors
/// The database fails, or the snapshot is damaged; then the article is as it was.
pub async fn re_extract(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<ReExtractionOutcome> {
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

/// What an article would come to with the text of a page that its reader has pasted for it. Nothing is changed by finding out.
///
/// # Errors
/// The database fails.
pub async fn preview_pasted(
    library: &Library,
    article: i64,
    pasted: &Snapshot,
    now: Timestamp,
) -> anyhow::Result<ReExtractionPreview> {
    let Some(before) = versions::current(library, article).await? else { return Ok(ReExtractionPreview::NoSnapshot) };
    let page = SnapshotPage::from_snapshot(UNSAVED_SNAPSHOT, pasted.clone());
    let extracted = extraction::extract_page(&page, &rules::of_article(library, article).await?, now).await?;
    if extracted.text.trim().is_empty() {
        return Ok(ReExtractionPreview::NoText);
    }
    let after = fill_missing_metadata(&before, &page, extracted);
    if is_same(&before, &after) {
        return Ok(ReExtractionPreview::Unchanged);
    }
    Ok(ReExtractionPreview::Changed(Box::new(ContentChange { before, after, rejected: false })))
}

/// Gives an article the text of a page that its reader has pasted for it: all of what only a part was there. The page takes
/// the place of the one that was fetched.
///
/// # Errors
/// The database fails; then the article is as it was.
pub async fn replace_with_pasted(
    library: &Library,
    article: i64,
    pasted: &Snapshot,
    now: Timestamp,
) -> anyhow::Result<ReExtractionOutcome> {
    let change = match preview_pasted(library, article, pasted, now).await? {
        ReExtractionPreview::NoSnapshot => return Ok(ReExtractionOutcome::NoSnapshot),
        ReExtractionPreview::NoText => return Ok(ReExtractionOutcome::NoText),
        ReExtractionPreview::Unchanged => None,
        ReExtractionPreview::Changed(change) => Some(change),
    };
    versions::put_snapshot(library, article, snapshots::keep(library, pasted, now).await?).await?;
    let Some(change) = change else { return Ok(ReExtractionOutcome::Unchanged) };
    versions::replace(library, article, &change.after, now).await?;
    Ok(ReExtractionOutcome::Changed)
}

/// The number of a page that is read before it is kept.
const UNSAVED_SNAPSHOT: i64 = 0;

/// What a pasted page says, and where it says nothing, what is known of the article: people copy the text and not what stands
/// around it. What is known of a question or of a list of articles is not known of the article.
fn fill_missing_metadata(before: &Content, page: &SnapshotPage, mut extracted: Article) -> Content {
    if matches!(before.verdict, Verdict::Interstitial | Verdict::Listing) {
        return Content { rest: None, ..extraction::build_content(page, extracted) };
    }
    if extracted.title.trim().is_empty() {
        extracted.title.clone_from(&before.title);
    }
    if extracted.published.is_none() {
        (extracted.published, extracted.published_day) = (before.published, before.published_day);
    }
    if extracted.lead_image.is_none()
        && let Some(lead) = &before.lead
    {
        extracted.lead_image = Some(lead.clone());
        if extracted.images.iter().all(|image| image.url != lead.url) {
            extracted.images.insert(0, lead.clone());
        }
    }
    extracted.byline = extracted.byline.or_else(|| before.byline.clone());
    extracted.language = extracted.language.or_else(|| before.language.clone());
    Content { rest: None, ..extraction::build_content(page, extracted) }
}

/// Whether the article goes on, and why it could not be read on, is known from when that was tried; reading again does
/// not try.
fn copy_rest(before: &Content, after: &mut Content) {
    after.rest.clone_from(&before.rest);
}
