//! A feed in, its items out. Pure: no network, no clock, no database; time and addresses are handed in.
//!
//! - [`parse()`]: RSS, RDF, Atom and JSON Feed, in whatever state they are served, as one [`Feed`].
//! - [`opml`]: lists of followed feeds, in and out.
//! - [`identity`]: which items are known already.
//! - [`discovery`]: the feeds of a site.
//! - [`schedule`]: when to look next.
//! - [`encoding`]: which encoding bytes are in, of feeds and of pages.

mod problems;
pub mod limits;
mod markup;
mod html;
mod feed;
mod dates;
pub mod encoding;
mod decode;
mod parse;
pub mod opml;
pub mod identity;
pub mod discovery;
pub mod schedule;

pub use dates::read_date;
pub use feed::{Chapter, Date, Enclosure, Feed, Format, Item, StatedRhythm};
pub use parse::{Document, NotAFeed, parse};
pub use problems::{Problem, Problems};
