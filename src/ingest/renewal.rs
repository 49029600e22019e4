//! Fetches the page of an article again. Topic, tags and state of the article stay; the text that gives way is kept as the
//! previous version. A page that is worse than what is here changes nothing.

use anyhow::Context as _;
use extract::{Article, Rule, Verdict};
use jiff::Timestamp;

use crate::ingest::extraction::{self, SnapshotPage};
use crate::ingest::text_changes::is_material;
use crate::ingest::{Outcome, failures};
use crate::library::Library;
use crate::library::articles::versions::{self, Difference, RenewedArticle, TextOrigin, earlier, is_same_content};
use crate::library::articles::{self, Added, ArticleAction, Content};
use crate::library::clock;
use crate::library::imports::{self, Failure, Import, Renewal};
use crate::library::rules;

/// An article that is fetched again.
pub(super) struct Renewed {
    pub(super) id: i64,
    /// Its page before the fetch.
    snapshot: Option<i64>,
}

/// Takes the article of an import out of the trash, whatever comes of the fetch. Once: the reader may delete it again while
/// the import waits for its site.
pub(super) async fn restore(library: &Library, import: &Import, now: Timestamp) -> sqlx::Result<()> {
    if let Some(article) = import.renews.filter(|_| import.restores && import.postponements == 0) {
        articles::apply_action(library, article, ArticleAction::Restore, now).await?;
    }
    Ok(())
}

/// Finds the article that an import fetches again; `None` if it adds one, or if the article is gone for good.
pub(super) async fn find(library: &Library, import: &Import) -> sqlx::Result<Option<Renewed>> {
    let Some(id) = import.renews else { return Ok(None) };
    if versions::load_current(library, id).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(Renewed { id, snapshot: articles::find_snapshot_id(library, id).await? }))
}

/// Compares the new page with what is here, and stores the better one. The reader may have changed the rules or the text
/// while the page was fetched, so both are read again, under the lock.
pub(super) async fn store(
    library: &Library,
    (import, article): (&Import, &Renewed),
    (page, mut extracted, stop_reason): (SnapshotPage, Article, Option<String>),
    used_rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    let _guard = library.lock_extraction().await;
    // Read again, since a restart does not fetch the page again, and the reader may have asked for it meanwhile.
    let asked = imports::find(library, import.id).await?;
    let is_for_feed = asked.as_ref().is_some_and(|import| import.feed_url.is_some());
    if is_for_feed && is_replaced_by_reader(library, article.id).await? {
        return Ok(Outcome::Failed(replaced_meanwhile()));
    }
    let before = versions::load_current(library, article.id).await?.context("the article was deleted for good")?;
    let rules = rules::load_for_article(library, article.id).await?;
    if rules != used_rules {
        let again =
            extraction::extract_pages(library, &page, &rules, clock::read(library, now).await?.latest_date()).await?;
        if let Some(failure) = failures::find(&page, &again) {
            return Ok(Outcome::Failed(failure));
        }
        extracted = Article { next_page: extracted.next_page, ..again };
    }
    let mut content = extraction::build_content(&page, extracted);
    if let Some(rest) = &mut content.next_page {
        rest.error_message = stop_reason;
    }
    if is_for_feed {
        // A changed article does not come to the top again.
        (content.published_at, content.published_date) = (before.published_at, before.published_date);
    }
    let archived_on = asked.and_then(|import| import.archived_on);
    let renewal = match compare(&before, &content) {
        Renewal::Changed if articles::find_snapshot_id(library, article.id).await? != article.snapshot => {
            Renewal::Worse("The text was replaced while the page was fetched. The saved text was kept.".into())
        }
        renewal => renewal,
    };
    let difference = match is_material((&before.title, &before.text), (&content.title, &content.text)) {
        true => Difference::Material,
        false => Difference::Minor,
    };
    let new =
        RenewedArticle { article: article.id, snapshot_id: page.snapshot, content, archived_on, renewal, difference };
    versions::renew(library, import.id, &new, now).await?;
    Ok(Outcome::Article(Added::Existing(article.id)))
}

/// Returns whether the reader has replaced the text since the import was planned: it may have waited for hours.
async fn is_replaced_by_reader(library: &Library, article: i64) -> sqlx::Result<bool> {
    let current = earlier::find_current(library, article).await?;
    Ok(current.is_some_and(|current| matches!(current.from, Some(TextOrigin::Pasted | TextOrigin::Restored))))
}

fn replaced_meanwhile() -> Failure {
    Failure {
        code: "text-replaced".into(),
        message: "The text was replaced while its page waited to be fetched again. The saved text was kept.".into(),
    }
}

/// Decides what becomes of a text.
fn compare(before: &Content, after: &Content) -> Renewal {
    if is_same_content(before, after) {
        return Renewal::Unchanged;
    }
    match find_loss(before, after) {
        Some(loss) => Renewal::Worse(format!("{loss} The saved text was kept.")),
        None => Renewal::Changed,
    }
}

/// Returns what would be lost with the new text.
fn find_loss(before: &Content, after: &Content) -> Option<&'static str> {
    let is_whole =
        |content: &Content| !matches!(content.verdict, Verdict::Interstitial | Verdict::Paywalled | Verdict::Listing);
    let is_much_shorter = after.word_count * 2 < before.word_count;
    match after.verdict {
        // What is here is no article either.
        _ if before.verdict == Verdict::Interstitial => None,
        Verdict::Interstitial => Some("The site now shows a cookie, login or bot check instead of the article."),
        Verdict::Listing if is_whole(before) => Some("The site now shows a list instead of the article."),
        Verdict::Paywalled if is_whole(before) => Some("The site now shows only the start of the article."),
        _ if is_much_shorter && before.verdict != Verdict::Listing => {
            Some("The page now has less than half of the text.")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(verdict: Verdict, word_count: usize) -> Content {
        Content { verdict, word_count, text: format!("{word_count} words"), ..Content::default() }
    }

    #[test]
    fn a_worse_text_does_not_take_the_place_of_a_better_one() {
        let (whole, start, check, list) =
            (Verdict::Article, Verdict::Paywalled, Verdict::Interstitial, Verdict::Listing);
        for (before, after, is_kept) in [
            ((whole, 600), (whole, 590), false),
            ((whole, 600), (whole, 2000), false),
            ((whole, 600), (whole, 290), true),
            ((whole, 600), (check, 900), true),
            ((whole, 600), (start, 590), true),
            ((whole, 600), (list, 900), true),
            ((start, 200), (start, 180), false),
            ((start, 200), (whole, 600), false),
            ((start, 200), (check, 600), true),
            ((check, 40), (start, 15), false),
            ((check, 900), (whole, 200), false),
            ((list, 900), (whole, 200), false),
        ] {
            let renewal = compare(&content(before.0, before.1), &content(after.0, after.1));
            assert_eq!(matches!(renewal, Renewal::Worse(_)), is_kept, "{before:?} {after:?}");
        }
        assert_eq!(compare(&content(whole, 600), &content(whole, 600)), Renewal::Unchanged);
    }
}
