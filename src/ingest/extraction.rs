//! Extracts articles from stored pages. No network: what is not stored is not read.

use extract::{Article, Block, InlineImage, Rule};
use jiff::Timestamp;
use tokio::task::spawn_blocking;
use url::Url;

use crate::ingest::extractor;
use crate::ingest::fetch::{self, Document};
use crate::library::Library;
use crate::library::articles::{self, Content, NextPage};
use crate::library::snapshots::{self, Snapshot, SnapshotFormat};

/// Length of an excerpt, in characters.
const EXCERPT_CHARS: usize = 280;

/// A page with a stored snapshot.
#[derive(Debug, Clone)]
pub struct SnapshotPage {
    /// The id of its snapshot. A further page has that of the first page.
    pub snapshot: i64,
    /// The URL that was requested, if the page was imported by URL.
    pub requested_url: Option<Url>,
    /// Its URL, after redirects if it was fetched. Without a requested URL, it is only what a file says of itself.
    pub url: Option<Url>,
    /// Its source.
    pub document: Document,
}

impl SnapshotPage {
    /// Loads the page of a snapshot; `None` if it is no longer stored.
    ///
    /// # Errors
    /// The database fails, or the snapshot is damaged.
    pub async fn load(library: &Library, snapshot: i64) -> anyhow::Result<Option<Self>> {
        let Some(page) = snapshots::load(library, snapshot).await? else { return Ok(None) };
        // Decoding a large page takes a tenth of a second, in which requests would wait.
        Ok(Some(spawn_blocking(move || Self::from_snapshot(snapshot, page)).await?))
    }

    /// Returns whether its source is HTML or plain text.
    #[must_use]
    pub const fn form(&self) -> SnapshotFormat {
        match self.document {
            Document::Html(_) => SnapshotFormat::Html,
            Document::Text(_) | Document::Markup(..) => SnapshotFormat::Text,
        }
    }

    /// Returns its source.
    #[must_use]
    pub fn into_source(self) -> String {
        self.document.into_source()
    }

    /// Returns the length of its source in bytes.
    #[must_use]
    pub const fn source_bytes(&self) -> usize {
        self.document.source().len()
    }

    /// Extracts the article. Blocks for milliseconds; in async code, call it in `spawn_blocking`.
    #[must_use]
    pub fn extract(&self, rules: &[Rule], now: Timestamp) -> Article {
        extract::article(&self.as_extract_page(rules, now))
    }

    /// Returns the images that it contains itself. Blocks like [`Self::extract`].
    fn inline_images(&self, now: Timestamp) -> Vec<InlineImage> {
        extract::inline_images(&self.as_extract_page(&[], now))
    }

    /// Lists its blocks. Blocks like [`Self::extract`].
    fn extract_blocks(&self, rules: &[Rule], now: Timestamp) -> Vec<Block> {
        extract::blocks(&self.as_extract_page(rules, now))
    }

    fn as_extract_page<'a>(&'a self, rules: &'a [Rule], now: Timestamp) -> extract::Page<'a> {
        extract::Page { source: self.document.as_source(), url: self.url.as_ref(), now, rules }
    }

    pub(crate) fn from_snapshot(id: i64, snapshot: Snapshot) -> Self {
        let decoded = fetch::decode(&snapshot.bytes, snapshot.content_type.as_deref());
        let document = match (snapshot.format, decoded) {
            (SnapshotFormat::Html, page) => Document::Html(page.into_source()),
            (SnapshotFormat::Text, Document::Html(text)) => Document::Text(text),
            (SnapshotFormat::Text, page) => page,
        };
        let url = snapshot.url.and_then(|url| Url::parse(&url).ok());
        Self { snapshot: id, requested_url: None, url, document }
    }
}

/// The stored pages of an article, in order.
#[derive(Debug, Clone)]
pub struct ArticlePages {
    /// The first page.
    pub first: SnapshotPage,
    further: Vec<SnapshotPage>,
}

impl ArticlePages {
    /// Loads the further pages of `first`.
    ///
    /// # Errors
    /// The database fails, or a snapshot is damaged.
    pub async fn from_first(library: &Library, first: SnapshotPage) -> anyhow::Result<Self> {
        let number = first.snapshot;
        let parts = snapshots::load_further_pages(library, number).await?.into_iter();
        let decode = move || parts.map(|part| SnapshotPage::from_snapshot(number, part)).collect();
        Ok(Self { first, further: spawn_blocking(decode).await? })
    }

    /// Loads the pages of an article; `None` if they are no longer stored.
    ///
    /// # Errors
    /// The database fails, or a snapshot is damaged.
    pub async fn load_for_article(library: &Library, article: i64) -> anyhow::Result<Option<Self>> {
        let Some(id) = articles::find_snapshot_id(library, article).await? else { return Ok(None) };
        let Some(first) = SnapshotPage::load(library, id).await? else { return Ok(None) };
        Self::from_first(library, first).await.map(Some)
    }

    /// Wraps a page that has no further pages.
    #[must_use]
    pub const fn single(page: SnapshotPage) -> Self {
        Self { first: page, further: Vec::new() }
    }

    /// Returns the source of each page.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.first).chain(&self.further).map(|page| page.document.source())
    }

    /// Returns the length of all sources in bytes.
    #[must_use]
    pub fn source_bytes(&self) -> usize {
        self.sources().map(str::len).sum()
    }

    /// Extracts the article, joining its pages. Blocks for milliseconds per page; in async code, call it in
    /// `spawn_blocking`.
    #[must_use]
    pub fn extract(&self, rules: &[Rule], now: Timestamp) -> Article {
        let first = self.first.extract(rules, now);
        self.further.iter().fold(first, |joined, page| extract::append_page(joined, &page.extract(rules, now)))
    }

    /// Returns the images that the pages contain themselves. Blocks like [`Self::extract`].
    #[must_use]
    pub fn inline_images(&self, now: Timestamp) -> Vec<InlineImage> {
        std::iter::once(&self.first).chain(&self.further).flat_map(|page| page.inline_images(now)).collect()
    }

    /// Lists the blocks of each page. Blocks of further pages have no `removed_index`, since the article's list of
    /// removed blocks begins with those of the first page.
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

/// Extracts the article from a page and its stored further pages, under `rules`, for a reader who waits.
///
/// # Errors
/// The database fails, a snapshot is damaged, or the extraction takes too long.
pub async fn extract_pages(
    library: &Library,
    page: &SnapshotPage,
    rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<Article> {
    let (pages, rules) = (ArticlePages::from_first(library, page.clone()).await?, rules.to_vec());
    extractor::run_for_reader(move || pages.extract(&rules, now)).await
}

/// Extracts the article from one page, for a reader who waits.
///
/// # Errors
/// The extraction takes too long or panics.
pub async fn extract_page(page: &SnapshotPage, rules: &[Rule], now: Timestamp) -> anyhow::Result<Article> {
    let (page, rules) = (page.clone(), rules.to_vec());
    extractor::run_for_reader(move || page.extract(&rules, now)).await
}

/// Builds the content that is stored for an article.
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
        published_at: extracted.published,
        published_date: extracted.published_day,
        word_count: extracted.word_count,
        lead_image: extracted.lead_image,
        html: extracted.body,
        text: extracted.text,
        removed_blocks: extracted.removed,
        images: extracted.images,
        verdict: extracted.verdict,
        next_page: extracted.next_page.map(|next| NextPage { url: next.into(), error_message: None }),
    }
}

/// Truncates a text, at the end of a word if its script separates words.
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
