//! Bylines as names only.

mod word_lists;

use std::sync::LazyLock;

use foldhash::HashSet;

use crate::dom::short_text::{compact, fact};
use crate::dom::words;
use crate::metadata::dates;
use word_lists::{
    BEFORE, BY, DESKS, FIRST, LINKED_ALONE, LINKING, NOBODY, SHORT, is_and, is_label, is_particle, is_role, is_team,
};

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
    let lone = !byline.contains(' ') && byline.chars().all(|letter| letter.is_lowercase() || !letter.is_alphabetic());
    lone || is_domain(byline) || DESKS.contains(&words::key(byline).as_str()) || is_of_site(byline, sites)
}

/// Whether a byline is one of the site's names, perhaps with more or less of it.
pub(crate) fn is_of_site(byline: &str, sites: &[String]) -> bool {
    let key = compact(byline);
    sites.iter().map(|site| compact(site)).any(|site| {
        site.len() > 2
            && (without_article(&site) == without_article(&key)
                || (site.len() > 5 && key.starts_with(&site))
                || (key.len() > 5 && site.starts_with(&key)))
    })
}

fn without_article(compact: &str) -> &str {
    compact.strip_prefix("the").unwrap_or(compact)
}

/// Whether a byline looks like a person's: of two words or more, not all in capitals, and no group's.
pub(crate) fn is_of_person(byline: &str) -> bool {
    let last = byline.rsplit(' ').next().unwrap_or_default().to_lowercase();
    byline.contains(' ') && byline.chars().any(char::is_lowercase) && !is_team(&last)
}

/// Whether a byline is the name of a host, "valley.org". If that is not the page's own, it is whoever made the site.
pub(crate) fn is_domain(byline: &str) -> bool {
    let is_land = |end: &str| (2..=4).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_lowercase());
    !byline.contains(' ') && byline.rsplit_once('.').is_some_and(|(host, end)| host.len() >= 3 && is_land(end))
}

/// The text after the words that stand before a name, and the last of those.
fn after_by(text: &str) -> (&str, Option<&'static str>) {
    let mut name = text.trim();
    let mut found = None;
    loop {
        let before = BEFORE.iter().chain(BY).copied().find(|by| leads(name, by));
        match before {
            Some(by) => {
                let cut = name.char_indices().nth(by.chars().count()).map_or(name.len(), |(at, _)| at);
                name = name[cut..].trim_start_matches([':', ' ', '：', '\u{a0}', '|']).trim();
                found = Some(by);
            }
            None => return (name, found),
        }
    }
}

/// Whether a text begins with these words and a name may follow: a gap, or a capital that is glued to them.
fn leads(text: &str, by: &str) -> bool {
    let mut letters = text.chars();
    for wanted in by.chars() {
        let Some(letter) = letters.next() else { return false };
        if letter != wanted && !letter.to_lowercase().eq(std::iter::once(wanted)) {
            return false;
        }
    }
    let glued = by.len() >= 8;
    match letters.next() {
        Some(':' | ' ' | '：' | '\u{a0}') => true,
        Some(next) => glued && next.is_uppercase(),
        None => false,
    }
}

static FIRST_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| FIRST.iter().copied().collect());

/// Whether a text begins as a byline does. Cheap, since it is asked of most lines of a page.
pub(crate) fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let word = text.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    if word.is_empty() || word.len() > 30 {
        return text.starts_with("作者") || text.starts_with('文');
    }
    let small: String = word.chars().flat_map(char::to_lowercase).collect();
    FIRST_WORDS.contains(small.as_str())
}

fn is_capital(word: &str) -> bool {
    let mut letters = word.trim_start_matches(['‘', '\'', '“', '"', '(']).chars();
    letters.next().is_some_and(char::is_uppercase)
}

/// Whether a word may be part of a name: begins with a capital, holds letters only.
fn is_name_word(word: &str) -> bool {
    let plain = |letter: char| letter.is_alphabetic() || matches!(letter, '.' | '-' | '\'' | '’' | '‑' | '·');
    is_capital(word) && word.chars().all(plain)
}

/// Whether a word is another name in brackets.
fn is_aside(word: &str) -> bool {
    word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).is_some_and(is_name_word)
}

/// The names a text begins with, up to what cannot be part of one, and how many words the shortest of them has.
fn leading_names(text: &str) -> Option<(&str, usize)> {
    let (mut end, mut closed, mut at) = (0, 0, 0);
    let (mut shortest, mut words) = (usize::MAX, 0);
    for piece in text.split_inclusive(' ') {
        let word = piece.trim_end();
        let bare = word.trim_end_matches([',', ';', ':']);
        let small = bare.to_lowercase();
        if words >= 1 && (is_label(&small) || is_role(&small)) {
            // What stands between the last name and "Editor" belongs to the latter: "Ann Lee, Chief Editor".
            let end = if closed > 0 { closed } else { end };
            return Some((&text[..end], shortest.min(words)));
        }
        if words >= 2 && dates::is_month(&small) {
            return Some((&text[..end], shortest.min(words)));
        }
        if words > 0 && is_aside(bare) {
            // "Ann (Annie) Lee": a name goes on after it or ends before it.
        } else if (is_name_word(bare) || (words > 0 && is_team(bare))) && words < 5 {
            words += 1;
            end = at + bare.len();
        } else if !(words > 0 && is_particle(bare)) {
            if !(words > 0 && is_and(bare)) {
                let stops =
                    !bare.chars().next().is_some_and(char::is_alphabetic) || LINKING.contains(&bare) || is_role(bare);
                return (stops && words > 0).then(|| (&text[..end], shortest.min(words)));
            }
            shortest = shortest.min(words);
            words = 0;
        }
        if word.len() > bare.len() && words > 0 {
            closed = end;
            shortest = shortest.min(words);
            words = 0;
        }
        at += piece.len();
    }
    let last = if words == 0 { usize::MAX } else { words };
    (end > 0).then(|| (&text[..end], shortest.min(last)))
}

/// The names in a line that begins as a byline: "By Ann Lee and Bo Ray | May 6". Of one word only after words that
/// cannot mean anything else, such as "Written by".
pub(crate) fn in_line(text: &str) -> Option<String> {
    let (rest, by) = after_by(text);
    let first = by?;
    let rest = rest.split(['|', '•', '·', '/', '–']).next().unwrap_or_default().trim();
    let (names, shortest) = leading_names(without_date(rest))?;
    let enough = if SHORT.contains(&first) { 2 } else { 1 };
    (shortest >= enough && names.len() <= 120).then(|| byline(&[names.to_owned()])).flatten()
}

/// Whether a line names who has read the article before it was published.
pub(crate) fn is_of_reviewer(text: &str) -> bool {
    let key = words::key(text);
    key.starts_with("reviewed by ") || key.starts_with("medically reviewed by ")
}

/// Whether a line is only what stands before a name: "Written by".
pub(crate) fn is_label_alone(text: &str) -> bool {
    const LABELS: &[&str] = &["by", "von", "author", "authors", "autor", "autorin", "auteur", "autore"];
    let key = words::key(text);
    let is_longer = || key.contains(' ') && BEFORE.iter().chain(BY).any(|before| *before == key);
    LABELS.contains(&key.as_str()) || (is_longer() && !key.contains("reviewed"))
}

/// The names in a place that is marked as the author's: as in a line, or without "By".
pub(crate) fn marked(text: &str) -> Option<String> {
    text.split(['|', '•', '·']).take(6).find_map(|piece| {
        let (rest, _) = after_by(piece);
        let rest = without_date(rest).trim_matches([',', ':', '-', '–', ' ']);
        let words = rest.split(' ').count();
        let label = words::key(rest.split(',').next().unwrap_or_default());
        let is_label = rest.len() < 2
            || dates::is_month(&label)
            || label.split(' ').any(is_label)
            || !rest.chars().any(char::is_alphabetic);
        if is_label || words > 12 {
            return None;
        }
        let names = match leading_names(rest) {
            Some((names, _)) => names,
            // An account's name.
            None if words == 1 && rest.len() >= 3 => rest,
            None => return None,
        };
        let is_list = names.split(", ").count() >= 3 && names.split(", ").all(|name| !name.contains(' '));
        if is_list || dates::is_month(&words::key(names)) {
            return None;
        }
        byline(&[without_role(names).to_owned()])
    })
}

/// The names without what an author is: "Ann Lee, Senior Editor".
fn without_role(names: &str) -> &str {
    const ROLES: &[&str] = &[
        "attorney",
        "editor",
        "writer",
        "correspondent",
        "contributor",
        "reporter",
        "director",
        "manager",
        "founder",
        "analyst",
        "redakteur",
        "redakteurin",
        "journalist",
        "journalistin",
        "staff",
        "officer",
        "specialist",
        "professor",
        "network",
        "consultant",
        "expert",
        "autorin",
        "reporterin",
        "korrespondent",
        "chefredakteur",
    ];
    let mut kept = 0;
    for piece in names.split(", ") {
        let end = kept + piece.len();
        let is_role = kept > 0 && words::key(piece).split(' ').any(|word| ROLES.contains(&word));
        if is_role {
            return names[..kept].trim_end_matches([',', ' ']);
        }
        kept = end + 2;
    }
    names
}

/// The name in a line that holds a date besides and nothing else: "11.12.2019 - Ann Lee".
pub(crate) fn beside_date(text: &str) -> Option<String> {
    dates::parse(text, jiff::Timestamp::MAX, dates::Order::DayFirst)?;
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
        (sane && !words::key(rest).split(' ').any(is_label)).then(|| one_name(rest)).flatten()
    })
}

fn one_name(text: &str) -> Option<String> {
    let (name, _) = after_by(text);
    let name = without_date(once(name)).trim_matches([',', ':', '-', '–', '—', '/', '»', ' ', '(', '"']).trim();
    let lower = name.to_lowercase();
    let is_address = lower.contains("://")
        || lower.starts_with("www.")
        || lower.starts_with('@')
        || lower.contains("[at]")
        || lower.split_once('/').is_some_and(|(host, _)| host.contains('.'));
    let bad = is_address
        || is_made_up(&lower)
        || is_notice(&lower)
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

/// A name that is said twice in a row, once.
fn once(name: &str) -> &str {
    let middle = name.len() / 2;
    match (name.get(..middle), name.get(middle + 1..)) {
        (Some(one), Some(other)) if one == other && one.contains(' ') => one,
        _ => name,
    }
}

/// What is said of rights, or of several people's parts in the work: "design: Ann Lee".
fn is_notice(lower: &str) -> bool {
    ["copyright", "©", "all rights reserved", ": "].iter().any(|mark| lower.contains(mark))
}

/// What programs write where no name was given: a number that is a key, signs.
fn is_made_up(lower: &str) -> bool {
    let is_key = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        word.len() >= 12 && digits >= 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    lower.contains("**") || !lower.contains(' ') && is_key(lower)
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
    fn a_line_holds_a_name_only_if_it_looks_like_one() {
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
            assert_eq!(in_line(text).as_deref(), wanted, "{text}");
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
            assert_eq!(marked(text).as_deref(), wanted, "{text}");
        }
        for (text, wanted) in [
            ("11.12.2019 - Ann Lee", Some("Ann Lee")),
            ("04.02.2022 | 13:10 Uhr | Ann Lee", Some("Ann Lee")),
            ("06.11.2023 13:30 von Olga", Some("Olga")),
            ("6 May 2024 | News", None),
            ("Site Update - Part 14 / Chapter 121", None),
        ] {
            assert_eq!(beside_date(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn an_account_or_the_site_is_a_weak_byline() {
        let sites = ["The Valley Post".to_owned(), "valleypost".to_owned()];
        assert!(is_weak("annlee", &sites) && is_weak("The Valley Post", &sites) && is_weak("Valley Post", &sites[1..]));
        assert!(is_weak("webhouse.org", &sites) && is_weak("Valley Post", &sites[..1]));
        assert!(!is_weak("Ann Lee", &sites) && !is_weak("Ann", &sites));
    }
}
