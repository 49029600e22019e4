//! JSON Feed. A field of the wrong type costs that field, never the feed.

use serde_json::{Map, Value};
use std::time::Duration;
use url::Url;

use super::best::push_new;
use super::media::{Files, Stated};
use super::persons::push_name;
use super::{Context, NotAFeed};
use crate::dates;
use crate::feed::{Date, Feed, Format, Item, StatedRhythm};
use crate::html::body;
use crate::html::text::{single_spaced, title_text};
use crate::limits::{MAX_FEED_AUTHORS, MAX_ITEMS};
use crate::markup::base::web_address;
use crate::markup::scope::{Scope, language_tag};
use crate::problems::{Problem, Problems};

/// Reads a feed.
pub(super) fn read(text: &str, context: &mut Context) -> Result<Feed, NotAFeed> {
    let Ok(Value::Object(root)) = serde_json::from_str(text.trim_start_matches('\u{feff}')) else {
        return Err(NotAFeed::Json);
    };
    let says_so = root.get("version").and_then(Value::as_str).is_some_and(|version| version.contains("jsonfeed"));
    let entries: &[Value] = match root.get("items") {
        Some(Value::Array(entries)) => entries,
        None if says_so => &[],
        _ => return Err(NotAFeed::Json),
    };
    let mut fields = Fields { object: &root, problems: &mut context.problems };
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
    context.problems.add_times(Problem::ExceedsLimits, usize::from(entries.len() > MAX_ITEMS));
    for entry in entries.iter().take(MAX_ITEMS) {
        match entry {
            Value::Object(object) => {
                let fields = Fields { object, problems: &mut context.problems };
                feed.items.push(read_item(fields, &scope, &feed.authors));
            }
            _ => context.problems.add(Problem::JsonTypes),
        }
    }
    Ok(feed)
}

fn read_item(mut fields: Fields<'_>, scope: &Scope, feed_authors: &[String]) -> Item {
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

/// The fields of an object.
struct Fields<'a> {
    object: &'a Map<String, Value>,
    problems: &'a mut Problems,
}

impl Fields<'_> {
    /// Returns a text, trimmed. Numbers are texts, too.
    fn text(&mut self, name: &str) -> Option<String> {
        let text = match self.object.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Null => return None,
            Value::Number(number) => {
                self.problems.add(Problem::JsonTypes);
                number.to_string()
            }
            _ => {
                self.problems.add(Problem::JsonTypes);
                return None;
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

    /// Returns the objects of a list, or the only one that stands there without a list.
    fn objects(&mut self, name: &str) -> Vec<Map<String, Value>> {
        let values = match self.object.get(name) {
            Some(Value::Array(values)) => values.clone(),
            Some(value @ Value::Object(_)) => vec![value.clone()],
            Some(Value::Null) | None => Vec::new(),
            Some(_) => {
                self.problems.add(Problem::JsonTypes);
                Vec::new()
            }
        };
        values
            .into_iter()
            .filter_map(|value| if let Value::Object(object) = value { Some(object) } else { None })
            .collect()
    }

    /// Returns the authors: a list since version 1.1, one before.
    fn authors(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        for object in self.objects("authors").into_iter().chain(self.objects("author")) {
            let name = Fields { object: &object, problems: self.problems }.text("name");
            push_name(&mut names, name.and_then(|name| single_spaced(&name)));
        }
        names
    }

    fn tags(&mut self) -> Vec<String> {
        let mut tags = Vec::new();
        match self.object.get("tags") {
            Some(Value::Array(values)) => {
                values.iter().filter_map(Value::as_str).for_each(|tag| push_new(&mut tags, single_spaced(tag)));
            }
            Some(Value::String(tag)) => {
                self.problems.add(Problem::JsonTypes);
                push_new(&mut tags, single_spaced(tag));
            }
            _ => {}
        }
        tags
    }

    fn hubs(&mut self, scope: &Scope) -> Vec<Url> {
        let hubs = self.objects("hubs").into_iter().take(10);
        hubs.filter_map(|object| scope.resolve(object.get("url")?.as_str()?)).collect()
    }

    /// Returns the attached files, and how long the first recording is.
    fn attachments(&mut self, scope: &Scope) -> (Files, Option<Duration>) {
        let (mut files, mut duration) = (Files::default(), None);
        for object in self.objects("attachments") {
            let mut fields = Fields { object: &object, problems: self.problems };
            let url = fields.link("url", scope);
            let media_type = fields.text("mime_type");
            let length = fields.number("size_in_bytes").filter(|it| *it >= 1.0).map(|it| it as u64);
            let seconds = fields.number("duration_in_seconds").map(|it| it.to_string());
            duration = duration.or_else(|| dates::read_duration(&seconds?));
            files.add(Stated { url, media_type: media_type.as_deref(), length }, self.problems);
        }
        (files, duration)
    }

    /// Returns a number, even if it is written as a text.
    fn number(&mut self, name: &str) -> Option<f64> {
        match self.object.get(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => {
                self.problems.add(Problem::JsonTypes);
                text.trim().parse().ok()
            }
            _ => None,
        }
    }
}
