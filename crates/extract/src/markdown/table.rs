//! Tables: one line for each row.

use dom_query::NodeRef;

use super::{Mark, Place, Writer};
use crate::dom::tree;

/// Cells are counted up to here, whatever a page says of their width.
const WIDEST: usize = 100;

/// A row as its cells, which may reach into the rows below.
struct Row {
    cells: Vec<String>,
    is_head: bool,
}

impl Writer {
    /// A table, below its caption. Within a cell of another it is no table but its rows.
    pub(super) fn table(&self, table: &NodeRef<'_>, place: &Place) -> Vec<String> {
        let captions = table.children_it(false).filter(|child| tree::has_name(child, &["caption"]));
        let mut written: Vec<String> =
            captions.flat_map(|caption| self.blocks(&caption, &place.within(Mark::Italic))).collect();
        let rows = self.rows(table, place);
        if place.in_cell {
            written.extend(rows.iter().map(|row| row.cells.join(" ")));
            return written;
        }
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        if rows.iter().any(|row| row.cells.iter().any(|cell| !cell.is_empty())) {
            written.push(lines(&rows, width));
        }
        written
    }

    fn rows(&self, table: &NodeRef<'_>, place: &Place) -> Vec<Row> {
        let is_own = |row: &NodeRef<'_>| {
            let nearest = row.ancestors_it(None).find(|above| tree::has_name(above, &["table"]));
            nearest.is_some_and(|nearest| nearest.id == table.id)
        };
        let place = Place { in_cell: true, ..place.deeper() };
        // How many rows more each column is taken by a cell above.
        let mut taken = Vec::new();
        tree::elements(table, |node| tree::has_name(node, &["tr"]) && is_own(node))
            .iter()
            .map(|row| self.row(row, &mut taken, &place))
            .collect()
    }

    fn row(&self, row: &NodeRef<'_>, taken: &mut Vec<usize>, place: &Place) -> Row {
        let own: Vec<NodeRef<'_>> =
            row.children_it(false).filter(|child| tree::has_name(child, &["td", "th"])).collect();
        let mut cells = Vec::new();
        for cell in &own {
            skip(taken, &mut cells);
            let (wide, high) = (span(cell, "colspan"), span(cell, "rowspan"));
            let mut text = self.cell(cell, place);
            for _ in 0..wide.min(WIDEST) {
                if cells.len() < WIDEST || !text.is_empty() {
                    taken.resize(taken.len().max(cells.len() + 1), 0);
                    taken[cells.len()] = high - 1;
                    cells.push(std::mem::take(&mut text));
                }
            }
        }
        skip(taken, &mut cells);
        Row { cells, is_head: !own.is_empty() && own.iter().all(|cell| tree::has_name(cell, &["th"])) }
    }

    /// The blocks of a cell, in one line.
    fn cell(&self, cell: &NodeRef<'_>, place: &Place) -> String {
        let blocks = self.blocks(cell, place);
        let lines = blocks.iter().flat_map(|block| block.lines()).map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("<br>").replace('|', "\\|")
    }
}

/// Leaves cells empty that one above reaches into.
fn skip(taken: &mut [usize], cells: &mut Vec<String>) {
    while let Some(left) = taken.get_mut(cells.len()).filter(|left| **left > 0) {
        *left -= 1;
        cells.push(String::new());
    }
}

fn span(cell: &NodeRef<'_>, name: &str) -> usize {
    tree::attribute(cell, name).and_then(|number| number.parse().ok()).unwrap_or(1).max(1)
}

/// The rows, below a head that Markdown asks for even where there is none.
fn lines(rows: &[Row], width: usize) -> String {
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
