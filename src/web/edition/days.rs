//! What is in the edition of a day, and how days are written in URLs.

use jiff::civil::Date;

use crate::library::Library;
use crate::library::articles::editions::closed::{self, ClosedEdition, ClosedItem};
use crate::library::articles::editions::material::{self, Wanted};
use crate::library::articles::editions::{self, Composition, Day};
use crate::library::lanes;
use crate::web::shell::dates::LocalClock;
use crate::web::shell::{Error, Result};

/// Parses a day as URLs have it. Other ways to write it are not found, so that each edition has one URL.
pub(crate) fn parse(day: &str) -> Result<Date> {
    day.parse().ok().filter(|date: &Date| date.year() > 0 && date.to_string() == day).ok_or(Error::NotFound)
}

/// Finds the edition of a day that has ended. One that was never stored, since it is older than the first one, is composed
/// as it would have been.
pub(crate) async fn find(library: &Library, day: Date, clock: &LocalClock) -> Result<ClosedEdition> {
    if let Some(stored) = closed::find(library, day).await? {
        return Ok(stored);
    }
    let Some(span) = Day::past(day, clock.zone()) else { return Ok(ClosedEdition::default()) };
    let composition = compose(library, &span, clock).await?;
    Ok(ClosedEdition { left_out: i64::try_from(composition.left_out)?, items: name_none(composition) })
}

/// Composes the edition of today, as it is so far.
pub(crate) async fn compose_today(library: &Library, clock: &LocalClock) -> Result<Vec<ClosedItem>> {
    let Some(span) = Day::current(clock.today(), clock.zone()) else { return Ok(Vec::new()) };
    Ok(name_none(compose(library, &span, clock).await?))
}

async fn compose(library: &Library, span: &Day, clock: &LocalClock) -> Result<Composition> {
    let lanes = lanes::find(library).await?.shown();
    let wanted = Wanted { lanes, added_since: clock.now(), added: 0, kept: 0 };
    let (material, _) = material::find(library, span, wanted).await?;
    Ok(editions::compose(&material, span))
}

/// Returns stories whose sections are called as the topics are now.
fn name_none(composition: Composition) -> Vec<ClosedItem> {
    composition.items.into_iter().map(|item| ClosedItem { item, section_name: None }).collect()
}
