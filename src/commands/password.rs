//! `broadsheet password NAME`.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::accounts::{Accounts, OwnerSetup, Password, Username};
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataFolder;
use console::Term;
use jiff::Timestamp;

use super::say;

pub async fn run(settings: &Settings, name: &str) -> anyhow::Result<ExitCode> {
    let folder = DataFolder::share(&settings.data).await?;
    let name = Username::parse(name).map_err(anyhow::Error::msg)?;
    let accounts = Accounts::open(folder.path()).await?;
    let password = Password::parse(ask()?).map_err(anyhow::Error::msg)?;
    if accounts.set_password(name.as_str(), &password).await? {
        say(&format!("Password changed. {} must log in again.", name.as_str()));
        return Ok(ExitCode::SUCCESS);
    }
    match accounts.ensure_owner(&name, &password, Timestamp::now()).await? {
        OwnerSetup::Created(_) => say(&format!("First account created: {}.", name.as_str())),
        OwnerSetup::AlreadyExists => anyhow::bail!("No account named {}. Check the name.", name.as_str()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks twice at a terminal, without echo; reads one line from a pipe.
fn ask() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("reading the password")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let terminal = Term::stderr();
    let read = |question: &str| {
        terminal.write_str(question)?;
        terminal.read_secure_line()
    };
    let (first, second) = (read("New password: ")?, read("Confirm password: ")?);
    anyhow::ensure!(first == second, "Passwords don't match. Nothing changed.");
    Ok(first)
}
