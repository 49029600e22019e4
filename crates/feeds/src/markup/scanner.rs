//! Splits markup into tags and texts. Takes time linear in its length, whatever stands in it.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::attributes::{self, Attribute, begins_tag};

/// The rules that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// CDATA sections are text, and so is a tag in which the next one begins.
    Xml,
    /// The content of scripts and styles is no markup.
    Html,
}

/// A piece of markup. Texts are as they stand there, with their references.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece<'a> {
    Start(Tag<'a>),
    /// The name of an end tag.
    End(&'a str),
    Text(&'a str),
    /// Text without references: a CDATA section, a script.
    Verbatim(&'a str),
    /// A document type declaration.
    Doctype(&'a str),
    /// The target of a processing instruction, such as `xml`.
    Instruction(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<Attribute<'a>>,
    /// It ends with `/>`.
    pub(crate) is_closed: bool,
    /// Something in it had to be repaired.
    pub(crate) is_repaired: bool,
}

/// What was found wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// The text ends inside a tag, a comment or a CDATA section.
    pub(crate) is_cut_off: bool,
    /// How many `<` begin no tag, or one that is not finished.
    pub(crate) bare_brackets: usize,
    pub(crate) repaired_tags: usize,
}

pub(crate) struct Scanner<'a> {
    source: &'a str,
    position: usize,
    dialect: Dialect,
    /// The element whose content is no markup.
    verbatim_until: Option<&'a str>,
    // What was searched for in vain, so that it is not searched for again.
    has_no_subset_end: bool,
    has_no_instruction_end: bool,
    pub(crate) faults: Faults,
}

/// Elements of HTML whose content is no markup.
const VERBATIM_ELEMENTS: &[&str] = &["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"];

impl<'a> Scanner<'a> {
    pub(crate) fn new(source: &'a str, dialect: Dialect) -> Self {
        Scanner {
            source,
            position: 0,
            dialect,
            verbatim_until: None,
            has_no_subset_end: false,
            has_no_instruction_end: false,
            faults: Faults::default(),
        }
    }

    /// Returns the next piece and where it stands.
    pub(crate) fn next_piece(&mut self) -> Option<(Range<usize>, Piece<'a>)> {
        while self.position < self.source.len() {
            let start = self.position;
            let piece = match self.verbatim_until.take() {
                Some(name) => self.read_verbatim(name),
                None if self.begins_markup(start) => self.read_markup(),
                None => Some(self.read_text()),
            };
            if let Some(piece) = piece {
                return Some((start..self.position, piece));
            }
        }
        None
    }

    fn rest(&self) -> &'a str {
        &self.source[self.position..]
    }

    /// Returns whether a tag, comment, declaration or instruction begins here.
    fn begins_markup(&self, at: usize) -> bool {
        let bytes = &self.source.as_bytes()[at..];
        matches!(bytes, [b'<', b'!' | b'?', ..]) || begins_tag(bytes)
    }

    fn read_text(&mut self) -> Piece<'a> {
        let (start, mut end) = (self.position, self.position);
        while let Some(found) = memchr(b'<', &self.source.as_bytes()[end..]) {
            if self.begins_markup(end + found) {
                self.position = end + found;
                return Piece::Text(&self.source[start..self.position]);
            }
            self.faults.bare_brackets += 1;
            end += found + 1;
        }
        self.position = self.source.len();
        Piece::Text(&self.source[start..])
    }

    fn read_verbatim(&mut self, name: &str) -> Option<Piece<'a>> {
        let start = self.position;
        let mut end = start;
        let source = self.source.as_bytes();
        loop {
            match memmem::find(&source[end..], b"</") {
                Some(found) => {
                    end += found;
                    let at = end + 2;
                    if source.get(at..at + name.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(name.as_bytes()))
                    {
                        break;
                    }
                    end += 2;
                }
                None => {
                    end = source.len();
                    break;
                }
            }
        }
        self.position = end;
        (end > start).then(|| Piece::Verbatim(&self.source[start..end]))
    }

    fn read_markup(&mut self) -> Option<Piece<'a>> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            self.skip_past("-->", 4);
            return None;
        }
        if self.dialect == Dialect::Xml && rest.starts_with("<![CDATA[") {
            let start = self.position + 9;
            let end = self.skip_past("]]>", 9);
            return Some(Piece::Verbatim(&self.source[start..end]));
        }
        if rest.starts_with("<!") {
            return Some(self.read_declaration());
        }
        if rest.starts_with("<?") {
            return Some(self.read_instruction());
        }
        if rest.starts_with("</") {
            let start = self.position + 2;
            let end = self.skip_past(">", 2);
            let name = self.source[start..end].split(|c: char| c.is_whitespace() || c == '/').next();
            return name.map(Piece::End);
        }
        self.read_start_tag()
    }

    /// Moves behind `end`, or to the end of the text. Returns where `end` begins.
    fn skip_past(&mut self, end: &str, offset: usize) -> usize {
        let from = (self.position + offset).min(self.source.len());
        match memmem::find(&self.source.as_bytes()[from..], end.as_bytes()) {
            Some(found) => {
                self.position = from + found + end.len();
                from + found
            }
            None => {
                self.faults.is_cut_off = true;
                self.position = self.source.len();
                self.position
            }
        }
    }

    /// Reads `<!DOCTYPE …>` with the declarations in brackets.
    fn read_declaration(&mut self) -> Piece<'a> {
        let start = self.position;
        let rest = self.rest().as_bytes();
        let tag_end = memchr(b'>', rest);
        let bracket = memchr(b'[', &rest[..tag_end.unwrap_or(rest.len())]);
        if let (Some(bracket), false, Dialect::Xml) = (bracket, self.has_no_subset_end, self.dialect) {
            match find_subset_end(&rest[bracket..]) {
                Some(end) => {
                    self.position += bracket + end;
                    return Piece::Doctype(&self.source[start..self.position]);
                }
                None => self.has_no_subset_end = true,
            }
        }
        self.skip_past(">", 0);
        Piece::Doctype(&self.source[start..self.position])
    }

    fn read_instruction(&mut self) -> Piece<'a> {
        let start = self.position + 2;
        let closed = match self.has_no_instruction_end || self.dialect == Dialect::Html {
            true => None,
            false => memmem::find(self.rest().as_bytes(), b"?>"),
        };
        match closed {
            Some(end) => self.position += end + 2,
            None => {
                self.has_no_instruction_end = true;
                self.skip_past(">", 0);
            }
        }
        let content = &self.source[start.min(self.position)..self.position];
        Piece::Instruction(content.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default())
    }

    fn read_start_tag(&mut self) -> Option<Piece<'a>> {
        let name_start = self.position + 1;
        let length = self.source[name_start..].find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '<'));
        let name_end = length.map_or(self.source.len(), |length| name_start + length);
        let name = &self.source[name_start..name_end];
        let Some(found) = attributes::read(self.source, name_end, self.dialect == Dialect::Xml) else {
            self.faults.is_cut_off = true;
            self.position = self.source.len();
            return None;
        };
        let start = self.position;
        self.position = found.end;
        if found.is_unfinished {
            self.faults.bare_brackets += 1;
            return Some(Piece::Text(&self.source[start..found.end]));
        }
        self.faults.repaired_tags += usize::from(found.is_repaired);
        if self.dialect == Dialect::Html {
            self.verbatim_until = VERBATIM_ELEMENTS.iter().find(|it| it.eq_ignore_ascii_case(name)).copied();
        }
        Some(Piece::Start(Tag {
            name,
            attributes: found.attributes,
            is_closed: found.is_closed,
            is_repaired: found.is_repaired,
        }))
    }
}

/// Finds the `>` behind the bracket that closes the declarations of a document type, outside of quotes and comments.
/// Returns the position behind it.
fn find_subset_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        at += match text[at] {
            quote @ (b'"' | b'\'') => memchr(quote, &text[at + 1..])? + 2,
            b'<' if text[at..].starts_with(b"<!--") => memmem::find(&text[at..], b"-->")? + 3,
            b']' => return Some(at + memchr(b'>', &text[at..])? + 1),
            _ => 1,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(source: &str, dialect: Dialect) -> (Vec<String>, Faults) {
        let mut scanner = Scanner::new(source, dialect);
        let mut found = Vec::new();
        while let Some((_, piece)) = scanner.next_piece() {
            found.push(match piece {
                Piece::Start(tag) => {
                    let attributes: String =
                        tag.attributes.iter().map(|it| format!(" {}={}", it.name, it.value)).collect();
                    format!("<{}{attributes}{}>", tag.name, if tag.is_closed { "/" } else { "" })
                }
                Piece::End(name) => format!("</{name}>"),
                Piece::Text(text) => text.to_owned(),
                Piece::Verbatim(text) => format!("[{text}]"),
                Piece::Doctype(_) => "doctype".to_owned(),
                Piece::Instruction(name) => format!("?{name}"),
            });
        }
        (found, scanner.faults)
    }

    #[test]
    fn xml_is_split_into_its_pieces() {
        let source =
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"]>\">]><a b='1' c=\"2\"/><!-- <x> --><![CDATA[<i>]]>t</a>";
        let (found, faults) = pieces(source, Dialect::Xml);
        assert_eq!(found, ["?xml", "doctype", "<a b=1 c=2/>", "[<i>]", "t", "</a>"]);
        assert_eq!(faults, Faults::default());
    }

    #[test]
    fn broken_markup_is_repaired_as_in_html() {
        let cases: &[(&str, &[&str])] = &[
            ("a < b & <3 </ >", &["a < b & <3 </ >"]),
            ("<a t=5\" u='x'>", &["<a t=5\" u=x>"]),
            ("<o t=\"6\" pipe\" x=\"y\"/>z", &["<o t=6 pipe\"= x=y/>", "z"]),
            ("<a href=x/y>b", &["<a href=x/y>", "b"]),
            ("<a/ b>", &["<a b=>"]),
            ("x<b", &["x"]),
            ("<t>5 <b and c</t>z", &["<t>", "5 ", "<b and c", "</t>", "z"]),
            ("<t>5 <b and c=d</t>", &["<t>", "5 ", "<b and c=d", "</t>"]),
            ("<a <b>x", &["<a ", "<b>", "x"]),
            ("<a b <3 c='<d>'>x", &["<a b= <3= c=<d>>", "x"]),
            ("<![CDATA[half", &["[half]"]),
        ];
        for (source, expected) in cases {
            assert_eq!(pieces(source, Dialect::Xml).0, *expected, "{source}");
        }
    }

    #[test]
    fn scripts_of_pages_are_no_markup() {
        let (found, _) = pieces("<script>'<p>'</SCRIPT><p>a<style>b", Dialect::Html);
        assert_eq!(found, ["<script>", "['<p>']", "</SCRIPT>", "<p>", "a", "<style>", "[b]"]);
    }
}
