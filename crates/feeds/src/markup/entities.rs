//! References to characters: `&amp;`, `&#8217;`, `&eacute;`. What a document declares itself is never expanded.

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};
use memchr::memchr;

use crate::limits::MAX_REFERENCE_BYTES;

/// What was found while decoding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// Names that HTML knows and XML does not.
    pub(crate) html_names: usize,
    /// `&` that begins no reference, and stays.
    pub(crate) bare_ampersands: usize,
    /// Names that nobody knows, which stay as they are.
    pub(crate) unknown_names: usize,
    /// Characters that must not stand in a document, which are left out.
    pub(crate) forbidden_characters: usize,
}

/// Decodes the references of a text.
pub(crate) fn decode(text: &str) -> (Cow<'_, str>, Faults) {
    let mut faults = Faults::default();
    if memchr(b'&', text.as_bytes()).is_none() {
        return (Cow::Borrowed(text), faults);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(length) = reference_length(rest.as_bytes()) else {
            faults.bare_ampersands += 1;
            decoded.push('&');
            rest = &rest[1..];
            continue;
        };
        let reference = &rest[..length];
        match reference.strip_prefix("&#") {
            Some(number) => push_number(number.trim_end_matches(';'), &mut decoded, &mut faults),
            None => push_name(reference, &mut decoded, &mut faults),
        }
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    (Cow::Owned(decoded), faults)
}

/// Decodes the references of HTML, where some need no semicolon.
pub(crate) fn decode_html(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    // A `<` begins no tag in a text, and must not begin one here.
    let pieces = text.split('<').map(|piece| {
        let strings = Tokenizer::new(piece).filter_map(|Ok(token)| match token {
            Token::String(string) => Some(String::from_utf8_lossy(&string).into_owned()),
            _ => None,
        });
        strings.collect::<String>()
    });
    Cow::Owned(pieces.collect::<Vec<_>>().join("<"))
}

/// Returns the length of `&name;` or `&#12;` at the beginning.
fn reference_length(text: &[u8]) -> Option<usize> {
    let end = memchr(b';', &text[..text.len().min(MAX_REFERENCE_BYTES)])?;
    let name = &text[1..end];
    let is_name = name.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'#')
        && name[1..].iter().all(u8::is_ascii_alphanumeric);
    (is_name && name != b"#").then_some(end + 1)
}

fn push_number(number: &str, decoded: &mut String, faults: &mut Faults) {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    match code.ok().and_then(character) {
        Some(character) => decoded.push(character),
        None => faults.forbidden_characters += 1,
    }
}

/// Returns the character of a number; 128 to 159 are those of windows-1252, as in browsers.
fn character(code: u32) -> Option<char> {
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    }
    char::from_u32(code).filter(|character| is_allowed(*character))
}

/// Returns whether XML 1.0 allows a character.
pub(crate) fn is_allowed(character: char) -> bool {
    !matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

fn push_name(reference: &str, decoded: &mut String, faults: &mut Faults) {
    match reference {
        "&amp;" => decoded.push('&'),
        "&lt;" => decoded.push('<'),
        "&gt;" => decoded.push('>'),
        "&quot;" => decoded.push('"'),
        "&apos;" => decoded.push('\''),
        "&nbsp;" => {
            // By far the most frequent.
            faults.html_names += 1;
            decoded.push('\u{a0}');
        }
        _ => {
            let text = decode_html(reference);
            // HTML also knows some without a semicolon, which would leave a part behind.
            match text != reference && !text.ends_with(';') {
                true => {
                    faults.html_names += 1;
                    decoded.push_str(&text);
                }
                false => {
                    faults.unknown_names += 1;
                    decoded.push_str(reference);
                }
            }
        }
    }
}

/// Writes a text as HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Writes a text as the value of an attribute in double quotes, for XML and HTML.
pub(crate) fn escape_attribute(text: &str) -> String {
    escape(text).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;").replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_characters_are_decoded_and_others_stay() {
        for (text, expected) in [
            ("a &amp; b &lt;i&gt;", "a & b <i>"),
            ("Caf&eacute;&nbsp;&mdash;", "Café\u{a0}—"),
            ("&#x27;&#8217;&#146;&#128031;", "'’’🐟"),
            ("a & b &c=1&d;", "a & b &c=1&d;"),
            ("x&#8;y&#x1F;z&#0;&#xD800;&#99999999999;", "xyz"),
            ("&g; &notit; &amp", "&g; &notit; &amp"),
            ("&#; &;", "&#; &;"),
        ] {
            assert_eq!(decode(text).0, expected, "{text}");
        }
    }

    #[test]
    fn references_of_html_need_no_semicolon() {
        assert_eq!(decode_html("a &lt b &copy 2 < 3 &amp; &#39;"), "a < b © 2 < 3 & '");
    }
}
