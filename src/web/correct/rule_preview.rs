//! The result of a rule preview in words.

use crate::ingest::rule_preview::{self, ArticlePreview, RuleEffect, TextLoss};

/// Summarizes the effect of a rule. `only`: it applies to one article.
pub(crate) fn summarize(outcomes: &[ArticlePreview], only: bool) -> String {
    let tried = rule_preview::count_effects(outcomes);
    let single = match outcomes.len() {
        1 if only => "this article",
        1 => "your one article from this source",
        _ => "the one article that could be previewed",
    };
    match (tried.articles_changed, tried.articles_tried) {
        (_, 0) => no_preview_reason(outcomes.len()).to_owned(),
        (0, 1) => format!("Changes nothing in {single}."),
        (_, 1) => format!("Changes {single}."),
        (0, tried) => format!("Changes none of the last {}.", count_articles(tried)),
        (changed, tried) => format!("Changes {changed} of the last {}.", count_articles(tried)),
    }
}

/// Explains why none of the articles could be previewed.
const fn no_preview_reason(articles: usize) -> &'static str {
    match articles {
        0 => "There’s no article to preview.",
        1 => "The page is too large to preview.",
        _ => "The pages are too large to preview.",
    }
}

/// Returns what to consider before saving.
pub(crate) fn collect_warnings(outcomes: &[ArticlePreview], only: bool) -> Vec<String> {
    let count_losing = |loss: TextLoss| {
        let has_loss =
            |it: &&ArticlePreview| matches!(&it.effect, RuleEffect::Changed { loss: own, .. } if *own == loss);
        i64::try_from(outcomes.iter().filter(has_loss).count()).unwrap_or_default()
    };
    let all = match count_losing(TextLoss::Total) {
        0 => None,
        _ if only => Some("That would remove everything, so this article won’t be changed.".to_owned()),
        1 => Some("That would remove everything from 1 article, so it won’t be changed.".to_owned()),
        count => Some(format!("That would remove everything from {count} articles, so they won’t be changed.")),
    };
    let most = match count_losing(TextLoss::Major) {
        0 => None,
        _ if only => Some("That would remove more than half of the text.".to_owned()),
        count => Some(format!("That would remove more than half of the text from {}.", count_articles(count))),
    };
    all.into_iter().chain(most).collect()
}

/// Warns that a positional rule also removes content from other articles than the one it was drafted at.
pub(crate) fn warn_about_others(outcomes: &[ArticlePreview], article: Option<i64>) -> Option<String> {
    let loses_text = |it: &&ArticlePreview| {
        let removed = if let RuleEffect::Changed { removed, .. } = &it.effect { removed.paragraphs.len() } else { 0 };
        removed > 0 && Some(it.article) != article
    };
    let (others, them) = match outcomes.iter().filter(loses_text).count() {
        0 => return None,
        1 => ("1 other article".to_owned(), "it"),
        count => (format!("{count} other articles"), "them"),
    };
    Some(format!("{others} would also lose content, because this rule goes by position. Check {them} below."))
}

pub(crate) fn count_articles(count: i64) -> String {
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
    fn pages_too_large_to_preview_are_reported_as_such() {
        let large = || outcome(RuleEffect::TooLarge);
        assert_eq!(summarize(&[large()], true), "The page is too large to preview.");
        assert_eq!(summarize(&[large(), large()], false), "The pages are too large to preview.");
        assert_eq!(summarize(&[], false), "There’s no article to preview.");
        assert_eq!(
            summarize(&[text(TextLoss::Minor), large()], false),
            "Changes the one article that could be previewed."
        );
        assert_eq!(summarize(&[text(TextLoss::Minor)], false), "Changes your one article from this source.");
    }

    #[test]
    fn warnings_for_a_single_article_name_no_count() {
        let (all, most) = ([text(TextLoss::Total)], [text(TextLoss::Major)]);
        assert_eq!(collect_warnings(&all, true), ["That would remove everything, so this article won’t be changed."]);
        assert_eq!(
            collect_warnings(&all, false),
            ["That would remove everything from 1 article, so it won’t be changed."]
        );
        assert_eq!(collect_warnings(&most, true), ["That would remove more than half of the text."]);
        assert_eq!(collect_warnings(&most, false), ["That would remove more than half of the text from 1 article."]);
        assert!(collect_warnings(&[text(TextLoss::Minor)], true).is_empty());
    }
}
