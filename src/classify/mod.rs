//! Filing: which topic an article belongs to and why, and whether two texts are the same. Pure.

mod fold;
pub mod likeness;
pub mod topics;

pub use topics::Topic;
