//! Changes articles as their items were.

use jiff::Timestamp;

use crate::library::Library;
use crate::library::articles::versions::item_changes::{Change, ChangedArticle};
use crate::library::articles::versions::store::{
    find_page, load_content, overwrite_content, replace_content_of, set_page,
};
use crate::library::articles::versions::{TextOrigin, TextPage, earlier};

/// Gives an article what its item in the feed says now. Topic, tags and state, which are the reader's, stay. Returns `false`
/// if there is no such article.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn change(library: &Library, changed: &ChangedArticle, now: Timestamp) -> anyhow::Result<bool> {
    let id = changed.article;
    let mut tx = library.begin_write().await?;
    let Some(before) = load_content(&mut tx, id).await? else { return Ok(false) };
    match changed.change {
        Change::Wording => overwrite_content(&mut tx, id, &changed.content, now).await?,
        Change::Title => {
            earlier::keep(&mut tx, id, &before, now).await?;
            overwrite_content(&mut tx, id, &changed.content, now).await?;
            earlier::note_revision(&mut tx, id, TextOrigin::Feed, now).await?;
        }
        Change::Text => {
            earlier::keep(&mut tx, id, &before, now).await?;
            let old_page = find_page(&mut tx, id).await?;
            replace_content_of(&mut tx, id, (old_page, TextOrigin::Feed), &changed.content, now).await?;
        }
    }
    if let Some(snapshot_id) = changed.snapshot_id {
        set_page(&mut tx, id, TextPage { snapshot_id, archived_on: None }).await?;
    }
    tx.commit().await?;
    Ok(true)
}
