//! Cleans titles, names and other short texts of template leftovers.

use super::words;

/// The maximum length of a title, byline or other single fact, in characters.
pub(crate) const MAX_CHARS: usize = 500;

/// Cleans a short text: decodes entities that were escaped twice, strips tags, collapses white space, limits the length
/// to [`MAX_CHARS`]. Returns `None` if nothing is left.
pub(crate) fn clean_text(text: &str) -> Option<String> {
    let text = if text.contains('&') && text.contains(';') { decode_entities(text) } else { text.to_owned() };
    let text = if text.contains('<') && text.contains('>') { strip_tags(&text) } else { text };
    // Headings end in this sign when they link to themselves.
    let line = words::one_line(text.trim_end().trim_end_matches('¶'), MAX_CHARS - 1);
    (!line.is_empty()).then_some(line)
}

fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end <= 12).map(|end| &rest[..=end]);
        match entity.and_then(|entity| Some((entity, decode_entity(&entity[1..entity.len() - 1])?))) {
            Some((entity, letter)) => {
                out.push(letter);
                rest = &rest[entity.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn decode_entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|letter| !letter.is_control());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "laquo" => '«',
        "raquo" => '»',
        "hellip" => '…',
        "bull" => '•',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "szlig" => 'ß',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "aacute" => 'á',
        "iacute" => 'í',
        "oacute" => 'ó',
        "uacute" => 'ú',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

fn strip_tags(text: &str) -> String {
    const INLINE_TAGS: &[&str] =
        &["b", "i", "em", "strong", "br", "span", "p", "a", "sup", "sub", "q", "cite", "small", "wbr", "font", "u"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = rest[at + 1..].trim_start_matches('/');
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match rest[at..].find('>').filter(|_| INLINE_TAGS.contains(&name.as_str())) {
            Some(end) => {
                out.push(' ');
                rest = &rest[at + end + 1..];
            }
            None => {
                out.push('<');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Returns the letters and digits in lower case, without a leading "www".
pub(crate) fn compact_key(text: &str) -> String {
    let key = words::match_key(text).replace(' ', "");
    key.strip_prefix("www").unwrap_or(&key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_entities_once_and_strips_only_real_tags() {
        assert_eq!(clean_text("Tom &amp; Jerry&#39;s <b>day</b>").as_deref(), Some("Tom & Jerry's day"));
        assert_eq!(clean_text("x < y and y > z").as_deref(), Some("x < y and y > z"));
        assert_eq!(clean_text("AT&T; &bogus;").as_deref(), Some("AT&T; &bogus;"));
    }
}
