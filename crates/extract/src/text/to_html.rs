//! Writes the kept lines as HTML and as text. Markdown within a line is converted: web links, strong and emphasized
//! text, code.

use super::lines::{Line, Shape};
use crate::dom::tree::escape;

/// Writes the lines as HTML that is not yet sanitized.
pub(super) fn to_html(lines: &[&Line]) -> String {
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
        html.push_str(&block_html(line));
    }
    if !open.is_empty() {
        html.push_str(&format!("</{open}>"));
    }
    html
}

fn block_html(line: &Line) -> String {
    let tag = match line.shape {
        Shape::Heading => "h2",
        Shape::Paragraph | Shape::Quote => "p",
        Shape::Bullet | Shape::Numbered => "li",
        Shape::Code => return format!("<pre>{}</pre>", escape(&line.text)),
    };
    let words: String = parse_spans(&line.text).into_iter().map(Span::html).collect();
    format!("<{tag}>{words}</{tag}>")
}

/// Writes the lines as text, with an empty line between blocks and none between items.
pub(super) fn to_text(lines: &[&Line]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            text.push_str(if line.is_item() && lines[at - 1].is_item() { "\n" } else { "\n\n" });
        }
        text.push_str(&if line.shape == Shape::Code { line.text.clone() } else { strip_marks(&line.text) });
    }
    text
}

/// Returns the text of a line without marks.
pub(super) fn strip_marks(text: &str) -> String {
    parse_spans(text).into_iter().map(|span| span.text()).collect()
}

/// A part of a line.
enum Span<'a> {
    Words(&'a str),
    Link { words: &'a str, url: &'a str },
    Element { tag: &'static str, words: &'a str },
}

impl Span<'_> {
    fn html(self) -> String {
        match self {
            Span::Words(words) => escape(words),
            Span::Link { words, url } => format!("<a href=\"{}\">{}</a>", escape(url), escape(&strip_marks(words))),
            Span::Element { tag, words } => format!("<{tag}>{}</{tag}>", escape(words)),
        }
    }

    fn text(&self) -> String {
        match self {
            Span::Words(words) | Span::Element { words, .. } => (*words).to_owned(),
            Span::Link { words, .. } => strip_marks(words),
        }
    }
}

/// Maximum bytes of a span.
const MAX_SPAN_BYTES: usize = 1_000;

fn parse_spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(found) = rest[from..].find(['[', '*', '`']) {
        let at = from + found;
        let before = rest[..at].chars().next_back();
        let near = &rest[at..rest.floor_char_boundary(at + MAX_SPAN_BYTES)];
        match parse_span(near, before) {
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

/// Parses the span at the start of `text`. Also returns its length including marks.
fn parse_span(text: &str, before: Option<char>) -> Option<(Span<'_>, usize)> {
    if text.starts_with('[') {
        return parse_link(text);
    }
    let (mark, tag) =
        [("**", "strong"), ("*", "em"), ("`", "code")].into_iter().find(|(mark, _)| text.starts_with(mark))?;
    let inner = &text[mark.len()..];
    let words = &inner[..inner.find(mark)?];
    let after = inner[words.len() + mark.len()..].chars().next();
    // `5 * 3 * 2` and `f*x*y` are not emphasized.
    let stands_free = !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '*')
        && !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '*');
    let is_filled = !words.is_empty() && words.trim() == words;
    (stands_free && is_filled).then_some((Span::Element { tag, words }, words.len() + 2 * mark.len()))
}

/// Parses `[words](https://url)`.
fn parse_link(text: &str) -> Option<(Span<'_>, usize)> {
    let words = &text[1..text.find("](")?];
    let url = text[words.len() + 3..].split(')').next()?;
    let is_web = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
    let is_whole = text.len() > words.len() + 3 + url.len();
    let is_plain = !words.contains(['[', ']']) && !url.contains(char::is_whitespace);
    (is_web && is_whole && is_plain).then_some((Span::Link { words, url }, words.len() + url.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        block_html(&Line { text: text.to_owned(), shape: Shape::Paragraph, number: 0 })
    }

    #[test]
    fn inline_marks_become_elements() {
        assert_eq!(
            line("See **the** [*old* map](https://a.example/m), *now*, and `x < y`."),
            "<p>See <strong>the</strong> <a href=\"https://a.example/m\">old map</a>, <em>now</em>, and <code>x &lt; y</code>.</p>"
        );
        assert_eq!(strip_marks("See **the** [map](https://a.example/m)."), "See the map.");
    }

    #[test]
    fn text_that_only_resembles_marks_is_kept() {
        for text in
            ["5 * 3 * 2", "f*x*y", "[sic] (he said)", "[a](javascript:b)", "**", "` `", "[a](https://b", "*", "a * b"]
        {
            assert_eq!(strip_marks(text), text);
            assert_eq!(line(text), format!("<p>{}</p>", escape(text)));
        }
    }
}
