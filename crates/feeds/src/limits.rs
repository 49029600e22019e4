//! Limits. A document that exceeds one is read up to it, and says so.

/// The longest document that is read, unpacked.
pub const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// The most items of a feed.
pub const MAX_ITEMS: usize = 5_000;

/// The deepest nesting of elements that is told apart; what is nested deeper belongs to the deepest.
pub const MAX_DEPTH: usize = 100;

/// The most elements and texts of a document.
pub const MAX_NODES: usize = 1_000_000;

/// The most attributes of an element.
pub const MAX_ATTRIBUTES: usize = 256;

/// The most namespaces that are declared at one place.
pub const MAX_NAMESPACES: usize = 64;

/// The longest reference to a character, such as `&CounterClockwiseContourIntegral;`.
pub(crate) const MAX_REFERENCE_BYTES: usize = 40;
