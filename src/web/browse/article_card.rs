//! One article in a list or on the front page.

use crate::library::articles::lists::Card;
use crate::web::shell::dates::{self, Present};

/// A card with its dates and lengths in words; what `templates/parts/article_card.html` is written from.
#[derive(Debug)]
pub(crate) struct Teaser {
    pub card: Card,
    /// `3 hours ago`
    pub when: String,
    /// The same for programs.
    pub date: String,
    /// To read it: `2 min`
    pub length: String,
}

impl Teaser {
    pub fn new(card: Card, present: &Present) -> Self {
        Self {
            when: present.ago(card.sorted_at),
            date: dates::machine(card.sorted_at),
            length: dates::short_reading_time(card.word_count, card.language.as_deref()),
            card,
        }
    }
}
