//! Finding articles by words. The index is SQLite's FTS5; what a reader types becomes its query language here.

mod store;

pub use store::{index_article, unindex_article};

/// Words looked for at once; more say nothing new and cost.
const MOST_WORDS: usize = 16;

/// The query for what a reader typed: every word must occur, the last one may be a beginning; `"…"` is a phrase; `-word`
/// must not occur. `None` when nothing is left to look for.
///
/// ```
/// assert_eq!(broadsheet::library::search::build_fts_query("Kyiv bud").as_deref(), Some("\"kyiv\" AND \"bud\"*"));
/// ```
#[must_use]
pub fn build_fts_query(typed: &str) -> Option<String> {
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    let parts = parts(typed);
    let last = parts.len().saturating_sub(1);
    for (place, part) in parts.iter().enumerate().take(MOST_WORDS) {
        let words = looked_for(&part.words);
        if words.is_empty() {
            continue;
        }
        let quoted = format!("\"{words}\"");
        match (part.excluded, part.phrase) {
            (true, _) => unwanted.push(quoted),
            (false, true) => wanted.push(quoted),
            (false, false) => wanted.push(if place == last { quoted + "*" } else { quoted }),
        }
    }
    let wanted = (!wanted.is_empty()).then(|| wanted.join(" AND "))?;
    Some(if unwanted.is_empty() { wanted } else { format!("({wanted}) NOT ({})", unwanted.join(" OR ")) })
}

/// The words as the index holds them. The last character of a run stands alone only at the end of a sentence, so a run of
/// pairs is looked for without it.
fn looked_for(text: &str) -> String {
    let text = normalize(text);
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let ends_a_run = word.chars().count() == 1
            && word.chars().all(is_spaceless)
            && words.last().is_some_and(|before| before.chars().count() == 2 && before.ends_with(word));
        if !ends_a_run {
            words.push(word);
        }
    }
    words.join(" ")
}

struct Part {
    words: String,
    phrase: bool,
    excluded: bool,
}

fn parts(typed: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (place, piece) in typed.chars().take(500).collect::<String>().split('"').enumerate() {
        if place % 2 == 1 {
            parts.push(Part { words: piece.to_owned(), phrase: true, excluded: false });
            continue;
        }
        parts.extend(piece.split_whitespace().map(|word| Part {
            words: word.trim_start_matches('-').to_owned(),
            phrase: false,
            excluded: word.starts_with('-'),
        }));
    }
    parts
}

/// The text as the index takes it: only letters and digits, lower case; scripts that write no spaces as pairs of
/// characters, since the tokenizer would take a whole sentence of theirs for one word.
#[must_use]
pub fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_spaceless(character) {
            out.push(' ');
            out.push(character);
            if let Some(next) = characters.peek().filter(|next| is_spaceless(**next)) {
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

const fn is_spaceless(character: char) -> bool {
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
    fn what_is_typed_becomes_a_query_that_cannot_fail() {
        for (typed, expected) in [
            ("", None),
            ("-- \" ' * ()", None),
            ("kyiv", Some("\"kyiv\"*")),
            ("\"peace talks\" -sport geneva", Some("(\"peace talks\" AND \"geneva\"*) NOT (\"sport\")")),
            ("a\"b OR c:d*", Some("\"a\" AND \"b or c d\"")),
            ("東京都", Some("\"東京 京都\"*")),
        ] {
            assert_eq!(build_fts_query(typed).as_deref(), expected, "{typed}");
        }
    }
}
