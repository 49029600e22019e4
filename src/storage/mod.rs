//! SQLite files, and files that only the user who runs the program can read. Knows nothing of what is stored in them.

pub mod database;
pub mod private_files;
