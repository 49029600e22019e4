//! Turns characters into tags and text. `html5gum` implements the states of the HTML standard (13.2.5).

#[cfg(test)]
mod tests;

use std::convert::Infallible;

use foldhash::HashMap;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, DoctypeToken, Tag, TagKind};
use html5ever::{Attribute, LocalName, QualName, ns};
use html5gum::{Emitter, Error, State};

use super::BoundedTreeBuilder;
use super::raw_text::Skip;

/// The maximum number of attributes kept per tag: each is compared with all before it.
const MAX_ATTRIBUTES: usize = 100;

/// The maximum length of an attribute's value, and of a tag's or attribute's name; the rest is dropped. Longer values are
/// data for scripts.
const MAX_ATTRIBUTE_BYTES: usize = 256 * 1024;

/// The same for pictures: the start of their URLs, and their maximum length.
const PICTURE_START: &[u8] = b"data:image/";
const MAX_PICTURE_BYTES: usize = 16 << 20;

/// The maximum number of cached names.
const MAX_CACHED_NAMES: usize = 1_000;

/// Assembles tokens from the tokenizer's events and passes them on.
pub(super) struct TokenEmitter<'p, 'f, 'a> {
    builder: &'f mut BoundedTreeBuilder<'p, 'a>,
    kind: TagKind,
    name: Vec<u8>,
    self_closing: bool,
    attributes: Vec<Attribute>,
    /// The number of attributes written so far in this tag, dropped ones included.
    attribute_count: usize,
    attribute_name: Vec<u8>,
    attribute_value: Vec<u8>,
    /// The name of the last start tag, whose end tag ends raw text.
    last_start_tag: Vec<u8>,
    doctype: Doctype,
    doctype_name: Vec<u8>,
    /// Names used in the page: faster than a lookup among all names.
    names: HashMap<Box<[u8]>, LocalName>,
}

impl<'p, 'f, 'a> TokenEmitter<'p, 'f, 'a> {
    /// Creates an emitter that passes tokens to `builder`.
    pub(super) fn new(builder: &'f mut BoundedTreeBuilder<'p, 'a>) -> Self {
        TokenEmitter {
            builder,
            kind: TagKind::StartTag,
            name: Vec::new(),
            self_closing: false,
            attributes: Vec::new(),
            attribute_count: 0,
            attribute_name: Vec::new(),
            attribute_value: Vec::new(),
            last_start_tag: Vec::new(),
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
        self.attribute_count = 0;
        self.attribute_name.clear();
        self.attribute_value.clear();
    }

    /// Adds the current attribute to the tag. Of attributes with the same name, the first counts.
    fn end_attribute(&mut self) {
        let counts = self.kind == TagKind::StartTag && self.attribute_count <= MAX_ATTRIBUTES;
        if counts && !self.attribute_name.is_empty() {
            let name = intern_name(&mut self.names, &self.attribute_name);
            if self.attributes.iter().all(|before| before.name.local != name) {
                self.attributes.push(Attribute {
                    name: QualName::new(None, ns!(), name),
                    value: to_tendril(&self.attribute_value),
                });
            }
        }
        self.attribute_name.clear();
        self.attribute_value.clear();
    }
}

impl Emitter for TokenEmitter<'_, '_, '_> {
    type Token = Infallible;

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_error(&mut self, _error: Error) {}

    fn emit_eof(&mut self) {
        self.builder.finish();
    }

    fn emit_string(&mut self, text: &[u8]) {
        if memchr::memchr(0, text).is_none() {
            return self.builder.push_text(text);
        }
        // The standard leaves null characters to the tree builder.
        for (nth, piece) in text.split(|byte| *byte == 0).enumerate() {
            if nth > 0 {
                self.builder.push_null();
            }
            self.builder.push_text(piece);
        }
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(TagKind::StartTag);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(TagKind::EndTag);
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        push_bounded(&mut self.name, name);
    }

    fn set_self_closing(&mut self) {
        self.self_closing = true;
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
        self.attribute_count += 1;
        // The tokenizer recurses from one attribute to the next, so endless tags would overflow the stack.
        if self.attribute_count > MAX_ATTRIBUTES {
            self.builder.skipped.next.set(Some(Skip::Tag));
        }
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        push_bounded(&mut self.attribute_name, name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        push_bounded(&mut self.attribute_value, value);
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        let tag = Tag {
            kind: self.kind,
            name: intern_name(&mut self.names, &self.name),
            self_closing: self.self_closing,
            attrs: std::mem::take(&mut self.attributes),
            had_duplicate_attributes: false,
        };
        if self.kind == TagKind::StartTag {
            std::mem::swap(&mut self.last_start_tag, &mut self.name);
        }
        self.builder.push_tag(tag)
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start_tag = name.unwrap_or_default().to_vec();
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.kind == TagKind::EndTag && !self.last_start_tag.is_empty() && self.last_start_tag == self.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.builder.is_in_foreign_content()
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
        self.doctype.public_id = Some(to_tendril(value));
    }

    fn set_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id = Some(to_tendril(value));
    }

    fn push_doctype_public_identifier(&mut self, value: &[u8]) {
        self.doctype.public_id.get_or_insert_default().push_tendril(&to_tendril(value));
    }

    fn push_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id.get_or_insert_default().push_tendril(&to_tendril(value));
    }

    fn set_force_quirks(&mut self) {
        self.doctype.force_quirks = true;
    }

    fn emit_current_doctype(&mut self) {
        self.doctype.name = (!self.doctype_name.is_empty()).then(|| to_tendril(&self.doctype_name));
        self.builder.push_token(DoctypeToken(std::mem::take(&mut self.doctype)));
    }
}

/// Appends what fits.
fn push_bounded(bytes: &mut Vec<u8>, more: &[u8]) {
    let is_picture = bytes.starts_with(PICTURE_START) || bytes.is_empty() && more.starts_with(PICTURE_START);
    let room = if is_picture { MAX_PICTURE_BYTES } else { MAX_ATTRIBUTE_BYTES }.saturating_sub(bytes.len());
    bytes.extend_from_slice(&more[..more.len().min(room)]);
}

fn intern_name(names: &mut HashMap<Box<[u8]>, LocalName>, name: &[u8]) -> LocalName {
    if let Some(cached) = names.get(name) {
        return cached.clone();
    }
    let new = LocalName::from(str::from_utf8(name).unwrap_or_default());
    // Names are freed only at the end, and a page may contain any number of them.
    if names.len() < MAX_CACHED_NAMES {
        names.insert(name.into(), new.clone());
    }
    new
}

/// Copies bytes of the page, which are UTF-8 split between characters.
pub(super) fn to_tendril(bytes: &[u8]) -> StrTendril {
    match str::from_utf8(bytes) {
        Ok(text) => StrTendril::from_slice(text),
        Err(_) => StrTendril::from_slice(&String::from_utf8_lossy(bytes)),
    }
}
