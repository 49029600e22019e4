//! What the links of a document are relative to. One short link can become a long address, as often as it stands there, so
//! all bases of a document share how much they may make of them.

use std::cell::Cell;
use std::rc::Rc;

use url::Url;

use crate::limits::{MAX_JOINED_BYTES, MAX_URL_BYTES};

/// The address that links are relative to, if there is one.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    url: Option<Rc<Url>>,
    /// How many bytes of addresses may still be made of relative links of the document.
    left: Rc<Cell<usize>>,
}

impl Base {
    /// Returns the base of a whole document.
    pub(crate) fn of_document(url: Option<&Url>) -> Base {
        Base { url: None, left: Rc::new(Cell::new(MAX_JOINED_BYTES)) }.at(url.cloned())
    }

    /// Returns the base at another address in the same document.
    pub(crate) fn at(&self, url: Option<Url>) -> Base {
        Base { url: url.filter(is_short).map(Rc::new), left: Rc::clone(&self.left) }
    }

    pub(crate) fn is_known(&self) -> bool {
        self.url.is_some()
    }

    /// Returns the address of a link to a page or file; `None` if it leads nowhere on the web, or is too long.
    pub(crate) fn resolve(&self, link: &str) -> Option<Url> {
        let link = link.trim();
        if link.is_empty() || link.len() > MAX_URL_BYTES {
            return None;
        }
        let url = match Url::parse(link) {
            Err(url::ParseError::RelativeUrlWithoutBase) => self.join(link)?,
            url => url.ok()?,
        };
        (is_web(&url) && is_short(&url)).then_some(url)
    }

    /// Returns the address of a relative link; `None` if it is none, too long, or one too many.
    pub(crate) fn resolve_relative(&self, link: &str) -> Option<Url> {
        let is_relative = link.len() <= MAX_URL_BYTES
            && self.is_known()
            && matches!(Url::parse(link), Err(url::ParseError::RelativeUrlWithoutBase));
        if is_relative { self.join(link).filter(is_short) } else { None }
    }

    fn join(&self, link: &str) -> Option<Url> {
        let url = self.url.as_ref().filter(|_| self.left.get() > 0)?.join(link).ok()?;
        self.left.set(self.left.get().saturating_sub(url.as_str().len()));
        Some(url)
    }
}

/// Returns an address of the web; `None` if it is none, or too long.
pub(crate) fn web_address(text: &str) -> Option<Url> {
    let url = Some(text).filter(|it| it.len() <= MAX_URL_BYTES).and_then(|it| Url::parse(it).ok());
    url.filter(is_web).filter(is_short)
}

/// Returns whether an address is one of a web server.
pub(crate) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

fn is_short(url: &Url) -> bool {
    url.as_str().len() <= MAX_URL_BYTES
}
