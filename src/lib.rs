//! Broadsheet: a self-hosted news reader. The modules in reading order.

pub mod address;
pub mod classify;
pub mod database;
pub mod library;
