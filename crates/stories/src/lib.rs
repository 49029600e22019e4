//! Groups articles that tell of one event into stories, and says by which words. Pure.
//!
//! Articles are compared by their words, weighed by how rare these are, as in topic detection and tracking (Allan, Papka,
//! Lavrenko: On-line new event detection and tracking, 1998). An [`Index`] holds the articles of some days. When one arrives, the
//! articles that are connected with it by likeness are grouped anew, most alike first. So the stories follow from the articles
//! and not from the order in which they arrived, and an index that was built again gives the same ones.

mod lists;
mod tokens;
mod series;
mod titles;
mod profile;
mod likeness;
mod grouping;
mod index;
mod additions;

pub use additions::additions;
pub use grouping::{Group, Hand, Member};
pub use index::Index;
pub use profile::Profile;
pub use series::Series;

/// A story ends when nothing was published for so long, in seconds.
pub const MAX_SILENCE: i64 = 48 * 3600;

/// What an article is compared by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Article<'a> {
    /// Seconds since 1970.
    pub published: i64,
    /// A language tag (`en`, `pt-BR`). Without one the language is detected.
    pub language: Option<&'a str>,
    /// The headline.
    pub title: &'a str,
    /// The plain text, or a teaser. Only the beginning is read.
    pub text: &'a str,
}
