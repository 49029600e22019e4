//! What every stage needs to read trees, URLs and words. Knows nothing of the other folders.
//!
//! - `tree`: elements, attributes, texts and blocks of a tree.
//! - `selector`: the small part of CSS in which rules point at elements.
//! - `inner_text`: the text of a tree as a reader sees it.
//! - `urls`: resolves URLs, removes tracking parameters, compares.
//! - `words`: squeezes white space, counts words, compares texts.
//! - `short_text`: cleans titles, names and other short texts.
//! - `multi_pattern`: looks for many strings in one pass.

pub(crate) mod inner_text;
pub(crate) mod multi_pattern;
pub(crate) mod selector;
pub(crate) mod short_text;
pub(crate) mod tree;
pub(crate) mod urls;
pub(crate) mod words;
