//! The reader's rules: parts of a source's pages, or of one article, that extraction always keeps or always removes.
//! Stored here, applied by `extract`, previewed by `ingest::rule_preview` before they are saved.

pub(super) mod jobs;
mod store;

pub use jobs::{RuleJob, advance_job, next_job};
pub(super) use store::{copy_to_source, count_for_source, delete_from_source, move_to_source};
pub use store::{
    count, delete, delete_for_article, exists, find, is_limit_reached, list_article_rules, list_for_article,
    list_for_domain, load_for_article, load_for_domain, save, save_for_article,
};

use extract::{Action, Reason, Rule};
use jiff::Timestamp;

/// Maximum number of rules for a source, and for each article.
pub const MAX_RULES: i64 = 100;

/// A rule to save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRule {
    /// The rule.
    pub rule: Rule,
    /// The only article it applies to; `None`: all articles of the source.
    pub article_id: Option<i64>,
    /// A rule for one article that this one takes the place of.
    pub replaces_id: Option<i64>,
}

impl NewRule {
    /// Returns an article's rules together with this one, which replaces one with the same selector and scope.
    #[must_use]
    pub fn merge_with(&self, existing: &[StoredRule]) -> Vec<Rule> {
        let is_replaced = |stored: &StoredRule| {
            let is_same = stored.rule.selector == self.rule.selector && stored.article_id == self.article_id;
            is_same || self.replaces_id == Some(stored.id)
        };
        let (for_article, for_source): (Vec<&StoredRule>, Vec<&StoredRule>) =
            existing.iter().filter(|stored| !is_replaced(stored)).partition(|stored| stored.article_id.is_some());
        let rules = |rules: Vec<&StoredRule>| rules.into_iter().map(|stored| stored.rule.clone()).collect::<Vec<_>>();
        let (for_article, for_source, new) = (rules(for_article), rules(for_source), vec![self.rule.clone()]);
        // In the order of `list_for_article`: the last rule wins.
        if self.article_id.is_some() {
            [for_source, for_article, new].concat()
        } else {
            [for_source, new, for_article].concat()
        }
    }
}

/// A saved rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRule {
    /// Row id.
    pub id: i64,
    /// Domain of its source.
    pub domain: String,
    /// The only article it applies to.
    pub article_id: Option<i64>,
    /// Title of that article.
    pub article_title: Option<String>,
    /// The rule.
    pub rule: Rule,
    /// When it was created.
    pub created_at: Timestamp,
    /// In the preview: how many of the articles tried changed.
    pub articles_changed: i64,
    /// In the preview: how many articles were tried.
    pub articles_tried: i64,
}

/// Numbers from the preview of a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PreviewCounts {
    /// Articles that changed.
    pub articles_changed: i64,
    /// Articles tried.
    pub articles_tried: i64,
}

/// Returns the code of a reason, for forms and the database.
#[must_use]
pub fn reason_code(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Parses the code of a reason.
#[must_use]
pub fn parse_reason(code: &str) -> Option<Reason> {
    serde_json::from_value(code.into()).ok()
}

/// Parses the columns of a rule; `None` if a later version wrote something unknown to this one.
fn parse_rule(selector: &str, reason: Option<&str>) -> Option<Rule> {
    let action = match reason {
        None => Action::Keep,
        Some(word) => Action::Remove(parse_reason(word)?),
    };
    Some(Rule { selector: selector.parse().ok()?, action })
}

#[cfg(test)]
mod tests;
