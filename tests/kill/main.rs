//! Kills the program while it works: nothing that it acknowledged may be lost, doubled or half done.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/export_fixtures.rs"]
mod export_fixtures;
#[path = "../support/sample_library.rs"]
mod sample_library;
#[path = "../support/server_process.rs"]
mod server_process;
#[path = "../support/mock_web.rs"]
mod mock_web;

mod exports;
mod feeds;
mod imports;
mod model;
mod operations;

use std::path::Path;

use mock_web::MockResponse;

/// A PNG of one pixel, with its number in place of the colour, so that all differ.
fn image(n: usize) -> MockResponse {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0".to_vec();
    bytes.extend_from_slice(&n.to_be_bytes());
    MockResponse::new("image/png", bytes)
}

async fn assert_databases_are_intact(data: &Path) {
    for file in ["accounts.db", "libraries/1/library.db", "libraries/1/snapshots.db"] {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join(file));
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let verdict: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&pool).await.unwrap();
        assert_eq!(verdict, ["ok"], "{file}");
        let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&pool).await.unwrap();
        assert!(dangling.is_empty(), "{file}: {} rows refer to missing rows", dangling.len());
    }
}
