//! `/article/{id}/blocks`: the page as it arrived, block by block, to put something back or take something out. It only shows;
//! every choice leads to the preview of a rule.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use extract::{Block, Direction};
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::{self, Article};
use crate::library::rules;
use crate::web::correct::edit_rules::{self, Listed};
use crate::web::correct::rule_draft::Draft;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "blocks.html")]
struct BlocksPage {
    layout: Layout,
    article: Article,
    /// Each page of the article.
    pages: Vec<Vec<Row>>,
    /// The rules that are for this article alone.
    rules: Vec<Listed>,
    /// Why nothing can be chosen.
    problem: Option<&'static str>,
    /// What was asked for is not in the list.
    missed: bool,
}

/// A block, and where it leads to.
struct Row {
    text: String,
    is_picture: bool,
    /// Why it is not in the article.
    reason: Option<&'static str>,
    preview: String,
    parts: Vec<Row>,
}

/// Which block of the list of what was left out is to be put back.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    left_out: Option<usize>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let pages = edit_rules::blocks_of(&reader.library, id, app.now()).await?;
    if let Some(block) = asked.left_out.and_then(|at| left_out(&article, &pages, at)) {
        return Ok(Redirect::to(&preview(&article, block)).into_response());
    }
    let problem = if article.source_domain == crate::ingest::PASTED_DOMAIN {
        Some("This text was pasted without a link, so there’s no source to make rules for.")
    } else if pages.iter().all(Vec::is_empty) {
        Some("The original page isn’t stored, or it’s plain text, so nothing can be selected.")
    } else {
        None
    };
    let rows = |blocks: Vec<Block>| blocks.into_iter().map(|block| Row::new(&article, block)).collect();
    let pages = pages.into_iter().filter(|_| problem.is_none()).map(rows).collect();
    let present = crate::web::shell::present(&app);
    let own =
        rules::list_for_article(&reader.library, id).await?.into_iter().filter(|stored| stored.article_id.is_some());
    let rules = own.map(|stored| Listed::new(stored, &present)).collect();
    let missed = asked.left_out.is_some();
    Ok(crate::web::shell::page(&BlocksPage { layout, article, pages, rules, problem, missed })?.into_response())
}

impl Row {
    fn new(article: &Article, block: Block) -> Row {
        Row {
            preview: preview(article, &block),
            reason: block.removal_reason.map(|reason| reason.label()),
            is_picture: block.image.is_some(),
            text: block.text,
            parts: block.parts.into_iter().map(|part| Row::new(article, part)).collect(),
        }
    }
}

/// The block that an entry of the list of what was left out is about. The list was made when the article was extracted, so its
/// words count before its order. An entry of which several parts of a group are made is about the group.
fn left_out<'a>(article: &Article, pages: &'a [Vec<Block>], at: usize) -> Option<&'a Block> {
    let entry = article.removed_blocks.get(at)?;
    let is_here = |block: &Block| block.removed_index == Some(at) && Some(entry.reason) == block.removal_reason;
    let within = |group: &'a Block| {
        let mut parts = group.parts.iter().filter(|part| is_here(part));
        match (parts.next(), parts.next()) {
            (Some(part), None) => Some(part),
            (first, _) => (first.is_some() || is_here(group)).then_some(group),
        }
    };
    let begins = |block: &&Block| block.removal_reason.is_some() && is_begun(&entry.text, &block.text);
    let blocks = || pages.iter().flatten();
    blocks().find_map(within).or_else(|| blocks().flat_map(Block::with_parts).find(begins))
}

/// Whether a text begins as a block does. A block without letters, as an arrow is, would begin every text, so it begins none.
fn is_begun(text: &str, block: &str) -> bool {
    let start: String = block.trim_end_matches('…').chars().take(40).collect();
    let start = squeezed(&start);
    !start.is_empty() && squeezed(text).starts_with(&start)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The preview of the rule that a block's button stands for.
fn preview(article: &Article, block: &Block) -> String {
    let selector = block.selectors.first().map(|pointer| pointer.selector.to_string()).unwrap_or_default();
    let draft = match block.removal_reason {
        Some(_) => Draft::keep(article.id, selector),
        None => Draft::take_out(article.id, selector),
    };
    draft.preview(&article.source_domain)
}

impl BlocksPage {
    /// For the template: how the article's own words run.
    const fn direction(&self) -> &'static str {
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
    fn a_text_begins_with_the_letters_of_a_block_and_not_with_one_that_has_none() {
        assert!(is_begun("Sign up: our letter tells you each Friday", "Sign up – our letter…"));
        assert!(!is_begun("Sign up: our letter tells you each Friday", "Our letter"));
        for block in ["»", "|", "…", ""] {
            assert!(!is_begun("Sign up", block), "{block}");
        }
    }
}
