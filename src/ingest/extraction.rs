//! Pages that are kept, read: one page or several become what an article says. No network: what is not kept is not read.

use anyhow::Context as _;
use extract::{Article, Block, Rule};
use jiff::Timestamp;
use url::Url;

use crate::ingest::fetch::{self, Document};
use crate::library::Library;
use crate::library::articles::{self, Content, NextPage};
use crate::library::snapshots::{self, Snapshot, SnapshotFormat};

/// Characters of an excerpt.
const EXCERPT: usize = 280;

/// A page that has arrived and is kept.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its number among the snapshots.
    pub snapshot: i64,
    /// The address that was asked for, when it was fetched just now.
    pub asked: Option<Url>,
    /// Where it came from.
    pub address: Option<Url>,
    /// What it says.
    pub document: Document,
}

impl Page {
    /// The page of a snapshot. `None`: it is not kept any more.
    ///
    /// # Errors
    /// The database fails, or the snapshot is damaged.
    pub async fn kept(library: &Library, snapshot: i64) -> anyhow::Result<Option<Self>> {
        Ok(snapshots::load(library, snapshot).await?.map(|page| Self::from_snapshot(snapshot, page)))
    }

    /// How its source is read.
    #[must_use]
    pub const fn form(&self) -> SnapshotFormat {
        match self.document {
            Document::Html(_) => SnapshotFormat::Html,
            Document::Text(_) => SnapshotFormat::Text,
        }
    }

    /// Its source.
    #[must_use]
    pub fn into_source(self) -> String {
        let (Document::Html(text) | Document::Text(text)) = self.document;
        text
    }

    /// Bytes of its source.
    #[must_use]
    pub const fn size(&self) -> usize {
        let (Document::Html(text) | Document::Text(text)) = &self.document;
        text.len()
    }

    /// What is in it. Takes milliseconds of pure computing, so call it where that keeps nobody waiting.
    #[must_use]
    pub fn read(&self, rules: &[Rule], now: Timestamp) -> Article {
        extract::article(&self.as_extracted(rules, now))
    }

    /// The same, block by block.
    fn blocks(&self, rules: &[Rule], now: Timestamp) -> Vec<Block> {
        extract::blocks(&self.as_extracted(rules, now))
    }

    fn as_extracted<'a>(&'a self, rules: &'a [Rule], now: Timestamp) -> extract::Page<'a> {
        let source = match &self.document {
            Document::Html(html) => extract::Source::Html(html),
            Document::Text(text) => extract::Source::Text(text),
        };
        extract::Page { source, url: self.address.as_ref(), now, rules }
    }

    pub(crate) fn from_snapshot(id: i64, snapshot: Snapshot) -> Self {
        let (Document::Html(text) | Document::Text(text)) =
            fetch::decode(&snapshot.bytes, snapshot.content_type.as_deref());
        let document = match snapshot.format {
            SnapshotFormat::Html => Document::Html(text),
            SnapshotFormat::Text => Document::Text(text),
        };
        let address = snapshot.url.and_then(|address| Url::parse(&address).ok());
        Self { snapshot: id, asked: None, address, document }
    }
}

/// All kept pages of an article, the first first.
#[derive(Debug, Clone)]
pub struct Pages {
    first: Page,
    following: Vec<Page>,
}

impl Pages {
    /// A page with those that follow it.
    ///
    /// # Errors
    /// The database fails, or a snapshot is damaged.
    pub async fn from_first(library: &Library, first: Page) -> anyhow::Result<Self> {
        let number = first.snapshot;
        let parts = snapshots::load_further_pages(library, number).await?.into_iter();
        Ok(Self { first, following: parts.map(|part| Page::from_snapshot(number, part)).collect() })
    }

    /// The pages an article was made of, if they are still kept.
    ///
    /// # Errors
    /// The database fails, or a snapshot is damaged.
    pub async fn of_article(library: &Library, article: i64) -> anyhow::Result<Option<Self>> {
        let Some(id) = articles::find_snapshot_id(library, article).await? else { return Ok(None) };
        let Some(first) = Page::kept(library, id).await? else { return Ok(None) };
        Self::from_first(library, first).await.map(Some)
    }

    /// Bytes of their sources.
    #[must_use]
    pub fn size(&self) -> usize {
        self.first.size() + self.following.iter().map(Page::size).sum::<usize>()
    }

    /// The article in them. Takes milliseconds of pure computing for each, so call it where that keeps nobody waiting.
    #[must_use]
    pub fn read(&self, rules: &[Rule], now: Timestamp) -> Article {
        let first = self.first.read(rules, now);
        self.following.iter().fold(first, |whole, page| extract::append_page(whole, &page.read(rules, now)))
    }

    /// Each of them block by block. What a following page has left out is not told by its place in the article's list, which begins
    /// with the first page's.
    #[must_use]
    pub fn blocks(&self, rules: &[Rule], now: Timestamp) -> Vec<Vec<Block>> {
        let mut following: Vec<Vec<Block>> = self.following.iter().map(|page| page.blocks(rules, now)).collect();
        for block in following.iter_mut().flatten() {
            block.removed_index = None;
            block.parts.iter_mut().for_each(|part| part.removed_index = None);
        }
        std::iter::once(self.first.blocks(rules, now)).chain(following).collect()
    }
}

/// The article that a page and its kept following pages hold, by the rules of their source.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn read(library: &Library, page: &Page, rules: &[Rule], now: Timestamp) -> anyhow::Result<Article> {
    let (pages, rules) = (Pages::from_first(library, page.clone()).await?, rules.to_vec());
    tokio::task::spawn_blocking(move || pages.read(&rules, now)).await.context("extracting the article")
}

/// What one page says. Extraction takes milliseconds of pure computing, so it does not stand in the way of those who only
/// wait.
///
/// # Errors
/// Our code panics on the page.
pub async fn one(page: &Page, rules: &[Rule], now: Timestamp) -> anyhow::Result<Article> {
    let (page, rules) = (page.clone(), rules.to_vec());
    tokio::task::spawn_blocking(move || page.read(&rules, now)).await.context("extracting the article")
}

/// What is stored of it.
#[must_use]
pub fn content(page: &Page, found: Article) -> Content {
    let title = match found.title.trim() {
        "" => shortened(&found.text, 80),
        title => title.to_owned(),
    };
    let title = if title.is_empty() { page.address.as_ref().map(Url::to_string).unwrap_or_default() } else { title };
    Content {
        title,
        byline: found.byline,
        excerpt: shortened(found.excerpt.as_deref().unwrap_or(&found.text), EXCERPT),
        language: found.language,
        direction: found.direction,
        published_at: found.published,
        published_date: found.published_day,
        word_count: found.word_count,
        lead_image: found.lead_image,
        html: found.body,
        text: found.text,
        removed_blocks: found.removed,
        images: found.images,
        verdict: found.verdict,
        next_page: found.next_page.map(|next| NextPage { url: next.into(), error_message: None }),
    }
}

/// The beginning of a text, ended at a word where its script has words.
fn shortened(text: &str, characters: usize) -> String {
    let line = text.split_whitespace().take(characters).collect::<Vec<_>>().join(" ");
    if line.chars().count() <= characters {
        return line;
    }
    let cut: String = line.chars().take(characters).collect();
    let end = cut.rfind(' ').filter(|end| *end > cut.len() / 2).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_at_a_word() {
        assert_eq!(shortened("One  two,\nthree four", 13), "One two…");
        assert_eq!(shortened("One two", 13), "One two");
        assert_eq!(shortened("一二三四五六", 3), "一二三…");
    }
}
