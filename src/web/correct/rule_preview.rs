//! What a trial of a rule has found, in words.

use crate::ingest::rule_preview::{self, Change, Loss, Outcome};

/// What a rule would do; `only`: it is for one article alone.
pub(crate) fn summary(outcomes: &[Outcome], only: bool) -> String {
    let tried = rule_preview::tried(outcomes);
    let one = match outcomes.len() {
        1 if only => "this article",
        1 => "the only article there is",
        _ => "the one article it could be tried on",
    };
    match (tried.changed, tried.tried) {
        (_, 0) => untried(outcomes.len()).to_owned(),
        (0, 1) => format!("It changes nothing in {one}."),
        (_, 1) => format!("It changes {one}."),
        (0, tried) => format!("It changes nothing in the last {}.", articles_of(tried)),
        (changed, tried) => format!("It changes {changed} of the last {}.", articles_of(tried)),
    }
}

/// Why a rule was tried on none of so many articles.
const fn untried(articles: usize) -> &'static str {
    match articles {
        0 => "There is no article to try it on.",
        1 => "The page is too large to try it on.",
        _ => "The pages are too large to try it on.",
    }
}

/// What to think of before the rule is saved.
pub(crate) fn warnings(outcomes: &[Outcome], only: bool) -> Vec<String> {
    let lost = |loss: Loss| {
        let is_lost = |it: &&Outcome| matches!(&it.change, Change::Text { loss: own, .. } if *own == loss);
        i64::try_from(outcomes.iter().filter(is_lost).count()).unwrap_or_default()
    };
    let all = match lost(Loss::All) {
        0 => None,
        _ if only => Some("It would have no text left, and would stay as it is.".to_owned()),
        count => Some(format!("{} would have no text left, and would stay as before.", articles_of(count))),
    };
    let most = match lost(Loss::Most) {
        0 => None,
        _ if only => Some("It would lose more than half of its text.".to_owned()),
        count => Some(format!("{} would lose more than half of the text.", articles_of(count))),
    };
    all.into_iter().chain(most).collect()
}

/// What to think of where a rule points at a place: who else would lose something than the article it was made at.
pub(crate) fn elsewhere(outcomes: &[Outcome], at_hand: Option<i64>) -> Option<String> {
    let loses = |it: &&Outcome| {
        let removed = if let Change::Text { removed, .. } = &it.change { removed.paragraphs.len() } else { 0 };
        removed > 0 && Some(it.article) != at_hand
    };
    let others = match outcomes.iter().filter(loses).count() {
        0 => return None,
        1 => "1 other article".to_owned(),
        count => format!("{count} other articles"),
    };
    Some(format!(
        "{others} would lose something too: this points at a place on the page, and something else may stand there."
    ))
}

pub(crate) fn articles_of(count: i64) -> String {
    if count == 1 { "1 article".into() } else { format!("{count} articles") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::rule_preview::Part;

    fn outcome(change: Change) -> Outcome {
        Outcome { article: 7, title: "The lock".into(), change }
    }

    fn text(loss: Loss) -> Outcome {
        outcome(Change::Text { added: Part::default(), removed: Part::default(), loss })
    }

    #[test]
    fn what_was_too_large_to_try_is_not_said_to_be_missing() {
        let large = || outcome(Change::TooLarge);
        assert_eq!(summary(&[large()], true), "The page is too large to try it on.");
        assert_eq!(summary(&[large(), large()], false), "The pages are too large to try it on.");
        assert_eq!(summary(&[], false), "There is no article to try it on.");
        assert_eq!(summary(&[text(Loss::Some), large()], false), "It changes the one article it could be tried on.");
        assert_eq!(summary(&[text(Loss::Some)], false), "It changes the only article there is.");
    }

    #[test]
    fn one_article_that_would_lose_its_text_is_not_counted_where_it_is_the_only_one_meant() {
        let (all, most) = ([text(Loss::All)], [text(Loss::Most)]);
        assert_eq!(warnings(&all, true), ["It would have no text left, and would stay as it is."]);
        assert_eq!(warnings(&all, false), ["1 article would have no text left, and would stay as before."]);
        assert_eq!(warnings(&most, true), ["It would lose more than half of its text."]);
        assert_eq!(warnings(&most, false), ["1 article would lose more than half of the text."]);
        assert!(warnings(&[text(Loss::Some)], true).is_empty());
    }
}
