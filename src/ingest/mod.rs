//! The story of this program: how an address, a pasted page or a file becomes an article.
//!
//! ```text
//! address → fetch → page → extract → article → classify → library
//! pasted page, text, file ───┘
//! ```
//!
//! An article of several pages is read to its end (`following`).

pub mod fetch;
pub mod intake;
pub mod extraction;
mod further_pages;
pub mod re_extraction;
pub mod rule_preview;
pub mod text_diff;

use extract::Rule;
use jiff::Timestamp;
use url::Url;

use crate::classify::similarity::alike;
use crate::classify::{self, Signals};
use crate::ingest::extraction::Page;
use crate::ingest::fetch::Fetcher;
use crate::library::Library;
use crate::library::articles::{self, Added, Channel, NewArticle};
use crate::library::imports::{self, Failure, Import};
use crate::library::rules;
use crate::library::snapshots::{self, SnapshotFormat};
use crate::library::sources::NewSource;
use crate::urls::{AddressKey, is_front_page, registrable_domain, same_site};

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
    let rules = rules_for(library, &page).await?;
    let mut found = extraction::read(library, &page, &rules, now).await?;
    let mut cut_short = None;
    // A reader who pastes a page means that page, and its site is not asked for anything.
    if found.next_page.is_some() && !imports::is_pasted(library, import.id).await? {
        (found, cut_short) = further_pages::read_on((library, fetcher), (&page, found), &rules, now).await?;
    }
    if let Some(failure) = nothing_to_read(&page, &found) {
        return Ok(Outcome::Failed(failure));
    }
    let mut new = describe(&page, found, now);
    if let Some(rest) = &mut new.content.next_page {
        rest.error_message = cut_short;
    }
    if let Some(same) = same_article(library, &new).await? {
        new.url_keys.push(same);
    }
    Ok(Outcome::Article(articles::add(library, &new, Some(import.id)).await?))
}

/// The page, from its snapshot if it is kept already, else from its site.
async fn arrive(
    library: &Library,
    fetcher: &Fetcher,
    import: &Import,
    now: Timestamp,
) -> anyhow::Result<Result<Page, Failure>> {
    let asked = import.url.as_deref().and_then(|address| Url::parse(address).ok());
    if let Some(id) = import.snapshot_id
        && let Some(page) = kept_page(library, id, asked.as_ref()).await?
    {
        return Ok(Ok(page));
    }
    let Some(asked) = asked else { return Ok(Err(lost_input())) };
    let fetched = match fetcher.page(&asked).await {
        Ok(fetched) => fetched,
        Err(error) => return Ok(Err(Failure { code: error.code().to_owned(), message: error.words() })),
    };
    let (snapshot, page) = further_pages::parted(fetched, 0);
    let id = snapshots::save(library, &snapshot, now).await?;
    let kept = imports::set_snapshot(library, import.id, id).await?;
    if kept != id
        && let Some(pasted) = kept_page(library, kept, Some(&asked)).await?
    {
        return Ok(Ok(pasted));
    }
    Ok(Ok(Page { snapshot: id, asked: Some(asked), ..page }))
}

async fn kept_page(library: &Library, id: i64, asked: Option<&Url>) -> anyhow::Result<Option<Page>> {
    let Some(page) = Page::kept(library, id).await? else { return Ok(None) };
    Ok(Some(Page { address: page.address.or_else(|| asked.cloned()), asked: asked.cloned(), ..page }))
}

fn lost_input() -> Failure {
    Failure { code: "input-lost".into(), message: "The pasted text is no longer stored. Paste it again.".into() }
}

/// What the reader has decided about pages of the site this one is from.
async fn rules_for(library: &Library, page: &Page) -> sqlx::Result<Vec<Rule>> {
    match page.asked.as_ref().or(page.address.as_ref()).and_then(registrable_domain) {
        Some(domain) => rules::load_for_domain(library, &domain).await,
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
            message:
                "The site showed its front page instead of the article, so the article has probably been removed. \
                      Look for its new link, or paste the text instead."
                    .into(),
        });
    }
    found.text.trim().is_empty().then(|| Failure { code: "no-text".into(), message: no_text(page.form()).into() })
}

/// Why there is no article in a page or text.
#[must_use]
pub const fn no_text(form: SnapshotFormat) -> &'static str {
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

/// All that is known of the article before the library is asked.
fn describe(page: &Page, found: extract::Article, now: Timestamp) -> NewArticle {
    let canonical = found.canonical_url.clone().filter(|canonical| !is_front_page(canonical));
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
        url: address.map(String::from),
        url_keys: keys,
        canonical_url_key: canonical.as_ref().map(AddressKey::of),
        topic_choice: choice,
        tags: found.tags.clone(),
        channel: Channel::Saved,
        snapshot_id: Some(page.snapshot),
        received_at: now,
        content: extraction::content(page, found),
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

/// The address of an article that is this one under another address. A publisher's canonical link says so, but pages lie
/// (every page of a site naming the same one, for instance), so the texts must be alike in fact.
async fn same_article(library: &Library, new: &NewArticle) -> anyhow::Result<Option<AddressKey>> {
    for (id, key) in articles::find_by_canonical_url(library, new).await? {
        let known = articles::find_text(library, id).await?.unwrap_or_default();
        if alike(&known, &new.content.text) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

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
