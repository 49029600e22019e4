//! Open cases of feeds, lists, pages and histories, each with what must come out. They are read from `../shared`; without
//! that folder they are skipped, but not on continuous integration.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "cases/feeds.rs"]
mod feeds_cases;
#[path = "cases/folder.rs"]
mod folder;
#[path = "cases/opml.rs"]
mod opml_cases;
#[path = "cases/discovery.rs"]
mod discovery_cases;
#[path = "cases/identity.rs"]
mod identity_cases;
#[path = "cases/rss_shorthand.rs"]
mod rss_shorthand;
#[path = "cases/behaviours.rs"]
mod behaviours_cases;
#[path = "cases/simulation.rs"]
mod simulation;
