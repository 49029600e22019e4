//! Reads HTML as a row of tags and texts, without a tree: enough for lists of links, and quick for large ones. Pure.

use std::collections::BTreeMap;

use html5gum::emitters::default::{DefaultEmitter, Token};
use html5gum::{HtmlString, Spanned, Tokenizer};

/// A tag or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HtmlToken {
    /// A start tag: its name in lower case, and its attributes.
    Start(String, Attributes),
    /// An end tag: its name in lower case.
    End(String),
    /// A text, with its entities decoded.
    Text(String),
}

/// The attributes of a tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attributes(BTreeMap<String, String>);

impl Attributes {
    /// Returns the value of an attribute; its name is in lower case.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Reads the tags and texts of a page, in order. Comments are left out.
pub(super) fn read_tokens(html: &str) -> impl Iterator<Item = HtmlToken> {
    let mut emitter = DefaultEmitter::default();
    // The content of scripts and styles is no markup.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).filter_map(|token| match token {
        Ok(Token::StartTag(tag)) => Some(HtmlToken::Start(to_text(&tag.name), read_attributes(tag.attributes))),
        Ok(Token::EndTag(tag)) => Some(HtmlToken::End(to_text(&tag.name))),
        Ok(Token::String(text)) => Some(HtmlToken::Text(to_text(&text))),
        _ => None,
    })
}

fn read_attributes(attributes: BTreeMap<HtmlString, Spanned<HtmlString, ()>>) -> Attributes {
    Attributes(attributes.into_iter().map(|(name, value)| (to_text(&name), to_text(&value))).collect())
}

fn to_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
