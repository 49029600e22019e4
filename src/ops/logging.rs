//! Log lines, to standard error: text for people, JSON for programs.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::ops::config::{LogFormat, Settings};

/// The parser of pages warns of what it does not do with markup that is wrong, as pages' markup is; unless the setting names
/// it, that is not written.
const SILENT: &str = "html5ever=off";

/// Starts logging, once per process.
///
/// # Errors
/// The filter cannot be read, or logging was started before.
pub fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter: Targets = format!("{SILENT},{}", settings.log).parse().context("BROADSHEET_LOG")?;
    let lines = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(std::io::stderr);
    let started = match settings.log_format {
        LogFormat::Text => {
            let lines = lines.with_ansi(std::io::stderr().is_terminal()).with_target(false);
            lines.finish().with(filter).try_init()
        }
        LogFormat::Json => lines.json().flatten_event(true).finish().with(filter).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging was started before: {error}"))
}
