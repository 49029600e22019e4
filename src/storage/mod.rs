//! SQLite files, private files and checksums of files. Knows nothing of their contents.

pub mod checksum;
pub mod database;
pub mod damage;
pub mod disk_full;
pub(crate) mod timed_reads;
pub mod private_files;
pub(crate) mod write_transaction;
