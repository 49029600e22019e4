//! Feeds that are followed, in a simulated web: from an address to articles.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/fixtures.rs"]
#[expect(dead_code, reason = "no test uses all of it")]
mod fixtures;
#[path = "../support/mock_web.rs"]
mod mock_web;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "no test uses all of it")]
mod support;

mod looks;
#[path = "../../crates/feeds/tests/cases/rss_shorthand.rs"]
mod rss_shorthand;
mod origin;
mod world;
mod cases;
mod script;
mod requests;
mod behaviours;
mod identity;
mod documents;
mod forbidden;
mod stories;
mod simulation;
