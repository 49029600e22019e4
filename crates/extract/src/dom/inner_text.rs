//! Renders the text of a tree as a reader sees it: lines, paragraphs, table rows.

use dom_query::{NodeId, NodeRef};
use foldhash::HashSet;

use super::tree::{self, Walk};
use super::words;

/// Returns the text of a normalized tree: an empty line between blocks, a line break between items and rows, a tab
/// between cells.
pub(crate) fn render(root: &NodeRef<'_>) -> String {
    render_without(root, &HashSet::default())
}

/// Returns the same as [`render`] without the `excluded` texts, which are shown but are not running text.
pub(crate) fn render_without(root: &NodeRef<'_>, excluded: &HashSet<NodeId>) -> String {
    let out = std::cell::RefCell::new(Writer::default());
    tree::walk(
        root,
        |node| {
            let Some(name) = tree::element_name(node) else {
                if !excluded.contains(&node.id) {
                    tree::read_text(node, |text| out.borrow_mut().push_text(text));
                }
                return Walk::Skip;
            };
            // The words on an embed card are ours.
            if &*name == "p" && node.has_class("embed") {
                return Walk::Skip;
            }
            // A ruby annotation sits above its word; inline it would repeat it.
            if tree::is_non_text(&name) || tree::is_ruby_annotation(&name) {
                return Walk::Skip;
            }
            out.borrow_mut().end_line(&name);
            out.borrow_mut().enter(&name);
            Walk::Enter
        },
        |node| {
            let name = tree::name(node);
            let mut out = out.borrow_mut();
            out.leave(&name);
            if &*name != "br" && !is_cell(&name) {
                out.end_line(&name);
            }
        },
    );
    out.into_inner().text.trim_end().to_owned()
}

/// Writes text with the white space that the surrounding elements require.
#[derive(Default)]
struct Writer {
    text: String,
    /// Line breaks due before the next word.
    pending_breaks: usize,
    pending_space: bool,
    /// The pending space comes from a line break in the source.
    space_is_line_break: bool,
    pending_tab: bool,
    open_pre: usize,
    /// A block ended inside a cell.
    cell_break: bool,
    /// The number of open table cells. Everything in a cell stays on the line of its row.
    open_cells: usize,
}

impl Writer {
    fn enter(&mut self, name: &str) {
        self.open_pre += usize::from(name == "pre");
        self.open_cells += usize::from(is_cell(name));
    }

    fn leave(&mut self, name: &str) {
        self.open_pre -= usize::from(name == "pre");
        self.open_cells -= usize::from(is_cell(name));
    }

    fn end_line(&mut self, name: &str) {
        match name {
            "td" | "th" => self.pending_tab = true,
            name if self.open_cells > 0 => self.cell_break |= !tree::is_inline(name) && name != "wbr",
            "br" => self.pending_breaks = (self.pending_breaks + 1).min(2),
            "li" | "tr" | "dt" | "dd" | "thead" | "tbody" | "tfoot" => self.pending_breaks = self.pending_breaks.max(1),
            "wbr" => {}
            name if tree::is_inline(name) => {}
            _ => self.pending_breaks = 2,
        }
    }

    fn push_text(&mut self, text: &str) {
        if self.open_pre > 0 {
            self.write_pending();
            self.text.push_str(text);
            return;
        }
        for run in words::ascii_runs(text) {
            let letter = run.chars().next().unwrap_or(' ');
            if letter.is_whitespace() && letter != '\u{a0}' {
                self.space_is_line_break = letter == '\n' || self.space_is_line_break;
                self.pending_space = true;
            } else if !words::is_invisible(letter) {
                // Between characters of scripts without spaces, a source line break is not a space.
                if self.space_is_line_break && words::is_wide(letter) && self.text.ends_with(words::is_wide) {
                    self.pending_space = false;
                }
                self.write_pending();
                self.text.push_str(if letter == '\u{a0}' { " " } else { run });
            }
        }
    }

    fn write_pending(&mut self) {
        if !self.text.is_empty() {
            match (self.pending_breaks, self.pending_tab, self.pending_space || self.cell_break) {
                (0, true, _) => self.text.push('\t'),
                (0, false, true) => self.text.push(' '),
                (0, false, false) => {}
                (pending_breaks, ..) => self.text.push_str(&"\n\n"[..pending_breaks.min(2)]),
            }
        }
        (self.pending_breaks, self.pending_tab) = (0, false);
        (self.pending_space, self.space_is_line_break, self.cell_break) = (false, false, false);
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        render(&tree::body(&crate::parse::parse_fragment(html)))
    }

    #[test]
    fn a_table_row_is_one_line() {
        let row = |cells: [&str; 2]| format!("<tr><td>{}</td>\n<td>{}</td></tr>", cells[0], cells[1]);
        let plain = row(["Monday", "3 mm"]);
        let blocks = row(["<p>Tues</p><p>day</p>", "<div>4<br>mm</div>\n<ul><li>less</li></ul>"]);
        assert_eq!(
            text(&format!("<p>Rain:</p><table>{plain}{blocks}{plain}</table><p>It stopped.</p>")),
            "Rain:\n\nMonday\t3 mm\nTues day\t4 mm less\nMonday\t3 mm\n\nIt stopped."
        );
        let wide = "<table><tr><td><p>雨の日</p>\n<p>風の日</p></td>\n<td>三</td></tr></table>";
        assert_eq!(text(wide), "雨の日 風の日\t三");
    }
}
