//! Rewrites XHTML as HTML, for pages that were served as XML.
//!
//! The HTML parser would read `<script/>` as an opened script and drop the rest of the page, and would read a CDATA
//! section as a comment. Here self-closed elements get their end tag, CDATA becomes text, prefixes of XHTML, SVG and
//! MathML are dropped, and so is what HTML does not know. Damaged XML is read as well as it goes. Takes one pass in
//! linear time for any input.

use super::source_scan::{end_of_tag, next_attribute};

/// The namespaces that HTML knows without prefixes.
const NAMESPACES: [&str; 3] =
    ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"];

/// Elements that HTML reads without an end tag.
const VOID_ELEMENTS: [&str; 18] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
];

/// The maximum number of prefixes, and the maximum length of a name that gets an end tag.
const MAX_PREFIXES: usize = 8;
const MAX_NAME_BYTES: usize = 64;

const CDATA_START: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// Rewrites the source of an XHTML page as HTML with the same content. Ends soon after the HTML is longer than
/// `max_bytes`.
///
/// ```
/// let xhtml = "<p><a id='a'/>1 <![CDATA[< 2]]></p>";
/// assert_eq!(extract::xhtml_to_html(xhtml, 1000), "<p><a id='a'></a>1 &lt; 2</p>");
/// ```
pub fn xhtml_to_html(source: &str, max_bytes: usize) -> String {
    let mut rewriter =
        Rewriter { rest: source, html: String::with_capacity(source.len()), max_bytes, prefixes: vec![] };
    while !rewriter.rest.is_empty() && rewriter.html.len() <= max_bytes {
        rewriter.rewrite_piece();
    }
    rewriter.html
}

struct Rewriter<'a> {
    rest: &'a str,
    html: String,
    max_bytes: usize,
    prefixes: Vec<&'a str>,
}

impl<'a> Rewriter<'a> {
    fn consume(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Consumes what ends with `end`, or everything.
    fn consume_through(&mut self, end: &str) -> &'a str {
        let length = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        self.consume(length)
    }

    fn rewrite_piece(&mut self) {
        let rest = self.rest;
        let after = rest.as_bytes().get(1).copied().unwrap_or_default();
        if !rest.starts_with('<') {
            let end = rest.find('<').unwrap_or(rest.len());
            let text = self.consume(end);
            self.html.push_str(text);
        } else if rest.starts_with("<!--") {
            let comment = self.consume_through("-->");
            self.html.push_str(comment);
        } else if rest.starts_with(CDATA_START) {
            let text = self.consume_cdata();
            self.push_escaped(text);
        } else if after == b'?' {
            self.consume_through("?>");
        } else if after == b'!' {
            self.rewrite_doctype();
        } else if after == b'/' {
            self.rewrite_end_tag();
        } else if after.is_ascii_alphabetic() || after == b'_' || !after.is_ascii() {
            self.rewrite_start_tag();
        } else {
            self.consume(1);
            self.html.push_str("&lt;");
        }
    }

    fn consume_cdata(&mut self) -> &'a str {
        self.consume(CDATA_START.len());
        let section = self.consume_through(CDATA_END);
        section.strip_suffix(CDATA_END).unwrap_or(section)
    }

    fn push_escaped(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                letter => self.html.push(letter),
            }
            if self.html.len() > self.max_bytes {
                return;
            }
        }
    }

    /// Writes the doctype of HTML, and skips declarations in brackets.
    fn rewrite_doctype(&mut self) {
        let rest = self.rest;
        if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            self.html.push_str("<!DOCTYPE html>");
        }
        let end = rest.find('>').unwrap_or(rest.len());
        if let Some(open) = rest[..end].find('[') {
            let close = rest[open..].match_indices(']').find(|(at, _)| closes_doctype(&rest[open + at + 1..]));
            self.consume(close.map_or(rest.len(), |(at, _)| open + at));
        }
        self.consume_through(">");
    }

    fn rewrite_end_tag(&mut self) {
        let tag = self.consume_through(">");
        let name = self.without_prefix(tag[2..].trim_end_matches('>').trim());
        // HTML would read `</br>` as another `<br>`.
        if !is_void(name) {
            self.html.extend(["</", name, ">"]);
        }
    }

    fn rewrite_start_tag(&mut self) {
        let tag = self.consume(end_of_tag(self.rest));
        let inner = tag[1..].strip_suffix('>').unwrap_or(&tag[1..]);
        let (inner, is_closed) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
        let (name, attributes) =
            inner.split_at(inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len()));
        if attributes.contains("xmlns:") {
            self.add_prefixes(attributes);
        }
        let name = self.without_prefix(name);
        // Nothing could end it.
        if name.eq_ignore_ascii_case("plaintext") {
            return;
        }
        self.html.extend(["<", name, attributes, ">"]);
        if is_void(name) {
            return;
        }
        if is_closed && name.len() <= MAX_NAME_BYTES {
            self.html.extend(["</", name, ">"]);
        } else if !is_closed && ["script", "style"].iter().any(|raw| raw.eq_ignore_ascii_case(name)) {
            self.rewrite_raw_text(tag[1..].split(name).next().unwrap_or_default(), name);
        }
    }

    /// Writes the text of a script or style up to its end tag, which may not stand in a CDATA section.
    fn rewrite_raw_text(&mut self, prefix: &str, name: &str) {
        let end_tag = format!("</{prefix}{name}");
        loop {
            let rest = self.rest;
            let starts = |at: usize, wanted: &str| rest[at..].starts_with(wanted);
            let next = rest.match_indices('<').find(|(at, _)| starts(*at, CDATA_START) || starts(*at, &end_tag));
            let text = self.consume(next.map_or(rest.len(), |(at, _)| at));
            self.push_raw(&decode_references(text));
            if !self.rest.starts_with(CDATA_START) {
                return;
            }
            let section = self.consume_cdata();
            self.push_raw(section);
            if self.html.len() > self.max_bytes {
                return;
            }
        }
    }

    /// Writes raw text, so that no end tag is in it. In scripts `<\/` is the same.
    fn push_raw(&mut self, text: &str) {
        for (nth, part) in text.split("</").enumerate() {
            self.html.push_str(if nth > 0 { "<\\/" } else { "" });
            self.html.push_str(part);
        }
    }

    /// Notes the prefixes that this tag declares for what HTML knows.
    fn add_prefixes(&mut self, attributes: &'a str) {
        let mut rest = attributes;
        while let Some((name, value, after)) = next_attribute(rest) {
            if let Some(prefix) = name.strip_prefix("xmlns:")
                && NAMESPACES.contains(&value)
                && self.prefixes.len() < MAX_PREFIXES
            {
                self.prefixes.push(prefix);
            }
            rest = after;
        }
    }

    fn without_prefix<'n>(&self, name: &'n str) -> &'n str {
        match name.split_once(':') {
            Some((prefix, local)) if self.prefixes.contains(&prefix) => local,
            _ => name,
        }
    }
}

fn closes_doctype(after: &str) -> bool {
    after.trim_start().starts_with('>')
}

fn is_void(name: &str) -> bool {
    VOID_ELEMENTS.iter().any(|void| void.eq_ignore_ascii_case(name))
}

/// Decodes the references that XML itself defines.
fn decode_references(text: &str) -> String {
    let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    names.into_iter().fold(text.to_owned(), |text, (name, letter)| text.replace(name, letter))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn rewritten(source: &str) -> String {
        xhtml_to_html(source, 1 << 20)
    }

    #[test]
    fn self_closed_elements_are_empty() {
        for (xhtml, html) in [
            ("<title/><p>a</p>", "<title></title><p>a</p>"),
            ("<script src='a>b.js' />c", "<script src='a>b.js' ></script>c"),
            ("<br/>a<hr class=\"b\" /><img alt='/'/>", "<br>a<hr class=\"b\" ><img alt='/'>"),
            ("<br></br>a<img src='b'></img >", "<br>a<img src='b'>"),
            ("<svg><path d='M0 0'/><style/></svg>", "<svg><path d='M0 0'></path><style></style></svg>"),
            ("<td/><div id='a'\n/>b", "<td></td><div id='a'\n></div>b"),
            ("<plaintext/>a", "a"),
            ("<p>1 < 2</p>", "<p>1 &lt; 2</p>"),
            ("<p", "<p>"),
            ("</p", "</p>"),
            ("<", "&lt;"),
        ] {
            assert_eq!(rewritten(xhtml), html, "{xhtml}");
        }
    }

    #[test]
    fn cdata_is_text() {
        for (xhtml, html) in [
            ("<p><![CDATA[a < b && c]]> d</p>", "<p>a &lt; b &amp;&amp; c d</p>"),
            ("<![CDATA[</p>]]]]><![CDATA[>", "&lt;/p&gt;]]&gt;"),
            ("<script><![CDATA[a</script>b]]></script>c", "<script>a<\\/script>b</script>c"),
            ("<script>//<![CDATA[\na && b\n//]]></script>c", "<script>//\na && b\n//</script>c"),
            ("<script>[&quot;a &amp;lt; b&quot;]</script>", "<script>[\"a &lt; b\"]</script>"),
            ("<!-- <![CDATA[ --><p>a</p>", "<!-- <![CDATA[ --><p>a</p>"),
        ] {
            assert_eq!(rewritten(xhtml), html, "{xhtml}");
        }
    }

    #[test]
    fn what_only_xml_has_is_left_out() {
        for (xhtml, html) in [
            ("<?xml version='1.0'?>\n<?php if (a > b) ?><p>a</p>", "\n<p>a</p>"),
            ("<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x.dtd'><p>a</p>", "<!DOCTYPE html><p>a</p>"),
            ("<!DOCTYPE html [ <!ENTITY nbsp \"&#160;\"> ]><p>a</p>", "<!DOCTYPE html><p>a</p>"),
            (
                "<h:html xmlns:h='http://www.w3.org/1999/xhtml' xmlns:o='other'><h:p>a<o:p/></h:p></h:html>",
                "<html xmlns:h='http://www.w3.org/1999/xhtml' xmlns:o='other'><p>a<o:p></o:p></p></html>",
            ),
            (
                "<h:p xmlns:h='http://www.w3.org/1999/xhtml'><h:script>1</h:script>a</h:p>",
                "<p xmlns:h='http://www.w3.org/1999/xhtml'><script>1</script>a</p>",
            ),
        ] {
            assert_eq!(rewritten(xhtml), html, "{xhtml}");
        }
    }

    #[test]
    fn any_input_is_rewritten_in_linear_time_and_space() {
        for piece in [
            "<",
            "<!--",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE [",
            "<!DOCTYPE [>",
            "] ",
            "<!",
            "<?",
            "<a b='",
            "<a/>",
            "</",
            "<script>",
            "<b",
            "<style><![CDATA[",
            "<![CDATA[<&",
            "<é:é xmlns:é='http://www.w3.org/1999/xhtml'/>",
            "é</",
            "&",
            "<script></",
        ] {
            let source = piece.repeat(200_000);
            let began = Instant::now();
            let html = xhtml_to_html(&source, source.len());
            assert!(began.elapsed() < Duration::from_secs(5), "{piece}");
            assert!(html.len() <= 2 * source.len() + 100, "{piece}: {} of {}", html.len(), source.len());
        }
    }
}
