//! What a page of another kind than an article asks of its reader, and `POST /article/{id}/keep`, which says: nothing.

use axum::response::Redirect;
use extract::Verdict;

use crate::library::articles::{Article, versions};
use crate::library::imports::State;
use crate::web::read::article::Number;
use crate::web::read::article_actions::{self, Done};
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
    if article.state.deleted || article.verdict_kept {
        return None;
    }
    let Some(Kind { sentence, paste, link, there, .. }) = kind(article.verdict) else { return rest(article) };
    let web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    let original = article.address.clone().filter(|address| web(address)).map(|address| (address, there));
    Some(Advice { sentence: sentence.to_owned(), paste, link, original, keep: true })
}

/// Whether all of an article is here, as far as is known, or its reader keeps it as it is.
pub(crate) fn is_whole(article: &Article) -> bool {
    article.verdict_kept || kind(article.verdict).is_none() && article.rest.is_none()
}

/// What there is to say about what an import became.
pub(crate) fn note(state: &State) -> Option<Note> {
    let State::Done { article: Some(article), verdict, .. } = state else { return None };
    let kind = kind(*verdict)?;
    let step = match kind {
        Kind { paste: true, .. } => Some((format!("/import?article={article}#text"), "Paste the page")),
        Kind { link: true, .. } => Some(("/import".to_owned(), "Give the link")),
        _ => None,
    };
    Some(Note { words: kind.short, step })
}

fn kind(verdict: Verdict) -> Option<Kind> {
    let (short, sentence, [paste, link], there) = match verdict {
        Verdict::Paywalled => (
            "Only the beginning of the article is here.",
            "This is only the beginning of the article; its site keeps the rest for subscribers. If you can read all of it in \
             your browser, copy the page there and paste it here.",
            [true, false],
            "Open it there",
        ),
        Verdict::Interstitial => (
            "The site asked a question instead of showing the article.",
            "This seems to be a question that the site asks first (cookies, a login, “are you human?”), and not the article. \
             Open it in your browser, copy the page there, and paste it here.",
            [true, false],
            "Open it there",
        ),
        Verdict::Listing => (
            "This is a list rather than one article.",
            "This page is a list of articles, or of other things, rather than one. Give the link of the one you mean.",
            [false, true],
            "Look for it there",
        ),
        Verdict::Video => (
            "This is about a video, which is not kept.",
            "This page is about a video, which is not kept; what there is to read is here.",
            [false, false],
            "Watch it there",
        ),
        Verdict::Thread => (
            "This is a thread; answers may be missing.",
            "This page is a thread, or a message of one. The first post and the answers that were on this page are here. If \
             answers are missing, open it in your browser, copy the page there, and paste it here.",
            [true, false],
            "Answer there",
        ),
        Verdict::Product => (
            "This is an offer of something to buy.",
            "This page offers something to buy. What it says about it is here; prices and choices are where it is sold.",
            [false, false],
            "See it there",
        ),
        Verdict::Document => (
            "This is one page of a manual.",
            "This is one page of a manual; the others are not here. Give the links of those you want to read.",
            [false, true],
            "Open it there",
        ),
        _ => return None,
    };
    Some(Kind { short, sentence, paste, link, there })
}

/// What is missing of an article of several pages.
fn rest(article: &Article) -> Option<Advice> {
    let rest = article.rest.as_ref()?;
    let why = rest.problem.as_deref().map(|problem| format!(" {problem}")).unwrap_or_default();
    Some(Advice {
        sentence: format!("This article goes on on a further page that could not be read.{why}"),
        // What is pasted takes the place of all that is here, and a further page alone is less than that.
        paste: false,
        link: false,
        original: Some((rest.address.clone(), "Read on there")),
        keep: true,
    })
}

pub(crate) async fn keep(reader: Reader, Number(id): Number) -> Result<Redirect> {
    if !versions::keep_as_it_is(&reader.library, id).await? {
        return Err(Error::NotFound);
    }
    Ok(Redirect::to(&article_actions::address(id, Some(Done::KeptAsItIs))))
}
