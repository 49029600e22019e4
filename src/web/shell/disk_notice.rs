//! What readers are told about a disk without room.

use crate::app::App;
use crate::ops::disk_space::{DiskState, LARGE_PAGE_BYTES};
use crate::ops::disk_usage::format_size;

/// On every page while the disk is full.
pub(crate) const FULL: &str =
    "The disk is full. You can read, but nothing can be saved. Free some space; imports then continue by themselves.";

/// The state of an import that waits.
pub(crate) const WAITING: &str = "Waiting for disk space";

/// Returns what to tell on pages about imports and storage while the disk is almost full.
pub(crate) fn low(app: &App) -> Option<String> {
    if app.disk_state() != DiskState::Low {
        return None;
    }
    let reserve = app.disk.reserve_bytes().map_or_else(|| "enough space".to_owned(), format_size);
    Some(format!(
        "The disk is almost full. Images and pages over {} MB wait until {reserve} are free; everything else is saved.",
        LARGE_PAGE_BYTES / 1_000_000
    ))
}
