//! One article in a list or on the front page.

use crate::library::articles::lists::Card;
use crate::web::shell::dates::{self, LocalClock};

/// A card with its dates and lengths in words; what `templates/parts/article_card.html` is written from.
#[derive(Debug)]
pub(crate) struct ArticleCard {
    pub article: Card,
    /// `3 hours ago`
    pub age: String,
    /// The same for programs.
    pub datetime: String,
    /// To read it: `2 min`
    pub reading_time: String,
}

impl ArticleCard {
    pub fn new(article: Card, clock: &LocalClock) -> Self {
        Self {
            age: clock.format_age(article.sorted_at),
            datetime: dates::datetime_attribute(article.sorted_at),
            reading_time: dates::short_reading_time(article.word_count, article.language.as_deref()),
            article,
        }
    }
}
