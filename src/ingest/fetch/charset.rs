//! Decodes bytes to text. Pure, and never fails: invalid bytes become U+FFFD. The charset is chosen by [`feeds::encoding`], as
//! for feeds.

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use extract::Markup;
use extract::source_scan::{self, Piece};
use feeds::encoding;

use crate::ingest::fetch::content_type;
use crate::ingest::fetch::document::Document;
use crate::ingest::fetch::policy::MAX_PAGE_BYTES;

/// Bytes of room that decoding never runs out of before it has made progress.
const DECODING_ROOM: usize = 1024;

/// Bytes that are searched for a charset declaration. Browsers read 1 kB first and start over if the declaration comes
/// later, as it does in pages that put scripts before it.
const DECLARATION_SEARCH_BYTES: usize = 16 * 1024;

/// Decodes a page. `content_type` is the `Content-Type` header, if there was one. A text that grows beyond
/// [`MAX_PAGE_BYTES`] is cut there, and is then longer than that by a few bytes.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Document {
    decode_as(bytes, content_type, encoding::choose(bytes, content_type, declared_encoding(bytes, content_type)))
}

/// Decodes a page whose charset is known, unless a byte order mark contradicts it. Otherwise like [`decode`].
pub fn decode_as(bytes: &[u8], content_type: Option<&str>, encoding: &'static Encoding) -> Document {
    let encoding = Encoding::for_bom(bytes).map_or(encoding, |(by_bom, _)| by_bom);
    let text = decode_to_limit(encoding, bytes);
    if is_xml(&text, content_type) {
        return Document::Html(extract::xhtml_to_html(&text, MAX_PAGE_BYTES));
    }
    if is_html(&text, content_type) {
        return Document::Html(text);
    }
    match Markup::from_media_type(&content_type::essence(content_type)) {
        Some(markup) => Document::Markup(markup, text),
        None => Document::Text(text),
    }
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
            encoding::of_header(&tag.attribute("content").filter(|_| is_type)?)
        })
}

/// Returns whether the page is served as XML. A file without a header is, if it begins like XML.
fn is_xml(text: &str, content_type: Option<&str>) -> bool {
    match content_type::essence(content_type).as_str() {
        "" => text.trim_start().starts_with("<?xml") && content_type::starts_like_html(text.as_bytes()),
        kind => kind.ends_with("xml"),
    }
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
            Document::Html(text) | Document::Text(text) | Document::Markup(_, text) => text,
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

    const GREEK: &str = "Η θάλασσα ήταν ήρεμη και το φως του φάρου άναψε νωρίς.";
    const KOREAN: &str = "등대지기의 집은 아홉 해 겨울 동안 비어 있었다.";

    #[test]
    fn utf_8_is_read_whatever_is_declared() {
        for words in [FRENCH, RUSSIAN, JAPANESE, GREEK, "© Ines Prado"] {
            for label in ["iso-8859-1", "windows-1251", "shift_jis", "gb2312", "utf-16", "utf-16be"] {
                let plain = page("", words);
                let header = format!("text/html; charset={label}");
                assert!(text(decode(plain.as_bytes(), Some(&header))).contains(words), "{header}");
                let declared = page(&format!("<meta charset={label}>"), words);
                assert!(text(decode(declared.as_bytes(), Some("text/html"))).contains(words), "{label}");
                let header = format!("text/plain; charset={label}");
                assert_eq!(decode(words.as_bytes(), Some(&header)), Document::Text(words.to_owned()), "{header}");
            }
        }
        assert_eq!(text(decode(b"Plain words.", Some("text/plain; charset=utf-16"))), "Plain words.");
    }

    #[test]
    fn damaged_utf_8_loses_only_the_damaged_letters() {
        for words in [FRENCH.repeat(3), RUSSIAN.to_owned(), JAPANESE.to_owned()] {
            for header in ["text/plain", "text/plain; charset=utf-8", "text/plain; charset=iso-8859-1"] {
                for damage in [b"\xE9".as_slice(), b"\xFF", b"\xC3", b"\x80"] {
                    let bytes = [words.as_bytes(), damage, b" end, ", words.as_bytes()].concat();
                    let read = text(decode(&bytes, Some(header)));
                    assert_eq!(read, format!("{words}\u{FFFD} end, {words}"), "{header} {damage:?}");
                }
            }
        }
        // A character that a cut left half is no damage; nor is a letter that was lost before.
        let cut = &JAPANESE.as_bytes()[..JAPANESE.len() - 1];
        assert!(text(decode(cut, Some("text/plain; charset=iso-8859-1"))).starts_with("吾輩は猫である"));
        let lost = "\u{FFFD}\u{FFFD} words \u{FFFD}";
        assert_eq!(text(decode(lost.as_bytes(), Some("text/plain"))), lost);
    }

    #[test]
    fn false_claim_of_utf_8_gives_way_to_the_page_and_then_to_detection() {
        for (label, words) in [
            ("windows-1252", FRENCH),
            ("iso-8859-7", GREEK),
            ("windows-1251", RUSSIAN),
            ("koi8-r", RUSSIAN),
            ("shift_jis", JAPANESE),
            ("euc-jp", JAPANESE),
            ("gb18030", CHINESE),
            ("euc-kr", KOREAN),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let declared = page(&format!("<meta charset={label}>"), words);
            let (bytes, _, _) = encoding.encode(&declared);
            assert!(text(decode(&bytes, Some("text/html; charset=utf-8"))).contains(words), "{label}");
            let claims_utf_8 = page("<meta charset=utf-8>", &words.repeat(3));
            let (bytes, _, _) = encoding.encode(&claims_utf_8);
            for header in ["text/html", "text/html; charset=utf-8", "text/html; charset=euc-tw"] {
                assert!(text(decode(&bytes, Some(header))).contains(words), "{label} {header}");
            }
        }
    }

    #[test]
    fn legacy_charset_is_read_as_declared() {
        for (label, words) in [("big5", "今天"), ("gb2312", "联通"), ("iso-8859-15", "€ é"), ("windows-1250", "Łódź")]
        {
            let (bytes, _, _) = Encoding::for_label(label.as_bytes()).unwrap().encode(words);
            let header = format!("text/plain; charset={label}");
            assert_eq!(text(decode(&bytes, Some(&header))), words, "{label}");
            let known = Encoding::for_label(label.as_bytes()).unwrap();
            assert_eq!(text(decode_as(&bytes, Some("text/plain; charset=utf-8"), known)), words, "{label}");
        }
    }

    #[test]
    fn xhtml_is_read_as_xml_if_it_is_served_as_such() {
        let body = "<html xmlns='http://www.w3.org/1999/xhtml'><script src='a'/><p>1 <![CDATA[< 2]]></p></html>";
        let page = format!("<?xml version='1.0'?>{body}");
        let html = "<html xmlns='http://www.w3.org/1999/xhtml'><script src='a'></script><p>1 &lt; 2</p></html>";
        for header in [Some("application/xhtml+xml; charset=utf-8"), Some("application/xml"), Some("TEXT/XML"), None] {
            assert_eq!(decode(page.as_bytes(), header), Document::Html(html.to_owned()), "{header:?}");
        }
        assert_eq!(decode(page.as_bytes(), Some("text/html")), Document::Html(page.clone()));
        assert_eq!(decode(body.as_bytes(), None), Document::Html(body.to_owned()));
        let large = format!("<?xml?><html><![CDATA[{}]]></html>", "<".repeat(MAX_PAGE_BYTES / 2));
        assert!(decode(large.as_bytes(), None).source().len() < MAX_PAGE_BYTES + 100);
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
