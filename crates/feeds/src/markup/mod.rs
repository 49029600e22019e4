//! Reads markup that may be broken: XML and HTML as a row of tags and texts, and XML as a tree.
//!
//! Browsers stop at the first error in XML, and repair every error in HTML. Feeds are repaired by the rules of HTML: quotes
//! count only after `=`, an `&` or `<` that begins nothing is text, end tags that close nothing are skipped, and what the
//! end of the document cuts off is closed. No entity is ever expanded but characters, and nothing outside is ever read.

pub(crate) mod attributes;
pub(crate) mod base;
pub(crate) mod entities;
pub(crate) mod namespaces;
pub(crate) mod scanner;
pub(crate) mod scope;
pub(crate) mod tree;
