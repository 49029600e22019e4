//! Writes structured text as HTML: the blocks of Portable Text, ProseMirror, Slate, Lexical, Contentful, Editor.js,
//! Draft.js, Arc, and their like; elements of React.
//!
//! All of them are lists of objects with a kind, a text or children, and marks. Only the names differ, so the kind is
//! known by the words in it, and what is unknown is a container.

use foldhash::HashMap;
use serde_json::Value;

use super::block_kinds::{
    CHILD_FIELDS, FOREIGN_WORDS, Kind, find_field, find_text, has_block_children, is_numbered, kind_of,
};
use super::plain_text;
use crate::dom::tree::escape;
use crate::stop;

/// The maximum number of blocks, and of bytes written.
const MAX_BLOCKS: usize = 100_000;
const MAX_BYTES: usize = crate::parse::MAX_TEXT_BYTES;
/// The maximum depth of nested blocks.
const MAX_DEPTH: usize = 40;
/// Fields with the text of a block.
const TEXT_FIELDS: &[&str] =
    &["text", "html", "content", "value", "markup", "body", "paragraph", "innerHTML", "plainText"];
/// The objects that others refer to by name, as in Apollo's cache.
pub(super) type References<'v> = HashMap<&'v str, &'v Value>;

/// Writes a value as HTML.
pub(super) fn to_html(value: &Value, refs: &References<'_>) -> String {
    let mut writer = Writer { html: String::new(), refs, links: Vec::new(), blocks: MAX_BLOCKS };
    writer.write(value, 0, false);
    writer.html
}

struct Writer<'r> {
    html: String,
    refs: &'r References<'r>,
    /// How many more blocks may be written: one may be referred to many times.
    blocks: usize,
    /// The links that texts refer to by name.
    links: Vec<(String, String)>,
}

impl Writer<'_> {
    /// Writes a value. Within a line of text, texts are no paragraphs.
    fn write(&mut self, value: &Value, depth: usize, in_line: bool) {
        stop::check();
        if depth > MAX_DEPTH || self.blocks == 0 || self.html.len() > MAX_BYTES {
            return;
        }
        self.blocks -= 1;
        match value {
            Value::String(text) if in_line => self.push_inline(text),
            Value::String(text) => self.html.push_str(&plain_text::to_html(text)),
            Value::Array(items) => match items.as_slice() {
                [Value::String(dollar), tag, _, props @ Value::Object(_), ..] if dollar == "$" => {
                    self.react_element(tag.as_str().unwrap_or_default(), props, depth, in_line);
                }
                _ => self.list(items, depth, in_line),
            },
            Value::Object(fields) => {
                let reference = fields.get("__ref").and_then(Value::as_str).and_then(|name| self.refs.get(name));
                match reference {
                    Some(object) => self.write(object, depth + 1, in_line),
                    None => self.block(value, depth, in_line),
                }
            }
            _ => {}
        }
    }

    /// Writes blocks, with items side by side in one list.
    fn list(&mut self, items: &[Value], depth: usize, in_line: bool) {
        let mut open: Option<&str> = None;
        for item in items {
            let tag = (!in_line && kind_of(item) == Kind::Item).then(|| if is_numbered(item) { "ol" } else { "ul" });
            if open != tag {
                self.close(open);
                self.open(tag);
                open = tag;
            }
            self.write(item, depth + 1, in_line);
        }
        self.close(open);
    }

    fn open(&mut self, tag: Option<&str>) {
        if let Some(tag) = tag {
            self.html.push_str(&format!("<{tag}>"));
        }
    }

    fn close(&mut self, tag: Option<&str>) {
        if let Some(tag) = tag {
            self.html.push_str(&format!("</{tag}>"));
        }
    }

    fn push_inline(&mut self, text: &str) {
        if plain_text::is_html(text) {
            self.html.push_str(text);
        } else {
            self.html.push_str(&escape(text).replace('\n', "<br>"));
        }
    }

    fn block(&mut self, block: &Value, depth: usize, in_line: bool) {
        let kind = kind_of(block);
        let tag = match kind {
            Kind::Foreign => return,
            Kind::Image => return self.image(block),
            Kind::Rule => return self.html.push_str("<hr>"),
            Kind::Break => return self.html.push_str("<br>"),
            Kind::Paragraph => Some("p".to_owned()),
            Kind::Heading(level) => Some(format!("h{level}")),
            Kind::Item => Some("li".to_owned()),
            Kind::BulletList => Some("ul".to_owned()),
            Kind::NumberedList => Some("ol".to_owned()),
            Kind::Quote => Some("blockquote".to_owned()),
            Kind::Code => Some("pre".to_owned()),
            Kind::Link => {
                let url = find_text(block, &["href", "url", "uri", "to"]).unwrap_or_default();
                self.html.push_str(&format!("<a href=\"{}\">", escape(&url)));
                self.contents(block, depth, true);
                return self.html.push_str("</a>");
            }
            Kind::Bold => Some("strong".to_owned()),
            Kind::Italic => Some("em".to_owned()),
            Kind::Html | Kind::Container => None,
            Kind::Text => (!in_line).then(|| "p".to_owned()),
        };
        let holds_blocks = |text: &Value| text.as_str().is_some_and(plain_text::has_blocks);
        let own = find_field(block, TEXT_FIELDS).filter(|text| text.is_string());
        let tag = tag.filter(|_| !(matches!(kind, Kind::Paragraph | Kind::Text) && own.is_some_and(holds_blocks)));
        let is_line = in_line || !matches!(kind, Kind::Container | Kind::Html | Kind::BulletList | Kind::NumberedList);
        // Items and quotations hold paragraphs or plain text.
        let is_line =
            is_line && !(matches!(kind, Kind::Item | Kind::Quote) && own.is_none() && has_block_children(block));
        self.note_links(block);
        let is_text = kind == Kind::Text;
        let marks = if is_text { marks_of(block) } else { Vec::new() };
        let link = is_text.then(|| self.link_of(block)).flatten();
        self.open(tag.as_deref());
        if let Some(url) = &link {
            self.html.push_str(&format!("<a href=\"{}\">", escape(url)));
        }
        marks.iter().for_each(|mark| self.open(Some(mark)));
        match kind {
            Kind::BulletList | Kind::NumberedList => self.items(block, depth),
            Kind::Code => {
                let code = own.and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
                let code = if code.is_empty() { find_text(block, &["code"]).unwrap_or_default() } else { code };
                self.html.push_str(&escape(&code));
                if code.is_empty() {
                    self.contents(block, depth, true);
                }
            }
            _ => self.contents(block, depth, is_line),
        }
        marks.iter().rev().for_each(|mark| self.close(Some(mark)));
        self.close(link.as_ref().map(|_| "a"));
        self.close(tag.as_deref());
    }

    /// Notes the links that the texts of a block name.
    fn note_links(&mut self, block: &Value) {
        let Some(Value::Array(definitions)) = block.get("markDefs") else { return };
        let read = |one: &Value| Some((one.get("_key")?.as_str()?.to_owned(), one.get("href")?.as_str()?.to_owned()));
        self.links = definitions.iter().take(100).filter_map(read).collect();
    }

    /// Returns where a piece of text links to.
    fn link_of(&self, text: &Value) -> Option<String> {
        let marks = text.get("marks")?.as_array()?;
        let stated = |mark: &Value| Some(mark.pointer("/attrs/href")?.as_str()?.to_owned());
        let named = |mark: &Value| {
            let name = mark.as_str()?;
            self.links.iter().find(|(key, _)| key == name).map(|(_, url)| url.clone())
        };
        marks.iter().find_map(|mark| stated(mark).or_else(|| named(mark)))
    }

    /// Writes the text of a block, else its children.
    fn contents(&mut self, block: &Value, depth: usize, in_line: bool) {
        let children = find_field(block, CHILD_FIELDS).filter(|inner| inner.is_array() || inner.is_object());
        let text = find_field(block, TEXT_FIELDS).filter(|text| text.as_str().is_some_and(|text| !text.is_empty()));
        match (children, text) {
            (Some(children), None) => self.write(children, depth + 1, in_line),
            (Some(children), Some(Value::String(text))) if text.trim().is_empty() => {
                self.write(children, depth + 1, in_line);
            }
            (_, Some(text)) => self.write(text, depth + 1, in_line),
            (None, None) => {}
        }
    }

    /// Writes the items of a list, which may be texts or objects.
    fn items(&mut self, block: &Value, depth: usize) {
        let Some(Value::Array(items)) = find_field(block, &["items", "children", "content", "list_items", "contents"])
        else {
            return self.contents(block, depth, false);
        };
        for item in items {
            if kind_of(item) == Kind::Item {
                self.write(item, depth + 1, false);
            } else {
                self.html.push_str("<li>");
                self.write(item, depth + 1, true);
                self.html.push_str("</li>");
            }
        }
    }

    fn image(&mut self, block: &Value) {
        let Some(url) = find_text(block, &["url", "src", "imageUrl", "source"]).filter(|url| url.len() > 4) else {
            return;
        };
        let caption = find_text(block, &["caption", "credits_caption_text", "alt", "altText"]).unwrap_or_default();
        self.html.push_str(&format!("<figure><img src=\"{}\">", escape(&url)));
        if !caption.is_empty() {
            self.html.push_str("<figcaption>");
            self.push_inline(&caption);
            self.html.push_str("</figcaption>");
        }
        self.html.push_str("</figure>");
    }

    /// Writes `["$", "p", key, {"children": …}]`.
    fn react_element(&mut self, tag: &str, props: &Value, depth: usize, in_line: bool) {
        let raw = props.pointer("/dangerouslySetInnerHTML/__html").and_then(Value::as_str);
        let is_element = tag.starts_with(|first: char| first.is_ascii_lowercase());
        if FOREIGN_WORDS.contains(&tag) || matches!(tag, "header" | "title") {
            return;
        }
        if tag == "img" {
            let attribute = |name: &str| props.get(name).and_then(Value::as_str).map(escape).unwrap_or_default();
            let (src, alt) = (attribute("src"), attribute("alt"));
            return self.html.push_str(&format!("<img src=\"{src}\" alt=\"{alt}\">"));
        }
        let is_line = in_line
            || matches!(
                tag,
                "p" | "li"
                    | "h1"
                    | "h2"
                    | "h3"
                    | "h4"
                    | "h5"
                    | "span"
                    | "a"
                    | "em"
                    | "strong"
                    | "b"
                    | "i"
                    | "td"
                    | "th"
                    | "pre"
                    | "code"
                    | "figcaption"
            );
        if is_element {
            let href = props.get("href").and_then(Value::as_str).map(|url| format!(" href=\"{}\"", escape(url)));
            self.html.push_str(&format!("<{tag}{}>", href.unwrap_or_default()));
        }
        if let Some(raw) = raw {
            self.html.push_str(raw);
        }
        if let Some(children) = props.get("children") {
            self.write(children, depth + 1, is_line);
        }
        if is_element && !matches!(tag, "br" | "hr") {
            self.html.push_str(&format!("</{tag}>"));
        }
    }
}

/// Returns the elements for the marks of a piece of text.
fn marks_of(text: &Value) -> Vec<&'static str> {
    let names: Vec<&str> = text
        .get("marks")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|mark| mark.as_str().or_else(|| mark.get("type")?.as_str()))
        .collect();
    let format = text.get("format").and_then(Value::as_u64).unwrap_or(0);
    let has = |known: &[&str], bit: u64| {
        format & bit != 0
            || known.iter().any(|name| names.contains(name) || text.get(*name) == Some(&Value::Bool(true)))
    };
    let mut marks = Vec::new();
    marks.extend(has(&["bold", "strong"], 1).then_some("strong"));
    marks.extend(has(&["italic", "em", "emphasis"], 2).then_some("em"));
    marks.extend(has(&["code"], 16).then_some("code"));
    marks
}
