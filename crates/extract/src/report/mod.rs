//! What is said about a page beside its article.
//!
//! - `removed_blocks`: what was visible and is not in the article, with the reason.
//! - `verdict`: the kind of page: article, listing, thread, paywalled beginning, ….
//! - `interstitial`: cookie, login and bot pages, recognised from their source.
//! - `pagination`: finds the next page of an article and appends it.
//! - `blocks`: the page block by block, with selectors, for readers who correct the choice.

pub(crate) mod blocks;
pub(crate) mod interstitial;
pub(crate) mod pagination;
pub(crate) mod removed_blocks;
pub(crate) mod verdict;
