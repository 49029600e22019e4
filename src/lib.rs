//! Broadsheet: a self-hosted news reader.

pub mod address;
pub mod classify;
