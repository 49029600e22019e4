//! Broadsheet: a self-hosted news reader. The modules in reading order.

pub mod database;
pub mod library;
