//! From characters to tags and text, by the states of the HTML standard (13.2.5), which `html5gum` goes through.

use std::convert::Infallible;

use foldhash::HashMap;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, DoctypeToken, Tag, TagKind};
use html5ever::{Attribute, LocalName, QualName, ns};
use html5gum::{Emitter, Error, State};

use super::Filter;
use super::raw_text::Unread;

/// Attributes of one tag that are kept; each is compared with all before it.
const MOST_ATTRIBUTES: usize = 100;

/// Names that are remembered.
const MOST_NAMES: usize = 1_000;

/// Puts together what the tokenizer reads, and hands it on.
pub(super) struct Tokens<'p, 'f, 'a> {
    filter: &'f mut Filter<'p, 'a>,
    kind: TagKind,
    name: Vec<u8>,
    self_closing: bool,
    attributes: Vec<Attribute>,
    /// How many attributes the tag has so far, counted as they are written.
    begun_attributes: usize,
    attribute: Vec<u8>,
    value: Vec<u8>,
    /// The name of the start tag before, which ends what is no markup.
    begun: Vec<u8>,
    doctype: Doctype,
    doctype_name: Vec<u8>,
    /// Names that the page has used: to look one up among all that there are takes longer.
    names: HashMap<Box<[u8]>, LocalName>,
}

impl<'p, 'f, 'a> Tokens<'p, 'f, 'a> {
    /// Tokens for `filter`.
    pub(super) fn new(filter: &'f mut Filter<'p, 'a>) -> Self {
        Tokens {
            filter,
            kind: TagKind::StartTag,
            name: Vec::new(),
            self_closing: false,
            attributes: Vec::new(),
            begun_attributes: 0,
            attribute: Vec::new(),
            value: Vec::new(),
            begun: Vec::new(),
            doctype: Doctype::default(),
            doctype_name: Vec::new(),
            names: HashMap::default(),
        }
    }

    fn begin_tag(&mut self, kind: TagKind) {
        self.kind = kind;
        self.name.clear();
        self.self_closing = false;
        self.attributes.clear();
        self.begun_attributes = 0;
        self.attribute.clear();
        self.value.clear();
    }

    /// Of attributes of the same name the first counts.
    fn end_attribute(&mut self) {
        let counts = self.kind == TagKind::StartTag && self.begun_attributes <= MOST_ATTRIBUTES;
        if counts && !self.attribute.is_empty() {
            let name = local_name(&mut self.names, &self.attribute);
            if self.attributes.iter().all(|before| before.name.local != name) {
                self.attributes.push(Attribute { name: QualName::new(None, ns!(), name), value: text(&self.value) });
            }
        }
        self.attribute.clear();
        self.value.clear();
    }
}

impl Emitter for Tokens<'_, '_, '_> {
    type Token = Infallible;

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_error(&mut self, _error: Error) {}

    fn emit_eof(&mut self) {
        self.filter.end();
    }

    fn emit_string(&mut self, text: &[u8]) {
        if memchr::memchr(0, text).is_none() {
            return self.filter.text(text);
        }
        // The standard leaves it to the tree what becomes of a zero.
        for (nth, piece) in text.split(|byte| *byte == 0).enumerate() {
            if nth > 0 {
                self.filter.zero();
            }
            self.filter.text(piece);
        }
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(TagKind::StartTag);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(TagKind::EndTag);
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.name.extend_from_slice(name);
    }

    fn set_self_closing(&mut self) {
        self.self_closing = true;
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
        self.begun_attributes += 1;
        // The tokenizer calls itself from one attribute to the next, so that tags without end would overflow its stack.
        if self.begun_attributes > MOST_ATTRIBUTES {
            self.filter.passed.next.set(Some(Unread::Tag));
        }
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.attribute.extend_from_slice(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.value.extend_from_slice(value);
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        let tag = Tag {
            kind: self.kind,
            name: local_name(&mut self.names, &self.name),
            self_closing: self.self_closing,
            attrs: std::mem::take(&mut self.attributes),
            had_duplicate_attributes: false,
        };
        if self.kind == TagKind::StartTag {
            std::mem::swap(&mut self.begun, &mut self.name);
        }
        self.filter.tag(tag)
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.begun = name.unwrap_or_default().to_vec();
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.kind == TagKind::EndTag && !self.begun.is_empty() && self.begun == self.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.filter.is_in_foreign()
    }

    fn init_comment(&mut self) {}

    fn push_comment(&mut self, _text: &[u8]) {}

    fn emit_current_comment(&mut self) {}

    fn init_doctype(&mut self) {
        self.doctype = Doctype::default();
        self.doctype_name.clear();
    }

    fn push_doctype_name(&mut self, name: &[u8]) {
        self.doctype_name.extend_from_slice(name);
    }

    fn set_doctype_public_identifier(&mut self, value: &[u8]) {
        self.doctype.public_id = Some(text(value));
    }

    fn set_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id = Some(text(value));
    }

    fn push_doctype_public_identifier(&mut self, value: &[u8]) {
        self.doctype.public_id.get_or_insert_default().push_tendril(&text(value));
    }

    fn push_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id.get_or_insert_default().push_tendril(&text(value));
    }

    fn set_force_quirks(&mut self) {
        self.doctype.force_quirks = true;
    }

    fn emit_current_doctype(&mut self) {
        self.doctype.name = (!self.doctype_name.is_empty()).then(|| text(&self.doctype_name));
        self.filter.other(DoctypeToken(std::mem::take(&mut self.doctype)));
    }
}

fn local_name(names: &mut HashMap<Box<[u8]>, LocalName>, name: &[u8]) -> LocalName {
    if let Some(known) = names.get(name) {
        return known.clone();
    }
    let new = LocalName::from(str::from_utf8(name).unwrap_or_default());
    // Kept names are only given back at the end, and a page may make up as many as it has room for.
    if names.len() < MOST_NAMES {
        names.insert(name.into(), new.clone());
    }
    new
}

/// Pieces of a page, put together: they begin and end between letters, since the page is text.
pub(super) fn text(bytes: &[u8]) -> StrTendril {
    match str::from_utf8(bytes) {
        Ok(text) => StrTendril::from_slice(text),
        Err(_) => StrTendril::from_slice(&String::from_utf8_lossy(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use dom_query::Document;
    use html5ever::ParseOpts;
    use html5ever::tendril::TendrilSink;
    use html5ever::tree_builder::TreeBuilderOpts;
    use proptest::prelude::*;

    use crate::parse::page;

    /// The tree that `html5ever` makes all by itself, without what is passed over here.
    fn by_the_builders_own_tokenizer(html: &str) -> String {
        let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        let options = ParseOpts { tree_builder, ..ParseOpts::default() };
        written(html5ever::parse_document(Document::default(), options).one(html))
    }

    fn written(tree: Document) -> String {
        tree.select("script, style").remove();
        let root = tree.root();
        root.descendants_it().filter(|node| node.is_comment()).collect::<Vec<_>>().iter().for_each(|node| {
            node.remove_from_parent();
        });
        tree.html().to_string()
    }

    #[test]
    fn pages_become_the_tree_that_the_builders_own_tokenizer_makes_of_them() {
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
        let mut count = 0;
        for folder in std::fs::read_dir(pages).unwrap() {
            let Ok(html) = std::fs::read_to_string(folder.unwrap().path().join("page.html")) else { continue };
            assert_eq!(written(page(&html).tree), by_the_builders_own_tokenizer(&html));
            count += 1;
        }
        assert!(count > 20, "{count} pages");
    }

    #[test]
    fn entities_zeros_and_line_ends_are_read_as_the_standard_says() {
        for html in [
            "<p title='&amp;&notit;&not;&#0;&#x80;a&b=c'>&amp;&notit;&not;&#0;&#x80;&#xD800;&nbsp;&ampl&&lt",
            "<p a=1 A=2 =3 b='\r\n' c>a\r\nb\rc\n\r\nd<pre>\r\n\r\ne</pre>",
            "a\0b<p\0c d\0=e\0>f<svg>\0<path/>g</svg><textarea>\0</textarea>",
            "<svg><![CDATA[a<b\0c]]></svg><![CDATA[c]]><?php echo 1 ?><!doctype html></ x><p/ d>",
            "<title>a</titl></title ><textarea>\n<b></text></textarea><plaintext>a</plaintext>",
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" 'x'><table><p>a</table>",
            "<!DOCTYPE><table><p>a</table>",
            "<!DOCTYPE éHTMLÄ PUBLIC 'é' \"Ü\"><table><p>a</table>",
            "<svg><title><p><b></p>x<![CDATA[y]]>z",
            "\u{feff}a<xmp><b></xmp><iframe><p></iframe><noembed><p></noembed><noscript><p>b</noscript>",
            "<p>a<",
            "<p>a</",
            "<p>a<b c",
            "<p>a&",
            "",
        ] {
            assert_eq!(written(page(html).tree), by_the_builders_own_tokenizer(html), "{html:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn soup_becomes_the_same_tree(parts in prop::collection::vec(prop::sample::select(SOUP), 0..40)) {
            let html: String = parts.concat();
            prop_assert_eq!(written(page(&html).tree), by_the_builders_own_tokenizer(&html));
        }
    }

    /// Without tables and templates, where what is passed over moves the text around it.
    const SOUP: &[&str] = &[
        "<xmp>",
        "</xmp>",
        "<iframe>",
        "</iframe>",
        "<plaintext>",
        "</math>",
        "<mi>",
        "<foreignObject>",
        "</foreignObject>",
        "-",
        "]",
        "<P>",
        "</DIV>",
        "&notit",
        "&#x",
        "1F600;",
        "\u{fffd}",
        "<p>",
        "</p>",
        "<div a=b>",
        "</div>",
        "<b>",
        "</b>",
        "<svg>",
        "</svg>",
        "<math>",
        "<script>",
        "</script>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<select>",
        "<option>",
        "<noscript>",
        "</noscript>",
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<!doctype html>",
        "&amp;",
        "&am",
        "&#3",
        "2;",
        "\0",
        "\r",
        "\n",
        " ",
        "é",
        "雨",
        "x",
        "=",
        "'",
        "\"",
        "<",
        ">",
        "/",
        "<a href=",
        "<a ",
        "<br/>",
        "<li>",
        "<ul>",
        "</ul>",
        "<body c=d>",
        "<html e>",
        "<head>",
        "</body>",
    ];

    #[test]
    fn attributes_beyond_the_limit_go_however_they_are_written() {
        for attribute in [" a{}=1", " a{}=\"<b>\"", " <a{}", " x='>' y{}", "\n<1{} ", "/a{}", " a{} </script"] {
            let all: String = (0..100_000).map(|number| attribute.replace("{}", &number.to_string())).collect();
            let html = format!("<p{all}>It rained.</p{all}>");
            let began = Instant::now();
            // The stacks of threads are eight times as large.
            let small = std::thread::Builder::new().stack_size(256 << 10);
            let read = small.spawn(move || {
                let tree = page(&html).tree;
                let few = tree.select("p").nodes().iter().all(|p| p.attrs().len() <= super::MOST_ATTRIBUTES);
                (tree.root().text().contains("It rained."), few)
            });
            assert_eq!(read.unwrap().join().unwrap(), (true, true), "{attribute}");
            assert!(began.elapsed() < Duration::from_secs(10), "{attribute}");
        }
    }
}
