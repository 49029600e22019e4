//! SQLite files and private files. Knows nothing of their contents.

pub mod database;
pub(crate) mod timed_reads;
pub mod private_files;
