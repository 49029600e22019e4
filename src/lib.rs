//! Broadsheet: a self-hosted news reader. The modules in reading order.

pub mod address;
pub mod articles;
pub mod classify;
pub mod database;
pub mod fetch;
pub mod imports;
pub mod ingest;
pub mod library;
// Who may open which library; then what requests and jobs share, and the pages.
pub mod accounts;
pub mod app;
