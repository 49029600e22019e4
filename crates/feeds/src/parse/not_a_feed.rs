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

/// Titles of pages that check for browsers, whole and in lower case, without the points at their end.
const CHECK_TITLES: &[&str] = &[
    "just a moment",
    "attention required! | cloudflare",
    "checking your browser",
    "checking your browser before accessing",
    "ddos-guard",
    "one moment, please",
    "bot verification",
    "human verification",
    "making sure you're not a bot!",
    "making sure you’re not a bot!",
    "vercel security checkpoint",
    "un instant",
    "einen moment",
    "nur einen moment",
];

/// What stands in the source of such pages and in no others: a form for comments has a captcha, too.
const CHECK_MARKS: &[&str] = &[
    "cf-challenge",
    "_cf_chl_opt",
    "cf_chl_",
    "sucuri_cloudproxy",
    "_incapsula_resource",
    "px-captcha",
    "captcha-delivery.com",
    "awswafcookiedomainlist",
    "anubis_challenge",
    "sgcaptcha",
];

/// A page with more words than that is a page, whatever it checks besides.
const MAX_CHECK_CHARS: usize = 2_000;

/// Tells what a page is.
pub(super) fn describe_page(text: &str) -> NotAFeed {
    let (title, chars) = title_and_length(text);
    let lower = text[..text.floor_char_boundary(HEAD_BYTES)].to_ascii_lowercase();
    let is_check_title = |title: &String| {
        let title = title.to_lowercase();
        CHECK_TITLES.contains(&title.trim_end_matches(['.', '…', ' ']))
    };
    let is_check = title.as_ref().is_some_and(is_check_title) || CHECK_MARKS.iter().any(|it| lower.contains(it));
    if is_check && chars <= MAX_CHECK_CHARS { NotAFeed::BrowserCheck } else { NotAFeed::Page { title } }
}

/// How much of a page is searched for marks.
const HEAD_BYTES: usize = 64 << 10;

/// Returns the title of a page, and how many characters of text it has besides.
fn title_and_length(html: &str) -> (Option<String>, usize) {
    let mut scanner = Scanner::new(html, Dialect::Html);
    let (mut title, mut chars, mut title_start) = (None, 0, None);
    while let Some((range, piece)) = scanner.next_piece() {
        match piece {
            Piece::Start(tag) if title.is_none() && tag.name.eq_ignore_ascii_case("title") => {
                title_start = Some(range.end);
            }
            Piece::End(_) if title_start.is_some() => {
                title = title_start.take().map(|start| html[start..range.start].to_owned());
            }
            Piece::Text(words) if title_start.is_none() => {
                chars += words.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
            }
            _ => {}
        }
    }
    let unfinished = title_start.map(|start| html[start..].to_owned());
    (title.or(unfinished).and_then(|title| title_text(&title)), chars)
}
