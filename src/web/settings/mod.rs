//! `/settings`: how pages look, what the library takes on the disk, the account, the bookmark.

pub mod appearance;
pub mod keyboard_shortcuts;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::app::App;
use crate::ops::disk_usage::{self, DiskUsage, format_size};
use crate::web::add::bookmarklet;
use crate::web::shell::Routes;
use crate::web::shell::auth::Caller;
use crate::web::shell::{Layout, Reader, Result};

/// The pages that need no login: a visitor may want the login page dark.
pub fn public_routes() -> Routes {
    Routes::new().post("/settings/reading", appearance::choose)
}

pub fn routes() -> Routes {
    Routes::new().get("/settings", show).get("/keys", keyboard_shortcuts::show)
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    layout: Layout,
    room: Room,
    /// The browser has a session of its own, so there is a password to change.
    has_session: bool,
    bookmarklet: String,
}

/// What the library takes on the disk, in words.
struct Room {
    articles: String,
    snapshots: String,
    pictures: String,
    /// The most that pictures may take; `None`: as much as there is.
    limit: Option<Limit>,
    free: Option<String>,
}

/// The limit for pictures, and how far it is used.
struct Limit {
    words: String,
    bytes: u64,
    used: u64,
    /// From here on it is nearly used up.
    nearly: u64,
}

pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    reader: Reader,
    layout: Layout,
) -> Result<Html<String>> {
    let found = disk_usage::measure(&reader.library).await?;
    crate::web::shell::page(&SettingsPage {
        layout,
        room: Room::new(&found, app.images_limit),
        has_session: reader.login.is_some(),
        bookmarklet: bookmarklet::script(&app.access, caller.host()),
    })
}

impl Room {
    fn new(found: &DiskUsage, limit: u64) -> Self {
        let limit = (limit != u64::MAX).then(|| Limit {
            words: format_size(limit),
            bytes: limit,
            used: found.images.min(limit),
            nearly: limit / 10 * 9,
        });
        Self {
            articles: format_size(found.articles),
            snapshots: format_size(found.snapshots),
            pictures: format_size(found.images),
            limit,
            free: found.free.map(format_size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_for_pictures_is_told_only_when_there_is_one() {
        let found = DiskUsage { articles: 1 << 20, snapshots: 0, images: 3 << 20, free: None };
        let room = Room::new(&found, 2 << 20);
        let limit = room.limit.unwrap();
        assert_eq!((room.pictures.as_str(), limit.words.as_str(), limit.used), ("3 MiB", "2 MiB", 2 << 20));
        assert!(Room::new(&found, u64::MAX).limit.is_none());
    }
}
