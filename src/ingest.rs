//! The story of this program: how an address, a pasted page or a file becomes an article.
//!
//! ```text
//! address → fetch → page → extract → article → classify → library
//! pasted page, text, file ───┘
//! ```

use anyhow::Context as _;
use extract::Rule;
use jiff::Timestamp;
use url::Url;

use crate::address::{AddressKey, is_front_page, registrable_domain, same_site};
use crate::articles::{self, Added, Content, Lane, NewArticle, NewSource};
use crate::classify::likeness::alike;
use crate::classify::{self, Signals};
use crate::fetch::{self, Document, Fetcher};
use crate::imports::{self, Failure, Import};
use crate::library::Library;
use crate::library::pages::{self, Form, Snapshot};
use crate::rules;

/// Characters of an excerpt.
const EXCERPT: usize = 280;

/// The source of text that was pasted without an address.
pub const PASTED: (&str, &str) = ("pasted", "Pasted text");

/// What an import ended as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is an article.
    Article(Added),
    /// It is none, and this is why.
    Failed(Failure),
}

/// Turns an import into an article, or says why there is none.
///
/// # Errors
/// Our own fault, not the page's: the database or the disk fails. Nothing is lost; it can be done again.
pub async fn ingest(library: &Library, fetcher: &Fetcher, import: &Import, now: Timestamp) -> anyhow::Result<Outcome> {
    let page = match arrive(library, fetcher, import, now).await? {
        Ok(page) => page,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    let found = extract(&page, rules_for(library, &page).await?, now).await?;
    if let Some(failure) = nothing_to_read(&page, &found) {
        return Ok(Outcome::Failed(failure));
    }
    let mut new = describe(&page, found, now);
    if let Some(same) = same_article(library, &new).await? {
        new.keys.push(same);
    }
    Ok(Outcome::Article(articles::add(library, &new, Some(import.id)).await?))
}

/// Extracts an article again from its snapshot, by the rules its source has now. `false`: there is no snapshot any more, or
/// nothing to read in it.
///
/// # Errors
/// The database fails, or the snapshot is damaged.
pub async fn extract_again(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<bool> {
    let Some(page) = Page::of_article(library, article).await? else { return Ok(false) };
    let found = extract(&page, rules::of_article(library, article).await?, now).await?;
    if found.text.trim().is_empty() {
        return Ok(false);
    }
    articles::rewrite(library, article, &content(&page, found), now).await?;
    Ok(true)
}

/// A page that has arrived and is kept.
#[derive(Clone)]
pub struct Page {
    snapshot: i64,
    asked: Option<Url>,
    address: Option<Url>,
    document: Document,
}

impl Page {
    /// The page an article was made of, if it is still kept.
    ///
    /// # Errors
    /// The database fails, or the snapshot is damaged.
    pub async fn of_article(library: &Library, article: i64) -> anyhow::Result<Option<Self>> {
        let Some(id) = articles::snapshot_of(library, article).await? else { return Ok(None) };
        Ok(pages::load(library, id).await?.map(|snapshot| Self::from_snapshot(id, snapshot)))
    }

    /// Bytes of its source.
    #[must_use]
    pub const fn size(&self) -> usize {
        let (Document::Html(text) | Document::Text(text)) = &self.document;
        text.len()
    }

    /// What is in it. Takes milliseconds of pure computing, so call it where that keeps nobody waiting.
    #[must_use]
    pub fn read(&self, rules: &[Rule], now: Timestamp) -> extract::Article {
        extract::article(&self.as_extracted(rules, now))
    }

    /// The same, block by block.
    #[must_use]
    pub fn blocks(&self, rules: &[Rule], now: Timestamp) -> Vec<extract::Block> {
        extract::blocks(&self.as_extracted(rules, now))
    }

    fn as_extracted<'a>(&'a self, rules: &'a [Rule], now: Timestamp) -> extract::Page<'a> {
        let source = match &self.document {
            Document::Html(html) => extract::Source::Html(html),
            Document::Text(text) => extract::Source::Text(text),
        };
        extract::Page { source, url: self.address.as_ref(), now, rules }
    }

    fn from_snapshot(id: i64, snapshot: Snapshot) -> Self {
        let (Document::Html(text) | Document::Text(text)) =
            fetch::decode(&snapshot.bytes, snapshot.content_type.as_deref());
        let document = match snapshot.form {
            Form::Html => Document::Html(text),
            Form::Text => Document::Text(text),
        };
        let address = snapshot.address.and_then(|address| Url::parse(&address).ok());
        Self { snapshot: id, asked: None, address, document }
    }
}

/// The page, from its snapshot if it is kept already, else from its site.
async fn arrive(
    library: &Library,
    fetcher: &Fetcher,
    import: &Import,
    now: Timestamp,
) -> anyhow::Result<Result<Page, Failure>> {
    let asked = import.address.as_deref().and_then(|address| Url::parse(address).ok());
    if let Some(id) = import.snapshot
        && let Some(page) = kept_page(library, id, asked.as_ref()).await?
    {
        return Ok(Ok(page));
    }
    let Some(asked) = asked else { return Ok(Err(lost_input())) };
    let fetched = match fetcher.page(&asked).await {
        Ok(fetched) => fetched,
        Err(error) => return Ok(Err(Failure { code: error.code().to_owned(), problem: error.words() })),
    };
    let form = if matches!(fetched.document, Document::Text(_)) { Form::Text } else { Form::Html };
    let address = Some(fetched.url.to_string());
    let snapshot = Snapshot { address, content_type: fetched.content_type, form, bytes: fetched.bytes };
    let id = pages::keep(library, &snapshot, now).await?;
    let kept = imports::keep_snapshot(library, import.id, id).await?;
    if kept != id
        && let Some(pasted) = kept_page(library, kept, Some(&asked)).await?
    {
        return Ok(Ok(pasted));
    }
    Ok(Ok(Page { snapshot: id, asked: Some(asked), address: Some(fetched.url), document: fetched.document }))
}

async fn kept_page(library: &Library, id: i64, asked: Option<&Url>) -> anyhow::Result<Option<Page>> {
    let Some(snapshot) = pages::load(library, id).await? else { return Ok(None) };
    let page = Page::from_snapshot(id, snapshot);
    Ok(Some(Page { address: page.address.or_else(|| asked.cloned()), asked: asked.cloned(), ..page }))
}

fn lost_input() -> Failure {
    Failure { code: "input-lost".into(), problem: "The pasted text is no longer there. Paste it once more.".into() }
}

/// Extraction takes milliseconds of pure computing, so it does not stand in the way of those who only wait.
async fn extract(page: &Page, rules: Vec<Rule>, now: Timestamp) -> anyhow::Result<extract::Article> {
    let page = page.clone();
    tokio::task::spawn_blocking(move || page.read(&rules, now)).await.context("extracting the article")
}

/// What the reader has decided about pages of the site this one is from.
async fn rules_for(library: &Library, page: &Page) -> sqlx::Result<Vec<Rule>> {
    match page.asked.as_ref().or(page.address.as_ref()).and_then(registrable_domain) {
        Some(domain) => rules::of_domain(library, &domain).await,
        None => Ok(Vec::new()),
    }
}

fn nothing_to_read(page: &Page, found: &extract::Article) -> Option<Failure> {
    let sent_home = match (&page.asked, &page.address) {
        (Some(asked), Some(address)) => !is_front_page(asked) && is_front_page(address),
        _ => false,
    };
    if sent_home {
        return Some(Failure {
            code: "front-page".into(),
            problem:
                "The site led to its front page instead of the article, which usually means that the article is gone. \
                      Look for its new address, or paste the page instead."
                    .into(),
        });
    }
    found.text.trim().is_empty().then(|| Failure {
        code: "no-text".into(),
        problem: "No article text was found on this page. It may need a login or build its text with scripts. \
                  Open it in your browser, copy the text, and paste it instead."
            .into(),
    })
}

/// All that is known of the article before the library is asked.
fn describe(page: &Page, found: extract::Article, now: Timestamp) -> NewArticle {
    let canonical = found.canonical.clone().filter(|canonical| !is_front_page(canonical));
    let address = page.asked.clone().or_else(|| page.address.clone()).or_else(|| canonical.clone());
    let canonical = canonical.filter(|canonical| address.as_ref().is_some_and(|address| same_site(canonical, address)));
    let signals = Signals {
        sections: &found.sections,
        tags: &found.tags,
        url: page.address.as_ref().or(address.as_ref()),
        title: &found.title,
        text: &found.text,
        language: found.language.as_deref(),
    };
    let choice = classify::choose(&signals);
    // A pasted page only says where it is from; that is shown, but it does not make it the article of that address.
    let mut keys: Vec<AddressKey> = [&page.asked, &page.address].into_iter().flatten().map(AddressKey::of).collect();
    if keys.is_empty() {
        keys.push(AddressKey::of_text(&found.text));
    }
    NewArticle {
        source: source(address.as_ref(), found.site_name.as_deref()),
        address: address.map(String::from),
        keys,
        canonical: canonical.as_ref().map(AddressKey::of),
        choice,
        tags: found.tags.clone(),
        lane: Lane::Kept,
        snapshot: Some(page.snapshot),
        received: now,
        content: content(page, found),
    }
}

fn source(address: Option<&Url>, name: Option<&str>) -> NewSource {
    let Some(domain) = address.and_then(registrable_domain) else {
        return NewSource { domain: PASTED.0.into(), name: PASTED.1.into() };
    };
    // Some pages give their host for a name.
    let name = name.map(str::trim).map(|name| name.strip_prefix("www.").unwrap_or(name));
    let name = name.filter(|name| !name.is_empty()).unwrap_or(&domain).to_owned();
    NewSource { domain, name }
}

fn content(page: &Page, found: extract::Article) -> Content {
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
        published: found.published,
        word_count: found.word_count,
        lead: found.lead_image,
        body: found.body,
        plain: found.text,
        removed: found.removed,
        pictures: found.pictures,
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

/// The address of an article that is this one under another address. A publisher's canonical link says so, but pages lie
/// (every page of a site naming the same one, for instance), so the texts must be alike in fact.
async fn same_article(library: &Library, new: &NewArticle) -> anyhow::Result<Option<AddressKey>> {
    for (id, key) in articles::named_alike(library, new).await? {
        let known = articles::plain_text(library, id).await?.unwrap_or_default();
        if alike(&known, &new.content.plain) {
            return Ok(Some(key));
        }
    }
    Ok(None)
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

    #[test]
    fn a_source_is_called_by_its_name_else_by_its_domain() {
        let address = Url::parse("https://news.harbour.example/a").unwrap();
        for (given, expected) in [
            (Some(" The Harbour Post "), "The Harbour Post"),
            (Some("www.harbour.example"), "harbour.example"),
            (Some("www."), "harbour.example"),
            (None, "harbour.example"),
        ] {
            assert_eq!(source(Some(&address), given).name, expected);
        }
        assert_eq!(source(None, Some("Any")).name, PASTED.1);
    }
}
