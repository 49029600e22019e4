//! What a document is that is no feed.

use crate::html::text::title_text;
use crate::markup::scanner::{Dialect, Piece, Scanner};

/// Why a document is no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// Nothing is in it.
    #[error("The answer was empty.")]
    Empty,
    /// A page that checks whether a browser or a robot asks.
    #[error(
        "The site answered with a browser check: it blocks programs that are no browsers, and takes this one for a robot."
    )]
    BrowserCheck,
    /// A page of a site.
    #[error("This is a web page, not a feed.")]
    Page {
        /// The title of the page.
        title: Option<String>,
    },
    /// A list of feeds.
    #[error("This is a list of feeds (OPML), not a feed. It can be imported.")]
    ListOfFeeds,
    /// JSON that is no feed, or cannot be read.
    #[error("This is JSON, but not a JSON Feed that can be read.")]
    Json,
    /// Something else.
    #[error("This is not a feed in a format that is known (RSS, Atom or JSON Feed).")]
    Unknown,
}

/// Titles of pages that check for browsers, in lower case.
const CHECK_TITLES: &[&str] = &[
    "just a moment",
    "attention required",
    "checking your browser",
    "ddos-guard",
    "please wait",
    "one moment, please",
    "access denied",
    "are you a robot",
    "bot verification",
    "human verification",
    "security check",
    "making sure you",
    "vercel security checkpoint",
    "captcha",
    "un instant",
    "einen moment",
];

/// What stands in the source of such pages.
const CHECK_MARKS: &[&str] = &[
    "challenge-form",
    "cf-challenge",
    "challenge-platform",
    "cf_chl",
    "_cf_chl_opt",
    "g-recaptcha",
    "h-captcha",
    "hcaptcha.com",
    "cf-turnstile",
    "ddos-guard",
    "sucuri_cloudproxy",
    "_incapsula_resource",
    "px-captcha",
    "captcha-delivery.com",
    "awswafcookiedomainlist",
    "anubis_challenge",
    "sgcaptcha",
];

/// How much of a page is looked at.
const HEAD_BYTES: usize = 64 << 10;

/// Tells what a page is.
pub(super) fn describe_page(text: &str) -> NotAFeed {
    let head = &text[..text.floor_char_boundary(HEAD_BYTES)];
    let title = page_title(head);
    let lower = head.to_ascii_lowercase();
    let has_title = |words: &&str| title.as_ref().is_some_and(|title| title.to_lowercase().contains(*words));
    let is_check = CHECK_TITLES.iter().any(has_title) || CHECK_MARKS.iter().any(|it| lower.contains(it));
    if is_check { NotAFeed::BrowserCheck } else { NotAFeed::Page { title } }
}

/// Returns the title of a page.
fn page_title(html: &str) -> Option<String> {
    let mut scanner = Scanner::new(html, Dialect::Html);
    let start = loop {
        let (range, piece) = scanner.next_piece()?;
        if matches!(piece, Piece::Start(tag) if tag.name.eq_ignore_ascii_case("title")) {
            break range.end;
        }
    };
    let end = html[start..].find("</").map_or(html.len(), |length| start + length);
    title_text(&html[start..end])
}
