//! Which data folder a command uses: the one that is named; else `./data` if it has a library; else, to import or to set a
//! password, that of the server that runs. A new library is made only if the reader says so, since one in a wrong folder
//! looks like a loss.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir;
use broadsheet::storage::private_files;
use console::Term;

/// Whether the reader asked for a new library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewLibrary {
    /// `--new`
    Create,
    /// Not said.
    Ask,
}

/// Chooses the data folder and says which it is.
pub fn choose(settings: &Settings, new: NewLibrary) -> anyhow::Result<PathBuf> {
    let named = std::path::absolute(&settings.data)?;
    let (folder, note) = if data_dir::has_library(&named) {
        (named, "")
    } else if let Some(served) = find_served().filter(|_| settings.is_data_default) {
        (served, " (of the running server)")
    } else {
        let may_create = new == NewLibrary::Create || !settings.is_data_default || ask(&named)?;
        anyhow::ensure!(
            may_create,
            "There is no library in {}. Name its folder with --data FOLDER, or create a new library there with --new.",
            named.display()
        );
        (named, " (new)")
    };
    // Beside the results, so that these can be piped.
    let _ = writeln!(std::io::stderr(), "Data folder: {}{note}", folder.display());
    Ok(folder)
}

/// Makes sure that there is a library to work on.
pub fn require_library(settings: &Settings) -> anyhow::Result<()> {
    let folder = std::path::absolute(&settings.data)?;
    anyhow::ensure!(
        data_dir::has_library(&folder),
        "There is no library in {}. Name its folder with --data FOLDER.",
        folder.display()
    );
    Ok(())
}

/// Asks whether to create a library, if somebody is there to answer.
fn ask(folder: &Path) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    let terminal = Term::stderr();
    terminal.write_str(&format!("There is no library in {}. Create one? [y/N] ", folder.display()))?;
    let answer = terminal.read_line()?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
}

/// Notes which data folder this server uses, for as long as it lives. The note is in the folder that the system gives each
/// user for such notes; without one, nothing is noted.
pub fn announce(data: &Path) -> Option<Announcement> {
    let folder = notes_folder()?;
    let note = folder.join(std::process::id().to_string());
    let write = || {
        private_files::create_folder(&folder)?;
        std::fs::write(&note, std::path::absolute(data)?.as_os_str().as_encoded_bytes())
    };
    write().is_ok().then_some(Announcement(note))
}

/// A note that is deleted when this is dropped.
pub struct Announcement(PathBuf);

impl Drop for Announcement {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Returns the data folder of the server that runs; `None` if there are several.
fn find_served() -> Option<PathBuf> {
    let notes = std::fs::read_dir(notes_folder()?).ok()?.flatten();
    let folders = notes.filter_map(|note| Some(PathBuf::from(std::fs::read_to_string(note.path()).ok()?)));
    let mut served: Vec<PathBuf> = folders.filter(|folder| data_dir::is_served(folder)).collect();
    served.sort();
    served.dedup();
    <[PathBuf; 1]>::try_from(served).ok().map(|[folder]| folder)
}

fn notes_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty())?;
    Some(Path::new(&folder).join("broadsheet"))
}

/// Returns the settings with this data folder.
pub fn with_folder(settings: &Settings, folder: PathBuf) -> Settings {
    Settings { data: folder, ..settings.clone() }
}
