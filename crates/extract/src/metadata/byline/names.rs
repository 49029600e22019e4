//! Separates names from dates, roles and other words around them.

pub(super) use super::word_lists::is_particle;
use super::word_lists::{
    BYLINE_PREFIXES, DATE_CONNECTORS, LONG_BYLINE_PREFIXES, PLACEHOLDER_NAMES, STANDALONE_LABELS, ends_group_name,
    ends_name, is_conjunction, is_label_word,
};
use crate::dom::words;
use crate::metadata::dates;

/// Returns the name in a text, or `None` if it names nobody.
pub(super) fn clean_name(text: &str) -> Option<String> {
    let (name, _) = strip_byline_prefixes(text);
    let name =
        strip_date(remove_repetition(name)).trim_matches([',', ':', '-', '–', '—', '/', '»', ' ', '(', '"']).trim();
    let lower = name.to_lowercase();
    let is_address = lower.contains("://")
        || lower.starts_with("www.")
        || lower.starts_with('@')
        || lower.contains("[at]")
        || lower.split_once('/').is_some_and(|(host, _)| host.contains('.'));
    let bad = is_address
        || is_generated_id(&lower)
        || is_notice(&lower)
        || PLACEHOLDER_NAMES.contains(&lower.as_str())
        || STANDALONE_LABELS.contains(&lower.as_str())
        || !name.chars().any(char::is_alphabetic)
        || name.chars().count() > 120;
    let name = match name.split_once('<').or_else(|| name.split_once('(')) {
        Some((before, after)) if after.contains('@') => before.trim(),
        _ => name,
    };
    (!bad && !name.is_empty() && (!name.contains('@') || name.contains(' '))).then(|| name.to_owned())
}

/// Strips a date or time and the words that lead to it.
pub(super) fn strip_date(name: &str) -> &str {
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
        let last = words::match_key(last);
        if !(last.is_empty() || DATE_CONNECTORS.contains(&last.as_str()) || dates::is_month(&last)) {
            return kept;
        }
        kept = before.trim_end();
    }
    let lone = words::match_key(kept);
    if DATE_CONNECTORS.contains(&lone.as_str()) || dates::is_month(&lone) { "" } else { kept }
}

/// Strips the day and time before "by": "Friday May 3, 2024 9 am by Ann Lee".
pub(super) fn strip_leading_date(text: &str) -> &str {
    let after = [" by ", " By ", " von "].iter().find_map(|by| text.split_once(by));
    match after {
        Some((date, names)) if dates::count_digits(date) >= 3 && is_date(date) => names,
        _ => text,
    }
}

fn is_date(text: &str) -> bool {
    dates::parse(text.trim(), jiff::Timestamp::MAX, dates::DayMonthOrder::Unknown).is_some()
}

/// Strips the names of those who made the pictures: "Ann Lee; photographs by Bo Ray".
pub(super) fn strip_picture_credit(text: &str) -> &str {
    const WORKS: &[&str] =
        &["photo", "picture", "illustration", "image", "video", "art", "graphic", "foto", "bild", "drawing"];
    for (at, mark) in text.match_indices([';', '.', '/', '|']) {
        let rest = text[at + mark.len()..].trim_start().to_lowercase();
        let is_credit = WORKS.iter().any(|work| rest.starts_with(work))
            && rest.split(' ').take(4).any(|word| matches!(word, "by" | "von" | "par" | "por" | "di" | "door"));
        if is_credit {
            return text[..at].trim_end();
        }
    }
    text
}

/// Strips the words before a name. Also returns the last of them.
pub(super) fn strip_byline_prefixes(text: &str) -> (&str, Option<&'static str>) {
    let mut name = text.trim();
    let mut found = None;
    loop {
        let before = LONG_BYLINE_PREFIXES.iter().chain(BYLINE_PREFIXES).copied().find(|by| has_prefix(name, by));
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

/// Returns whether a text starts with this prefix and a name may follow: after a space, or with a capital joined to it.
fn has_prefix(text: &str, by: &str) -> bool {
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

/// Returns the names at the start of a text, and the number of words in the shortest of them.
pub(super) fn leading_names(text: &str) -> Option<(&str, usize)> {
    let (mut end, mut closed, mut at) = (0, 0, 0);
    let (mut shortest, mut words) = (usize::MAX, 0);
    for piece in text.split_inclusive(' ') {
        let word = piece.trim_end();
        let bare = word.trim_end_matches([',', ';', ':']);
        let small = bare.to_lowercase();
        if words >= 1 && (is_label_word(&small) || ends_name(&small)) {
            // Words between the last name and "Editor" belong to the role: "Ann Lee, Chief Editor".
            let end = if closed > 0 { closed } else { end };
            return Some((&text[..end], shortest.min(words)));
        }
        if words >= 2 && dates::is_month(&small) {
            return Some((&text[..end], shortest.min(words)));
        }
        if words > 0 && is_parenthesized_name(bare) {
            // "Ann (Annie) Lee": the name may continue after it.
        } else if (is_name_word(bare) || (words > 0 && ends_group_name(bare))) && words < 5 {
            words += 1;
            end = at + bare.len();
        } else if !(words > 0 && is_particle(bare)) {
            if !(words > 0 && is_conjunction(bare)) {
                let stops = !bare.chars().next().is_some_and(char::is_alphabetic)
                    || DATE_CONNECTORS.contains(&bare)
                    || ends_name(bare);
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

fn starts_with_capital(word: &str) -> bool {
    let mut letters = word.trim_start_matches(['‘', '\'', '“', '"', '(']).chars();
    letters.next().is_some_and(char::is_uppercase)
}

/// Returns whether a word may be part of a name: a capital first, then letters.
pub(super) fn is_name_word(word: &str) -> bool {
    let plain = |letter: char| letter.is_alphabetic() || matches!(letter, '.' | '-' | '\'' | '’' | '‑' | '·');
    starts_with_capital(word) && word.chars().all(plain)
}

/// Returns whether a word is another name in parentheses.
fn is_parenthesized_name(word: &str) -> bool {
    word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).is_some_and(is_name_word)
}

/// Strips the role after the names: "Ann Lee, Senior Editor".
pub(super) fn strip_role(names: &str) -> &str {
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
        let is_role = kept > 0 && words::match_key(piece).split(' ').any(|word| ROLES.contains(&word));
        if is_role {
            return names[..kept].trim_end_matches([',', ' ']);
        }
        kept = end + 2;
    }
    strip_joined_role(names, ROLES)
}

/// Strips a role that only a style separates from the name: "Ann Lee Senior Staff Writer".
fn strip_joined_role<'n>(names: &'n str, roles: &[&str]) -> &'n str {
    const MODIFIERS: &[&str] =
        &["senior", "staff", "chief", "contributing", "associate", "deputy", "special", "news", "freelance"];
    let words: Vec<&str> = names.split(' ').collect();
    let is_role = |word: &&str| roles.contains(&words::match_key(word).as_str());
    let is_modifier = |word: &&str| MODIFIERS.contains(&words::match_key(word).as_str());
    if !words.last().is_some_and(is_role) {
        return names;
    }
    let modifiers = words[..words.len() - 1].iter().rev().take_while(|word| is_modifier(word)).count();
    let kept = words.len() - 1 - modifiers;
    // "Valley Editor" alone is a desk, and "The Staff" its writers.
    if kept < 2 || modifiers == 0 {
        return names;
    }
    names[..words[..kept].iter().map(|word| word.len() + 1).sum::<usize>() - 1].trim_end_matches([',', ' '])
}

/// Removes the repetition of a name that occurs twice in a row.
fn remove_repetition(name: &str) -> &str {
    let middle = name.len() / 2;
    match (name.get(..middle), name.get(middle + 1..)) {
        (Some(one), Some(other)) if one == other && one.contains(' ') => one,
        _ => name,
    }
}

/// Returns whether a text is about rights, or credits several people: "design: Ann Lee".
fn is_notice(lower: &str) -> bool {
    ["copyright", "©", "all rights reserved", ": "].iter().any(|mark| lower.contains(mark))
}

/// Returns whether a text is a placeholder of some software: a hexadecimal key, or asterisks.
fn is_generated_id(lower: &str) -> bool {
    let is_key = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        word.len() >= 12 && digits >= 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    lower.contains("**") || !lower.contains(' ') && is_key(lower)
}
