//! Searches as the page runs them.
#![allow(dead_code, reason = "no test uses all of it")]

use broadsheet::library::Library;
use broadsheet::library::search::{self, Matches};
use query::{Condition, Setting, Typed};

/// Returns what is typed means in a library, on the day after the newest sample article.
pub async fn understand(library: &Library, typed: &str) -> Option<Condition> {
    let setting = Setting { today: jiff::civil::date(2026, 11, 24), time_zone: jiff::tz::TimeZone::UTC };
    broadsheet::library::query_names::understand(library, &Typed::parse(typed).with_open_end(), &setting)
        .await
        .unwrap()
        .condition
}

/// Returns what a search finds.
pub async fn find(library: &Library, typed: &str) -> Option<Matches> {
    let condition = understand(library, typed).await?;
    search::find(library, &condition, search::MAX_TIME).await.unwrap()
}
