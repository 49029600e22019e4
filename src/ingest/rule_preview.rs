//! A rule tried out before it is saved: what it would change in the last articles of its source, from their snapshots.

use std::collections::HashMap;

use anyhow::Context as _;
use extract::{Article, Rule};
use jiff::Timestamp;

use crate::ingest::extraction::ArticlePages;
use crate::ingest::re_extraction;
use crate::library::Library;
use crate::library::articles::lists;
use crate::library::rules::{self, New, Tried};

/// Articles a rule is tried out on.
pub const MAX_ARTICLES: i64 = 10;

/// Bytes of pages that one trial reads; what lies beyond is not looked at, so that nobody waits for long.
const MAX_BYTES: usize = 24 * 1024 * 1024;

/// What a rule would do to one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePreview {
    /// Its number.
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
    /// Paragraphs would come or go.
    Changed {
        /// Paragraphs that would be new.
        added: Paragraphs,
        /// Paragraphs that would be gone.
        removed: Paragraphs,
        /// How much of the text would be lost.
        loss: TextLoss,
    },
    /// It was not looked at, since its pages or those before them are very large.
    TooLarge,
}

/// Some paragraphs of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraphs {
    /// In order.
    pub paragraphs: Vec<String>,
    /// In all of them.
    pub word_count: usize,
}

/// How much of a text would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextLoss {
    /// At most half of it.
    Minor,
    /// More than half of it.
    Major,
    /// All of it, so the article would stay as it is.
    Total,
}

/// Tries a rule out: on the one article it is for; else on the last articles of a domain, and before them on the one at hand.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn preview(
    library: &Library,
    domain: &str,
    current: Option<&(i64, String)>,
    new: &New,
    now: Timestamp,
) -> anyhow::Result<Vec<ArticlePreview>> {
    let mut articles: Vec<(i64, String)> = current.into_iter().cloned().collect();
    if new.only.is_none() {
        let last = lists::extractable_of(library, domain, MAX_ARTICLES).await?;
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
            let stored = rules::for_article(library, article).await?;
            let after = new.among(&stored);
            let before: Vec<Rule> = stored.into_iter().map(|stored| stored.rule).collect();
            tokio::task::spawn_blocking(move || {
                compare_texts(
                    &ArticleText::from_article(pages.extract(&before, now)),
                    &ArticleText::from_article(pages.extract(&after, now)),
                )
            })
            .await
            .context("trying a rule")?
        };
        previews.push(ArticlePreview { article, title, effect });
    }
    Ok(previews)
}

/// How many articles were tried, and how many would change.
#[must_use]
pub fn count_effects(previews: &[ArticlePreview]) -> Tried {
    let count = |is: fn(&RuleEffect) -> bool| {
        i64::try_from(previews.iter().filter(|preview| is(&preview.effect)).count()).unwrap_or_default()
    };
    Tried {
        changed: count(|effect| matches!(effect, RuleEffect::Changed { .. })),
        tried: count(|effect| *effect != RuleEffect::TooLarge),
    }
}

/// Applies the rules as they are now to the last articles of a domain and to the one at hand, at once, so that the reader
/// sees it. All others follow by themselves.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn apply_now(library: &Library, domain: &str, current: Option<i64>, now: Timestamp) -> anyhow::Result<()> {
    let last = lists::extractable_of(library, domain, MAX_ARTICLES).await?;
    let others = last.into_iter().map(|(id, _)| id).filter(|id| Some(*id) != current);
    for article in current.into_iter().chain(others) {
        re_extraction::re_extract(library, article, now).await?;
    }
    Ok(())
}

/// What an article says and shows.
struct ArticleText {
    text: String,
    /// A line for each picture, which a rule may be about as well.
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

/// The paragraphs and pictures that one has and the other has not. How much is lost is a matter of the text: an article without
/// one is none, whatever pictures are left.
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
