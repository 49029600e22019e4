//! The form in which texts are indexed and searched for.
//!
//! Words are separated by spaces here, so that the tokenizer of the index has nothing to decide: a headline gives the
//! same words whether it is indexed or typed.

use crate::{compose, fold_letter, is_mark, is_unspaced_script};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Returns the text as it is indexed: words in lower case, without accents. Scripts without spaces become pairs of
/// characters. A sign such as € or an emoji is a word of its own.
#[must_use]
pub fn index_form(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut characters = compose(text).peekable();
    while let Some(character) = characters.next() {
        if is_unspaced_script(character) {
            out.push(' ');
            out.push(character);
            if let Some(next) = characters.peek().filter(|next| is_unspaced_script(**next)) {
                out.push(*next);
            }
            out.push(' ');
        } else if character.is_alphanumeric() || is_mark(character) {
            character.to_lowercase().for_each(|letter| fold_letter(letter, &mut out));
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

/// Returns a word of [`index_form`] as a reader would write it.
#[must_use]
pub fn display_word(word: &str) -> String {
    let code = word.strip_prefix('u').and_then(|code| u32::from_str_radix(code, 16).ok());
    match code.and_then(char::from_u32).filter(|character| is_sign(*character)) {
        Some(sign) => sign.to_string(),
        None => word.to_owned(),
    }
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
            &["Ɗalibai", "ɗalibai", "dalibai"],
            &["फ़सल", "फ\u{93c}सल", "फसल"],
            &["👩🏽‍🚀 ❤️", "👩🚀❤"],
            &["co\u{ad}operate", "cooperate"],
            &["Übergrößenträger", "ubergrossentrager"],
        ] {
            let words = |text: &str| index_form(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            for spelling in spellings {
                assert_eq!(words(spelling), words(spellings[0]), "{spelling}");
            }
        }
        assert_ne!(index_form("мой"), index_form("мои"), "й is a letter of its own");
    }

    #[test]
    fn signs_are_words_and_punctuation_is_none() {
        let words = |text: &str| index_form(text).split_whitespace().collect::<Vec<_>>().join("|");
        assert_eq!(words("€5 – 7 → 9★, “so” it’s · C++ & $3"), "u20ac|5|7|u2192|9|u2605|so|it|s|c|3");
        assert_eq!(["u20ac", "u2192", "unter", "udead", "u7"].map(display_word), ["€", "→", "unter", "udead", "u7"]);
        assert_eq!(words("東京、大阪・京都"), "東京|京|大阪|阪|京都|都");
        assert_eq!(words("iPhone発売2025年"), "iphone|発売|売|2025|年");
        assert_eq!(words("हिन्दी किताब"), "हिन्दी|किताब");
        assert_eq!(words("人々"), "人々|々");
    }
}
