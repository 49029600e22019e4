//! `broadsheet fetch-again`: fetches the pages of saved articles again, by way of the import queue. Works beside a running
//! server, which then does the work.

use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::library::Library;
use broadsheet::library::imports::{self, Renewable};
use broadsheet::library::sources;
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;

use super::import::{self, Progress};

/// The options of the command.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only articles from this source, given by its domain.
    #[arg(long, value_name = "DOMAIN", conflicts_with = "failed_verdicts")]
    source: Option<String>,
    /// Only articles whose page was a cookie, login or bot check, or only a part of the article.
    #[arg(long)]
    failed_verdicts: bool,
}

pub async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    super::data_folder::require_library(settings)?;
    let data_dir = DataDir::open_shared(&settings.data).await?;
    let app = super::open_app::open_app(settings).await?;
    let library = app.libraries.get(FIRST_LIBRARY_ID).await?;
    let which = find_which(&library, options).await?;
    let mut pending = Vec::new();
    for id in imports::renew_all(&library, which, app.now()).await? {
        if let Some(import) = imports::find(&library, id).await? {
            pending.push((id, import.url.unwrap_or_default()));
        }
    }
    let progress = Progress::new(["changed", "unchanged"]);
    progress.set_total(pending.len());
    import::finish_imports(app, library, data_dir, (pending.into(), progress)).await
}

async fn find_which(library: &Library, options: &Options) -> anyhow::Result<Renewable> {
    if options.failed_verdicts {
        return Ok(Renewable::Incomplete);
    }
    let Some(domain) = &options.source else { return Ok(Renewable::All) };
    let found = sources::find(library, domain).await?;
    Ok(Renewable::OfSource(
        found.with_context(|| format!("No source {domain}. Use a domain from the Sources page"))?.id,
    ))
}
