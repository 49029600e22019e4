//! SQLite files and private files. Knows nothing of their contents.

pub mod database;
pub mod disk_full;
pub mod private_files;
pub(crate) mod write_transaction;
