//! Atom 1.0 and 0.3.

use url::Url;

use super::best::{Best, push_new};
use super::media::Files;
use super::persons::{name_of, push_name};
use super::{Context, chapters, rhythm};
use crate::dates;
use crate::feed::{Chapter, Date, Feed, Format, Item};
use crate::html::text::{single_spaced, title_text};
use crate::html::{body, xhtml};
use crate::limits::{MAX_FEED_AUTHORS, MAX_ITEMS};
use crate::markup::base::web_address;
use crate::markup::namespaces::Namespace;
use crate::markup::scope::Scope;
use crate::markup::tree::Element;
use crate::problems::{Problem, Problems};

/// Reads a feed.
pub(super) fn read(root: &Element, scope: &Scope, context: &mut Context) -> Feed {
    let mut feed_parts = Entry::default();
    let (mut icon, mut description) = (Best::default(), Best::default());
    for element in root.elements() {
        let inside = scope.inside(element);
        if !is_entry(element) {
            feed_parts.read(element, &inside, &mut context.problems);
        }
        match (is_atom(element), &*element.local_name().to_ascii_lowercase()) {
            (true, "icon") => icon.offer(0, element.text().and_then(|it| inside.resolve(&it))),
            (true, "logo") => icon.offer(1, element.text().and_then(|it| inside.resolve(&it))),
            (true, "subtitle" | "tagline") => description.offer(0, text_of(element, &inside)),
            _ => {}
        }
    }
    feed_parts.authors.truncate(MAX_FEED_AUTHORS);
    let mut items = Vec::new();
    for element in root.elements().filter(|element| is_entry(element)) {
        if items.len() >= MAX_ITEMS {
            context.problems.add(Problem::ExceedsLimits);
            break;
        }
        items.push(read_entry(element, &scope.inside(element), &feed_parts.authors, &mut context.problems));
    }
    Feed {
        format: Format::Atom,
        id: feed_parts.id.take(),
        title: feed_parts.title.take(),
        description: description.take(),
        site_link: feed_parts.link.take(),
        self_link: feed_parts.self_link,
        hubs: feed_parts.hubs,
        language: scope.language.clone(),
        authors: feed_parts.authors,
        icon: icon.take(),
        rhythm: rhythm::read(root),
        items,
        problems: Problems::default(),
    }
}

/// Feeds without the namespace of Atom are meant, too.
fn is_atom(element: &Element) -> bool {
    matches!(element.namespace, Namespace::Atom | Namespace::Rss)
}

fn is_entry(element: &Element) -> bool {
    is_atom(element) && ["entry", "item"].iter().any(|name| element.local_name().eq_ignore_ascii_case(name))
}

fn read_entry(element: &Element, scope: &Scope, feed_authors: &[String], problems: &mut Problems) -> Item {
    let mut entry = Entry::default();
    for child in element.elements() {
        entry.read(child, &scope.inside(child), problems);
    }
    entry.finish(scope, feed_authors)
}

/// What an entry, or a feed, says of itself.
#[derive(Default)]
struct Entry {
    id: Best<String>,
    link: Best<Url>,
    self_link: Option<Url>,
    hubs: Vec<Url>,
    title: Best<String>,
    summary: Best<String>,
    content: Best<String>,
    authors: Vec<String>,
    source_authors: Vec<String>,
    published: Best<Date>,
    updated: Best<Date>,
    categories: Vec<String>,
    files: Files,
    duration: Best<std::time::Duration>,
    chapters_link: Option<Url>,
    chapters: Vec<Chapter>,
    comments_link: Best<Url>,
}

impl Entry {
    fn read(&mut self, element: &Element, scope: &Scope, problems: &mut Problems) {
        let name = &*element.local_name().to_ascii_lowercase();
        match element.namespace {
            _ if is_atom(element) => self.read_atom(name, element, scope, problems),
            Namespace::DublinCore => match name {
                "creator" => push_name(&mut self.authors, element.text().and_then(|it| single_spaced(&it))),
                "subject" => push_new(&mut self.categories, element.text()),
                "date" => self.published.offer(2, date(element, problems)),
                _ => {}
            },
            Namespace::Content if name == "encoded" => self.content.offer(1, html_of(element, scope, problems)),
            Namespace::Media => self.read_media(element, scope, problems),
            Namespace::Itunes if name == "duration" => {
                self.duration.offer(0, element.text().and_then(|it| dates::read_duration(&it)));
            }
            Namespace::Podcast if name == "chapters" => {
                self.chapters_link = element.attribute("url").and_then(|url| scope.resolve(url));
            }
            Namespace::SimpleChapters if name == "chapters" => self.chapters = chapters::read(element, scope),
            Namespace::FeedBurner if name == "origlink" => {
                self.link.offer(0, element.text().and_then(|it| scope.resolve(&it)));
            }
            _ => {}
        }
    }

    fn read_atom(&mut self, name: &str, element: &Element, scope: &Scope, problems: &mut Problems) {
        match name {
            "id" | "guid" => self.id.offer(0, element.text()),
            "title" => self.title.offer(0, text_of(element, scope)),
            "summary" => self.summary.offer(0, html_of(element, scope, problems)),
            "content" => self.content.offer(0, html_of(element, scope, problems)),
            "link" => self.read_link(element, scope, problems),
            "author" => push_name(&mut self.authors, name_of(element)),
            "published" | "issued" => self.published.offer(0, date(element, problems)),
            "created" | "pubdate" => self.published.offer(1, date(element, problems)),
            "updated" | "modified" => self.updated.offer(0, date(element, problems)),
            "category" => {
                let label = element.attribute("label").or_else(|| element.attribute("term"));
                push_new(&mut self.categories, label.and_then(title_text));
            }
            "enclosure" => self.files.add_enclosure(element, scope, problems),
            "source" => {
                let authors = element.elements().filter(|child| child.local_name().eq_ignore_ascii_case("author"));
                authors.for_each(|author| push_name(&mut self.source_authors, name_of(author)));
            }
            _ => {}
        }
    }

    fn read_link(&mut self, element: &Element, scope: &Scope, problems: &mut Problems) {
        let href = element.attribute("href").map(str::to_owned).or_else(|| element.text());
        let url = || scope.resolve(href.as_deref()?);
        let relation = element.attribute("rel").unwrap_or("alternate").to_ascii_lowercase();
        let relation = relation.rsplit('/').next().unwrap_or_default();
        match relation {
            "alternate" => {
                let is_page = element.attribute("type").is_none_or(|it| it.to_ascii_lowercase().contains("html"));
                self.link.offer(if is_page { 1 } else { 2 }, url());
            }
            "self" => self.self_link = self.self_link.take().or_else(url),
            "hub" => self.hubs.extend(url().filter(|_| self.hubs.len() < 10)),
            "enclosure" => self.files.add_enclosure(element, scope, problems),
            "replies" => self.comments_link.offer(0, url()),
            _ => {}
        }
    }

    fn read_media(&mut self, element: &Element, scope: &Scope, problems: &mut Problems) {
        self.files.add_media(element, scope, problems);
        let is_group = element.is(Namespace::Media, "group");
        let inside = element.elements().filter(|_| is_group);
        for child in inside.chain([element]).filter(|child| child.is(Namespace::Media, "description")) {
            self.summary.offer(1, child.text().and_then(|text| body::from_text(&text)));
        }
    }

    fn finish(self, scope: &Scope, feed_authors: &[String]) -> Item {
        let guid = self.id.take();
        let address = guid.as_deref().and_then(web_address);
        let updated = self.updated.take();
        let authors = [self.authors, self.source_authors].into_iter().find(|list| !list.is_empty());
        Item {
            guid_is_permalink: false,
            link: self.link.take().or(address),
            guid,
            title: self.title.take(),
            summary: self.summary.take(),
            content: self.content.take(),
            language: scope.language.clone(),
            authors: authors.unwrap_or_else(|| feed_authors.to_vec()),
            published: self.published.take().or_else(|| updated.clone()),
            updated,
            categories: self.categories,
            enclosures: self.files.enclosures,
            duration: self.duration.take(),
            chapters_link: self.chapters_link,
            chapters: self.chapters,
            image: self.files.image,
            comments_link: self.comments_link.take(),
        }
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Html,
    Xhtml,
}

fn kind_of(element: &Element) -> Option<Kind> {
    let has_elements = element.elements().next().is_some();
    let stated = element.attribute("type").unwrap_or("text").to_ascii_lowercase();
    Some(match &*stated {
        _ if has_elements => Kind::Xhtml,
        "text" | "text/plain" => Kind::Text,
        "html" | "text/html" | "xhtml" | "application/xhtml+xml" => Kind::Html,
        // Pictures and other files.
        _ => return None,
    })
}

/// Returns the text of a title.
fn text_of(element: &Element, scope: &Scope) -> Option<String> {
    match kind_of(element).unwrap_or(Kind::Text) {
        Kind::Text => single_spaced(&element.text()?),
        Kind::Html => title_text(&element.text()?),
        Kind::Xhtml => title_text(&xhtml::inner_html(element, scope)),
    }
}

/// Returns the HTML of a text, with absolute addresses.
fn html_of(element: &Element, scope: &Scope, problems: &mut Problems) -> Option<String> {
    let html = match kind_of(element)? {
        Kind::Text => {
            let text = element.text()?;
            // Some say nothing and mean HTML.
            match body::is_markup(&text) {
                true => text,
                false => return body::from_text(&text),
            }
        }
        Kind::Html => element.text()?,
        // The elements stand in a `div` that belongs to the format.
        Kind::Xhtml => match element.elements().next() {
            Some(div) if element.elements().count() == 1 && div.local_name().eq_ignore_ascii_case("div") => {
                let around = element
                    .children
                    .iter()
                    .any(|child| matches!(child, crate::markup::tree::Node::Text(text) if !text.trim().is_empty()));
                if around { xhtml::inner_html(element, scope) } else { xhtml::inner_html(div, &scope.inside(div)) }
            }
            _ => xhtml::inner_html(element, scope),
        },
    };
    let prepared = body::prepare(&html, &scope.base)?;
    problems.add_times(Problem::DoubleEscaped, usize::from(prepared.was_escaped_twice));
    Some(prepared.html)
}

fn date(element: &Element, problems: &mut Problems) -> Option<Date> {
    dates::read(&element.text()?, problems)
}
