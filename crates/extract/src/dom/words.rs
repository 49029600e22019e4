//! Collapses white space, counts words and compares texts.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
pub(crate) use words::is_unspaced_script;

use crate::stop;

/// Returns the text on one line with single spaces, at most `max_chars` characters and "…" if it was longer.
pub(crate) fn one_line(text: &str, max_chars: usize) -> String {
    stop::check();
    // A character has at most four bytes.
    let mut line = LineBuilder { max_bytes: max_chars.saturating_mul(4), ..LineBuilder::default() };
    line.push(text);
    let mut line = line.text;
    if let Some((cut, _)) = line.char_indices().nth(max_chars) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

/// Builds a line with single spaces from pieces of text.
pub(crate) struct LineBuilder {
    /// The line so far.
    pub(crate) text: String,
    pending_space: bool,
    /// Text beyond this length is ignored.
    max_bytes: usize,
}

impl Default for LineBuilder {
    fn default() -> Self {
        LineBuilder { text: String::new(), pending_space: false, max_bytes: usize::MAX }
    }
}

impl LineBuilder {
    /// Appends a piece of text.
    pub(crate) fn push(&mut self, piece: &str) {
        let mut rest = piece;
        while let Some(letter) = rest.chars().next() {
            let (run, after) = rest.split_at(plain_bytes(rest).max(letter.len_utf8()));
            rest = after;
            if letter.is_whitespace() || is_invisible(letter) {
                self.pending_space |= letter.is_whitespace();
                continue;
            }
            if self.pending_space && !self.text.is_empty() {
                self.text.push(' ');
            }
            self.pending_space = false;
            self.text.push_str(run);
            if self.text.len() > self.max_bytes {
                return;
            }
        }
    }

    /// Separates the next piece by a space.
    pub(crate) fn push_break(&mut self) {
        self.pending_space = true;
    }
}

/// Returns how many bytes at the start of a text are words of visible ASCII with single spaces between. Stops early in
/// long texts, of which a short line takes only the beginning.
fn plain_bytes(text: &str) -> usize {
    const MAX_BYTES: usize = 1_000;
    let bytes = text.as_bytes();
    let is_plain = |at: usize| {
        bytes[at].is_ascii_graphic()
            || bytes[at] == b' ' && at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic)
    };
    (0..bytes.len().min(MAX_BYTES)).take_while(|at| is_plain(*at)).count()
}

/// Splits a text into runs of visible ASCII; every other character is a run of its own.
pub(crate) fn ascii_runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let plain = rest.bytes().take_while(u8::is_ascii_graphic).count();
        let (run, after) = rest.split_at(if plain == 0 { first.len_utf8() } else { plain });
        rest = after;
        Some(run)
    })
}

/// Returns whether a character has no place in a line: control characters, zero-width spaces, soft hyphens. Zero-width
/// joiners are not among them, since Persian, Indic scripts and emoji need them.
pub(crate) fn is_invisible(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200b}' | '\u{feff}' | '\u{00ad}' | '\u{2060}')
}

/// Returns whether a character is as wide as high, as in Chinese, Japanese and Korean.
pub(crate) fn is_wide(letter: char) -> bool {
    is_unspaced_script(letter) && !matches!(letter as u32, 0x0E00..=0x17FF)
        || matches!(letter as u32, 0x3000..=0x30FF | 0xFF00..=0xFF60 | 0xAC00..=0xD7AF)
}

/// Returns whether a character is one of the letters that most texts outside of ASCII consist of. Saves looking them up
/// in the tables of Unicode.
fn is_common_letter(letter: char) -> bool {
    matches!(letter as u32,
        0x00C0..=0x00D6 | 0x00D8..=0x00F6 | 0x00F8..=0x02C1 | 0x03A3..=0x03F5 | 0x0400..=0x0481 | 0x048A..=0x052F
        | 0x05D0..=0x05EA | 0x0620..=0x064A | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3)
}

/// The role of each ASCII character: 1 is part of a word, 2 continues a word but does not start one, 0 ends a word.
const CHAR_CLASSES: [u8; 128] = {
    let mut classes = [0; 128];
    let mut at = 0;
    while at < 128 {
        let letter = at as u8;
        if letter.is_ascii_alphanumeric() {
            classes[at] = 1;
        } else if matches!(letter, b'\'' | b'-' | b'.' | b',' | b'_') {
            classes[at] = 2;
        }
        at += 1;
    }
    classes
};

/// Counts words; in scripts without spaces, each letter counts as one.
pub(crate) fn count(text: &str) -> usize {
    stop::check();
    // `in_word` is 0 or 1, which makes counting ASCII free of branches.
    let (mut words, mut in_word, mut at) = (0, 0, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        if let Some(class) = CHAR_CLASSES.get(usize::from(*byte)).copied().map(usize::from) {
            words += class & (in_word ^ 1) & 1;
            in_word = (class | (class >> 1 & in_word)) & 1;
            at += 1;
            continue;
        }
        let Some(letter) = text[at..].chars().next() else { break };
        at += letter.len_utf8();
        if is_unspaced_script(letter) {
            words += usize::from(is_common_letter(letter) || letter.is_alphabetic());
            in_word = 0;
        } else if is_common_letter(letter) || letter.is_alphanumeric() {
            words += in_word ^ 1;
            in_word = 1;
        } else if letter != '’' {
            in_word = 0;
        }
    }
    words
}

/// Returns whether a text ends like a sentence, ignoring closing quotation marks and note numbers.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let mut end = text.trim_end();
    while let Some(before) = strip_note_mark(end) {
        end = before.trim_end();
    }
    ends_with_stop(end)
}

fn ends_with_stop(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '”', '»', '\'', '’', ')', ']', ' ', '」', '』']);
    end.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', '։'])
}

/// Returns whether the final punctuation follows a whole word, and not an abbreviation or number as in "Fig.3",
/// "Appendix B.12" and "2.5".
fn ends_with_long_word(text: &str) -> bool {
    /// The minimum number of lower-case letters for a word that is no abbreviation.
    const MIN_LOWERCASE: usize = 5;
    let stem = text.trim_end_matches(|letter: char| !letter.is_alphanumeric() && letter != ' ');
    stem.chars().rev().take_while(|letter| letter.is_lowercase()).count() >= MIN_LOWERCASE
}

/// Strips a note mark from the end of a text: "[12]", "[a]", "¹", or a number right after a sentence.
fn strip_note_mark(text: &str) -> Option<&str> {
    /// The maximum length of a note mark, in characters.
    const MAX_NOTE_CHARS: usize = 4;
    if let Some((before, note)) = text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
        let is_note =
            !note.is_empty() && note.len() <= MAX_NOTE_CHARS && note.bytes().all(|byte| byte.is_ascii_alphanumeric());
        return is_note.then_some(before);
    }
    let before = text.trim_end_matches(['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']);
    if before.len() < text.len() {
        return Some(before);
    }
    let before = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = text.len() - before.len();
    let is_note = (1..=MAX_NOTE_CHARS).contains(&digits) && ends_with_stop(before) && ends_with_long_word(before);
    is_note.then_some(before)
}

/// Returns the letters and digits in lower case, with single spaces between words. Two texts with equal keys say the
/// same.
pub(crate) fn match_key(text: &str) -> String {
    stop::check();
    let mut key = String::with_capacity(text.len());
    let mut space = false;
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            if space && !key.is_empty() {
                key.push(' ');
            }
            space = false;
            key.push(letter.to_ascii_lowercase());
        } else if letter == ' ' {
            space = true;
        } else if is_common_letter(letter) || letter.is_alphanumeric() || is_combining_mark(letter) {
            if space && !key.is_empty() {
                key.push(' ');
            }
            space = false;
            key.extend(letter.to_lowercase());
        } else if !matches!(letter, '\'' | '’') {
            space = true;
        }
    }
    key
}

/// Returns whether a character is a vowel sign or accent that belongs to the letter before it.
fn is_combining_mark(letter: char) -> bool {
    matches!(letter as u32, 0x0300..=0x036F | 0x064B..=0x0652 | 0x0900..=0x0D7F)
}

/// Returns the share of the shorter text that also occurs in the other, from 0 to 1: the share of common word pairs of
/// their [`match_key`]s (letter pairs in scripts without spaces).
pub(crate) fn similarity(first: &str, second: &str) -> f64 {
    WordPairs::from_key(first).similarity(&WordPairs::from_key(second))
}

/// The word pairs of a [`match_key`], for comparing one text with many.
pub(crate) struct WordPairs(
    /// A hash for each distinct pair, sorted.
    Vec<u64>,
);

impl WordPairs {
    /// Splits a key into pairs.
    pub(crate) fn from_key(key: &str) -> WordPairs {
        // Hashes each word once for the two pairs it belongs to.
        let hash = |word: &str| FixedState::default().hash_one(word);
        let mut words: Vec<u64> = Vec::new();
        for word in key.split(' ').filter(|word| !word.is_empty()) {
            if word.is_ascii() || !word.chars().any(is_unspaced_script) {
                words.push(hash(word));
            } else {
                words.extend(word.char_indices().map(|(at, letter)| hash(&word[at..at + letter.len_utf8()])));
            }
        }
        let mut pairs: Vec<u64> = match words[..] {
            [only] => vec![only],
            _ => words.windows(2).map(|pair| pair[0].rotate_left(23) ^ pair[1]).collect(),
        };
        pairs.sort_unstable();
        pairs.dedup();
        WordPairs(pairs)
    }

    /// As [`similarity`].
    pub(crate) fn similarity(&self, other: &WordPairs) -> f64 {
        self.count_shared(other) as f64 / self.len().min(other.len()).max(1) as f64
    }

    /// Returns the number of distinct pairs.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of pairs that both texts have.
    pub(crate) fn count_shared(&self, other: &WordPairs) -> usize {
        let (few, many) = if self.len() <= other.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        few.iter().filter(|pair| many.binary_search(pair).is_ok()).count()
    }
}

/// Returns whether a value is nonempty and consists of letters, digits and `-_:.+#` only.
pub(crate) fn is_plain_token(value: &str, max_bytes: usize) -> bool {
    !value.is_empty()
        && value.len() <= max_bytes
        && value.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':' | '.' | '+' | '#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_words_in_each_script() {
        assert_eq!(count("It's a well-known fact, isn't it?"), 6);
        assert_eq!(count("3,5 Millionen Euro"), 3);
        assert_eq!(count("東京は雨。"), 4);
        assert_eq!(count("Москва, 5 мая"), 3);
        assert_eq!(count(" — … "), 0);
    }

    #[test]
    fn common_letters_are_letters() {
        assert!(
            (0..=0x10_FFFF)
                .filter_map(char::from_u32)
                .filter(|letter| is_common_letter(*letter))
                .all(char::is_alphabetic)
        );
    }

    #[test]
    fn recognizes_sentence_ends_before_note_marks() {
        for text in [
            "It rained.",
            "“It rained.”",
            "It rained.[12][a]",
            "It rained. [3]",
            "It rained.¹²",
            "“It rained.”14",
            "雨。[1]",
        ] {
            assert!(ends_sentence(text), "{text}");
        }
        for text in [
            "Rain [12]",
            "Version 2.5",
            "No. 5",
            "It rained. [see below]",
            "Rain",
            "",
            "[1]",
            "12",
            "Chapter 1.12",
            "Appendix B.12",
            "Fig.3",
            "12.Dez.24",
        ] {
            assert!(!ends_sentence(text), "{text}");
        }
    }

    #[test]
    fn one_line_collapses_space_and_cuts_between_characters() {
        assert_eq!(one_line("  a\n\t b\u{200b}c ", 10), "a bc");
        assert_eq!(one_line("äöüß", 2), "äö…");
    }

    #[test]
    fn ascii_runs_group_ascii_and_split_the_rest() {
        assert_eq!(ascii_runs("ab, é\u{200b}c雨").collect::<Vec<_>>(), ["ab,", " ", "é", "\u{200b}", "c", "雨"]);
        assert_eq!(ascii_runs("").count(), 0);
    }

    #[test]
    fn nearly_equal_texts_are_similar_and_others_are_not() {
        let long = match_key("The bridge over the river was closed on Monday for repairs, the city said.");
        let copy = match_key("The bridge over the river was closed on Monday for repair, the city said");
        let other = match_key("The city council votes on the budget for schools and roads on Tuesday.");
        assert!(similarity(&long, &copy) > 0.8);
        assert!(similarity(&long, &other) < 0.3);
    }
}
