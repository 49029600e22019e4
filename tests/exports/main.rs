//! Libraries of other services: read, previewed, imported, interrupted, imported again.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/export_fixtures.rs"]
mod export_fixtures;
#[path = "../support/mock_web.rs"]
mod mock_web;

mod formats;
mod interruptions;
mod states;

use broadsheet::ingest::intake::UploadedFile;
use broadsheet::ingest::intake::exports::{Export, read_export};
use broadsheet::library::Library;
use broadsheet::library::exports::{self, LinkOutcome};
use jiff::Timestamp;

pub fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Reads a file that must be an export.
pub fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Export {
    read_export(&UploadedFile { name: name.to_owned(), bytes: bytes.into() })
        .expect("it is recognised")
        .expect("it is sound")
}

/// Returns how many lines of a file have this outcome.
pub async fn count(library: &Library, export: i64, wanted: LinkOutcome) -> usize {
    let counts = exports::count(library, export).await.unwrap();
    counts.iter().find(|(outcome, _)| *outcome == wanted).map_or(0, |(_, number)| usize::try_from(*number).unwrap())
}
