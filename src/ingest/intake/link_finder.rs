//! Finds links in what people paste: among words of any script, in Markdown, in brackets, behind a title, with characters
//! that cannot be seen. Pure.

use percent_encoding::percent_decode_str;

/// How links begin, in lower case. Behind the encoded ones stands an encoded URL, as in `about:reader?url=https%3A%2F%2F…`.
const STARTS: &[&str] = &["https://", "http://", "https%3a%2f%2f", "http%3a%2f%2f"];

/// Characters that end a link wherever they stand: quotation marks, and the punctuation of scripts without spaces.
const ENDS: &str = "<>\"`“”„«»‹›，。、；：！？（）【】「」『』《》〈〉＂＜＞｜";

/// What ends a link, too: the same marks as HTML source writes them.
const ESCAPED_ENDS: &[&str] = &["&gt;", "&lt;", "&quot;", "&#39;", "&#34;"];

/// Characters that rarely are the last of a link and often stand behind one.
const TRAILING: &str = ".,;:!?…'*|~^’‘([{\u{200c}\u{200d}";

/// Characters before a URL that is a part of the URL around it, as in `https://archive.example/2026/https://a.example/`.
const BEFORE_INNER_URL: &str = "/=?&:%#@-_+~!\\";

/// Bytes of a link that are read. No browser sends longer ones.
pub(super) const MAX_BYTES: usize = 9 * 1024;

/// Brackets: a link ends before a closing one that it does not open.
const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// A link in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundLink {
    /// The link alone.
    pub text: String,
    /// Where it begins in the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Removes what cannot be seen: marks that turn the direction of text, zero width spaces, byte order marks, soft hyphens
/// and control characters. Joiners stay, since words of some scripts need them.
pub(super) fn remove_hidden(text: &str) -> String {
    let is_hidden = |letter: &char| {
        letter.is_control() && !letter.is_whitespace()
            || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}')
    };
    // Keyboards for Chinese write a wide colon, and JSON escapes slashes.
    let visible: String = text.chars().filter(|letter| !is_hidden(letter)).collect();
    visible.replace("：//", "://").replace(":\\/\\/", "://")
}

/// Finds the links in a text, in order. A link that is only the label of another one, as in Markdown, is left out.
pub(super) fn find_links(text: &str) -> Vec<FoundLink> {
    let lower = text.to_ascii_lowercase();
    let (mut links, mut at) = (Vec::new(), 0);
    while let Some(start) = find_start(&lower, at) {
        let link = read_link(text, &lower, start);
        let after = lower[link.end..].trim_start_matches(|letter| ".…".contains(letter));
        let target = after.strip_prefix("](").map(|rest| rest.trim_start_matches('<'));
        let is_label = target.is_some_and(|target| STARTS.iter().any(|scheme| target.starts_with(scheme)));
        at = link.end.max(text.ceil_char_boundary(start + 1));
        if !is_label && has_host(&link.text) {
            links.push(link);
        }
    }
    links
}

fn has_host(link: &str) -> bool {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.starts_with(|first: char| first.is_alphanumeric() || first == '[')
}

/// Returns where the next link begins. Of `https://http://…`, the second scheme begins it.
fn find_start(lower: &str, from: usize) -> Option<usize> {
    let bytes = lower.as_bytes();
    for at in memchr::memchr2_iter(b'h', b'w', &bytes[from..]).map(|at| at + from) {
        let Some(rest) = lower.get(at..) else { continue };
        if let Some(scheme) = STARTS.iter().find(|scheme| rest.starts_with(**scheme)) {
            let inner = &rest[scheme.len()..];
            if STARTS.iter().any(|start| inner.starts_with(start)) {
                continue;
            }
            // `https://https//a.example`
            let repeated = ["https//", "http//"].iter().find(|start| inner.starts_with(**start));
            let start = repeated.map_or(at, |repeated| at + scheme.len() + repeated.len());
            return (start < lower.len()).then_some(start);
        }
        if rest.starts_with("www.") && is_word_start(&lower[..at]) {
            return Some(at);
        }
    }
    None
}

fn is_word_start(before: &str) -> bool {
    !before.ends_with(|last: char| last.is_ascii_alphanumeric() || "./@_-".contains(last))
}

/// Reads the link that begins at `start`.
fn read_link(text: &str, lower: &str, start: usize) -> FoundLink {
    let before = text[..start].chars().next_back();
    let closing = BRACKETS.iter().find(|(open, _)| Some(*open) == before).map(|(_, close)| *close);
    let is_encoded = lower[start..].starts_with("https%3a") || lower[start..].starts_with("http%3a");
    let (mut link, mut depths) = (String::new(), [0_usize; BRACKETS.len()]);
    // How long the link is after each letter, and where in the text; escapes are in the text only.
    let mut ends = vec![(0, start)];
    let mut letters = text[start..].char_indices().peekable();
    while let Some((offset, letter)) = letters.next() {
        let at = start + offset;
        let begins_another = || {
            let is_inner = link.ends_with(|last: char| BEFORE_INNER_URL.contains(last));
            !is_inner && matches!(letter, 'h' | 'H') && STARTS[..2].iter().any(|scheme| lower[at..].starts_with(scheme))
        };
        if letter.is_whitespace()
            || link.len() > MAX_BYTES
            || ENDS.contains(letter)
            || letter == '&' && ESCAPED_ENDS.iter().any(|end| lower[at..].starts_with(end))
            || lower[at..].starts_with("[/")
            || offset > 0 && begins_another()
            || closes(letter, closing, &mut depths)
        {
            break;
        }
        if letter == '\\' {
            // Markdown and JSON escape punctuation.
            if letters.peek().is_none_or(|(_, next)| !next.is_ascii_punctuation()) {
                break;
            }
        } else {
            link.push(letter);
            ends.push((link.len(), at + letter.len_utf8()));
        }
    }
    let emphasis = if before == Some('_') { "_" } else { "" };
    let kept = trim_end(&link, emphasis).len();
    let end = ends.iter().rev().find(|(length, _)| *length <= kept).map_or(start, |(_, end)| *end);
    link.truncate(kept);
    FoundLink { text: if is_encoded { decode(&link) } else { link }, start, end }
}

/// Returns whether a bracket closes one that was opened before the link. A round one inside the link does not, unless the
/// link stands in round ones.
fn closes(letter: char, closing: Option<char>, depths: &mut [usize; BRACKETS.len()]) -> bool {
    for ((open, close), depth) in BRACKETS.iter().zip(depths) {
        if letter == *open {
            *depth += 1;
        } else if letter == *close {
            if *depth == 0 {
                return letter != ')' || closing == Some(')');
            }
            *depth -= 1;
        }
    }
    false
}

/// Trims what stands behind a link in a sentence, and these other characters; keeps a closing bracket that the link opens.
pub(super) fn trim_end<'a>(link: &'a str, others: &str) -> &'a str {
    let count = |wanted: char| link.chars().filter(|letter| *letter == wanted).count();
    let mut counts = BRACKETS.map(|(open, close)| (count(open), count(close)));
    let mut trimmed = link;
    while let Some(last) = trimmed.chars().next_back() {
        // A zero width space that a program has encoded.
        let hidden = ["%E2%80%8B", "%e2%80%8b"].iter().find_map(|hidden| trimmed.strip_suffix(hidden));
        if let Some(rest) = hidden {
            trimmed = rest;
            continue;
        }
        let mut is_unopened = false;
        for ((open, close), (opened, closed)) in BRACKETS.iter().zip(&mut counts) {
            is_unopened |= last == *close && opened < closed;
            *opened -= usize::from(last == *open);
            *closed -= usize::from(last == *close);
        }
        if !(TRAILING.contains(last) || is_unopened || others.contains(last)) {
            break;
        }
        trimmed = &trimmed[..trimmed.len() - last.len_utf8()];
    }
    trimmed
}

fn decode(link: &str) -> String {
    percent_decode_str(link).decode_utf8().map_or_else(|_| link.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(text: &str) -> Vec<String> {
        find_links(&remove_hidden(text)).into_iter().map(|link| link.text).collect()
    }

    #[test]
    fn a_link_is_found_whatever_stands_around_it() {
        for pasted in [
            "\u{200b}https://a.example/ferry\u{200b}",
            "\u{2066}https://a.example/ferry\u{2069}",
            "\u{feff}https://a.exa\u{ad}mple/ferry",
            "[The ferry](https://a.example/ferry)",
            "[The ferry](<https://a.example/ferry> \"late\")",
            "[https://a.example/fer…](https://a.example/ferry)",
            "[[https://a.example/ferry][The ferry]]",
            "[url=https://a.example/ferry]The ferry[/url] [url]https://a.example/ferry[/url]",
            "**https://a.example/ferry**, __https://a.example/ferry__ ~~https://a.example/ferry~~",
            "`https://a.example/ferry`",
            "“https://a.example/ferry”. ‘https://a.example/ferry’; «https://a.example/ferry»!",
            "{https://a.example/ferry}, (https://a.example/ferry).",
            "The ferry:https://a.example/ferry",
            "看看这个https://a.example/ferry，很好。",
            "見て→https://a.example/ferry（写真）",
            "view-source:https://a.example/ferry",
            "about:reader?url=https%3A%2F%2Fa.example%2Fferry",
            "feed:https://a.example/ferry",
            "https://https://a.example/ferry",
            "http://https://a.example/ferry",
            "https：//a.example/ferry",
            "&lt;https://a.example/ferry&gt;",
            "{\"url\":\"https:\\/\\/a.example\\/ferry\"}",
            "| https://a.example/ferry| late |",
        ] {
            let mut found = links(pasted);
            found.dedup();
            assert_eq!(found, ["https://a.example/ferry"], "{pasted}");
        }
    }

    #[test]
    fn what_belongs_to_a_link_stays() {
        for link in [
            "https://a.example/Soup_(dish)",
            "https://a.example/a,b;c'd!e",
            "https://a.example/?a[]=1&b={2}",
            "https://archive.example/web/2026/https://a.example/ferry",
            "https://a.example/?u=https://b.example/",
            "https://a.example/?u=https%3A%2F%2Fb.example",
            "https://fa.example/می\u{200c}خواهم",
            "https://zh.example/渡轮",
            "https://a.example/_under_",
            "http://[::1]/a",
        ] {
            assert_eq!(links(link), [link]);
            assert_eq!(links(&format!("[soup]({link})")), [link]);
        }
        assert_eq!(links("https://a.example/a\\_b\\*c"), ["https://a.example/a_b*c"]);
    }

    #[test]
    fn several_links_need_no_spaces_between_them() {
        for text in [
            "https://a.example/1,https://a.example/2;http://b.example/3",
            "https://a.example/1https://a.example/2|http://b.example/3",
            "[a](https://a.example/1)[b](https://a.example/2)(http://b.example/3)",
        ] {
            assert_eq!(links(text), ["https://a.example/1", "https://a.example/2", "http://b.example/3"], "{text}");
        }
        assert_eq!(links("see www.a.example, not xwww.b.example"), ["www.a.example"]);
        assert_eq!(links("https:// http://. httpd https://"), Vec::<String>::new());
    }

    #[test]
    fn a_text_may_end_behind_any_part_of_a_scheme() {
        for text in
            ["https://https//", "http://http//", "a https%3A%2F%2Fhttp//", "https://https//\n", "https://https//ä"]
        {
            let found = links(text);
            assert!(found.iter().all(|link| link == "ä"), "{text}: {found:?}");
        }
        assert_eq!(links("https://https//a.example/1 http://https//"), ["a.example/1"]);
        assert_eq!(links("https://https//a.example/1https://https//"), ["a.example/1"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn any_text_is_read_without_a_panic(text in "(?s)((https?://|https?//|https%3A%2F%2F|www\\.|[\\[\\](){}<>\\\\&;/_*]|ä|看|\u{200c}|.){0,40})") {
            for link in find_links(&remove_hidden(&text)) {
                prop_assert!(!link.text.contains(char::is_whitespace) || link.text.contains("://"));
            }
        }
    }
}
