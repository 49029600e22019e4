//! A rule that is not saved yet, as in the URL of its preview and in the form there.

use extract::{Action, Block, Reason, Rule, Selector, SelectorCandidate, SelectorScope};
use serde::{Deserialize, Serialize};

use crate::library::Library;
use crate::library::rules::{self, NewRule, StoredRule};
use crate::web::shell::origin::Origin;

/// A rule as entered in a form or URL.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct RuleDraft {
    /// The article at which it is drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<i64>,
    #[serde(default)]
    pub selector: String,
    /// `keep`, or the code of a reason.
    #[serde(default)]
    pub action: String,
    #[serde(default)]
    pub scope: Scope,
    /// A rule for one article that this one takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<i64>,
    /// The list that the article was opened from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
}

/// The pages a rule applies to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// All pages of the source.
    #[default]
    Source,
    /// Only the pages of the article at which it was drafted.
    Article,
}

/// Returns whether a selector goes by position, without naming what is there. On another page it may select something
/// else.
pub(crate) fn is_positional(selector: &str) -> bool {
    selector.rsplit_once('>').is_some_and(|(_, last)| !last.contains(['.', '#', '[']))
}

/// Returns the selector that means this block and no other on its page; a name rather than a position, if there is one.
fn selector_of(block: &Block) -> Option<&Selector> {
    let own = |named: bool| {
        let is_own = move |it: &&SelectorCandidate| it.scope != SelectorScope::Container && (!named || it.matches == 1);
        block.selectors.iter().filter(is_own)
    };
    let single = own(false).find(|candidate| candidate.scope == SelectorScope::Single);
    let found = own(true).next().or(single).or_else(|| block.selectors.first());
    found.map(|candidate| &candidate.selector)
}

impl Scope {
    /// Returns the scope that suits a selector.
    fn default_for(selector: &str) -> Self {
        if is_positional(selector) { Self::Article } else { Self::Source }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Source => "source",
            Scope::Article => "article",
        }
    }
}

impl RuleDraft {
    /// Proposes the same for the source, with the selector and scope that suit its other pages.
    pub fn for_source(article: i64, block: &Block) -> Self {
        let selector = block.selectors.first().map(|it| it.selector.to_string()).unwrap_or_default();
        Self { scope: Scope::default_for(&selector), selector, ..Self::for_block(article, block) }
    }

    /// Proposes for the whole source what a rule does for one article, with the selector that suits other pages best.
    pub fn widen(rule: &StoredRule, article: i64, pages: &[Vec<Block>]) -> Self {
        let has_selector = |block: &&Block| block.selectors.iter().any(|it| it.selector == rule.rule.selector);
        let block = pages.iter().flatten().flat_map(Block::with_parts).find(has_selector);
        let candidates = block.map_or(&[][..], |block| &block.selectors);
        let similar = candidates.iter().find(|candidate| candidate.scope == SelectorScope::Similar);
        let selector = similar.map_or(&rule.rule.selector, |candidate| &candidate.selector).to_string();
        let draft = Self::from_rule(rule);
        Self { article: Some(article), selector, scope: Scope::Source, replaces: Some(rule.id), ..draft }
    }

    /// Removes a block from an article, or restores one that was removed.
    pub fn for_block(article: i64, block: &Block) -> Self {
        let selector = selector_of(block).map(ToString::to_string).unwrap_or_default();
        let action = match block.removal_reason {
            Some(_) => "keep".to_owned(),
            None => rules::reason_code(Reason::NotPartOfTheArticle),
        };
        Self { article: Some(article), selector, action, scope: Scope::Article, ..Self::default() }
    }

    /// Returns the draft with another selector. The scope follows the selector unless the reader chose one.
    pub fn with_selector(&self, selector: String) -> Self {
        let is_chosen = self.scope != Scope::default_for(&self.selector);
        let scope = if is_chosen { self.scope } else { Scope::default_for(&selector) };
        Self { selector, scope, ..self.clone() }
    }

    pub fn from_rule(stored: &StoredRule) -> Self {
        let action = match stored.rule.action {
            Action::Keep => "keep".into(),
            Action::Remove(reason) => rules::reason_code(reason),
        };
        let scope = stored.article_id.map_or(Scope::Source, |_| Scope::Article);
        let selector = stored.rule.selector.to_string();
        Self { article: stored.article_id, selector, action, scope, ..Self::default() }
    }

    /// Returns the URL of the preview.
    pub fn preview_url(&self, domain: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(article) = self.article {
            query.append_pair("article", &article.to_string());
        }
        query.append_pair("selector", &self.selector).append_pair("action", &self.action);
        if self.scope == Scope::Article {
            query.append_pair("scope", self.scope.as_str());
        }
        if let Some(replaced) = self.replaces {
            query.append_pair("replaces", &replaced.to_string());
        }
        self.origin().add_to(&format!("/source/{domain}/rules/preview?{}", query.finish()))
    }

    /// Returns the draft at an article that was opened from this list.
    pub fn with_list(self, origin: &Origin) -> Self {
        Self { list: origin.value(), ..self }
    }

    /// Returns the list that the article was opened from.
    pub fn origin(&self) -> Origin {
        Origin::parse(self.list.as_deref())
    }

    /// Parses the draft into a rule, or returns what is wrong with it.
    pub fn parse(&self, article: Option<&(i64, String)>) -> std::result::Result<NewRule, String> {
        let rule = self.parse_rule()?;
        let only = match (self.scope, article) {
            (Scope::Source, _) => None,
            (Scope::Article, Some((article, _))) => Some(*article),
            (Scope::Article, None) => {
                return Err("The article for this rule no longer exists, or is from another source.".into());
            }
        };
        Ok(NewRule { rule, article_id: only, replaces_id: self.replaces })
    }

    fn parse_rule(&self) -> std::result::Result<Rule, String> {
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

/// The rule just deleted, as in the URL.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct DeletedRule {
    deleted: Option<String>,
    article: Option<i64>,
    #[serde(default)]
    action: String,
    #[serde(default)]
    scope: Scope,
}

impl DeletedRule {
    /// Returns the query string for a deleted rule.
    pub fn query_for(rule: &StoredRule) -> String {
        let draft = RuleDraft::from_rule(rule);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("deleted", &draft.selector).append_pair("action", &draft.action);
        if let Some(article) = draft.article {
            query.append_pair("article", &article.to_string()).append_pair("scope", draft.scope.as_str());
        }
        query.finish()
    }

    /// Returns the selector and the URL to add the rule again, unless it exists.
    pub async fn recreate_link(&self, library: &Library, domain: &str) -> sqlx::Result<Option<(String, String)>> {
        let Some(selector) = self.deleted.clone() else { return Ok(None) };
        let action = self.action.clone();
        let draft = RuleDraft { article: self.article, selector, action, scope: self.scope, ..RuleDraft::default() };
        let Ok(rule) = draft.parse_rule() else { return Ok(None) };
        let article_id = draft.article.filter(|_| draft.scope == Scope::Article);
        let new = NewRule { rule, article_id, replaces_id: None };
        let exists = rules::exists(library, domain, &new).await?;
        Ok((!exists).then(|| (new.rule.selector.to_string(), draft.preview_url(domain))))
    }
}
