//! The header `Link` (RFC 8288).

use url::Url;

use super::page::{DeclaredLink, is_declaration};
use crate::html::text::title_text;
use crate::markup::base::is_web;

/// The most links of headers that are read.
const MAX_LINKS: usize = 100;

/// Returns the feeds that headers declare.
pub(super) fn read(headers: &[&str], base: &Url) -> Vec<DeclaredLink> {
    let links = headers.iter().flat_map(|header| split(header, ',')).take(MAX_LINKS);
    links.filter_map(|link| read_link(link.trim(), base)).collect()
}

fn read_link(link: &str, base: &Url) -> Option<DeclaredLink> {
    let (address, parameters) = link.strip_prefix('<')?.split_once('>')?;
    let parameter = |name: &str| {
        let pairs = split(parameters, ';').into_iter().filter_map(|parameter| parameter.split_once('='));
        let (_, value) = pairs.into_iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
        Some(value.trim().trim_matches('"').replace("\\\"", "\""))
    };
    let url = base.join(address.trim()).ok().filter(is_web)?;
    let (relation, media_type) = (parameter("rel").unwrap_or_default(), parameter("type").unwrap_or_default());
    is_declaration(&relation, &media_type, &url)
        .then(|| DeclaredLink { title: parameter("title").and_then(|title| title_text(&title)), url })
}

/// Splits a text outside of quotes and angle brackets.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut is_quoted, mut is_address) = (Vec::new(), 0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            '"' if !is_address => is_quoted = !is_quoted,
            '<' if !is_quoted => is_address = true,
            '>' if !is_quoted => is_address = false,
            _ if character == separator && !is_quoted && !is_address => {
                parts.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
