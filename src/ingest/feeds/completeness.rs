//! Whether a feed carries whole texts, or only teasers.

use feeds::{Feed as Parsed, Item};
use jiff::{SignedDuration, Timestamp};

use crate::library::Library;
use crate::library::feeds::{Feed, TextFrom, looks};

/// Items whose pages are fetched to compare.
pub(super) const COMPARED_ITEMS: usize = 3;

/// How long a comparison holds.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A feed with less of this part of the words on the page has teasers.
const MIN_PART: f64 = 0.7;

/// A text with more words is taken for a whole one until it is compared.
const MIN_WORDS: usize = 150;

/// Where the texts of new items come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextPlan {
    /// For most items.
    pub usual: TextFrom,
    /// Items whose pages are fetched in any case, to compare.
    pub compared: usize,
}

/// Decides where the texts of new items come from: as the reader says, else as measured, else by the look of the document.
pub(super) fn plan(feed: &Feed, parsed: &Parsed, now: Timestamp) -> TextPlan {
    if feed.settings.links.is_some() {
        return TextPlan { usual: TextFrom::Page, compared: 0 };
    }
    if let Some(usual) = feed.settings.text_from {
        return TextPlan { usual, compared: 0 };
    }
    let is_valid = |at: Timestamp| now.duration_since(at) < VALID_FOR;
    match feed.measured_text {
        Some((usual, at)) if is_valid(at) => TextPlan { usual, compared: 0 },
        Some((usual, _)) => TextPlan { usual, compared: COMPARED_ITEMS },
        None => TextPlan { usual: guess(parsed), compared: COMPARED_ITEMS },
    }
}

/// Guesses by the document: whole texts are long, and teasers short or cut off.
pub(super) fn guess(parsed: &Parsed) -> TextFrom {
    let is_whole = |item: &&Item| {
        let text = item.body_text();
        extract::count_words(&text) >= MIN_WORDS && !["…", "...", "[…]", "[...]"].iter().any(|end| text.ends_with(end))
    };
    let whole = parsed.items.iter().filter(is_whole).count();
    if whole * 2 > parsed.items.len() { TextFrom::Feed } else { TextFrom::Page }
}

/// Compares the items whose pages have been fetched, and notes what most of them say.
///
/// # Errors
/// The database fails.
pub(super) async fn measure(library: &Library, feed: &Feed, now: Timestamp) -> sqlx::Result<()> {
    if feed.settings.links.is_some() || feed.measured_text.is_some_and(|(_, at)| now.duration_since(at) < VALID_FOR) {
        return Ok(());
    }
    // What was compared before tells nothing of what the feed does now.
    let since = feed.measured_text.map_or(Timestamp::UNIX_EPOCH, |(_, at)| at + VALID_FOR);
    let counts = looks::find_word_counts(library, feed.id, since).await?;
    if counts.len() < COMPARED_ITEMS {
        return Ok(());
    }
    looks::set_measured_text(library, feed.id, judge(&counts), now).await
}

/// Returns where texts come from, given the words of items in the feed and on their pages.
fn judge(counts: &[(i64, i64)]) -> TextFrom {
    #[expect(clippy::cast_precision_loss, reason = "numbers of words")]
    let is_whole = |(in_feed, on_page): &&(i64, i64)| *in_feed as f64 >= *on_page as f64 * MIN_PART;
    let whole = counts.iter().filter(is_whole).count();
    if whole * 2 > counts.len() { TextFrom::Feed } else { TextFrom::Page }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_items_decide() {
        assert_eq!(judge(&[(500, 520), (300, 310), (20, 900)]), TextFrom::Feed);
        assert_eq!(judge(&[(50, 520), (40, 310), (900, 900)]), TextFrom::Page);
        assert_eq!(judge(&[(50, 52), (40, 31), (9, 9)]), TextFrom::Feed, "short posts may be whole");
    }
}
