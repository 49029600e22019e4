//! `broadsheet doctor`: checks all data, repairs what can be repaired, and says what to do about the rest.
//!
//! First each database file, as SQLite sees it: a damaged one is not opened any further. Then what must agree inside a
//! library ([`crate::library::consistency`]). A check changes nothing and can run beside a server; a repair has the data
//! folder to itself.

mod contents;
mod databases;
mod store;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};

use crate::library::consistency::SCRATCH_PREFIX;
use crate::library::{Libraries, Library};
use crate::ops::data_dir::{DataDir, STAGING_DIR};
use crate::{accounts, library};

/// A running server may still write the row that refers to a file or snapshot younger than this.
const MIN_FILE_AGE: SignedDuration = SignedDuration::from_hours(6);

/// What to do about problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Change nothing.
    Report,
    /// Repair what can be repaired.
    Repair,
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where: `accounts.db`, `Library 1`.
    pub place: String,
    /// What is wrong: a sentence.
    pub problem: String,
    /// What becomes of it.
    pub remedy: Remedy,
}

/// What becomes of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// A repair would do this.
    Repairable(String),
    /// The repair has done this.
    Repaired(String),
    /// The reader can do this.
    Manual(String),
}

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkup {
    /// The problems, in the order they were found.
    pub findings: Vec<Finding>,
    /// Number of libraries checked.
    pub libraries: usize,
    /// Number of articles, in the trash too.
    pub articles: i64,
    /// Number of original pages read.
    pub snapshots: usize,
    /// Number of image files read.
    pub images: usize,
}

/// Checks the data folder. Calls `progress` with each step, for a command that shows it.
///
/// # Errors
/// There is no data; the folder is in use (for a repair), being restored, or of another schema; the disk fails or is
/// full.
pub async fn examine(data: &Path, mode: Mode, now: Timestamp, progress: &dyn Fn(&str)) -> anyhow::Result<Checkup> {
    anyhow::ensure!(data.join("accounts.db").is_file(), "Nothing to check in {}.", data.display());
    let (_data_dir, files_before) = lock(data, mode, now).await?;
    let mut doctor = Doctor { mode, now, files_before, progress, checkup: Checkup::default() };
    doctor.check_accounts(data).await?;
    let libraries = Libraries::new(data);
    for id in libraries.list_ids()? {
        doctor.check_library(&libraries.folder(id), id).await.with_context(|| format!("checking library {id}"))?;
    }
    doctor.check_leftovers(data).await?;
    Ok(doctor.checkup)
}

/// Locks the data folder. Returns the lock, and the time after which files may still be in use.
async fn lock(data: &Path, mode: Mode, now: Timestamp) -> anyhow::Result<(DataDir, Timestamp)> {
    // Refuses what no command may open, and is released at once.
    drop(DataDir::open_shared(data).await?);
    match (DataDir::open_exclusive(data), mode) {
        (Ok(alone), Mode::Repair) => Ok((alone, now)),
        (Ok(alone), Mode::Report) => {
            drop(alone);
            Ok((DataDir::open_shared(data).await?, now))
        }
        (Err(in_use), Mode::Repair) => Err(in_use),
        (Err(_), Mode::Report) => Ok((DataDir::open_shared(data).await?, now - MIN_FILE_AGE)),
    }
}

struct Doctor<'a> {
    mode: Mode,
    now: Timestamp,
    files_before: Timestamp,
    progress: &'a dyn Fn(&str),
    checkup: Checkup,
}

impl Doctor<'_> {
    /// Records a problem that a repair solves, and repairs it if asked to.
    async fn repairable(
        &mut self,
        place: &str,
        problem: String,
        remedy: &str,
        repair: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let remedy = match self.mode {
            Mode::Report => Remedy::Repairable(remedy.to_owned()),
            Mode::Repair => {
                repair.await?;
                Remedy::Repaired(remedy.to_owned())
            }
        };
        self.checkup.findings.push(Finding { place: place.to_owned(), problem, remedy });
        Ok(())
    }

    /// Records a problem that only the reader can solve.
    fn manual(&mut self, place: &str, problem: String, advice: &str) {
        let remedy = Remedy::Manual(advice.to_owned());
        self.checkup.findings.push(Finding { place: place.to_owned(), problem, remedy });
    }

    async fn check_accounts(&mut self, data: &Path) -> anyhow::Result<()> {
        (self.progress)("accounts.db");
        self.check_database(&data.join("accounts.db"), "accounts.db").await?;
        if self.mode == Mode::Report && accounts::needs_migration(data).await {
            self.outdated("accounts.db");
        }
        Ok(())
    }

    async fn check_library(&mut self, folder: &Path, id: i64) -> anyhow::Result<()> {
        let place = format!("Library {id}");
        self.checkup.libraries += 1;
        (self.progress)(&format!("{place}: databases"));
        if let Err(link) = library::refuse_links(folder) {
            self.manual(&place, link.to_string(), "Nothing else was checked.");
            return Ok(());
        }
        let mut is_readable = true;
        for name in ["library.db", "snapshots.db"] {
            let file = folder.join(name);
            if file.is_file() {
                is_readable &= self.check_database(&file, &format!("{place}, {name}")).await?;
            } else {
                is_readable = false;
                self.manual(&place, format!("{name} is missing."), databases::RESTORE);
            }
        }
        if !is_readable {
            return Ok(());
        }
        if self.mode == Mode::Report && library::needs_migration(folder).await {
            self.outdated(&place);
            return Ok(());
        }
        self.check_library_leftovers(folder, &place).await?;
        let library = Library::open(folder, id).await?;
        let checked = self.check_contents(&library, &place).await;
        library.close().await;
        checked
    }

    fn outdated(&mut self, place: &str) {
        self.manual(
            place,
            "An older Broadsheet wrote this, so not all of it was checked.".to_owned(),
            "Start this version once, which brings it up to date, and check again.",
        );
    }

    /// Finds what an interrupted check has left, if no other can be running.
    async fn check_library_leftovers(&mut self, folder: &Path, place: &str) -> anyhow::Result<()> {
        if self.files_before != self.now {
            return Ok(());
        }
        let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        let is_left = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(SCRATCH_PREFIX);
        let left = entries.into_iter().filter(|entry| is_left(&entry.file_name())).map(|entry| entry.path());
        let left: Vec<PathBuf> = left.collect();
        if !left.is_empty() {
            let problem = format!("{} left of an interrupted check.", count(left.len(), "file", ["is", "are"]));
            let remove = async { left.iter().try_for_each(|file| Ok(std::fs::remove_file(file)?)) };
            self.repairable(place, problem, "Deleted.", remove).await?;
        }
        Ok(())
    }

    /// Finds what an interrupted restore has left.
    async fn check_leftovers(&mut self, data: &Path) -> anyhow::Result<()> {
        let staged: PathBuf = data.join(STAGING_DIR);
        if staged.exists() && self.files_before == self.now {
            let remove = async { std::fs::remove_dir_all(&staged).context("deleting the folder") };
            let problem = format!("{STAGING_DIR} is left of an interrupted restore, which changed nothing.");
            self.repairable("Data folder", problem, "The folder is deleted.", remove).await?;
        }
        Ok(())
    }
}

/// Returns a clause about a number of things, with the verb for one or many: `1 image is`, `2 images are`.
fn count(number: impl TryInto<i64>, thing: &str, [one, many]: [&str; 2]) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {thing} {one}"),
        Ok(number) => format!("{number} {thing}s {many}"),
        Err(_) => format!("countless {thing}s {many}"),
    }
}
