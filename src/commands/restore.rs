//! `broadsheet restore DIR`.

use std::path::Path;
use std::process::ExitCode;

use broadsheet::ops::backup::{Present, restore};
use broadsheet::ops::config::Settings;
use jiff::Timestamp;

use super::{counted, say};

pub async fn run(settings: &Settings, backup: &Path, present: Present) -> anyhow::Result<ExitCode> {
    let done = restore(backup, &settings.data, present, Timestamp::now()).await?;
    super::backup::list(&done.contents);
    if let Some(aside) = &done.aside {
        say(&format!("The previous data is in {}.", aside.display()));
    }
    if done.pictures_lost > 0 {
        say(&format!("Damaged in the backup and not restored: {}.", counted(done.pictures_lost, "image")));
        return Ok(ExitCode::FAILURE);
    }
    say(&format!("Backup restored to {}.", settings.data.display()));
    Ok(ExitCode::SUCCESS)
}
