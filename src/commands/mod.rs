//! The command line, one file per command.

mod backup;
mod data_folder;
mod doctor;
mod extract;
mod feeds;
mod re_extract;
mod fetch_again;
mod healthcheck;
mod import;
mod import_export;
mod open_app;
mod password;
mod restore;
mod serve;

#[cfg(test)]
#[path = "../../tests/support/golden.rs"]
mod golden;
#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use broadsheet::ops::config::{DEFAULT_LOG, Settings};
use broadsheet::ops::doctor::Mode;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};
use data_folder::NewLibrary;

/// A self-hosted read-it-later library: save articles and read them without the clutter.
///
/// Without a command, Broadsheet runs its web server.
#[derive(clap::Parser, Debug)]
#[command(version)]
pub struct Cli {
    /// The command; `None` runs the web server.
    #[command(subcommand)]
    command: Option<Command>,

    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Run the web server (the default).
    Serve,
    /// Import articles from links, web pages (.html), text files (.txt, .md), lists of links, or exports of other services.
    ///
    /// Waits for all imports. If a server is running, it does the work. Imports still pending when this command is
    /// stopped resume when Broadsheet next runs.
    Import {
        /// Links and files to import.
        #[arg(required = true, value_name = "URL|FILE")]
        inputs: Vec<String>,
        /// Create a new library if there is none in ./data.
        #[arg(long)]
        new: bool,
    },
    /// Extract the article from a page and print it; nothing is saved.
    ///
    /// Exits with 1 if the page can't be fetched or has no text.
    Extract(extract::Options),
    /// Re-extract saved articles with this version.
    ///
    /// Uses the stored original pages; only images are fetched. Topics, tags and stars are kept. Each article's page
    /// shows what changed, and can restore the previous version for 30 days. A server may be running.
    ReExtract(re_extract::Options),
    /// Fetch the pages of saved articles again.
    ///
    /// Waits as import does. Topics, tags and stars are kept. Where a page is worse now, the saved text is kept too; else the
    /// article's page shows what changed, and can restore the previous version for 30 days. A server may be running.
    FetchAgain(fetch_again::Options),
    /// Show the feeds that are followed, or import and export lists of them (OPML).
    ///
    /// A server may be running. Exits with 1 if a feed is in trouble, or a line of a list was refused.
    Feeds(feeds::Options),
    /// Back up all data to a folder, or check a backup.
    ///
    /// A server may be running. Use the same folder each time: only new images are copied, and the previous backup
    /// stays intact until the new one is complete and verified.
    Backup {
        /// Backup folder; created if missing.
        folder: PathBuf,
        /// Only check the backup in this folder: read every file and compare it with the manifest. Exits with 1 if a file
        /// is damaged or missing.
        #[arg(long)]
        verify: bool,
    },
    /// Restore a backup.
    ///
    /// The server must be stopped. Every file of the backup is checked before anything is written; if one is damaged,
    /// nothing is restored.
    Restore(restore::Options),
    /// Check all data: databases, search index, counts, images and original pages.
    ///
    /// Without --repair, nothing is changed, and a server may be running. Exits with 0 if everything is sound or was
    /// repaired, and with 1 if a problem remains; each is named, with what to do.
    Doctor {
        /// Repair what can be repaired. The server must be stopped.
        #[arg(long)]
        repair: bool,
    },
    /// Set the password of an account, or create the first account.
    ///
    /// Asks twice at a terminal; otherwise reads one line from standard input. Logs that account out everywhere, and
    /// ends a lockout.
    Password {
        /// Username.
        name: String,
    },
    /// Check a running server (exit code 0 or 1).
    Healthcheck,
}

impl Cli {
    /// Parses the command line and the environment. Exits with an error message if they are invalid.
    pub fn from_args() -> Self {
        let matches = command_line().get_matches();
        let mut cli = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        cli.settings.is_data_default = is_default(&matches, "data");
        let serves = matches!(cli.command, None | Some(Command::Serve));
        if !serves && cli.settings.log == DEFAULT_LOG {
            // Commands print their results themselves; the log is for problems.
            "warn".clone_into(&mut cli.settings.log);
        }
        cli
    }
}

/// Returns whether a setting was given neither before nor behind the command, nor by the environment.
fn is_default(matches: &ArgMatches, setting: &str) -> bool {
    let below = matches.subcommand().is_none_or(|(_, below)| is_default(below, setting));
    let is_known = matches.try_contains_id(setting).unwrap_or_default();
    below && (!is_known || matches.value_source(setting) == Some(ValueSource::DefaultValue))
}

/// Builds the command line. Every command takes the settings, but only `serve` lists them: elsewhere they would bury
/// the command's own options in its help and in error messages.
fn command_line() -> clap::Command {
    let mut command = Cli::command();
    // Copies the settings, which are global arguments, into each command.
    command.build();
    command.mut_subcommands(|command| match command.get_name() {
        "serve" | "help" => command,
        _ => command
            .mut_args(|argument| if argument.get_env().is_some() { argument.hide(true) } else { argument })
            .after_help("Settings such as --data work here too; see broadsheet serve --help."),
    })
}

/// Runs the command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = cli.settings;
    match cli.command {
        None | Some(Command::Serve) => serve::run(&settings).await,
        Some(Command::Import { inputs, new }) => {
            import::run(&settings, &inputs, if new { NewLibrary::Create } else { NewLibrary::Ask }).await
        }
        Some(Command::Extract(options)) => extract::run(&settings, &options).await,
        Some(Command::ReExtract(options)) => re_extract::run(&settings, &options).await,
        Some(Command::FetchAgain(options)) => fetch_again::run(&settings, &options).await,
        Some(Command::Feeds(options)) => feeds::run(&settings, &options).await,
        Some(Command::Password { name }) => password::run(&settings, &name).await,
        Some(Command::Backup { folder, verify: true }) => backup::verify(&folder).await,
        Some(Command::Backup { folder, verify: false }) => backup::run(&settings, &folder).await,
        Some(Command::Restore(options)) => restore::run(&settings, &options).await,
        Some(Command::Doctor { repair }) => {
            doctor::run(&settings, if repair { Mode::Repair } else { Mode::Report }).await
        }
        Some(Command::Healthcheck) => healthcheck::run(&settings).await,
    }
}

/// Returns a count with its noun: `1 image`, `2 images`.
fn format_count(number: impl TryInto<i64>, thing: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {thing}"),
        Ok(number) => format!("{number} {thing}s"),
        Err(_) => format!("countless {thing}s"),
    }
}

/// Prints a line. Ignores a closed pipe (`| head`).
fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
