//! Unfolds what a reader opens with a control: sections of an accordion, tabs, the rest after "read more".
//!
//! A panel is found by what the control says (`aria-controls`, `href="#…"`, `data-target`), or by its place: the panel of a
//! tab list with as many labels. The label becomes its heading.

use std::cell::{LazyCell, RefCell};

use dom_query::{NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use super::attributes::Attributes;
use crate::dom::text_sizes::{self, TextSize};
use crate::dom::{tree, words};

/// Attributes in which a control names its panel.
const TARGETS: &[&str] =
    &["aria-controls", "data-target", "data-bs-target", "data-toggle-target", "data-collapse-target", "for"];
/// Containers that open over the page or hold something else than text.
const FOREIGN: &[&str] = &["nav", "header", "footer", "aside", "form", "dialog", "menu"];
/// Words in the classes and ids of panels that are no text: menus, search fields, windows.
const FOREIGN_WORDS: &[&str] = &[
    "menu",
    "nav",
    "search",
    "modal",
    "dialog",
    "popup",
    "popover",
    "tooltip",
    "dropdown",
    "drawer",
    "offcanvas",
    "share",
    "comment",
    "cookie",
    "login",
    "lightbox",
    "cart",
    "sidebar",
    "newsletter",
    "subscribe",
    "settings",
    "toc",
    "review",
    "rating",
    "overlay",
    "language",
    "filter",
];
/// First words of a control that shows the rest of a text.
const MORE_WORDS: &[&str] = &[
    "read",
    "show",
    "more",
    "see",
    "view",
    "open",
    "expand",
    "continue",
    "mehr",
    "weiter",
    "alles",
    "anzeigen",
    "lire",
    "voir",
    "plus",
    "afficher",
    "leer",
    "ver",
    "más",
    "mostrar",
    "ler",
    "mais",
    "leggi",
    "mostra",
    "continua",
    "lees",
    "toon",
    "meer",
    "läs",
    "visa",
    "les",
    "vis",
    "læs",
    "lue",
    "näytä",
    "czytaj",
    "pokaż",
    "rozwiń",
    "číst",
    "zobrazit",
    "více",
    "читать",
    "показать",
    "ещё",
    "еще",
    "читати",
    "більше",
    "devamını",
    "daha",
    "διαβάστε",
    "περισσότερα",
    "citește",
    "tovább",
    "続き",
    "もっと",
    "全文",
    "更多",
    "展开",
    "展開",
    "显示",
    "阅读",
    "더보기",
    "더",
    "المزيد",
    "اقرأ",
    "ادامه",
    "بیشتر",
    "עוד",
    "קרא",
    "और",
    "अधिक",
    "อ่าน",
    "xem",
    "baca",
    "selengkapnya",
];
/// Classes of lists of labels.
const LABEL_LIST_CLASSES: &[&str] = &[
    "tabbed-labels",
    "tab-labels",
    "tabs-nav",
    "tab-nav",
    "nav-tabs",
    "tab-list",
    "tablist",
    "tab-buttons",
    "tabs__labels",
    "tab-titles",
];
/// The minimum number of words of a panel, and the maximum number of its label.
const MIN_WORDS: usize = 3;
const MAX_LABEL_WORDS: usize = 20;
/// The largest share of links in a panel.
const MAX_LINK_SHARE: f64 = 0.5;
/// The maximum number of controls and of panels of one list of tabs.
const MAX_CONTROLS: usize = 1_000;
const MAX_TABS: usize = 40;

/// The elements that may fold text, in document order.
#[derive(Default)]
pub(super) struct FoldedElements<'a> {
    controls: Vec<NodeRef<'a>>,
    tab_lists: Vec<NodeRef<'a>>,
    details: Vec<NodeRef<'a>>,
    /// All elements with an id.
    identified: Vec<NodeRef<'a>>,
}

impl<'a> FoldedElements<'a> {
    /// Adds an element if it may fold text or be folded.
    pub(super) fn add(&mut self, node: NodeRef<'a>, name: &str, attributes: &Attributes) {
        if matches!(name, "html" | "body" | "head" | "script" | "style" | "meta" | "link" | "img") {
            return;
        }
        if attributes.has_id {
            self.identified.push(node);
        }
        if name == "details" {
            self.details.push(node);
        }
        let states_control = || {
            node.has_attr("aria-controls")
                || node.has_attr("aria-expanded")
                || (name == "a" && TARGETS.iter().any(|target| node.has_attr(target)))
        };
        let is_control = matches!(name, "button" | "label" | "summary")
            || attributes.role == "tab"
            || (attributes.may_control && states_control());
        if is_control {
            self.controls.push(node);
        }
        if attributes.role == "tablist" || has_label_list_class(&attributes.classes) {
            self.tab_lists.push(node);
        }
    }

    /// Unfolds the panels.
    pub(super) fn unfold(&self, root: &NodeRef<'_>) {
        let done: RefCell<HashSet<NodeId>> = RefCell::default();
        let has_fields = |details: &NodeRef<'_>| {
            details.descendants_it().any(|inside| tree::has_name(&inside, &["form", "input", "select", "textarea"]))
        };
        for details in self.details.iter().filter(|details| !is_named_foreign(details) && !has_fields(details)) {
            details.set_attr(tree::PART_OF_TEXT, "");
        }
        let controls = &self.controls[..self.controls.len().min(MAX_CONTROLS)];
        let panels = self.find_panels(controls);
        let sizes = LazyCell::new(|| text_sizes::measure(root));
        let size_of = |panel: &NodeRef<'_>| sizes.get(&panel.id).copied().unwrap_or_default();
        for control in controls {
            let panel = panel_of(control, &panels, &done.borrow());
            let Some(panel) = panel.filter(|panel| is_text_panel(panel, control, size_of)) else { continue };
            if done.borrow_mut().insert(panel.id) {
                open(&panel);
                label(&panel, control);
            }
        }
        for list in self.tab_lists.iter().take(MAX_CONTROLS) {
            unfold_by_place(list, &done);
        }
    }

    /// Finds the elements that controls name, by id. Some pages use an id several times.
    fn find_panels(&self, controls: &[NodeRef<'a>]) -> Panels<'a> {
        let mut panels: Panels<'a> = controls.iter().flat_map(named_ids).map(|id| (id, Vec::new())).collect();
        for node in &self.identified {
            if let Some(found) = node.attr("id").and_then(|id| panels.get_mut(&*id)) {
                found.push(*node);
            }
        }
        panels
    }
}

/// Elements by id.
type Panels<'a> = HashMap<String, Vec<NodeRef<'a>>>;

/// Returns the ids that a control names.
fn named_ids(control: &NodeRef<'_>) -> Vec<String> {
    let named = TARGETS.iter().filter_map(|name| control.attr(name));
    let fragment = control.attr("href").filter(|href| href.starts_with('#'));
    let ids = named.chain(fragment).map(|value| value.trim().trim_start_matches('#').to_owned());
    ids.filter(|id| !id.is_empty()).collect()
}

/// Returns the panel that a control opens, unless another did.
fn panel_of<'a>(control: &NodeRef<'a>, panels: &Panels<'a>, done: &HashSet<NodeId>) -> Option<NodeRef<'a>> {
    let found =
        named_ids(control).into_iter().filter_map(|id| panels.get(&id).filter(|found| !found.is_empty())).next()?;
    let panel = found.iter().take(MAX_TABS).find(|panel| !done.contains(&panel.id))?;
    let is_field = tree::has_name(panel, &["input", "select", "textarea"]) || tree::is_inline(&tree::name(panel));
    (panel.id != control.id && !is_field).then_some(*panel)
}

/// Returns whether an element holds the labels of tabs, by its class.
fn is_label_list(node: &NodeRef<'_>) -> bool {
    node.attr("class").is_some_and(|classes| has_label_list_class(&classes.to_ascii_lowercase()))
}

fn has_label_list_class(classes: &str) -> bool {
    classes.contains("tab") && classes.split_ascii_whitespace().any(|class| LABEL_LIST_CLASSES.contains(&class))
}

/// Unfolds the panels that follow a list of as many labels.
fn unfold_by_place(list: &NodeRef<'_>, done: &RefCell<HashSet<NodeId>>) {
    let elements = |node: &NodeRef<'_>| -> usize {
        node.children_it(false).filter(NodeRef::is_element).take(MAX_TABS + 1).count()
    };
    let labels: Vec<NodeRef<'_>> = list.children_it(false).filter(NodeRef::is_element).take(MAX_TABS + 1).collect();
    if !(2..=MAX_TABS).contains(&labels.len()) {
        return;
    }
    let mut after = list.next_sibling();
    while after.is_some_and(|node| !node.is_element()) {
        after = after.and_then(|node| node.next_sibling());
    }
    let Some(first) = after else { return };
    let panels: Vec<NodeRef<'_>> = if elements(&first) == labels.len() {
        first.children_it(false).filter(NodeRef::is_element).collect()
    } else {
        let mut panels = vec![first];
        while panels.len() < labels.len()
            && let Some(next) = panels.last().and_then(|last| last.next_sibling())
        {
            panels.push(next);
        }
        panels.retain(NodeRef::is_element);
        if panels
            .iter()
            .any(|panel| panel.attr("class") != first.attr("class") || tree::name(panel) != tree::name(&first))
        {
            return;
        }
        panels
    };
    if panels.len() != labels.len() || !panels.iter().all(|panel| has_words(panel)) {
        return;
    }
    for (panel, name) in panels.iter().zip(&labels) {
        if done.borrow_mut().insert(panel.id) {
            open(panel);
            label(panel, name);
        }
    }
}

fn has_words(panel: &NodeRef<'_>) -> bool {
    tree::has_visible_text(panel) || tree::has_image(panel)
}

fn is_named_foreign(panel: &NodeRef<'_>) -> bool {
    let names = tree::class_and_id(panel);
    FOREIGN_WORDS.iter().any(|word| names.contains(word))
}

/// Returns whether a panel holds text, rather than a menu, a form or a window.
fn is_text_panel(panel: &NodeRef<'_>, control: &NodeRef<'_>, size_of: impl Fn(&NodeRef<'_>) -> TextSize) -> bool {
    let is_foreign = |node: &NodeRef<'_>| {
        let role = node.attr("role").unwrap_or_default();
        (tree::has_name(node, FOREIGN) && &*role != "tablist")
            || matches!(&*role, "dialog" | "menu" | "navigation" | "listbox" | "search" | "alertdialog")
    };
    if is_named_foreign(panel)
        || is_foreign(panel)
        || tree::has_name(panel, &["main", "article", "body"])
        || panel.ancestors_it(None).any(|above| is_foreign(&above))
        || control.ancestors_it(None).any(|above| is_foreign(&above) || above.id == panel.id)
    {
        return false;
    }
    let size = size_of(panel);
    size.linked as f64 <= MAX_LINK_SHARE * size.bytes as f64 && tree::has_more_words_than(panel, MIN_WORDS - 1)
}

/// Shows a panel. What was hidden could not be judged by its looks, and belongs to the text if it stands in it.
fn open(panel: &NodeRef<'_>) {
    let is_covered = panel.attr("aria-hidden").is_some_and(|value| &*value == "true");
    let is_tab = panel.attr("role").is_some_and(|role| &*role == "tabpanel");
    if is_covered || is_tab || tree::is_hidden(panel) {
        panel.set_attr(tree::PART_OF_TEXT, "");
    }
    panel.remove_attr("hidden");
    if is_covered {
        panel.remove_attr("aria-hidden");
    }
    if panel.attr("style").is_some_and(|style| tree::style_hides(&style)) {
        panel.remove_attr("style");
    }
}

/// Writes the label of a panel above it as a heading, unless it is one, or only says to open it.
fn label(panel: &NodeRef<'_>, control: &NodeRef<'_>) {
    if tree::has_more_words_than(control, MAX_LABEL_WORDS) || tree::has_image(control) {
        return;
    }
    let text = tree::line_text(control);
    if text.is_empty() {
        return;
    }
    let is_heading = |above: &NodeRef<'_>| tree::has_name(above, &["h1", "h2", "h3", "h4", "h5", "h6"]);
    let inside = control.descendants_it().find(is_heading);
    if let Some(heading) = inside {
        if tree::has_name(control, &["button"]) {
            control.rename("div");
        }
        heading.set_attr(tree::PART_OF_TEXT, "");
        return;
    }
    let heading = control.ancestors_it(Some(3)).find(is_heading);
    if let Some(heading) = heading {
        if tree::has_name(control, &["button"]) {
            control.rename("span");
        }
        heading.set_attr(tree::PART_OF_TEXT, "");
        return;
    }
    let is_tab = control.attr("role").is_some_and(|role| &*role == "tab")
        || tree::has_name(control, &["label", "li"])
        || control.parent().is_some_and(|parent| is_label_list(&parent));
    if !is_tab && !is_title(&text, control, panel) {
        return;
    }
    let heading = panel.tree.new_element("h4");
    heading.append_child(&panel.tree.new_text(text));
    heading.set_attr(tree::PART_OF_TEXT, "");
    panel.insert_before(&heading);
    control.remove_from_parent();
}

/// Returns whether a button before a panel is its title, rather than "Read more".
fn is_title(text: &str, control: &NodeRef<'_>, panel: &NodeRef<'_>) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let first = first.trim_matches(|letter: char| !letter.is_alphanumeric());
    // "Les" is not the beginning of "lessons", but scripts without spaces have no other end of a word.
    let is_first =
        |word: &&&str| first == **word || first.starts_with(**word) && word.starts_with(words::is_unspaced_script);
    if words::count(text) <= 4 && MORE_WORDS.iter().any(|word| is_first(&word)) {
        return false;
    }
    let around = control.ancestors_it(Some(3)).chain([*control, *panel]);
    let is_named = |node: NodeRef<'_>| {
        let names = tree::class_and_id(&node);
        ["accordion", "faq", "collaps", "expand", "toggle", "question"].iter().any(|word| names.contains(word))
    };
    text.ends_with(['?', '？', '؟']) || around.into_iter().any(is_named)
}

#[cfg(test)]
mod tests;
