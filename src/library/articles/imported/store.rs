//! Adds the articles of imports.

use crate::library::Library;
use crate::library::articles::{Added, Channel, NewArticle, add_in, find_phrases, from_feed, saved_state};
use crate::library::imports::{self, Asker};
use crate::library::topics::learning;

/// Adds the article of an import, and finishes that in the same transaction. Returns `None` and adds nothing if nobody asks for
/// it any more: the feed that did is not followed now.
///
/// # Errors
/// The database fails; nothing is added then.
pub async fn add_imported(library: &Library, new: &NewArticle, import: i64) -> sqlx::Result<Option<Added>> {
    let phrases = find_phrases(new);
    let mut tx = library.begin_write().await?;
    let asker = imports::find_asker(&mut tx, import).await?;
    if asker == Asker::Nobody {
        return Ok(None);
    }
    // The reader may have added the link while its page was fetched for a feed.
    let is_readers = asker == Asker::Reader && new.channel == Channel::Feed;
    let of_reader = is_readers.then(|| NewArticle { channel: Channel::Saved, ..new.clone() });
    let new = of_reader.as_ref().unwrap_or(new);
    let added = add_in(&mut tx, new, &phrases).await?;
    if new.channel == Channel::Feed && matches!(added, Added::New(_)) {
        from_feed::note_feed_text(&mut tx, import, new.snapshot_id).await?;
    }
    let archived_on = imports::finish(&mut tx, import, added.id(), added.into(), new.received_at).await?;
    if let (Added::New(id), Some(day)) = (added, archived_on) {
        sqlx::query!("UPDATE article SET archived_on = ?2 WHERE id = ?1", id, day).execute(&mut *tx).await?;
    }
    if new.channel == Channel::Feed
        && let Added::New(id) = added
    {
        from_feed::apply_to_article(&mut tx, import, id, new.received_at).await?;
    }
    saved_state::apply_for_import(&mut tx, import, added.id(), new.received_at).await?;
    learning::learn(&mut tx, &[added.id()]).await?;
    tx.commit().await?;
    Ok(Some(added))
}
