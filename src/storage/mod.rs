//! SQLite files and private files. Knows nothing of their contents.

pub mod database;
pub mod private_files;
