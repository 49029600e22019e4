//! Letters and words of any script, in the form in which they are compared: the search, tags and the choice of topics take the
//! same spellings for the same word. Pure.

mod index_form;
mod short_words;

pub use index_form::{display_word, index_form};
pub use short_words::detect_language;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Letters that readers also write without their strokes, dots, hooks and ligatures; and forms of one letter.
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
    ('ɓ', "b"),
    ('ɗ', "d"),
    ('ƙ', "k"),
    ('ƴ', "y"),
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

/// Returns a text in lower case, without accents and without what makes no difference. In Cyrillic, й and ї stay, since they
/// are letters.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for character in compose(text) {
        character.to_lowercase().for_each(|letter| fold_letter(letter, &mut out));
    }
    out
}

/// Returns the characters of a text in their usual form (NFKC), without those that make no difference.
pub fn compose(text: &str) -> impl Iterator<Item = char> {
    text.nfkc().filter(|character| !is_ignored(*character))
}

/// Returns the words of a text as it writes them, each with its byte offset.
pub fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_separator = |letter: char| !is_in_word(letter);
    let mut start = 0;
    let pieces = text.split_inclusive(is_separator).map(move |piece| {
        let word = (start, piece.trim_end_matches(is_separator));
        start += piece.len();
        word
    });
    pieces.filter(|(_, word)| !word.is_empty())
}

/// Returns whether a character belongs to a word: letters, digits, and what stands over, under or between them.
#[must_use]
pub fn is_in_word(character: char) -> bool {
    character.is_alphanumeric() || !character.is_ascii() && (is_mark(character) || is_joiner(character))
}

/// Returns whether a character joins letters of a word without being shown.
const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Adds a letter in lower case without its accents.
pub fn fold_letter(letter: char, out: &mut String) {
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

/// Returns whether a character makes no difference: an accent that stands for itself, a vowel sign or a dot that is mostly not
/// written, a variant of an emoji, or a character that is not shown.
fn is_ignored(character: char) -> bool {
    match character {
        '\0'..='\u{7f}' => false,
        // Accents; Hebrew points; Arabic vowel signs and the stretch mark; the dot below letters of Hindi; keycaps; variants of signs; skin tones.
        '\u{300}'..='\u{36f}'
        | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{93c}'
        | '\u{20d0}'..='\u{20f0}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}' => character != '\u{5be}', // a hyphen
        _ => character.general_category() == GeneralCategory::Format,
    }
}

/// Returns whether a character is a mark that belongs to the letter before it.
#[must_use]
pub fn is_mark(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
    )
}

/// Returns whether a character belongs to a script without spaces between words: Chinese, Japanese, Thai, Lao, Khmer,
/// Burmese.
#[must_use]
pub fn is_unspaced_script(character: char) -> bool {
    let is_in_block = matches!(character, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}'
        | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}');
    is_in_block && (character.is_alphanumeric() || is_mark(character)) && !character.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_are_folded_alike() {
        for (spellings, expected) in [
            (&["Łódź", "LÓDŹ", "Ło\u{301}dz\u{301}"][..], "lodz"),
            (&["Việt", "VIÊ\u{323}T"], "viet"),
            (&["Ελλάδα", "ΕΛΛΑΔΑ"], "ελλαδα"),
            (&["Ёлка"], "елка"),
            (&["مُحَمَّد"], "محمد"),
            (&["Ɓangare", "ɓangare", "bangare"], "bangare"),
            (&["ƘARƘASHIN", "karkashin"], "karkashin"),
            (&["ƳANƊAKA", "yandaka"], "yandaka"),
            (&["ज़मीन", "ज\u{93c}मीन", "जमीन"], "जमीन"),
        ] {
            for spelling in spellings {
                assert_eq!(fold(spelling), expected, "{spelling}");
            }
        }
    }

    #[test]
    fn letters_of_scripts_without_spaces_are_told_from_their_punctuation() {
        for letter in ['東', 'の', 'ﾃ', 'ﾞ', '々', '\u{31350}', 'ก', '\u{e31}', 'ក', 'မ'] {
            assert!(is_unspaced_script(letter), "{letter}");
        }
        for other in ['a', 'é', 'д', 'ह', '한', '。', '・', '฿', '၊', '５', ' '] {
            assert!(!is_unspaced_script(other), "{other}");
        }
    }

    #[test]
    fn words_of_every_script_stay_in_one_piece() {
        let words = |text| spans(text).map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(words("The U.S. Senate’s “vote”"), ["The", "U", "S", "Senate", "s", "vote"]);
        for word in ["हिन्दी", "தமிழ்", "తెలుగు", "ខ្មែរ", "می‌خواهم"]
        {
            assert_eq!(words(word), [word]);
        }
        assert_eq!(spans("a, été").collect::<Vec<_>>(), [(0, "a"), (3, "été")]);
    }
}
