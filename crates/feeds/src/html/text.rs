//! Titles as plain text. Feeds write them as text or as HTML and rarely say which, so only what plainly is markup counts as
//! such: elements that stand in titles and are closed again. `Vec<T>` and `the <b> tag` are text.

use std::collections::HashMap;

use super::elements::{is_block, is_title_markup, is_void};
use crate::markup::entities::decode_html;
use crate::markup::scanner::{Dialect, Piece, Scanner};

/// Returns the text of a title that is HTML, or text that is taken for HTML. `None` if nothing is left.
pub(crate) fn title_text(html: &str) -> Option<String> {
    let ends = count_ends(html);
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut text = String::with_capacity(html.len());
    // In XML's dialect scripts are no exception: in a title, they are words about scripts.
    let mut scanner = Scanner::new(html, Dialect::Xml);
    let mut read = 0;
    while let Some((range, piece)) = scanner.next_piece() {
        read = range.end;
        match piece {
            Piece::Text(part) => text.push_str(&decode_html(part)),
            Piece::Verbatim(part) => text.push_str(part),
            Piece::Start(tag) if is_markup(tag.name, &mut open, &ends) => {
                if is_block(tag.name) || tag.name.eq_ignore_ascii_case("br") {
                    text.push(' ');
                }
            }
            Piece::End(name) if is_title_markup(name) => {
                if is_block(name) {
                    text.push(' ');
                }
            }
            _ => text.push_str(&decode_html(&html[range])),
        }
    }
    if scanner.faults.is_cut_off {
        // A tag or comment at the end that is not finished.
        text.push_str(&decode_html(&html[read..]));
    }
    single_spaced(&text)
}

/// Returns the text of an item's HTML, without its tags. Empty if it has none.
pub(crate) fn body_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut scanner = Scanner::new(html, Dialect::Html);
    while let Some((_, piece)) = scanner.next_piece() {
        match piece {
            Piece::Text(part) => text.push_str(&decode_html(part)),
            Piece::Start(tag) if is_block(tag.name) || tag.name.eq_ignore_ascii_case("br") => text.push(' '),
            Piece::End(name) if is_block(name) => text.push(' '),
            _ => {}
        }
    }
    single_spaced(&text).unwrap_or_default()
}

/// Counts the end tags of each name.
fn count_ends(html: &str) -> HashMap<String, usize> {
    let mut ends: HashMap<String, usize> = HashMap::new();
    let mut scanner = Scanner::new(html, Dialect::Xml);
    while let Some((_, piece)) = scanner.next_piece() {
        if let Piece::End(name) = piece {
            *ends.entry(name.to_ascii_lowercase()).or_default() += 1;
        }
    }
    ends
}

/// Returns whether a start tag is markup: it stands in titles, and one of the end tags is its own.
fn is_markup(name: &str, open: &mut HashMap<String, usize>, ends: &HashMap<String, usize>) -> bool {
    if !is_title_markup(name) {
        return false;
    }
    if is_void(name) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    let ends = ends.get(&name).copied().unwrap_or_default();
    let count = open.entry(name).or_default();
    *count += 1;
    *count <= ends
}

/// Makes every white space a single blank. `None` if nothing is left.
pub(crate) fn single_spaced(text: &str) -> Option<String> {
    // A zero-width space at an end is no text, and a no-break space is a space.
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '\u{feff}').filter(|it| !it.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_body_is_without_tags_and_what_is_not_shown() {
        for (html, expected) in [
            ("<p>One &amp; two</p><p>th<b>ree</b><br>four", "One & two three four"),
            ("<p>Tide<img src='/p?n=1'><script>x()</script><!-- 3 --></p>", "Tide"),
            ("<img src=a>", ""),
        ] {
            assert_eq!(body_text(html), expected);
        }
    }

    #[test]
    fn markup_is_told_from_text_about_markup() {
        for (html, expected) in [
            ("Don&#x27;t &amp; won&rsquo;t", "Don't & won’t"),
            ("<i>Gull</i> at <b class=x>dawn</b>", "Gull at dawn"),
            ("One<br>two<br/>three", "One two three"),
            ("<p>One</p><p>two</p>", "One two"),
            ("Vec<T>, Map<K, V> and Option<&'a str>", "Vec<T>, Map<K, V> and Option<&'a str>"),
            ("Box<dyn Fn(i32)>", "Box<dyn Fn(i32)>"),
            ("The <b> tag and the <title> tag", "The <b> tag and the <title> tag"),
            ("<input> and <video> elements", "<input> and <video> elements"),
            ("3 < 5 > 2, <3 and <-", "3 < 5 > 2, <3 and <-"),
            ("<quayside>", "<quayside>"),
            ("a <b", "a <b"),
            ("a <b c <d e", "a <b c <d e"),
            ("a <b and <i>c</i>", "a <b and c"),
            ("one <br two <b>three</b>", "one <br two three"),
            ("a <!-- b <c", "a <!-- b <c"),
            ("</b>end", "end"),
            ("x &lt;b&gt;y&lt;/b&gt;", "x <b>y</b>"),
            (" a\n\tb\u{a0}c ", "a b c"),
        ] {
            assert_eq!(title_text(html).as_deref(), Some(expected), "{html}");
        }
        assert_eq!(title_text("<b> </b>"), None);
    }
}
