//! Writes the state of a task before its words: "☑ Mend the roof". Forms are removed later, and the state with them.

use dom_query::NodeRef;

use crate::dom::tree;

/// Whether an element shows the state of a task in a list: a checkbox that cannot be changed or is named so (GitHub,
/// GitLab, Obsidian), or an element drawn as one (Notion).
pub(super) fn is_state(node: &NodeRef<'_>, classes: &str) -> bool {
    if !tree::has_name(node, &["input"]) {
        return classes.split_ascii_whitespace().any(|class| matches!(class, "checkbox-on" | "checkbox-off"));
    }
    if !node.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) {
        return false;
    }
    let item = node.ancestors_it(Some(3)).find(|above| tree::has_name(above, &["li"]));
    let is_named = |element: &NodeRef<'_>| tree::class_and_id(element).contains("task");
    item.is_some_and(|item| node.has_attr("disabled") || is_named(node) || is_named(&item))
}

/// Replaces each state by a character.
pub(super) fn write_states(states: &[NodeRef<'_>]) {
    for state in states {
        let is_done = state.has_attr("checked") || state.has_class("checkbox-on");
        state.insert_before(&state.tree.new_text(if is_done { "☑ " } else { "☐ " }));
        state.remove_from_parent();
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    #[test]
    fn tasks_keep_their_state() {
        let base: Option<&Url> = None;
        for (list, wanted) in [
            ("<li class=task-list-item><input type=checkbox checked disabled> Roof</li>", "☑ Roof"),
            ("<li><p><input type=checkbox disabled> Roof</p></li>", "☐ Roof"),
            ("<li class=task><label><input type=checkbox>Roof</label></li>", "☐ Roof"),
            ("<li><div class='checkbox checkbox-on'></div><span>Roof</span></li>", "☑ Roof"),
            ("<li><input type=checkbox> Roof</li>", "Roof"),
            ("<li><input type=radio disabled> Roof</li>", "Roof"),
        ] {
            let page = crate::parse::parse_page(&format!("<ul>{list}</ul>")).tree;
            crate::prepare::prepare_tree(
                &page.root(),
                base,
                &mut crate::prepare::images::inline::InlineImages::named(),
            );
            assert_eq!(crate::dom::tree::line_text(&crate::dom::tree::body(&page)), wanted, "{list}");
        }
    }
}
