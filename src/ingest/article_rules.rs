//! Rules for one article. A rule is saved or deleted in one transaction with the text that follows from it, so the text
//! on the screen is always the one that the rules describe.

use extract::Rule;
use jiff::Timestamp;

use crate::ingest::re_extraction::{self, ReExtractionPreview};
use crate::library::Library;
use crate::library::articles::Content;
use crate::library::rules::{self, NewRule, StoredRule};

/// Whether a rule is saved even if it does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// The reader saw its effect and wants it.
    Confirmed,
    /// The reader has not seen its effect.
    Unconfirmed,
}

/// What happened to a rule for one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It is saved, under this id.
    Saved(i64),
    /// It is not saved: it would change nothing, or leave no text.
    NoEffect,
    /// The source no longer exists.
    NoSource,
}

/// Saves a rule for one article, and the text that follows.
///
/// # Errors
/// The database fails, or the snapshot is damaged; nothing is changed then.
pub async fn save(
    library: &Library,
    domain: &str,
    (article, new): (i64, &NewRule),
    confirmation: Confirmation,
    now: Timestamp,
) -> anyhow::Result<SaveOutcome> {
    let _guard = library.lock_extraction().await;
    let rules = new.merge_with(&rules::list_for_article(library, article).await?);
    let content = extract_content(library, article, &rules, now).await?;
    if content.is_none() && confirmation == Confirmation::Unconfirmed {
        return Ok(SaveOutcome::NoEffect);
    }
    let id = rules::save_for_article(library, domain, new, content.as_ref(), now).await?;
    Ok(id.map_or(SaveOutcome::NoSource, SaveOutcome::Saved))
}

/// Deletes a rule for one article, and takes its effect back.
///
/// # Errors
/// The database fails, or the snapshot is damaged; nothing is changed then.
pub async fn delete(library: &Library, article: i64, rule: &StoredRule, now: Timestamp) -> anyhow::Result<()> {
    let _guard = library.lock_extraction().await;
    let others = rules::list_for_article(library, article).await?.into_iter().filter(|other| other.id != rule.id);
    let rules: Vec<Rule> = others.map(|other| other.rule).collect();
    let content = extract_content(library, article, &rules, now).await?;
    rules::delete_for_article(library, rule, content.as_ref(), now).await
}

/// Returns the content that an article has with these rules, if it differs from the current one and has text.
async fn extract_content(
    library: &Library,
    article: i64,
    rules: &[Rule],
    now: Timestamp,
) -> anyhow::Result<Option<Content>> {
    Ok(match re_extraction::preview_with_rules(library, article, rules, now).await? {
        ReExtractionPreview::Changed(change) => Some(change.after),
        ReExtractionPreview::Unchanged | ReExtractionPreview::NoSnapshot | ReExtractionPreview::NoText => None,
    })
}
