//! Bylines as names only.

use crate::names::{compact, fact};
use crate::{dates, words};

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

/// Labels of a date or a name, left alone.
const LINKED_ALONE: &[&str] = &[
    "posted on",
    "posted",
    "posted in",
    "published on",
    "published",
    "publiziert am",
    "veröffentlicht am",
    "written by",
    "by",
    "von",
    "the author",
    "updated",
    "updated on",
    "last updated",
    "publié le",
    "publicado el",
    "redaktion",
    "about the author",
    "share",
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

/// What stands before a name in longer forms.
const BEFORE: &[&str] = &[
    "veröffentlicht von",
    "geschrieben von",
    "zeige alle beiträge von",
    "alle beiträge von",
    "view all posts by",
    "more by",
    "post by",
    "guide by",
    "authored by",
    "reviewed by",
    "this post was written by",
    "medically reviewed by",
    "publicado por",
    "escrito por",
    "publié par",
    "écrit par",
    "ein beitrag von",
    "ein artikel von",
    "beitrag von",
    "autor:in",
    "autor*in",
];
/// Words that stand between a name and a date.
const LINKING: &[&str] = &[
    "am",
    "on",
    "at",
    "um",
    "le",
    "el",
    "den",
    "der",
    "vom",
    "updated",
    "published",
    "posted",
    "aktualisiert",
    "veröffentlicht",
    "last",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "hace",
    "alle",
    "artikel",
    "uhr",
];

/// The name without a date, a time and the words that lead to them.
fn without_date(name: &str) -> &str {
    let is_year = |number: &str| number.len() >= 4 && (number.starts_with("19") || number.starts_with("20"));
    let is_time =
        |part: &str| part.split_once(':').is_some_and(|(hour, _)| hour.parse::<u8>().is_ok_and(|hour| hour < 24));
    let dated = name.split(|letter: char| !letter.is_ascii_digit()).any(is_year) || name.split(' ').any(is_time);
    let mut kept = match name.find(|letter: char| letter.is_ascii_digit()).filter(|_| dated) {
        Some(at) => name[..at].trim_end(),
        None if name.ends_with(" Alle Artikel") => name,
        None => return name,
    };
    while let Some((before, last)) = kept.rsplit_once(' ') {
        let last = words::key(last);
        if !(last.is_empty() || LINKING.contains(&last.as_str()) || dates::is_month(&last)) {
            return kept;
        }
        kept = before.trim_end();
    }
    let lone = words::key(kept);
    if LINKING.contains(&lone.as_str()) || dates::is_month(&lone) { "" } else { kept }
}

/// Whether a byline is an account or the site itself rather than a person: one small word, or one of the site's names.
pub(crate) fn is_weak(byline: &str, sites: &[String]) -> bool {
    let key = compact(byline);
    let lone = !byline.contains(' ') && byline.chars().all(|letter| letter.is_lowercase() || !letter.is_alphabetic());
    let of_site = |site: &String| {
        let site = compact(site);
        site.len() > 2
            && (site == key || (site.len() > 5 && key.starts_with(&site)) || (key.len() > 5 && site.starts_with(&key)))
    };
    lone || sites.iter().any(of_site)
}

/// The text after a word that stands before a name, and whether there was one.
fn after_by(text: &str) -> (&str, bool) {
    let mut name = text.trim();
    let mut found = false;
    loop {
        let lower = name.to_lowercase();
        let before = BEFORE.iter().chain(BY).find(|by| {
            lower
                .strip_prefix(**by)
                .is_some_and(|rest| rest.starts_with([':', ' ', '：', '\u{a0}']) && lower.len() == name.len())
        });
        match before {
            Some(by) => {
                name = name[by.len()..].trim_start_matches([':', ' ', '：', '\u{a0}']).trim();
                found = true;
            }
            None => return (name, found),
        }
    }
}

/// The name in a line near the headline: after "By", or anything in a place that is `marked` as the author's. Only what
/// looks like a name counts: two to four words with capitals.
pub(crate) fn in_line(text: &str, marked: bool) -> Option<String> {
    let (rest, by) = after_by(text);
    let rest = without_date(rest).trim_matches([',', ':', '|', '-', '–', '•', '·', ' ']);
    let rest = rest.split([',', '|', '•', '·', '/', '(']).next().unwrap_or_default().trim();
    let parts: Vec<&str> = rest.split(' ').collect();
    let particle = |word: &str| {
        ["von", "van", "de", "der", "den", "di", "da", "del", "la", "le", "el", "al", "zu", "dos"].contains(&word)
    };
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let plain = rest.chars().all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '.' | '-' | '\'' | '’'));
    let sane = (by || marked)
        && (2..=4).contains(&parts.len())
        && plain
        && capital(parts[0])
        && parts.last().is_some_and(|last| capital(last));
    (sane && parts.iter().all(|word| capital(word) || particle(word))).then(|| one_name(rest)).flatten()
}

fn one_name(text: &str) -> Option<String> {
    let (name, _) = after_by(text);
    let name = without_date(name).trim_matches([',', ':', '-', '–', '—', '/', '»', ' ', '(', '"']).trim();
    let lower = name.to_lowercase();
    let is_address =
        lower.contains("://") || lower.starts_with("www.") || lower.starts_with('@') || lower.contains("[at]");
    let bad = is_address
        || NOBODY.contains(&lower.as_str())
        || LINKED_ALONE.contains(&lower.as_str())
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
    fn a_byline_holds_names_only() {
        let read = |raw: &[&str]| byline(&raw.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&["By Ann Lee"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Von: Ann Lee", "ANN LEE", "Bo Ray"]).as_deref(), Some("Ann Lee, Bo Ray"));
        assert_eq!(read(&["https://a.example/ann"]), None);
        assert_eq!(read(&["admin", ""]), None);
        assert_eq!(read(&["Ann Lee &amp; Bo Ray"]).as_deref(), Some("Ann Lee & Bo Ray"));
        assert_eq!(read(&["Byron Bay"]).as_deref(), Some("Byron Bay"));
        assert_eq!(read(&["Ann Lee am 29.12.2010, 13:36 Uhr"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Ann Lee, 07 Dezember, 2022"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Veröffentlicht von Ann Lee"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Ann Lee22 Dec 2016"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Posted on", "May 6, 2024"]), None);
    }

    #[test]
    fn a_line_holds_a_name_only_if_it_looks_like_one() {
        for (text, marked, wanted) in [
            ("Von Ann Lee", false, Some("Ann Lee")),
            ("By Ann van der Lee | May 6, 2024", false, Some("Ann van der Lee")),
            ("Ann Lee, Chief Editor", true, Some("Ann Lee")),
            ("Ann Lee", false, None),
            ("By the river it rained", false, None),
            ("Von Bergen und Tälern", false, None),
            ("More about the author", true, None),
        ] {
            assert_eq!(in_line(text, marked).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn an_account_or_the_site_is_a_weak_byline() {
        let sites = ["The Valley Post".to_owned(), "valleypost".to_owned()];
        assert!(is_weak("annlee", &sites) && is_weak("The Valley Post", &sites) && is_weak("Valley Post", &sites[1..]));
        assert!(!is_weak("Ann Lee", &sites) && !is_weak("Ann", &sites));
    }
}
