//! Cuts a text into words, numbers and results of matches. Numbers are the same in every language: `2,300`, `2.300` and `2 300`
//! are one, as are `4.25` and `4,25`.

use classify::word_forms::WordForms;

/// Bytes of the longest word that is read. Longer ones are data.
const MAX_WORD_BYTES: usize = 120;
/// Most goals or points of one side by which a result such as `3-1` is told from other pairs of numbers.
const MAX_GOALS: u32 = 30;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word.
    Word,
    /// A number, in its normal form.
    Number,
    /// A result such as `3-1`, with the greater number first.
    Score,
}

/// A word or number of a text.
#[derive(Clone, Debug)]
pub(crate) struct Token<'a> {
    /// As it is written.
    pub(crate) written: &'a str,
    /// The folded word, or the normal form of a number.
    pub(crate) folded: String,
    pub(crate) kind: Kind,
    /// Only a space, hyphen or apostrophe stands before it.
    pub(crate) follows: bool,
}

impl Token<'_> {
    /// Returns whether it begins with a capital.
    pub(crate) fn is_capital(&self) -> bool {
        self.written.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Returns the first tokens of a text, at most `max`.
pub(crate) fn read(text: &str, max: usize) -> Vec<Token<'_>> {
    let pieces: Vec<(usize, &str)> =
        words::spans(text).flat_map(|(start, word)| parts(start, word)).take(max.saturating_mul(2)).collect();
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut end) = (0, 0);
    while at < pieces.len() && tokens.len() < max {
        let (start, first) = pieces[at];
        let (used, folded, kind) = read_token(text, &pieces[at..]);
        // Pairs of characters overlap.
        let between = text.get(end..start).filter(|_| !tokens.is_empty()).unwrap_or("\n");
        let (last, last_word) = pieces[at + used - 1];
        end = last + last_word.len();
        at += used;
        if first.len() <= MAX_WORD_BYTES && !folded.is_empty() {
            tokens.push(Token {
                written: &text[start..end],
                folded,
                kind,
                follows: matches!(between, " " | "-" | "‑" | "\u{a0}" | "'" | "’"),
            });
        }
    }
    tokens
}

/// Returns a word whole, or as pairs of characters where a script does not separate words.
fn parts(start: usize, word: &str) -> Vec<(usize, &str)> {
    if !word.chars().take(4).any(words::is_unspaced_script) {
        return vec![(start, word)];
    }
    let letters: Vec<(usize, char)> = word.char_indices().take(MAX_WORD_BYTES).collect();
    let pair = |pair: &[(usize, char)]| (start + pair[0].0, &word[pair[0].0..pair[1].0 + pair[1].1.len_utf8()]);
    letters.windows(2).map(pair).collect()
}

/// Reads one token from the beginning of `pieces`: how many pieces it takes, its form, and what it is.
fn read_token(text: &str, pieces: &[(usize, &str)]) -> (usize, String, Kind) {
    let (_, first) = pieces[0];
    if !is_digits(first) {
        return (1, words::fold(first), Kind::Word);
    }
    if let Some(score) = read_score(text, pieces) {
        return (2, score, Kind::Score);
    }
    let mut number = first.to_owned();
    let mut used = 1;
    while let Some((_, next)) = pieces.get(used).filter(|(_, next)| is_digits(next)) {
        let between = between(text, pieces[used - 1], pieces[used]);
        let is_group = next.len() == 3 && first.len() <= 3 && !first.starts_with('0');
        if is_group && matches!(between, "," | "." | " " | "\u{a0}" | "\u{202f}" | "'" | "’") {
            number.push_str(next);
        } else if used == 1 && next.len() <= 2 && matches!(between, "," | ".") && !continues(text, pieces, used) {
            number.push('.');
            number.push_str(next);
            return (2, number, Kind::Number);
        } else {
            break;
        }
        used += 1;
    }
    (used, number, Kind::Number)
}

/// Returns whether yet another group of digits follows, as in a date: `1.7.2026`.
fn continues(text: &str, pieces: &[(usize, &str)], at: usize) -> bool {
    let next = pieces.get(at + 1).filter(|(_, next)| is_digits(next));
    next.is_some_and(|next| matches!(between(text, pieces[at], *next), "." | ","))
}

/// Reads a result such as `3-1` or `2:0`.
fn read_score(text: &str, pieces: &[(usize, &str)]) -> Option<String> {
    let [(_, first), (_, second), ..] = pieces else { return None };
    if !matches!(between(text, pieces[0], pieces[1]), "-" | "–" | ":" | "‑") {
        return None;
    }
    let points = |digits: &str| {
        let is_clock = digits.len() == 2 && digits.starts_with('0');
        digits.parse::<u32>().ok().filter(|points| *points <= MAX_GOALS && !is_clock)
    };
    let (one, other) = (points(first)?, points(second)?);
    Some(format!("{}-{}", one.max(other), one.min(other)))
}

fn between<'a>(text: &'a str, first: (usize, &str), second: (usize, &str)) -> &'a str {
    text.get(first.0 + first.1.len()..second.0).unwrap_or_default()
}

fn is_digits(word: &str) -> bool {
    word.len() <= 12 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a headline writes most of its words with a capital, so that capitals tell nothing.
pub(crate) fn is_title_case(title: &[Token], forms: &WordForms) -> bool {
    let long = || title.iter().skip(1).filter(|token| token.kind == Kind::Word && token.folded.len() > 3);
    let capitals = long().filter(|token| token.is_capital()).count();
    !forms.has_capital_nouns() && long().count() > 2 && capitals * 10 > long().count() * 7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        read(text, 100).into_iter().map(|token| token.folded).collect()
    }

    #[test]
    fn numbers_are_the_same_in_every_language() {
        for text in ["2,300", "2.300", "2 300", "2\u{202f}300", "2300", "2’300"] {
            assert_eq!(folded(text), ["2300"], "{text}");
        }
        assert_eq!(folded("1,200,000 and 4,25 or 4.25"), ["1200000", "and", "4.25", "or", "4.25"]);
        assert_eq!(folded("am 1.7.2026"), ["am", "1", "7", "2026"]);
    }

    #[test]
    fn results_are_told_from_times_and_years() {
        assert_eq!(folded("Vale 1-2 Lund"), ["vale", "2-1", "lund"]);
        assert_eq!(folded("3:1, 19:00, 2019-2020"), ["3-1", "19", "00", "2019", "2020"]);
    }

    #[test]
    fn scripts_without_spaces_give_pairs_of_characters() {
        assert_eq!(folded("東京の天気"), ["東京", "京の", "の天", "天気"]);
    }

    #[test]
    fn long_data_and_nothing_are_read_at_once() {
        assert!(folded("").is_empty());
        assert!(folded(&"x".repeat(1 << 20)).is_empty());
        assert_eq!(read(&"word ".repeat(1 << 16), 200).len(), 200);
    }
}
