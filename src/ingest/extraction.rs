//! Pages that are kept, read: one page or several become what an article says. No network: what is not kept is not read.

use anyhow::Context as _;
use extract::{Article, Block, Rule};
use jiff::Timestamp;
use url::Url;

use crate::ingest::fetch::{self, Document};
use crate::library::Library;
use crate::library::articles::{self, Content, Rest};
use crate::library::snapshots::{self, Form, Snapshot};

/// Characters of an excerpt.
const EXCERPT_CHARS: usize = 280;

/// A page that has arrived and is kept.
#[derive(Debug, Clone)]
pub struct SnapshotPage {
    /// Its number among the snapshots.
    pub snapshot: i64,
    /// The address that was asked for, when it was fetched just now.
    pub requested_url: Option<Url>,
    /// Where it came from.
    pub url: Option<Url>,
    /// What it says.
    pub document: Document,
}

impl SnapshotPage {
    /// The page of a snapshot. `None`: it is not kept any more.
    ///
    /// # Errors
    /// The database fails, or the snapshot is damaged.
    pub async fn load(library: &Library, snapshot: i64) -> anyhow::Result<Option<Self>> {
        Ok(snapshots::load(library, snapshot).await?.map(|page| Self::from_snapshot(snapshot, page)))
    }

    /// How its source is read.
    #[must_use]
    pub const fn form(&self) -> Form {
        match self.document {
            Document::Html(_) => Form::Html,
            Document::Text(_) => Form::Text,
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
    pub const fn source_bytes(&self) -> usize {
        let (Document::Html(text) | Document::Text(text)) = &self.document;
        text.len()
    }

    /// What is in it. Takes milliseconds of pure computing, so call it where that keeps nobody waiting.
    #[must_use]
    pub fn extract(&self, rules: &[Rule], now: Timestamp) -> Article {
        extract::article(&self.as_extract_page(rules, now))
    }

    /// The same, block by block.
    fn extract_blocks(&self, rules: &[Rule], now: Timestamp) -> Vec<Block> {
        extract::blocks(&self.as_extract_page(rules, now))
    }

    fn as_extract_page<'a>(&'a self, rules: &'a [Rule], now: Timestamp) -> extract::Page<'a> {
        let source = match &self.document {
            Document::Html(html) => extract::Source::Html(html),
            Document::Text(text) => extract::Source::Text(text),
        };
        extract::Page { source, url: self.url.as_ref(), now, rules }
    }

    pub(crate) fn from_snapshot(id: i64, snapshot: Snapshot) -> Self {
        let (Document::Html(text) | Document::Text(text)) =
            fetch::decode(&snapshot.bytes, snapshot.content_type.as_deref());
        let document = match snapshot.form {
            Form::Html => Document::Html(text),
            Form::Text => Document::Text(text),
        };
        let url = snapshot.address.and_then(|url| Url::parse(&url).ok());
        Self { snapshot: id, requested_url: None, url, document }
    }
}

/// All kept pages of an article, the first first.
#[derive(Debug, Clone)]
pub struct ArticlePages {
    first: SnapshotPage,
    further: Vec<SnapshotPage>,
}

impl ArticlePages {
    /// A page with those that follow it.
    ///
    /// # Errors
    /// The database fails, or a snapshot is damaged.
    pub async fn from_first(library: &Library, first: SnapshotPage) -> anyhow::Result<Self> {
        let number = first.snapshot;
        let parts = snapshots::parts(library, number).await?.into_iter();
        Ok(Self { first, further: parts.map(|part| SnapshotPage::from_snapshot(number, part)).collect() })
    }

    /// The pages an article was made of, if they are still kept.
    ///
    /// # Errors
    /// The database fails, or a snapshot is damaged.
    pub async fn load_for_article(library: &Library, article: i64) -> anyhow::Result<Option<Self>> {
        let Some(id) = articles::snapshot_of(library, article).await? else { return Ok(None) };
        let Some(first) = SnapshotPage::load(library, id).await? else { return Ok(None) };
        Self::from_first(library, first).await.map(Some)
    }

    /// Bytes of their sources.
    #[must_use]
    pub fn source_bytes(&self) -> usize {
        self.first.source_bytes() + self.further.iter().map(SnapshotPage::source_bytes).sum::<usize>()
    }

    /// The article in them. Takes milliseconds of pure computing for each, so call it where that keeps nobody waiting.
    #[must_use]
    pub fn extract(&self, rules: &[Rule], now: Timestamp) -> Article {
        let first = self.first.extract(rules, now);
        self.further.iter().fold(first, |joined, page| extract::append_page(joined, &page.extract(rules, now)))
    }

    /// Each of them block by block. What a following page has left out is not told by its place in the article's list, which begins
    /// with the first page's.
    #[must_use]
    pub fn extract_blocks(&self, rules: &[Rule], now: Timestamp) -> Vec<Vec<Block>> {
        let mut further: Vec<Vec<Block>> = self.further.iter().map(|page| page.extract_blocks(rules, now)).collect();
        for block in further.iter_mut().flatten() {
            block.removed_index = None;
            block.parts.iter_mut().for_each(|part| part.removed_index = None);
        }
        std::iter::once(self.first.extract_blocks(rules, now)).chain(further).collect()
    }
}

/// The article that a page and its kept following pages hold, by the rules of their source.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn extract_pages(
    library: &Library,
    page: &SnapshotPage,
    rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<Article> {
    let (pages, rules) = (ArticlePages::from_first(library, page.clone()).await?, rules.to_vec());
    tokio::task::spawn_blocking(move || pages.extract(&rules, now)).await.context("extracting the article")
}

/// What one page says. Extraction takes milliseconds of pure computing, so it does not stand in the way of those who only
/// wait.
///
/// # Errors
/// Our code panics on the page.
pub async fn extract_page(page: &SnapshotPage, rules: &[Rule], now: Timestamp) -> anyhow::Result<Article> {
    let (page, rules) = (page.clone(), rules.to_vec());
    tokio::task::spawn_blocking(move || page.extract(&rules, now)).await.context("extracting the article")
}

/// What is stored of it.
#[must_use]
pub fn build_content(page: &SnapshotPage, extracted: Article) -> Content {
    let title = match extracted.title.trim() {
        "" => truncate_at_word(&extracted.text, 80),
        title => title.to_owned(),
    };
    let title = if title.is_empty() { page.url.as_ref().map(Url::to_string).unwrap_or_default() } else { title };
    Content {
        title,
        byline: extracted.byline,
        excerpt: truncate_at_word(extracted.excerpt.as_deref().unwrap_or(&extracted.text), EXCERPT_CHARS),
        language: extracted.language,
        direction: extracted.direction,
        published: extracted.published,
        published_day: extracted.published_day,
        word_count: extracted.word_count,
        lead: extracted.lead_image,
        body: extracted.body,
        plain: extracted.text,
        removed: extracted.removed,
        pictures: extracted.images,
        verdict: extracted.verdict,
        rest: extracted.next_page.map(|next| Rest { address: next.into(), problem: None }),
    }
}

/// The beginning of a text, ended at a word where its script has words.
fn truncate_at_word(text: &str, characters: usize) -> String {
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
    fn excerpt_ends_at_a_word_boundary() {
        assert_eq!(truncate_at_word("One  two,\nthree four", 13), "One two…");
        assert_eq!(truncate_at_word("One two", 13), "One two");
        assert_eq!(truncate_at_word("一二三四五六", 3), "一二三…");
    }
}
