//! From bytes to text: compressed or not, in whatever encoding, whatever the header says.

use std::borrow::Cow;
use std::io::Read as _;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;

use crate::encoding;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::markup::entities::is_allowed;
use crate::problems::{Problem, Problems};

/// How far the declaration is searched for: something may stand before it.
const DECLARATION_BYTES: usize = 4096;

/// Returns the text of a document.
pub(crate) fn decode(bytes: &[u8], content_type: Option<&str>, problems: &mut Problems) -> String {
    let bytes = unpack(bytes, problems);
    let bytes = match bytes.get(MAX_DOCUMENT_BYTES..) {
        Some(rest) if !rest.is_empty() => {
            problems.add(Problem::ExceedsLimits);
            &bytes[..MAX_DOCUMENT_BYTES]
        }
        _ => &bytes[..],
    };
    let text = to_text(bytes, content_type, problems);
    without_forbidden_characters(text, problems)
}

/// Unpacks gzip that no header announced. What is damaged gives what stands before the damage.
fn unpack<'a>(bytes: &'a [u8], problems: &mut Problems) -> Cow<'a, [u8]> {
    if !bytes.starts_with(&[0x1f, 0x8b, 8]) {
        return Cow::Borrowed(bytes);
    }
    problems.add(Problem::CompressedWithoutHeader);
    let mut unpacked = Vec::new();
    let limit = MAX_DOCUMENT_BYTES as u64 + 1;
    if flate2::read::MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut unpacked).is_err() {
        problems.add(Problem::Truncated);
    }
    Cow::Owned(unpacked)
}

fn to_text(bytes: &[u8], content_type: Option<&str>, problems: &mut Problems) -> String {
    if let Some(text) = utf_32(bytes) {
        return text;
    }
    let declared = declared_encoding(bytes);
    let encoding = encoding::choose(bytes, content_type, declared);
    let claims = [content_type.and_then(encoding::of_header), declared];
    // XML is in UTF-8 if nothing else is said. Of UTF-16 nothing is ASCII, so nothing can be said.
    let is_claimed = match claims == [None; 2] {
        true => encoding == UTF_8,
        false => claims.into_iter().flatten().all(|claimed| claimed == encoding),
    };
    if !is_claimed && !bytes.is_ascii() && ![UTF_16LE, UTF_16BE].contains(&encoding) {
        problems.add(Problem::EncodingMismatch);
    }
    lossy(encoding, Encoding::for_bom(bytes).map_or(bytes, |(_, length)| &bytes[length..]), problems)
}

fn lossy(encoding: &'static Encoding, bytes: &[u8], problems: &mut Problems) -> String {
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    if has_errors {
        problems.add(Problem::InvalidBytes);
    }
    text.into_owned()
}

/// Returns the encoding of `<?xml … encoding="…"?>`, even if something stands before it.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let declaration = &head[memmem::find(head, b"<?xml")?..];
    let declaration = &declaration[..memmem::find(declaration, b"?>").unwrap_or(declaration.len())];
    let value = &declaration[memmem::find(declaration, b"encoding")? + 8..];
    let quote = value.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let label = &value[quote + 1..];
    let end = label.iter().position(|byte| *byte == value[quote])?;
    Encoding::for_label(&label[..end])
}

/// Decodes UTF-32, which browsers do not know and some feeds have.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let (is_little, bytes) = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => (true, rest),
        [0, 0, 0xfe, 0xff, rest @ ..] => (false, rest),
        [b'<', 0, 0, 0, ..] => (true, bytes),
        [0, 0, 0, b'<', ..] => (false, bytes),
        _ => return None,
    };
    let number = |four: &[u8; 4]| if is_little { u32::from_le_bytes(*four) } else { u32::from_be_bytes(*four) };
    let characters = bytes.as_chunks::<4>().0.iter().map(number);
    Some(characters.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

fn without_forbidden_characters(text: String, problems: &mut Problems) -> String {
    let forbidden = text.chars().filter(|character| !is_allowed(*character)).count();
    problems.add_times(Problem::InvalidCharacter, forbidden);
    match forbidden {
        0 => text,
        _ => text.chars().filter(|character| is_allowed(*character)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], content_type: &str) -> (String, Vec<Problem>) {
        let mut problems = Problems::default();
        let text = decode(bytes, Some(content_type), &mut problems);
        (text, problems.iter().map(|(problem, _)| problem).collect())
    }

    #[test]
    fn the_bytes_are_believed_before_the_header() {
        assert_eq!(
            decoded("<a>ø</a>".as_bytes(), "text/xml; charset=iso-8859-1"),
            ("<a>ø</a>".to_owned(), vec![Problem::EncodingMismatch])
        );
        // Nobody says what it is, so the words tell.
        let danish = decoded(b"<a>R\xf8dgr\xf8d med fl\xf8de p\xe5 broen</a>", "text/xml");
        assert_eq!(danish, ("<a>Rødgrød med fløde på broen</a>".to_owned(), vec![Problem::EncodingMismatch]));
        let russian = "<a>Съешь же ещё этих мягких булок</a>";
        assert_eq!(decoded(&encoding_rs::WINDOWS_1251.encode(russian).0, "text/xml").0, russian);
        assert_eq!(decoded(b"<?xml encoding='koi8-r'?>\xcd\xc9\xd2", "text/xml").0, "<?xml encoding='koi8-r'?>мир");
        assert_eq!(decoded(b"\xcd\xc9\xd2", "text/xml; charset=\"KOI8-R\"").0, "мир");
        assert_eq!(decoded("<a>größe\u{fffd}".as_bytes(), "x").0, "<a>größe\u{fffd}");
        assert_eq!(decoded(b"<a>gr\xc3\xb6\xc3", "x"), ("<a>grö\u{fffd}".to_owned(), vec![Problem::InvalidBytes]));
    }

    #[test]
    fn wide_encodings_are_known_by_their_first_bytes() {
        let wide = |order: fn(u32) -> [u8; 4]| "<ü>".chars().flat_map(|c| order(u32::from(c))).collect::<Vec<u8>>();
        assert_eq!(decoded(&wide(u32::to_be_bytes), "x").0, "<ü>");
        assert_eq!(decoded(&wide(u32::to_le_bytes), "x").0, "<ü>");
        let utf_16: Vec<u8> = "<ü>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&utf_16, "x").0, "<ü>");
    }

    #[test]
    fn packed_documents_stay_within_the_limit() {
        use std::io::Write as _;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&vec![b'a'; MAX_DOCUMENT_BYTES * 2]).unwrap();
        let (text, problems) = decoded(&packer.finish().unwrap(), "text/xml");
        assert_eq!(text.len(), MAX_DOCUMENT_BYTES);
        assert_eq!(problems, [Problem::ExceedsLimits, Problem::CompressedWithoutHeader]);
    }
}
