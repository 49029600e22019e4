//! `/settings`: how pages look, what the library takes on the disk, the account, the bookmark.

pub mod display;
pub mod keyboard_shortcuts;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::app::App;
use crate::ops::disk_usage::{self, DiskUse, size_in_words};
use crate::web::add::bookmarklet;
use crate::web::shell::Routes;
use crate::web::shell::auth::Caller;
use crate::web::shell::{Layout, Reader, Result};

/// The pages that need no login: a visitor may want the login page dark.
pub fn public_routes() -> Routes {
    Routes::new().post("/settings/display", display::choose)
}

pub fn routes() -> Routes {
    Routes::new().get("/settings", show).get("/keyboard-shortcuts", keyboard_shortcuts::show)
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
        room: Room::new(&found, app.pictures_limit),
        has_session: reader.login.is_some(),
        bookmarklet: bookmarklet::script(&app.access, caller.host()),
    })
}

impl Room {
    fn new(found: &DiskUse, limit: u64) -> Self {
        let limit = (limit != u64::MAX).then(|| Limit {
            words: size_in_words(limit),
            bytes: limit,
            used: found.pictures.min(limit),
            nearly: limit / 10 * 9,
        });
        Self {
            articles: size_in_words(found.articles),
            snapshots: size_in_words(found.snapshots),
            pictures: size_in_words(found.pictures),
            limit,
            free: found.free.map(size_in_words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_for_pictures_is_told_only_when_there_is_one() {
        let found = DiskUse { articles: 1 << 20, snapshots: 0, pictures: 3 << 20, free: None };
        let room = Room::new(&found, 2 << 20);
        let limit = room.limit.unwrap();
        assert_eq!((room.pictures.as_str(), limit.words.as_str(), limit.used), ("3 MiB", "2 MiB", 2 << 20));
        assert!(Room::new(&found, u64::MAX).limit.is_none());
    }
}
