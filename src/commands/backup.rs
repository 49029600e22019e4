//! `broadsheet backup DIR`.

use std::path::Path;
use std::process::ExitCode;

use broadsheet::ops::backup::{Manifest, back_up};
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;
use jiff::Timestamp;

use super::{format_count, print_line};

pub async fn run(settings: &Settings, target: &Path) -> anyhow::Result<ExitCode> {
    let data_dir = DataDir::open_shared(&settings.data).await?;
    let report = back_up(data_dir.path(), target, Timestamp::now()).await?;
    print_summary(&report.manifest);
    print_line(&format!(
        "{} added, {} removed",
        format_count(report.images_added, "image"),
        format_count(report.images_removed, "unused image")
    ));
    print_line(&format!("Backup complete and verified: {}", target.display()));
    Ok(ExitCode::SUCCESS)
}

/// Prints what a backup contains, one line per library.
pub fn print_summary(manifest: &Manifest) {
    let created_at = Timestamp::from_second(manifest.created_at).unwrap_or_default();
    print_line(&format!(
        "Backup of {}: {}",
        created_at.strftime("%Y-%m-%d %H:%M UTC"),
        format_count(manifest.people, "account")
    ));
    for library in &manifest.libraries {
        print_line(&format!(
            "Library {}: {}, {}, {}",
            library.id,
            format_count(library.articles, "article"),
            format_count(library.snapshots, "original page"),
            format_count(library.images, "image")
        ));
        if library.images_missing + library.snapshots_missing > 0 {
            print_line(&format!(
                "Library {}: {} and {} used by articles were already missing before this backup",
                library.id,
                format_count(library.images_missing, "image"),
                format_count(library.snapshots_missing, "original page")
            ));
        }
    }
}
