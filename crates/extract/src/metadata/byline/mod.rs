//! Parses bylines into names.

mod names;
mod word_lists;

use std::sync::LazyLock;

use foldhash::HashSet;

use crate::dom::short_text::{clean_text, compact_key};
use crate::dom::words;
use crate::metadata::dates;
use names::{clean_name, is_name_word, leading_names, strip_byline_prefixes, strip_date, strip_role};
use word_lists::{
    AMBIGUOUS_PREFIXES, BYLINE_PREFIXES, DESK_NAMES, FIRST_WORDS, LONG_BYLINE_PREFIXES, ends_group_name, is_label_word,
};

/// Joins names into a byline, separated by ", ", without duplicates.
pub(crate) fn normalize(raw: &[String]) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in raw.iter().filter_map(|text| clean_text(text)).flat_map(|text| split_names(&text)) {
        let Some(name) = clean_name(&name) else { continue };
        let key = words::match_key(&name);
        if !kept.iter().any(|known| words::match_key(known) == key || words::match_key(known).contains(&key)) {
            kept.push(name);
        }
    }
    kept.truncate(12);
    (!kept.is_empty()).then(|| kept.join(", ")).and_then(|names| clean_text(&names))
}

/// Turns names that begin with the surname: "Lee, Ann".
pub(crate) fn natural_order(raw: &[String]) -> Vec<String> {
    let turn = |name: &str| {
        let parts: Vec<&str> = name.split(',').map(str::trim).collect();
        match parts[..] {
            // Of two whole names neither is a surname, but many have two.
            [surname, first] if !surname.is_empty() && !first.is_empty() => {
                let words = |part: &str| part.split(' ').filter(|word| !names::is_particle(word)).count();
                let is_pair = words(surname) >= 2 && words(first) >= 2;
                if is_pair { name.trim().to_owned() } else { format!("{first} {surname}") }
            }
            _ => name.trim().to_owned(),
        }
    };
    raw.iter().flat_map(|value| value.split(';')).map(turn).collect()
}

/// Splits a text into names. "and" is kept, since "A and B" reads well.
fn split_names(text: &str) -> Vec<String> {
    text.split([';', '|', '•', '·']).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Returns whether a byline is an account or the site rather than a person: one lower-case word, or a name of the site.
pub(crate) fn is_generic(byline: &str, sites: &[String]) -> bool {
    let lone = !byline.contains(' ') && byline.chars().all(|letter| letter.is_lowercase() || !letter.is_alphabetic());
    lone || is_domain(byline) || DESK_NAMES.contains(&words::match_key(byline).as_str()) || is_site_name(byline, sites)
}

/// Returns whether a byline is a name of the site, or a longer or shorter form of it.
pub(crate) fn is_site_name(byline: &str, sites: &[String]) -> bool {
    let key = compact_key(byline);
    sites.iter().map(|site| compact_key(site)).any(|site| {
        site.len() > 2
            && (strip_article(&site) == strip_article(&key)
                || (site.len() > 5 && key.starts_with(&site))
                || (key.len() > 5 && site.starts_with(&key)))
    })
}

fn strip_article(compact: &str) -> &str {
    compact.strip_prefix("the").unwrap_or(compact)
}

/// Returns whether a byline looks like a person's name: two words or more, not all capitals, no group.
pub(crate) fn looks_like_person(byline: &str) -> bool {
    let last = byline.rsplit(' ').next().unwrap_or_default().to_lowercase();
    byline.contains(' ') && byline.chars().any(char::is_lowercase) && !ends_group_name(&last)
}

/// Returns whether a byline is a domain, "valley.org". Other than the page's own, it is the web agency.
pub(crate) fn is_domain(byline: &str) -> bool {
    let is_land = |end: &str| (2..=4).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_lowercase());
    !byline.contains(' ') && byline.rsplit_once('.').is_some_and(|(host, end)| host.len() >= 3 && is_land(end))
}

static FIRST_WORD_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| FIRST_WORDS.iter().copied().collect());

/// Returns whether a text starts like a byline. Cheap, since it runs on most lines of a page.
pub(crate) fn starts_like_byline(text: &str) -> bool {
    let text = text.trim_start();
    let word = text.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    if word.is_empty() || word.len() > 30 {
        return text.starts_with("作者") || text.starts_with('文');
    }
    let small: String = word.chars().flat_map(char::to_lowercase).collect();
    FIRST_WORD_SET.contains(small.as_str())
}

/// Parses the names in a byline: "By Ann Lee and Bo Ray | May 6". Accepts a single word only after an unambiguous
/// prefix such as "Written by".
pub(crate) fn parse_line(text: &str) -> Option<String> {
    let (rest, by) = strip_byline_prefixes(names::strip_picture_credit(text));
    let first = by?;
    let rest = rest.split(['|', '•', '·', '/', '–']).next().unwrap_or_default().trim();
    let (names, shortest) = leading_names(strip_date(rest))?;
    let enough = if AMBIGUOUS_PREFIXES.contains(&first) { 2 } else { 1 };
    (shortest >= enough && names.len() <= 120).then(|| normalize(&[names.to_owned()])).flatten()
}

/// Returns whether a line names a reviewer.
pub(crate) fn names_reviewer(text: &str) -> bool {
    let key = words::match_key(text);
    key.starts_with("reviewed by ") || key.starts_with("medically reviewed by ")
}

/// Returns whether a line is only the label before a name: "Written by".
pub(crate) fn is_bare_label(text: &str) -> bool {
    const LABELS: &[&str] = &["by", "von", "author", "authors", "autor", "autorin", "auteur", "autore"];
    let key = words::match_key(text);
    let is_longer =
        || key.contains(' ') && LONG_BYLINE_PREFIXES.iter().chain(BYLINE_PREFIXES).any(|before| *before == key);
    LABELS.contains(&key.as_str()) || (is_longer() && !key.contains("reviewed"))
}

/// Parses the names in an element marked as the author's, with or without "By".
pub(crate) fn parse_author_element(text: &str) -> Option<String> {
    names::strip_picture_credit(text).split(['|', '•', '·']).take(6).find_map(|piece| {
        let (rest, _) = strip_byline_prefixes(names::strip_leading_date(piece));
        let rest = strip_date(rest).trim_matches([',', ':', '-', '–', ' ']);
        let words = rest.split(' ').count();
        let label = words::match_key(rest.split(',').next().unwrap_or_default());
        let is_label = rest.len() < 2
            || dates::is_month(&label)
            || label.split(' ').any(is_label_word)
            || !rest.chars().any(char::is_alphabetic);
        if is_label || words > 12 {
            return None;
        }
        let names = match leading_names(rest) {
            Some((names, _)) => names,
            // An account name.
            None if words == 1 && rest.len() >= 3 => rest,
            None => return None,
        };
        let is_list = names.split(", ").count() >= 3 && names.split(", ").all(|name| !name.contains(' '));
        if is_list || dates::is_month(&words::match_key(names)) {
            return None;
        }
        normalize(&[strip_role(names).to_owned()])
    })
}

/// Parses the names behind "Written by" in one part of a line that begins with a date: "6/5/2024 - Written by: Ann Lee".
pub(crate) fn parse_part_of_dated_line(text: &str) -> Option<String> {
    let mut parts = text.split(" - ").flat_map(|part| part.split(" – ")).map(str::trim);
    let first = parts.next().filter(|first| dates::count_digits(first) >= 4)?;
    dates::parse(first, jiff::Timestamp::MAX, dates::DayMonthOrder::DayFirst)?;
    parts.filter(|part| starts_like_byline(part)).find_map(parse_line)
}

/// Parses the name in a line with a date and nothing else: "11.12.2019 - Ann Lee".
pub(crate) fn parse_dated_line(text: &str) -> Option<String> {
    dates::parse(text, jiff::Timestamp::MAX, dates::DayMonthOrder::DayFirst)?;
    let mut names =
        text.split(['|', '•', '·', '—', ',']).flat_map(|piece| piece.split(" - ")).flat_map(|piece| piece.split(" – "));
    names.find_map(|piece| {
        let piece = piece.trim();
        let (rest, by) = match piece.rsplit_once(" von ").or_else(|| piece.rsplit_once(" by ")) {
            Some((before, name)) if before.bytes().any(|byte| byte.is_ascii_digit()) => (name, true),
            _ => (piece, false),
        };
        let words: Vec<&str> = rest.split(' ').collect();
        let fits = if by { (1..=4).contains(&words.len()) } else { (2..=3).contains(&words.len()) };
        let is_date = |word: &&str| dates::is_month(&word.to_lowercase());
        let sane = fits && words.iter().all(|word| is_name_word(word)) && !words.iter().any(is_date);
        (sane && !words::match_key(rest).split(' ').any(is_label_word)).then(|| clean_name(rest)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_reduced_to_names() {
        let read = |raw: &[&str]| normalize(&raw.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
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
        assert_eq!(read(&["Ann Lee Ann Lee"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Interview: Ann Lee"]).as_deref(), Some("Ann Lee"));
        assert_eq!(read(&["Ann Lee; Illustrator: Bo Ray"]).as_deref(), Some("Ann Lee"));
        for notice in ["Copyright The Valley Post - all rights reserved", "design: Ann Lee, code: Bo Ray"] {
            assert_eq!(read(&[notice]), None);
        }
        for made_up in ["facebook.com/annlee", "*****Notes*****", "3d23d65-ddc6-4ce5"] {
            assert_eq!(read(&[made_up]), None);
        }
    }

    #[test]
    fn names_are_parsed_only_from_lines_that_look_like_bylines() {
        for (text, wanted) in [
            ("Von Ann Lee", Some("Ann Lee")),
            ("By Ann van der Lee | May 6, 2024", Some("Ann van der Lee")),
            ("von Ann Lee und Bo Ray", Some("Ann Lee und Bo Ray")),
            ("Text von Ann Lee Illustration von Bo Ray", Some("Ann Lee")),
            ("Posted by Konstantin", Some("Konstantin")),
            ("Auteur : Ann Lee", Some("Ann Lee")),
            ("By Ann Lee, Bo Ray and Cy Dow", Some("Ann Lee, Bo Ray and Cy Dow")),
            ("Ann Lee", None),
            ("By the river it rained", None),
            ("By Monday the river had risen", None),
            ("Von Bergen und Tälern", None),
            ("Vom Brunnen zur Mühle", None),
            ("By the Valley Post Team", Some("Valley Post Team")),
            ("By The Valley editors", Some("Valley editors")),
            ("By Ann (Annie) Lee", Some("Ann (Annie) Lee")),
            ("By Ann Lee (Dale)", Some("Ann Lee")),
            ("Text und Fotos: Ann Lee", Some("Ann Lee")),
        ] {
            assert_eq!(parse_line(text).as_deref(), wanted, "{text}");
        }
        for (text, wanted) in [
            ("Ann Lee, Chief Editor", Some("Ann Lee")),
            ("Veröffentlicht vonAnn Lee", Some("Ann Lee")),
            ("rainwatcher", Some("rainwatcher")),
            ("More about the author", None),
            ("12 Posts", None),
            ("Ann Lee, Senior Editor", Some("Ann Lee")),
            ("Ann Lee December 6, 2024", Some("Ann Lee")),
            ("April Lee", Some("April Lee")),
            ("Dec", None),
            ("Sep 16", None),
            ("Datum:", None),
            ("Weather, Rivers, Ferries", None),
            ("Valley Post vor 5 Stunden", Some("Valley Post")),
            ("Veröffentlicht", None),
        ] {
            assert_eq!(parse_author_element(text).as_deref(), wanted, "{text}");
        }
        for (text, wanted) in [
            ("11.12.2019 - Ann Lee", Some("Ann Lee")),
            ("04.02.2022 | 13:10 Uhr | Ann Lee", Some("Ann Lee")),
            ("06.11.2023 13:30 von Olga", Some("Olga")),
            ("6 May 2024 | News", None),
            ("Site Update - Part 14 / Chapter 121", None),
        ] {
            assert_eq!(parse_dated_line(text).as_deref(), wanted, "{text}");
        }
        for (text, wanted) in [
            ("06/05/2024 - Publicado por: Ann Lee - Categoria: Tempo", Some("Ann Lee")),
            ("Publicado por: Ann Lee - 06/05/2024", None),
            ("6 May 2024 - By the river it rained", None),
        ] {
            assert_eq!(parse_part_of_dated_line(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn account_and_site_names_are_generic_bylines() {
        let sites = ["The Valley Post".to_owned(), "valleypost".to_owned()];
        assert!(
            is_generic("annlee", &sites)
                && is_generic("The Valley Post", &sites)
                && is_generic("Valley Post", &sites[1..])
        );
        assert!(is_generic("webhouse.org", &sites) && is_generic("Valley Post", &sites[..1]));
        assert!(!is_generic("Ann Lee", &sites) && !is_generic("Ann", &sites));
    }
}
