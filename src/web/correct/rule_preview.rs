//! What a trial of a rule has found, in words.

use crate::ingest::rule_preview::{self, ArticlePreview, RuleEffect, TextLoss};

/// What a rule would do; `only`: it is for one article alone.
pub(crate) fn summary(outcomes: &[ArticlePreview], only: bool) -> String {
    let tried = rule_preview::count_effects(outcomes);
    let one = match outcomes.len() {
        1 if only => "this article",
        1 => "your one article from this source",
        _ => "the one article that could be previewed",
    };
    match (tried.articles_changed, tried.articles_tried) {
        (_, 0) => untried(outcomes.len()).to_owned(),
        (0, 1) => format!("Changes nothing in {one}."),
        (_, 1) => format!("Changes {one}."),
        (0, tried) => format!("Changes none of the last {}.", articles_of(tried)),
        (changed, tried) => format!("Changes {changed} of the last {}.", articles_of(tried)),
    }
}

/// Why a rule was tried on none of so many articles.
const fn untried(articles: usize) -> &'static str {
    match articles {
        0 => "There’s no article to preview.",
        1 => "The page is too large to preview.",
        _ => "The pages are too large to preview.",
    }
}

/// What to think of before the rule is saved.
pub(crate) fn warnings(outcomes: &[ArticlePreview], only: bool) -> Vec<String> {
    let lost = |loss: TextLoss| {
        let is_lost =
            |it: &&ArticlePreview| matches!(&it.effect, RuleEffect::Changed { loss: own, .. } if *own == loss);
        i64::try_from(outcomes.iter().filter(is_lost).count()).unwrap_or_default()
    };
    let all = match lost(TextLoss::Total) {
        0 => None,
        _ if only => Some("That would remove everything, so this article won’t be changed.".to_owned()),
        1 => Some("That would remove everything from 1 article, so it won’t be changed.".to_owned()),
        count => Some(format!("That would remove everything from {count} articles, so they won’t be changed.")),
    };
    let most = match lost(TextLoss::Major) {
        0 => None,
        _ if only => Some("That would remove more than half of the text.".to_owned()),
        count => Some(format!("That would remove more than half of the text from {}.", articles_of(count))),
    };
    all.into_iter().chain(most).collect()
}

/// What to think of where a rule points at a place: who else would lose something than the article it was made at.
pub(crate) fn elsewhere(outcomes: &[ArticlePreview], at_hand: Option<i64>) -> Option<String> {
    let loses = |it: &&ArticlePreview| {
        let removed = if let RuleEffect::Changed { removed, .. } = &it.effect { removed.paragraphs.len() } else { 0 };
        removed > 0 && Some(it.article) != at_hand
    };
    let (others, them) = match outcomes.iter().filter(loses).count() {
        0 => return None,
        1 => ("1 other article".to_owned(), "it"),
        count => (format!("{count} other articles"), "them"),
    };
    Some(format!("{others} would also lose content, because this rule goes by position. Check {them} below."))
}

pub(crate) fn articles_of(count: i64) -> String {
    if count == 1 { "1 article".into() } else { format!("{count} articles") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::rule_preview::Paragraphs;

    fn outcome(effect: RuleEffect) -> ArticlePreview {
        ArticlePreview { article: 7, title: "The lock".into(), effect }
    }

    fn text(loss: TextLoss) -> ArticlePreview {
        outcome(RuleEffect::Changed { added: Paragraphs::default(), removed: Paragraphs::default(), loss })
    }

    #[test]
    fn what_was_too_large_to_try_is_not_said_to_be_missing() {
        let large = || outcome(RuleEffect::TooLarge);
        assert_eq!(summary(&[large()], true), "The page is too large to preview.");
        assert_eq!(summary(&[large(), large()], false), "The pages are too large to preview.");
        assert_eq!(summary(&[], false), "There’s no article to preview.");
        assert_eq!(
            summary(&[text(TextLoss::Minor), large()], false),
            "Changes the one article that could be previewed."
        );
        assert_eq!(summary(&[text(TextLoss::Minor)], false), "Changes your one article from this source.");
    }

    #[test]
    fn one_article_that_would_lose_its_text_is_not_counted_where_it_is_the_only_one_meant() {
        let (all, most) = ([text(TextLoss::Total)], [text(TextLoss::Major)]);
        assert_eq!(warnings(&all, true), ["That would remove everything, so this article won’t be changed."]);
        assert_eq!(warnings(&all, false), ["That would remove everything from 1 article, so it won’t be changed."]);
        assert_eq!(warnings(&most, true), ["That would remove more than half of the text."]);
        assert_eq!(warnings(&most, false), ["That would remove more than half of the text from 1 article."]);
        assert!(warnings(&[text(TextLoss::Minor)], true).is_empty());
    }
}
