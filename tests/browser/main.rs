//! Journeys: what a person does with Broadsheet, in a real Chromium.
//!
//! They need Debian's packages `chromium` and `chromium-driver`, and take their turns: one browser at a time.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/server_process.rs"]
mod server_process;
#[path = "../support/mock_web.rs"]
mod mock_web;
mod support;

mod by_address;
mod by_text;
mod corrections;
mod dark;
mod everybody;
mod failed;
mod filters;
mod first_run;
mod harmless;
mod keyboard;
mod looks;
mod phone;
mod waiting;
mod without_scripts;
