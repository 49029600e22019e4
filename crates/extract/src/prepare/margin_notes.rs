//! Sets notes off that a style puts beside the text, or shows on a click: in the source they stand within their sentence.

use std::sync::LazyLock;

use dom_query::NodeRef;

use crate::dom::multi_pattern::MultiPattern;
use crate::dom::tree;

/// Names of notes in the margin.
const MARGIN_NAMES: &[&str] = &["sidenote", "marginnote", "side-note", "margin-note", "marginalia"];
/// Names of notes in their sentence, or of what holds such a note and its mark.
const INLINE_NAMES: &[&str] = &["footnote", "ltx_note", "fn-content", "fn-text"];
/// Names of controls that show notes, and of the list that repeats them.
const CONTROL_NAMES: &[&str] = &["margin-toggle", "hide-for-print"];
/// The least words of a note that only its name tells.
const MIN_WORDS: usize = 2;

/// Returns whether an element with these classes, in lower case, may be a note within a sentence, or a control that shows it.
pub(super) fn is_candidate(classes: &str) -> bool {
    static NAMES: LazyLock<MultiPattern> =
        LazyLock::new(|| MultiPattern::new(&[MARGIN_NAMES, INLINE_NAMES, CONTROL_NAMES].concat()));
    NAMES.is_match(classes)
}

/// Encloses notes within a sentence in brackets, in small type. Notes come in document order, the outer before the inner.
pub(super) fn set_off(candidates: &[NodeRef<'_>]) {
    for note in candidates {
        if note.parent().is_none() {
            continue;
        }
        // The list repeats the notes for print.
        if tree::has_name(note, &["label", "input"]) || note.has_class("modern-footnotes-list--hide-for-print") {
            note.remove_from_parent();
            continue;
        }
        if is_note(note) {
            enclose(note);
            continue;
        }
        // Bound first: the tree cannot change while its children are read.
        let part = note.children_it(false).find(|part| tree::is_hidden(part) && is_note_part(part));
        if let Some(part) = part {
            enclose(&part);
        }
    }
}

fn is_note(note: &NodeRef<'_>) -> bool {
    let names = tree::class_and_id(note);
    let is_named = MARGIN_NAMES.iter().any(|name| names.contains(name));
    // Its outer part has the mark as well.
    let is_inner = || {
        let inner = ["__note", "content", "text", "body"].iter().any(|part| names.contains(part));
        inner && !names.contains("outer")
    };
    let is_hidden_part = || tree::is_hidden(note);
    (is_named || is_inner() || is_hidden_part()) && is_note_part(note)
}

/// Returns whether an element in a line of text is a note by its words.
fn is_note_part(note: &NodeRef<'_>) -> bool {
    tree::has_name(note, &["span", "small", "i", "em"])
        && tree::has_more_words_than(note, MIN_WORDS - 1)
        && !is_in_small(note)
        && in_sentence(note)
}

/// Returns whether the note stands in a line with other words.
fn in_sentence(note: &NodeRef<'_>) -> bool {
    let Some(block) = tree::enclosing_block(note) else { return false };
    let has_words =
        |node: &NodeRef<'_>| tree::is_nonblank_text(node) || node.is_element() && tree::has_more_words_than(node, 0);
    let mut at = *note;
    while at.id != block.id {
        let mut before = at.prev_sibling();
        while let Some(sibling) = before {
            if has_words(&sibling) {
                return true;
            }
            before = sibling.prev_sibling();
        }
        let Some(parent) = at.parent() else { return false };
        at = parent;
    }
    false
}

fn is_in_small(note: &NodeRef<'_>) -> bool {
    note.ancestors_it(Some(3)).any(|above| tree::has_name(&above, &["small"]))
}

fn enclose(note: &NodeRef<'_>) {
    for mark in tree::elements(note, |node| tree::has_any_class(node, &["ltx_note_mark", "ltx_tag_note"])) {
        mark.remove_from_parent();
    }
    let text = tree::line_text(note);
    let is_bracketed = text.starts_with(['(', '[']);
    note.remove_attrs(&["style", "hidden", "class", "role", "aria-hidden"]);
    note.rename("small");
    if !is_bracketed {
        note.prepend_child(&note.tree.new_text("("));
        note.append_child(&note.tree.new_text(")"));
    }
    note.insert_before(&note.tree.new_text(" "));
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn notes_within_a_sentence_are_set_off() {
        for note in [
            "<label for=s class='margin-toggle sidenote-number'>⊕</label><input type=checkbox id=s class=margin-toggle>\
             <span class=sidenote>Six of them.</span>",
            "<span class='marginnote'>Six of them.</span>",
            "<span class=footnote><span style='display:none'>Six of them.</span></span>",
            "<span class=footnote><span class=footnote-text style='display:none'>Six of them.</span></span>",
            "<span class='ltx_note ltx_role_footnote'><span class=ltx_note_outer><span class=ltx_note_content>\
             <sup class=ltx_note_mark>1</sup><span class='ltx_tag ltx_tag_note'>1</span>Six of them.</span></span></span>",
        ] {
            let html = sanitize_html(&format!("<p>There were goats.{note} They ate.</p>"), None);
            assert_eq!(html.as_str(), "<p>There were goats. <small>(Six of them.)</small> They ate.</p>", "{note}");
        }
    }

    #[test]
    fn mark_and_note_stay_together() {
        let html = "<p>There were goats.<sup class=modern-footnotes-footnote><a href='javascript:void(0)'>1</a></sup>\
                    <span class=modern-footnotes-footnote__note role=tooltip>Six of them.</span> They ate.</p>";
        assert_eq!(
            sanitize_html(html, None).as_str(),
            "<p>There were goats.<sup>1</sup> <small>(Six of them.)</small> They ate.</p>"
        );
    }

    #[test]
    fn notes_below_the_text_stay_as_they_are() {
        let html = "<p>There were goats.</p><p><span class=footnote-text>Six of them.</span></p>";
        assert_eq!(sanitize_html(html, None).as_str(), "<p>There were goats.</p><p>Six of them.</p>");
    }
}
