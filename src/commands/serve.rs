//! `broadsheet serve`: the web server and the background jobs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::accounts::{FIRST_LIBRARY_ID, OwnerSetup, Password, Username};
use broadsheet::app::App;
use broadsheet::library::{Library, welcome};
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;
use broadsheet::ops::{leftovers, login_reserve, server};
use broadsheet::storage::disk_full;
use broadsheet::{jobs, web};
use tokio_util::sync::CancellationToken;

use super::data_folder;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    // Before the data folder: if the server is already running, "port in use" is the more useful error.
    let listener = server::bind(settings.listen, "BROADSHEET_LISTEN")?;
    let metrics = settings.metrics.map(|address| server::bind(address, "BROADSHEET_METRICS")).transpose()?;
    let _data_dir = DataDir::open_for_server(&settings.data).await?;
    let _announcement = data_folder::announce(&settings.data);
    leftovers::delete_all(&settings.data).context("deleting temporary files")?;
    let (app, library) = open(settings).await?;
    if let (Some(name), Some(file)) = (&settings.owner, &settings.owner_password_file) {
        ensure_owner(&app, name, file).await?;
    }
    welcome::add_to_new_library(&library, app.now()).await?;
    let stop = CancellationToken::new();
    server::stop_on_signal(stop.clone())?;
    jobs::start(&app, &app.tasks, &stop);
    if let Some(listener) = metrics {
        let (router, stop) = (web::metrics_router(app.clone()), stop.clone());
        app.tasks.spawn(async move { server::answer_requests(router, listener, &stop).await });
    }
    tracing::info!("Broadsheet is at {}", app.access.public_url());
    if let Some(link) = app.setup_link().await? {
        tracing::info!("Create the first account at {link}");
    }
    server::serve(web::router(app.clone()), listener, &app.tasks, &stop).await;
    app.libraries.close().await;
    app.accounts.database().close().await;
    Ok(ExitCode::SUCCESS)
}

/// Opens the app and the first library: the library is migrated now, so that the first page does not wait, and a schema that
/// is too new is reported. What is saved can be read even on a full disk, if there is the room that is kept for it.
async fn open(settings: &Settings) -> anyhow::Result<(App, Library)> {
    let open = async || {
        let app = super::open_app::open_app(settings).await?;
        let library = app.libraries.get(FIRST_LIBRARY_ID).await?;
        anyhow::Ok((app, library))
    };
    match open().await {
        Err(error) if disk_full::is_disk_full(error.as_ref()) && login_reserve::release(&settings.data) => open().await,
        opened => opened,
    }
}

/// Creates the first account if there is none.
async fn ensure_owner(app: &App, name: &str, file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("BROADSHEET_OWNER_PASSWORD_FILE: can't read {}", file.display()))?;
    let name = Username::parse(name).map_err(|problem| anyhow::anyhow!("BROADSHEET_OWNER: {problem}"))?;
    let password = Password::parse(text.lines().next().unwrap_or_default())
        .map_err(|problem| anyhow::anyhow!("BROADSHEET_OWNER_PASSWORD_FILE: {problem}"))?;
    if let OwnerSetup::Created(_) = app.accounts.ensure_owner(&name, &password, app.now()).await? {
        tracing::info!(name = name.as_str(), "created the first account");
    }
    Ok(())
}
