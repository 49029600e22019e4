//! Browser tests: what a person does with Broadsheet, in a real Chromium.
//!
//! They need Debian's packages `chromium` and `chromium-driver`, and run one at a time.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/server_process.rs"]
mod server_process;
#[path = "../support/mock_web.rs"]
mod mock_web;
mod support;

mod accessibility;
mod block_picker;
mod edition;
mod failed_import;
mod feeds;
mod filters;
mod first_run;
mod hostile_html;
mod import_from_link;
mod import_from_text;
mod import_progress;
mod keyboard_shortcuts;
mod lanes;
mod live_images;
mod other_site;
mod page_layout;
mod phone;
mod reading_on;
mod suggested_tags;
mod theme;
mod topic_correction;
mod topics;
mod without_javascript;
