//! The link of a site that a reader has typed.

use url::Url;

use crate::ingest::intake;

/// Reads a link.
///
/// # Errors
/// It is none; says what to enter.
pub(super) fn parse_link(typed: &str) -> Result<Url, String> {
    if typed.trim().is_empty() {
        return Err("Enter the link of a site or of its feed.".to_owned());
    }
    let url = intake::read_url(typed.trim())?.url;
    url.ok_or_else(|| "This isn’t a link. Enter one such as https://example.org.".to_owned())
}
