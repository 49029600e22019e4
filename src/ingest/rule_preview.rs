//! A rule tried out before it is saved: what it would change in the last articles of its source, from their snapshots.

use std::collections::HashMap;

use anyhow::Context as _;
use extract::{Article, Rule};
use jiff::Timestamp;

use crate::ingest::extraction::Pages;
use crate::ingest::re_extraction;
use crate::library::Library;
use crate::library::articles::lists;
use crate::library::rules::{self, NewRule, PreviewCounts};

/// Articles a rule is tried out on.
pub const ARTICLES: i64 = 10;

/// Bytes of pages that one trial reads; what lies beyond is not looked at, so that nobody waits for long.
const MOST_BYTES: usize = 24 * 1024 * 1024;

/// What a rule would do to one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its number.
    pub article: i64,
    /// Its title.
    pub title: String,
    /// What would change.
    pub change: Change,
}

/// What a rule would change in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// Paragraphs would come or go.
    Text {
        /// Paragraphs that would be new.
        added: Part,
        /// Paragraphs that would be gone.
        removed: Part,
        /// How much of the text would be lost.
        loss: Loss,
    },
    /// It was not looked at, since its pages or those before them are very large.
    TooLarge,
}

/// Some paragraphs of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// In order.
    pub paragraphs: Vec<String>,
    /// In all of them.
    pub words: usize,
}

/// How much of a text would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// At most half of it.
    Some,
    /// More than half of it.
    Most,
    /// All of it, so the article would stay as it is.
    All,
}

/// Tries a rule out: on the one article it is for; else on the last articles of a domain, and before them on the one at hand.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn run(
    library: &Library,
    domain: &str,
    at_hand: Option<&(i64, String)>,
    new: &NewRule,
    now: Timestamp,
) -> anyhow::Result<Vec<Outcome>> {
    let mut chosen: Vec<(i64, String)> = at_hand.into_iter().cloned().collect();
    if new.article_id.is_none() {
        let last = lists::list_newest_with_snapshot(library, domain, ARTICLES).await?;
        chosen.extend(last.into_iter().filter(|(id, _)| at_hand.is_none_or(|(first, _)| first != id)));
        chosen.truncate(usize::try_from(ARTICLES).unwrap_or_default());
    }
    let mut room = MOST_BYTES;
    let mut outcomes = Vec::with_capacity(chosen.len());
    for (article, title) in chosen {
        let Some(pages) = Pages::of_article(library, article).await? else { continue };
        let change = if pages.size() > room {
            Change::TooLarge
        } else {
            room -= pages.size();
            let stored = rules::list_for_article(library, article).await?;
            let after = new.among(&stored);
            let before: Vec<Rule> = stored.into_iter().map(|known| known.rule).collect();
            tokio::task::spawn_blocking(move || {
                compare(&Said::of(pages.read(&before, now)), &Said::of(pages.read(&after, now)))
            })
            .await
            .context("trying a rule")?
        };
        outcomes.push(Outcome { article, title, change });
    }
    Ok(outcomes)
}

/// How many articles were tried, and how many would change.
#[must_use]
pub fn tried(outcomes: &[Outcome]) -> PreviewCounts {
    let count = |is: fn(&Change) -> bool| {
        i64::try_from(outcomes.iter().filter(|outcome| is(&outcome.change)).count()).unwrap_or_default()
    };
    PreviewCounts {
        articles_changed: count(|change| matches!(change, Change::Text { .. })),
        articles_tried: count(|change| *change != Change::TooLarge),
    }
}

/// Applies the rules as they are now to the last articles of a domain and to the one at hand, at once, so that the reader
/// sees it. All others follow by themselves.
///
/// # Errors
/// The database fails, or a snapshot is damaged.
pub async fn apply(library: &Library, domain: &str, at_hand: Option<i64>, now: Timestamp) -> anyhow::Result<()> {
    let last = lists::list_newest_with_snapshot(library, domain, ARTICLES).await?;
    let others = last.into_iter().map(|(id, _)| id).filter(|id| Some(*id) != at_hand);
    for article in at_hand.into_iter().chain(others) {
        re_extraction::again(library, article, now).await?;
    }
    Ok(())
}

/// What an article says and shows.
struct Said {
    text: String,
    /// A line for each picture, which a rule may be about as well.
    pictures: Vec<String>,
}

impl Said {
    fn of(article: Article) -> Said {
        let pictures = article.images.iter().map(|picture| format!("Image: {}", picture.display_name())).collect();
        Said { text: article.text, pictures }
    }

    fn paragraphs(&self) -> Vec<&str> {
        let paragraphs = self.text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
        paragraphs.chain(self.pictures.iter().map(String::as_str)).collect()
    }
}

/// The paragraphs and pictures that one has and the other has not. How much is lost is a matter of the text: an article without
/// one is none, whatever pictures are left.
fn compare(before: &Said, after: &Said) -> Change {
    let (removed, added) = (part(before, after), part(after, before));
    if removed.paragraphs.is_empty() && added.paragraphs.is_empty() {
        return Change::None;
    }
    let loss = match (extract::count_words(&before.text), extract::count_words(&after.text)) {
        (_, 0) => Loss::All,
        (before, after) if after * 2 < before => Loss::Most,
        _ => Loss::Some,
    };
    Change::Text { added, removed, loss }
}

fn part(of: &Said, without: &Said) -> Part {
    let mut known = HashMap::<&str, usize>::new();
    for paragraph in without.paragraphs() {
        *known.entry(paragraph).or_default() += 1;
    }
    let mut only = of.paragraphs();
    only.retain(|paragraph| match known.get_mut(paragraph) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
    let words = only.iter().map(|paragraph| extract::count_words(paragraph)).sum();
    Part { words, paragraphs: only.into_iter().map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Said {
        Said { text: text.to_owned(), pictures: Vec::new() }
    }

    #[test]
    fn texts_are_compared_paragraph_by_paragraph() {
        assert_eq!(compare(&said("One.\n\nTwo."), &said("One.\n\nTwo.")), Change::None);
        let part = |text: &str, words| Part { paragraphs: vec![text.to_owned()], words };
        let (added, removed) = (part("Three more.", 2), part("Two.", 1));
        let expected = Change::Text { added, removed, loss: Loss::Some };
        assert_eq!(compare(&said("One.\n\nTwo."), &said("One.\n\nThree more.")), expected);
        let repeated = Change::Text { added: Part::default(), removed: part("One.", 1), loss: Loss::Some };
        assert_eq!(compare(&said("One.\n\nOne."), &said("One.")), repeated);
    }

    #[test]
    fn a_picture_that_goes_is_a_change_and_one_that_stays_is_no_text() {
        let (text, pictures) = ("Rain.".to_owned(), vec!["Image: ferry.jpg".to_owned()]);
        let both = Said { text: text.clone(), pictures: pictures.clone() };
        let Change::Text { removed, loss, .. } = compare(&both, &said("Rain.")) else { panic!("no change") };
        assert_eq!((removed.paragraphs, loss), (pictures.clone(), Loss::Some));
        let Change::Text { loss, .. } = compare(&both, &Said { text: String::new(), pictures }) else {
            panic!("no change")
        };
        assert_eq!(loss, Loss::All);
    }

    #[test]
    fn a_rule_that_takes_most_or_all_is_found_out() {
        let loss = |before: &str, after: &str| match compare(&said(before), &said(after)) {
            Change::Text { loss, .. } => loss,
            other => panic!("{other:?}"),
        };
        assert_eq!(loss("One two three.\n\nFour.", "Four."), Loss::Most);
        assert_eq!(loss("One two.\n\nThree four.", "Three four."), Loss::Some);
        assert_eq!(loss("One two.", ""), Loss::All);
    }
}
