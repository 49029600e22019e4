//! Extracts articles from texts in a markup: Markdown, and by way of it Org and Gemtext.
//!
//! `front_matter` reads title, author and date above the text, `signs` recognizes Markdown that nobody declared,
//! `other_markups` rewrites Org and Gemtext as Markdown. [`comrak`] parses CommonMark with the extensions of GitHub; what
//! it writes goes through the same sanitizer as every page.

mod front_matter;
mod opening;
mod other_markups;
mod signs;

use std::borrow::Cow;

use dom_query::{NodeId, NodeRef};
use foldhash::HashSet;

use crate::cleanup::phrase_rules::{self, BlockKind, TextBlock};
use crate::dom::{inner_text, short_text, tree, words};
use crate::metadata::language;
use crate::page::{Article, Markup, Page, Reason, Verdict};
use crate::parse;
use crate::pipeline::article_images;
use crate::report::removed_blocks::RemovedBlocks;
use crate::sanitize;
use opening::Opening;

/// Returns the markup of a text that is only known to be text: by the URL of the page, else by signs of Markdown.
pub(super) fn detect(text: &str, page: &Page<'_>) -> Option<Markup> {
    let by_name = page.url.and_then(|url| Markup::from_file_name(url.path()));
    by_name.or_else(|| signs::is_markdown(text).then_some(Markup::Markdown))
}

/// Extracts the article from a text in a markup. A text that somebody copied may hold clutter of its page; a file holds
/// none.
pub(super) fn article(text: &str, markup: Markup, page: &Page<'_>, is_copied: bool) -> Article {
    let (text, is_cut_off) = super::cut_off(text);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let markdown: Cow<'_, str> = match markup {
        Markup::Markdown => text.as_str().into(),
        Markup::Org => other_markups::org_to_markdown(&text).into(),
        Markup::Gemtext => other_markups::gemtext_to_markdown(&text).into(),
    };
    let (front, markdown) = front_matter::split(&markdown);
    let parsed = parse::parse_fragment(&to_html(markdown));
    let root = tree::body(&parsed);
    show_states(&root);
    let opening = Opening::take(&root, &front, page);
    let mut removed = opening.removed;
    if is_copied {
        remove_clutter(&root, &opening.title, &mut removed);
    }
    let body = sanitize::sanitize_html(&root.inner_html(), page.url);
    let clean = parse::parse_fragment(body.as_str());
    let root = tree::body(&clean);
    let text = inner_text::render_without(&root, &footnote_texts(&root));
    let first_paragraph = text.split("\n\n").find(|part| words::count(part) >= 8);
    Article {
        title: words::one_line(&opening.title, short_text::MAX_CHARS - 1),
        byline: opening.byline,
        published: opening.published.map(|date| date.timestamp),
        published_day: opening.published.map(|date| date.day),
        site_name: None,
        canonical_url: None,
        sections: Vec::new(),
        language: language::detect(front.language.as_slice(), &text),
        direction: language::text_direction(None, &text),
        excerpt: front.summary.as_deref().or(first_paragraph).map(|part| words::one_line(part, 499)),
        tags: front.tags,
        lead_image: None,
        word_count: words::count(&text),
        images: article_images::list_images(None, &root),
        body,
        text,
        is_cut_off,
        removed: removed.into_vec(),
        verdict: Verdict::Article,
        next_page: None,
        needs_javascript: false,
    }
}

/// Writes Markdown as HTML that is not yet sanitized.
fn to_html(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.math_dollars = true;
    options.extension.header_id_prefix = Some(String::new());
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

/// Writes what only a style shows: the state of a task, and the label of an alert as the first line of a quotation.
fn show_states(root: &NodeRef<'_>) {
    for node in tree::elements(root, |node| tree::has_name(node, &["input"])) {
        if node.attr("type").is_some_and(|kind| &*kind == "checkbox") {
            let state = if node.has_attr("checked") { "☑" } else { "☐" };
            node.insert_before(&node.tree.new_text(state));
            node.remove_from_parent();
        }
    }
    for node in tree::elements(root, |node| node.has_class("markdown-alert")) {
        node.rename("blockquote");
    }
    for node in tree::elements(root, |node| node.has_class("markdown-alert-title")) {
        let label = format!("<strong>{}</strong>", tree::escape(&tree::line_text(&node)));
        node.set_html(label);
    }
    for span in tree::elements(root, |node| node.has_attr("data-math-style")) {
        let name = if span.attr("data-math-style").is_some_and(|style| &*style == "display") { "p" } else { "code" };
        if !span.ancestors_it(Some(1)).any(|above| tree::has_name(&above, &["pre", "p"])) || name == "code" {
            span.rename(name);
        }
    }
}

/// Removes what the words of a block say is not the article.
fn remove_clutter(root: &NodeRef<'_>, title: &str, removed: &mut RemovedBlocks) {
    let blocks: Vec<NodeRef<'_>> = root.children_it(false).filter(NodeRef::is_element).collect();
    let facts: Vec<TextBlock> = blocks.iter().map(to_phrase_block).collect();
    for (block, reason) in blocks.iter().zip(phrase_rules::find_removal_reasons(title, "", &facts)) {
        if let Some(reason) = reason {
            take(block, reason, removed);
        }
    }
}

/// Removes a block, and lists it.
fn take(block: &NodeRef<'_>, reason: Reason, removed: &mut RemovedBlocks) {
    removed.push(reason, &tree::line_text(block));
    block.remove_from_parent();
}

fn to_phrase_block(block: &NodeRef<'_>) -> TextBlock {
    let kind = match tree::name(block).as_ref() {
        "p" => BlockKind::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => BlockKind::Heading,
        _ => BlockKind::Other,
    };
    TextBlock::new(tree::line_text(block), kind, 0.0)
}

/// Returns the texts of footnotes, which are not running text.
fn footnote_texts(root: &NodeRef<'_>) -> HashSet<NodeId> {
    let is_note =
        |node: &NodeRef<'_>| tree::has_name(node, &["li"]) && node.attr("id").is_some_and(|id| id.starts_with("a-fn-"));
    let notes = tree::elements(root, is_note);
    notes.iter().flat_map(NodeRef::descendants_it).filter(NodeRef::is_text).map(|text| text.id).collect()
}

#[cfg(test)]
mod tests;
