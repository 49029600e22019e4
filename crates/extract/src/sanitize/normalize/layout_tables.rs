//! Turns layout tables into groups.

use dom_query::NodeRef;

use crate::dom::tree;

/// Converts tables of one cell, and tables with another table or several paragraphs in a cell, to `<div>` elements.
pub(super) fn convert_to_groups(tables: &[NodeRef<'_>]) {
    for table in tables {
        let inside = table.descendants();
        let count = |names: &[&str]| inside.iter().filter(|node| tree::has_name(node, names)).count();
        let cells: Vec<&NodeRef<'_>> = inside.iter().filter(|node| tree::has_name(node, &["td"])).collect();
        let is_data = count(&["th", "caption", "thead"]) > 0;
        let is_layout = || count(&["table"]) > 0 || (cells.len() <= 30 && cells.iter().any(|cell| is_prose_cell(cell)));
        if cells.len() != 1 && (is_data || !is_layout()) {
            continue;
        }
        for node in &inside {
            let own = node.ancestors_it(Some(3)).find(|above| tree::has_name(above, &["table"]));
            let part = tree::has_name(node, &["tbody", "tr", "td", "th", "thead", "tfoot", "caption"]);
            if part && own.is_some_and(|own| own.id == table.id) {
                node.rename("div");
            }
        }
        table.rename("div");
    }
}

/// Returns whether a cell contains prose rather than data.
fn is_prose_cell(cell: &NodeRef<'_>) -> bool {
    let blocks = cell.descendants_it().filter(|node| tree::has_name(node, &["p", "br"])).take(3).count();
    blocks >= 2 && tree::line_text(cell).chars().count() > 400
}
