//! Detects content types by their first bytes, and by the header only if these don't tell. Pure.

use crate::ingest::fetch::error::{Error, FEED, WEB_ARCHIVE};

/// First bytes, a name that completes "That’s …", and the media type if it is an image that browsers show.
type Signature = (&'static [u8], &'static str, Option<&'static str>);

const IMAGE: &str = "an image";
const VIDEO: &str = "a video";
const AUDIO: &str = "an audio file";
const ARCHIVE: &str = "an archive or office document";
const FONT: &str = "a font";
const PROGRAM: &str = "a program";
const PDF: &str = "a PDF file";
const JSON: &str = "JSON data";

/// First bytes that no text begins with.
const SIGNATURES: &[Signature] = &[
    (b"\xFF\xD8\xFF", IMAGE, Some("image/jpeg")),
    (b"\x89PNG\r\n\x1A\n", IMAGE, Some("image/png")),
    (b"GIF87a", IMAGE, Some("image/gif")),
    (b"GIF89a", IMAGE, Some("image/gif")),
    (b"\0\0\x01\0", IMAGE, Some("image/x-icon")),
    (b"II*\0", IMAGE, None),
    (b"MM\0*", IMAGE, None),
    (b"%PDF-", PDF, None),
    (b"%!PS", "a PostScript file", None),
    (b"PK\x03\x04", ARCHIVE, None),
    (b"PK\x05\x06", ARCHIVE, None),
    (b"\x1F\x8B", ARCHIVE, None),
    (b"7z\xBC\xAF\x27\x1C", ARCHIVE, None),
    (b"Rar!\x1A\x07", ARCHIVE, None),
    (b"\xFD7zXZ\0", ARCHIVE, None),
    (b"BZh91AY&SY", ARCHIVE, None),
    (b"\x28\xB5\x2F\xFD", ARCHIVE, None),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ARCHIVE, None),
    (b"{\\rtf", ARCHIVE, None),
    (b"\x1A\x45\xDF\xA3", VIDEO, None),
    (b"FLV\x01", VIDEO, None),
    (b"\0\0\x01\xBA", VIDEO, None),
    (b"ID3", AUDIO, None),
    (b"OggS\0", AUDIO, None),
    (b"fLaC", AUDIO, None),
    (b"wOFF", FONT, None),
    (b"wOF2", FONT, None),
    (b"OTTO\0", FONT, None),
    (b"\0\x01\0\0", FONT, None),
    (b"\x7FELF", PROGRAM, None),
    (b"\0asm", PROGRAM, None),
    (b"bplist00", WEB_ARCHIVE, None),
];

/// Prefixes of declared media types whose bytes look like any text, with the name of the type.
const DECLARED_TYPES: &[(&str, &str)] = &[
    ("image/", IMAGE),
    ("audio/", AUDIO),
    ("video/", VIDEO),
    ("font/", FONT),
    ("application/pdf", PDF),
    ("application/zip", ARCHIVE),
    ("application/epub", ARCHIVE),
    ("application/msword", ARCHIVE),
    ("application/vnd.openxmlformats", ARCHIVE),
    ("application/vnd.oasis", ARCHIVE),
    ("application/vnd.apple.mpegurl", VIDEO),
    ("application/x-mpegurl", VIDEO),
    ("multipart/", WEB_ARCHIVE),
    ("application/x-mimearchive", WEB_ARCHIVE),
    ("application/x-webarchive", WEB_ARCHIVE),
    ("application/json", JSON),
    ("application/ld+json", JSON),
    ("application/javascript", "a script"),
    ("text/javascript", "a script"),
    ("text/css", "a style sheet"),
    ("text/calendar", "a calendar entry"),
    ("text/vcard", "an address card"),
    ("application/rss+xml", FEED),
    ("application/atom+xml", FEED),
    ("application/feed+json", FEED),
];

/// Returns the media type without parameters, in lower case; empty without a header.
pub(super) fn essence(content_type: Option<&str>) -> String {
    let whole = content_type.unwrap_or_default();
    let bare = whole.split([';', ',']).next().unwrap_or_default();
    bare.trim().to_ascii_lowercase()
}

/// Returns whether the first tag is one that only HTML pages begin with.
pub(super) fn starts_like_html(bytes: &[u8]) -> bool {
    let start = skip_preamble(bytes);
    starts_with_ignore_case(start, b"<html")
        || starts_with_ignore_case(start, b"<!doctype html")
        || starts_with_ignore_case(start, b"<head")
}

/// Returns whether the bytes begin with the header of an MHTML file (RFC 2557), which is that of a message with parts
/// that belong together.
fn starts_like_mhtml(bytes: &[u8]) -> bool {
    const MAX_HEADER_BYTES: usize = 4096;
    let bytes = &bytes[..bytes.len().min(MAX_HEADER_BYTES)];
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).to_ascii_lowercase();
    let header = || text.trim_start().lines().take_while(|line| !line.trim().is_empty());
    let is_field = |line: &str| {
        let name = line.split(':').next().filter(|name| name.len() < line.len());
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    };
    let is_continued = |line: &str| line.starts_with([' ', '\t']);
    let states_parts = |line: &str| {
        line.strip_prefix("content-type:").is_some_and(|kind| kind.trim_start().starts_with("multipart/related"))
    };
    header().all(|line| is_field(line) || is_continued(line)) && header().any(states_parts)
}

/// Accepts HTML pages and plain text.
///
/// # Errors
/// [`Error::NotAPage`] with the kind of anything else.
pub fn check_is_page(head: &[u8], content_type: Option<&str>) -> Result<(), Error> {
    let not = |kind| Err(Error::NotAPage { kind });
    if head.trim_ascii().is_empty() {
        return not("an empty page");
    }
    if let Some((kind, _)) = detect_signature(head) {
        return not(kind);
    }
    if starts_like_html(head) {
        return Ok(());
    }
    if starts_like_mhtml(head) {
        return not(WEB_ARCHIVE);
    }
    let declared = essence(content_type);
    let known = DECLARED_TYPES.iter().find(|(start, _)| declared.starts_with(start));
    if let Some((_, kind)) = known {
        return not(kind);
    }
    let start = skip_preamble(head);
    if [&b"<rss"[..], b"<feed", b"<rdf:RDF"].iter().any(|tag| starts_with_ignore_case(start, tag)) {
        return not(FEED);
    }
    if starts_with_ignore_case(start, b"<svg") {
        return not(IMAGE);
    }
    if has_binary_bytes(head) && !start.starts_with(b"<") {
        return not("a binary file");
    }
    Ok(())
}

/// Returns the media type of an image that browsers show, by its bytes alone.
pub(super) fn detect_image_type(head: &[u8]) -> Option<&'static str> {
    match detect_signature(head) {
        Some((_, media_type)) => media_type,
        None => starts_with_ignore_case(skip_preamble(head), b"<svg").then_some("image/svg+xml"),
    }
}

fn detect_signature(head: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    let found = SIGNATURES.iter().find(|(start, ..)| head.starts_with(start));
    if let Some((_, kind, media_type)) = found {
        return Some((kind, *media_type));
    }
    match head {
        [b'R', b'I', b'F', b'F', _, _, _, _, form @ ..] => match form.get(..4)? {
            b"WEBP" => Some((IMAGE, Some("image/webp"))),
            b"WAVE" => Some((AUDIO, None)),
            b"AVI " => Some((VIDEO, None)),
            _ => None,
        },
        // BMP: the file size, then four bytes that are always zero.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some((IMAGE, Some("image/bmp"))),
        [0, 0, 0, _, b'f', b't', b'y', b'p', ..] => Some(detect_mp4_brand(head)),
        _ => None,
    }
}

/// Detects formats based on MP4 (ISO base media): the first box lists the brands, the main one first.
fn detect_mp4_brand(head: &[u8]) -> (&'static str, Option<&'static str>) {
    let end = usize::from(head[3]).min(head.len());
    let brands = head.get(8..end).unwrap_or_default();
    let has = |wanted: &[u8]| brands.chunks_exact(4).any(|brand| brand == wanted);
    if has(b"avif") || has(b"avis") {
        (IMAGE, Some("image/avif"))
    } else if has(b"heic") || has(b"heix") || has(b"mif1") {
        (IMAGE, None)
    } else if brands.starts_with(b"M4A") {
        (AUDIO, None)
    } else {
        (VIDEO, None)
    }
}

/// Skips the byte order mark, white space, XML declaration, comments, and any doctype but that of HTML.
fn skip_preamble(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = match rest {
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'?', ..] => b">",
            _ if starts_with_ignore_case(rest, b"<!doctype") && !starts_with_ignore_case(rest, b"<!doctype html") => {
                b">"
            }
            _ => return rest,
        };
        let Some(at) = rest.windows(end.len()).position(|window| window == end) else {
            return &[];
        };
        rest = &rest[at + end.len()..];
    }
}

fn starts_with_ignore_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Returns whether there are bytes that occur in no text (MIME Sniffing standard), unless it is UTF-16.
fn has_binary_bytes(head: &[u8]) -> bool {
    let wide = matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [_, 0, _, 0, ..] | [0, _, 0, _, ..]);
    let never = |byte: &u8| matches!(byte, 0..=8 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F);
    !wide && head.iter().any(never)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(body: &[u8], content_type: &str) -> Option<&'static str> {
        match check_is_page(body, Some(content_type)) {
            Err(Error::NotAPage { kind }) => Some(kind),
            other => other.map(|()| None).unwrap(),
        }
    }

    const MHTML: &[u8] = b"From: \"Saved by a browser\"\r\nSubject: =?utf-8?Q?Soup?=\r\nMIME-Version: 1.0\r\n\
        content-type: Multipart/Related;\r\n\tboundary=\"A\"\r\n\r\n--A\r\n";

    #[test]
    fn bytes_take_precedence_over_the_header() {
        for (body, header, expected) in [
            (&b"%PDF-1.7\n"[..], "text/html", Some("a PDF file")),
            (b"<!DOCTYPE html><p>a", "application/pdf", None),
            (b"<html><p>a", "image/jpeg", None),
            (b"\xFF\xD8\xFF\xE0", "text/html", Some("an image")),
            (b"PK\x03\x04....", "application/octet-stream", Some("an archive or office document")),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "text/html", Some("a video")),
            (b"ID3\x04", "text/html", Some("an audio file")),
            (b"#EXTM3U", "application/vnd.apple.mpegurl", Some("a video")),
            (b"{\"a\":1}", "application/json; charset=utf-8", Some("JSON data")),
            (b"<?xml version='1.0'?>\n<!-- x --><rss version='2.0'>", "text/xml", Some("a feed")),
            (b"<?xml version='1.0'?><html xmlns='x'>", "application/xhtml+xml", None),
            (b"<svg xmlns='x'/>", "text/html", Some("an image")),
            (b"\x01\x02\x03\x04", "application/octet-stream", Some("a binary file")),
            (b"  \r\n ", "text/html", Some("an empty page")),
            (b"", "text/html", Some("an empty page")),
            (b"Plain words.", "text/plain", None),
            (
                b"------A\r\nContent-Type: text/html\r\n\r\n<p>a",
                "multipart/related; boundary=----A",
                Some("a web archive"),
            ),
            (MHTML, "message/rfc822", Some("a web archive")),
            (MHTML, "text/html", Some("a web archive")),
            (b"bplist00\xD1", "application/octet-stream", Some("a web archive")),
            (b"Content-Type: multipart/related\nis a line of MHTML.", "text/plain", None),
            (b"A file has parts.\nContent-Type: multipart/related", "text/plain", None),
            (b"Subject: soup\nContent-Type: text/plain\n\nContent-Type: multipart/related", "text/plain", None),
            (b"\xFF\xFB\x90\x64\0\0", "text/html", Some("a binary file")),
            (b"<div>words \x01", "", None),
            (b"w\0o\0r\0d\0", "", None),
        ] {
            assert_eq!(kind(body, header), expected, "{header} {body:?}");
        }
    }

    #[test]
    fn image_types_are_detected_from_bytes() {
        for (body, expected) in [
            (&b"\xFF\xD8\xFF\xE1"[..], Some("image/jpeg")),
            (b"\x89PNG\r\n\x1A\n", Some("image/png")),
            (b"GIF89a", Some("image/gif")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf", Some("image/avif")),
            (b"\0\0\0\x18ftypavif\0\0\0\0avif", Some("image/avif")),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1", None),
            (b"<?xml version='1.0'?><!-- a --><!DOCTYPE svg PUBLIC 'x'>\n<svg width='1'>", Some("image/svg+xml")),
            (b"<html><svg>", None),
            (b"RIFF", None),
            (b"\0\0\0\xFFftyp", None),
            (b"<!-- unfinished", None),
            (b"", None),
        ] {
            assert_eq!(detect_image_type(body), expected, "{body:?}");
        }
    }
}
