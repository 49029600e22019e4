//! The operation that moves articles over their limit to the trash.

mod store;

use jiff::Timestamp;

use crate::library::Library;
use crate::library::articles::changes::BulkAction;
use crate::library::clock::{self, Belief};
use crate::library::feeds::limits::Limits;
use crate::library::operations::{self, Progress, run_batch};

/// Articles moved at once; the rest follows the next time.
const MAX_AT_ONCE: i64 = 10_000;

/// Moves what is over the limits of all feeds to the trash: one operation a day, to which what follows is added.
///
/// # Errors
/// The database fails; the rest is still to be done then.
pub async fn apply_limits(library: &Library, now: Timestamp) -> sqlx::Result<()> {
    let limits = Limits::load(library).await?;
    if limits.is_empty() {
        return Ok(());
    }
    let articles = limits.list_over(library, None, now, MAX_AT_ONCE).await?;
    if articles.is_empty() {
        return Ok(());
    }
    let operation = store::write_for_today(library, &BulkAction::Limit, &articles, now).await?;
    while run_batch(library, operation, now).await? == Progress::Unfinished {
        // Others that wait to write come first.
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Moves what of some feeds is over their limits to the trash, to be done by [`run_batch`](super::run_batch). Returns the operation,
/// which is called by the place whose limit the reader has set; `None` if nothing is over, or if the clock may be wrong.
///
/// # Errors
/// The database fails; nothing is done then.
pub async fn limit_feeds(library: &Library, feeds: &[i64], place: &str, now: Timestamp) -> sqlx::Result<Option<i64>> {
    if clock::read(library, now).await?.judge() != Belief::Right {
        return Ok(None);
    }
    let articles = Limits::load(library).await?.list_over(library, Some(feeds), now, i64::MAX).await?;
    if articles.is_empty() {
        return Ok(None);
    }
    operations::start(library, &BulkAction::Limit, Some(place), &articles, now).await.map(Some)
}
