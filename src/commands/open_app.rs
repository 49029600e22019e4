//! Opens the app as the settings say.

use std::path::Path;

use anyhow::Context as _;
use broadsheet::accounts::AccessPolicy;
use broadsheet::app::App;
use broadsheet::ingest::fetch::{FEED_PART, Fetcher, Policy, Resolver};
use broadsheet::ingest::memory_budget::{MAX_DEFAULT_BYTES, MemoryBudget};
use broadsheet::ingest::trial::Trial;
use broadsheet::ops::config::Settings;
use broadsheet::ops::disk_space::DiskSpace;
use broadsheet::ops::memory_limit;
use jiff::Timestamp;

/// Opens the app. The caller must have opened the data folder.
pub async fn open_app(settings: &Settings) -> anyhow::Result<App> {
    let fetcher = Fetcher::new(fetch_policy(settings)?, Resolver::system())?;
    let access = AccessPolicy::new(settings.listen, settings.base_url.as_ref().map(url::Url::as_str))?;
    let mut app = App::open(&settings.data, access, fetcher, Timestamp::now).await?;
    app.images_limit = settings.images_limit;
    app.disk = DiskSpace::of_folder(&settings.data, settings.min_free_space);
    app.extractor = app.extractor.with_trial(Trial::new(std::env::current_exe()?));
    Ok(app)
}

/// Returns the fetch policy from the settings.
pub fn fetch_policy(settings: &Settings) -> anyhow::Result<Policy> {
    let memory = settings.memory.unwrap_or_else(default_memory);
    Ok(Policy {
        allow_hosts: settings.allow_hosts.clone().unwrap_or_default(),
        allow_ports: settings.allow_ports.clone().unwrap_or_default(),
        extra_ca: settings.extra_ca.as_deref().map(read_certificates).transpose()?,
        memory: MemoryBudget::new(memory - memory / FEED_PART),
        feed_memory: MemoryBudget::new(memory / FEED_PART),
        archive: settings.archive.clone(),
        ..Policy::default()
    })
}

fn default_memory() -> u64 {
    (memory_limit::available_memory() / 4).min(MAX_DEFAULT_BYTES)
}

fn read_certificates(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("BROADSHEET_EXTRA_CA: can't read {}", file.display()))
}
