//! Finds the end of text that nobody reads (scripts, styles, overlong tags) by the rules of the HTML standard (13.2.5.4
//! to 13.2.5.39), without running the tokenizer over it.

use html5ever::local_name;
use html5ever::tokenizer::Tag;

/// What the input skips.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Skip {
    /// The text of a script.
    Script,
    /// The text of a style.
    Style,
    /// The rest of a tag, from within an attribute's name.
    Tag,
}

impl Skip {
    /// Returns the number of bytes before the end tag, or before the `>` of the tag. These are not skipped.
    pub(super) fn byte_length(self, rest: &[u8]) -> usize {
        match self {
            Skip::Script => script_end(rest),
            Skip::Style => style_end(rest),
            Skip::Tag => tag_end(rest),
        }
    }
}

/// Returns whether a script tag holds text that is read: JSON-LD, formulas, or code that the page shows.
pub(super) fn is_read_script(tag: &Tag) -> bool {
    let kind = tag.attrs.iter().find(|attribute| attribute.name.local == local_name!("type"));
    kind.is_some_and(|kind| {
        let kind = kind.value.to_ascii_lowercase();
        kind.contains("ld+json")
            || kind.trim_start().starts_with("math/")
            || matches!(kind.trim(), "text/plain" | "syntaxhighlighter")
    })
}

/// Returns the position of the next `</style`.
fn style_end(text: &[u8]) -> usize {
    memchr::memchr_iter(b'<', text).find(|at| starts_with_tag(&text[at + 1..], b"/style")).unwrap_or(text.len())
}

/// Returns the position of the `</script` that ends a script. Between `<!--` and `-->` a script may contain another,
/// whose end tag does not count.
fn script_end(text: &[u8]) -> usize {
    let (mut hidden, mut inner) = (false, false);
    for at in memchr::memchr2_iter(b'<', b'>', text) {
        let after = &text[at + 1..];
        if text[at] == b'>' {
            let ends = hidden && text[..at].ends_with(b"--");
            (hidden, inner) = (hidden && !ends, inner && !ends);
        } else if starts_with_tag(after, b"/script") {
            if !inner {
                return at;
            }
            inner = false;
        } else if starts_with_tag(after, b"script") {
            inner = hidden;
        } else {
            hidden |= after.starts_with(b"!--");
        }
    }
    text.len()
}

/// Returns the position of the `>` that ends a tag, ignoring quoted values.
fn tag_end(text: &[u8]) -> usize {
    let skip =
        |at: usize, ends: fn(&u8) -> bool| text[at..].iter().position(ends).map_or(text.len(), |length| at + length);
    let mut at = 0;
    loop {
        // The name, whose first character may be anything.
        at = skip(at, |byte| matches!(byte, b'=' | b'/' | b'>') || byte.is_ascii_whitespace());
        at = skip(at, |byte| !byte.is_ascii_whitespace());
        if text.get(at) == Some(&b'=') {
            at = skip(at + 1, |byte| !byte.is_ascii_whitespace());
            at = match text.get(at) {
                Some(quote @ (b'"' | b'\'')) => {
                    memchr::memchr(*quote, &text[at + 1..]).map_or(text.len(), |length| at + length + 2)
                }
                _ => skip(at, |byte| *byte == b'>' || byte.is_ascii_whitespace()),
            };
        }
        at = skip(at, |byte| !(*byte == b'/' || byte.is_ascii_whitespace()));
        match text.get(at) {
            None | Some(b'>') => return at,
            Some(_) => at += 1,
        }
    }
}

/// Returns whether a tag of this name starts here, just after its `<`.
fn starts_with_tag(text: &[u8], name: &[u8]) -> bool {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>');
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && text.get(name.len()).is_some_and(ends)
}

#[cfg(test)]
mod tests {
    use crate::parse::parse_page;

    /// Returns the text of the first script by `html5ever`'s tokenizer.
    fn script_text_by_html5ever(html: &str) -> String {
        let tree = dom_query::Document::from(html);
        tree.select("script").nodes().first().map(|script| script.text().to_string()).unwrap_or_default()
    }

    #[test]
    fn scripts_end_where_the_standard_says() {
        for script in [
            "a < b </script>",
            "if (a<b) '</scripts>' </SCRIPT\n>",
            "<!-- x </script> -->",
            "<!-- <script> x </script> y --> z </script>",
            "<!-- <script x> a </script> b </script> c",
            "<!--> <script> </script> x </script>",
            "<!---> <script> </script> x </script>",
            "<!-- <script> --> </script> x </script>",
            "<!-- <script>a<script>b</script> c</script> --></script>",
            "<!-- <scripts> </script> --> </script>",
            "</script/>",
            "</script",
            "x </scrip",
            "",
        ] {
            let html = format!("<body><script>{script}<p>It rained.");
            let parsed = parse_page(&html);
            let ours = parsed.scripts.first().map(|text| text.to_string()).unwrap_or_default();
            assert_eq!(ours, script_text_by_html5ever(&html), "{script}");
            let rest = |tree: &dom_query::Document| {
                tree.select("script").remove();
                tree.html().to_string()
            };
            assert_eq!(rest(&parsed.tree), rest(&dom_query::Document::from(html.as_str())), "{script}");
        }
    }

    #[test]
    fn tags_with_many_attributes_end_where_the_standard_says() {
        let many: String = (0..120).map(|number| format!(" a{number}")).collect();
        for rest in [
            " x u=/?q=\"1>a</p><p title=\"2\">b",
            " a==\"x>\">b",
            " a=b =\"x>a\">b",
            "/=\"x>\">b",
            " a=\"x\"=\"y>a\">b",
            " a = 'x>' b = y>c",
            "=x>a",
            "/>a",
            " / >a",
            " a='",
            " a=",
            "",
        ] {
            let html = format!("<body><p{many}{rest}<p>It rained.");
            let text = |tree: &dom_query::Document| tree.select("body").text().to_string();
            assert_eq!(text(&parse_page(&html).tree), text(&dom_query::Document::from(html.as_str())), "{rest}");
        }
    }

    #[test]
    fn text_after_skipped_content_is_parsed() {
        let parsed = parse_page(
            "<style>p > a { x: '</p>' }</style><script src=x></script><p>It</p><script>a</script><p>rained.",
        );
        assert_eq!(parsed.tree.select("body").text().as_ref(), "Itrained.");
        assert_eq!(parsed.scripts, ["a"]);
    }

    #[test]
    fn json_ld_stays_in_the_tree() {
        let parsed = parse_page("<script type='application/LD+json'>{}</script><script type=module>a</script>");
        assert_eq!(parsed.tree.select("script").text().as_ref(), "{}");
        assert_eq!(parsed.scripts, ["a"]);
    }
}
