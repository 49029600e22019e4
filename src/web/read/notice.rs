//! What a page of another kind than an article asks of its reader, and `POST /article/{id}/keep`, which says: nothing.

use axum::response::Redirect;
use extract::Verdict;

use crate::library::articles::{Article, versions};
use crate::library::imports::ImportState;
use crate::web::shell::action_notice::{self, Done};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Reader, Result};

/// What there is to say, and what can be done. Each is offered where it can help.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    pub sentence: String,
    /// Paste the page from the browser.
    pub paste: bool,
    /// Give the link of the article that was meant.
    pub link: bool,
    /// Read or watch it where it is.
    pub original: Option<(String, &'static str)>,
    /// There is a verdict that the reader may do without.
    pub keep: bool,
}

/// The same in short, beside an import: what it became, and where to go on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub words: &'static str,
    pub step: Option<(String, &'static str)>,
}

/// What a reader is told of a kind of page.
struct Kind {
    short: &'static str,
    sentence: &'static str,
    /// What can help: pasting the page, giving another link.
    paste: bool,
    link: bool,
    /// What to do with the page where it is.
    there: &'static str,
}

/// What there is to say about an article; nothing about one that is whole, or that its reader keeps as it is.
pub(crate) fn advice(article: &Article) -> Option<Advice> {
    if article.state.deleted || article.is_notice_dismissed {
        return None;
    }
    let Some(Kind { sentence, paste, link, there, .. }) = kind(article.verdict) else { return rest(article) };
    let web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    let original = article.url.clone().filter(|address| web(address)).map(|address| (address, there));
    Some(Advice { sentence: sentence.to_owned(), paste, link, original, keep: true })
}

/// Whether all of an article is here, as far as is known, or its reader keeps it as it is.
pub(crate) fn is_whole(article: &Article) -> bool {
    article.is_notice_dismissed || kind(article.verdict).is_none() && article.next_page.is_none()
}

/// What there is to say about what an import became.
pub(crate) fn note(state: &ImportState) -> Option<Note> {
    let ImportState::Done { article_id: Some(article), verdict, .. } = state else { return None };
    let kind = kind(*verdict)?;
    let step = match kind {
        Kind { paste: true, .. } => Some((format!("/import?article={article}#text"), "Paste full text")),
        Kind { link: true, .. } => Some(("/import".to_owned(), "Add a link")),
        _ => None,
    };
    Some(Note { words: kind.short, step })
}

fn kind(verdict: Verdict) -> Option<Kind> {
    let (short, sentence, [paste, link], there) = match verdict {
        Verdict::Paywalled => (
            "Only the start of the article was saved.",
            "Only the start of this article is available without a subscription or login. If you have one, open the \
             original, copy the whole page and paste it here.",
            [true, false],
            "Open original",
        ),
        Verdict::Interstitial => (
            "The site showed a cookie, login or bot check instead of the article.",
            "The site seems to have shown a cookie, login or bot check instead of the article. Open the original, copy the \
             whole page and paste it here.",
            [true, false],
            "Open original",
        ),
        Verdict::Listing => (
            "This is a list, not a single article.",
            "This is a list, not a single article. Add the link of the article you want.",
            [false, true],
            "Open original",
        ),
        Verdict::Video => (
            "Mainly a video; only the text was saved.",
            "This page is mainly a video. Only its text was saved.",
            [false, false],
            "Watch on the site",
        ),
        Verdict::Thread => (
            "A discussion; replies may be missing.",
            "This is a discussion. The replies on this page were saved; others may be missing. To add them, open the \
             discussion, copy the whole page and paste it here.",
            [true, false],
            "Open discussion",
        ),
        Verdict::Product => (
            "A product page, not an article.",
            "This is a product page. See the shop for current prices and options.",
            [false, false],
            "Open product page",
        ),
        Verdict::Document => (
            "One page of a longer document.",
            "This is one page of a longer document. Add the links of the other pages you need.",
            [false, true],
            "Open original",
        ),
        _ => return None,
    };
    Some(Kind { short, sentence, paste, link, there })
}

/// What is missing of an article of several pages.
fn rest(article: &Article) -> Option<Advice> {
    let rest = article.next_page.as_ref()?;
    let why = rest.error_message.as_deref().map(|problem| format!(" {problem}")).unwrap_or_default();
    Some(Advice {
        sentence: format!("This article continues on another page, which couldn’t be fetched.{why}"),
        // What is pasted takes the place of all that is here, and a further page alone is less than that.
        paste: false,
        link: false,
        original: Some((rest.url.clone(), "Continue on the site")),
        keep: true,
    })
}

pub(crate) async fn keep(reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    if !versions::dismiss_notice(&reader.library, id).await? {
        return Err(Error::NotFound);
    }
    Ok(Redirect::to(&action_notice::address(id, Some(Done::KeptAsItIs))))
}
