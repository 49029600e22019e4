//! What a reader has decided about the pages of a source, or about one article of it: this belongs to it, that does not. StoredRule here,
//! applied by `extract`, tried out in `trial` before it is saved.

mod store;

pub use store::{
    RuleJob, advance_job, count, delete, exists, find, is_limit_reached, list_article_rules, list_for_article,
    list_for_domain, load_for_article, load_for_domain, next_job, save,
};

use extract::{Action, Reason, Rule};
use jiff::Timestamp;

/// Rules one source may have, and each article for itself.
pub const MAX_RULES: i64 = 100;

/// A rule that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRule {
    /// What it says.
    pub rule: Rule,
    /// The only article it is for; `None`: it is for all pages of its source.
    pub article_id: Option<i64>,
}

impl NewRule {
    /// What some rules of an article are with this one, which takes the place of one with the same selector.
    #[must_use]
    pub fn merge_with(&self, existing: &[StoredRule]) -> Vec<Rule> {
        let is_replaced =
            |stored: &StoredRule| stored.rule.selector == self.rule.selector && stored.article_id == self.article_id;
        let (for_article, for_source): (Vec<&StoredRule>, Vec<&StoredRule>) =
            existing.iter().filter(|stored| !is_replaced(stored)).partition(|stored| stored.article_id.is_some());
        let rules = |rules: Vec<&StoredRule>| rules.into_iter().map(|stored| stored.rule.clone()).collect::<Vec<_>>();
        let (for_article, for_source, new) = (rules(for_article), rules(for_source), vec![self.rule.clone()]);
        // In the order of `for_article`, whose last word holds.
        if self.article_id.is_some() {
            [for_source, for_article, new].concat()
        } else {
            [for_source, new, for_article].concat()
        }
    }
}

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRule {
    /// Its number.
    pub id: i64,
    /// The source whose pages it is for.
    pub domain: String,
    /// The only article it is for.
    pub article_id: Option<i64>,
    /// The title of that article.
    pub article_title: Option<String>,
    /// What it says.
    pub rule: Rule,
    /// When it was made.
    pub created_at: Timestamp,
    /// Of the articles it was tried on, those it changed.
    pub articles_changed: i64,
    /// Articles it was tried on.
    pub articles_tried: i64,
}

/// How many articles a new rule was tried on, and how many it changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PreviewCounts {
    /// Those it changed.
    pub articles_changed: i64,
    /// All of them.
    pub articles_tried: i64,
}

/// The word of a reason, for forms and for the database.
#[must_use]
pub fn reason_code(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The reason of a word, if it is one.
#[must_use]
pub fn parse_reason(code: &str) -> Option<Reason> {
    serde_json::from_value(code.into()).ok()
}

/// A rule as its columns have it; `None` when a later version of this program wrote something that this one does not know.
fn parse_rule(selector: &str, reason: Option<&str>) -> Option<Rule> {
    let action = match reason {
        None => Action::Keep,
        Some(word) => Action::Remove(parse_reason(word)?),
    };
    Some(Rule { selector: selector.parse().ok()?, action })
}

#[cfg(test)]
mod tests;
