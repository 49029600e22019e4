//! `/settings`: display, storage, account, bookmarklet.

pub mod display;
pub mod keyboard_shortcuts;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::app::App;
use crate::library::stories::{self, ReadingChoice};
use crate::ops::disk_usage::{self, DiskUsage, format_size};
use crate::web::add::bookmarklet;
use crate::web::shell::Routes;
use crate::web::shell::auth::Client;
use crate::web::shell::disk_notice;
use crate::web::shell::{Layout, Reader, Result};

/// Returns the routes that need no login: the login page has a theme switch too.
pub fn public_routes() -> Routes {
    Routes::new().post("/settings/display", display::save)
}

pub fn routes() -> Routes {
    Routes::new().get("/settings", show).get("/keyboard-shortcuts", keyboard_shortcuts::show)
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    layout: Layout,
    storage: StorageSummary,
    /// The disk is almost full.
    low_disk: Option<String>,
    /// The reader is logged in, so there is a password to change.
    has_session: bool,
    bookmarklet: String,
    /// Marking an article read marks its story read.
    reads_stories: bool,
    /// When the token of the catalogue for e-readers was made, if there is one.
    catalogue: Option<String>,
}

/// The storage a library takes, in words.
struct StorageSummary {
    articles: String,
    snapshots: String,
    images: String,
    /// `None` if images may fill the disk.
    limit: Option<ImageLimit>,
    free: Option<String>,
}

/// The limit for images, and how much of it is used.
struct ImageLimit {
    text: String,
    bytes: u64,
    used: u64,
    /// Bytes from which the meter warns.
    warn_at: u64,
}

pub(crate) async fn show(
    State(app): State<App>,
    client: Client,
    reader: Reader,
    layout: Layout,
) -> Result<Html<String>> {
    let catalogue = match &reader.person {
        Some(person) => app.accounts.find_catalogue(person.id).await?,
        None => None,
    };
    let usage = disk_usage::measure(&reader.library).await?;
    crate::web::shell::page(&SettingsPage {
        layout,
        storage: StorageSummary::new(&usage, app.images_limit),
        low_disk: disk_notice::low(&app),
        has_session: reader.login.is_some(),
        catalogue: catalogue.map(|created_at| crate::web::shell::local_clock(&app).format_date(created_at)),
        bookmarklet: bookmarklet::javascript_url(&app.access, client.host()),
        reads_stories: stories::find_choice(&reader.library).await? == ReadingChoice::Story,
    })
}

impl StorageSummary {
    fn new(usage: &DiskUsage, limit: u64) -> Self {
        let limit = (limit != u64::MAX).then(|| ImageLimit {
            text: format_size(limit),
            bytes: limit,
            used: usage.images.min(limit),
            warn_at: limit / 10 * 9,
        });
        Self {
            articles: format_size(usage.articles),
            snapshots: format_size(usage.snapshots),
            images: format_size(usage.images),
            limit,
            free: usage.free.map(format_size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_limit_is_shown_if_there_is_one() {
        let usage = DiskUsage { articles: 1 << 20, snapshots: 0, images: 3 << 20, free: None };
        let storage = StorageSummary::new(&usage, 2 << 20);
        let limit = storage.limit.unwrap();
        assert_eq!((storage.images.as_str(), limit.text.as_str(), limit.used), ("3 MiB", "2 MiB", 2 << 20));
        assert!(StorageSummary::new(&usage, u64::MAX).limit.is_none());
    }
}
