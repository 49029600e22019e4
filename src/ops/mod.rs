//! Running the program: settings, logging, server, data folder, disk usage, backups and checks.

pub mod backup;
pub mod config;
pub mod data_dir;
pub mod disk_usage;
pub mod doctor;
pub mod logging;
pub mod memory_limit;
pub mod server;
