//! The text of an item: the body of what may be a whole document, unescaped once more if it was escaped twice, with
//! absolute addresses. It is not safe HTML: whoever shows it cleans it first.

use super::elements::{is_block, is_title_markup, is_void};
use super::urls::absolute_value;
use crate::markup::base::Base;
use crate::markup::entities::{decode_html, escape, escape_attribute};
use crate::markup::scanner::{Dialect, Piece, Scanner, Tag};

/// The text of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) html: String,
    pub(crate) was_escaped_twice: bool,
}

/// Prepares the HTML of an item. `None` if it is empty.
pub(crate) fn prepare(html: &str, base: &Base) -> Option<Body> {
    let unescaped = unescape_again(html);
    let html = unescaped.as_deref().unwrap_or(html);
    let prepared = rewrite(html, base);
    let trimmed = prepared.trim();
    (!trimmed.is_empty()).then(|| Body { html: trimmed.to_owned(), was_escaped_twice: unescaped.is_some() })
}

/// Returns plain text as HTML, with its line breaks.
pub(crate) fn from_text(text: &str) -> Option<String> {
    let lines: Vec<String> = text.trim().lines().map(|line| escape(line.trim_end())).collect();
    let paragraphs = lines.join("<br>");
    (!paragraphs.is_empty()).then_some(paragraphs)
}

/// Unescapes HTML without a single tag whose text is HTML: it begins with a tag and closes it.
fn unescape_again(html: &str) -> Option<String> {
    if !html.contains("&lt;") && !html.contains("&#60;") && !html.contains("&#x3") {
        return None;
    }
    let mut scanner = Scanner::new(html, Dialect::Html);
    while let Some((_, piece)) = scanner.next_piece() {
        if !matches!(piece, Piece::Text(_)) {
            return None;
        }
    }
    let text = decode_html(html);
    is_markup(text.trim()).then(|| text.into_owned())
}

/// Returns whether a text begins with an element and closes it.
pub(crate) fn is_markup(text: &str) -> bool {
    if !text.starts_with('<') {
        return false;
    }
    let mut scanner = Scanner::new(text, Dialect::Html);
    let Some((_, Piece::Start(first))) = scanner.next_piece() else { return false };
    if !is_title_markup(first.name) && !is_block(first.name) {
        return false;
    }
    if is_void(first.name) {
        return true;
    }
    while let Some((_, piece)) = scanner.next_piece() {
        if matches!(piece, Piece::End(name) if name.eq_ignore_ascii_case(first.name)) {
            return true;
        }
    }
    false
}

/// Elements around the body of a document.
const AROUND: &[&str] = &["html", "body"];

/// Writes HTML again, without what stands around the body of a document.
fn rewrite(html: &str, base: &Base) -> String {
    let mut written = String::with_capacity(html.len());
    let mut scanner = Scanner::new(html, Dialect::Html);
    let (mut is_in_head, mut base) = (false, base.clone());
    let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
    while let Some((range, piece)) = scanner.next_piece() {
        match piece {
            Piece::Start(tag) if is(tag.name, "head") => is_in_head = !tag.is_closed,
            Piece::Start(tag) if is(tag.name, "base") => base = stated_base(&tag, &base).unwrap_or(base),
            Piece::Start(tag) if AROUND.iter().any(|name| is(tag.name, name)) => is_in_head &= is(tag.name, "html"),
            Piece::End(name) if is(name, "head") => is_in_head = false,
            Piece::End(name) if AROUND.iter().any(|it| is(name, it)) => {}
            Piece::Doctype(_) | Piece::Instruction(_) => {}
            _ if is_in_head => {}
            Piece::Start(tag) => match with_absolute_urls(&tag, &base) {
                Some(tag) => written.push_str(&tag),
                None => written.push_str(&html[range]),
            },
            _ => written.push_str(&html[range]),
        }
    }
    written
}

fn stated_base(tag: &Tag<'_>, base: &Base) -> Option<Base> {
    let href = tag.attributes.iter().find(|it| it.name.eq_ignore_ascii_case("href"))?;
    Some(base.at(Some(base.resolve(&href.value)?)))
}

/// Returns a start tag with absolute addresses; `None` if they are.
fn with_absolute_urls(tag: &Tag<'_>, base: &Base) -> Option<String> {
    let changed: Vec<_> = tag.attributes.iter().map(|it| absolute_value(it.name, &it.value, base)).collect();
    if changed.iter().all(Option::is_none) {
        return None;
    }
    let mut written = format!("<{}", tag.name);
    for (attribute, changed) in tag.attributes.iter().zip(changed) {
        let value = changed.unwrap_or_else(|| attribute.value.clone().into_owned());
        written.push_str(&format!(" {}=\"{}\"", attribute.name, escape_attribute(&value)));
    }
    written.push_str(if tag.is_closed { "/>" } else { ">" });
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(html: &str) -> String {
        let base = url::Url::parse("https://example.org/a/b").unwrap();
        prepare(html, &Base::of_document(Some(&base))).map(|body| body.html).unwrap_or_default()
    }

    #[test]
    fn addresses_become_absolute() {
        for (html, expected) in [
            ("<img src=c.jpg>", "<img src=\"https://example.org/a/c.jpg\">"),
            (
                "<a href='/x?a=1&amp;b=2' title='\"'>y</a>",
                "<a href=\"https://example.org/x?a=1&amp;b=2\" title=\"&quot;\">y</a>",
            ),
            (
                "<a href=\"#n\">1</a> <a href=\"mailto:x@y.z\">2</a>",
                "<a href=\"#n\">1</a> <a href=\"mailto:x@y.z\">2</a>",
            ),
            (
                "<img srcset=\"s.jpg 1x, /l.jpg 2x\">",
                "<img srcset=\"https://example.org/a/s.jpg 1x, https://example.org/l.jpg 2x\">",
            ),
            (
                "<img srcset=\"s.jpg 1x,/l.jpg 2x\">",
                "<img srcset=\"https://example.org/a/s.jpg 1x, https://example.org/l.jpg 2x\">",
            ),
            (
                "<img srcset=\"w_1,h_2/s.jpg 480w,\n\t/l,3.jpg\">",
                "<img srcset=\"https://example.org/a/w_1,h_2/s.jpg 480w, https://example.org/l,3.jpg\">",
            ),
            (
                "<img srcset=\"s.jpg, l.jpg 2x (a, b), https://example.net/x.jpg 3x\">",
                "<img srcset=\"https://example.org/a/s.jpg, https://example.org/a/l.jpg 2x (a, b), https://example.net/x.jpg 3x\">",
            ),
            ("<img srcset=\", \">", "<img srcset=\", \">"),
            ("<p>1 < 2 & 3", "<p>1 < 2 & 3"),
        ] {
            assert_eq!(prepared(html), expected);
        }
    }

    #[test]
    fn whole_documents_give_their_body() {
        for (html, expected) in [
            (
                "<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body class=x><p>B</p></body></html>",
                "<p>B</p>",
            ),
            ("<html><head><meta charset=utf-8><title>T</title><body>B", "B"),
            ("<html><body><script>'</body>'</script>B</body></html>", "<script>'</body>'</script>B"),
            (
                "<head><base href='https://other.example/'></head><img src=i.png>",
                "<img src=\"https://other.example/i.png\">",
            ),
        ] {
            assert_eq!(prepared(html), expected);
        }
    }

    #[test]
    fn html_that_is_escaped_twice_is_unescaped_once_more() {
        assert_eq!(prepared("&lt;p&gt;A &lt;em&gt;b&lt;/em&gt;&lt;/p&gt;"), "<p>A <em>b</em></p>");
        for html in
            ["Use &lt;p&gt; for paragraphs&lt;/p&gt;", "&lt;T&gt; is a type&lt;/T&gt;", "<p>&lt;p&gt;x&lt;/p&gt;</p>"]
        {
            assert_eq!(prepared(html), html);
        }
    }
}
