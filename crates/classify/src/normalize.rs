//! Normalizes text for lookups: lower case, without accents, split into words.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Converts to lower case without accents, `ß` to `ss`. Of other scripts it changes what is often written in two ways: `ё`,
/// the forms of Alef and the ends of Arabic words, and what [`is_dropped_mark`] names.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        push_folded_letter(&mut out, letter);
    }
    out
}

/// Returns the folded name with every run of other characters replaced by one `-`, none at the ends.
pub(super) fn slugify(name: &str) -> String {
    let folded_name = fold(name);
    let words = folded_name.split(|letter: char| !letter.is_alphanumeric() && !is_mark(letter));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Returns the folded words of `text`, in order.
pub(super) fn folded_words(text: &str) -> impl Iterator<Item = String> {
    word_spans(text).map(|(_, word)| fold(word)).filter(|word| !word.is_empty())
}

/// Returns the words of `text` as written, each with its byte offset.
pub(super) fn word_spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_separator = |letter: char| !letter.is_alphanumeric() && !is_mark(letter);
    let mut start = 0;
    let pieces = text.split_inclusive(is_separator).map(move |piece| {
        let word = (start, piece.trim_end_matches(is_separator));
        start += piece.len();
        word
    });
    pieces.filter(|(_, word)| !word.is_empty())
}

/// Marks that belong to the letter before them: accents, vowels of Arabic and Indic scripts, joiners.
fn is_mark(letter: char) -> bool {
    !letter.is_ascii() && (is_dropped_mark(letter) || letter.general_category_group() == GeneralCategoryGroup::Mark)
}

/// Marks that are left out, since not everyone writes them.
fn is_dropped_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{93C}' | '\u{200C}' | '\u{200D}')
}

fn push_folded_letter(out: &mut String, letter: char) {
    if letter.is_ascii() {
        out.push(letter.to_ascii_lowercase());
        return;
    }
    for lower in letter.to_lowercase().filter(|lower| !is_dropped_mark(*lower)) {
        match base_letters(lower) {
            "" => out.push(lower),
            letters => out.push_str(letters),
        }
    }
}

/// Returns the base letters of an accented lower-case letter; empty for any other.
fn base_letters(letter: char) -> &'static str {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' => "a",
        'æ' => "ae",
        'ɓ' => "b",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' | 'ɗ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' | 'ƙ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ọ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ṣ' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ụ' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ƴ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ё' => "е",
        'أ' | 'إ' | 'آ' | 'ٱ' => "ا",
        'ى' => "ي",
        'ة' => "ه",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_drop_case_accents_and_punctuation() {
        for (name, expected) in [
            ("Arts & Culture", "arts-culture"),
            ("  Économie ", "economie"),
            ("Fußball", "fussball"),
            ("SANTÉ / Bien-être", "sante-bien-etre"),
            ("Piłka Nożna", "pilka-nozna"),
            ("e\u{301}te\u{301}", "ete"),
            ("Политика", "политика"),
            ("Şiyaset İç", "siyaset-ic"),
            ("—", ""),
        ] {
            assert_eq!(slugify(name), expected, "{name}");
        }
    }

    #[test]
    fn words_are_split_at_non_alphanumeric_characters() {
        let found: Vec<String> = folded_words("The U.S. Senate’s “vote”: 51–49, ещё").collect();
        assert_eq!(found, ["the", "u", "s", "senate", "s", "vote", "51", "49", "еще"]);
    }
}
