//! Finds the lists of links of a page, such as the articles of a blog that has no feed.
//!
//! - `outline`: reads the links of a page, the elements around them, headings and dates.
//! - `stable_names`: tells the names of classes that say what a thing is from those that differ between entries or versions.
//! - `shapes`: groups links that look alike, by the elements around them, and finds a selector for each group.
//! - `entries`: what the links of a list are called, and when they are dated.
//! - `lists`: tells which groups may be lists of articles, the best first.
//!
//! A selector that was found on a page finds the list on the page as it is later, with other links in it.

mod entries;
mod lists;
mod outline;
mod shapes;
mod stable_names;

use url::Url;

use crate::dom::selector::Selector;
use outline::{Outline, Piece};
use shapes::Shapes;

/// The most links of one list.
pub const MAX_LISTED: usize = 200;

/// The links of a page.
#[derive(Debug)]
pub struct PageLinks {
    outline: Outline,
}

/// A link of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLink {
    /// Where it leads: http or https.
    pub url: Url,
    /// What it is called, on one line.
    pub title: String,
    /// The date of its entry, as a `<time>` states it.
    pub date: Option<String>,
}

/// A list of links that look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkList {
    /// Selects its links.
    pub selector: Selector,
    /// Its links, in the order of the page.
    pub links: Vec<ListedLink>,
}

/// A line of a page, as a sketch of it shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SketchLine {
    /// Whether it is a heading.
    pub is_heading: bool,
    /// Its text and links.
    pub pieces: Vec<SketchPiece>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SketchPiece {
    /// Text.
    Text(String),
    /// A link: its text, where it leads, and what selects the links that look like it.
    Link(String, Url, Selector),
}

impl PageLinks {
    /// Reads the links of a page.
    pub fn read(html: &str, url: &Url) -> PageLinks {
        PageLinks { outline: outline::read(html, url) }
    }

    /// Returns the title of the page.
    pub fn title(&self) -> Option<&str> {
        self.outline.title.as_deref()
    }

    /// Returns the links of a list, each page once, in the order of the page.
    pub fn select(&self, selector: &Selector) -> Vec<ListedLink> {
        entries::list(&self.outline, &self.outline.find(selector))
    }

    /// Returns the lists of links that may be articles, the best first.
    pub fn find_lists(&self) -> Vec<LinkList> {
        lists::find(&self.outline)
    }

    /// Returns the lines of the page with their links, without pictures and styles.
    pub fn sketch(&self) -> Vec<SketchLine> {
        let selectors = Shapes::of(&self.outline).selectors();
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => Some(SketchPiece::Text(text.clone())),
            Piece::Link(link) => {
                let read = &self.outline.links[*link];
                let text = read.shown_text()?;
                Some(match selectors.get(link) {
                    Some(selector) => SketchPiece::Link(text, read.url.clone(), selector.clone()),
                    None => SketchPiece::Text(text),
                })
            }
        };
        let lines = self.outline.lines.iter().map(|line| SketchLine {
            is_heading: line.is_heading,
            pieces: line.pieces.iter().filter_map(piece).collect(),
        });
        lines.filter(|line| !line.pieces.is_empty()).collect()
    }
}
