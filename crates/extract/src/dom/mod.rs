pub(crate) mod inner_text;
pub(crate) mod multi_pattern;
pub(crate) mod selector;
pub(crate) mod short_text;
pub(crate) mod tree;
pub(crate) mod urls;
pub(crate) mod words;
