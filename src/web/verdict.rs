//! What a page of another kind than an article asks of its reader, and `POST /article/{id}/keep`, which says: nothing.

use axum::response::Redirect;
use extract::Verdict;

use super::article::Number;
use super::marks::{self, Done};
use super::{Error, Reader, Result};
use crate::articles::{Article, versions};

/// What there is to say, and what can be done. Each is offered where it can help.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Advice {
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

/// What there is to say about an article; nothing about one that is whole, or that its reader keeps as it is.
pub(super) fn advice(article: &Article) -> Option<Advice> {
    if article.state.deleted || article.verdict_kept {
        return None;
    }
    let web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    let original = article.address.clone().filter(|address| web(address));
    let (sentence, paste, link, original) = match article.verdict {
        Verdict::Stub => (
            "This is only the beginning of the article; its site keeps the rest for subscribers. If you can read all of it in \
             your browser, copy the page there and paste it here.",
            true,
            false,
            original.map(|address| (address, "Open it there")),
        ),
        Verdict::Wall => (
            "This seems to be a question that the site asks first (cookies, a login, “are you human?”), and not the article. \
             Open it in your browser, copy the page there, and paste it here.",
            true,
            false,
            original.map(|address| (address, "Open it there")),
        ),
        Verdict::Listing => (
            "This page is a list of articles rather than one. Give the link of the one you mean.",
            false,
            true,
            original.map(|address| (address, "Look for it there")),
        ),
        Verdict::Video => (
            "This page is about a video, which is not kept; what there is to read is here.",
            false,
            false,
            original.map(|address| (address, "Watch it there")),
        ),
        Verdict::Thread => (
            "This page is a thread. The first post and the answers that were on this page are here.",
            false,
            false,
            original.map(|address| (address, "Answer there")),
        ),
        Verdict::Product => (
            "This page offers something to buy. What it says about it is here; prices and choices are there.",
            false,
            false,
            original.map(|address| (address, "See it there")),
        ),
        Verdict::Document => (
            "This page is one of a manual. It alone is here; what it belongs to is there.",
            false,
            false,
            original.map(|address| (address, "Open it there")),
        ),
        _ => return rest(article),
    };
    Some(Advice { sentence: sentence.to_owned(), paste, link, original, keep: true })
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

pub(super) async fn keep(reader: Reader, Number(id): Number) -> Result<Redirect> {
    if !versions::keep_as_it_is(&reader.library, id).await? {
        return Err(Error::NotFound);
    }
    Ok(Redirect::to(&marks::address(id, Some(Done::KeptAsItIs))))
}
