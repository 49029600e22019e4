pub(crate) mod multi_pattern;
pub(crate) mod selector;
pub(crate) mod tree;
pub(crate) mod urls;
pub(crate) mod words;
