//! What the program can be told to do, one file per command.

mod backup;
mod extract;
mod extract_again;
mod healthcheck;
mod import;
mod open;
mod password;
mod restore;
mod serve;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use broadsheet::backup::Present;
use broadsheet::config::{DEFAULT_LOG, Settings};
use clap::{CommandFactory as _, FromArgMatches as _};

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
    /// Import articles: addresses, saved pages (.html), texts (.txt), and texts that list addresses, one per line.
    ///
    /// Waits until each is an article or has failed. A server may run meanwhile: then it does the work. What still waits
    /// when this command is stopped is done when Broadsheet is next started.
    Import {
        /// What to import.
        #[arg(required = true, value_name = "ADDRESS|FILE")]
        inputs: Vec<String>,
    },
    /// Write the article in a page to standard output; nothing is kept.
    ///
    /// Ends with 1 when the page cannot be had or has no text.
    Extract(extract::Asked),
    /// Make articles once more from their pages as they arrived, by this version of the program.
    ///
    /// Nothing is fetched but pictures. Topics, tags and marks stay. The text before is kept for 30 days, and the page of an
    /// article shows what is different. A server may run meanwhile.
    ReExtract(extract_again::Options),
    /// Copy everything that is kept to a folder.
    ///
    /// The server may run meanwhile. Use the same folder each time: only new pictures are copied, and the backup that was
    /// there stays whole until the new one is written and checked.
    Backup {
        /// The folder with the backup; made if it is missing.
        folder: PathBuf,
    },
    /// Put a backup in the place of what is kept.
    ///
    /// The server must be stopped. The backup is copied and checked before anything is touched.
    Restore {
        /// The folder that `backup` wrote.
        folder: PathBuf,
        /// Restore although something is kept already: that is moved aside within the data folder, not deleted.
        #[arg(long)]
        force: bool,
    },
    /// Set the password of an account, making the account if there is none at all yet.
    ///
    /// Asks twice at a terminal; otherwise reads one line. Ends the sessions of that account.
    Password {
        /// The name to log in with.
        name: String,
    },
    /// Ask a running server whether it is well: ends with 0 if so, else with 1.
    Healthcheck,
}

impl Cli {
    /// Reads the command line and the environment; ends the program with a sentence when they cannot be read.
    pub fn read() -> Self {
        let mut cli = Self::from_arg_matches(&command_line().get_matches()).unwrap_or_else(|error| error.exit());
        let serves = matches!(cli.command, None | Some(Command::Serve));
        if !serves && cli.settings.log == DEFAULT_LOG {
            // A command says what it did itself; a log beside that is for when something goes wrong.
            "warn".clone_into(&mut cli.settings.log);
        }
        cli
    }
}

/// The commands, of which only `serve` lists the settings: they can be given to all of them, but beside what a command asks for
/// itself they would be most of its help, and of what is said when something is missing.
fn command_line() -> clap::Command {
    let mut command = Cli::command();
    // From here on each command has the settings for its own.
    command.build();
    command.mut_subcommands(|command| match command.get_name() {
        "serve" | "help" => command,
        _ => command
            .mut_args(|argument| if argument.get_env().is_some() { argument.hide(true) } else { argument })
            .after_help("The settings, such as --data, can be given here too: see broadsheet serve --help."),
    })
}

/// Does what was asked.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = cli.settings;
    match cli.command {
        None | Some(Command::Serve) => serve::run(&settings).await,
        Some(Command::Import { inputs }) => import::run(&settings, &inputs).await,
        Some(Command::Extract(asked)) => extract::run(&settings, &asked).await,
        Some(Command::ReExtract(options)) => extract_again::run(&settings, &options).await,
        Some(Command::Password { name }) => password::run(&settings, &name).await,
        Some(Command::Backup { folder }) => backup::run(&settings, &folder).await,
        Some(Command::Restore { folder, force }) => {
            let present = if force { Present::MoveAside } else { Present::Refuse };
            restore::run(&settings, &folder, present).await
        }
        Some(Command::Healthcheck) => healthcheck::run(&settings).await,
    }
}

/// `1 picture`, `2 pictures`.
fn counted(number: impl TryInto<i64>, thing: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {thing}"),
        Ok(number) => format!("{number} {thing}s"),
        Err(_) => format!("countless {thing}s"),
    }
}

/// Writes a line for the person who gave the command. That nobody reads it (`| head`) is no reason to fail.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
