//! `broadsheet serve`: the pages, and what happens by itself.

use std::process::ExitCode;

use axum::Router;
use axum::routing::get;
use broadsheet::config::Settings;
use broadsheet::data::DataFolder;
use broadsheet::server;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    // Before the folder: a second start on the same machine is most often a second start of the same thing.
    let listener = server::listen(settings.listen).await?;
    let folder = DataFolder::serve(&settings.data)?;
    let (jobs, stop) = (TaskTracker::new(), CancellationToken::new());
    server::stop_on_signal(stop.clone())?;
    let router = Router::new().route("/healthcheck", get(|| async { "well" }));
    tracing::info!("Broadsheet is at http://{}", listener.local_addr()?);
    server::serve(router, listener, &jobs, &stop).await?;
    drop(folder);
    Ok(ExitCode::SUCCESS)
}
