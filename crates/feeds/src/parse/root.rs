//! Finds where a feed begins, behind whatever stands before it.

use super::not_a_feed::{NotAFeed, describe_page};
use crate::html::elements::{is_block, is_title_markup};
use crate::markup::scanner::{Dialect, Piece, Scanner, Tag};
use crate::markup::tree::has_local_name;

/// Where the first element of a feed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) start: usize,
    pub(super) has_junk_before: bool,
    pub(super) declares_entities: bool,
}

/// The first elements of feeds.
const ROOTS: &[&str] = &["rss", "rdf", "feed", "channel"];

/// How many tags of messages may stand before a feed.
const MAX_TAGS_BEFORE: usize = 100;

/// Finds the first element of a feed.
pub(super) fn find(text: &str) -> Result<Root, NotAFeed> {
    let text_start = text.trim_start_matches('\u{feff}');
    if text_start.trim().is_empty() {
        return Err(NotAFeed::Empty);
    }
    let mut root = Root { start: 0, has_junk_before: false, declares_entities: false };
    let mut tags = 0;
    let mut scanner = Scanner::new(text, Dialect::Xml);
    while let Some((range, piece)) = scanner.next_piece() {
        match piece {
            Piece::Start(tag) if has_local_name(&tag, ROOTS) => return Ok(Root { start: range.start, ..root }),
            Piece::Start(tag) if has_local_name(&tag, &["opml"]) => return Err(NotAFeed::ListOfFeeds),
            Piece::Start(tag) if !is_message(&tag) || tags >= MAX_TAGS_BEFORE => return Err(describe(&tag, text)),
            Piece::Doctype(it) if is_html(it) => return Err(describe_page(text)),
            Piece::Doctype(it) => root.declares_entities |= it.contains("<!ENTITY"),
            Piece::Start(_) => (tags, root.has_junk_before) = (tags + 1, true),
            Piece::Instruction(name) if name.eq_ignore_ascii_case("xml") => {
                root.has_junk_before |= !text[..range.start].trim_start_matches('\u{feff}').is_empty();
            }
            Piece::Text(it) => root.has_junk_before |= !it.trim_matches(['\u{feff}', ' ', '\n', '\r', '\t']).is_empty(),
            _ => {}
        }
    }
    Err(NotAFeed::Unknown)
}

/// Returns whether a tag belongs to a message of a program, such as a warning of PHP.
fn is_message(tag: &Tag<'_>) -> bool {
    is_title_markup(tag.name) || is_block(tag.name)
}

fn is_html(doctype: &str) -> bool {
    doctype.get(9..).is_some_and(|name| name.trim_start().to_ascii_lowercase().starts_with("html"))
}

fn describe(tag: &Tag<'_>, text: &str) -> NotAFeed {
    let is_page = has_local_name(tag, &["html", "head", "body", "title", "meta", "link", "script", "style"]);
    if is_page || is_message(tag) { describe_page(text) } else { NotAFeed::Unknown }
}
