//! Finds URLs in the link field, into which people also paste sentences or several URLs. Pure.

use crate::ingest::fetch;
use crate::ingest::intake::{ImportRequest, MAX_URLS, RejectedInput, read_url};

/// Characters that surround a URL in a sentence and rarely end one.
const PUNCTUATION: &str = "<>()[]{}\"'“”„«»‘’.,;:!?…";

/// Reads the link field: one URL, alone or among words, or several. White space separates URLs and is never part of
/// one.
///
/// # Errors
/// A message for the reader if there is none.
pub fn read_urls(text: &str) -> Result<Vec<Result<ImportRequest, RejectedInput>>, String> {
    let found = find_urls(text);
    match found.as_slice() {
        [] => Ok(vec![Ok(read_url(text)?)]),
        [only] => Ok(vec![Ok(read_url(only)?)]),
        several if several.len() > MAX_URLS => {
            Err(format!("{} links; the limit is {MAX_URLS} at a time.", several.len()))
        }
        several => Ok(several.iter().map(|word| read_one_url(word)).collect()),
    }
}

/// Returns whether a text contains nothing but URLs.
pub(super) fn is_only_urls(text: &str) -> bool {
    text.split_whitespace().all(|word| starts_like_url(word) && fetch::parse_url(word).is_ok())
}

fn read_one_url(word: &str) -> Result<ImportRequest, RejectedInput> {
    read_url(word).map_err(|problem| RejectedInput { name: word.to_owned(), problem })
}

/// Returns the words that begin like a URL, or all words if each of them is one. Returns none for a single word, which
/// is read unchanged.
fn find_urls(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 2 {
        return Vec::new();
    }
    if words.iter().all(|word| fetch::parse_url(word).is_ok()) {
        return words;
    }
    words.into_iter().map(trim_punctuation).filter(|word| starts_like_url(word)).collect()
}

/// Trims surrounding punctuation, but keeps a closing bracket that is opened inside the URL.
fn trim_punctuation(word: &str) -> &str {
    let trimmed = word.trim_start_matches(|c| PUNCTUATION.contains(c));
    let closes_its_own = |c| c == ')' && trimmed.contains('(');
    trimmed.trim_end_matches(|c| PUNCTUATION.contains(c) && !closes_its_own(c))
}

fn starts_like_url(word: &str) -> bool {
    let word = word.to_lowercase();
    ["http://", "https://", "www."].iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str) -> String {
        let words = |one: Result<ImportRequest, RejectedInput>| match one {
            Ok(request) => request.display_name(),
            Err(rejected) => format!("{}: {}", rejected.name, rejected.problem),
        };
        match read_urls(text) {
            Ok(all) => all.into_iter().map(words).collect::<Vec<_>>().join(" | "),
            Err(problem) => problem,
        }
    }

    #[test]
    fn urls_are_found_among_words() {
        for (typed, expected) in [
            (" a.example/1 ", "https://a.example/1"),
            ("Read this: https://a.example/1.", "https://a.example/1"),
            ("A title\r\n(see <HTTPS://a.example/1>)", "https://a.example/1"),
            ("On soup: https://a.example/Soup_(dish)", "https://a.example/Soup_(dish)"),
            ("https://a.example/1\nhttp://b.example/2", "https://a.example/1 | http://b.example/2"),
            ("a.example/1 b.example/2", "https://a.example/1 | https://b.example/2"),
        ] {
            assert_eq!(read_as(typed), expected, "{typed}");
        }
    }

    #[test]
    fn invalid_urls_are_rejected_individually() {
        assert!(read_as("harbour post").starts_with("“harbour post” isn’t a link"));
        assert!(read_as("see ftp://a.example").contains("isn’t a link"));
        let one_bad = read_as("https://a.example/1 https://me:secret@b.example/");
        assert!(
            one_bad.starts_with("https://a.example/1 | https://me:secret@b.example/: The link contains a username")
        );
        assert!(read_as(&"https://a.example/ ".repeat(MAX_URLS + 1)).contains("the limit is 100000 at a time"));
    }
}
