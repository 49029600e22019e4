//! The reader's rules for topics: all articles of a source, or of a section of it, are filed under one.

mod store;

pub(in crate::library) use store::restore;
pub use store::{TopicRule, delete, find, list_for_topic, save};

use url::Url;

/// Characters of a section. Longer folders are no sections.
const MAX_SECTION_CHARS: usize = 40;

/// Returns the section that a link names: its first folder, unless that is a date or a number.
///
/// ```
/// use broadsheet::library::topics::filing::section_of;
///
/// let section = |url: &str| section_of(&url::Url::parse(url).unwrap());
/// assert_eq!(section("https://harbour.example/sport/rowing/a-race").as_deref(), Some("/sport/"));
/// assert_eq!(section("https://harbour.example/2026/11/a-race"), None);
/// assert_eq!(section("https://harbour.example/a-race"), None);
/// ```
#[must_use]
pub fn section_of(url: &Url) -> Option<String> {
    let mut segments = url.path_segments()?;
    let first = segments.next()?;
    let is_folder = segments.any(|segment| !segment.is_empty());
    let is_word = first.chars().any(char::is_alphabetic) && first.chars().count() <= MAX_SECTION_CHARS;
    (is_folder && is_word).then(|| format!("/{}/", first.to_lowercase()))
}
