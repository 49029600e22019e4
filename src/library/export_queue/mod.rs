//! Queues the links of exported files: some in each transaction, each with what became of it, so that an interruption loses
//! and doubles nothing.

mod store;

use jiff::Timestamp;

use crate::library::Library;
use crate::library::exports::{self, ExportState};

/// Links in one transaction.
const BATCH: i64 = 100;

/// Queues the next links of the oldest file that is being imported. Returns `false` if there is none.
///
/// # Errors
/// The database fails. What was queued before stays, and the next call goes on.
pub async fn queue_next(library: &Library, now: Timestamp) -> sqlx::Result<bool> {
    let Some(id) = exports::next_importing(library).await? else { return Ok(false) };
    if store::queue_batch(library, id, BATCH, now).await? == 0 {
        exports::set_state(library, id, ExportState::Importing, ExportState::Done).await?;
    }
    Ok(true)
}
