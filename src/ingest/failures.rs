//! Why a page gives no article, in sentences for readers.

use extract::{Article, MAX_TEXT_BYTES};

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::extractor::TooSlow;
use crate::ingest::fetch::{MAX_PAGE_BYTES, NO_HOST};
use crate::ingest::identity;
use crate::library::imports::Failure;
use crate::library::snapshots::SnapshotFormat;
use crate::urls::is_front_page;

/// The most HTML of one article, in bytes: its text with markup and links. A page with more is slow to open.
const MAX_ARTICLE_HTML: usize = 3 * MAX_TEXT_BYTES;

/// The message for a page that only its scripts would fill.
const NEEDS_JAVASCRIPT: &str = "This page needs JavaScript: without it, it shows no text, and Broadsheet runs no scripts. \
     Open it in your browser, copy the text and paste it instead.";

/// Returns whether a failure, given by its code, means that the page is gone for good.
#[must_use]
pub fn is_gone(code: &str) -> bool {
    ["status-404", "status-410", NO_HOST, "soft-404", "front-page"].contains(&code)
}

/// Returns why the page gives no article.
pub(super) fn find(page: &SnapshotPage, extracted: &Article) -> Option<Failure> {
    let redirected_to_front_page = match (&page.requested_url, &page.url) {
        (Some(requested_url), Some(url)) => !is_front_page(requested_url) && is_front_page(url),
        _ => false,
    };
    if redirected_to_front_page {
        return Some(failure(
            "front-page",
            "The site showed its front page instead of the article, so the article has probably been removed. \
             Look for its new link, or paste the text instead.",
        ));
    }
    if identity::is_notice_instead_of_page(page, extracted) {
        return Some(failure(
            "notice-page",
            "The site showed a login, error or notice page instead of the article. Try again later, or open the article \
             in your browser and paste its text.",
        ));
    }
    if is_too_long(extracted) || page.source_bytes() > MAX_PAGE_BYTES {
        return Some(failure("too-long", too_long_message()));
    }
    if extracted.needs_javascript && extracted.text.trim().is_empty() {
        return Some(failure("needs-javascript", NEEDS_JAVASCRIPT));
    }
    extracted.text.trim().is_empty().then(|| failure("no-text", no_text_message(page.form())))
}

/// Returns the failure of an import whose pasted text is gone.
pub(super) fn lost_input() -> Failure {
    failure("input-lost", "The pasted text is no longer stored. Paste it again.")
}

/// Returns the failure of a page that takes too long to read.
pub(super) fn too_slow() -> Failure {
    failure("too-slow", format!("{TooSlow} Open the page in your browser, copy the text and paste it instead."))
}

/// Returns the failure of a page that ends the process that reads it.
pub(super) fn ends_program() -> Failure {
    failure(
        "stopped",
        "Reading this page needs more memory than there is, or makes Broadsheet crash. \
         Open the page in your browser, copy the text and paste it instead.",
    )
}

fn failure(code: &str, message: impl Into<String>) -> Failure {
    Failure { code: code.into(), message: message.into() }
}

/// Returns whether the article has more text or HTML than is kept.
pub(super) fn is_too_long(extracted: &Article) -> bool {
    extracted.is_cut_off || extracted.text.len() > MAX_TEXT_BYTES || extracted.body.as_str().len() > MAX_ARTICLE_HTML
}

/// Returns the message for a page with more text than is read.
#[must_use]
pub fn too_long_message() -> String {
    format!(
        "This page has more than {} MB of text, which is more than a long novel; Broadsheet reads no more. \
         Copy the part that you want and paste it instead.",
        MAX_TEXT_BYTES >> 20
    )
}

/// Returns the message for a page or text without an article.
#[must_use]
pub const fn no_text_message(form: SnapshotFormat) -> &'static str {
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
