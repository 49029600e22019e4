//! Previews a rule: what it would change in the latest articles of its source, from their snapshots.

use std::collections::HashMap;

use extract::{Article, Rule};
use jiff::Timestamp;

use crate::ingest::extraction::ArticlePages;
use crate::ingest::extractor::run_for_reader;
use crate::ingest::re_extraction;
use crate::library::Library;
use crate::library::articles::lists;
use crate::library::rules::{self, NewRule, PreviewCounts};

/// Articles in a preview.
pub const MAX_ARTICLES: i64 = 10;

/// Source bytes that one preview reads; larger pages are skipped to keep it quick.
const MAX_BYTES: usize = 24 * 1024 * 1024;

/// What a rule would change in one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePreview {
    /// The article's id.
    pub article: i64,
    /// Its title.
    pub title: String,
    /// What would change.
    pub effect: RuleEffect,
}

/// What a rule would change in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleEffect {
    /// Nothing.
    Unchanged,
    /// Some paragraphs or images.
    Changed {
        /// Paragraphs that would be added.
        added: Paragraphs,
        /// Paragraphs that would be removed.
        removed: Paragraphs,
        /// How much of the text would be lost.
        loss: TextLoss,
    },
    /// Not previewed: its pages, with those before them, are too large.
    TooLarge,
}

/// Some paragraphs of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraphs {
    /// The paragraphs, in order.
    pub paragraphs: Vec<String>,
    /// Words in all of them.
    pub word_count: usize,
}

/// How much of a text would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextLoss {
    /// At most half.
    Minor,
    /// More than half.
    Major,
    /// All of it, so the article would stay unchanged.
    Total,
}

/// Previews a rule: on the one article it is for, or on the current article and the latest ones of the domain.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn preview(
    library: &Library,
    domain: &str,
    current: Option<&(i64, String)>,
    new: &NewRule,
    now: Timestamp,
) -> anyhow::Result<Vec<ArticlePreview>> {
    let mut articles: Vec<(i64, String)> = current.into_iter().cloned().collect();
    if new.article_id.is_none() {
        let last = lists::list_newest_with_snapshot(library, domain, MAX_ARTICLES).await?;
        articles.extend(last.into_iter().filter(|(id, _)| current.is_none_or(|(first, _)| first != id)));
        articles.truncate(usize::try_from(MAX_ARTICLES).unwrap_or_default());
    }
    let mut bytes_left = MAX_BYTES;
    let mut previews = Vec::with_capacity(articles.len());
    for (article, title) in articles {
        let Some(pages) = ArticlePages::load_for_article(library, article).await? else { continue };
        let effect = if pages.source_bytes() > bytes_left {
            RuleEffect::TooLarge
        } else {
            bytes_left -= pages.source_bytes();
            let stored = rules::list_for_article(library, article).await?;
            let after = new.merge_with(&stored);
            let before: Vec<Rule> = stored.into_iter().map(|stored| stored.rule).collect();
            run_for_reader(move || {
                compare_texts(
                    &ArticleText::from_article(pages.extract(&before, now)),
                    &ArticleText::from_article(pages.extract(&after, now)),
                )
            })
            .await?
        };
        previews.push(ArticlePreview { article, title, effect });
    }
    Ok(previews)
}

/// Counts the articles that were previewed, and those that would change.
#[must_use]
pub fn count_effects(previews: &[ArticlePreview]) -> PreviewCounts {
    let count = |is: fn(&RuleEffect) -> bool| {
        i64::try_from(previews.iter().filter(|preview| is(&preview.effect)).count()).unwrap_or_default()
    };
    PreviewCounts {
        articles_changed: count(|effect| matches!(effect, RuleEffect::Changed { .. })),
        articles_tried: count(|effect| *effect != RuleEffect::TooLarge),
    }
}

/// Applies the stored rules to the current article and the latest ones of the domain at once, so that the reader sees
/// the effect. A background job does the rest.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn apply_now(library: &Library, domain: &str, current: Option<i64>, now: Timestamp) -> anyhow::Result<()> {
    let last = lists::list_newest_with_snapshot(library, domain, MAX_ARTICLES).await?;
    let others = last.into_iter().map(|(id, _)| id).filter(|id| Some(*id) != current);
    for article in current.into_iter().chain(others) {
        re_extraction::re_extract(library, article, now).await?;
    }
    Ok(())
}

/// The text and images of an article.
struct ArticleText {
    text: String,
    /// A line for each image, since rules apply to images too.
    images: Vec<String>,
}

impl ArticleText {
    fn from_article(article: Article) -> ArticleText {
        let images = article.images.iter().map(|image| format!("Image: {}", image.display_name())).collect();
        ArticleText { text: article.text, images }
    }

    fn paragraphs(&self) -> Vec<&str> {
        let paragraphs = self.text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
        paragraphs.chain(self.images.iter().map(String::as_str)).collect()
    }
}

/// Compares paragraphs and images. Only text counts for the loss: an article without text is none, whatever images
/// remain.
fn compare_texts(before: &ArticleText, after: &ArticleText) -> RuleEffect {
    let (removed, added) = (paragraphs_only_in(before, after), paragraphs_only_in(after, before));
    if removed.paragraphs.is_empty() && added.paragraphs.is_empty() {
        return RuleEffect::Unchanged;
    }
    let loss = match (extract::count_words(&before.text), extract::count_words(&after.text)) {
        (_, 0) => TextLoss::Total,
        (before, after) if after * 2 < before => TextLoss::Major,
        _ => TextLoss::Minor,
    };
    RuleEffect::Changed { added, removed, loss }
}

fn paragraphs_only_in(text: &ArticleText, other: &ArticleText) -> Paragraphs {
    let mut counts = HashMap::<&str, usize>::new();
    for paragraph in other.paragraphs() {
        *counts.entry(paragraph).or_default() += 1;
    }
    let mut unmatched = text.paragraphs();
    unmatched.retain(|paragraph| match counts.get_mut(paragraph) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
    let word_count = unmatched.iter().map(|paragraph| extract::count_words(paragraph)).sum();
    Paragraphs { word_count, paragraphs: unmatched.into_iter().map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article_text(text: &str) -> ArticleText {
        ArticleText { text: text.to_owned(), images: Vec::new() }
    }

    #[test]
    fn compares_texts_by_paragraph() {
        assert_eq!(compare_texts(&article_text("One.\n\nTwo."), &article_text("One.\n\nTwo.")), RuleEffect::Unchanged);
        let part = |text: &str, word_count| Paragraphs { paragraphs: vec![text.to_owned()], word_count };
        let (added, removed) = (part("Three more.", 2), part("Two.", 1));
        let expected = RuleEffect::Changed { added, removed, loss: TextLoss::Minor };
        assert_eq!(compare_texts(&article_text("One.\n\nTwo."), &article_text("One.\n\nThree more.")), expected);
        let repeated =
            RuleEffect::Changed { added: Paragraphs::default(), removed: part("One.", 1), loss: TextLoss::Minor };
        assert_eq!(compare_texts(&article_text("One.\n\nOne."), &article_text("One.")), repeated);
    }

    #[test]
    fn removed_image_is_a_change_and_remaining_image_is_not_text() {
        let (text, images) = ("Rain.".to_owned(), vec!["Image: ferry.jpg".to_owned()]);
        let both = ArticleText { text: text.clone(), images: images.clone() };
        let RuleEffect::Changed { removed, loss, .. } = compare_texts(&both, &article_text("Rain.")) else {
            panic!("no change")
        };
        assert_eq!((removed.paragraphs, loss), (images.clone(), TextLoss::Minor));
        let RuleEffect::Changed { loss, .. } = compare_texts(&both, &ArticleText { text: String::new(), images })
        else {
            panic!("no change")
        };
        assert_eq!(loss, TextLoss::Total);
    }

    #[test]
    fn loss_of_more_than_half_or_all_text_is_reported() {
        let loss = |before: &str, after: &str| match compare_texts(&article_text(before), &article_text(after)) {
            RuleEffect::Changed { loss, .. } => loss,
            other => panic!("{other:?}"),
        };
        assert_eq!(loss("One two three.\n\nFour.", "Four."), TextLoss::Major);
        assert_eq!(loss("One two.\n\nThree four.", "Three four."), TextLoss::Minor);
        assert_eq!(loss("One two.", ""), TextLoss::Total);
    }
}
