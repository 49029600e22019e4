//! What was removed from the page, for the list below the article: likely parts of the article first, the rest folded.

use extract::{Reason, RemovedBlock};

/// From this many words on, a text may be a paragraph of the article.
const MIN_PARAGRAPH_WORDS: usize = 12;

/// The removed texts of an article.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RemovedTexts {
    /// Paragraphs that may belong to the article; the reason with most words first.
    pub likely: Vec<RemovedGroup>,
    /// Menus, buttons, links and whatever else hardly does.
    pub rest: Vec<RemovedGroup>,
}

/// Texts removed for one reason.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RemovedGroup {
    pub reason: &'static str,
    pub texts: Vec<RemovedText>,
}

/// A removed text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RemovedText {
    /// Index in the list of all removed texts.
    pub index: usize,
    pub text: String,
    /// There is a block to restore.
    pub can_restore: bool,
}

impl RemovedTexts {
    /// Sorts what was removed, given in page order.
    pub fn new(removed: Vec<RemovedBlock>) -> Self {
        let mut texts = Self::default();
        for (index, block) in removed.into_iter().enumerate() {
            let groups = if may_belong_to_article(&block) { &mut texts.likely } else { &mut texts.rest };
            let reason = block.reason.label();
            let text = RemovedText { index, text: block.text, can_restore: block.reason != Reason::TrackingPixel };
            match groups.iter_mut().find(|group| group.reason == reason) {
                Some(group) => group.texts.push(text),
                None => groups.push(RemovedGroup { reason, texts: vec![text] }),
            }
        }
        texts.likely.sort_by_key(|group| std::cmp::Reverse(group.word_count()));
        texts
    }

    /// Returns the number of all texts.
    pub fn count(&self) -> usize {
        self.likely.iter().map(|group| group.texts.len()).sum::<usize>() + self.rest_count()
    }

    /// Returns the number of texts that hardly belong to the article.
    pub fn rest_count(&self) -> usize {
        self.rest.iter().map(|group| group.texts.len()).sum()
    }
}

impl RemovedGroup {
    fn word_count(&self) -> usize {
        self.texts.iter().map(|text| extract::count_words(&text.text)).sum()
    }
}

/// Returns whether a text may belong to the article: it is as long as a paragraph, and was removed for its place or
/// for what it seems to be about, not for being a menu, a form or a repetition.
fn may_belong_to_article(block: &RemovedBlock) -> bool {
    let is_about_text = matches!(
        block.reason,
        Reason::AboveTheArticle
            | Reason::NotPartOfTheArticle
            | Reason::BelowTheArticle
            | Reason::Aside
            | Reason::AuthorNote
            | Reason::Promotion
            | Reason::Newsletter
            | Reason::Advertisement
            | Reason::RepeatedText
            | Reason::Orphan
    );
    is_about_text && extract::count_words(&block.text) >= MIN_PARAGRAPH_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_come_first_and_menus_are_apart() {
        let block = |reason, text: &str| RemovedBlock { reason, text: text.into() };
        let long = "The gauge at the lock showed two metres and ten, the highest since the flood of that year.";
        let removed = vec![
            block(Reason::Navigation, "Home"),
            block(Reason::Promotion, "Our letter tells you each Friday which locks are open and which are not."),
            block(Reason::Aside, long),
            block(Reason::Aside, "Read on"),
            block(Reason::Navigation, long),
            block(Reason::Aside, long),
        ];
        let texts = RemovedTexts::new(removed);
        let indexes = |groups: &[RemovedGroup]| {
            let group = |group: &RemovedGroup| (group.reason, group.texts.iter().map(|text| text.index).collect());
            groups.iter().map(group).collect::<Vec<(&str, Vec<usize>)>>()
        };
        assert_eq!(indexes(&texts.likely), [("sidebar", vec![2, 5]), ("promotion", vec![1])]);
        assert_eq!(indexes(&texts.rest), [("navigation", vec![0, 4]), ("sidebar", vec![3])]);
        assert_eq!((texts.count(), texts.rest_count()), (6, 3));
    }
}
