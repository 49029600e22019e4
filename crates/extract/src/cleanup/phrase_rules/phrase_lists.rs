//! What lines say that are not the article, in the languages we know: how the lists beside this
//! file are looked up.
//!
//! - `drop_if_whole_line.txt`: lines that are nothing but this.
//! - `drop_if_prefix_before_link.txt`: lines that begin so, followed by a colon or a link, point to other articles.
//! - `drop_if_prefix_of_short_line.txt`: short lines that begin so are what is named.
//! - `appeal_words.txt`: words of somebody who wants something of the reader.
//! - `drop_if_interface_label.txt`: lines that are nothing but this and that only belong to the working of a page; `0` stands for any number.
//!   They are looked at when the article is chosen, and tell the trees that choose it nothing.
//!
//! Case and punctuation do not matter; `[reason]` begins a group.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::dom::words;
use crate::page::Reason;

static WHOLE: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("drop_if_whole_line.txt")));
static LEADS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("drop_if_prefix_before_link.txt")));
static BEGINNINGS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(include_str!("drop_if_prefix_of_short_line.txt")));
static CONTROLS: LazyLock<HashMap<String, Reason>> =
    LazyLock::new(|| reasons(include_str!("drop_if_interface_label.txt")));
static APPEALS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("appeal_words.txt")));

/// The longest phrase that begins a line, in words.
const LONGEST: usize = 10;

/// The longest line that is a control, in bytes.
const LONGEST_CONTROL: usize = 100;

/// The phrases of a list.
struct Phrases {
    /// By their keys.
    reasons: HashMap<String, Reason>,
    /// The words they begin with, by which most lines are told to be none of them.
    first: HashSet<String>,
}

impl Phrases {
    /// Reads a list; without groups everything points elsewhere.
    fn read(list: &str) -> Phrases {
        let reasons = reasons(list);
        let first = reasons.keys().filter_map(|phrase| phrase.split(' ').next()).map(str::to_owned).collect();
        Phrases { reasons, first }
    }

    /// The longest phrase that a key begins with, and its reason.
    fn beginning<'k>(&self, key: &'k str) -> Option<(&'k str, Reason)> {
        let found = |end: usize| self.reasons.get(&key[..end]).map(|reason| (&key[..end], *reason));
        let first = key.find(' ').unwrap_or(key.len());
        let by_word = || {
            let ends = key.match_indices(' ').map(|(at, _)| at).take(LONGEST).chain([key.len()]);
            ends.filter_map(found).last()
        };
        let wordless = || {
            if key.is_ascii() {
                return None;
            }
            let ends = key.char_indices().map(|(at, _)| at).skip(2).take(12);
            ends.filter(|end| key[..*end].ends_with(words::is_unspaced_script)).filter_map(found).last()
        };
        self.first.contains(&key[..first]).then(by_word).flatten().or_else(wordless)
    }
}

fn reasons(list: &str) -> HashMap<String, Reason> {
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

/// The reason for which a line that is nothing but a known phrase goes.
pub(super) fn whole(text: &str) -> Option<Reason> {
    whole_of(text, &words::match_key(text))
}

fn whole_of(text: &str, key: &str) -> Option<Reason> {
    if text.len() > 200 {
        return None;
    }
    if let Some(reason) = WHOLE.reasons.get(key) {
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

/// The reason for which a line goes that is nothing but a button, a label of a player, or a word to those who cannot see.
pub(super) fn control(text: &str, key: &str) -> Option<Reason> {
    if text.len() > LONGEST_CONTROL {
        return None;
    }
    let is_clock = || (key.starts_with("0 00") || key.starts_with("00 00")) && key.split(' ').all(is_number);
    let known = CONTROLS.get(&numbers_as_nought(key)).copied();
    known.or_else(|| is_clock().then_some(Reason::ScriptOnlyWidget))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A key in which each number is `0`.
fn numbers_as_nought(key: &str) -> String {
    key.split(' ').map(|word| if is_number(word) { "0" } else { word }).collect::<Vec<_>>().join(" ")
}

/// The reason for which a line goes by its own words, given its key and the number of its words.
pub(super) fn line_of(text: &str, key: &str, count: usize, links: f64) -> Option<Reason> {
    if let Some(reason) = whole_of(text, key) {
        return Some(reason);
    }
    if count > 45 {
        return None;
    }
    if text.starts_with('©') && count <= 30 {
        return Some(Reason::Legal);
    }
    if points_elsewhere(text, key, links) {
        return Some(Reason::RelatedLinks);
    }
    let (_, reason) = BEGINNINGS.beginning(key).filter(|_| count <= 40)?;
    // Prose may begin so as well; what asks for something is short or full of "you".
    (count <= 16 || reason != Reason::Promotion || is_appeal(text)).then_some(reason)
}

/// "Read also: …", or the same words before a line that is mostly a link.
fn points_elsewhere(text: &str, key: &str, links: f64) -> bool {
    let Some((phrase, _)) = LEADS.beginning(key) else {
        return false;
    };
    let long = phrase.contains(' ') || phrase.chars().any(words::is_unspaced_script);
    let mark = text.find([':', '：', '|', '»', '►', '▶', '>', '–', '→']);
    let marked = mark.is_some_and(|at| words::match_key(&text[..at]) == phrase);
    (marked && (long || links > 0.5)) || (links > 0.5 && long)
}

/// Whether a line opens a list of other articles.
pub(super) fn opens_list(text: &str) -> bool {
    whole(text) == Some(Reason::RelatedLinks)
}

/// How many words of a key ask for something, of all its words.
pub(super) fn appeals(key: &str) -> f32 {
    let (mut all, mut asking) = (0_u32, 0_u32);
    for word in key.split(' ') {
        all += 1;
        asking += u32::from(APPEALS.reasons.contains_key(word));
    }
    asking as f32 / all as f32
}

/// Whether a text asks the reader for something: several words of that kind and no quotation.
pub(super) fn is_appeal(text: &str) -> bool {
    if text.contains(['"', '“', '„', '«', '「']) || text.chars().count() > 400 {
        return false;
    }
    let found = asked_for(&words::match_key(text));
    found >= 3 && found * 12 >= words::count(text).max(1)
}

/// How many different phrases of those that ask for something stand in a key.
fn asked_for(key: &str) -> usize {
    let begins = || key.match_indices(' ').map(|(at, _)| at + 1);
    let starts = std::iter::once(0).chain(begins());
    let stands = |from: usize, phrase: &str| {
        key[from..].strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let asking: HashSet<&str> = starts
        .flat_map(|from| {
            let word = &key[from..from + key[from..].find(' ').unwrap_or(key.len() - from)];
            let may = APPEALS.first.contains(word);
            APPEALS.reasons.keys().filter(move |phrase| may && stands(from, phrase)).map(String::as_str)
        })
        .collect();
    asking.len()
}

/// Headings of what belongs to the article though it stands after it and is made of links.
const NOTES: &[&str] = &[
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

/// Whether a line opens the notes or sources of the article.
pub(super) fn opens_notes(text: &str) -> bool {
    text.len() <= 60 && NOTES.contains(&words::match_key(text).as_str())
}

/// Whether a short line calls to the reader: it ends in "!" and speaks of you or us.
pub(super) fn calls(text: &str) -> bool {
    text.ends_with('!') && words::count(text) <= 8 && asked_for(&words::match_key(text)) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_interface_labels_in_many_languages() {
        for text in [
            "Copied!",
            "toggle caption",
            "Loading…",
            "0:00 / 3:21",
            "4 min read",
            "Bild vergrößern",
            "Écouter l’article",
            "Ver más",
            "Czytaj więcej »",
            "Читать дальше →",
        ] {
            assert!(control(text, &words::match_key(text)).is_some(), "{text}");
        }
        for text in ["Copy the link into the field below.", "Loading docks of the old harbour", "3:21", "4 minutes"] {
            assert_eq!(control(text, &words::match_key(text)), None, "{text}");
        }
    }

    #[test]
    fn every_phrase_list_parses() {
        for list in [&WHOLE, &LEADS, &BEGINNINGS, &APPEALS] {
            assert!(list.reasons.len() > 10);
            assert!(list.reasons.keys().all(|phrase| !phrase.is_empty()));
        }
        assert!(
            CONTROLS.len() > 10 && CONTROLS.keys().all(|phrase| !phrase.is_empty() && phrase.len() <= LONGEST_CONTROL)
        );
        assert_eq!(WHOLE.reasons.get("advertisement"), Some(&Reason::Advertisement));
    }
}
