//! A tree written out through the allow-list, in one walk.

use std::cell::RefCell;

use dom_query::{Element, NodeRef};
use html5ever::ns;
use url::Url;

use super::allow_list::{self, Fate, ID_PREFIX, REL};
use crate::dom::tree::{self, Walk};

/// The inside of `root` as HTML; only what the allow-list names is written, and of white space only what is seen.
pub(super) fn inside(root: &NodeRef<'_>, base: Option<&Url>) -> String {
    let out = String::with_capacity(8 << 10);
    let writer = RefCell::new(Writer { out, base, in_pre: 0, at_start_of_pre: false, at_start_of_block: true });
    tree::walk(
        root,
        |node| {
            let mut writer = writer.borrow_mut();
            if let Some(element) = node.element_ref() {
                return writer.open(&element);
            }
            if node.is_text() {
                node.tree.query_node(&node.id, |inner| {
                    if let dom_query::NodeData::Text { contents } = &inner.data {
                        writer.text(contents);
                    }
                });
            }
            Walk::Past
        },
        |node| {
            if let Some(element) = node.element_ref() {
                writer.borrow_mut().close(&element);
            }
        },
    );
    let mut writer = writer.into_inner();
    writer.end_of_line();
    writer.out
}

struct Writer<'b> {
    out: String,
    base: Option<&'b Url>,
    /// How many `<pre>` are open; white space counts there.
    in_pre: usize,
    /// Nothing was written since a block began, so white space would not be seen.
    at_start_of_block: bool,
    /// A parser swallows the line break that follows `<pre>`, so none is written there.
    at_start_of_pre: bool,
}

impl Writer<'_> {
    fn open(&mut self, element: &Element) -> Walk {
        let name: &str = &element.name.local;
        // Drawings and formulas parse by rules of their own, so nothing of them is kept.
        if element.name.ns != ns!(html) {
            return Walk::Past;
        }
        match allow_list::fate(name) {
            Fate::Dropped => return Walk::Past,
            Fate::Opened => return Walk::Into,
            Fate::Kept => {}
        }
        let is_block = !tree::is_inline(name);
        if is_block && self.out.ends_with(' ') {
            self.end_of_line();
        }
        self.out.push('<');
        self.out.push_str(name);
        for attribute in &element.attrs {
            if attribute.name.ns == ns!() {
                self.attribute(name, &attribute.name.local, &attribute.value);
            }
        }
        if name == "a" {
            self.value("rel", REL);
        }
        self.out.push('>');
        self.at_start_of_pre = name == "pre";
        self.in_pre += usize::from(name == "pre");
        self.at_start_of_block = is_block && !is_void(name);
        if is_void(name) { Walk::Past } else { Walk::Into }
    }

    fn attribute(&mut self, tag: &str, name: &str, value: &str) {
        let Some(value) = allow_list::attribute(tag, name, value, self.base) else { return };
        if name == "id" && !value.starts_with(ID_PREFIX) {
            self.value(name, &format!("{ID_PREFIX}{value}"));
        } else {
            self.value(name, &value);
        }
    }

    fn value(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        if self.in_pre == 0 {
            return self.squeezed(text);
        }
        let text = if self.at_start_of_pre { text.trim_start_matches(['\n', '\r']) } else { text };
        self.at_start_of_pre &= text.is_empty();
        escape(&mut self.out, text, false);
    }

    /// Runs of white space as one space, or as one end of a line where they hold one: a page may have thousands of empty lines
    /// where things were left out.
    fn squeezed(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let words = rest.trim_ascii_start();
            self.space(&rest[..rest.len() - words.len()]);
            let end = words.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(words.len());
            escape(&mut self.out, &words[..end], false);
            self.at_start_of_block &= end == 0;
            rest = &words[end..];
        }
    }

    fn space(&mut self, space: &str) {
        if space.is_empty() || self.at_start_of_block || self.out.ends_with(['\n', ' ']) {
            return;
        }
        self.out.push(if space.contains(['\n', '\r']) { '\n' } else { ' ' });
    }

    /// Takes back the space that would stand at the end of a block.
    fn end_of_line(&mut self) {
        if self.in_pre == 0 && self.out.ends_with(['\n', ' ']) {
            self.out.pop();
        }
    }

    fn close(&mut self, element: &Element) {
        let name: &str = &element.name.local;
        if allow_list::fate(name) == Fate::Kept {
            self.at_start_of_pre = false;
            if !tree::is_inline(name) {
                self.end_of_line();
                self.at_start_of_block = false;
            }
            self.in_pre -= usize::from(name == "pre");
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }
}

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "col" | "hr" | "img" | "wbr")
}

/// Escapes as the HTML standard's own way of writing a tree does, so that a parser and a writer that keep to it change
/// nothing more.
fn escape(out: &mut String, text: &str, in_attribute: bool) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !SPECIAL[usize::from(byte)] {
            continue;
        }
        let (escaped, length) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' if in_attribute => ("&quot;", 1),
            NO_BREAK if text[at..].starts_with('\u{a0}') => ("&nbsp;", 2),
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escaped);
        copied = at + length;
    }
    out.push_str(&text[copied..]);
}

/// The first byte of a no-break space, and of other letters.
const NO_BREAK: u8 = 0xC2;

/// Bytes that may have to be escaped.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table[NO_BREAK as usize] = true;
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::sanitize_html;

    #[test]
    fn of_white_space_only_what_is_seen_is_written() {
        for (html, written) in [
            (
                "\n\n <p>\n  One  <b> two</b>\n\n three. </p>\n \n\n<p>Four.</p>\n\n",
                "<p>One <b> two</b>\nthree.</p>\n<p>Four.</p>",
            ),
            ("<ul>\n\n<li> a </li>\n\n\n<li>b</li>\n</ul>", "<ul><li>a</li>\n<li>b</li></ul>"),
            ("<pre>\n\n  a\n\n    b\n</pre>", "<pre>  a\n\n    b\n</pre>"),
        ] {
            assert_eq!(sanitize_html(html, None).as_str(), written);
            assert_eq!(sanitize_html(written, None).as_str(), written);
        }
    }

    #[test]
    fn what_would_be_markup_is_escaped_and_nothing_else() {
        let escaped = |text: &str, in_attribute: bool| {
            let mut out = String::new();
            escape(&mut out, text, in_attribute);
            out
        };
        assert_eq!(escaped("a\u{a0}b < \"c\" & é » 雨>", false), "a&nbsp;b &lt; \"c\" &amp; é » 雨&gt;");
        assert_eq!(escaped("\"<b>\"", true), "&quot;&lt;b&gt;&quot;");
        assert_eq!(escaped("", true), "");
    }
}
