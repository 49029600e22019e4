//! Broadsheet: a self-hosted news reader. The modules in reading order.

// The story, and the places it passes through.
pub mod ingest;
pub mod fetch;
pub mod reading;
pub mod classify;
pub mod address;
pub mod imports;
pub mod trial;
pub mod jobs;
pub mod reextract;
pub mod differences;

// What is kept.
pub mod private;
pub mod database;
pub mod library;
pub mod articles;
pub mod pictures;
pub mod rules;
pub mod search;
pub mod sources;
pub mod tags;
pub mod topics;
pub mod welcome;

// Who may open which library; what requests and jobs share.
pub mod accounts;
pub mod app;
pub mod web;

// What keeps it running.
pub mod config;
pub mod data;
pub mod logs;
pub mod server;
pub mod backup;
pub mod disk;
