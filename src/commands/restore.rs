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
        say(&format!("What was kept before is in {}. Delete it when it is not needed.", aside.display()));
    }
    if done.pictures_lost > 0 {
        say(&format!("Damaged in the backup and not restored: {}.", counted(done.pictures_lost, "picture")));
        return Ok(ExitCode::FAILURE);
    }
    say(&format!("{} is restored.", settings.data.display()));
    Ok(ExitCode::SUCCESS)
}
