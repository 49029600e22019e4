//! What the health page says of a feed: what is wrong, and what to do.

use feeds::{NotAFeed, Problem, Problems};
use url::Url;

use crate::ingest::fetch::Error;
use crate::library::feeds::Feed;

/// Says why nothing could be fetched.
pub(super) fn of_error(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "The site took too long to answer. It is asked again later.".into(),
        Error::TooLarge(limit) => {
            format!("The feed is over {} MB, which is too large to read.", limit.div_ceil(1024 * 1024))
        }
        Error::TooManyRedirects(limit) => format!("The feed’s address redirected more than {limit} times."),
        error => error.user_message(),
    }
}

/// Says what a status means.
pub(super) fn of_status(status: u16) -> String {
    match status {
        401 => "The site asks for a login (401). Look for an address of the feed with a key in it.".into(),
        403 => "The site refuses access (403). It may block programs that are no browsers.".into(),
        404 => {
            "The site says at times that the feed isn’t there (404). It is asked again, since this is often a mistake."
                .into()
        }
        410 => "The site says that the feed is gone (410). If it says so for a day, Broadsheet stops asking.".into(),
        429 => {
            "The site says that it gets too many requests (429). Nothing is fetched from it until the time it asks for."
                .into()
        }
        500.. => format!("The site has a problem ({status}). It is asked again later."),
        _ => format!("The site answered with status {status} instead of the feed. It is asked again later."),
    }
}

/// Says that a feed is gone for good.
pub(super) fn of_end() -> String {
    "The feed is gone for good: for more than a day the site has said so (410). Broadsheet has stopped asking. The articles stay."
        .into()
}

/// Says that a feed has moved for good; `None` if it has not.
#[must_use]
pub fn of_move(feed: &Feed) -> Option<String> {
    let (from, at) = feed.moved.as_ref()?;
    let day = at.strftime("%-d %B %Y");
    Some(format!("The feed has moved for good, from {from} to {}; its address was changed on {day}.", feed.url))
}

/// Says that a page has no feed.
pub(super) fn of_no_feed(page: &Url) -> String {
    let host = page.host_str().unwrap_or_default();
    format!("No feed was found at {host}. Try the link of its blog or news page, or look for “RSS” on the site.")
}

/// Says that the page whose links are followed takes too long to read, or is none.
pub(super) fn of_page_that_cannot_be_read() -> String {
    "The address leads to something that can’t be read as a web page, or takes too long to read. It is asked again later.".into()
}

/// Says that a feed stands where the links of a page were followed.
pub(super) fn of_page_that_became_a_feed() -> String {
    "The address leads to a feed now. To follow that, enter the address again at “Follow a site”.".into()
}

/// Says that there is no page whose links could be chosen from.
pub(super) fn of_unreadable_page(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("There is no page with links at this address of {host}, or it takes too long to read. Check the link.")
}

/// Says that nothing is new, although nobody asked for what is new since.
pub(super) fn of_unasked_not_modified() -> String {
    "The site says that nothing is new (304), but has not sent the feed yet. It is asked again later.".into()
}

/// Says what came instead of a feed.
pub(super) fn of_other_document(reason: &NotAFeed, declared: Option<&Url>) -> String {
    match (reason, declared) {
        (NotAFeed::Page { .. }, Some(declared)) => format!(
            "The address leads to a web page now, not to a feed. That page names another feed, {}. Nothing of it is taken; look \
             at it, and follow it if it is what you want.",
            show(declared)
        ),
        (NotAFeed::Page { .. }, None) => {
            "The address leads to a web page, not to a feed. Paste the link of the site to look for its feed.".into()
        }
        (reason, _) => reason.to_string(),
    }
}

/// Returns an address as it is shown.
fn show(url: &Url) -> String {
    let shown: String = url.as_str().chars().take(100).collect();
    if shown.len() < url.as_str().len() { shown + "…" } else { shown }
}

/// Says that a page has lost the list of links that is followed.
pub(super) fn of_lost_list() -> String {
    "The list of links is no longer found on this page; the site may look different now. Choose the list again.".into()
}

/// Says that a page whose links are followed has a feed now; `None` if it has not.
#[must_use]
pub fn of_declared_feed(feed: &Feed) -> Option<String> {
    let declared = feed.new_declared_feed()?;
    Some(format!("This page has a feed now, {}. Feeds are more reliable than lists of links.", show(declared)))
}

/// Says that a redirect led to another feed.
pub(super) fn of_another_feed(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("The address leads to another feed, at {host}. Nothing of it is taken; the site may have lost its domain.")
}

/// Says what is wrong with a document that was read all the same.
pub(super) fn of_problems(problems: &Problems) -> Vec<String> {
    problems.iter().map(|(problem, count)| of_problem(problem, count)).collect()
}

fn of_problem(problem: Problem, count: usize) -> String {
    let text = match problem {
        Problem::Truncated => "The document ends too early; what is missing is read next time.",
        Problem::ExceedsLimits => "The document is too long, and only its beginning is read.",
        Problem::CompressedWithoutHeader => "The document is compressed, and no header says so.",
        Problem::EncodingMismatch => "The document names another encoding than it has.",
        Problem::InvalidBytes => "Some bytes mean nothing in its encoding.",
        Problem::JunkBeforeDeclaration => "Something stands before the beginning of the document.",
        Problem::WrongContentType => "The site calls it something else than a feed.",
        Problem::InvalidCharacter => "It has characters that XML forbids.",
        Problem::UndeclaredEntity => "It has named characters that XML doesn’t know.",
        Problem::BareAmpersand => "It has “&” where “&amp;” should be.",
        Problem::BrokenMarkup => "Some tags are broken.",
        Problem::UndeclaredNamespace => "It uses prefixes that it doesn’t declare.",
        Problem::DeclaresEntities => "It declares entities of its own, which are not used.",
        Problem::DoubleEscaped => "Texts are escaped twice.",
        Problem::OddDate => "Some dates are written oddly.",
        Problem::SharedId => "Several items have the same identifier.",
        Problem::MissingId => "Some items have neither identifier nor link.",
        Problem::EmptyItem => "Some items are empty.",
        Problem::EnclosureType => "The type of some attached files is missing or wrong.",
        Problem::JsonTypes => "Some fields have the wrong type.",
    };
    match count {
        0 | 1 => text.to_owned(),
        count => format!("{text} ({count} times)"),
    }
}
