//! An article made once more from its page as it arrived, by newer code or under other rules. Nothing is fetched; what the
//! reader did with the article (topic, tags, marks) stays; the text before is kept, and can be taken back.

use extract::{Article, Verdict};
use jiff::Timestamp;

use crate::ingest::extraction::{self, Page};
use crate::library::Library;
use crate::library::articles::versions::{self, is_same_content};
use crate::library::articles::{self, Content};
use crate::library::rules;
use crate::library::snapshots::{self, Snapshot};

/// What extracting an article again would come to. Nothing is changed by finding out.
#[derive(Debug)]
pub enum Proposal {
    /// The same as is there.
    Same,
    /// Something else.
    Other(Box<Change>),
    /// The article has no page any more from which it could be extracted, or is no longer there itself.
    NoPage,
    /// Nothing to read was found in the page; the article had better stay as it is.
    NothingToRead,
}

/// An article as it is and as it would be.
#[derive(Debug, Clone)]
pub struct Change {
    /// What it says now.
    pub before: Content,
    /// What it would say.
    pub after: Content,
    /// The reader has gone back from exactly this before.
    pub rejected: bool,
}

impl Change {
    /// What is known about the article and would be different, each with its name, as it is and as it would be.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String, String)> {
        facts(&self.before, &self.after)
    }
}

/// What is known about an article and is different between two texts of it.
#[must_use]
pub fn facts(before: &Content, after: &Content) -> Vec<(&'static str, String, String)> {
    let all = |content: &Content| {
        let date = content.published_date.map(|day| day.to_string());
        let date = date.or_else(|| content.published_at.map(|at| at.to_string()));
        let picture = content.lead_image.as_ref().map(|lead| lead.url.to_string());
        [
            ("Title", Some(content.title.clone())),
            ("Byline", content.byline.clone()),
            ("Published", date),
            ("Language", content.language.clone()),
            ("Lead image", picture),
            ("Kind of page", Some(kind_of_page(content.verdict).to_owned())),
        ]
    };
    let none = |fact: Option<String>| fact.unwrap_or_else(|| "none".to_owned());
    let pairs = all(before).into_iter().zip(all(after)).filter(|((_, one), (_, other))| one != other);
    pairs.map(|((name, one), (_, other))| (name, none(one), none(other))).collect()
}

/// A kind of page in words for readers.
const fn kind_of_page(verdict: Verdict) -> &'static str {
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
pub enum Again {
    /// It says something else now.
    Changed,
    /// It says what it said.
    Unchanged,
    /// There is no page from which it could be extracted.
    NoPage,
    /// Nothing to read was found in its page, so it stays as it was.
    NothingToRead,
}

/// What extracting this article again would come to.
///
/// # Errors
/// The database fails, or the snapshot is damaged.
pub async fn propose(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<Proposal> {
    let Some(snapshot) = articles::find_snapshot_id(library, article).await? else { return Ok(Proposal::NoPage) };
    let Some(page) = Page::kept(library, snapshot).await? else { return Ok(Proposal::NoPage) };
    let Some(before) = versions::load_current(library, article).await? else { return Ok(Proposal::NoPage) };
    let found = extraction::read(library, &page, &rules::load_for_article(library, article).await?, now).await?;
    if found.text.trim().is_empty() {
        return Ok(Proposal::NothingToRead);
    }
    let mut after = extraction::content(&page, found);
    keep_end(&before, &mut after);
    if is_same_content(&before, &after) {
        return Ok(Proposal::Same);
    }
    let given_up = versions::load_previous(library, article).await?.filter(|before| before.is_rejected);
    let rejected = given_up.is_some_and(|given_up| is_same_content(&given_up.content, &after));
    Ok(Proposal::Other(Box::new(Change { before, after, rejected })))
}

/// Extracts this article again. What a reader went back from is made anew too: whoever asks for one article means it.
///
/// # Errors
/// The database fails, or the snapshot is damaged; then the article is as it was.
pub async fn again(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<Again> {
    Ok(match propose(library, article, now).await? {
        Proposal::Same => Again::Unchanged,
        Proposal::NoPage => Again::NoPage,
        Proposal::NothingToRead => Again::NothingToRead,
        Proposal::Other(change) => {
            versions::replace(library, article, &change.after, now).await?;
            Again::Changed
        }
    })
}

/// What an article would come to with the text of a page that its reader has pasted for it. Nothing is changed by finding out.
///
/// # Errors
/// The database fails.
pub async fn propose_pasted(
    library: &Library,
    article: i64,
    pasted: &Snapshot,
    now: Timestamp,
) -> anyhow::Result<Proposal> {
    let Some(before) = versions::load_current(library, article).await? else { return Ok(Proposal::NoPage) };
    let page = Page::from_snapshot(NOT_KEPT_YET, pasted.clone());
    let found = extraction::one(&page, &rules::load_for_article(library, article).await?, now).await?;
    if found.text.trim().is_empty() {
        return Ok(Proposal::NothingToRead);
    }
    let after = with_what_was_known(&before, &page, found);
    if is_same_content(&before, &after) {
        return Ok(Proposal::Same);
    }
    Ok(Proposal::Other(Box::new(Change { before, after, rejected: false })))
}

/// Gives an article the text of a page that its reader has pasted for it: all of what only a part was there. The page takes
/// the place of the one that was fetched.
///
/// # Errors
/// The database fails; then the article is as it was.
pub async fn from_pasted(library: &Library, article: i64, pasted: &Snapshot, now: Timestamp) -> anyhow::Result<Again> {
    let change = match propose_pasted(library, article, pasted, now).await? {
        Proposal::NoPage => return Ok(Again::NoPage),
        Proposal::NothingToRead => return Ok(Again::NothingToRead),
        Proposal::Same => None,
        Proposal::Other(change) => Some(change),
    };
    versions::set_snapshot(library, article, snapshots::save(library, pasted, now).await?).await?;
    let Some(change) = change else { return Ok(Again::Unchanged) };
    versions::replace(library, article, &change.after, now).await?;
    Ok(Again::Changed)
}

/// The number of a page that is read before it is kept.
const NOT_KEPT_YET: i64 = 0;

/// What a pasted page says, and where it says nothing, what is known of the article: people copy the text and not what stands
/// around it. What is known of a question or of a list of articles is not known of the article.
fn with_what_was_known(before: &Content, page: &Page, mut found: Article) -> Content {
    if matches!(before.verdict, Verdict::Interstitial | Verdict::Listing) {
        return Content { next_page: None, ..extraction::content(page, found) };
    }
    if found.title.trim().is_empty() {
        found.title.clone_from(&before.title);
    }
    if found.published.is_none() {
        (found.published, found.published_day) = (before.published_at, before.published_date);
    }
    if found.lead_image.is_none()
        && let Some(lead) = &before.lead_image
    {
        found.lead_image = Some(lead.clone());
        if found.images.iter().all(|picture| picture.url != lead.url) {
            found.images.insert(0, lead.clone());
        }
    }
    found.byline = found.byline.or_else(|| before.byline.clone());
    found.language = found.language.or_else(|| before.language.clone());
    Content { next_page: None, ..extraction::content(page, found) }
}

/// Whether the article goes on, and why it could not be read on, is known from when that was tried; reading again does
/// not try.
fn keep_end(before: &Content, after: &mut Content) {
    after.next_page.clone_from(&before.next_page);
}
