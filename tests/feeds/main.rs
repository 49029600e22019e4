//! Feeds that are followed, in a simulated web: from an address to articles.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

#[path = "../support/fixtures.rs"]
mod fixtures;
#[path = "../support/mock_web.rs"]
mod mock_web;
#[path = "../support/mod.rs"]
mod support;

mod looks;
