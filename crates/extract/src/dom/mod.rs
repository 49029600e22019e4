//! Helpers for trees, URLs and words that every stage uses. Depends on none of the other folders.
//!
//! - `tree`: elements, attributes, texts and blocks of a tree.
//! - `text_sizes`: how much text is in each element.
//! - `selector`: the CSS subset of reader rules.
//! - `inner_text`: the text of a tree as a reader sees it.
//! - `urls`: resolves URLs, strips tracking parameters, compares image URLs.
//! - `words`: collapses white space, counts words, compares texts.
//! - `short_text`: cleans titles, names and other short texts.
//! - `multi_pattern`: searches for many strings in one pass.

pub(crate) mod inner_text;
pub(crate) mod multi_pattern;
pub(crate) mod selector;
pub(crate) mod short_text;
pub(crate) mod text_sizes;
pub(crate) mod tree;
pub(crate) mod urls;
pub(crate) mod words;
