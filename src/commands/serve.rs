//! `broadsheet serve`: the web server and the background jobs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::accounts::{FIRST_LIBRARY, Name, Owned, Password};
use broadsheet::app::App;
use broadsheet::library::welcome;
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataFolder;
use broadsheet::ops::server;
use broadsheet::{jobs, web};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    // Before the folder: a second start on the same machine is most often a second start of the same thing.
    let listener = server::listen(settings.listen).await?;
    let _folder = DataFolder::serve(&settings.data).await?;
    let app = super::open::app(settings).await?;
    if let (Some(name), Some(file)) = (&settings.owner, &settings.owner_password_file) {
        ensure_owner(&app, name, file).await?;
    }
    // The first page is not the one that waits for the schema, and a library that is too new is told at once.
    let library = app.libraries.get(FIRST_LIBRARY, app.now()).await?;
    welcome::put(&library, app.now()).await?;
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    server::stop_on_signal(stop.clone())?;
    jobs::start(&app, &tracker, &stop);
    tracing::info!("Broadsheet is at {}", app.access.address());
    if let Some(link) = app.setup_link().await? {
        tracing::info!("Create the first account at {link}");
    }
    let served = server::serve(web::router(app.clone()), listener, &tracker, &stop).await;
    app.libraries.close().await;
    app.accounts.database().close().await;
    served.map(|()| ExitCode::SUCCESS)
}

/// Creates the first account if there is none.
async fn ensure_owner(app: &App, name: &str, file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("BROADSHEET_OWNER_PASSWORD_FILE: can't read {}", file.display()))?;
    let name = Name::parse(name).map_err(|problem| anyhow::anyhow!("BROADSHEET_OWNER: {problem}"))?;
    let password = Password::parse(text.lines().next().unwrap_or_default())
        .map_err(|problem| anyhow::anyhow!("BROADSHEET_OWNER_PASSWORD_FILE: {problem}"))?;
    if let Owned::New(_) = app.accounts.ensure_owner(&name, &password, app.now()).await? {
        tracing::info!(name = name.as_str(), "created the first account");
    }
    Ok(())
}
