//! Known items whose title or text has changed since.

use jiff::Timestamp;

use crate::ingest::extraction::build_content;
use crate::ingest::extractor::Extractor;
use crate::ingest::feeds::arrivals::{self, Incoming};
use crate::ingest::text_changes::count_changed_words;
use crate::library::Library;
use crate::library::articles::versions;
use crate::library::articles::versions::earlier::{self, Change, ChangedArticle};
use crate::library::clock;
use crate::library::feeds::items::KnownItem;
use crate::library::rules;

/// Fewer words are no change.
const MIN_CHANGED_WORDS: usize = 3;

/// Takes over what a known item says now. The article keeps its date, so that it does not come to the top again.
///
/// # Errors
/// The database or the disk fails.
pub(super) async fn take_over(
    library: &Library,
    extractor: &Extractor,
    (known, incoming): (&KnownItem, &Incoming<'_>),
    now: Timestamp,
) -> anyhow::Result<()> {
    let Some(article) = known.article_id else { return Ok(()) };
    let new_title =
        incoming.item.title.clone().filter(|title| !title.is_empty() && known.identity.title.as_ref() != Some(title));
    let is_new_text = known.identity.text_hash != feeds::identity::Identity::from(incoming.item).text_hash;
    if !known.gives_text || !is_new_text {
        return match new_title {
            Some(title) => rename(library, (known, article), title, now).await,
            None => Ok(()),
        };
    }
    let _guard = library.lock_extraction().await;
    let Some(before) = versions::load_current(library, article).await? else { return Ok(()) };
    let rules = rules::load_for_article(library, article).await?;
    let latest_date = clock::read(library, now).await?.latest_date();
    let page = arrivals::save_page(library, incoming, now).await?;
    let extracted = arrivals::extract_item(extractor, &page, rules, latest_date).await?;
    let mut content = build_content(&page, extracted);
    let change = match count_changed_words(&before.text, &content.text) {
        MIN_CHANGED_WORDS.. => Change::Text,
        _ if new_title.is_some() => Change::Title,
        _ => return Ok(()),
    };
    (content.published_at, content.published_date) = (before.published_at, before.published_date);
    content.next_page = before.next_page;
    if new_title.is_none() {
        content.title = before.title;
    }
    earlier::change(library, &ChangedArticle { article, snapshot_id: Some(page.snapshot), content, change }, now)
        .await?;
    Ok(())
}

/// Renames an article whose text is not that of the item, if it is called as the item was.
async fn rename(
    library: &Library,
    (known, article): (&KnownItem, i64),
    title: String,
    now: Timestamp,
) -> anyhow::Result<()> {
    let _guard = library.lock_extraction().await;
    let Some(before) = versions::load_current(library, article).await? else { return Ok(()) };
    if known.identity.title.as_ref() != Some(&before.title) {
        return Ok(());
    }
    let content = crate::library::articles::Content { title, ..before };
    let changed = ChangedArticle { article, snapshot_id: None, content, change: Change::Title };
    earlier::change(library, &changed, now).await?;
    Ok(())
}
