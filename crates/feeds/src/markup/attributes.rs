//! Attributes of a start tag, read by the rules of HTML: quotes have a meaning only after `=`.

use std::borrow::Cow;

use memchr::memchr;

use super::entities;
use crate::limits::MAX_ATTRIBUTES;

/// An attribute, with the references in its value decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Cow<'a, str>,
}

/// The attributes of a tag, and where it ends.
pub(super) struct Found<'a> {
    pub(super) attributes: Vec<Attribute<'a>>,
    /// The position behind `>`.
    pub(super) end: usize,
    pub(super) is_closed: bool,
    pub(super) is_repaired: bool,
    /// In XML, the next tag begins before this one ends.
    pub(super) is_unfinished: bool,
}

/// Reads from behind the name of a tag to its end, or in XML to the next tag. `None` if the text ends before.
pub(super) fn read(source: &str, start: usize, is_xml: bool) -> Option<Found<'_>> {
    let bytes = source.as_bytes();
    let begins_tag = |at: usize| is_xml && begins_tag(&bytes[at..]);
    let mut found =
        Found { attributes: Vec::new(), end: start, is_closed: false, is_repaired: false, is_unfinished: false };
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'>' => {
                found.end = at + 1;
                return Some(found);
            }
            b'/' => {
                found.is_closed = bytes.get(at + 1)? == &b'>';
                at += 1;
            }
            b'<' if begins_tag(at) => {
                (found.end, found.is_unfinished) = (at, true);
                return Some(found);
            }
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                let name_end = end_of_name(bytes, at, begins_tag)?;
                let (value, value_end, is_sound) = read_value(source, name_end, begins_tag)?;
                let attribute = Attribute { name: &source[at..name_end], value };
                found.is_repaired |= !is_sound || attribute.name.contains(['"', '\'', '<']);
                if found.attributes.len() < MAX_ATTRIBUTES {
                    found.attributes.push(attribute);
                }
                at = value_end;
            }
        }
    }
}

fn end_of_name(bytes: &[u8], start: usize, begins_tag: impl Fn(usize) -> bool) -> Option<usize> {
    // An equals sign at the beginning is part of the name.
    let ends =
        |at: &usize| bytes[*at].is_ascii_whitespace() || matches!(bytes[*at], b'/' | b'>' | b'=') || begins_tag(*at);
    (start + 1..bytes.len()).find(ends)
}

/// Reads the value behind a name, if there is one. Returns it, where it ends, and whether it was written as it should be.
fn read_value(
    source: &str,
    name_end: usize,
    begins_tag: impl Fn(usize) -> bool,
) -> Option<(Cow<'_, str>, usize, bool)> {
    let bytes = source.as_bytes();
    let skip_blanks = |from: usize| Some(from + bytes[from..].iter().position(|byte| !byte.is_ascii_whitespace())?);
    let equals = skip_blanks(name_end)?;
    if bytes[equals] != b'=' {
        return Some((Cow::Borrowed(""), name_end, false));
    }
    let start = skip_blanks(equals + 1)?;
    match bytes[start] {
        quote @ (b'"' | b'\'') => {
            let end = start + 1 + memchr(quote, &bytes[start + 1..])?;
            let (value, faults) = entities::decode(&source[start + 1..end]);
            Some((value, end + 1, faults.bare_ampersands == 0))
        }
        b'>' => Some((Cow::Borrowed(""), start, false)),
        _ => {
            let ends = |at: &usize| bytes[*at].is_ascii_whitespace() || bytes[*at] == b'>' || begins_tag(*at);
            let end = (start..bytes.len()).find(ends)?;
            Some((entities::decode(&source[start..end]).0, end, false))
        }
    }
}

/// Returns whether a start tag or an end tag begins here.
pub(super) fn begins_tag(bytes: &[u8]) -> bool {
    match bytes {
        [b'<', b'/', byte, ..] | [b'<', byte, ..] => begins_name(*byte),
        _ => false,
    }
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// Finds an attribute by its name, whatever the case.
pub(crate) fn find<'t>(attributes: &'t [Attribute<'_>], name: &str) -> Option<&'t str> {
    attributes.iter().find(|it| it.name.eq_ignore_ascii_case(name)).map(|it| &*it.value)
}
