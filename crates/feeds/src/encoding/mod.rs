//! Which encoding bytes are in. Feeds and pages are told alike.
//!
//! The order is that of the HTML standard: byte order mark, header, declaration in the document, and detection if there is none
//! of these. But claims are often wrong, so they are tried first: what reads as UTF-8 is UTF-8, and a claim with which much of
//! the text is invalid gives way to the next. Servers claim windows-1252 and UTF-8 for whatever they know nothing of, so these
//! are believed last.

mod sample;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use sample::Sample;

/// Chooses the encoding of bytes. `header` is the header `Content-Type`, and `declared` what the document says of itself.
pub fn choose(bytes: &[u8], header: Option<&str>, declared: Option<&'static Encoding>) -> &'static Encoding {
    let marked = Encoding::for_bom(bytes).map(|(by_bom, _)| by_bom);
    if let Some(wide) = marked.or_else(|| utf_16_without_bom(bytes)) {
        return wide;
    }
    let sample = Sample::of(bytes);
    if sample.tally(UTF_8).is_convincing() {
        return UTF_8;
    }
    let claims = [header.and_then(of_header), declared].into_iter().flatten();
    let mut claims: Vec<_> = claims.map(|claimed| if_bytes_allow(claimed, bytes)).collect();
    claims.sort_by_key(|claimed| [WINDOWS_1252, UTF_8].iter().position(|it| it == claimed).map_or(0, |rank| rank + 1));
    claims.into_iter().find(|claimed| sample.tally(claimed).is_possible()).unwrap_or_else(|| sample.detect())
}

/// Returns the encoding in a header `Content-Type`, or in what stands for it: `text/html; charset="utf-8"`.
pub fn of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, rest) = lower.split_once("charset")?;
    let label = rest.trim_start().strip_prefix('=')?.trim_start();
    let quoted = |c: char| c == '"' || c == '\'';
    let label = match label.chars().next().filter(|c| quoted(*c)) {
        Some(_) => label[1..].split(quoted).next()?,
        None => label.split([';', ',', ' ']).next()?,
    };
    Encoding::for_label_no_replacement(label.as_bytes())
}

/// Replaces UTF-16 by UTF-8 in a text without null bytes: in UTF-16 every ASCII character has one, such as those of tags and
/// line ends.
fn if_bytes_allow(claimed: &'static Encoding, bytes: &[u8]) -> &'static Encoding {
    let is_wide = claimed == UTF_16LE || claimed == UTF_16BE;
    if is_wide && !bytes.contains(&0) { UTF_8 } else { claimed }
}

/// Detects UTF-16 without a byte order mark: markup and most texts begin with two ASCII characters.
fn utf_16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some(UTF_16LE),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_that_says_something_is_believed_before_one_that_servers_always_make() {
        let russian = encoding_rs::WINDOWS_1251.encode("Съешь же ещё этих мягких булок").0.into_owned();
        let french = b"un \xe9l\xe8ve".as_slice();
        let claim = |label: &str| Encoding::for_label(label.as_bytes());
        for (bytes, header, declared, expected) in [
            (&*russian, "text/xml; charset=iso-8859-1", "windows-1251", "windows-1251"),
            (&russian, "text/xml; charset=utf-8", "windows-1251", "windows-1251"),
            (&russian, "text/xml; charset=windows-1251", "utf-8", "windows-1251"),
            (&russian, "text/xml", "", "windows-1251"),
            (french, "text/xml; charset=utf-8", "windows-1252", "windows-1252"),
            (b"caf\xe9", "text/xml; charset=utf-8", "iso-8859-1", "windows-1252"),
            (french, "text/xml; charset=utf-16", "", "windows-1252"),
            (b"plain", "text/xml; charset=utf-16", "", "utf-8"),
            ("été".as_bytes(), "text/xml; charset=koi8-r", "windows-1251", "utf-8"),
        ] {
            let found = choose(bytes, Some(header), claim(declared));
            assert_eq!(Some(found), claim(expected), "{header} {declared}");
        }
    }
}
