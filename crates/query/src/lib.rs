//! The query language: what a reader types for a list, a search, a saved search or a rule.
//!
//! There are two types. [`Typed`] is what was typed, part by part with its position, and prints it back.
//! [`Meaning`] is what it means for one library on one day: a [`Condition`] that an article fulfils or not. Between them
//! stand the [`Operator`]s, each defined once: parser, help and documentation are made from these. Pure; every input is
//! bounded, and none is refused: what cannot be read is reported as a [`Problem`], and the rest is searched for.

mod condition;
mod help;
mod meaning;
mod operators;
mod parser;
mod problems;
mod signs;
mod typed;
mod values;

pub use condition::{Condition, Facts, Field, Mark, Place, Words, occurs};
pub use help::{Entry, SYNTAX, complete, to_markdown};
pub use meaning::{MAX_WORDS, Meaning, Names, Setting};
pub use operators::{Choice, Kind, OPERATORS, Operator, Value};
pub use parser::{MAX_CHARS, MAX_DEPTH};
pub use problems::Problem;
pub use typed::{Named, Node, Part, Text, Typed};
