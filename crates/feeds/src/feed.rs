//! A feed and its items.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Weekday;
use url::Url;

use crate::html::text::body_text;
use crate::problems::Problems;

/// The kind of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RSS 0.91 to 2.0, and what looks like it.
    Rss,
    /// RSS 0.90, 1.0 and 1.1.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
    /// JSON Feed 1.0 and 1.1.
    Json,
    /// None: a list of links on a page.
    Page,
}

/// A feed. What it does not state is empty or `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Its kind.
    pub format: Format,
    /// Its identifier (Atom).
    pub id: Option<String>,
    /// Its title, as text.
    pub title: Option<String>,
    /// What it says of itself, as text.
    pub description: Option<String>,
    /// The page it belongs to.
    pub site_link: Option<Url>,
    /// The address it says it has.
    pub self_link: Option<Url>,
    /// Hubs that announce new items (WebSub).
    pub hubs: Vec<Url>,
    /// Its language, as a tag such as `pt-BR`.
    pub language: Option<String>,
    /// Who writes it.
    pub authors: Vec<String>,
    /// Its picture.
    pub icon: Option<Url>,
    /// When it wants to be asked.
    pub rhythm: StatedRhythm,
    /// Its items, in the order of the document.
    pub items: Vec<Item>,
    /// What is wrong with it.
    pub problems: Problems,
}

impl Feed {
    /// Returns about how many bytes of memory it takes.
    #[must_use]
    pub fn count_bytes(&self) -> usize {
        let texts = [&self.id, &self.title, &self.description, &self.language];
        let links = [&self.site_link, &self.self_link, &self.icon];
        let own = count_texts(texts) + count_links(links) + count_list(&self.authors);
        let hubs: usize = self.hubs.iter().map(|hub| size_of::<Url>() + hub.as_str().len()).sum();
        size_of::<Self>() + own + hubs + self.items.iter().map(Item::count_bytes).sum::<usize>()
    }
}

fn count_texts<'a>(texts: impl IntoIterator<Item = &'a Option<String>>) -> usize {
    texts.into_iter().flatten().map(String::len).sum()
}

fn count_links<'a>(links: impl IntoIterator<Item = &'a Option<Url>>) -> usize {
    links.into_iter().flatten().map(|link| link.as_str().len()).sum()
}

fn count_list(texts: &[String]) -> usize {
    texts.iter().map(|text| size_of::<String>() + text.len()).sum()
}

/// When a feed says that it should be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedRhythm {
    /// `<ttl>`: how long an answer is good for.
    pub ttl: Option<Duration>,
    /// `sy:updatePeriod` divided by `sy:updateFrequency`.
    pub update_interval: Option<Duration>,
    /// `<skipHours>`: hours of the day in UTC at which it should not be asked.
    pub skip_hours: Vec<i8>,
    /// `<skipDays>`: days of the week in UTC on which it should not be asked.
    pub skip_days: Vec<Weekday>,
}

/// An item of a feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// Its identifier, as given but trimmed.
    pub guid: Option<String>,
    /// Whether the identifier is said, or by default taken, to be its link.
    pub guid_is_permalink: bool,
    /// The page of the item. An identifier that is an address counts if there is no link.
    pub link: Option<Url>,
    /// Its title, as text.
    pub title: Option<String>,
    /// The teaser, as HTML with absolute addresses. It is not safe: clean it before it is shown.
    pub summary: Option<String>,
    /// The whole text, as HTML with absolute addresses. It is not safe: clean it before it is shown.
    pub content: Option<String>,
    /// Its language, or that of the feed.
    pub language: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// When it was published; that of its last change if nothing else is stated.
    pub published: Option<Date>,
    /// When it was last changed.
    pub updated: Option<Date>,
    /// Its categories and tags.
    pub categories: Vec<String>,
    /// Attached files: recordings, films.
    pub enclosures: Vec<Enclosure>,
    /// How long its recording is.
    pub duration: Option<Duration>,
    /// Where the chapters of its recording are listed.
    pub chapters_link: Option<Url>,
    /// The chapters that the feed itself lists.
    pub chapters: Vec<Chapter>,
    /// Its picture.
    pub image: Option<Url>,
    /// The page with its comments.
    pub comments_link: Option<Url>,
}

impl Item {
    /// Returns about how many bytes of memory it takes.
    fn count_bytes(&self) -> usize {
        let texts = [&self.guid, &self.title, &self.summary, &self.content, &self.language];
        let links = [&self.link, &self.chapters_link, &self.image, &self.comments_link];
        let dates = [&self.published, &self.updated].into_iter().flatten().map(|date| date.given.len());
        let files = self.enclosures.iter().map(|file| size_of::<Enclosure>() + file.url.as_str().len());
        let chapters = self.chapters.iter().map(|chapter| size_of::<Chapter>() + chapter.title.len());
        let lists = count_list(&self.authors) + count_list(&self.categories);
        let others: usize = dates.chain(files).chain(chapters).sum();
        size_of::<Self>() + count_texts(texts) + count_links(links) + lists + others
    }
}

/// A date as it is written, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// As given.
    pub given: String,
    /// `None` if it cannot be read.
    pub parsed: Option<Timestamp>,
}

/// An attached file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Its address.
    pub url: Url,
    /// Its media type, or what the ending of its name says.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub length: Option<u64>,
}

/// A chapter of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Where it begins.
    pub start: Duration,
    /// Its title.
    pub title: String,
    /// A page about it.
    pub link: Option<Url>,
}

impl Item {
    /// Returns the whole text, or else the teaser.
    pub fn body(&self) -> Option<&str> {
        self.content.as_deref().or(self.summary.as_deref())
    }

    /// Returns the words of that, without tags; empty if it has none, such as a picture alone.
    pub fn body_text(&self) -> String {
        self.body().map(body_text).unwrap_or_default()
    }

    /// Returns when it was published, if that can be read.
    pub fn published_at(&self) -> Option<Timestamp> {
        self.published.as_ref().and_then(|date| date.parsed)
    }

    /// Returns the time that lists sort it by: when it was published, or when it arrived if that is unknown, in the
    /// future, or so old that nobody would find it. `previous_look` is the last time that the feed was read, if ever.
    pub fn sort_time(&self, arrived: Timestamp, previous_look: Option<Timestamp>) -> Timestamp {
        /// An item may be published a while before its feed lists it.
        const LATE: jiff::SignedDuration = jiff::SignedDuration::from_hours(48);
        match self.published_at() {
            Some(published) if published > arrived => arrived,
            Some(published) if previous_look.is_some_and(|look| look.duration_since(published) > LATE) => arrived,
            Some(published) => published,
            None => arrived,
        }
    }
}
