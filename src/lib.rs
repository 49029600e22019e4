//! Broadsheet: a self-hosted news reader.

pub mod fetch;
