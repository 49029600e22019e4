//! An item of RSS.

use url::Url;

use super::best::{Best, push_new};
use super::chapters;
use super::media::Files;
use super::persons::{name_in, name_of, push_name};
use crate::dates;
use crate::feed::{Chapter, Date, Item};
use crate::html::text::title_text;
use crate::html::{body, xhtml};
use crate::markup::base::web_address;
use crate::markup::entities::escape;
use crate::markup::namespaces::Namespace;
use crate::markup::scope::{Scope, language_tag};
use crate::markup::tree::Element;
use crate::problems::{Problem, Problems};

/// What was found so far. Lower ranks are better.
#[derive(Default)]
struct Draft {
    guid: Best<String>,
    says_no_permalink: bool,
    link: Best<Url>,
    title: Best<String>,
    summary: Best<String>,
    content: Best<String>,
    language: Best<String>,
    authors: Vec<String>,
    other_authors: Vec<String>,
    published: Best<Date>,
    updated: Best<Date>,
    categories: Vec<String>,
    files: Files,
    duration: Best<std::time::Duration>,
    chapters_link: Option<Url>,
    chapters: Vec<Chapter>,
    comments_link: Best<Url>,
}

/// Reads an item.
pub(super) fn read(element: &Element, scope: &Scope, problems: &mut Problems) -> Item {
    let mut draft = Draft::default();
    draft.guid.offer(5, element.attribute("about").map(str::to_owned));
    draft.link.offer(5, element.attribute("href").and_then(|href| scope.resolve(href)));
    for child in element.elements() {
        draft.read(child, &scope.inside(child), problems);
    }
    draft.finish(scope, problems)
}

impl Draft {
    fn read(&mut self, element: &Element, scope: &Scope, problems: &mut Problems) {
        let name = &*element.local_name().to_ascii_lowercase();
        match element.namespace {
            Namespace::Rss => self.read_rss(name, element, scope, problems),
            Namespace::Atom => self.read_atom(name, element, scope, problems),
            Namespace::Content if name == "encoded" => self.content.offer(0, Some(html(element, scope))),
            Namespace::Xhtml if matches!(name, "body" | "div") => {
                self.content.offer(1, Some(xhtml::inner_html(element, scope)));
            }
            Namespace::DublinCore => self.read_dublin_core(name, element, problems),
            Namespace::Media => self.read_media(name, element, scope, problems),
            Namespace::Itunes => self.read_itunes(name, element, scope),
            Namespace::Podcast if name == "chapters" => self.chapters_link = link_of(element, "url", scope),
            Namespace::SimpleChapters if name == "chapters" => self.chapters = chapters::read(element, scope),
            Namespace::FeedBurner if name == "origlink" => self.link.offer(0, text_link(element, scope)),
            _ => {}
        }
    }

    fn read_rss(&mut self, name: &str, element: &Element, scope: &Scope, problems: &mut Problems) {
        match name {
            "title" => self.title.offer(0, title_text(&html(element, scope))),
            "link" => self.link.offer(1, text_link(element, scope).or_else(|| link_of(element, "href", scope))),
            "guid" | "id" => {
                self.guid.offer(0, element.text());
                self.says_no_permalink |=
                    element.attribute("isPermaLink").is_some_and(|value| value.eq_ignore_ascii_case("false"));
            }
            "description" | "summary" => self.summary.offer(0, Some(html(element, scope))),
            "content" | "body" | "fulltext" => self.content.offer(3, Some(html(element, scope))),
            "pubdate" | "published" => self.published.offer(0, date(element, problems)),
            "date" => self.published.offer(3, date(element, problems)),
            "updated" | "lastbuilddate" => self.updated.offer(2, date(element, problems)),
            "author" => push_name(&mut self.authors, name_of(element)),
            "category" => push_new(&mut self.categories, label(element)),
            "enclosure" => self.files.add_enclosure(element, scope, problems),
            "comments" => self.comments_link.offer(0, text_link(element, scope)),
            "language" => self.language.offer(1, element.text().and_then(|it| language_tag(&it))),
            _ => {}
        }
    }

    fn read_atom(&mut self, name: &str, element: &Element, scope: &Scope, problems: &mut Problems) {
        match name {
            "link" => match &*element.attribute("rel").unwrap_or("alternate").to_ascii_lowercase() {
                "alternate" => self.link.offer(2, link_of(element, "href", scope)),
                "enclosure" => self.files.add_enclosure(element, scope, problems),
                "replies" => self.comments_link.offer(1, link_of(element, "href", scope)),
                _ => {}
            },
            "id" => self.guid.offer(1, element.text()),
            "title" => self.title.offer(1, title_text(&html(element, scope))),
            "summary" => self.summary.offer(1, Some(html(element, scope))),
            "content" => self.content.offer(2, Some(html(element, scope))),
            "published" => self.published.offer(1, date(element, problems)),
            "updated" => self.updated.offer(0, date(element, problems)),
            "author" => push_name(&mut self.authors, name_of(element)),
            "category" => push_new(&mut self.categories, element.attribute("term").map(str::to_owned)),
            _ => {}
        }
    }

    fn read_dublin_core(&mut self, name: &str, element: &Element, problems: &mut Problems) {
        match name {
            "date" | "issued" | "created" => self.published.offer(2, date(element, problems)),
            "modified" => self.updated.offer(1, date(element, problems)),
            "creator" | "author" => push_name(&mut self.authors, element.text().and_then(|it| name_in(&it))),
            "contributor" => push_name(&mut self.other_authors, element.text().and_then(|it| name_in(&it))),
            "subject" => push_new(&mut self.categories, label(element)),
            "title" => self.title.offer(2, element.text().and_then(|it| title_text(&it))),
            "description" | "abstract" => self.summary.offer(2, element.text()),
            "identifier" => self.guid.offer(4, element.text()),
            "language" => self.language.offer(0, element.text().and_then(|it| language_tag(&it))),
            _ => {}
        }
    }

    fn read_media(&mut self, name: &str, element: &Element, scope: &Scope, problems: &mut Problems) {
        // A caption is used only where there is nothing else.
        let plain = |element: &Element| element.text().and_then(|text| body::from_text(&text));
        match name {
            "title" => self.title.offer(4, element.text().and_then(|it| title_text(&it))),
            "description" => self.summary.offer(4, plain(element)),
            _ => self.files.add_media(element, scope, problems),
        }
    }

    fn read_itunes(&mut self, name: &str, element: &Element, scope: &Scope) {
        match name {
            "title" => self.title.offer(3, element.text().and_then(|it| title_text(&it))),
            "author" => push_name(&mut self.other_authors, element.text().and_then(|it| name_in(&it))),
            "summary" => self.summary.offer(3, Some(html(element, scope))),
            "subtitle" => self.summary.offer(5, Some(html(element, scope))),
            "duration" => self.duration.offer(0, element.text().and_then(|it| dates::read_duration(&it))),
            "image" => {
                let image = link_of(element, "href", scope);
                self.files.image = self.files.image.take().or(image);
            }
            _ => {}
        }
    }

    fn finish(self, scope: &Scope, problems: &mut Problems) -> Item {
        let guid = self.guid.take();
        let address = guid.as_deref().and_then(web_address);
        let guid_is_permalink = address.is_some() && !self.says_no_permalink;
        let link = self.link.take().or(address);
        // What a text refers to lies beside its page, unless the feed says otherwise.
        let base = match &link {
            Some(link) if !scope.is_stated => scope.base.at(Some(link.clone())),
            _ => scope.base.clone(),
        };
        let mut prepare = |html: Option<String>| {
            let prepared = body::prepare(&html?, &base)?;
            problems.add_times(Problem::DoubleEscaped, usize::from(prepared.was_escaped_twice));
            Some(prepared.html)
        };
        let (summary, content) = (prepare(self.summary.take()), prepare(self.content.take()));
        let updated = self.updated.take();
        Item {
            guid,
            guid_is_permalink,
            link,
            title: self.title.take(),
            summary,
            content,
            language: self.language.take().or_else(|| scope.language.clone()),
            authors: if self.authors.is_empty() { self.other_authors } else { self.authors },
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

/// Returns the HTML of an element. Only what the document itself states makes addresses absolute here.
fn html(element: &Element, scope: &Scope) -> String {
    let base = if scope.is_stated { scope.base.clone() } else { scope.base.at(None) };
    let stated = Scope { base, ..scope.clone() };
    let is_text = element.attribute("type").is_some_and(|it| it.eq_ignore_ascii_case("text"));
    let html = xhtml::content(element, &stated);
    if is_text && element.namespace == Namespace::Atom { escape(&html) } else { html }
}

fn date(element: &Element, problems: &mut Problems) -> Option<Date> {
    dates::read(&element.text()?, problems)
}

fn text_link(element: &Element, scope: &Scope) -> Option<Url> {
    scope.resolve(&element.text()?)
}

fn link_of(element: &Element, attribute: &str, scope: &Scope) -> Option<Url> {
    scope.resolve(element.attribute(attribute)?)
}

fn label(element: &Element) -> Option<String> {
    title_text(&element.text()?)
}
