//! Messages as Hyperkitty shows them: a head with name and time, the text below it, votes and an answer form at the end.

use dom_query::NodeRef;

use super::{Header, insert_details};
use crate::dom::tree;

/// Most parts of the head of a message that are read.
const MAX_HEAD_NODES: usize = 60;
/// The class of such a head.
const HEAD: &str = "email-header";

/// Marks up the messages whose heads these are. Returns their lines with writer and day.
pub(super) fn mark_up<'a>(heads: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let mut lines = Vec::new();
    let mut last_date = None;
    for head in heads {
        let Some(text) = head.next_element_sibling().filter(|next| next.has_class("email-body")) else { continue };
        let Some(from) = find_by_class(head, &["email-author"]).and_then(|author| find_name(&author)) else { continue };
        // A day is written above its first message only.
        let Some(date) = find_date(head).or_else(|| last_date.clone()) else { continue };
        last_date = Some(date.clone());
        lines.push(insert_details(head, &Header { from, date }));
        tidy_text(&text);
        // Attachments, votes, the form for an answer; then another message may follow.
        let begins_message = |part: &NodeRef<'_>| is_head(part) || find_by_class(part, &[HEAD]).is_some();
        let mut below = text.next_element_sibling().filter(|part| !begins_message(part));
        while let Some(part) = below {
            below = part.next_element_sibling().filter(|part| !begins_message(part));
            find_by_class(&part, &["attachments-list"]).into_iter().for_each(|list| text.append_child(&list));
            part.remove_from_parent();
        }
        head.remove_from_parent();
    }
    lines
}

/// Returns whether an element may be the head of a message.
pub(super) fn is_head(node: &NodeRef<'_>) -> bool {
    node.has_class(HEAD)
}

fn find_by_class<'a>(node: &NodeRef<'a>, classes: &[&str]) -> Option<NodeRef<'a>> {
    node.descendants_it().take(MAX_HEAD_NODES).find(|inside| tree::has_any_class(inside, classes))
}

/// Returns the name, without the words around it.
fn find_name(author: &NodeRef<'_>) -> Option<String> {
    let name = find_by_class(author, &["name"]).unwrap_or(*author);
    Some(tree::line_text(&name).trim().to_owned()).filter(|name| !name.is_empty())
}

/// Returns the day of a message. The one where it was written is in the title of the time, in whatever language.
fn find_date(head: &NodeRef<'_>) -> Option<String> {
    let is_date = |text: &str| {
        let mut numbers = text.split(|letter: char| !letter.is_numeric()).map(|digits| digits.chars().count());
        text.chars().filter(|letter| letter.is_numeric()).count() >= 5 && numbers.any(|digits| digits == 4)
    };
    let title = |node: NodeRef<'_>| {
        let title = node.attr("title")?;
        let (_, date) = title.split_once([':', '：'])?;
        Some(date.trim().to_owned()).filter(|date| is_date(date))
    };
    let shown = || {
        head.descendants_it()
            .take(MAX_HEAD_NODES)
            .filter(|inside| inside.has_class("date"))
            .map(|date| tree::line_text(&date))
            .find(|date| is_date(date))
    };
    let stated = find_by_class(head, &["time"])
        .and_then(|time| time.descendants_it().filter(NodeRef::is_element).chain([time]).find_map(title));
    stated.or_else(shown)
}

/// Shows quotations as such. A text that is not parted into paragraphs keeps its lines.
fn tidy_text(text: &NodeRef<'_>) {
    let mut has_lines = false;
    let parts: Vec<NodeRef<'_>> = text.children_it(false).collect();
    for part in parts {
        if part.has_class("quoted-switch") {
            part.remove_from_parent();
        } else if tree::has_any_class(&part, &["quoted-text", "email-quoted-text"]) {
            part.rename("blockquote");
            remove_quotation_marks(&part);
        } else {
            has_lines |= tree::read_text(&part, |words| words.trim().contains('\n')).unwrap_or(false);
        }
    }
    if has_lines {
        text.set_attr("style", "white-space:pre-wrap");
    }
}

/// Removes the marks before the lines of a quoted text, and keeps its lines.
fn remove_quotation_marks(quotation: &NodeRef<'_>) {
    let texts: Vec<NodeRef<'_>> = quotation.children_it(false).filter(tree::is_nonblank_text).collect();
    for text in &texts {
        let unmarked = |line: &str| {
            let inner = line.trim_start();
            inner.strip_prefix('>').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)).to_owned()
        };
        let lines = tree::read_text(text, |words| words.split('\n').map(unmarked).collect::<Vec<_>>().join("\n"));
        text.insert_before(&text.tree.new_text(lines.unwrap_or_default()));
        text.remove_from_parent();
    }
    if !texts.is_empty() {
        quotation.set_attr("style", "white-space:pre-wrap");
    }
}
