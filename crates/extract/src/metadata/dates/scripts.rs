//! Digits, numerals and spellings of other scripts.

use std::borrow::Cow;

/// The zero of each script whose digits follow each other.
const ZEROS: [u32; 20] = [
    0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x0DE6, 0xFF10,
];

/// Chinese numerals with their values.
const CHINESE: &str = "〇零○一二三四五六七八九十廿卅百元";
/// Hebrew letters in the order of their values: 1 to 9, 10 to 90, 100 to 400. Final letters have the value of others.
const HEBREW: &str = "אבגדהוזחטיכלמנסעפצקרשת";

/// Returns whether a character is a vowel sign or accent, which belongs to the letter before it.
pub(super) fn is_combining_mark(letter: char) -> bool {
    matches!(letter as u32,
        0x0300..=0x036F | 0x0591..=0x05C7 | 0x064B..=0x065F | 0x0670 | 0x0900..=0x0963 | 0x0981..=0x0DFF
        | 0x0E31..=0x0E4E | 0x0EB1..=0x0ECE | 0x0F71..=0x0F84 | 0x102B..=0x109D | 0x135D..=0x135F | 0x17B4..=0x17D3)
}

/// Returns the digit of any script.
pub(super) fn digit(letter: char) -> Option<char> {
    if letter.is_ascii() {
        return letter.is_ascii_digit().then_some(letter);
    }
    let code = letter as u32;
    let zero = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// Writes a text as the names of months are compared: digits as ASCII, letters that are typed in two ways as one, and
/// without what is between the letters of Thai and Hebrew abbreviations.
pub(super) fn unify(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut unified = String::with_capacity(text.len());
    for letter in text.chars() {
        let last = unified.chars().next_back().unwrap_or_default();
        match letter {
            '.' if matches!(last, '\u{0E01}'..='\u{0EFF}') => {}
            '"' | '\'' | '׳' | '״' | '’' | '”' if is_hebrew(last) => {}
            // Marks of direction, joiners, stretched letters.
            '\u{200B}'..='\u{200F}' | '\u{0640}' | '\u{093C}' | '\u{09BC}' => {}
            'أ' | 'إ' | 'آ' | 'ٱ' => unified.push('ا'),
            'ي' | 'ى' => unified.push('ی'),
            'ك' => unified.push('ک'),
            letter => unified.push(digit(letter).unwrap_or(letter)),
        }
    }
    Cow::Owned(unified)
}

fn is_hebrew(letter: char) -> bool {
    matches!(letter, 'א'..='ת')
}

/// Counts what may be the digits of a date: digits of any script, numerals beside 年, and those of a Hebrew year.
pub(super) fn count_digits(text: &str) -> usize {
    let has_chinese = text.contains('年');
    let is_digit = |letter: &char| digit(*letter).is_some() || has_chinese && CHINESE.contains(*letter);
    let hebrew_year = text.split(' ').filter(|word| word.contains(['״', '"']) && hebrew_number(&unify(word)).is_some());
    text.chars().filter(is_digit).count() + 4 * if text.is_ascii() { 0 } else { hebrew_year.count() }
}

/// Reads a number of up to four digits, or in Chinese numerals, from the end of a text or a word. Returns `None` for
/// anything else.
pub(super) fn number(word: &str) -> Option<i16> {
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    let values: Vec<i16> = word.chars().map(chinese_value).collect::<Option<_>>()?;
    let (first, _) = values.split_first()?;
    if values.iter().all(|value| *value < 10) {
        return (values.len() <= 4).then(|| values.iter().fold(0, |number, value| number * 10 + value));
    }
    // "一百一十五": each power of ten multiplies the numeral before it.
    let mut total = 0;
    let mut open = 0;
    for value in if values.len() <= 6 { &values[..] } else { std::slice::from_ref(first) } {
        match value {
            10 | 100 => (total, open) = (total + value * open.max(1), 0),
            20 | 30 => (total, open) = (total + value, 0),
            value => open = *value,
        }
    }
    Some(total + open)
}

/// Returns whether a character is part of a number that [`number`] reads.
pub(super) fn is_numeral(letter: char) -> bool {
    letter.is_ascii_digit() || CHINESE.contains(letter)
}

fn chinese_value(letter: char) -> Option<i16> {
    let at = CHINESE.chars().position(|numeral| numeral == letter)?;
    // The first year of an era is 元, and 〇 has three forms.
    Some([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 100, 1][at])
}

/// Reads a number in Hebrew letters: `יד` is 14, `תשפו` (of the fifth millennium) is 5786.
pub(super) fn hebrew_number(word: &str) -> Option<i16> {
    const LONGEST: usize = 6;
    let values: Vec<i16> = word.chars().take(LONGEST + 1).map(hebrew_value).collect::<Option<_>>()?;
    let (values, is_year) = match values.as_slice() {
        [5, 400, rest @ ..] => ([&[400], rest].concat(), true),
        values => (values.to_vec(), values.starts_with(&[400])),
    };
    // Values fall, but for 9 + 6 and 9 + 7, which stand for 15 and 16, since 10 + 5 would be a name of God.
    let falls = values.windows(2).all(|two| two[0] > two[1] || two[0] == 400);
    let total: i16 = values.iter().sum();
    (!values.is_empty() && values.len() <= LONGEST && falls).then_some(if is_year { 5000 + total } else { total })
}

fn hebrew_value(letter: char) -> Option<i16> {
    let letter = match letter {
        'ך' => 'כ',
        'ם' => 'מ',
        'ן' => 'נ',
        'ף' => 'פ',
        'ץ' => 'צ',
        letter => letter,
    };
    let at = i16::try_from(HEBREW.chars().position(|one| one == letter)?).ok()?;
    Some((at % 9 + 1) * 10_i16.pow(u32::try_from(at / 9).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read() {
        for (word, value) in [
            ("2026", Some(2026)),
            ("二〇二六", Some(2026)),
            ("二零一九", Some(2019)),
            ("三十一", Some(31)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("廿三", Some(23)),
            ("一百一十五", Some(115)),
            ("元", Some(1)),
            ("十月", None),
            ("", None),
        ] {
            assert_eq!(number(word), value, "{word}");
        }
        for (word, value) in [
            ("יד", Some(14)),
            ("טו", Some(15)),
            ("תשפו", Some(5786)),
            ("התשפו", Some(5786)),
            ("שלום", None),
            ("a", None),
        ] {
            assert_eq!(hebrew_number(word), value, "{word}");
        }
    }

    #[test]
    fn digits_of_all_scripts_count() {
        for (text, count) in [
            ("6 May 2024", 5),
            ("۱۲ اسفند ۱۴۰۴", 6),
            ("๓ มีนาคม ๒๕๖๙", 5),
            ("二〇二六年三月三日", 6),
            ("三月", 0),
            ("י״ד באדר תשפ״ו", 8),
            ("\"May\"", 0),
        ] {
            assert_eq!(count_digits(text), count, "{text}");
        }
    }
}
