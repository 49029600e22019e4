//! Reads `multipart/form-data` (RFC 7578) from memory. Pure.
//!
//! Lenient where strictness would lose a reader's files: names may have any bytes, since they come from file systems,
//! archives and older programs, and one odd name must not cost the others.

use memchr::memmem;
use url::form_urlencoded;

/// A field or file of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// Name of the field; empty if it has none.
    pub name: String,
    /// Name of the file, perhaps empty; `None` for a field that is no file.
    pub file_name: Option<String>,
    pub bytes: &'a [u8],
}

/// Returns the boundary between parts, from the `Content-Type` header; `None` for forms of another type.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let is_form = content_type.get(..19).is_some_and(|start| start.eq_ignore_ascii_case("multipart/form-data"));
    let boundary = parameters(content_type).into_iter().find(|(name, _)| is_form && name == "boundary");
    boundary.map(|(_, boundary)| boundary).filter(|boundary| !boundary.is_empty())
}

/// A form as far as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form<'a> {
    pub parts: Vec<Part<'a>>,
    /// It has its end.
    pub is_complete: bool,
}

/// Splits a form into its parts. Of a form that breaks off, the last part is not one.
pub(super) fn parse<'a>(body: &'a [u8], boundary: &str) -> Form<'a> {
    let delimiter = format!("--{boundary}");
    let (mut parts, mut begin) = (Vec::new(), None);
    for at in memmem::find_iter(body, &delimiter) {
        let (before, after) = (&body[..at], &body[at + delimiter.len()..]);
        if !(before.is_empty() || before.ends_with(b"\r\n")) {
            continue;
        }
        let is_end = after.starts_with(b"--");
        let padding = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if !is_end && !after[padding..].starts_with(b"\r\n") {
            // The boundary is the beginning of a longer line.
            continue;
        }
        if let Some(begin) = begin {
            parts.push(parse_part(&body[begin..at.saturating_sub(2).max(begin)]));
        }
        if is_end {
            return Form { parts, is_complete: true };
        }
        begin = Some(at + delimiter.len() + padding + 2);
    }
    Form { parts, is_complete: false }
}

fn parse_part(part: &[u8]) -> Part<'_> {
    let (head, bytes) = match memmem::find(part, b"\r\n\r\n") {
        _ if part.starts_with(b"\r\n") => (&part[..0], &part[2..]),
        Some(end) => (&part[..end], &part[end + 4..]),
        None => (part, &part[part.len()..]),
    };
    let head = String::from_utf8_lossy(head);
    let disposition = head
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
    let parameters = parameters(disposition.map_or("", |(_, value)| value));
    let find = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let file_name = find("filename*").and_then(decode_extended).or_else(|| find("filename").map(unescape));
    Part { name: find("name").map(unescape).unwrap_or_default(), file_name, bytes }
}

/// Returns the parameters of a header: `name="files"; filename="a.html"`. Names are lower case.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        // A parameter without a value may come before it.
        let name = name.rsplit(';').next().unwrap_or_default().trim().to_lowercase();
        let (value, after) = take_value(after.trim_start());
        parameters.push((name, value));
        rest = after.split_once(';').map_or("", |(_, rest)| rest);
    }
    parameters
}

/// Takes a value, in quotation marks or not, and returns it with what follows. A backslash before a mark or a backslash is
/// an escape; elsewhere it separates folders on Windows.
fn take_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.push(letters.next_if(|(_, next)| matches!(next, '"' | '\\')).map_or('\\', |(_, next)| next)),
            _ => value.push(letter),
        }
    }
    (value, "")
}

/// Decodes what browsers escape in names: quotation marks and line ends
/// (<https://html.spec.whatwg.org/#multipart-form-data>).
fn unescape(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// Decodes the extended form of a name, `UTF-8''na%C3%AFve.html` (RFC 8187); `None` in other charsets.
fn decode_extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let form = encoded.replace('+', "%2B").replace('&', "%26");
    charset
        .eq_ignore_ascii_case("utf-8")
        .then(|| form_urlencoded::parse(form.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Parses a form with one part that has this disposition.
    fn names(disposition: &[u8]) -> (String, Option<String>) {
        let body = [b"--edge\r\nContent-Disposition: form-data; ", disposition, b"\r\n\r\nx\r\n--edge--"].concat();
        let Form { mut parts, is_complete: true } = parse(&body, "edge") else { panic!("it ends") };
        let part = parts.remove(0);
        assert_eq!((part.bytes, parts.len()), (&b"x"[..], 0));
        (part.name, part.file_name)
    }

    #[test]
    fn names_of_files_may_have_any_bytes() {
        for (disposition, file_name) in [
            (&br#"name="files"; filename="a.html""#[..], "a.html"),
            (b"name=\"files\"; filename=\"a\x01b\x7f.html\"", "a\u{1}b\u{7f}.html"),
            (b"name=\"files\"; filename=\"a\0b.html\"", "a\0b.html"),
            (b"name=\"files\"; filename=\"caf\xe9.html\"", "caf\u{fffd}.html"),
            ("name=\"files\"; filename=\"kafé 日本.html\"".as_bytes(), "kafé 日本.html"),
            (br#"name="files"; filename="say %22hi%22%0D%0A.html""#, "say \"hi\"\r\n.html"),
            (br#"name="files"; filename="say \"hi\"; name=evil.html""#, "say \"hi\"; name=evil.html"),
            (br#"name="files"; filename="C:\pages\a.html""#, r"C:\pages\a.html"),
            (br#"name="files"; filename="100% sure; a=b.html""#, "100% sure; a=b.html"),
            (br#"name="files"; filename="""#, ""),
            (b"name=files; filename=bare.html", "bare.html"),
            (br#"filename="first.html"; name="files""#, "first.html"),
            (br#"name="files"; filename="x"; filename*=UTF-8''na%C3%AFve+1.html"#, "naïve+1.html"),
            (br#"name="files"; filename="x.html"; filename*=big5''%A4%40"#, "x.html"),
            (br#"name="files"; FileName="A.HTML""#, "A.HTML"),
            (br#"name="files"; filename="never closed"#, "never closed"),
        ] {
            assert_eq!(names(disposition), ("files".to_owned(), Some(file_name.to_owned())));
        }
        assert_eq!(names(br#"name="url""#), ("url".to_owned(), None));
        assert_eq!(names(b"x"), (String::new(), None));
    }

    #[test]
    fn content_is_kept_to_the_byte_and_a_form_that_breaks_off_is_not_complete() {
        let content = b"\r\n--edgewise\r\n--edge but not alone\r\n\r\n-- edge --\r\n";
        let body =
            [b"preamble\r\n--edge \r\n\r\n", &content[..], b"\r\n--edge\r\nA: b\r\n\r\n\r\n--edge--\r\nepilogue"]
                .concat();
        let form = parse(&body, "edge");
        assert!(form.is_complete);
        assert_eq!(form.parts.iter().map(|part| part.bytes).collect::<Vec<_>>(), [&content[..], b""]);
        for end in 0..body.len() - 10 {
            let form = parse(&body[..end], "edge");
            assert!(!form.is_complete && form.parts.len() < 2, "cut after {end} bytes: {form:?}");
        }
    }

    #[test]
    fn the_boundary_is_found_in_the_header() {
        for (header, expected) in [
            ("multipart/form-data; boundary=edge", Some("edge")),
            ("Multipart/Form-Data; charset=utf-8; Boundary=\"a b;c\"", Some("a b;c")),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            ("application/x-www-form-urlencoded; boundary=edge", None),
            ("", None),
        ] {
            assert_eq!(boundary(header).as_deref(), expected, "{header}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn any_bytes_are_read_without_a_panic(body in "(?s)((--edge|--|\r\n|edge|\"|=|;|\\\\|Content-Disposition: |filename|\\*|'|%|.){0,60})") {
            let _ = parse(body.as_bytes(), "edge");
        }
    }
}
