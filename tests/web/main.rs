//! The pages, asked in this process.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod login;
mod security;
mod setup;
