//! What the program can be told to do, one file per command.

mod healthcheck;
mod serve;

use std::process::ExitCode;

use broadsheet::config::Settings;

/// A self-hosted news reader: paste an address, read the article, only the article.
///
/// Without a command, Broadsheet serves its pages.
#[derive(clap::Parser, Debug)]
#[command(version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Option<Command>,

    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Serve the pages: what happens when no command is given.
    Serve,
    /// Ask a running server whether it is well: ends with 0 if so, else with 1.
    Healthcheck,
}

/// Does what was asked.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = cli.settings;
    match cli.command {
        None | Some(Command::Serve) => serve::run(&settings).await,
        Some(Command::Healthcheck) => healthcheck::run(&settings).await,
    }
}
