//! What each article of a story adds: its sentences that no earlier article has in other words.

use classify::word_forms::WordForms;
use foldhash::HashSet;

use crate::tokens::{self, Kind};

/// Share of the words of a sentence that one earlier sentence has, by which it is known already.
const KNOWN_SHARE: f32 = 0.6;
/// Words of the shortest sentence that says something.
const MIN_WORDS: usize = 2;
/// Sentences of an article, and words of a sentence, that are looked at.
const MAX_SENTENCES: usize = 60;
const MAX_WORDS: usize = 80;

/// Returns for each article, given by language and text in order of time, the sentences that none before it has. In another language all
/// are new.
#[must_use]
pub fn additions<'a>(articles: &[(Option<&str>, &'a str)]) -> Vec<Vec<&'a str>> {
    let mut known: Vec<HashSet<String>> = Vec::new();
    let mut found = Vec::new();
    for (language, text) in articles {
        let forms = WordForms::of(*language, "", text);
        let read: Vec<(&str, HashSet<String>)> = sentences(text)
            .take(MAX_SENTENCES)
            .map(|sentence| (sentence, words(&forms, sentence)))
            .filter(|(_, words)| words.len() >= MIN_WORDS)
            .collect();
        found.push(read.iter().filter(|(_, words)| !is_known(words, &known)).map(|(sentence, _)| *sentence).collect());
        known.extend(read.into_iter().map(|(_, words)| words));
    }
    found
}

#[expect(clippy::cast_precision_loss, reason = "some dozen words")]
fn is_known(words: &HashSet<String>, known: &[HashSet<String>]) -> bool {
    let share = |other: &HashSet<String>| words.intersection(other).count() as f32 / words.len() as f32;
    known.iter().any(|other| share(other) >= KNOWN_SHARE)
}

/// Returns the stems and numbers of a sentence, without words that name nothing.
fn words(forms: &WordForms, sentence: &str) -> HashSet<String> {
    let tokens = tokens::read(sentence, MAX_WORDS).into_iter();
    let telling = tokens.filter(|token| token.kind != Kind::Word || !forms.is_function_word(&token.folded));
    telling.map(|token| if token.kind == Kind::Word { forms.stem(token.written) } else { token.folded }).collect()
}

/// Returns the sentences of a text. A full stop ends one if a space and no small letter follow, and no single letter or short title is
/// before it.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let trimmed = rest.trim_start();
        if trimmed.is_empty() {
            return None;
        }
        let end = find_end(trimmed);
        rest = &trimmed[end..];
        Some(trimmed[..end].trim_end())
    })
}

fn find_end(text: &str) -> usize {
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        match letter {
            '\n' | '。' | '！' | '？' => return end,
            '.' | '!' | '?' | '…' => {
                let after = text[end..].trim_start_matches(['"', '”', '“', '»', '’', '\'', ')']);
                let next = after.trim_start().chars().next();
                let has_space = after.starts_with(char::is_whitespace) || after.is_empty();
                if has_space
                    && !next.is_some_and(char::is_lowercase)
                    && !(letter == '.' && ends_with_title(&text[..at]))
                {
                    return text.len() - after.len();
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Returns whether a text ends with what has a full stop of its own: an initial, or a word such as `Dr`.
fn ends_with_title(text: &str) -> bool {
    const TITLES: &[&str] = &["Mr", "Mrs", "Ms", "Dr", "Prof", "St", "No", "Nr", "vs", "Sr", "Sra", "Jr", "bzw", "ca"];
    let word = text.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    TITLES.contains(&word) || word.chars().count() == 1 && word.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_article_adds_what_no_earlier_one_says() {
        let first = "The ferry Maren Dawn struck rocks off Kestrel. All 212 passengers are safe.";
        let later =
            "The Maren Dawn ferry struck the rocks off Kestrel on Monday. Divers will look at the hull tomorrow.";
        let found = additions(&[(Some("en"), first), (Some("en"), later), (Some("en"), later)]);
        assert_eq!(found[0].len(), 2);
        assert_eq!(found[1], ["Divers will look at the hull tomorrow."]);
        assert!(found[2].is_empty());
    }

    #[test]
    fn sentences_end_where_readers_see_their_end() {
        let text = "Dr. Falk and J. Weir came. “It is over.” She paid 4.25 crowns… perhaps!\nThen\nlast? No";
        assert_eq!(
            sentences(text).collect::<Vec<_>>(),
            ["Dr. Falk and J. Weir came.", "“It is over.”", "She paid 4.25 crowns… perhaps!", "Then", "last?", "No"]
        );
        assert_eq!(sentences("").count(), 0);
    }
}
