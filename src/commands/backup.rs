//! `broadsheet backup DIR`: makes a backup, or checks one with `--verify`.

use std::path::Path;
use std::process::ExitCode;

use broadsheet::ops::backup::{Backup, Fault, FaultKind, Manifest, back_up};
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;
use jiff::Timestamp;

use super::{format_count, print_line};

/// Said of a backup by an older version.
pub const NO_CHECKSUMS: &str = "This backup has no checksums, since an older version made it. Its databases can be read, \
     but a changed text or image would not be noticed. Make a new backup.";

pub async fn run(settings: &Settings, target: &Path) -> anyhow::Result<ExitCode> {
    super::data_folder::require_library(settings)?;
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

/// Checks a backup. Changes nothing.
pub async fn verify(folder: &Path) -> anyhow::Result<ExitCode> {
    let backup = Backup::open(folder).await?;
    print_summary(backup.manifest());
    if !backup.manifest().has_checksums() {
        print_line(NO_CHECKSUMS);
        return Ok(ExitCode::FAILURE);
    }
    let faults = backup.check().await?;
    for fault in &faults {
        print_line(&fault.to_string());
    }
    let files = format_count(backup.manifest().files.len(), "file");
    if faults.is_empty() {
        print_line(&format!("{files} checked, nothing has changed since the backup was made: {}", folder.display()));
        return Ok(ExitCode::SUCCESS);
    }
    print_line(&advice(&faults, &files));
    Ok(ExitCode::FAILURE)
}

/// Says what to do about a damaged backup. The next backup replaces databases, but keeps images that it has.
fn advice(faults: &[Fault], files: &str) -> String {
    let is_damaged = |fault: &&Fault| fault.kind != FaultKind::Unlisted;
    let damaged = faults.iter().filter(is_damaged).count();
    if damaged == 0 {
        return format!("The backup is sound ({files}), but other files are in its folder.");
    }
    format!(
        "{damaged} of {files} are damaged or missing. Check the disk, delete the damaged images, and back up again; \
         it copies what is missing."
    )
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
