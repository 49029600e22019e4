//! Writes an article as Markdown.
//!
//! `blocks` writes the blocks, `inline` the text within them, `escape` escapes text that would be read as marks.
//! `footnotes` converts links to notes, `table` writes tables. What Markdown lacks is written as HTML: superscript and
//! subscript, line breaks in table cells.

mod blocks;
mod escape;
mod footnotes;
mod inline;
mod table;

use crate::dom::tree;
use crate::parse;
use crate::sanitize::CleanHtml;
use footnotes::Footnotes;

impl CleanHtml {
    /// Converts the article to GitHub Flavored Markdown, with tables, footnotes, strikethrough and fenced code.
    ///
    /// ```
    /// let body = extract::sanitize_html("<h2>Rain</h2><p>It <em>poured</em>.</p>", None);
    /// assert_eq!(body.to_markdown(), "## Rain\n\nIt *poured*.");
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let parsed = parse::parse_fragment(self.as_str());
        let body = tree::body(&parsed);
        let writer = MarkdownWriter { notes: Footnotes::find(&body) };
        writer.blocks(&body, &Context::default()).join("\n\n")
    }
}

/// Writes a tree as Markdown.
struct MarkdownWriter {
    notes: Footnotes,
}

/// The context of the node being written.
#[derive(Clone, Default)]
struct Context {
    /// Marks in effect, outermost first.
    marks: Vec<Mark>,
    /// Within a table cell, which is one line.
    in_cell: bool,
    depth: usize,
}

/// An inline mark.
#[derive(Clone, PartialEq, Eq)]
enum Mark {
    Bold,
    Italic,
    Struck,
    Link(String),
}

/// Below this depth only text is written: each level of quotation makes every line longer.
const MAX_DEPTH: usize = 40;

impl Context {
    fn nested(&self) -> Context {
        Context { depth: self.depth + 1, ..self.clone() }
    }

    /// Returns the context within a mark. Marks already in effect are not repeated, and links do not nest.
    fn with_mark(&self, mark: Mark) -> Context {
        let mut context = self.nested();
        if !self.has_mark(&mark) {
            context.marks.push(mark);
        }
        context
    }

    fn has_mark(&self, mark: &Mark) -> bool {
        let same = |own: &Mark| own == mark || matches!((own, mark), (Mark::Link(_), Mark::Link(_)));
        self.marks.iter().any(same)
    }

    const fn is_too_deep(&self) -> bool {
        self.depth > MAX_DEPTH
    }
}

#[cfg(test)]
mod tests;
