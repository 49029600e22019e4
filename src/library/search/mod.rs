//! Full-text search with SQLite FTS5: turns what a reader types into a query.

mod store;

pub(super) use store::{clear_index, index_article, indexed_words, unindex_article};

/// Terms used at most; more would cost time and hardly narrow the result.
const MAX_TERMS: usize = 16;

/// Builds an FTS5 query from a reader's input: every word must occur; the last one may be a prefix; `"…"` is a phrase;
/// `-word` must not occur. Returns `None` if no word remains.
///
/// ```
/// assert_eq!(broadsheet::library::search::build_fts_query("Kyiv bud").as_deref(), Some("\"kyiv\" AND \"bud\"*"));
/// ```
#[must_use]
pub fn build_fts_query(input: &str) -> Option<String> {
    let (mut required, mut excluded) = (Vec::new(), Vec::new());
    let terms = split_terms(input);
    let last = terms.len().saturating_sub(1);
    for (index, term) in terms.iter().enumerate().take(MAX_TERMS) {
        let words = phrase_tokens(&term.text);
        if words.is_empty() {
            continue;
        }
        let quoted = format!("\"{words}\"");
        match (term.is_excluded, term.is_phrase) {
            (true, _) => excluded.push(quoted),
            (false, true) => required.push(quoted),
            (false, false) => required.push(if index == last { quoted + "*" } else { quoted }),
        }
    }
    let required = (!required.is_empty()).then(|| required.join(" AND "))?;
    Some(if excluded.is_empty() { required } else { format!("({required}) NOT ({})", excluded.join(" OR ")) })
}

/// Returns the tokens of a word or phrase, as in the index. The last character of an unspaced run is indexed alone only
/// at the end of a sentence, so it is dropped after a pair that contains it.
fn phrase_tokens(text: &str) -> String {
    let text = normalize(text);
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let ends_run = word.chars().count() == 1
            && word.chars().all(is_unspaced_script)
            && words.last().is_some_and(|before| before.chars().count() == 2 && before.ends_with(word));
        if !ends_run {
            words.push(word);
        }
    }
    words.join(" ")
}

struct Term {
    text: String,
    is_phrase: bool,
    is_excluded: bool,
}

fn split_terms(input: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (index, piece) in input.chars().take(500).collect::<String>().split('"').enumerate() {
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

/// Returns the text as it is indexed: letters and digits only, lower case. Scripts without spaces become pairs of
/// characters, since the tokenizer would take a sentence for one word.
#[must_use]
pub fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_unspaced_script(character) {
            out.push(' ');
            out.push(character);
            if let Some(next) = characters.peek().filter(|next| is_unspaced_script(**next)) {
                out.push(*next);
            }
            out.push(' ');
        } else if character.is_alphanumeric() {
            out.extend(character.to_lowercase());
        } else if !character.is_ascii() && !character.is_whitespace() && !is_punctuation(character) {
            out.push(character);
        } else {
            out.push(' ');
        }
    }
    out
}

const fn is_unspaced_script(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}' | '\u{0e00}'..='\u{0e7f}')
}

const fn is_punctuation(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_input_becomes_a_valid_query() {
        for (input, expected) in [
            ("", None),
            ("-- \" ' * ()", None),
            ("kyiv", Some("\"kyiv\"*")),
            ("\"peace talks\" -sport geneva", Some("(\"peace talks\" AND \"geneva\"*) NOT (\"sport\")")),
            ("a\"b OR c:d*", Some("\"a\" AND \"b or c d\"")),
            ("東京都", Some("\"東京 京都\"*")),
        ] {
            assert_eq!(build_fts_query(input).as_deref(), expected, "{input}");
        }
    }
}
