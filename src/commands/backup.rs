//! `broadsheet backup DIR`.

use std::path::Path;
use std::process::ExitCode;

use broadsheet::backup::{Contents, back_up};
use broadsheet::config::Settings;
use broadsheet::data::DataFolder;
use jiff::Timestamp;

use super::say;

pub async fn run(settings: &Settings, target: &Path) -> anyhow::Result<ExitCode> {
    let folder = DataFolder::share(&settings.data)?;
    let done = back_up(folder.path(), target, Timestamp::now()).await?;
    list(&done.contents);
    say(&format!("{} pictures were new, {} are no longer needed.", done.pictures_added, done.pictures_removed));
    say(&format!("The backup in {} is whole.", target.display()));
    Ok(ExitCode::SUCCESS)
}

/// What is in a backup, a line for each library.
pub fn list(contents: &Contents) {
    let made_at = Timestamp::from_second(contents.made_at).unwrap_or_default();
    say(&format!("{} accounts, backup of {}", contents.people, made_at.strftime("%Y-%m-%d %H:%M UTC")));
    for library in &contents.libraries {
        say(&format!(
            "Library {}: {} articles, {} pages, {} pictures",
            library.id, library.articles, library.snapshots, library.pictures
        ));
        if library.pictures_missing + library.snapshots_missing > 0 {
            say(&format!(
                "Library {}: {} pictures and {} pages are named but were gone before this backup",
                library.id, library.pictures_missing, library.snapshots_missing
            ));
        }
    }
}
