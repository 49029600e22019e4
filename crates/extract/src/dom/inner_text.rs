//! The text of a tree as a reader sees it: lines, paragraphs, rows.

use dom_query::{NodeId, NodeRef};
use foldhash::HashSet;

use super::tree::{self, Walk};
use super::words;

/// The text of a canonical tree: blocks separated by an empty line, items and rows by a line break,
/// cells by a tab.
pub(crate) fn of_tree(root: &NodeRef<'_>) -> String {
    of_article(root, &HashSet::default())
}

/// The same without some texts, which are shown but are no part of the running text.
pub(crate) fn of_article(root: &NodeRef<'_>, without: &HashSet<NodeId>) -> String {
    let out = std::cell::RefCell::new(Writer::default());
    tree::walk(
        root,
        |node| {
            let Some(name) = tree::local(node) else {
                if !without.contains(&node.id) {
                    tree::read_text(node, |text| out.borrow_mut().text(text));
                }
                return Walk::Past;
            };
            // The words on a card are ours.
            if &*name == "p" && node.has_class("embed") {
                return Walk::Past;
            }
            // How a word is read is set small above it; within the line it would be the same word twice.
            if tree::is_unseen(&name) || tree::is_reading_aid(&name) {
                return Walk::Past;
            }
            out.borrow_mut().edge(&name);
            out.borrow_mut().enter(&name);
            Walk::Into
        },
        |node| {
            let name = tree::name(node);
            let mut out = out.borrow_mut();
            out.leave(&name);
            if &*name != "br" && !is_cell(&name) {
                out.edge(&name);
            }
        },
    );
    out.into_inner().text.trim_end().to_owned()
}

/// Writes text with the white space that the elements around it ask for.
#[derive(Default)]
struct Writer {
    text: String,
    /// Line breaks due before the next word.
    breaks: usize,
    space: bool,
    /// The space is only where a line of the source ended.
    source_break: bool,
    tab: bool,
    verbatim: usize,
    /// A block ended within a cell.
    parted: bool,
    /// How many cells of tables are open: what stands in one is on the line of its row.
    cells: usize,
}

impl Writer {
    fn enter(&mut self, name: &str) {
        self.verbatim += usize::from(name == "pre");
        self.cells += usize::from(is_cell(name));
    }

    fn leave(&mut self, name: &str) {
        self.verbatim -= usize::from(name == "pre");
        self.cells -= usize::from(is_cell(name));
    }

    fn edge(&mut self, name: &str) {
        match name {
            "td" | "th" => self.tab = true,
            name if self.cells > 0 => self.parted |= !tree::is_inline(name) && name != "wbr",
            "br" => self.breaks = (self.breaks + 1).min(2),
            "li" | "tr" | "dt" | "dd" | "thead" | "tbody" | "tfoot" => self.breaks = self.breaks.max(1),
            "wbr" => {}
            name if tree::is_inline(name) => {}
            _ => self.breaks = 2,
        }
    }

    fn text(&mut self, text: &str) {
        if self.verbatim > 0 {
            self.due();
            self.text.push_str(text);
            return;
        }
        for run in words::runs(text) {
            let letter = run.chars().next().unwrap_or(' ');
            if letter.is_whitespace() && letter != '\u{a0}' {
                self.source_break = letter == '\n' || self.source_break;
                self.space = true;
            } else if !words::is_invisible(letter) {
                // Between letters of scripts without spaces, the end of a line of the source is none either.
                if self.source_break && words::is_wide(letter) && self.text.ends_with(words::is_wide) {
                    self.space = false;
                }
                self.due();
                self.text.push_str(if letter == '\u{a0}' { " " } else { run });
            }
        }
    }

    fn due(&mut self) {
        if !self.text.is_empty() {
            match (self.breaks, self.tab, self.space || self.parted) {
                (0, true, _) => self.text.push('\t'),
                (0, false, true) => self.text.push(' '),
                (0, false, false) => {}
                (breaks, ..) => self.text.push_str(&"\n\n"[..breaks.min(2)]),
            }
        }
        (self.breaks, self.tab) = (0, false);
        (self.space, self.source_break, self.parted) = (false, false, false);
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        of_tree(&tree::body(&crate::parse::part(html)))
    }

    #[test]
    fn a_row_is_a_line_whatever_its_cells_are_made_of() {
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
