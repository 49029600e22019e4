//! What is reported besides the article.
//!
//! - `removed_blocks`: visible blocks that are not in the article, with their reasons.
//! - `verdict`: the kind of page: article, listing, thread, paywalled, ….
//! - `interstitial`: consent pages and bot checks, detected in the source.
//! - `pagination`: finds the next page of an article and appends it.
//! - `blocks`: all blocks of the page with selectors, for readers who correct the choice.

pub(crate) mod blocks;
pub(crate) mod interstitial;
pub(crate) mod pagination;
pub(crate) mod removed_blocks;
pub(crate) mod verdict;
