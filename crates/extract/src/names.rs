//! Titles without the site's name, and bylines as names only.

use crate::words;

/// Longest title, byline or other single fact, in characters.
pub(crate) const LONGEST: usize = 500;

const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " \\ ", " > ", " ‹ ", " › ", "｜", " |",
    "| ",
];

/// A fact from the page: entities that were escaped twice decoded, white space squeezed, length bound.
pub(crate) fn fact(text: &str) -> Option<String> {
    let text = if text.contains('&') && text.contains(';') { decoded(text) } else { text.to_owned() };
    let text = if text.contains('<') && text.contains('>') { without_tags(&text) } else { text };
    let line = words::one_line(&text, LONGEST - 1);
    (!line.is_empty()).then_some(line)
}

/// Decodes HTML entities once.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end <= 12).map(|end| &rest[..=end]);
        match entity.and_then(|entity| Some((entity, entity_letter(&entity[1..entity.len() - 1])?))) {
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

fn entity_letter(name: &str) -> Option<char> {
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

fn without_tags(text: &str) -> String {
    const KNOWN: &[&str] =
        &["b", "i", "em", "strong", "br", "span", "p", "a", "sup", "sub", "q", "cite", "small", "wbr", "font", "u"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = rest[at + 1..].trim_start_matches('/');
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match rest[at..].find('>').filter(|_| KNOWN.contains(&name.as_str())) {
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

/// The title without the site's name at either end. `headings` are the page's own headings, which
/// show what the title is when the site's name is not known.
pub(crate) fn title(raw: &str, site_names: &[String], headings: &[String]) -> String {
    let whole = words::key(raw);
    if headings.iter().any(|heading| words::key(heading) == whole) {
        return raw.to_owned();
    }
    let parts = split(raw);
    let sites: Vec<String> = site_names.iter().map(|name| compact(name)).filter(|name| !name.is_empty()).collect();
    let is_site = |part: &str| {
        let part = compact(part);
        !part.is_empty()
            && sites.iter().any(|site| {
                *site == part
                    || (part.len() > 3 && site.starts_with(&part))
                    || (site.len() > 3 && part.starts_with(site))
            })
    };
    let mut range = 0..parts.len();
    while range.len() > 1 && is_site(parts[range.end - 1].1) {
        range.end -= 1;
    }
    while range.len() > 1 && is_site(parts[range.start].1) {
        range.start += 1;
    }
    let kept = between(raw, &parts, &range);
    if let Some(heading) = headings.iter().find(|heading| is_one_of(heading, raw, &parts)) {
        return heading.clone();
    }
    kept
}

/// Letters and digits only, lower case.
fn compact(text: &str) -> String {
    let key = words::key(text).replace(' ', "");
    key.strip_prefix("www").unwrap_or(&key).to_owned()
}

/// A heading that is one part of the title, or some parts in a row, is the title.
fn is_one_of(heading: &str, raw: &str, parts: &[(usize, &str)]) -> bool {
    let heading = words::key(heading);
    let long = heading.split(' ').count() >= 3
        || heading.chars().filter(|letter| words::is_wordless_script(*letter)).count() >= 5;
    long && (0..parts.len())
        .any(|start| (start + 1..=parts.len()).any(|end| words::key(&between(raw, parts, &(start..end))) == heading))
}

/// The parts between separators with their places.
fn split(raw: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < raw.len() {
        let here = &raw[at..];
        if let Some(separator) = SEPARATORS.iter().find(|separator| here.starts_with(**separator)) {
            parts.push((start, &raw[start..at]));
            at += separator.len();
            start = at;
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push((start, &raw[start..]));
    parts
}

fn between(raw: &str, parts: &[(usize, &str)], range: &std::ops::Range<usize>) -> String {
    let start = parts[range.start].0;
    let (last, text) = parts[range.end - 1];
    raw[start..last + text.len()].trim().to_owned()
}

/// Words before a name.
const BY: &[&str] = &[
    "by",
    "written by",
    "posted by",
    "author",
    "authors",
    "von",
    "par",
    "por",
    "di",
    "door",
    "av",
    "af",
    "autor",
    "autorin",
    "text",
    "words by",
    "story by",
    "published by",
    "автор",
    "tekst",
    "od",
    "yazan",
    "作者",
    "文",
    "記者",
];

/// Bylines that name nobody.
const NOBODY: &[&str] = &[
    "admin",
    "administrator",
    "editor",
    "unknown",
    "author",
    "guest",
    "anonymous",
    "root",
    "webmaster",
    "null",
    "undefined",
    "none",
    "no author",
    "default",
    "superuser",
    "user",
];

/// A byline as names, separated by ", ".
pub(crate) fn byline(raw: &[String]) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in raw.iter().filter_map(|text| fact(text)).flat_map(|text| several(&text)) {
        let Some(name) = one_name(&name) else { continue };
        let key = words::key(&name);
        if !kept.iter().any(|known| words::key(known) == key || words::key(known).contains(&key)) {
            kept.push(name);
        }
    }
    kept.truncate(12);
    (!kept.is_empty()).then(|| kept.join(", ")).and_then(|names| fact(&names))
}

/// Several names in one text; "and" is left alone, since "A and B" reads well.
fn several(text: &str) -> Vec<String> {
    text.split([';', '|', '•', '·']).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn one_name(text: &str) -> Option<String> {
    let mut name = text.trim();
    loop {
        let lower = name.to_lowercase();
        let before = BY.iter().find(|by| {
            lower
                .strip_prefix(**by)
                .is_some_and(|rest| rest.starts_with([':', ' ', '：', '\u{a0}']) && lower.len() == name.len())
        });
        match before {
            Some(by) => name = name[by.len()..].trim_start_matches([':', ' ', '：', '\u{a0}']).trim(),
            None => break,
        }
    }
    let name = name.trim_matches([',', ':', '-', '–', '—', '/', ' ', '(', '"']).trim();
    let lower = name.to_lowercase();
    let is_address =
        lower.contains("://") || lower.starts_with("www.") || lower.starts_with('@') || lower.contains("[at]");
    let bad = is_address
        || NOBODY.contains(&lower.as_str())
        || !name.chars().any(char::is_alphabetic)
        || name.chars().count() > 120;
    let name = match name.split_once('<').or_else(|| name.split_once('(')) {
        Some((before, after)) if after.contains('@') => before.trim(),
        _ => name,
    };
    (!bad && !name.is_empty() && (!name.contains('@') || name.contains(' '))).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_taken_from_a_title_and_nothing_else() {
        let site = vec!["The Valley Post".to_owned(), "valleypost.example".to_owned()];
        for (raw, wanted) in [
            ("Rain all day - The Valley Post", "Rain all day"),
            ("The Valley Post | Rain all day", "Rain all day"),
            ("Rain - all day", "Rain - all day"),
            ("The Valley Post", "The Valley Post"),
            ("Snow: a history | Weather | The Valley Post", "Snow: a history | Weather"),
        ] {
            assert_eq!(title(raw, &site, &[]), wanted);
        }
        assert_eq!(title("Rain all day | Weather | Elsewhere", &[], &["Rain all day".into()]), "Rain all day");
    }

    #[test]
    fn a_byline_holds_names_only() {
        let read = |raw: &[&str]| byline(&raw.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&["By Ann Lee"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Von: Ann Lee", "ANN LEE", "Bo Ray"]).as_deref(), Some("Ann Lee, Bo Ray"));
        assert_eq!(read(&["https://a.example/ann"]), None);
        assert_eq!(read(&["admin", ""]), None);
        assert_eq!(read(&["Ann Lee &amp; Bo Ray"]).as_deref(), Some("Ann Lee & Bo Ray"));
        assert_eq!(read(&["Byron Bay"]).as_deref(), Some("Byron Bay"));
    }

    #[test]
    fn entities_are_decoded_once_more_and_only_real_tags_go() {
        assert_eq!(fact("Tom &amp; Jerry&#39;s <b>day</b>").as_deref(), Some("Tom & Jerry's day"));
        assert_eq!(fact("x < y and y > z").as_deref(), Some("x < y and y > z"));
        assert_eq!(fact("AT&T; &bogus;").as_deref(), Some("AT&T; &bogus;"));
    }
}
