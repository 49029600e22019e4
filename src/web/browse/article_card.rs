//! An article in a list or on the front page.

use jiff::civil::Date;

use crate::library::articles::lists::Card;
use crate::library::lanes::Lanes;
use crate::library::stories::StoryInShort;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::origin::Origin;

/// An article with its date and length in words, for `templates/parts/article_card.html`.
#[derive(Debug)]
pub(crate) struct ArticleCard {
    pub article: Card,
    /// Where it is read. Names the list it is opened from, so that reading goes on there.
    pub url: String,
    /// `3 hours ago`
    pub age: String,
    /// Value of the `datetime` attribute.
    pub datetime: String,
    /// `2 min`
    pub reading_time: String,
    /// It is kept, and the list has the stream too.
    pub is_marked_kept: bool,
    /// The story that it is in.
    pub story: Option<StoryLine>,
}

/// The story of an article in a list: where else it is told.
#[derive(Debug)]
pub(crate) struct StoryLine {
    /// Its page.
    pub url: String,
    /// How many articles it has.
    pub articles: usize,
    /// The first of the other articles: their pages, and the names of their sources.
    pub others: Vec<(String, String)>,
    /// How many more there are.
    pub more: usize,
}

/// Other articles of a story that are named at most.
const MAX_OTHERS: usize = 4;

impl ArticleCard {
    pub fn new(article: Card, clock: &LocalClock) -> Self {
        // The publisher's day, as on the article's own page.
        let day = article.published_on.as_deref().and_then(|day| day.parse().ok());
        let other_day = day.filter(|day| *day != clock.date(article.sorted_at));
        Self {
            url: format!("/article/{}", article.id),
            age: other_day.map_or_else(|| clock.format_age(article.sorted_at), |day| clock.format_day_age(day)),
            datetime: other_day
                .map_or_else(|| dates::datetime_attribute(article.sorted_at), |day: Date| day.to_string()),
            is_marked_kept: false,
            story: None,
            reading_time: dates::short_reading_time(article.word_count, article.language.as_deref()),
            article,
        }
    }

    /// Creates the card of an article in a list.
    pub fn in_list(article: Card, list: &ListUrl, clock: &LocalClock) -> Self {
        let is_marked_kept = list.lane == Some(Lanes::Both) && !article.is_in_stream;
        let url = Origin::article_url(article.id, Some(list));
        Self { url, is_marked_kept, ..Self::new(article, clock) }
    }

    /// Says which story it is in. Links to the others name the list too.
    pub fn with_story(self, story: Option<&StoryInShort>, list: &ListUrl) -> Self {
        let line = |story: &StoryInShort| StoryLine {
            url: format!("/story/{}", story.story),
            articles: story.others.len() + 1,
            others: (story.others.iter().take(MAX_OTHERS))
                .map(|other| (Origin::article_url(other.id, Some(list)), other.source_name.clone()))
                .collect(),
            more: story.others.len().saturating_sub(MAX_OTHERS),
        };
        Self { story: story.map(line), ..self }
    }
}
