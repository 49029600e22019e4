//! Replaces tables that draw code, with line numbers in one column, by their code.

use dom_query::NodeRef;

use super::line_numbers::{self, Numbers};
use super::{has_word, source_text, style};
use crate::dom::tree;

/// Words in the classes of cells that hold a line of code.
const CODE_CELL_WORDS: &[&str] = &["code", "hljs-ln", "lines-", "line-content", "source"];
/// The maximum number of number columns: a comparison of two versions has two.
const MAX_GUTTERS: usize = 2;

/// Replaces each table of code by a block. Returns the blocks.
pub(super) fn replace<'a>(tables: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    // Innermost first.
    tables.iter().rev().filter_map(|table| Some(make_block(table, &code_cells(table)?))).collect()
}

/// Returns the cells of code, one for each row, if the table has a column of line numbers beside it.
fn code_cells<'a>(table: &NodeRef<'a>) -> Option<Vec<NodeRef<'a>>> {
    let rows = rows(table);
    let mut code = Vec::with_capacity(rows.len());
    let (mut last, mut is_code) = (None, false);
    for row in &rows {
        let cells: Vec<NodeRef<'a>> =
            row.children_it(false).filter(|cell| tree::has_name(cell, &["td", "th"])).collect();
        let (own, gutters) = cells.split_last()?;
        if gutters.is_empty() || gutters.len() > MAX_GUTTERS {
            return None;
        }
        let numbers = gutters.iter().map(line_numbers::read_cell).collect::<Option<Vec<Numbers>>>()?;
        let number = numbers.last()?;
        // A comparison leaves out numbers of lines that only one version has.
        if let (Some(before), Some(first), 1) = (last, number.first, gutters.len())
            && first != before + 1
        {
            return None;
        }
        last = number.last.or(last);
        is_code |= is_code_cell(own, rows.len()) || gutters.iter().any(line_numbers::has_gutter_name);
        code.push(*own);
    }
    let is_inside_block = || table.ancestors_it(Some(3)).any(|above| tree::has_name(&above, &["pre"]));
    (!code.is_empty() && (is_code || is_inside_block())).then_some(code)
}

/// Returns the rows of a table itself, without those of tables in its cells.
fn rows<'a>(table: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let mut rows = Vec::new();
    for child in table.children_it(false) {
        if tree::has_name(&child, &["tr"]) {
            rows.push(child);
        } else {
            rows.extend(child.children_it(false).filter(|row| tree::has_name(row, &["tr"])));
        }
    }
    rows
}

/// Returns whether a cell holds code by its name or style, or because it is the only one and holds a block.
fn is_code_cell(cell: &NodeRef<'_>, rows: usize) -> bool {
    has_word(cell, CODE_CELL_WORDS)
        || style(cell).is_some_and(|style| style.contains("white-space:pre"))
        || (rows == 1 && cell.descendants_it().any(|inside| tree::has_name(&inside, &["pre"])))
}

fn make_block<'a>(table: &NodeRef<'a>, cells: &[NodeRef<'a>]) -> NodeRef<'a> {
    let block = table.tree.new_element("pre");
    for cell in cells {
        let inner = tree::elements(cell, |node| tree::has_name(node, &["pre"]));
        inner.iter().for_each(tree::unwrap);
        let line = table.tree.new_element("span");
        let text = source_text(cell);
        while let Some(child) = cell.first_child() {
            line.append_child(&child);
        }
        super::white_space::replace_no_break_spaces(&line);
        block.append_child(&line);
        if cells.len() > 1 && !text.ends_with('\n') {
            block.append_child(&table.tree.new_text("\n"));
        }
    }
    table.insert_before(&block);
    table.remove_from_parent();
    block
}
