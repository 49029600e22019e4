//! Running the program: settings, logging, server, data folder, disk usage and backups.

pub mod backup;
pub mod config;
pub mod data_dir;
pub mod disk_usage;
pub mod logging;
pub mod memory_limit;
pub mod server;
