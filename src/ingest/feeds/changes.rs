//! Known items whose title or text has changed since.

use jiff::Timestamp;

use crate::ingest::extraction::build_content;
use crate::ingest::extractor::Extractor;
use crate::ingest::feeds::arrivals::{self, Incoming};
use crate::ingest::text_changes::{MIN_CHANGED_WORDS, count_changed_words};
use crate::library::Library;
use crate::library::articles::versions::item_changes::{self, Change, ChangedArticle};
use crate::library::articles::versions::{self, TextOrigin, earlier};
use crate::library::clock;
use crate::library::feeds::items::{self, KnownItem};
use crate::library::rules;

/// Letters of a teaser that are compared.
const MAX_TEASER: usize = 1_000;

/// A text with so many words that loses more than half of them has not been corrected, but cut off.
const LONG_TEXT: usize = 80;

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
    let _guard = library.lock_extraction().await;
    if !known.gives_text || !is_new_text || is_chosen_by_reader(library, article).await? {
        return rename(library, (known, article), new_title, now).await;
    }
    let Some(before) = versions::load_current(library, article).await? else { return Ok(()) };
    let rules = rules::load_for_article(library, article).await?;
    let latest_date = clock::read(library, now).await?.latest_date();
    let page = arrivals::build_page(incoming);
    let extracted = arrivals::extract_item(extractor, &page, rules, latest_date).await?;
    let mut content = build_content(&page, extracted);
    let is_lost =
        content.word_count == 0 || before.word_count >= LONG_TEXT && content.word_count * 2 < before.word_count;
    if is_lost && before.word_count > 0 {
        // The feed has only teasers now, or has lost its texts.
        return rename(library, (known, article), new_title, now).await;
    }
    let change = match count_changed_words(&before.text, &content.text) {
        MIN_CHANGED_WORDS.. => Change::Text,
        _ => match &new_title {
            Some(title) => change_of_title(&before.title, title),
            None => return Ok(()),
        },
    };
    (content.published_at, content.published_date) = (before.published_at, before.published_date);
    content.next_page = before.next_page;
    if new_title.is_none() {
        content.title = before.title;
    }
    let snapshot = arrivals::save_page(library, page, now).await?.snapshot;
    item_changes::change(library, &ChangedArticle { article, snapshot_id: Some(snapshot), content, change }, now)
        .await?;
    Ok(())
}

/// Returns whether the reader has put another text in the place of that of the feed: what the feed says later does not undo that.
async fn is_chosen_by_reader(library: &Library, article: i64) -> sqlx::Result<bool> {
    let current = earlier::find_current(library, article).await?;
    Ok(current.and_then(|current| current.from).is_some_and(|from| match from {
        TextOrigin::Pasted | TextOrigin::Restored | TextOrigin::FetchedAgain => true,
        TextOrigin::Feed | TextOrigin::ExtractedAgain => false,
    }))
}

/// Returns what a feed says of an item whose text is that of its page: its title, and how its text begins.
pub(super) fn read_teaser(item: &feeds::Item) -> String {
    let (title, text) = (item.title.as_deref().unwrap_or_default(), item.body_text());
    format!("{title}\n\n{text}").chars().take(MAX_TEASER).collect()
}

/// Has the page of an article fetched again if what its feed says of it was changed: the publisher has worked on it.
///
/// # Errors
/// The database fails.
pub(super) async fn renew_page(
    library: &Library,
    feed: i64,
    (known, item): (&KnownItem, &feeds::Item),
    now: Timestamp,
) -> anyhow::Result<()> {
    if known.article_id.is_none() || known.gives_text {
        return Ok(());
    }
    let teaser = read_teaser(item);
    let is_changed = |before: &String| count_changed_words(before, &teaser) >= MIN_CHANGED_WORDS;
    if known.teaser.as_ref().is_none_or(|before| *before != teaser && is_changed(before)) {
        items::renew_page(library, (feed, known), &teaser, now).await?;
    }
    Ok(())
}

/// Renames an article whose text is not that of the item, if it is called as the item was.
async fn rename(
    library: &Library,
    (known, article): (&KnownItem, i64),
    title: Option<String>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Some(title) = title else { return Ok(()) };
    let Some(before) = versions::load_current(library, article).await? else { return Ok(()) };
    if known.identity.title.as_ref() != Some(&before.title) {
        return Ok(());
    }
    let change = change_of_title(&before.title, &title);
    let content = crate::library::articles::Content { title, ..before };
    let changed = ChangedArticle { article, snapshot_id: None, content, change };
    item_changes::change(library, &changed, now).await?;
    Ok(())
}

fn change_of_title(before: &str, after: &str) -> Change {
    match count_changed_words(before, after) {
        MIN_CHANGED_WORDS.. => Change::Title,
        _ => Change::Wording,
    }
}
