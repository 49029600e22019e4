//! What holds for an element and all in it: the address that links are relative to, and the language.

use url::Url;

use super::base::Base;
use super::tree::Element;

/// The base address and language at a place of a document.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) base: Base,
    /// Whether the document itself states the base.
    pub(crate) is_stated: bool,
    pub(crate) language: Option<String>,
}

impl Scope {
    /// Returns what holds inside an element.
    pub(crate) fn inside(&self, element: &Element) -> Scope {
        let mut scope = self.clone();
        for (name, value) in &element.attributes {
            match &*name.to_ascii_lowercase() {
                "xml:base" => {
                    if let Some(base) = self.resolve(value) {
                        (scope.base, scope.is_stated) = (self.base.at(Some(base)), true);
                    }
                }
                "xml:lang" => scope.language = language_tag(value),
                _ => {}
            }
        }
        scope
    }

    /// Returns the address of a link to a page or file; `None` if it leads nowhere on the web.
    pub(crate) fn resolve(&self, link: &str) -> Option<Url> {
        self.base.resolve(link)
    }
}

/// Returns a language tag in its usual form; `None` if it cannot be one.
pub(crate) fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let is_tag = (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let first = tag.split('-').next().unwrap_or_default();
    (is_tag && (2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(tag)
}
