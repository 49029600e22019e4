//! Gives notes one form: the element that the mark in the text points at holds the whole note, beginning with its number,
//! which leads back.
//!
//! Page makers put the number beside the note (Sphinx), above it (DokuWiki), or point at it instead of the note (Org, Word,
//! Substack); some hide the notes, since a script shows them.

use dom_query::{NodeId, NodeRef};
use foldhash::{HashMap, HashSet};
use url::Url;

use crate::dom::tree::{self, attribute};

/// Longer elements are sections of the text.
const MAX_NOTE_WORDS: usize = 300;
/// Words of the longest list of notes that is shown as a whole.
const MAX_LIST_WORDS: usize = 3_000;
/// Characters of the longest mark: `[12]`, `1)`, `†`, `[note 3]`.
const MAX_MARK_CHARS: usize = 10;
/// Elements between a link and its note, at most.
const MAX_STEPS: usize = 6;
/// Parts of the names that notes have.
const NOTE_NAMES: &[&str] = &["footnote", "endnote", "fn", "ftn", "note", "cite", "doc-"];

/// A mark in the text.
struct Mark<'a> {
    link: NodeRef<'a>,
    target: String,
}

/// Gives all notes one form.
pub(super) fn complete<'a>(root: &NodeRef<'a>, base: Option<&Url>) {
    let is_link = |node: &NodeRef<'_>| tree::has_name(node, &["a"]);
    let as_mark = |link: NodeRef<'a>| Some(Mark { link, target: local_target(&link, base)? });
    let marks: Vec<Mark<'a>> = tree::elements(root, is_link).into_iter().filter_map(as_mark).collect();
    if !marks.iter().any(|mark| is_mark(&tree::line_text(&mark.link))) {
        return;
    }
    let (mut targets, mut places) = (HashMap::default(), HashMap::default());
    for (place, node) in root.descendants_it().enumerate() {
        let Some(element) = node.element_ref() else { continue };
        for attribute in &element.attrs {
            if matches!(attribute.name.local.as_ref(), "id" | "name") && !attribute.value.is_empty() {
                targets.entry(attribute.value.to_string()).or_insert(node);
                places.insert(node.id, place);
            }
        }
        if &*element.name.local == "a" {
            places.insert(node.id, place);
        }
    }
    let is_back = |link: &NodeRef<'_>| links_up(link, &targets, &places, base);
    let mut done: HashSet<NodeId> = HashSet::default();
    for mark in &marks {
        let Some(target) = targets.get(&mark.target).filter(|target| places[&target.id] > places[&mark.link.id]) else {
            continue;
        };
        if is_mark(&tree::line_text(&mark.link)) && done.insert(target.id) {
            complete_note(target, mark, &is_back);
        }
    }
}

/// Returns the id within this page that a link points to.
fn local_target(link: &NodeRef<'_>, base: Option<&Url>) -> Option<String> {
    let href = attribute(link, "href")?;
    let (page, id) = href.split_once('#').filter(|(_, id)| !id.is_empty())?;
    let is_here = || base.is_some_and(|base| base.as_str().split('#').next() == Some(page));
    (page.is_empty() || is_here()).then(|| id.to_owned())
}

/// Returns whether a link points to something further up.
fn links_up(
    link: &NodeRef<'_>,
    targets: &HashMap<String, NodeRef<'_>>,
    places: &HashMap<NodeId, usize>,
    base: Option<&Url>,
) -> bool {
    let target = local_target(link, base).and_then(|id| targets.get(&id).copied());
    let place = |node: &NodeRef<'_>| places.get(&node.id);
    target.is_some_and(|target| place(&target) < place(link))
}

/// Returns whether a text is the mark of a note.
fn is_mark(text: &str) -> bool {
    let bare = text.trim_matches(['[', ']', '(', ')', '.', ':', ' ', '^', '↩', '\u{fe0e}']);
    let count = text.chars().count();
    let word = bare.trim_end_matches(|letter: char| letter.is_ascii_digit());
    // At most three digits: "Lee 2003" is a source.
    let is_number = (1..=3).contains(&(bare.len() - word.len())) && word.chars().count() <= 5;
    (1..=MAX_MARK_CHARS).contains(&count) && (is_number || bare.chars().count() <= 2)
}

fn complete_note(target: &NodeRef<'_>, mark: &Mark<'_>, is_back: &dyn Fn(&NodeRef<'_>) -> bool) {
    let Some(note) = find_note(target) else { return };
    let holds_mark = mark.link.ancestors_it(None).any(|above| above.id == note.id);
    let names = |node: &NodeRef<'_>| {
        let role = attribute(node, "role").unwrap_or_default();
        let words = tree::class_and_id(node) + &role;
        NOTE_NAMES.iter().any(|name| words.contains(name))
    };
    if holds_mark || tree::has_more_words_than(&note, MAX_NOTE_WORDS) || !tree::has_visible_text(&note) {
        return;
    }
    let back = tree::elements(&note, |node| tree::has_name(node, &["a"])).into_iter().find(|link| is_back(link));
    let is_raised = mark.link.ancestors_it(Some(2)).any(|above| tree::has_name(&above, &["sup"]));
    if back.is_none() && !is_raised && !names(&note) && !names(target) {
        return;
    }
    if note.id != target.id {
        let name = if attribute(target, "id").as_deref() == Some(&mark.target) { "id" } else { "name" };
        target.remove_attr(name);
        note.set_attr("id", &mark.target);
    }
    if tree::has_name(&note, &["aside", "section", "footer"]) {
        note.rename("div");
    }
    let bare = |node: &NodeRef<'_>| tree::line_text(node).trim_start_matches(['[', '(', ' ']).to_owned();
    let is_first = |label: &NodeRef<'_>| bare(&note).starts_with(&bare(label));
    if let Some(label) = back.filter(|link| is_mark(&tree::line_text(link)) && is_first(link)) {
        join_label(&note, &label);
    }
    show(&note);
}

/// Returns the element that is the whole note, given what the mark points at.
fn find_note<'a>(target: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let name = tree::name(target);
    if &*name == "dt" {
        return join_definition(target);
    }
    let is_label = tree::is_inline(&name) && (is_mark(&tree::line_text(target)) || !tree::has_visible_text(target));
    if !is_label {
        return Some(*target);
    }
    let block = tree::enclosing_block(target)?;
    // A note of several paragraphs, of which the first has the number.
    let above = block.parent().filter(|above| tree::has_name(&block, &["p"]) && tree::has_name(above, &["div", "li"]));
    let is_numbered = |above: &NodeRef<'a>| {
        let id = attribute(above, "id").unwrap_or_default();
        id.ends_with(|letter: char| letter.is_ascii_digit()) && NOTE_NAMES.iter().any(|name| id.contains(name))
    };
    let is_container = |node: &NodeRef<'_>| tree::has_name(node, &["body", "article", "main", "td"]);
    above.filter(is_numbered).or(Some(block)).filter(|note| !is_container(note))
}

/// Moves the number of a note from `<dt>` into its `<dd>`.
fn join_definition<'a>(term: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let definition = term.next_element_sibling().filter(|next| tree::has_name(next, &["dd"]))?;
    let holder = first_line(&definition);
    holder.prepend_child(&term.tree.new_text(" "));
    let label = term.tree.new_element("span");
    while let Some(child) = term.first_child() {
        label.append_child(&child);
    }
    holder.prepend_child(&label);
    definition.set_attr("id", &attribute(term, "id").unwrap_or_default());
    term.remove_from_parent();
    Some(definition)
}

/// Moves the number of a note into its first paragraph.
fn join_label(note: &NodeRef<'_>, label: &NodeRef<'_>) {
    let above = std::iter::once(*label).chain(label.ancestors_it(Some(MAX_STEPS)));
    let Some(label) = above.take_while(|node| node.id != note.id).last() else { return };
    let Some(body) = label.next_element_sibling() else { return };
    let is_label = is_mark(&tree::line_text(&label)) && label.parent().is_some_and(|parent| parent.id == note.id);
    if !is_label || tree::is_inline(&tree::name(&body)) || has_words_between(&label, &body) {
        return;
    }
    let line = first_line(&body);
    line.prepend_child(&note.tree.new_text(" "));
    line.prepend_child(&label);
    if !tree::is_inline(&tree::name(&label)) {
        label.rename("span");
    }
}

fn has_words_between(first: &NodeRef<'_>, last: &NodeRef<'_>) -> bool {
    let mut at = first.next_sibling();
    while let Some(node) = at.filter(|node| node.id != last.id) {
        if tree::is_nonblank_text(&node) {
            return true;
        }
        at = node.next_sibling();
    }
    false
}

/// Returns the first paragraph in a block, or the block itself.
fn first_line<'a>(block: &NodeRef<'a>) -> NodeRef<'a> {
    let mut line = *block;
    for _ in 0..MAX_STEPS {
        let first = line.children_it(false).find(|child| child.is_element() || tree::is_nonblank_text(child));
        match first.filter(|first| tree::has_name(first, &["p", "div"])) {
            Some(inner) => line = inner,
            None => break,
        }
    }
    line
}

/// Moves a note out of what hides it.
fn show(note: &NodeRef<'_>) {
    let above = std::iter::once(*note).chain(note.ancestors_it(None));
    let hidden: Vec<NodeRef<'_>> = above.filter(tree::is_hidden).collect();
    let Some(outermost) = hidden.last() else { return };
    // An item stays in its list.
    let is_list = tree::has_name(note, &["li", "dd"]) && !tree::has_more_words_than(outermost, MAX_LIST_WORDS);
    for shown in if is_list { &hidden[..] } else { std::slice::from_ref(note) } {
        shown.remove_attrs(&["hidden", "style"]);
    }
    if !is_list && outermost.id != note.id {
        outermost.insert_before(note);
    }
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    const SENTENCE: &str =
        "Nobody in the village would admit to having known about the goats in the kitchen of the old house";

    /// Returns the notes below a sentence with a mark.
    fn notes(mark: &str, notes: &str) -> String {
        let html = sanitize_html(&format!("<div><p>{SENTENCE}.{mark}</p>{notes}</div>"), None);
        let (_, below) = html.as_str().split_once("</p>").unwrap();
        below.trim().to_owned()
    }

    const BACK: &str = "<a href=\"#a-r1\" rel=\"noopener noreferrer\">";

    #[test]
    fn a_note_begins_with_its_number() {
        let mark = "<a id=r1 href='#n1'>1</a>";
        for (made_by, note) in [
            (
                "Sphinx",
                "<aside id=n1 class=footnote><span class=label><span>[</span><a href='#r1'>1</a><span>]</span></span><p>Six.</p></aside>",
            ),
            (
                "docutils",
                "<dl class=footnote><dt id=n1><span>[<a href='#r1'>1</a>]</span></dt><dd><p>Six.</p></dd></dl>",
            ),
            ("DokuWiki", "<div class=fn><sup><a href='#r1' id=n1>1)</a></sup> <div class=content>Six.</div></div>"),
            ("Org", "<div class=footdef><sup><a id=n1 href='#r1'>1</a></sup> <div><p>Six.</p></div></div>"),
            ("Word", "<div id=ftn1><p><a href='#r1' name=n1>[1]</a> Six.</p></div>"),
            ("Substack", "<div class=footnote><a id=n1 href='#r1'>1</a><div><p>Six.</p></div></div>"),
        ] {
            let html = notes(mark, note);
            let text: String = html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
            assert!(["1 Six.", "[1] Six.", "1) Six."].contains(&text.trim()), "{made_by}: {html}");
            assert!(html.contains(BACK) && html.contains("id=\"a-n1\""), "{made_by}: {html}");
            assert_eq!(html.matches("<p").count(), 1, "{made_by}: {html}");
        }
    }

    #[test]
    fn hidden_notes_are_shown_where_they_are_linked() {
        let shown =
            notes("<sup><a id=r1 href='#n1'>1</a></sup>", "<section hidden><aside id=n1><p>Six.</p></aside></section>");
        assert_eq!(shown, "<p id=\"a-n1\">Six.</p>");
    }

    #[test]
    fn sections_and_pages_that_a_number_leads_to_are_no_notes() {
        let section = "<section id=n1><h2>One</h2><p>Six.</p></section><p hidden id=n2>Seven.</p>";
        let shown = notes("<a href='#n1'>1</a> <a href='#n2'>See there</a>", section);
        assert_eq!(shown.matches("Six").count(), 1);
        assert!(shown.contains("<h2"), "{shown}");
    }
}
