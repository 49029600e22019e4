//! Looks up lines in the phrase lists beside this file, in the supported languages.
//!
//! - `drop_if_whole_line.txt`: drops lines that consist of such a phrase.
//! - `drop_if_prefix_before_link.txt`: drops lines that begin with such a phrase before a colon or a link; they point
//!   to other articles.
//! - `drop_if_prefix_of_short_line.txt`: drops short lines that begin with such a phrase.
//! - `appeal_words.txt`: words that ask the reader for something.
//! - `drop_if_interface_label.txt`: drops lines that consist of an interface label; `0` stands for any number. Checked
//!   only after the article is selected, not as a feature for selecting it.
//!
//! Case and punctuation do not matter; `[reason]` begins a group.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::dom::words;
use crate::page::Reason;

static WHOLE_LINES: LazyLock<PhraseList> = LazyLock::new(|| PhraseList::parse(include_str!("drop_if_whole_line.txt")));
static LINK_PREFIXES: LazyLock<PhraseList> =
    LazyLock::new(|| PhraseList::parse(include_str!("drop_if_prefix_before_link.txt")));
static LINE_PREFIXES: LazyLock<PhraseList> =
    LazyLock::new(|| PhraseList::parse(include_str!("drop_if_prefix_of_short_line.txt")));
static INTERFACE_LABELS: LazyLock<HashMap<String, Reason>> =
    LazyLock::new(|| parse_list(include_str!("drop_if_interface_label.txt")));
static APPEAL_WORDS: LazyLock<PhraseList> = LazyLock::new(|| PhraseList::parse(include_str!("appeal_words.txt")));

/// The maximum number of words in a prefix.
const MAX_PHRASE_WORDS: usize = 10;

/// The maximum length of an interface label.
const MAX_LABEL_BYTES: usize = 100;

/// The phrases of a list.
pub(super) struct PhraseList {
    /// The reason for each phrase, by its match key.
    reasons: HashMap<String, Reason>,
    /// The first words of all phrases, which rule out most lines.
    first_words: HashSet<String>,
}

impl PhraseList {
    /// Parses a list. Phrases before the first group count as related links.
    pub(super) fn parse(list: &str) -> PhraseList {
        let reasons = parse_list(list);
        let first_words = reasons.keys().filter_map(|phrase| phrase.split(' ').next()).map(str::to_owned).collect();
        PhraseList { reasons, first_words }
    }

    /// Returns the longest phrase that the key begins with, and its reason.
    pub(super) fn longest_prefix<'k>(&self, key: &'k str) -> Option<(&'k str, Reason)> {
        let found = |end: usize| self.reasons.get(&key[..end]).map(|reason| (&key[..end], *reason));
        let first = key.find(' ').unwrap_or(key.len());
        let by_word = || {
            let ends = key.match_indices(' ').map(|(at, _)| at).take(MAX_PHRASE_WORDS).chain([key.len()]);
            ends.filter_map(found).last()
        };
        let wordless = || {
            if key.is_ascii() {
                return None;
            }
            let ends = key.char_indices().map(|(at, _)| at).skip(2).take(12);
            ends.filter(|end| key[..*end].ends_with(words::is_unspaced_script)).filter_map(found).last()
        };
        self.first_words.contains(&key[..first]).then(by_word).flatten().or_else(wordless)
    }
}

fn parse_list(list: &str) -> HashMap<String, Reason> {
    let mut reason = Reason::RelatedLinks;
    let mut phrases = HashMap::default();
    for line in list.lines() {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => {
                reason = serde_json::from_value(Value::String(name.to_owned()))
                    .expect("the lists name known reasons; a test reads them all");
            }
            None if line.is_empty() => {}
            None => {
                phrases.entry(words::match_key(line)).or_insert(reason);
            }
        }
    }
    phrases
}

/// Returns the reason for a line that consists of a known phrase.
pub(super) fn whole_line_reason(text: &str) -> Option<Reason> {
    reason_for_key(text, &words::match_key(text))
}

fn reason_for_key(text: &str, key: &str) -> Option<Reason> {
    if text.len() > 200 {
        return None;
    }
    if let Some(reason) = WHOLE_LINES.reasons.get(key) {
        return Some(*reason);
    }
    // "12 comments", "3 shares"
    let (number, rest) = key.split_once(' ')?;
    let counted = number.bytes().all(|byte| byte.is_ascii_digit());
    match rest {
        _ if !counted => None,
        "comments" | "comment" | "kommentare" | "commentaires" | "comentarios" => Some(Reason::Comments),
        "shares" | "share" => Some(Reason::ShareButtons),
        _ => None,
    }
}

/// Returns the reason for a line that consists of a button, a player's label, or a note for screen readers.
pub(super) fn interface_label_reason(text: &str, key: &str) -> Option<Reason> {
    if text.len() > MAX_LABEL_BYTES {
        return None;
    }
    let is_clock = || (key.starts_with("0 00") || key.starts_with("00 00")) && key.split(' ').all(is_number);
    let reason = INTERFACE_LABELS.get(&numbers_to_zero(key)).copied();
    reason.or_else(|| is_clock().then_some(Reason::ScriptOnlyWidget))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Replaces each number in a key by `0`.
fn numbers_to_zero(key: &str) -> String {
    key.split(' ').map(|word| if is_number(word) { "0" } else { word }).collect::<Vec<_>>().join(" ")
}

/// Returns the reason for a line by its own words, given its key and word count.
pub(super) fn line_reason(text: &str, key: &str, count: usize, link_share: f64) -> Option<Reason> {
    if let Some(reason) = reason_for_key(text, key) {
        return Some(reason);
    }
    if is_chinese_notice(text) {
        return Some(Reason::Legal);
    }
    if count > 45 {
        return None;
    }
    if text.starts_with('©') && count <= 30 {
        return Some(Reason::Legal);
    }
    if is_link_teaser(text, key, link_share) {
        return Some(Reason::RelatedLinks);
    }
    let (_, reason) = LINE_PREFIXES.longest_prefix(key).filter(|_| count <= 40)?;
    // Prose may begin the same way; appeals are short or full of "you".
    (count <= 16 || reason != Reason::Promotion || is_appeal(text)).then_some(reason)
}

/// Returns whether a Chinese line says what may be done with the texts of this site.
fn is_chinese_notice(text: &str) -> bool {
    const SITE: &[&str] = &["本网", "本站", "本报", "本平台", "本公众号"];
    const TERMS: &[&str] = &[
        "版权",
        "转载",
        "未经",
        "授权",
        "注明来源",
        "注明出处",
        "侵权",
        "不代表",
        "同本网联系",
        "与本网联系",
        "三十日内",
        "30日内",
    ];
    let names = |words: &[&str]| words.iter().filter(|word| text.contains(**word)).count();
    !text.is_ascii() && text.len() <= 600 && names(SITE) > 0 && names(TERMS) >= 3
}

/// Returns whether a line points to another article: "Read also: …", or the same words before a line that is mostly a
/// link.
fn is_link_teaser(text: &str, key: &str, link_share: f64) -> bool {
    let Some((phrase, _)) = LINK_PREFIXES.longest_prefix(key) else {
        return false;
    };
    let is_long = phrase.contains(' ') || phrase.chars().any(words::is_unspaced_script);
    let separator = text.find([':', '：', '|', '»', '►', '▶', '>', '–', '→']);
    let is_marked = separator.is_some_and(|at| words::match_key(&text[..at]) == phrase);
    (is_marked && (is_long || link_share > 0.5)) || (link_share > 0.5 && is_long)
}

/// Returns whether a line is the heading of a list of other articles.
pub(super) fn opens_list(text: &str) -> bool {
    whole_line_reason(text) == Some(Reason::RelatedLinks)
}

/// Returns the share of a key's words that ask the reader for something.
pub(super) fn appeal_share(key: &str) -> f32 {
    let (mut all, mut appeals) = (0_u32, 0_u32);
    for word in key.split(' ') {
        all += 1;
        appeals += u32::from(APPEAL_WORDS.reasons.contains_key(word));
    }
    appeals as f32 / all as f32
}

/// Returns whether a text asks the reader for something: several such words and no quotation.
pub(super) fn is_appeal(text: &str) -> bool {
    if text.contains(['"', '“', '„', '«', '「']) || text.chars().count() > 400 {
        return false;
    }
    let found = count_appeal_phrases(&words::match_key(text));
    found >= 3 && found * 12 >= words::count(text).max(1)
}

/// Returns the number of different appeal phrases in a key.
fn count_appeal_phrases(key: &str) -> usize {
    let begins = || key.match_indices(' ').map(|(at, _)| at + 1);
    let starts = std::iter::once(0).chain(begins());
    let matches_at = |from: usize, phrase: &str| {
        key[from..].strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let appeals: HashSet<&str> = starts
        .flat_map(|from| {
            let word = &key[from..from + key[from..].find(' ').unwrap_or(key.len() - from)];
            let may_match = APPEAL_WORDS.first_words.contains(word);
            APPEAL_WORDS.reasons.keys().filter(move |phrase| may_match && matches_at(from, phrase)).map(String::as_str)
        })
        .collect();
    appeals.len()
}

/// Headings of sections that belong to the article although they follow it and consist of links.
const NOTES_HEADINGS: &[&str] = &[
    "notes",
    "footnotes",
    "references",
    "sources",
    "citations",
    "bibliography",
    "works cited",
    "notes and references",
    "einzelnachweise",
    "quellen",
    "fußnoten",
    "literatur",
    "anmerkungen",
    "références",
    "notes et références",
    "bibliographie",
    "referencias",
    "notas",
    "fuentes",
    "bibliografía",
    "referências",
    "note",
    "fonti",
    "bibliografia",
    "bronnen",
    "referenties",
    "källor",
    "referenser",
    "kilder",
    "źródła",
    "przypisy",
    "примечания",
    "источники",
    "литература",
    "参考文献",
    "参考资料",
    "脚注",
    "注释",
    "각주",
    "참고문헌",
    "المراجع",
    "مراجع",
    "kaynakça",
    "przypisy",
];

/// Returns whether a line is the heading of notes or sources.
pub(super) fn opens_notes(text: &str) -> bool {
    text.len() <= 60 && NOTES_HEADINGS.contains(&words::match_key(text).as_str())
}

/// Returns whether a short line appeals to the reader with an exclamation mark.
pub(super) fn is_exclamation(text: &str) -> bool {
    text.ends_with('!') && words::count(text) <= 8 && count_appeal_phrases(&words::match_key(text)) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_on_copying_are_legal() {
        let legal =
            |text: &str| line_reason(text, &words::match_key(text), words::count(text), 0.0) == Some(Reason::Legal);
        assert!(legal("凡本站注明来源的文章，未经授权不得转载，违者将追究法律责任。"));
        assert!(legal("如涉及版权、侵权等问题，请在30日内与本网联系。"));
        assert!(!legal("记者了解到，本报的文章常被转载。"));
        assert!(legal("Żadna część jak i całość utworów nie może być powielana bez zgody wydawcy."));
        assert!(legal("Wyrażam zgodę na otrzymywanie informacji handlowych drogą elektroniczną."));
    }

    #[test]
    fn recognizes_interface_labels_in_many_languages() {
        for text in [
            "Copied!",
            "toggle caption",
            "Loading…",
            "0:00 / 3:21",
            "Bild vergrößern",
            "Écouter l’article",
            "Ver más",
            "Czytaj więcej »",
            "Читать дальше →",
        ] {
            assert!(interface_label_reason(text, &words::match_key(text)).is_some(), "{text}");
        }
        for text in ["Copy the link into the field below.", "Loading docks of the old harbour", "3:21", "4 minutes"] {
            assert_eq!(interface_label_reason(text, &words::match_key(text)), None, "{text}");
        }
    }

    #[test]
    fn every_phrase_list_parses() {
        for list in [&WHOLE_LINES, &LINK_PREFIXES, &LINE_PREFIXES, &APPEAL_WORDS] {
            assert!(list.reasons.len() > 10);
            assert!(list.reasons.keys().all(|phrase| !phrase.is_empty()));
        }
        assert!(
            INTERFACE_LABELS.len() > 10
                && INTERFACE_LABELS.keys().all(|phrase| !phrase.is_empty() && phrase.len() <= MAX_LABEL_BYTES)
        );
        assert_eq!(WHOLE_LINES.reasons.get("advertisement"), Some(&Reason::Advertisement));
    }
}
