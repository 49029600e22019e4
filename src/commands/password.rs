//! `broadsheet password NAME`.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::accounts::{Accounts, OwnerSetup, Password, Username};
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;
use console::Term;
use jiff::Timestamp;

use super::data_folder::{self, NewLibrary};
use super::print_line;

pub async fn run(settings: &Settings, name: &str) -> anyhow::Result<ExitCode> {
    // The first account may be made before the server starts.
    let data_dir = DataDir::open_shared(&data_folder::choose(settings, NewLibrary::Create)?).await?;
    let name = Username::parse(name).map_err(anyhow::Error::msg)?;
    let accounts = Accounts::open(data_dir.path()).await?;
    let password = Password::parse(read_password()?).map_err(anyhow::Error::msg)?;
    if accounts.set_password(name.as_str(), &password).await? {
        print_line(&format!("Password changed. {} must log in again.", name.as_str()));
        return Ok(ExitCode::SUCCESS);
    }
    match accounts.ensure_owner(&name, &password, Timestamp::now()).await? {
        OwnerSetup::Created(_) => print_line(&format!("First account created: {}.", name.as_str())),
        OwnerSetup::AlreadyExists => anyhow::bail!("No account named {}. Check the name.", name.as_str()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the new password: twice without echo at a terminal, else one line from standard input.
fn read_password() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("reading the password")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let terminal = Term::stderr();
    let prompt = |question: &str| {
        terminal.write_str(question)?;
        terminal.read_secure_line()
    };
    let (first, second) = (prompt("New password: ")?, prompt("Confirm password: ")?);
    anyhow::ensure!(first == second, "Passwords don't match. Nothing changed.");
    Ok(first)
}
