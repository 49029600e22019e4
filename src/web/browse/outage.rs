//! Says that nothing could be fetched for a while.

use crate::library::Library;
use crate::library::feeds::health;
use crate::web::shell::dates::LocalClock;

/// Returns the sentence, if no feed could be fetched for hours although some were due.
///
/// # Errors
/// The database fails.
pub(crate) async fn find(library: &Library, clock: &LocalClock) -> sqlx::Result<Option<String>> {
    let since = health::find_outage(library, clock.now()).await?;
    Ok(since.map(|since| health::describe_outage(clock.now().duration_since(since))))
}
