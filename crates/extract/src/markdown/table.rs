//! Writes tables, one line per row.

use dom_query::NodeRef;

use super::{Context, Mark, MarkdownWriter};
use crate::dom::tree;

/// Maximum number of columns, whatever `colspan` says.
const MAX_COLUMNS: usize = 100;

/// The cells of a row.
struct Row {
    cells: Vec<String>,
    is_head: bool,
}

impl MarkdownWriter {
    /// Writes a table below its caption. Within a cell of another table only its rows are written.
    pub(super) fn table(&self, table: &NodeRef<'_>, context: &Context) -> Vec<String> {
        let captions = table.children_it(false).filter(|child| tree::has_name(child, &["caption"]));
        let mut written: Vec<String> =
            captions.flat_map(|caption| self.blocks(&caption, &context.with_mark(Mark::Italic))).collect();
        let rows = self.rows(table, context);
        if context.in_cell {
            written.extend(rows.iter().map(|row| row.cells.join(" ")));
            return written;
        }
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        if rows.iter().any(|row| row.cells.iter().any(|cell| !cell.is_empty())) {
            written.push(table_lines(&rows, width));
        }
        written
    }

    fn rows(&self, table: &NodeRef<'_>, context: &Context) -> Vec<Row> {
        let is_own = |row: &NodeRef<'_>| {
            let nearest = row.ancestors_it(None).find(|above| tree::has_name(above, &["table"]));
            nearest.is_some_and(|nearest| nearest.id == table.id)
        };
        let context = Context { in_cell: true, ..context.nested() };
        // For each column, the number of further rows covered by a cell above.
        let mut spanned = Vec::new();
        tree::elements(table, |node| tree::has_name(node, &["tr"]) && is_own(node))
            .iter()
            .map(|row| self.row(row, &mut spanned, &context))
            .collect()
    }

    fn row(&self, row: &NodeRef<'_>, spanned: &mut Vec<usize>, context: &Context) -> Row {
        let own: Vec<NodeRef<'_>> =
            row.children_it(false).filter(|child| tree::has_name(child, &["td", "th"])).collect();
        let mut cells = Vec::new();
        for cell in &own {
            skip_spanned_columns(spanned, &mut cells);
            let (wide, high) = (span(cell, "colspan"), span(cell, "rowspan"));
            let mut text = self.cell(cell, context);
            for _ in 0..wide.min(MAX_COLUMNS) {
                if cells.len() < MAX_COLUMNS || !text.is_empty() {
                    spanned.resize(spanned.len().max(cells.len() + 1), 0);
                    spanned[cells.len()] = high - 1;
                    cells.push(std::mem::take(&mut text));
                }
            }
        }
        skip_spanned_columns(spanned, &mut cells);
        Row { cells, is_head: !own.is_empty() && own.iter().all(|cell| tree::has_name(cell, &["th"])) }
    }

    /// Writes the blocks of a cell on one line.
    fn cell(&self, cell: &NodeRef<'_>, context: &Context) -> String {
        let blocks = self.blocks(cell, context);
        let lines = blocks.iter().flat_map(|block| block.lines()).map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("<br>").replace('|', "\\|")
    }
}

/// Adds empty cells where a cell above extends into the row.
fn skip_spanned_columns(spanned: &mut [usize], cells: &mut Vec<String>) {
    while let Some(left) = spanned.get_mut(cells.len()).filter(|left| **left > 0) {
        *left -= 1;
        cells.push(String::new());
    }
}

fn span(cell: &NodeRef<'_>, name: &str) -> usize {
    tree::attribute(cell, name).and_then(|number| number.parse().ok()).unwrap_or(1).max(1)
}

/// Writes the rows below a header row, which Markdown requires.
fn table_lines(rows: &[Row], width: usize) -> String {
    let line = |cells: &[String]| {
        let missing = width - cells.len();
        let cells: Vec<&str> = cells.iter().map(String::as_str).chain(std::iter::repeat_n("", missing)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let has_head = rows.first().is_some_and(|row| row.is_head);
    let (head, body) = rows.split_at(usize::from(has_head));
    let mut lines =
        vec![line(head.first().map_or(&[], |row| row.cells.as_slice())), format!("|{}", " --- |".repeat(width))];
    lines.extend(body.iter().map(|row| line(&row.cells)));
    lines.join("\n")
}
