//! Scans the tags and the visible text of a page without building a tree.
//!
//! This is enough to find a charset, a refresh, or whether there is anything to read. It takes one pass in linear time
//! for any input. Articles are read from a tree.

use std::borrow::Cow;

/// A piece of a page. Comments and the contents of styles and the like are left out.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// `<p class="a">` or `</p>`.
    Tag(Tag<'a>),
    /// Text between tags, with character references as written.
    Text(&'a str),
    /// The text inside `<title>`.
    Title(&'a str),
    /// The source of a `<script>`.
    Script(&'a str),
}

/// A tag as written in the source.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    is_end_tag: bool,
}

impl Tag<'_> {
    /// Returns whether it is a start tag of this name.
    pub fn is_start_tag(&self, name: &str) -> bool {
        !self.is_end_tag && self.name.eq_ignore_ascii_case(name)
    }

    /// Returns whether it is the end tag of this name.
    pub fn is_end_tag(&self, name: &str) -> bool {
        self.is_end_tag && self.name.eq_ignore_ascii_case(name)
    }

    /// Returns the attributes as written in the source.
    pub fn raw_attributes(&self) -> &str {
        self.attributes
    }

    /// Returns the value of an attribute, unquoted and with common character references decoded.
    pub fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            let (name, value, after) = next_attribute(rest)?;
            if name.eq_ignore_ascii_case(wanted) {
                return Some(decode_references(value).into_owned());
            }
            rest = after;
        }
    }
}

/// Splits off the next attribute: name, value and rest.
pub(super) fn next_attribute(source: &str) -> Option<(&str, &str, &str)> {
    let blank = |c: char| c.is_ascii_whitespace() || c == '/';
    let source = source.trim_start_matches(blank);
    if source.is_empty() {
        return None;
    }
    let ends = |c: char| c == '=' || blank(c);
    // By the standard, a name may begin with '='. Skipping one character guarantees progress.
    let first = source.chars().next().map_or(0, char::len_utf8);
    let end = source[first..].find(ends).map_or(source.len(), |at| first + at);
    let (name, rest) = source.split_at(end);
    let Some(value) = rest.trim_start().strip_prefix('=') else {
        return Some((name, "", rest));
    };
    let value = value.trim_start();
    let (value, rest) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
        _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
    };
    Some((name, value, rest))
}

/// Decodes character references: the few names common in URLs and short sentences, and all numbers.
pub(crate) fn decode_references(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut decoded = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        match parse_reference(after) {
            Some((character, after)) => {
                decoded.push(character);
                rest = after;
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Decodes the reference after a "&". Returns the character and the rest of the text.
fn parse_reference(after: &str) -> Option<(char, &str)> {
    const MAX_BYTES: usize = 10;
    let end = after.bytes().take(MAX_BYTES).position(|byte| byte == b';')?;
    Some((decode_reference(&after[..end])?, &after[end + 1..]))
}

fn decode_reference(name: &str) -> Option<char> {
    const NAMES: [(&str, char); 6] =
        [("amp", '&'), ("quot", '"'), ("apos", '\''), ("nbsp", ' '), ("rsquo", '\''), ("hellip", '…')];
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, character)| *character)
}

/// Scans a page.
pub fn scan(html: &str) -> Pieces<'_> {
    Pieces { rest: html, raw_text_element: None }
}

/// The iterator that [`scan`] returns.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    rest: &'a str,
    /// The element whose start tag was just read, if its contents are not markup.
    raw_text_element: Option<&'static str>,
}

/// Elements whose contents are not markup up to their end tag.
const RAW_TEXT_ELEMENTS: [&str; 9] =
    ["script", "style", "title", "textarea", "template", "iframe", "noembed", "noframes", "xmp"];

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        while !self.rest.is_empty() {
            if let Some(name) = self.raw_text_element.take() {
                let contents = self.consume(end_of_raw_text(self.rest, name));
                match name {
                    "title" => return Some(Piece::Title(contents)),
                    "script" => return Some(Piece::Script(contents)),
                    _ => continue,
                }
            }
            if !self.rest.starts_with('<') {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Piece::Text(self.consume(end)));
            }
            if let Some(piece) = self.scan_markup() {
                return Some(piece);
            }
        }
        None
    }
}

impl<'a> Pieces<'a> {
    fn consume(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Reads what begins with `<`. Returns `None` for comments and the like.
    fn scan_markup(&mut self) -> Option<Piece<'a>> {
        if let Some(comment) = self.rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are complete comments.
            let end = match comment {
                comment if comment.starts_with('>') => 5,
                comment if comment.starts_with("->") => 6,
                comment => comment.find("-->").map_or(self.rest.len(), |at| at + 7),
            };
            self.consume(end);
            return None;
        }
        let after = self.rest.as_bytes().get(1).copied().unwrap_or(b' ');
        let is_end_tag = after == b'/';
        let initial = if is_end_tag { self.rest.as_bytes().get(2).copied() } else { Some(after) };
        if initial.is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return Some(self.tag(is_end_tag));
        }
        if is_end_tag || after == b'!' || after == b'?' {
            let end = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
            self.consume(end);
            return None;
        }
        Some(Piece::Text(self.consume(1)))
    }

    fn tag(&mut self, is_end_tag: bool) -> Piece<'a> {
        let source = self.consume(end_of_tag(self.rest));
        let inner = source[if is_end_tag { 2 } else { 1 }..].trim_end_matches('>');
        let ends = |c: char| c.is_ascii_whitespace() || c == '/';
        let (name, attributes) = inner.split_at(inner.find(ends).unwrap_or(inner.len()));
        if !is_end_tag {
            self.raw_text_element = RAW_TEXT_ELEMENTS.into_iter().find(|element| element.eq_ignore_ascii_case(name));
        }
        Piece::Tag(Tag { name, attributes, is_end_tag })
    }
}

/// Returns the end of the tag at the start of `source`; a quoted `>` does not end it.
pub(super) fn end_of_tag(source: &str) -> usize {
    let mut quote = None;
    let mut before_value = false;
    for (at, byte) in source.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if before_value => (quote, before_value) = (Some(byte), false),
            (None, b'=') => before_value = true,
            (None, byte) if byte.is_ascii_whitespace() => {}
            (None, _) => before_value = false,
        }
    }
    source.len()
}

/// Returns the position of `</name`, or the length of `source`.
fn end_of_raw_text(source: &str, name: &str) -> usize {
    let closes = |(at, _): &(usize, &str)| {
        let after = &source.as_bytes()[at + 2..];
        after.get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
    };
    let end = source.match_indices("</").find(closes);
    end.map_or(source.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn text(html: &str) -> String {
        let texts = scan(html).filter_map(|piece| match piece {
            Piece::Text(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn only_visible_text_is_text() {
        let html = "<!doctype html><title>T</title><!-- no <b>--><script>if (a</b/) no()</script>\
                    <p title='a > b'>One <b>two</b> 3 < 4<style>no</style><TEMPLATE><p>no</TEMPLATE>.";
        assert_eq!(text(html), "One two 3 < 4.");
    }

    #[test]
    fn finds_attributes_in_every_syntax() {
        let html = "<meta a=1 b = \"x y\" CHARSET='q' d=u/v?a=1&amp;b=2 e>";
        let Some(Piece::Tag(tag)) = scan(html).next() else {
            panic!("a tag");
        };
        let found = |name| tag.attribute(name);
        assert_eq!(found("a").as_deref(), Some("1"));
        assert_eq!(found("b").as_deref(), Some("x y"));
        assert_eq!(found("charset").as_deref(), Some("q"));
        assert_eq!(found("d").as_deref(), Some("u/v?a=1&b=2"));
        assert_eq!(found("e").as_deref(), Some(""));
        assert_eq!(found("f"), None);
    }

    #[test]
    fn scans_any_input_in_linear_time() {
        for piece in ["<", "<!--", "<a ", "<a b='", "</", "<script>", "<title>", "=", "<a =", "é<é", "</script"] {
            let page = piece.repeat(300_000);
            let started = Instant::now();
            let count = scan(&page).count();
            assert!(started.elapsed() < Duration::from_secs(5), "{piece}: {count}");
        }
    }
}
