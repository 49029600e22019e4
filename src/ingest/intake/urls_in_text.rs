//! Finds URLs in the link field, into which people also paste sentences, several URLs, or one that a program has broken.
//! Pure.

use crate::ingest::fetch;
use crate::ingest::intake::link_finder::{FoundLink, find_links, remove_hidden, trim_end};
use crate::ingest::intake::{ImportRequest, MAX_URLS, RejectedInput, read_url};

/// Characters that surround a URL in a sentence and rarely begin one.
const LEADING: &str = "<>()[]{}\"'“”„«»‘’`*.,;:!?…";

/// A URL that ends with one of these, or a piece that begins with one, was probably broken there.
const JOINTS: &str = "-_=&?%+";

/// Reads the link field: one URL, alone or among words, or several. A URL that was broken by a line end or a space is
/// joined if it is clear how.
///
/// # Errors
/// A message for the reader if there is none, or if it is not clear where it ends.
pub fn read_urls(text: &str) -> Result<Vec<Result<ImportRequest, RejectedInput>>, String> {
    let found = find_urls(text)?;
    match found.as_slice() {
        [] => Ok(vec![Ok(read_url(text)?)]),
        [only] => Ok(vec![Ok(read_url(only)?)]),
        several if several.len() > MAX_URLS => {
            Err(format!("{} links; the limit is {MAX_URLS} at a time.", several.len()))
        }
        several => Ok(several.iter().map(|word| read_one_url(word)).collect()),
    }
}

/// Returns what the link field shows of a shared text: its links, or the text as it is if one of them was broken. `None`
/// for a text without a link.
#[must_use]
pub fn find_shared_urls(text: &str) -> Option<String> {
    let links = find_links(&remove_hidden(text));
    match find_urls(text) {
        Ok(found) if !links.is_empty() => Some(found.join(" ")),
        Ok(_) => None,
        Err(_) => Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

/// Returns whether a text contains nothing but URLs.
pub(super) fn is_only_urls(text: &str) -> bool {
    let text = remove_hidden(text);
    text.split_whitespace().all(|word| matches!(find_links(word).as_slice(), [link] if link.text.len() == word.len()))
}

/// Returns the URL of a text that is one URL and nothing else, perhaps in quotation marks or behind `view-source:`.
pub(super) fn find_single_url(text: &str) -> Option<String> {
    let text = remove_hidden(text);
    match find_links(&text).as_slice() {
        [link] if !text.trim().contains(char::is_whitespace) => Some(link.text.clone()),
        [] => Some(trim_punctuation(text.trim()).to_owned()),
        _ => None,
    }
}

fn read_one_url(word: &str) -> Result<ImportRequest, RejectedInput> {
    read_url(word).map_err(|problem| RejectedInput { name: word.to_owned(), problem })
}

/// Returns the links of a text, or all words if each of them is a URL. Returns none for a text without any.
fn find_urls(text: &str) -> Result<Vec<String>, String> {
    let text = remove_hidden(text);
    match find_links(&text).as_slice() {
        [] => find_bare_urls(&text),
        [link] => Ok(vec![join_broken(&text, link)?.unwrap_or_else(|| link.text.clone())]),
        links => Ok(links.iter().map(|link| link.text.clone()).collect()),
    }
}

/// Finds URLs without a scheme: every word is one, or they make one together.
fn find_bare_urls(text: &str) -> Result<Vec<String>, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 2 {
        return Ok(Vec::new());
    }
    if words.iter().all(|word| fetch::parse_url(trim_punctuation(word)).is_ok()) {
        return Ok(words.into_iter().map(|word| trim_punctuation(word).to_owned()).collect());
    }
    let first = words[0];
    if !(first.contains("://") || first.contains('/') && fetch::parse_url(first).is_ok()) {
        return Ok(Vec::new());
    }
    let start = text.find(first).unwrap_or_default();
    let link = FoundLink { text: first.to_owned(), start, end: start + first.len() };
    Ok(join_broken(text, &link)?.into_iter().collect())
}

/// Joins a link with what follows it, if a line end or a space has broken it. `None` if words follow that are no part of
/// it.
///
/// # Errors
/// A message for the reader: it may be broken, but that is not sure.
fn join_broken(text: &str, link: &FoundLink) -> Result<Option<String>, String> {
    // What was trimmed from the link, such as a full stop, may belong to it.
    let rest = &text[link.end..];
    let (behind, rest) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    let pieces: Vec<&str> = rest.split_whitespace().collect();
    let mut joined = format!("{}{behind}", link.text);
    let is_whole_word = behind.is_empty() || behind.chars().all(|letter| ".,;:?!".contains(letter));
    let Some(first) = pieces.first().filter(|_| is_whole_word) else { return Ok(None) };
    if !(is_piece(first) && (pieces.len() == 1 || is_joint(&joined, first))) {
        return Ok(None);
    }
    for piece in &pieces {
        if !is_joint(&joined, piece) || !is_piece(piece) {
            return Err(broken_message(&link.text, &pieces));
        }
        joined.push_str(piece);
    }
    Ok(Some(trim_end(&joined, "").to_owned()))
}

/// Returns whether a word may be a piece of a URL.
fn is_piece(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._~/?&=%+#:,;!$'()".contains(letter))
        && word.chars().any(|letter| letter.is_ascii_alphanumeric())
        && !word.starts_with(['(', '#', '\'', ':'])
}

/// Returns whether a line end has certainly broken a link.
pub(super) fn is_broken_between(link: &str, next_line: &str) -> bool {
    is_joint(link, next_line) && is_piece(next_line)
}

/// Returns whether one part ends, or the next one begins, as a URL does only in its middle.
fn is_joint(before: &str, after: &str) -> bool {
    before.ends_with(|last| JOINTS.contains(last))
        || before.ends_with("://")
        || after.starts_with(|first| JOINTS.contains(first) || "/.".contains(first))
}

fn broken_message(link: &str, pieces: &[&str]) -> String {
    let rest = pieces.iter().take(6).copied().collect::<Vec<_>>().join(" ");
    format!(
        "Is “{}” part of the link {link}? If so, remove the space or line break between them; if not, remove the words.",
        crate::library::tags::truncate_for_display(&rest)
    )
}

/// Trims surrounding punctuation, but keeps a closing bracket that is opened inside the URL.
pub(super) fn trim_punctuation(word: &str) -> &str {
    let is_ipv6 = word.starts_with('[') && word.contains("]:") || word.starts_with('[') && word.contains("]/");
    let start = if is_ipv6 { word } else { word.trim_start_matches(|c| LEADING.contains(c)) };
    trim_end(start, "<>\"“”„«»`")
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
            ("a.example/1, b.example/2,", "https://a.example/1 | https://b.example/2"),
            ("(a.example/1)", "https://a.example/1"),
            ("`a.example/1`.", "https://a.example/1"),
            ("[::1]:8080/x", "https://[::1]:8080/x"),
            ("https://a.example/1 A title of several words", "https://a.example/1"),
            ("https://a.example/1 – via @ann", "https://a.example/1"),
            ("https://a.example/1 很好", "https://a.example/1"),
            ("https://a.example/1 (paywall)", "https://a.example/1"),
        ] {
            assert_eq!(read_as(typed), expected, "{typed}");
        }
    }

    #[test]
    fn any_mixture_of_punctuation_is_trimmed_from_a_word_of_any_length() {
        for punctuation in [".>", "”.’», ", ")*`", "%E2%80%8B.>", "?<.\"%e2%80%8b"] {
            let tail = punctuation.trim().repeat(100_000);
            assert_eq!(
                trim_punctuation(&format!("a.example/Soup_(dish){tail}")),
                "a.example/Soup_(dish)",
                "{punctuation}"
            );
        }
    }

    #[test]
    fn a_broken_url_is_joined_if_it_is_clear_how() {
        for (pasted, expected) in [
            ("https://a.example/the-late-\nferry", "https://a.example/the-late-ferry"),
            ("https://a.example/the-late- ferry", "https://a.example/the-late-ferry"),
            ("https://a.example/the-late\n-ferry", "https://a.example/the-late-ferry"),
            ("https://a.example/news\n/the-\nlate-\nferry", "https://a.example/news/the-late-ferry"),
            ("https://a.example/?a=1&\n b=2", "https://a.example/?a=1&b=2"),
            ("https://\na.example/1", "https://a.example/1"),
            ("Read: https://a.example/the-late-\nferry.", "https://a.example/the-late-ferry"),
            ("a.example/the-late-\nferry", "https://a.example/the-late-ferry"),
        ] {
            assert_eq!(read_as(pasted), expected, "{pasted}");
        }
        for unclear in [
            "https://a.example/the-la\nte-ferry",
            "https://a.example/ ferry",
            "https://a.example/the-late- ferry is worth it",
            "https://a.example/1 ferry",
        ] {
            let answer = read_as(unclear);
            assert!(answer.starts_with("Is “") && answer.contains("part of the link"), "{unclear}: {answer}");
        }
    }

    #[test]
    fn shared_text_gives_its_links_or_stays_as_it_is() {
        let shared = |text: &str| find_shared_urls(text);
        assert_eq!(
            shared("Look (https://a.example/1), or https://a.example/2."),
            Some("https://a.example/1 https://a.example/2".into())
        );
        assert_eq!(shared("https://a.example/the-la\nte-ferry"), Some("https://a.example/the-la te-ferry".into()));
        assert_eq!(shared("Only words, and a.word/too"), None);
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
