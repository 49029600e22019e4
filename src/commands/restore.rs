//! `broadsheet restore DIR`.

use std::path::PathBuf;
use std::process::ExitCode;

use broadsheet::ops::backup::{ExistingData, restore, salvage};
use broadsheet::ops::config::Settings;
use jiff::Timestamp;

use super::{format_count, print_line};

/// What to restore, and how.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Backup folder.
    folder: PathBuf,
    /// Restore even if the data folder is not empty. Its contents are moved aside, not deleted.
    #[arg(long)]
    force: bool,
    /// Restore what is left of a damaged backup: without its damaged images, and with databases that have changed but can
    /// still be read.
    #[arg(long)]
    salvage: bool,
}

pub async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let existing = if options.force { ExistingData::MoveAside } else { ExistingData::Refuse };
    let now = Timestamp::now();
    let report = if options.salvage {
        salvage(&options.folder, &settings.data, existing, now).await?
    } else {
        restore(&options.folder, &settings.data, existing, now).await?
    };
    super::backup::print_summary(&report.manifest);
    if let Some(moved_to) = &report.moved_to {
        print_line(&format!("The previous data is in {}.", moved_to.display()));
    }
    if report.images_lost > 0 {
        print_line(&format!("Damaged in the backup and not restored: {}.", format_count(report.images_lost, "image")));
    }
    if options.salvage {
        print_line("What could be read was restored, and it may be damaged. Run broadsheet doctor to check it.");
        return Ok(ExitCode::FAILURE);
    }
    if !report.manifest.has_checksums() {
        print_line(super::backup::NO_CHECKSUMS);
    }
    if report.images_lost > 0 {
        return Ok(ExitCode::FAILURE);
    }
    print_line(&format!("Backup restored to {}.", settings.data.display()));
    Ok(ExitCode::SUCCESS)
}
