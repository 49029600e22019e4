//! Limits. A document that exceeds one is read up to it, and says so.

/// The longest document that is read, unpacked.
pub const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// The most items of a feed.
pub const MAX_ITEMS: usize = 5_000;

/// The deepest nesting of elements that is told apart; what is nested deeper belongs to the deepest.
pub const MAX_DEPTH: usize = 100;

/// The most elements, attributes and texts of a document.
pub const MAX_NODES: usize = 1_000_000;

/// The most attributes of an element.
pub const MAX_ATTRIBUTES: usize = 256;

/// The most namespaces that are declared at one place.
pub const MAX_NAMESPACES: usize = 64;

/// The longest address.
pub const MAX_URL_BYTES: usize = 4096;

/// How many bytes of absolute addresses are made of the relative links of a document. Others stay as they are, or are left out.
pub const MAX_JOINED_BYTES: usize = 64 << 20;

/// The longest name of an author. What is longer is cut off.
pub const MAX_NAME_CHARS: usize = 200;

/// The most authors of a feed. Each item without authors has them.
pub const MAX_FEED_AUTHORS: usize = 10;

/// The longest reference to a character, such as `&CounterClockwiseContourIntegral;`.
pub(crate) const MAX_REFERENCE_BYTES: usize = 40;
