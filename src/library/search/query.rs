//! Turns what a reader types into a query for the index. Pure.

use words::{display_word, index_form, is_unspaced_script};

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
        let (input, is_cut) = cut_to_words(input);
        if is_cut {
            builder.cuts.push(Cut::Characters);
        }
        let terms = split_terms(input);
        let last = terms.len().saturating_sub(1);
        for (index, term) in terms.iter().enumerate() {
            if builder.add(term, index == last && !is_cut) == Rest::Cut {
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
            self.cuts.push(Cut::Words(display_word(tokens.last().unwrap_or(&self.last_word))));
        }
        let Some(last_word) = tokens.last() else { return rest };
        let may_be_prefix = is_last && rest == Rest::None && !term.is_phrase && !term.is_excluded;
        let is_letter = may_be_prefix && ends_with_letter(&tokens);
        if is_letter && tokens.len() == 1 {
            self.cuts.push(Cut::Letter(term.text.clone()));
        }
        let is_prefix = (may_be_prefix && !is_letter) || is_unspaced_character(last_word);
        let star = if is_prefix { "*" } else { "" };
        let quoted = format!("\"{}\"{star}", tokens.join(" "));
        let list = if term.is_excluded { &mut self.excluded } else { &mut self.required };
        if !list.contains(&quoted) {
            list.push(quoted);
            self.room = self.room.saturating_sub(tokens.len());
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

/// Splits a search into words and phrases. `-` excludes what follows only at the beginning of a word or phrase: in
/// "minus -20" or "--help" it is a part of the text.
fn split_terms(input: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = input.trim_start();
    while !rest.is_empty() {
        let after_hyphen =
            rest.strip_prefix('-').filter(|after| after.starts_with(|c: char| c.is_alphabetic() || c == '"'));
        let is_excluded = after_hyphen.is_some();
        let term = after_hyphen.unwrap_or(rest);
        let (text, is_phrase, after) = match term.strip_prefix('"') {
            Some(phrase) => {
                let (text, after) = phrase.split_once('"').unwrap_or((phrase, ""));
                (text, true, after)
            }
            None => {
                let end = term.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(term.len());
                (&term[..end], false, &term[end..])
            }
        };
        terms.push(Term { text: text.to_owned(), is_phrase, is_excluded });
        rest = after.trim_start();
    }
    terms
}

/// Returns the words of a term, as in the index. The last character of a run without spaces is indexed alone only where
/// the run ends, and what is typed may go on in the text; so it is dropped after a pair that contains it.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = index_form(text).split_whitespace().map(str::to_owned).collect();
    if let [.., before, last] = &tokens[..]
        && is_unspaced_character(last)
        && before.chars().count() == 2
        && before.chars().all(is_unspaced_script)
        && before.ends_with(last.as_str())
    {
        tokens.pop();
    }
    tokens
}

/// Returns whether a word is one character of a script without spaces. Inside a run it is indexed with the next one, so
/// it has to be looked up as the beginning of a word.
fn is_unspaced_character(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(is_unspaced_script) && characters.next().is_none()
}

/// What is left of a term.
#[derive(PartialEq, Eq)]
enum Rest {
    None,
    Cut,
}

/// Takes as many tokens of a term as there is room for.
fn take_tokens(mut tokens: Vec<String>, room: usize) -> (Vec<String>, Rest) {
    let rest = if tokens.len() > room { Rest::Cut } else { Rest::None };
    tokens.truncate(room);
    (tokens, rest)
}

/// Returns whether the last word is one letter of an alphabet. Half of all words begin with one of five letters, so its words
/// would be the whole index; a character of other scripts is as telling as a word.
fn ends_with_letter(tokens: &[String]) -> bool {
    let word = tokens.last().map(String::as_str).unwrap_or_default();
    let mut letters = word.chars().filter(|letter| letter.is_alphanumeric());
    let letter = letters.next();
    letters.next().is_none() && letter.is_some_and(|letter| letter < '\u{1100}' && !is_unspaced_script(letter))
}

/// Returns the whole words among the first [`MAX_CHARS`] characters, and whether something was cut off.
fn cut_to_words(input: &str) -> (&str, bool) {
    let (start, ignored) = input.split_at(input.char_indices().nth(MAX_CHARS).map_or(input.len(), |(at, _)| at));
    if ignored.trim().is_empty() {
        return (start, false);
    }
    let is_inside_word = !ignored.starts_with(char::is_whitespace);
    match start.rfind(char::is_whitespace).filter(|_| is_inside_word) {
        Some(end) => (&start[..end], true),
        None => (start, true),
    }
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
            ("東京、大阪 the", Some("\"東京 京 大阪\" AND \"the\"*")),
            ("猫 dog", Some("\"猫\"* AND \"dog\"*")),
            ("\"猫\" -犬", Some("(\"猫\"*) NOT (\"犬\"*)")),
            ("a -\"two words\" b-cat", Some("(\"a\" AND \"b cat\"*) NOT (\"two words\")")),
            ("minus -20 --help - -", Some("\"minus\" AND \"20\" AND \"help\"")),
            ("5€ →", Some("\"5 u20ac\" AND \"u2192\"*")),
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
            words(60, "of").replace(' ', "-"),
            "→".repeat(60),
            format!("\"{}\" -\"{}\"", numbers(30), words(30, "b")),
            format!("a {}", numbers(60).replace(' ', " -")),
            "漢字".repeat(30),
        ] {
            let query = Query::parse(&too_many).unwrap();
            let used: Vec<&str> = query.fts.split('"').skip(1).step_by(2).flat_map(str::split_whitespace).collect();
            assert!(used.len() <= MAX_WORDS, "{}", query.fts);
            let last = display_word(used.last().copied().unwrap_or_default());
            assert_eq!(query.cuts, [Cut::Words(last)], "{too_many}");
        }
    }

    #[test]
    fn only_the_first_characters_of_a_long_search_are_read() {
        let book = "ferry ".repeat(2000);
        let query = Query::parse(&book).unwrap();
        assert_eq!((query.fts.as_str(), &query.cuts[..]), ("\"ferry\"", &[Cut::Characters][..]));
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
        for words in ["don't", "a.t", "x-y-z"] {
            let query = Query::parse(words).unwrap();
            assert!(!query.fts.contains('*') && query.cuts.is_empty(), "{query:?}");
        }
        for start in ["th", "猫", "한", "the\u{301}"] {
            let query = Query::parse(start).unwrap();
            assert!(query.fts.ends_with('*') && query.cuts.is_empty(), "{query:?}");
        }
    }
}
