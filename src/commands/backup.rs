//! `broadsheet backup DIR`.

use std::path::Path;
use std::process::ExitCode;

use broadsheet::ops::backup::{Contents, back_up};
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataFolder;
use jiff::Timestamp;

use super::{counted, say};

pub async fn run(settings: &Settings, target: &Path) -> anyhow::Result<ExitCode> {
    let folder = DataFolder::share(&settings.data).await?;
    let done = back_up(folder.path(), target, Timestamp::now()).await?;
    list(&done.contents);
    say(&format!(
        "{} added, {} removed",
        counted(done.pictures_added, "image"),
        counted(done.pictures_removed, "unused image")
    ));
    say(&format!("Backup complete and verified: {}", target.display()));
    Ok(ExitCode::SUCCESS)
}

/// Prints what a backup contains, one line per library.
pub fn list(contents: &Contents) {
    let made_at = Timestamp::from_second(contents.made_at).unwrap_or_default();
    say(&format!("Backup of {}: {}", made_at.strftime("%Y-%m-%d %H:%M UTC"), counted(contents.people, "account")));
    for library in &contents.libraries {
        say(&format!(
            "Library {}: {}, {}, {}",
            library.id,
            counted(library.articles, "article"),
            counted(library.snapshots, "original page"),
            counted(library.pictures, "image")
        ));
        if library.pictures_missing + library.snapshots_missing > 0 {
            say(&format!(
                "Library {}: {} and {} used by articles were already missing before this backup",
                library.id,
                counted(library.pictures_missing, "image"),
                counted(library.snapshots_missing, "original page")
            ));
        }
    }
}
