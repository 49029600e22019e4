//! Shows code that a page keeps in text fields and scripts.

use dom_query::NodeRef;

use super::{has_word, source_text, style};
use crate::dom::tree;

/// What fields and scripts begin with that are there to be copied to another site.
const EMBED_STARTS: &[&str] = &["<iframe", "<object", "<embed", "<script", "<blockquote", "<a ", "<img"];
/// Words in the names of fields whose text is there to be copied.
const COPY_WORDS: &[&str] = &["republish", "republication", "embed", "share", "copy", "cite", "citation"];
/// Longer lines are prose.
const MAX_LINE_BYTES: usize = 600;
/// What scripts hold that were disabled until the reader agrees to cookies.
const TRACKER_WORDS: &[&str] = &["gtag", "datalayer", "fbq(", "document.", "window.", "_paq", "adsbygoogle"];
/// Words in the classes of scripts and fields that hold code.
const CODE_CLASSES: &[&str] = &["language-", "lang-", "brush", "code", "prettyprint", "highlight"];

/// Returns whether a script is plain text that the page shows as code.
///
/// Most scripts of plain text are trackers, disabled until the reader agrees to cookies.
pub(super) fn is_code_script(script: &NodeRef<'_>) -> bool {
    let kind = tree::attribute(script, "type").unwrap_or_default().to_ascii_lowercase();
    if !matches!(kind.as_str(), "text/plain" | "syntaxhighlighter") {
        return false;
    }
    let is_marked = has_word(script, CODE_CLASSES)
        || kind == "syntaxhighlighter"
        || style(script).is_some_and(|style| style.contains("display:block"))
        || script.parent().is_some_and(|parent| tree::has_name(&parent, &["pre", "code", "figure"]));
    let is_bare = || {
        let known = script.element_ref().is_some_and(|element| element.attrs.len() == 1);
        let text = source_text(script).to_ascii_lowercase();
        known && !TRACKER_WORDS.iter().any(|word| text.contains(word))
    };
    !script.has_attr("src") && (is_marked || is_bare())
}

/// Turns text fields that cannot be edited, and scripts of plain text, into blocks. Returns the blocks.
pub(super) fn show<'a>(fields: &[NodeRef<'a>], scripts: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let fields = fields.iter().filter(|field| is_code_field(field));
    fields.chain(scripts).filter_map(make_block).collect()
}

fn is_code_field(field: &NodeRef<'_>) -> bool {
    let is_code = has_word(field, CODE_CLASSES);
    let names = tree::class_and_id(field);
    let text = source_text(field);
    let is_entry =
        !text.trim().contains('\n') && field.ancestors_it(None).any(|above| tree::has_name(&above, &["form"]));
    (field.has_attr("readonly") || field.has_attr("disabled") || is_code)
        && (is_code || !is_entry)
        && !COPY_WORDS.iter().any(|word| names.contains(word))
        && !is_to_be_copied(&text)
}

/// Returns whether a text is an address or a snippet for other sites, or prose.
fn is_to_be_copied(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    let is_address = text.starts_with("http") && !text.contains(char::is_whitespace);
    is_address
        || EMBED_STARTS.iter().any(|start| text.starts_with(start))
        || text.lines().any(|line| line.len() > MAX_LINE_BYTES)
}

fn make_block<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let text = source_text(node);
    let text = text.trim().strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).unwrap_or(&text);
    let text = text.trim_start_matches(['\n', '\r']).trim_end();
    if text.is_empty() {
        return None;
    }
    let block = node.tree.new_element("pre");
    if let Some(class) = node.attr("class") {
        block.set_attr("class", &class);
    }
    block.append_child(&node.tree.new_text(text));
    node.insert_before(&block);
    node.remove_from_parent();
    Some(block)
}
