//! The tags and the visible text of a page, without building a tree.
//!
//! Enough to find a charset, a refresh and whether there is anything to read, in one pass whose
//! time is linear in the page whatever it holds. Articles are read from a tree.

use std::borrow::Cow;

/// A piece of a page, in order. Comments and the contents of scripts and styles are left out.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// `<p class="a">` or `</p>`.
    Tag(Tag<'a>),
    /// Text between tags, its character references as they are.
    Text(&'a str),
    /// The text inside `<title>`.
    Title(&'a str),
    /// The source of a `<script>`.
    Script(&'a str),
}

/// A tag as it stands in the source.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    closes: bool,
}

impl Tag<'_> {
    /// True for `<name …>`.
    pub fn is_start_tag(&self, name: &str) -> bool {
        !self.closes && self.name.eq_ignore_ascii_case(name)
    }

    /// Its attributes as they stand in the source.
    pub fn raw_attributes(&self) -> &str {
        self.attributes
    }

    /// The value of an attribute: unquoted, with the common character references replaced.
    pub fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            let (name, value, after) = next_attribute(rest)?;
            if name.eq_ignore_ascii_case(wanted) {
                return Some(plain(value).into_owned());
            }
            rest = after;
        }
    }
}

/// Name, value and what follows.
fn next_attribute(source: &str) -> Option<(&str, &str, &str)> {
    let blank = |c: char| c.is_ascii_whitespace() || c == '/';
    let source = source.trim_start_matches(blank);
    if source.is_empty() {
        return None;
    }
    let ends = |c: char| c == '=' || blank(c);
    // A name may begin with '=', oddly; skipping one character makes sure of progress.
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

/// Replaces character references: the few names that occur in addresses and in short sentences, and all numbers.
pub(crate) fn plain(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut plain = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        match reference(after) {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// What a reference after its "&" stands for, and what follows it.
fn reference(after: &str) -> Option<(char, &str)> {
    const LONGEST: usize = 10;
    let end = after.bytes().take(LONGEST).position(|byte| byte == b';')?;
    Some((referred(&after[..end])?, &after[end + 1..]))
}

fn referred(name: &str) -> Option<char> {
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

/// Walks through a page.
pub fn pieces(html: &str) -> Pieces<'_> {
    Pieces { rest: html, within: None }
}

/// See [`pieces`].
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    rest: &'a str,
    /// The element whose contents are not markup, when its start tag was just read.
    within: Option<&'static str>,
}

/// Elements that hold no markup until their own end tag.
const OPAQUE: [&str; 9] = ["script", "style", "title", "textarea", "template", "iframe", "noembed", "noframes", "xmp"];

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        while !self.rest.is_empty() {
            if let Some(name) = self.within.take() {
                let contents = self.take(end_of_opaque(self.rest, name));
                match name {
                    "title" => return Some(Piece::Title(contents)),
                    "script" => return Some(Piece::Script(contents)),
                    _ => continue,
                }
            }
            if !self.rest.starts_with('<') {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Piece::Text(self.take(end)));
            }
            if let Some(piece) = self.bracket() {
                return Some(piece);
            }
        }
        None
    }
}

impl<'a> Pieces<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// What begins with `<`; nothing when it is a comment or the like.
    fn bracket(&mut self) -> Option<Piece<'a>> {
        if let Some(comment) = self.rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            let end = match comment {
                comment if comment.starts_with('>') => 5,
                comment if comment.starts_with("->") => 6,
                comment => comment.find("-->").map_or(self.rest.len(), |at| at + 7),
            };
            self.take(end);
            return None;
        }
        let after = self.rest.as_bytes().get(1).copied().unwrap_or(b' ');
        let closes = after == b'/';
        let initial = if closes { self.rest.as_bytes().get(2).copied() } else { Some(after) };
        if initial.is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return Some(self.tag(closes));
        }
        if closes || after == b'!' || after == b'?' {
            let end = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
            self.take(end);
            return None;
        }
        Some(Piece::Text(self.take(1)))
    }

    fn tag(&mut self, closes: bool) -> Piece<'a> {
        let source = self.take(end_of_tag(self.rest));
        let inner = source[if closes { 2 } else { 1 }..].trim_end_matches('>');
        let ends = |c: char| c.is_ascii_whitespace() || c == '/';
        let (name, attributes) = inner.split_at(inner.find(ends).unwrap_or(inner.len()));
        if !closes {
            self.within = OPAQUE.into_iter().find(|opaque| opaque.eq_ignore_ascii_case(name));
        }
        Piece::Tag(Tag { name, attributes, closes })
    }
}

/// Where the tag at the start of `source` ends; `>` inside a quoted value does not end it.
fn end_of_tag(source: &str) -> usize {
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

/// Where `</name` stands in `source`, or its end.
fn end_of_opaque(source: &str, name: &str) -> usize {
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
        let texts = pieces(html).filter_map(|piece| match piece {
            Piece::Text(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn only_text_that_is_shown_counts_as_text() {
        let html = "<!doctype html><title>T</title><!-- no <b>--><script>if (a</b/) no()</script>\
                    <p title='a > b'>One <b>two</b> 3 < 4<style>no</style><TEMPLATE><p>no</TEMPLATE>.";
        assert_eq!(text(html), "One two 3 < 4.");
    }

    #[test]
    fn attributes_are_found_however_they_are_written() {
        let html = "<meta a=1 b = \"x y\" CHARSET='q' d=u/v?a=1&amp;b=2 e>";
        let Some(Piece::Tag(tag)) = pieces(html).next() else {
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
    fn anything_is_walked_through_in_linear_time() {
        for piece in ["<", "<!--", "<a ", "<a b='", "</", "<script>", "<title>", "=", "<a =", "é<é", "</script"] {
            let page = piece.repeat(300_000);
            let begun = Instant::now();
            let count = pieces(&page).count();
            assert!(begun.elapsed() < Duration::from_secs(5), "{piece}: {count}");
        }
    }
}
