//! `broadsheet restore DIR`.

use std::path::Path;
use std::process::ExitCode;

use broadsheet::ops::backup::{ExistingData, restore};
use broadsheet::ops::config::Settings;
use jiff::Timestamp;

use super::{format_count, print_line};

pub async fn run(settings: &Settings, backup: &Path, existing: ExistingData) -> anyhow::Result<ExitCode> {
    let report = restore(backup, &settings.data, existing, Timestamp::now()).await?;
    super::backup::print_summary(&report.manifest);
    if let Some(moved_to) = &report.moved_to {
        print_line(&format!("The previous data is in {}.", moved_to.display()));
    }
    if report.images_lost > 0 {
        print_line(&format!("Damaged in the backup and not restored: {}.", format_count(report.images_lost, "image")));
        return Ok(ExitCode::FAILURE);
    }
    print_line(&format!("Backup restored to {}.", settings.data.display()));
    Ok(ExitCode::SUCCESS)
}
