//! Turns what a reader types into a query for the index. Pure.

use crate::library::search::normalize::{is_unspaced_script, normalize};

/// Characters of a search that are read; nobody types more, and a longer text was pasted by mistake.
pub const MAX_CHARS: usize = 500;

/// Words looked up by one search, in phrases too. Each is a walk through the index of its own, even if it is the same
/// word. Headlines have up to 20, and in scripts without spaces 40 pairs of characters; what follows hardly narrows the
/// result.
pub const MAX_WORDS: usize = 48;

/// A search that can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// In the syntax of FTS5.
    pub(super) fts: String,
    /// What was not searched for as typed.
    pub cuts: Vec<Cut>,
}

/// A part of a search that was not used as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// The search has more than [`MAX_CHARS`] characters; the others were ignored.
    Characters,
    /// The search has more than [`MAX_WORDS`] words; those after this one were ignored.
    Words(String),
    /// A single letter at the end was taken for a word, not for the beginning of one.
    Letter(String),
}

impl Query {
    /// Parses a reader's input: every word must occur; the last one may be the beginning of a word; `"…"` is a phrase;
    /// `-word` must not occur. Returns `None` if no word remains that must occur.
    #[must_use]
    pub fn parse(input: &str) -> Option<Self> {
        let mut builder = Builder { room: MAX_WORDS, ..Builder::default() };
        let (input, ignored) = split_at_char(input, MAX_CHARS);
        if !ignored.trim().is_empty() {
            builder.cuts.push(Cut::Characters);
        }
        let terms = split_terms(input);
        let last = terms.len().saturating_sub(1);
        for (index, term) in terms.iter().enumerate() {
            if builder.add(term, index == last) == Rest::Cut {
                break;
            }
        }
        builder.finish()
    }

    /// Returns the query in the syntax of [FTS5](https://sqlite.org/fts5.html#full_text_query_syntax).
    #[must_use]
    pub fn as_fts5(&self) -> &str {
        &self.fts
    }
}

/// A query being built.
#[derive(Default)]
struct Builder {
    /// Words and phrases that must occur, quoted.
    required: Vec<String>,
    /// Words that must not occur, quoted.
    excluded: Vec<String>,
    cuts: Vec<Cut>,
    last_word: String,
    /// Words that can still be added.
    room: usize,
}

impl Builder {
    /// Adds as much of a term as there is room for.
    fn add(&mut self, term: &Term, is_last: bool) -> Rest {
        let (tokens, rest) = take_tokens(tokens(&term.text), self.room);
        if rest == Rest::Cut {
            self.cuts.push(Cut::Words(tokens.last().unwrap_or(&self.last_word).clone()));
        }
        let Some(last_word) = tokens.last() else { return rest };
        let may_be_prefix = is_last && rest == Rest::None && !term.is_phrase && !term.is_excluded;
        let is_letter = may_be_prefix && ends_with_letter(&tokens);
        if is_letter && tokens.len() == 1 {
            self.cuts.push(Cut::Letter(term.text.clone()));
        }
        let star = if may_be_prefix && !is_letter { "*" } else { "" };
        let quoted = format!("\"{}\"{star}", tokens.join(" "));
        let list = if term.is_excluded { &mut self.excluded } else { &mut self.required };
        if !list.contains(&quoted) {
            list.push(quoted);
            self.room = self.room.saturating_sub(tokens.iter().map(|token| cost(token)).sum());
        }
        self.last_word.clone_from(last_word);
        rest
    }

    fn finish(self) -> Option<Query> {
        let Self { required, excluded, cuts, .. } = self;
        let required = (!required.is_empty()).then(|| required.join(" AND "))?;
        let excluded = excluded.join(" OR ");
        let fts = if excluded.is_empty() { required } else { format!("({required}) NOT ({excluded})") };
        Some(Query { fts, cuts })
    }
}

struct Term {
    text: String,
    is_phrase: bool,
    is_excluded: bool,
}

fn split_terms(input: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (index, piece) in input.split('"').enumerate() {
        if index % 2 == 1 {
            terms.push(Term { text: piece.to_owned(), is_phrase: true, is_excluded: false });
            continue;
        }
        terms.extend(piece.split_whitespace().map(|word| Term {
            text: word.trim_start_matches('-').to_owned(),
            is_phrase: false,
            is_excluded: word.starts_with('-'),
        }));
    }
    terms
}

/// Returns the tokens of a word or phrase, as in the index, where symbols such as arrows separate words. The last
/// character of an unspaced run is indexed alone only at the end of a sentence, so it is dropped after a pair that contains
/// it.
fn tokens(text: &str) -> Vec<String> {
    let text = normalize(text);
    let mut tokens: Vec<&str> = Vec::new();
    for token in text.split_whitespace() {
        let ends_run = token.chars().count() == 1
            && token.chars().all(is_unspaced_script)
            && tokens.last().is_some_and(|before| before.chars().count() == 2 && before.ends_with(token));
        if ends_run {
            continue;
        }
        let before = tokens.len();
        tokens.extend(token.split(is_separator).filter(|word| !word.is_empty()));
        if tokens.len() == before {
            tokens.push(token);
        }
    }
    tokens.into_iter().map(str::to_owned).collect()
}

/// Returns whether the tokenizer of the index separates words at a character. An accent belongs to its letter.
fn is_separator(letter: char) -> bool {
    !letter.is_alphanumeric() && !matches!(letter, '\u{300}'..='\u{36f}')
}

/// Returns how many words the tokenizer makes of a token, at most. It separates words at vowel signs, which follow the
/// letters of many scripts; these have no capital letters.
fn cost(token: &str) -> usize {
    token.chars().filter(|letter| letter.is_alphabetic() && !letter.is_lowercase()).count().div_ceil(2).max(1)
}

/// What is left of a term.
#[derive(PartialEq, Eq)]
enum Rest {
    None,
    Cut,
}

/// Takes as many tokens of a term as there is room for; only the beginning of a single token that is too long.
fn take_tokens(tokens: Vec<String>, room: usize) -> (Vec<String>, Rest) {
    let (mut taken, mut words) = (Vec::new(), 0);
    for token in tokens {
        words += cost(&token);
        if words <= room {
            taken.push(token);
            continue;
        }
        if taken.is_empty() && room == MAX_WORDS {
            taken.push(token.chars().take(room * 2).collect());
        }
        return (taken, Rest::Cut);
    }
    (taken, Rest::None)
}

/// Returns whether the last word is one letter of an alphabet. Half of all words begin with one of five letters, so its words
/// would be the whole index; a character of other scripts is as telling as a word.
fn ends_with_letter(tokens: &[String]) -> bool {
    let word = tokens.last().map(String::as_str).unwrap_or_default();
    let mut letters = word.chars().filter(|letter| letter.is_alphanumeric());
    let letter = letters.next();
    letters.next().is_none() && letter.is_some_and(|letter| letter < '\u{1100}' && !is_unspaced_script(letter))
}

/// Splits a text before the character with this index.
fn split_at_char(text: &str, index: usize) -> (&str, &str) {
    text.split_at(text.char_indices().nth(index).map_or(text.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fts(input: &str) -> Option<String> {
        Query::parse(input).map(|query| query.fts)
    }

    #[test]
    fn any_input_becomes_a_valid_query() {
        for (input, expected) in [
            ("", None),
            ("-- \" ' * ()", None),
            ("-sport", None),
            ("kyiv", Some("\"kyiv\"*")),
            ("Kyiv bud", Some("\"kyiv\" AND \"bud\"*")),
            ("\"peace talks\" -sport geneva", Some("(\"peace talks\" AND \"geneva\"*) NOT (\"sport\")")),
            ("a\"b OR c:d*", Some("\"a\" AND \"b or c d\"")),
            ("kyi\0v \u{7}NEAR(a b, 2)", Some("\"kyi v\" AND \"near a\" AND \"b\" AND \"2\"")),
            ("東京都", Some("\"東京 京都\"*")),
        ] {
            assert_eq!(fts(input).as_deref(), expected, "{input}");
        }
    }

    #[test]
    fn a_repeated_word_is_looked_up_once() {
        assert_eq!(fts("the the the ferry the").as_deref(), Some("\"the\" AND \"ferry\" AND \"the\"*"));
        assert_eq!(fts("a -b -b -b x").as_deref(), Some("(\"a\" AND \"x\") NOT (\"b\")"));
    }

    #[test]
    fn words_are_limited_in_phrases_and_out_of_them() {
        let words = |count: usize, word: &str| vec![word; count].join(" ");
        let numbers = |count: usize| (100..100 + count).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        for fits in [words(MAX_WORDS, "the"), numbers(MAX_WORDS), format!("\"{}\"", words(MAX_WORDS, "the"))] {
            assert!(Query::parse(&fits).unwrap().cuts.is_empty(), "{fits}");
        }
        for too_many in [
            numbers(MAX_WORDS + 1),
            format!("\"{}\"", words(MAX_WORDS + 1, "the")),
            format!("\"{}", words(120, "the")),
            words(60, "the").replace(' ', "→"),
            words(60, "of").replace(' ', "-"),
            format!("\"{}\" -\"{}\"", numbers(30), words(30, "b")),
            format!("a {}", numbers(60).replace(' ', " -")),
            "漢字".repeat(30),
            "का".repeat(200),
        ] {
            let query = Query::parse(&too_many).unwrap();
            let used: Vec<&str> = query.fts.split('"').skip(1).step_by(2).flat_map(str::split_whitespace).collect();
            assert!(used.iter().copied().map(cost).sum::<usize>() <= MAX_WORDS, "{}", query.fts);
            let last = used.last().copied().unwrap_or_default().to_owned();
            assert_eq!(query.cuts, [Cut::Words(last)], "{too_many}");
        }
    }

    #[test]
    fn only_the_first_characters_of_a_long_search_are_read() {
        let book = "ferry ".repeat(2000);
        let query = Query::parse(&book).unwrap();
        assert_eq!((query.fts.as_str(), &query.cuts[..]), ("\"ferry\" AND \"fe\"*", &[Cut::Characters][..]));
        assert!(Query::parse(&format!("ferry{}", " ".repeat(9000))).unwrap().cuts.is_empty());
        assert_eq!(Query::parse(&"é".repeat(MAX_CHARS + 1)).unwrap().cuts, [Cut::Characters]);
    }

    #[test]
    fn a_single_letter_is_a_word_and_not_the_beginning_of_one() {
        for letter in ["t", "é", "e\u{301}", "7", "я", "ا"] {
            let query = Query::parse(letter).unwrap();
            assert!(!query.fts.contains('*'), "{}", query.fts);
            assert_eq!(query.cuts, [Cut::Letter(letter.to_owned())]);
        }
        for words in ["don't", "a→t", "x-y-z"] {
            let query = Query::parse(words).unwrap();
            assert!(!query.fts.contains('*') && query.cuts.is_empty(), "{query:?}");
        }
        for start in ["th", "猫", "한", "the\u{301}"] {
            let query = Query::parse(start).unwrap();
            assert!(query.fts.ends_with('*') && query.cuts.is_empty(), "{query:?}");
        }
    }
}
