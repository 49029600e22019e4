//! What is wrong with a document, as values: the health page makes sentences of them.

use std::collections::BTreeMap;

/// Something that had to be repaired, guessed or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// It ends too early. The half item is left out, and what the server said of this answer must not be kept.
    Truncated,
    /// It was longer, deeper or had more items than is read.
    ExceedsLimits,
    /// Its bytes are compressed, and no header says so.
    CompressedWithoutHeader,
    /// The header or the declaration names another encoding than its bytes have.
    EncodingMismatch,
    /// Bytes that mean nothing in its encoding.
    InvalidBytes,
    /// Something stands before the declaration or the first element.
    JunkBeforeDeclaration,
    /// The header says it is something else than a feed.
    WrongContentType,
    /// Characters that XML forbids. They are left out.
    InvalidCharacter,
    /// Named characters of HTML that XML does not know.
    UndeclaredEntity,
    /// `&` that should be `&amp;`.
    BareAmpersand,
    /// Tags that are not closed, close nothing or are written wrong.
    BrokenMarkup,
    /// Prefixes that are not declared.
    UndeclaredNamespace,
    /// It declares entities of its own. They are not used.
    DeclaresEntities,
    /// HTML that is escaped once too often.
    DoubleEscaped,
    /// Dates that are not written as they should be, or cannot be read.
    OddDate,
    /// The same identifier for items with different links, or with different words where no link is their own.
    SharedId,
    /// Items without identifier and link.
    MissingId,
    /// Items with nothing in them. They are left out.
    EmptyItem,
    /// Attached files whose type is missing or wrong.
    EnclosureType,
    /// Fields of a JSON Feed of another type than they should be.
    JsonTypes,
}

/// The problems of a document, and how often each occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(BTreeMap<Problem, usize>);

impl Problems {
    /// Counts a problem once more.
    pub(crate) fn add(&mut self, problem: Problem) {
        self.add_times(problem, 1);
    }

    /// Counts a problem `times` more.
    pub(crate) fn add_times(&mut self, problem: Problem, times: usize) {
        if times > 0 {
            *self.0.entry(problem).or_default() += times;
        }
    }

    /// Returns how often a problem occurs.
    pub fn count(&self, problem: Problem) -> usize {
        self.0.get(&problem).copied().unwrap_or_default()
    }

    /// Returns whether a problem occurs.
    pub fn contains(&self, problem: Problem) -> bool {
        self.0.contains_key(&problem)
    }

    /// Returns all that occur, the worst first.
    pub fn iter(&self) -> impl Iterator<Item = (Problem, usize)> {
        self.0.iter().map(|(problem, count)| (*problem, *count))
    }

    /// Returns whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
