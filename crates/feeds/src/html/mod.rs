//! HTML in feeds: titles as text, and the texts of items with absolute addresses.

pub(crate) mod body;
pub(crate) mod elements;
pub(crate) mod text;
pub(crate) mod urls;
pub(crate) mod xhtml;
