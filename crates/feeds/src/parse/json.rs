//! JSON Feed. A field that cannot be read costs that field, an item without end that item; neither costs the feed.

use serde_json::Value;
use std::time::Duration;
use url::Url;

use super::best::push_new;
use super::json_parts::{member, take_apart, value};
use super::media::{Files, Stated};
use super::persons::push_name;
use super::{Context, NotAFeed};
use crate::dates;
use crate::feed::{Date, Feed, Format, Item, StatedRhythm};
use crate::html::body;
use crate::html::text::{single_spaced, title_text};
use crate::limits::{MAX_ATTRIBUTES, MAX_FEED_AUTHORS, MAX_ITEMS};
use crate::markup::base::web_address;
use crate::markup::scope::{Scope, language_tag};
use crate::problems::{Problem, Problems};

/// Reads a feed.
pub(super) fn read(text: &str, context: &mut Context) -> Result<Feed, NotAFeed> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut fields = Fields::of(text, &mut context.problems).ok_or(NotAFeed::Json)?;
    let is_cut_off = !fields.is_closed;
    let says_so = fields.text("version").is_some_and(|version| version.contains("jsonfeed"));
    let entries = match fields.written("items").map(|items| take_apart(items, MAX_ITEMS + 1)) {
        Some(Some(entries)) => entries.list,
        None if says_so => Vec::new(),
        _ => return Err(NotAFeed::Json),
    };
    if !says_so && fields.text("home_page_url").is_none() && fields.text("title").is_none() {
        return Err(NotAFeed::Json);
    }
    let language = fields.text("language").and_then(|it| language_tag(&it));
    let scope = Scope { language: language.clone(), ..context.scope.clone() };
    let mut feed = Feed {
        format: Format::Json,
        id: None,
        title: fields.text("title").and_then(|it| title_text(&it)),
        description: fields.text("description").and_then(|it| title_text(&it)),
        site_link: fields.link("home_page_url", &scope),
        self_link: fields.link("feed_url", &scope),
        hubs: fields.hubs(&scope),
        authors: fields.authors(),
        icon: fields.link("icon", &scope).or_else(|| fields.link("favicon", &scope)),
        rhythm: StatedRhythm::default(),
        items: Vec::new(),
        problems: Problems::default(),
        language,
    };
    feed.authors.truncate(MAX_FEED_AUTHORS);
    context.problems.add_times(Problem::Truncated, usize::from(is_cut_off));
    context.problems.add_times(Problem::ExceedsLimits, usize::from(entries.len() > MAX_ITEMS));
    for entry in entries.into_iter().take(MAX_ITEMS) {
        match Fields::of(entry, &mut context.problems) {
            Some(fields) if fields.is_closed => feed.items.push(read_item(fields, &scope, &feed.authors)),
            // The end of the document cuts it off.
            Some(_) => {}
            None => context.problems.add(Problem::JsonTypes),
        }
    }
    Ok(feed)
}

fn read_item(mut fields: Fields<'_, '_>, scope: &Scope, feed_authors: &[String]) -> Item {
    let guid = fields.text("id");
    let address = guid.as_deref().and_then(web_address);
    let link = fields.link("url", scope).or_else(|| address.clone()).or_else(|| fields.link("external_url", scope));
    let base = link.clone().map_or_else(|| scope.base.clone(), |link| scope.base.at(Some(link)));
    let html = fields.text("content_html").and_then(|html| body::prepare(&html, &base)).map(|it| it.html);
    let content = html.or_else(|| fields.text("content_text").and_then(|text| body::from_text(&text)));
    let authors = fields.authors();
    let updated = fields.date("date_modified");
    let (files, duration) = fields.attachments(scope);
    Item {
        guid_is_permalink: false,
        link,
        title: fields.text("title").and_then(|it| title_text(&it)),
        summary: fields.text("summary").and_then(|text| body::from_text(&text)),
        content,
        language: fields.text("language").and_then(|it| language_tag(&it)).or_else(|| scope.language.clone()),
        authors: if authors.is_empty() { feed_authors.to_vec() } else { authors },
        published: fields.date("date_published").or_else(|| updated.clone()),
        updated,
        categories: fields.tags(),
        image: fields.link("image", scope).or_else(|| fields.link("banner_image", scope)).or(files.image),
        enclosures: files.enclosures,
        duration,
        guid,
        ..Item::default()
    }
}

/// No item has more authors, tags or files that anybody would read.
const MAX_ENTRIES: usize = 1000;

/// The fields of an object.
struct Fields<'t, 'p> {
    /// Names and values, as written.
    list: Vec<(&'t str, &'t str)>,
    is_closed: bool,
    problems: &'p mut Problems,
}

impl<'t, 'p> Fields<'t, 'p> {
    /// Takes an object apart. `None` if it is something else.
    fn of(text: &'t str, problems: &'p mut Problems) -> Option<Self> {
        let parts = take_apart(text, MAX_ATTRIBUTES).filter(|_| text.starts_with('{'))?;
        let list: Vec<_> = parts.list.iter().filter_map(|part| member(part)).collect();
        problems.add_times(Problem::JsonTypes, parts.list.len() - list.len());
        Some(Fields { list, is_closed: parts.is_closed, problems })
    }

    /// Returns a field as it is written, unless it is `null`. The last one of its name counts.
    fn written(&self, name: &str) -> Option<&'t str> {
        let found = self.list.iter().rev().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value).filter(|value| *value != "null")
    }

    /// Returns a text or number.
    fn plain(&mut self, name: &str) -> Option<Value> {
        let written = self.written(name)?;
        let found = Some(written).filter(|it| !it.starts_with(['{', '['])).and_then(value);
        let found = found.filter(|value| value.is_string() || value.is_number());
        self.problems.add_times(Problem::JsonTypes, usize::from(found.is_none()));
        found
    }

    /// Returns a text, trimmed. Numbers are texts, too.
    fn text(&mut self, name: &str) -> Option<String> {
        let text = match self.plain(name)? {
            Value::String(text) => text.trim().to_owned(),
            number => {
                self.problems.add(Problem::JsonTypes);
                number.to_string()
            }
        };
        (!text.is_empty()).then_some(text)
    }

    fn link(&mut self, name: &str, scope: &Scope) -> Option<Url> {
        scope.resolve(&self.text(name)?)
    }

    fn date(&mut self, name: &str) -> Option<Date> {
        let text = self.text(name)?;
        dates::read(&text, self.problems)
    }

    /// Returns the entries of a list, or the only one that stands there without a list, as written.
    fn entries(&mut self, name: &str) -> Vec<&'t str> {
        match self.written(name) {
            Some(list) if list.starts_with('[') => take_apart(list, MAX_ENTRIES).map(|it| it.list).unwrap_or_default(),
            Some(only) => vec![only],
            None => Vec::new(),
        }
    }

    /// Calls `read` with each object of a list.
    fn each(&mut self, name: &str, mut read: impl FnMut(Fields<'_, '_>)) {
        for entry in self.entries(name) {
            match Fields::of(entry, self.problems) {
                Some(fields) => read(fields),
                None => self.problems.add(Problem::JsonTypes),
            }
        }
    }

    /// Returns the authors: a list since version 1.1, one before.
    fn authors(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        for field in ["authors", "author"] {
            self.each(field, |mut author| {
                push_name(&mut names, author.text("name").and_then(|name| single_spaced(&name)));
            });
        }
        names
    }

    fn tags(&mut self) -> Vec<String> {
        let mut tags = Vec::new();
        let is_list = self.written("tags").is_none_or(|tags| tags.starts_with('['));
        self.problems.add_times(Problem::JsonTypes, usize::from(!is_list));
        for entry in self.entries("tags") {
            let tag = value(entry);
            push_new(&mut tags, tag.as_ref().and_then(Value::as_str).and_then(single_spaced));
        }
        tags
    }

    fn hubs(&mut self, scope: &Scope) -> Vec<Url> {
        let mut hubs = Vec::new();
        self.each("hubs", |mut hub| hubs.extend(hub.link("url", scope).filter(|_| hubs.len() < 10)));
        hubs
    }

    /// Returns the attached files, and how long the first recording is.
    fn attachments(&mut self, scope: &Scope) -> (Files, Option<Duration>) {
        let (mut files, mut duration) = (Files::default(), None);
        self.each("attachments", |mut fields| {
            let url = fields.link("url", scope);
            let media_type = fields.text("mime_type");
            let length = fields.number("size_in_bytes").filter(|it| *it >= 1.0).map(|it| it as u64);
            let seconds = fields.number("duration_in_seconds").map(|it| it.to_string());
            duration = duration.or_else(|| dates::read_duration(&seconds?));
            files.add(Stated { url, media_type: media_type.as_deref(), length }, fields.problems);
        });
        (files, duration)
    }

    /// Returns a number, even if it is written as a text.
    fn number(&mut self, name: &str) -> Option<f64> {
        match self.plain(name)? {
            Value::String(text) => {
                self.problems.add(Problem::JsonTypes);
                text.trim().parse().ok()
            }
            number => number.as_f64(),
        }
    }
}
