//! Broadsheet: a self-hosted news reader. The modules in reading order, each using only those below it.

// Pages, background jobs, and the state they share.
pub mod web;
pub mod jobs;
pub mod app;

// From a URL to an article.
pub mod ingest;

// Running it: settings, server, backups.
pub mod ops;

// Who may open which library.
pub mod accounts;

// What is stored.
pub mod library;
pub mod storage;

// Pure: books, URLs.
pub mod epub;
pub mod urls;
