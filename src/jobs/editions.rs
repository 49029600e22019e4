//! Closes the editions of days that have ended: composes them for the last time, and stores them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::jobs::RETRY_INTERVAL;
use crate::library::articles::editions::material::{self, Wanted};
use crate::library::articles::editions::{self, Day, closed};
use crate::library::{Library, lanes};

/// How many days are caught up with after a pause. Older ones are composed when somebody asks for them.
const MOST_DAYS: i32 = 31;

/// Closes the editions of all libraries, each minute if a day has ended, until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        for library in app.open_all_libraries().await {
            if let Err(error) = close_editions(&app, &library, &TimeZone::system(), &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't close an edition");
            }
        }
        if stop.run_until_cancelled(tokio::time::sleep(RETRY_INTERVAL)).await.is_none() {
            return;
        }
    }
}

/// Closes the editions of a library that are not closed yet. A day that is not over is left alone, also if the clock said
/// otherwise before.
///
/// # Errors
/// The database fails, or the disk is still full at `stop`.
pub async fn close_editions(
    app: &App,
    library: &Library,
    zone: &TimeZone,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let today = zone.to_datetime(app.now()).date();
    let Ok(first) = today.checked_sub(MOST_DAYS.days()) else { return Ok(()) };
    let next = closed::find_last(library).await?.and_then(|last| last.checked_add(1.day()).ok());
    let mut day = next.map_or(first, |next| next.max(first));
    while day < today && !stop.is_cancelled() {
        let close = async || close(library, day, zone, app.now()).await;
        app.write_when_there_is_room(stop, close).await?;
        let Ok(next) = day.checked_add(1.day()) else { return Ok(()) };
        day = next;
    }
    Ok(())
}

async fn close(library: &Library, day: Date, zone: &TimeZone, now: Timestamp) -> anyhow::Result<()> {
    let Some(span) = Day::past(day, zone) else { return Ok(()) };
    let lanes = lanes::find(library).await?.shown();
    let (material, _) = material::find(library, &span, Wanted { lanes, added_since: now, added: 0, kept: 0 }).await?;
    Ok(closed::close(library, day, &editions::compose(&material, &span), now).await?)
}
