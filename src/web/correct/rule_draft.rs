//! A rule that is not saved yet, as the address of its preview and the form there have it.

use extract::{Action, Reason, Rule};
use serde::{Deserialize, Serialize};

use crate::library::Library;
use crate::library::rules::{self, NewRule, StoredRule};

/// A rule as a form or an address has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The article it was made at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<i64>,
    #[serde(default)]
    pub selector: String,
    /// `keep`, or the word of a reason.
    #[serde(default)]
    pub action: String,
    #[serde(default)]
    pub scope: Scope,
}

/// Which pages a rule is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// All of its source.
    #[default]
    Source,
    /// That of the article it was made at.
    Article,
}

/// Whether a selector leads to a place by counting, and says nothing of what stands there. Something else does on another page.
pub(crate) fn is_mere_place(selector: &str) -> bool {
    selector.rsplit_once('>').is_some_and(|(_, last)| !last.contains(['.', '#', '[']))
}

impl Scope {
    /// The pages that what a selector points at is likely to be on.
    fn fit_for(selector: &str) -> Self {
        if is_mere_place(selector) { Self::Article } else { Self::Source }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Scope::Source => "source",
            Scope::Article => "article",
        }
    }
}

impl Draft {
    pub fn keep(article: i64, selector: String) -> Self {
        let scope = Scope::fit_for(&selector);
        Self { article: Some(article), selector, action: "keep".into(), scope }
    }

    pub fn take_out(article: i64, selector: String) -> Self {
        let (action, scope) = (rules::reason_code(Reason::NotPartOfTheArticle), Scope::fit_for(&selector));
        Self { article: Some(article), selector, action, scope }
    }

    /// The same for what another selector points at. The pages it is for are those that fit, unless the reader chose others.
    pub fn pointing_at(&self, selector: String) -> Self {
        let is_chosen = self.scope != Scope::fit_for(&self.selector);
        let scope = if is_chosen { self.scope } else { Scope::fit_for(&selector) };
        Self { selector, scope, ..self.clone() }
    }

    pub fn of(stored: &StoredRule) -> Self {
        let action = match stored.rule.action {
            Action::Keep => "keep".into(),
            Action::Remove(reason) => rules::reason_code(reason),
        };
        let scope = stored.article_id.map_or(Scope::Source, |_| Scope::Article);
        Self { article: stored.article_id, selector: stored.rule.selector.to_string(), action, scope }
    }

    /// Where it is tried out.
    pub fn preview(&self, domain: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(article) = self.article {
            query.append_pair("article", &article.to_string());
        }
        query.append_pair("selector", &self.selector).append_pair("action", &self.action);
        if self.scope == Scope::Article {
            query.append_pair("scope", self.scope.word());
        }
        format!("/source/{domain}/rules/preview?{}", query.finish())
    }

    /// The rule and what it is for, or what is wrong with it.
    pub fn new_rule(&self, at_hand: Option<&(i64, String)>) -> std::result::Result<NewRule, String> {
        let rule = self.rule()?;
        let only = match (self.scope, at_hand) {
            (Scope::Source, _) => None,
            (Scope::Article, Some((article, _))) => Some(*article),
            (Scope::Article, None) => {
                return Err("The article for this rule no longer exists, or is from another source.".into());
            }
        };
        Ok(NewRule { rule, article_id: only })
    }

    fn rule(&self) -> std::result::Result<Rule, String> {
        let action = match self.action.as_str() {
            "keep" => Action::Keep,
            word => {
                Action::Remove(rules::parse_reason(word).ok_or("Unknown reason. Choose one from the list.".to_owned())?)
            }
        };
        let selector = self.selector.parse().map_err(|problem: extract::SelectorError| problem.to_string())?;
        Ok(Rule { selector, action })
    }
}

/// What was just removed from the list, as the address says it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct JustRemoved {
    removed: Option<String>,
    article: Option<i64>,
    #[serde(default)]
    action: String,
    #[serde(default)]
    scope: Scope,
}

impl JustRemoved {
    /// The query that says so.
    pub fn query(rule: &StoredRule) -> String {
        let draft = Draft::of(rule);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("removed", &draft.selector).append_pair("action", &draft.action);
        if let Some(article) = draft.article {
            query.append_pair("article", &article.to_string()).append_pair("scope", draft.scope.word());
        }
        query.finish()
    }

    /// The selector and where the rule can be made again, unless it is there.
    pub async fn again(&self, library: &Library, domain: &str) -> sqlx::Result<Option<(String, String)>> {
        let Some(selector) = self.removed.clone() else { return Ok(None) };
        let draft = Draft { article: self.article, selector, action: self.action.clone(), scope: self.scope };
        let Ok(rule) = draft.rule() else { return Ok(None) };
        let new = NewRule { rule, article_id: draft.article.filter(|_| draft.scope == Scope::Article) };
        let is_there = rules::exists(library, domain, &new).await?;
        Ok((!is_there).then(|| (new.rule.selector.to_string(), draft.preview(domain))))
    }
}
