//! From bytes to text: compressed or not, in whatever encoding, whatever the header says.

use std::borrow::Cow;
use std::io::Read as _;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

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
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return lossy(encoding, &bytes[length..], problems);
    }
    match bytes {
        [b'<', 0, ..] => return lossy(UTF_16LE, bytes, problems),
        [0, b'<', ..] => return lossy(UTF_16BE, bytes, problems),
        _ => {}
    }
    let declared = declared_encoding(bytes);
    let header = content_type.and_then(charset);
    if let Ok(text) = std::str::from_utf8(bytes) {
        if [declared, header].contains(&Some(ISO_2022_JP)) && bytes.contains(&0x1b) {
            return lossy(ISO_2022_JP, bytes, problems);
        }
        // Bytes that happen to be UTF-8 are UTF-8.
        let is_other = |encoding: Option<&Encoding>| encoding.is_some_and(|encoding| encoding != UTF_8);
        if !text.is_ascii() && (is_other(declared) || is_other(header)) {
            problems.add(Problem::EncodingMismatch);
        }
        return text.to_owned();
    }
    lossy(choose(bytes, declared, header, problems), bytes, problems)
}

/// Chooses the encoding of bytes that are not UTF-8. Servers send windows-1252 for whatever they know nothing of.
fn choose(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
    header: Option<&'static Encoding>,
    problems: &mut Problems,
) -> &'static Encoding {
    let single = |encoding: &&'static Encoding| ![UTF_16LE, UTF_16BE].contains(encoding);
    let (declared, header) = (declared.filter(single), header.filter(single));
    if declared.is_some() && header.is_some() && declared != header {
        problems.add(Problem::EncodingMismatch);
    }
    let certain = |encoding: &&'static Encoding| ![UTF_8, WINDOWS_1252].contains(encoding);
    let named = [header, declared].into_iter().flatten();
    if let Some(encoding) = named.clone().find(certain).or_else(|| named.clone().find(|it| *it == WINDOWS_1252)) {
        return encoding;
    }
    match is_mostly_utf_8(bytes) {
        true => UTF_8,
        false => {
            problems.add(Problem::EncodingMismatch);
            WINDOWS_1252
        }
    }
}

/// Returns whether most bytes beyond ASCII belong to characters in UTF-8: some may be damaged or cut off.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut sound, mut damaged) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    sound >= damaged
}

fn lossy(encoding: &'static Encoding, bytes: &[u8], problems: &mut Problems) -> String {
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    if has_errors {
        problems.add(Problem::InvalidBytes);
    }
    text.into_owned()
}

/// Returns the encoding of a header such as `text/xml; charset="utf-8"`.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    let value = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, label) = value.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
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
        assert_eq!(decoded(b"<a>\xf8</a>", "text/xml").0, "<a>ø</a>");
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
