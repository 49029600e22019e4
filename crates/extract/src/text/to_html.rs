//! The kept lines as HTML and as text. What is marked within a line as in Markdown is marked in HTML as well: links with a
//! web address, strong and emphasised words, code.

use super::lines::{Line, Shape};
use crate::dom::tree::escape;

/// The lines as HTML, still to be cleaned.
pub(super) fn html(lines: &[&Line]) -> String {
    let mut html = String::new();
    let mut open = "";
    for line in lines {
        let around = match line.shape {
            Shape::Bullet => "ul",
            Shape::Numbered => "ol",
            Shape::Quote => "blockquote",
            _ => "",
        };
        if around != open {
            html.push_str(&if open.is_empty() { String::new() } else { format!("</{open}>") });
            let start = if line.number > 1 { format!(" start=\"{}\"", line.number) } else { String::new() };
            html.push_str(&if around.is_empty() { String::new() } else { format!("<{around}{start}>") });
            open = around;
        }
        html.push_str(&block(line));
    }
    if !open.is_empty() {
        html.push_str(&format!("</{open}>"));
    }
    html
}

fn block(line: &Line) -> String {
    let tag = match line.shape {
        Shape::Heading => "h2",
        Shape::Paragraph | Shape::Quote => "p",
        Shape::Bullet | Shape::Numbered => "li",
        Shape::Code => return format!("<pre>{}</pre>", escape(&line.text)),
    };
    let words: String = spans(&line.text).into_iter().map(Span::html).collect();
    format!("<{tag}>{words}</{tag}>")
}

/// The lines as text: blocks with an empty line between them, items without.
pub(super) fn plain(lines: &[&Line]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            text.push_str(if line.is_item() && lines[at - 1].is_item() { "\n" } else { "\n\n" });
        }
        text.push_str(&if line.shape == Shape::Code { line.text.clone() } else { bare(&line.text) });
    }
    text
}

/// The words of a line, without marks.
pub(super) fn bare(text: &str) -> String {
    spans(text).into_iter().map(|span| span.words()).collect()
}

/// A part of a line.
enum Span<'a> {
    Words(&'a str),
    Link { words: &'a str, address: &'a str },
    Within { tag: &'static str, words: &'a str },
}

impl Span<'_> {
    fn html(self) -> String {
        match self {
            Span::Words(words) => escape(words),
            Span::Link { words, address } => format!("<a href=\"{}\">{}</a>", escape(address), escape(&bare(words))),
            Span::Within { tag, words } => format!("<{tag}>{}</{tag}>", escape(words)),
        }
    }

    fn words(&self) -> String {
        match self {
            Span::Words(words) | Span::Within { words, .. } => (*words).to_owned(),
            Span::Link { words, .. } => bare(words),
        }
    }
}

/// How far the end of a span may lie from its beginning, in bytes.
const LONGEST: usize = 1_000;

fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(found) = rest[from..].find(['[', '*', '`']) {
        let at = from + found;
        let before = rest[..at].chars().next_back();
        let near = &rest[at..rest.floor_char_boundary(at + LONGEST)];
        match span(near, before) {
            Some((span, length)) => {
                spans.extend([Span::Words(&rest[..at]), span]);
                (rest, from) = (&rest[at + length..], 0);
            }
            None => from = at + 1,
        }
    }
    spans.push(Span::Words(rest));
    spans
}

/// The span that begins here, and its length with its marks.
fn span(text: &str, before: Option<char>) -> Option<(Span<'_>, usize)> {
    if text.starts_with('[') {
        return link(text);
    }
    let (mark, tag) =
        [("**", "strong"), ("*", "em"), ("`", "code")].into_iter().find(|(mark, _)| text.starts_with(mark))?;
    let inner = &text[mark.len()..];
    let words = &inner[..inner.find(mark)?];
    let after = inner[words.len() + mark.len()..].chars().next();
    // `5 * 3 * 2` and `f*x*y` are not emphasised.
    let stands_free = !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '*')
        && !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '*');
    let is_filled = !words.is_empty() && words.trim() == words;
    (stands_free && is_filled).then_some((Span::Within { tag, words }, words.len() + 2 * mark.len()))
}

/// `[words](https://address)`.
fn link(text: &str) -> Option<(Span<'_>, usize)> {
    let words = &text[1..text.find("](")?];
    let address = text[words.len() + 3..].split(')').next()?;
    let is_web = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
    let is_whole = text.len() > words.len() + 3 + address.len();
    let is_plain_token = !words.contains(['[', ']']) && !address.contains(char::is_whitespace);
    (is_web && is_whole && is_plain_token).then_some((Span::Link { words, address }, words.len() + address.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        block(&Line { text: text.to_owned(), shape: Shape::Paragraph, number: 0 })
    }

    #[test]
    fn marks_within_a_line_become_elements() {
        assert_eq!(
            line("See **the** [*old* map](https://a.example/m), *now*, and `x < y`."),
            "<p>See <strong>the</strong> <a href=\"https://a.example/m\">old map</a>, <em>now</em>, and <code>x &lt; y</code>.</p>"
        );
        assert_eq!(bare("See **the** [map](https://a.example/m)."), "See the map.");
    }

    #[test]
    fn what_only_looks_like_a_mark_stays() {
        for text in
            ["5 * 3 * 2", "f*x*y", "[sic] (he said)", "[a](javascript:b)", "**", "` `", "[a](https://b", "*", "a * b"]
        {
            assert_eq!(bare(text), text);
            assert_eq!(line(text), format!("<p>{}</p>", escape(text)));
        }
    }
}
