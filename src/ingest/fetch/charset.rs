//! Decodes bytes to text. Pure, and never fails: invalid bytes become U+FFFD.
//!
//! The charset is chosen as in the HTML standard: byte order mark, `Content-Type` header, declaration in the page, and
//! detection if there is none of these.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use extract::source_scan::{self, Piece};

use crate::ingest::fetch::content_type;
use crate::ingest::fetch::policy::MAX_PAGE_BYTES;

/// A decoded page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// HTML source.
    Html(String),
    /// Plain text.
    Text(String),
}

/// Bytes of room that decoding never runs out of before it has made progress.
const DECODING_ROOM: usize = 1024;

/// Bytes that are searched for a charset declaration. Browsers read 1 kB first and start over if the declaration comes
/// later, as it does in pages that put scripts before it.
const DECLARATION_SEARCH_BYTES: usize = 16 * 1024;

impl Document {
    /// Returns its source.
    #[must_use]
    pub const fn source(&self) -> &str {
        let (Self::Html(text) | Self::Text(text)) = self;
        text.as_str()
    }

    /// Returns its source.
    #[must_use]
    pub fn into_source(self) -> String {
        let (Self::Html(text) | Self::Text(text)) = self;
        text
    }
}

/// Decodes a page. `content_type` is the `Content-Type` header, if there was one. A text that grows beyond
/// [`MAX_PAGE_BYTES`] is cut there, and is then longer than that by a few bytes.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Document {
    let encoding = choose_encoding(bytes, content_type);
    let text = decode_to_limit(encoding, bytes);
    if is_html(&text, content_type) { Document::Html(text) } else { Document::Text(text) }
}

/// Decodes until the text is longer than [`MAX_PAGE_BYTES`]: a byte of a charset may take three in UTF-8.
fn decode_to_limit(encoding: &'static Encoding, bytes: &[u8]) -> String {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::with_capacity(bytes.len() + DECODING_ROOM);
    let mut rest = bytes;
    loop {
        let (result, read, _) = decoder.decode_to_string(rest, &mut text, true);
        rest = &rest[read..];
        if result == CoderResult::InputEmpty || text.len() > MAX_PAGE_BYTES {
            return text;
        }
        text.reserve((text.len() / 4).max(DECODING_ROOM));
    }
}

fn choose_encoding(bytes: &[u8], content_type: Option<&str>) -> &'static Encoding {
    if let Some((by_bom, _)) = Encoding::for_bom(bytes) {
        return by_bom;
    }
    content_type
        .and_then(charset_from_content_type)
        .or_else(|| detect_utf16_without_bom(bytes))
        .or_else(|| declared_encoding(bytes, content_type))
        .unwrap_or_else(|| detect_encoding(bytes))
}

/// Returns the charset in a `Content-Type`: `text/html; charset="utf-8"`.
fn charset_from_content_type(content_type: &str) -> Option<&'static Encoding> {
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

/// Detects UTF-16 without a byte order mark: HTML and most texts begin with two ASCII characters.
fn detect_utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some(UTF_16LE),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Returns the encoding declared in `<meta charset>`, `<meta http-equiv>` or the XML declaration.
fn declared_encoding(bytes: &[u8], content_type: Option<&str>) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_SEARCH_BYTES)];
    // Every charset that can be declared this way agrees with ASCII in the characters of markup.
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    if !is_html(&head, content_type) {
        return None;
    }
    let found = encoding_from_xml_declaration(&head).or_else(|| encoding_from_meta(&head))?;
    // HTML standard: a page whose declaration could be read as ASCII is not UTF-16, even if it says so.
    match found {
        found if found == UTF_16LE || found == UTF_16BE => Some(UTF_8),
        found if found == encoding_rs::X_USER_DEFINED => Some(WINDOWS_1252),
        found => Some(found),
    }
}

fn encoding_from_xml_declaration(head: &str) -> Option<&'static Encoding> {
    let rest = head.trim_start().strip_prefix("<?xml")?;
    let (declaration, _) = rest.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let label = value.strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
    Encoding::for_label_no_replacement(label.as_bytes())
}

fn encoding_from_meta(head: &str) -> Option<&'static Encoding> {
    source_scan::scan(head)
        .filter_map(|piece| match piece {
            Piece::Tag(tag) if tag.is_start_tag("meta") => Some(tag),
            _ => None,
        })
        .find_map(|tag| {
            if let Some(label) = tag.attribute("charset") {
                return Encoding::for_label_no_replacement(label.as_bytes());
            }
            let pragma = tag.attribute("http-equiv")?;
            let is_type = pragma.trim().eq_ignore_ascii_case("content-type");
            charset_from_content_type(&tag.attribute("content").filter(|_| is_type)?)
        })
}

/// Bytes of ASCII that are fed before it, since the detector looks at the word that a character stands in.
const ASCII_CONTEXT: usize = 1024;

/// Bytes that are enough to detect the charset: those from the first one on that is not ASCII.
const DETECTION_BYTES: usize = 1024 * 1024;

fn detect_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let start = Encoding::ascii_valid_up_to(bytes);
    let end = bytes.len().min(start + DETECTION_BYTES);
    detector.feed(&bytes[start.saturating_sub(ASCII_CONTEXT)..end], end == bytes.len());
    detector.guess(None, Utf8Detection::Allow)
}

/// Decides by the header, unless the text clearly begins like HTML: servers send files of unknown type as plain text.
fn is_html(text: &str, content_type: Option<&str>) -> bool {
    let kind = content_type::essence(content_type);
    if kind == "text/html" || kind.ends_with("xml") {
        return true;
    }
    content_type::starts_like_html(text.as_bytes())
        || (!kind.starts_with("text/") && text.trim_start().starts_with('<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(document: Document) -> String {
        match document {
            Document::Html(text) | Document::Text(text) => text,
        }
    }

    fn page(head: &str, words: &str) -> String {
        format!("<!doctype html><html><head>{head}<title>t</title></head><body><p>{words}</p></body></html>")
    }

    const RUSSIAN: &str = "Съешь же ещё этих мягких французских булок, да выпей чаю. Погода хорошая.";
    const JAPANESE: &str = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。";
    const CHINESE: &str = "今天的天气很好，我们一起去公园散步，看到了很多美丽的花。";
    const FRENCH: &str = "L’été dernier, à l’école, un élève a reçu une pièce de théâtre « inédite ».";

    #[test]
    fn bom_precedes_header_and_header_precedes_declaration() {
        let marked = [b"\xEF\xBB\xBF".as_slice(), page("", RUSSIAN).as_bytes()].concat();
        let read = text(decode(&marked, Some("text/html; charset=koi8-r")));
        assert!(read.contains(RUSSIAN) && read.starts_with("<!doctype"));
        let page = page("<meta charset=utf-8>", RUSSIAN);
        let (koi, _, _) = encoding_rs::KOI8_R.encode(&page);
        assert!(text(decode(&koi, Some("text/html;charset=\"KOI8-R\""))).contains(RUSSIAN));
    }

    #[test]
    fn all_forms_of_charset_declaration_are_read() {
        for (label, words) in [
            ("windows-1252", FRENCH),
            ("shift_jis", JAPANESE),
            ("euc-jp", JAPANESE),
            ("gb18030", CHINESE),
            ("big5", "今天"),
            ("koi8-r", RUSSIAN),
            ("windows-1251", RUSSIAN),
            ("utf-8", JAPANESE),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            for head in [
                format!("<meta charset={label}>"),
                format!(
                    "<!-- <meta charset=utf-16> --><script>'<meta charset=greek>'</script><META CHARSET = '{label}'/>"
                ),
                format!("<meta content='text/html; charset={label}' http-equiv=Content-Type>"),
            ] {
                let page = page(&head, words);
                let (bytes, _, _) = encoding.encode(&page);
                assert!(text(decode(&bytes, Some("text/html"))).contains(words), "{head}");
            }
            let xml = format!("<?xml version=\"1.0\" encoding=\"{label}\"?><html><p>{words}</p></html>");
            let (bytes, _, _) = encoding.encode(&xml);
            assert!(text(decode(&bytes, Some("application/xhtml+xml"))).contains(words), "{label}");
            let (bytes, _, _) = encoding.encode(words);
            let header = format!("text/plain; charset={label}");
            assert_eq!(decode(&bytes, Some(&header)), Document::Text(words.to_owned()));
        }
    }

    #[test]
    fn undeclared_charset_is_detected() {
        for (label, words) in [
            ("utf-8", FRENCH),
            ("windows-1252", FRENCH),
            ("shift_jis", JAPANESE),
            ("gb18030", CHINESE),
            ("koi8-r", RUSSIAN),
            ("windows-1251", RUSSIAN),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let page = page("", &words.repeat(3));
            let (bytes, _, _) = encoding.encode(&page);
            assert!(text(decode(&bytes, None)).contains(words), "{label}");
        }
    }

    #[test]
    fn utf_16_is_read_with_bom_with_header_and_with_neither() {
        let page = page("<meta charset=utf-8>", JAPANESE);
        let little: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [b"\xFF\xFE".as_slice(), &little].concat();
        for (bytes, header) in [
            (&marked, Some("text/html")),
            (&little, Some("text/html; charset=utf-16le")),
            (&big, Some("text/html; charset=utf-16be")),
            (&little, None),
            (&big, None),
        ] {
            assert_eq!(decode(bytes, header), Document::Html(page.clone()), "{header:?}");
        }
    }

    #[test]
    fn wrong_or_unknown_charset_is_ignored() {
        for header in
            ["text/html; charset", "text/html; charset=", "text/html; charset=\"", "charset=klingon", "charset='é"]
        {
            assert!(text(decode(page("", RUSSIAN).as_bytes(), Some(header))).contains(RUSSIAN));
        }
        let claims_wide = page("<meta charset=utf-16>", RUSSIAN);
        assert!(text(decode(claims_wide.as_bytes(), None)).contains(RUSSIAN));
        assert_eq!(text(decode(b"a\xFFb", Some("text/plain; charset=utf-8"))), "a\u{FFFD}b");
        assert_eq!(decode(b"", None), Document::Text(String::new()));
    }

    #[test]
    fn html_and_plain_text_are_distinguished() {
        assert!(matches!(decode(b"a < b", Some("text/plain")), Document::Text(_)));
        assert!(matches!(decode(b"<i>a</i>", Some("text/plain")), Document::Text(_)));
        assert!(matches!(decode(b"<!DOCTYPE html><p>a", Some("text/plain")), Document::Html(_)));
        assert!(matches!(decode(b"just words", Some("text/html")), Document::Html(_)));
        assert!(matches!(decode(b"  <p>words", None), Document::Html(_)));
        assert!(matches!(decode(b"words", None), Document::Text(_)));
    }
}
