//! Writes a tree as HTML through the allow-list, in one walk.

use std::cell::RefCell;

use dom_query::{Element, NodeRef};
use html5ever::ns;
use url::Url;

use super::allow_list::{self, ElementPolicy, ID_PREFIX, LINK_REL};
use crate::dom::tree::{self, Walk};

/// The maximum size of all attribute values together. A few kilobytes of relative links can grow a thousandfold when
/// they are resolved against a long URL. Beyond it, attributes are dropped and the text is kept.
const MAX_ATTRIBUTE_BYTES: usize = 8 << 20;

/// Returns the contents of `root` as HTML: only allowed markup and visible white space.
pub(super) fn write_contents(root: &NodeRef<'_>, base: Option<&Url>) -> String {
    let out = String::with_capacity(8 << 10);
    let writer = RefCell::new(Writer {
        out,
        base,
        attribute_budget: MAX_ATTRIBUTE_BYTES,
        in_pre: 0,
        at_start_of_pre: false,
        at_start_of_block: true,
    });
    tree::walk(
        root,
        |node| {
            let mut writer = writer.borrow_mut();
            if let Some(element) = node.element_ref() {
                return writer.open_element(&element);
            }
            if node.is_text() {
                node.tree.query_node(&node.id, |inner| {
                    if let dom_query::NodeData::Text { contents } = &inner.data {
                        writer.write_text(contents);
                    }
                });
            }
            Walk::Skip
        },
        |node| {
            if let Some(element) = node.element_ref() {
                writer.borrow_mut().close_element(&element);
            }
        },
    );
    let mut writer = writer.into_inner();
    writer.trim_line_end();
    writer.out
}

struct Writer<'b> {
    out: String,
    base: Option<&'b Url>,
    /// Bytes of attribute values that may still be written.
    attribute_budget: usize,
    /// The number of open `<pre>` elements, where white space counts.
    in_pre: usize,
    /// Nothing was written since a block began, so white space would be invisible.
    at_start_of_block: bool,
    /// Parsers drop a line break right after `<pre>`, so none is written there.
    at_start_of_pre: bool,
}

impl Writer<'_> {
    fn open_element(&mut self, element: &Element) -> Walk {
        let name: &str = &element.name.local;
        // SVG and MathML have parsing rules of their own, so they are dropped.
        if element.name.ns != ns!(html) {
            return Walk::Skip;
        }
        match allow_list::element_policy(name) {
            ElementPolicy::Drop => return Walk::Skip,
            ElementPolicy::Unwrap => return Walk::Enter,
            ElementPolicy::Keep => {}
        }
        let is_block = !tree::is_inline(name);
        if is_block && self.out.ends_with(' ') {
            self.trim_line_end();
        }
        self.out.push('<');
        self.out.push_str(name);
        for attribute in &element.attrs {
            if attribute.name.ns == ns!() {
                self.write_attribute(name, &attribute.name.local, &attribute.value);
            }
        }
        if name == "a" {
            self.push_attribute("rel", LINK_REL);
        }
        self.out.push('>');
        self.at_start_of_pre = name == "pre";
        self.in_pre += usize::from(name == "pre");
        self.at_start_of_block = is_block && !is_void(name);
        if is_void(name) { Walk::Skip } else { Walk::Enter }
    }

    fn write_attribute(&mut self, tag: &str, name: &str, value: &str) {
        let Some(value) = allow_list::allowed_value(tag, name, value, self.base) else { return };
        let Some(budget) = self.attribute_budget.checked_sub(value.len()) else { return };
        self.attribute_budget = budget;
        if name == "id" && !value.starts_with(ID_PREFIX) {
            self.push_attribute(name, &format!("{ID_PREFIX}{value}"));
        } else {
            self.push_attribute(name, &value);
        }
    }

    fn push_attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        push_escaped(&mut self.out, value, true);
        self.out.push('"');
    }

    fn write_text(&mut self, text: &str) {
        if self.in_pre == 0 {
            return self.write_collapsed(text);
        }
        let text = if self.at_start_of_pre { text.trim_start_matches(['\n', '\r']) } else { text };
        self.at_start_of_pre &= text.is_empty();
        push_escaped(&mut self.out, text, false);
    }

    /// Writes each run of white space as one space, or as one line break if it contains one: removed elements leave
    /// thousands of empty lines.
    fn write_collapsed(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let words = rest.trim_ascii_start();
            self.write_space(&rest[..rest.len() - words.len()]);
            let end = words.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(words.len());
            push_escaped(&mut self.out, &words[..end], false);
            self.at_start_of_block &= end == 0;
            rest = &words[end..];
        }
    }

    fn write_space(&mut self, space: &str) {
        if space.is_empty() || self.at_start_of_block || self.out.ends_with(['\n', ' ']) {
            return;
        }
        self.out.push(if space.contains(['\n', '\r']) { '\n' } else { ' ' });
    }

    /// Removes the white space at the end of a block.
    fn trim_line_end(&mut self) {
        if self.in_pre == 0 && self.out.ends_with(['\n', ' ']) {
            self.out.pop();
        }
    }

    fn close_element(&mut self, element: &Element) {
        let name: &str = &element.name.local;
        if allow_list::element_policy(name) == ElementPolicy::Keep {
            self.at_start_of_pre = false;
            if !tree::is_inline(name) {
                self.trim_line_end();
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

/// Escapes text as the serialization algorithm of the HTML standard does, so that parsing and serializing the output
/// changes nothing.
fn push_escaped(out: &mut String, text: &str, in_attribute: bool) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !MAY_NEED_ESCAPE[usize::from(byte)] {
            continue;
        }
        let (escaped, length) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' if in_attribute => ("&quot;", 1),
            NBSP_FIRST_BYTE if text[at..].starts_with('\u{a0}') => ("&nbsp;", 2),
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escaped);
        copied = at + length;
    }
    out.push_str(&text[copied..]);
}

/// The first byte of a no-break space in UTF-8, and of other characters.
const NBSP_FIRST_BYTE: u8 = 0xC2;

/// Bytes that may need escaping.
const MAY_NEED_ESCAPE: [bool; 256] = {
    let mut table = [false; 256];
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table[NBSP_FIRST_BYTE as usize] = true;
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::sanitize_html;

    #[test]
    fn writes_only_visible_white_space() {
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
    fn escapes_only_markup_characters() {
        let escaped = |text: &str, in_attribute: bool| {
            let mut out = String::new();
            push_escaped(&mut out, text, in_attribute);
            out
        };
        assert_eq!(escaped("a\u{a0}b < \"c\" & é » 雨>", false), "a&nbsp;b &lt; \"c\" &amp; é » 雨&gt;");
        assert_eq!(escaped("\"<b>\"", true), "&quot;&lt;b&gt;&quot;");
        assert_eq!(escaped("", true), "");
    }
}
