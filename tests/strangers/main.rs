//! Strangers at a running server: through a real proxy, and with thousands of connections.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/server_process.rs"]
mod server_process;

mod connections;
mod nginx;
