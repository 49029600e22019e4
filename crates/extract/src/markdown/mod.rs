//! The article as Markdown, for programs and people that keep notes.
//!
//! A tree becomes blocks (`blocks`), a block's words become one text with marks (`inline`), and what would be read as a mark
//! although it is none is escaped (`escape`). Links to notes become footnotes (`footnotes`), rows lines (`table`). What Markdown has no mark for is written as the HTML that Markdown lets through:
//! raised and lowered numbers, lines within the cell of a table.

mod blocks;
mod escape;
mod footnotes;
mod inline;
mod table;

use crate::dom::tree;
use crate::parse;
use crate::sanitize::CleanHtml;
use footnotes::Notes;

impl CleanHtml {
    /// The same as Markdown, with tables, notes, struck words and fenced code as GitHub reads them.
    ///
    /// ```
    /// let body = extract::sanitize_html("<h2>Rain</h2><p>It <em>poured</em>.</p>", None);
    /// assert_eq!(body.to_markdown(), "## Rain\n\nIt *poured*.");
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let parsed = parse::parse_fragment(self.as_str());
        let body = tree::body(&parsed);
        let writer = Writer { notes: Notes::of(&body) };
        writer.blocks(&body, &Place::default()).join("\n\n")
    }
}

/// Writes a tree.
struct Writer {
    notes: Notes,
}

/// What is written around the place that is being written.
#[derive(Clone, Default)]
struct Place {
    /// The marks that hold here, outermost first.
    marks: Vec<Mark>,
    /// Within the cell of a table, which is one line.
    in_cell: bool,
    depth: usize,
}

/// What is said of words by marks around them.
#[derive(Clone, PartialEq, Eq)]
enum Mark {
    Bold,
    Italic,
    Struck,
    Link(String),
}

/// Deeper than people write, only the words are kept: each further quotation would make every line of it longer.
const DEEPEST: usize = 40;

impl Place {
    fn deeper(&self) -> Place {
        Place { depth: self.depth + 1, ..self.clone() }
    }

    /// The place within such a mark, or the same if it holds already: nothing is twice bold, and links do not nest.
    fn within(&self, mark: Mark) -> Place {
        let mut place = self.deeper();
        if !self.has(&mark) {
            place.marks.push(mark);
        }
        place
    }

    fn has(&self, mark: &Mark) -> bool {
        let same = |own: &Mark| own == mark || matches!((own, mark), (Mark::Link(_), Mark::Link(_)));
        self.marks.iter().any(same)
    }

    const fn is_too_deep(&self) -> bool {
        self.depth > DEEPEST
    }
}

#[cfg(test)]
mod tests;
