//! Logging to standard error, as text or JSON.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::ops::config::{LogFormat, Settings};

/// html5ever warns about invalid markup, which most pages have. Silent unless the filter names it.
const SILENT: &str = "html5ever=off";

/// Starts logging, once per process.
///
/// # Errors
/// The filter is invalid, or logging was already started.
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
    started.map_err(|error| anyhow::anyhow!("logging has already been started: {error}"))
}
