//! What a reader has decided about the pages of a source, or about one article of it: this belongs to it, that does not. Stored here,
//! applied by `extract`, tried out in `trial` before it is saved.

mod store;

pub use store::{
    Work, advance, count, find, for_article, for_domain, for_single_articles, is_made, most, of_article, of_domain,
    put, remove, work,
};

use extract::{Action, Reason, Rule};
use jiff::Timestamp;

/// Rules one source may have, and each article for itself.
pub const MOST: i64 = 100;

/// A rule that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// What it says.
    pub rule: Rule,
    /// The only article it is for; `None`: it is for all pages of its source.
    pub only: Option<i64>,
}

impl New {
    /// What some rules of an article are with this one, which takes the place of one with the same selector.
    #[must_use]
    pub fn among(&self, stored: &[Stored]) -> Vec<Rule> {
        let is_replaced = |known: &Stored| known.rule.selector == self.rule.selector && known.only == self.only;
        let (own, of_source): (Vec<&Stored>, Vec<&Stored>) =
            stored.iter().filter(|known| !is_replaced(known)).partition(|known| known.only.is_some());
        let rules = |stored: Vec<&Stored>| stored.into_iter().map(|known| known.rule.clone()).collect::<Vec<_>>();
        let (own, of_source, new) = (rules(own), rules(of_source), vec![self.rule.clone()]);
        // In the order of `for_article`, whose last word holds.
        if self.only.is_some() { [of_source, own, new].concat() } else { [of_source, new, own].concat() }
    }
}

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub id: i64,
    /// The source whose pages it is for.
    pub domain: String,
    /// The only article it is for.
    pub only: Option<i64>,
    /// The title of that article.
    pub title: Option<String>,
    /// What it says.
    pub rule: Rule,
    /// When it was made.
    pub made: Timestamp,
    /// Of the articles it was tried on, those it changed.
    pub changed: i64,
    /// Articles it was tried on.
    pub tried: i64,
}

/// How many articles a new rule was tried on, and how many it changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    /// Those it changed.
    pub changed: i64,
    /// All of them.
    pub tried: i64,
}

/// The word of a reason, for forms and for the database.
#[must_use]
pub fn word(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The reason of a word, if it is one.
#[must_use]
pub fn reason(word: &str) -> Option<Reason> {
    serde_json::from_value(word.into()).ok()
}

/// A rule as its columns have it; `None` when a later version of this program wrote something that this one does not know.
fn parse(selector: &str, reason: Option<&str>) -> Option<Rule> {
    let action = match reason {
        None => Action::Keep,
        Some(word) => Action::Remove(self::reason(word)?),
    };
    Some(Rule { selector: selector.parse().ok()?, action })
}

#[cfg(test)]
mod tests;
