//! The pages, asked in this process.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

#[path = "../support/fixtures.rs"]
mod fixtures;
#[path = "../support/mock_web.rs"]
mod mock_web;
#[path = "../support/mod.rs"]
mod support;

mod article;
mod corrections;
mod front;
mod guarded;
mod import;
mod imports;
mod indexes;
mod list;
mod login;
mod pasted;
mod picture;
mod security;
mod settings;
mod setup;
mod trash;
mod verdict;
