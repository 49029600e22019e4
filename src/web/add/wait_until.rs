//! Waits for what is about to arrive, so that the first page after adding a link is the article, with the image above it.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::library::Library;
use crate::library::images;
use crate::library::imports::{self, ImportOutcome, ImportState};

/// How long a new article waits for its lead image.
const MAX_IMAGE_WAIT: Duration = Duration::from_secs(1);

/// Waits until the import has ended and returns its state; `None` after `deadline`.
pub(super) async fn wait_until_done(
    library: &Library,
    id: i64,
    deadline: Instant,
) -> sqlx::Result<Option<ImportState>> {
    loop {
        let mut changed = pin!(library.import_changed().notified());
        // From here on no change is missed, so the state read below is either final or followed by a notification.
        changed.as_mut().enable();
        match imports::find(library, id).await? {
            Some(import) if import.state.is_final() => return Ok(Some(import.state)),
            Some(_) => {}
            None => return Ok(None),
        }
        if timeout_at(deadline, changed).await.is_err() {
            return Ok(None);
        }
    }
}

/// Waits for the lead image of an article that has just arrived: until it is here, could not be had, or `deadline`, at
/// most a second.
pub(super) async fn wait_for_lead_image(
    library: &Library,
    state: Option<&ImportState>,
    deadline: Instant,
) -> sqlx::Result<()> {
    let Some(ImportState::Done { article_id: Some(article), outcome, .. }) = state else { return Ok(()) };
    if !matches!(outcome, ImportOutcome::New | ImportOutcome::Renewed) {
        return Ok(());
    }
    let deadline = deadline.min(Instant::now() + MAX_IMAGE_WAIT);
    loop {
        let mut changed = pin!(library.image_changed().notified());
        changed.as_mut().enable();
        if !images::is_lead_image_expected(library, *article).await? || timeout_at(deadline, changed).await.is_err() {
            return Ok(());
        }
    }
}
