//! `/article/{id}/blocks`: lists the blocks of the original page, each with a button that removes or restores it in this
//! article at once, and a link to the preview of a rule.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use extract::{Block, Direction};
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::{self, Article};
use crate::library::rules;
use crate::web::correct::edit_rules::{self, RuleRow};
use crate::web::correct::rule_draft::RuleDraft;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "blocks.html")]
struct BlocksPage {
    layout: Layout,
    article: Article,
    /// The list that the article was opened from.
    origin: Origin,
    /// Blocks by page of the article.
    pages: Vec<Vec<BlockRow>>,
    /// The rules for this article only.
    rules: Vec<RuleRow>,
    /// Why no block can be selected.
    problem: Option<&'static str>,
    /// The requested block is not in the list.
    not_found: bool,
}

/// A block, with the fields of its form and the URL of its preview.
struct BlockRow {
    selector: String,
    action: String,
    text: String,
    is_image: bool,
    /// Why it was removed; `None` if it is in the article.
    reason: Option<&'static str>,
    preview_url: String,
    parts: Vec<BlockRow>,
}

/// Why the reader is here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct BlocksQuery {
    /// The part to restore wasn't found.
    not_found: Option<String>,
    /// A rule for this article that should apply to the whole source.
    for_all: Option<i64>,
    /// The list that the article was opened from.
    list: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Query(query): Query<BlocksQuery>,
) -> Result<Response> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let origin = Origin::parse(query.list.as_deref());
    let pages = edit_rules::load_blocks(&reader.library, id, app.now()).await?;
    if let Some(rule) = query.for_all {
        let rule = rules::find(&reader.library, &article.source_domain, rule).await?.ok_or(Error::NotFound)?;
        let draft = RuleDraft::widen(&rule, id, &pages).with_list(&origin);
        return Ok(Redirect::to(&draft.preview_url(&article.source_domain)).into_response());
    }
    let problem = if !crate::ingest::is_website(&article.source_domain) {
        Some("This text was pasted or uploaded without a link, so there’s no source to make rules for.")
    } else if pages.iter().all(Vec::is_empty) {
        Some("The original page isn’t stored, or it’s plain text, so nothing can be selected.")
    } else {
        None
    };
    let rows = |blocks: Vec<Block>| blocks.into_iter().map(|block| BlockRow::new(&article, &origin, block)).collect();
    let pages = pages.into_iter().filter(|_| problem.is_none()).map(rows).collect();
    let clock = crate::web::shell::local_clock(&app);
    let own =
        rules::list_for_article(&reader.library, id).await?.into_iter().filter(|stored| stored.article_id.is_some());
    let rules = own.map(|stored| RuleRow::new(stored, &clock)).collect();
    let not_found = query.not_found.is_some();
    let page = BlocksPage { layout, article, origin, pages, rules, problem, not_found };
    Ok(crate::web::shell::page(&page)?.into_response())
}

impl BlockRow {
    fn new(article: &Article, origin: &Origin, block: Block) -> BlockRow {
        let draft = RuleDraft::for_block(article.id, &block);
        let for_source = RuleDraft::for_source(article.id, &block).with_list(origin);
        BlockRow {
            preview_url: for_source.preview_url(&article.source_domain),
            selector: draft.selector,
            action: draft.action,
            reason: block.removal_reason.map(|reason| reason.label()),
            is_image: block.image.is_some(),
            text: block.text,
            parts: block.parts.into_iter().map(|part| BlockRow::new(article, origin, part)).collect(),
        }
    }
}

/// Finds the block of an entry in the list of removed texts. The list dates from the last extraction, so the text
/// counts more than the order. An entry made of several parts of a group stands for the group.
pub(crate) fn find_removed_block<'a>(article: &Article, pages: &'a [Vec<Block>], index: usize) -> Option<&'a Block> {
    let entry = article.removed_blocks.get(index)?;
    let is_entry = |block: &Block| block.removed_index == Some(index) && Some(entry.reason) == block.removal_reason;
    let find_in_group = |group: &'a Block| {
        let mut parts = group.parts.iter().filter(|part| is_entry(part));
        match (parts.next(), parts.next()) {
            (Some(part), None) => Some(part),
            (first, _) => (first.is_some() || is_entry(group)).then_some(group),
        }
    };
    let same_start = |block: &&Block| block.removal_reason.is_some() && starts_with_block(&entry.text, &block.text);
    let blocks = || pages.iter().flatten();
    blocks().find_map(find_in_group).or_else(|| blocks().flat_map(Block::with_parts).find(same_start))
}

/// Returns whether the text starts like the block. A block without letters, such as an arrow, matches nothing.
fn starts_with_block(text: &str, block: &str) -> bool {
    let start: String = block.trim_end_matches('…').chars().take(40).collect();
    let start = letters_and_digits(&start);
    !start.is_empty() && letters_and_digits(text).starts_with(&start)
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

impl BlocksPage {
    /// Returns the URL of another page about the article; of its own, if that is empty.
    fn page_url(&self, page: &str) -> String {
        self.origin.page_url(self.article.id, page)
    }

    const fn text_direction(&self) -> &'static str {
        match self.article.direction {
            Direction::Rtl => "rtl",
            Direction::Ltr => "ltr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_by_letters_and_digits() {
        assert!(starts_with_block("Sign up: our letter tells you each Friday", "Sign up – our letter…"));
        assert!(!starts_with_block("Sign up: our letter tells you each Friday", "Our letter"));
        for block in ["»", "|", "…", ""] {
            assert!(!starts_with_block("Sign up", block), "{block}");
        }
    }
}
