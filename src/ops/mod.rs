//! Running the program: settings, logging, server, metrics, data folder, room on the disk, backups and checks.

pub mod backup;
pub mod config;
pub mod data_dir;
pub mod disk_space;
pub mod disk_usage;
pub mod doctor;
pub mod leftovers;
pub mod logging;
pub mod login_reserve;
pub mod memory_limit;
pub mod metrics;
pub mod server;
