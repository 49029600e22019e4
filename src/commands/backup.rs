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
        "{} added, {} that nothing names any more removed",
        counted(done.pictures_added, "picture"),
        counted(done.pictures_removed, "picture")
    ));
    say(&format!("The backup in {} is whole.", target.display()));
    Ok(ExitCode::SUCCESS)
}

/// What is in a backup, a line for each library.
pub fn list(contents: &Contents) {
    let made_at = Timestamp::from_second(contents.made_at).unwrap_or_default();
    say(&format!("{}, backup of {}", counted(contents.people, "account"), made_at.strftime("%Y-%m-%d %H:%M UTC")));
    for library in &contents.libraries {
        say(&format!(
            "Library {}: {}, {}, {}",
            library.id,
            counted(library.articles, "article"),
            counted(library.snapshots, "page"),
            counted(library.pictures, "picture")
        ));
        if library.pictures_missing + library.snapshots_missing > 0 {
            say(&format!(
                "Library {}: {} and {} that articles name were gone before this backup",
                library.id,
                counted(library.pictures_missing, "picture"),
                counted(library.snapshots_missing, "page")
            ));
        }
    }
}
