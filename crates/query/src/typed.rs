//! What was typed, as a tree.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use crate::operators::{Kind, Operator, Value};
use crate::problems::Problem;
use crate::signs::{self, ends_word};

/// A query as it was typed: its text, its parts with their positions, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub(crate) text: String,
    pub(crate) root: Option<Node>,
    pub(crate) problems: Vec<Problem>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands, as bytes of what was typed.
    pub at: Range<usize>,
    /// What it is.
    pub part: Part,
}

/// What a part of a query is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All of these, at least two.
    All(Vec<Node>),
    /// One of these at least, joined by `OR`; at least two.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// A word or phrase.
    Words(Text),
    /// An operator with its value.
    Operator(&'static Operator, Text),
}

/// A word, phrase or value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Without quotation marks and star.
    pub text: String,
    /// It stood in quotation marks.
    pub is_quoted: bool,
    /// A star stood behind it.
    pub is_beginning: bool,
}

/// A name that a query uses, to be looked up in the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What kind of thing it names.
    pub kind: Kind,
    /// As typed.
    pub name: String,
}

impl Typed {
    /// Returns what was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the tree; `None` if there is nothing to look for.
    #[must_use]
    pub const fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }

    /// Returns what could not be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the query with its last word taken for the beginning of one, as while somebody types.
    #[must_use]
    pub fn with_open_end(mut self) -> Self {
        let end = self.text.trim_end().len();
        let last = match self.root.as_mut() {
            Some(Node { part: Part::All(parts), .. }) => parts.last_mut(),
            root => root,
        };
        if let Some(Node { at, part: Part::Words(text) }) = last
            && at.end == end
            && !text.is_quoted
        {
            text.is_beginning = true;
        }
        self
    }

    /// Returns the names to look up in the library.
    #[must_use]
    pub fn names(&self) -> Vec<Named> {
        let mut names = Vec::new();
        if let Some(root) = &self.root {
            root.collect_names(&mut names);
        }
        names
    }
}

impl Node {
    fn collect_names(&self, names: &mut Vec<Named>) {
        match &self.part {
            Part::All(parts) | Part::Any(parts) => parts.iter().for_each(|part| part.collect_names(names)),
            Part::Not(part) => part.collect_names(names),
            Part::Operator(operator, value) if operator.value == Value::Name => {
                names.push(Named { kind: operator.kind, name: value.text.clone() });
            }
            Part::Words(_) | Part::Operator(..) => {}
        }
    }

    /// Returns whether it must stand in brackets beside other parts.
    const fn is_joined(&self) -> bool {
        matches!(self.part, Part::All(_) | Part::Any(_))
    }
}

/// Writes the query in its usual form, which is read as the same tree.
impl Display for Typed {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.root.as_ref().map_or(Ok(()), |root| root.fmt(formatter))
    }
}

impl Display for Node {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let bracketed = |node: &Self, formatter: &mut Formatter<'_>| {
            if node.is_joined() { write!(formatter, "({node})") } else { write!(formatter, "{node}") }
        };
        match &self.part {
            Part::All(parts) => write_joined(parts, " ", formatter, |part, formatter| match part.part {
                Part::Any(_) => write!(formatter, "{part}"),
                _ => bracketed(part, formatter),
            }),
            Part::Any(parts) => write_joined(parts, " OR ", formatter, bracketed),
            Part::Not(part) => {
                let excluded = part.to_string();
                let needs_brackets = part.is_joined() || !excluded.starts_with(signs::can_be_excluded);
                if needs_brackets { write!(formatter, "-({excluded})") } else { write!(formatter, "-{excluded}") }
            }
            Part::Words(text) => text.fmt(formatter),
            Part::Operator(operator, value) => write!(formatter, "{}:{value}", operator.name),
        }
    }
}

fn write_joined(
    parts: &[Node],
    between: &str,
    formatter: &mut Formatter<'_>,
    write: impl Fn(&Node, &mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            formatter.write_str(between)?;
        }
        write(part, formatter)?;
    }
    Ok(())
}

impl Text {
    /// Makes a value as a program writes it, in quotation marks where it needs them.
    #[must_use]
    pub fn value(text: &str) -> Self {
        let text: String = text.chars().filter(|character| !signs::is_quote(*character)).collect();
        let needs_quotes = text.is_empty() || text.contains(ends_word) || text.ends_with(signs::is_star);
        Self { text, is_quoted: needs_quotes, is_beginning: false }
    }
}

impl Display for Text {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let quote = if self.is_quoted { "\"" } else { "" };
        let star = if self.is_beginning { "*" } else { "" };
        write!(formatter, "{quote}{}{quote}{star}", self.text)
    }
}
