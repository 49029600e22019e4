//! The form in which texts are indexed and searched for. Pure.
//!
//! Words are separated by spaces here, so that the tokenizer of the index has nothing to decide: a headline gives the
//! same words whether it is indexed or typed.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Letters that readers also write without their strokes, dots and ligatures; and forms of one letter.
const FOLDED_LETTERS: &[(char, &str)] = &[
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ħ', "h"),
    ('ŧ', "t"),
    ('ı', "i"),
    ('ŋ', "n"),
    ('ς', "σ"),
    ('ё', "е"),
    ('ґ', "г"),
    ('آ', "ا"),
    ('أ', "ا"),
    ('إ', "ا"),
    ('ٱ', "ا"),
    ('ى', "ي"),
    ('ی', "ي"),
    ('ک', "ك"),
    ('ة', "ه"),
];

/// Returns the text as it is indexed: words in lower case, without accents. Scripts without spaces become pairs of
/// characters. A sign such as € or an emoji is a word of its own.
#[must_use]
pub(super) fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut characters = text.nfkc().filter(|character| !is_ignored(*character)).peekable();
    while let Some(character) = characters.next() {
        if is_unspaced_script(character) {
            out.push(' ');
            out.push(character);
            if let Some(next) = characters.peek().filter(|next| is_unspaced_script(**next)) {
                out.push(*next);
            }
            out.push(' ');
        } else if character.is_alphanumeric() || is_mark(character) {
            character.to_lowercase().for_each(|letter| fold(letter, &mut out));
        } else if is_sign(character) {
            push_sign(character, &mut out);
        } else {
            out.push(' ');
        }
    }
    out
}

/// Adds a sign as a word of letters and digits, since tokenizers take signs for spaces.
fn push_sign(sign: char, out: &mut String) {
    out.push_str(&format!(" u{:x} ", u32::from(sign)));
}

/// Returns a word of [`normalize`] as a reader would write it.
pub(super) fn display_word(word: &str) -> String {
    let code = word.strip_prefix('u').and_then(|code| u32::from_str_radix(code, 16).ok());
    match code.and_then(char::from_u32).filter(|character| is_sign(*character)) {
        Some(sign) => sign.to_string(),
        None => word.to_owned(),
    }
}

/// Adds a letter without its accents.
fn fold(letter: char, out: &mut String) {
    if letter.is_ascii() {
        return out.push(letter);
    }
    if let Some((_, folded)) = FOLDED_LETTERS.iter().find(|(known, _)| *known == letter) {
        return out.push_str(folded);
    }
    match letter {
        // In Cyrillic, й and ї are letters, not accented ones.
        '\u{400}'..='\u{52f}' => out.push(letter),
        '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}' => {
            decompose_canonical(letter, |part| {
                if !is_ignored(part) {
                    out.push(if part == 'ς' { 'σ' } else { part });
                }
            });
        }
        _ if is_ignored(letter) => {}
        _ => out.push(letter),
    }
}

/// Returns whether a character makes no difference: an accent that stands for itself, a vowel sign that is mostly not
/// written, a variant of an emoji, or a character that is not shown.
fn is_ignored(character: char) -> bool {
    match character {
        '\0'..='\u{7f}' => false,
        // Accents; Hebrew points; Arabic vowel signs and the stretch mark; keycaps; variants of signs; skin tones.
        '\u{300}'..='\u{36f}'
        | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{20d0}'..='\u{20f0}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}' => character != '\u{5be}', // a hyphen
        _ => character.general_category() == GeneralCategory::Format,
    }
}

fn is_mark(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
    )
}

/// Returns whether a character is a sign that can stand for a word: a currency, an arrow, an emoji. The signs on every
/// keyboard only separate words.
fn is_sign(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            character.general_category(),
            GeneralCategory::CurrencySymbol | GeneralCategory::MathSymbol | GeneralCategory::OtherSymbol
        )
}

/// Returns whether a character belongs to a script without spaces between words: Chinese, Japanese, Thai, Lao, Khmer,
/// Burmese.
pub(super) fn is_unspaced_script(character: char) -> bool {
    let is_in_block = matches!(character, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}'
        | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}');
    is_in_block && (character.is_alphanumeric() || is_mark(character)) && !character.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_same_words_are_indexed_alike() {
        for spellings in [
            &["Łódź", "lodz", "LÓDŹ", "Ło\u{301}dz\u{301}"][..],
            &["Straße", "STRASSE", "strasse"],
            &["ﬁne oﬃce", "fine office", "ｆｉｎｅ　ｏｆｆｉｃｅ"],
            &["Ήλιος", "ηλιοσ", "ΗΛΙΟΣ", "ἥλιος"],
            &["Ёлка", "елка", "ЁЛКА"],
            &["København", "kobenhavn"],
            &["Þórður", "thordur"],
            &["Đà Nẵng", "da nang"],
            &["İstanbul", "istanbul", "ıstanbul"],
            &["ﾃﾚﾋﾞ", "テレビ"],
            &["مُحَمَّد", "محمد", "محـمد"],
            &["שָׁלוֹם", "שלום"],
            &["👩🏽‍🚀 ❤️", "👩🚀❤"],
            &["co\u{ad}operate", "cooperate"],
            &["Übergrößenträger", "ubergrossentrager"],
        ] {
            let words = |text: &str| normalize(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            for spelling in spellings {
                assert_eq!(words(spelling), words(spellings[0]), "{spelling}");
            }
        }
        assert_ne!(normalize("мой"), normalize("мои"), "й is a letter of its own");
    }

    #[test]
    fn signs_are_words_and_punctuation_is_none() {
        let words = |text: &str| normalize(text).split_whitespace().collect::<Vec<_>>().join("|");
        assert_eq!(words("€5 – 7 → 9★, “so” it’s · C++ & $3"), "u20ac|5|7|u2192|9|u2605|so|it|s|c|3");
        assert_eq!(["u20ac", "u2192", "unter", "udead", "u7"].map(display_word), ["€", "→", "unter", "udead", "u7"]);
        assert_eq!(words("東京、大阪・京都"), "東京|京|大阪|阪|京都|都");
        assert_eq!(words("iPhone発売2025年"), "iphone|発売|売|2025|年");
        assert_eq!(words("हिन्दी किताब"), "हिन्दी|किताब");
        assert_eq!(words("人々"), "人々|々");
    }
}
