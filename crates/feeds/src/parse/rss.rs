//! RSS of all versions, with the elements of others that stand in it.

use super::best::Best;
use super::persons::{name_in, name_of, push_name};
use super::{Context, is_rss, rhythm, rss_item};
use crate::feed::{Feed, Format, Item};
use crate::html::text::title_text;
use crate::html::xhtml;
use crate::limits::MAX_ITEMS;
use crate::markup::namespaces::Namespace;
use crate::markup::scope::{Scope, language_tag};
use crate::markup::tree::Element;
use crate::problems::Problem;

/// Reads a channel. In RSS 0.90 and 1.0 the items stand beside it, else in it.
pub(super) fn read(root: &Element, scope: &Scope, format: Format, context: &mut Context) -> Feed {
    let channel = root.elements().find(|element| is_rss(element, "channel")).unwrap_or(root);
    let channel_scope = scope.inside(channel);
    let mut draft = Draft::default();
    for element in channel.elements() {
        draft.read(element, &channel_scope.inside(element));
    }
    let site_link = draft.site_link.take();
    let mut feed = Feed {
        format,
        id: None,
        title: draft.title.take(),
        description: draft.description.take(),
        self_link: draft.self_link.take(),
        hubs: draft.hubs,
        language: draft.language.take().or(channel_scope.language.clone()),
        authors: draft.authors,
        icon: draft.icon.take(),
        rhythm: rhythm::read(channel),
        items: Vec::new(),
        problems: Default::default(),
        site_link,
    };
    feed.items = read_items(root, channel, scope, &feed, context);
    feed
}

fn read_items(root: &Element, channel: &Element, scope: &Scope, feed: &Feed, context: &mut Context) -> Vec<Item> {
    let is_same = std::ptr::eq(root, channel);
    // Relative links are those of the site; only what a document states itself is better.
    let with_site = |scope: Scope| match (&feed.site_link, scope.is_stated) {
        (Some(site), false) => Scope { base: scope.base.at(Some(site.clone())), ..scope },
        _ => scope,
    };
    let language = |scope: Scope| Scope { language: scope.language.clone().or(feed.language.clone()), ..scope };
    let beside = root.elements().filter(|_| !is_same).map(|element| (element, scope));
    let channel_scope = scope.inside(channel);
    let inside = channel.elements().map(|element| (element, &channel_scope));
    // RSS 1.1 has a list of items.
    let listed = channel.elements().filter(|element| is_rss(element, "items")).flat_map(Element::elements);
    let listed = listed.map(|element| (element, &channel_scope));
    let is_item = |element: &Element| is_rss(element, "item") || is_rss(element, "entry");
    let mut items = Vec::new();
    for (element, scope) in inside.chain(listed).chain(beside).filter(|(element, _)| is_item(element)) {
        if items.len() >= MAX_ITEMS {
            context.problems.add(Problem::ExceedsLimits);
            break;
        }
        let scope = language(with_site(scope.inside(element)));
        items.push(rss_item::read(element, &scope, &mut context.problems));
    }
    items
}

/// What a channel says of itself.
#[derive(Default)]
struct Draft {
    title: Best<String>,
    description: Best<String>,
    site_link: Best<url::Url>,
    self_link: Best<url::Url>,
    hubs: Vec<url::Url>,
    language: Best<String>,
    authors: Vec<String>,
    icon: Best<url::Url>,
}

impl Draft {
    fn read(&mut self, element: &Element, scope: &Scope) {
        let title = || title_text(&xhtml::content(element, scope));
        let name = element.local_name().to_ascii_lowercase();
        match (element.namespace, &*name) {
            (Namespace::Rss, "title") => self.title.offer(0, title()),
            (Namespace::DublinCore | Namespace::Itunes, "title") => self.title.offer(1, title()),
            (Namespace::Rss, "description" | "tagline") => self.description.offer(0, title()),
            (Namespace::Itunes, "summary" | "subtitle") => self.description.offer(1, title()),
            (Namespace::Rss, "link") => {
                let address = element.text().or_else(|| element.attribute("href").map(str::to_owned));
                self.site_link.offer(0, address.and_then(|address| scope.resolve(&address)));
            }
            (Namespace::Atom, "link") => self.read_atom_link(element, scope),
            (Namespace::Rss, "language") => self.language.offer(0, element.text().and_then(|it| language_tag(&it))),
            (Namespace::DublinCore, "language") => {
                self.language.offer(1, element.text().and_then(|it| language_tag(&it)));
            }
            (Namespace::Rss, "managingeditor" | "author")
            | (Namespace::DublinCore, "creator")
            | (Namespace::Itunes, "author") => {
                push_name(&mut self.authors, element.text().and_then(|it| name_in(&it)));
            }
            (Namespace::Atom, "author") => push_name(&mut self.authors, name_of(element)),
            (Namespace::Rss, "image") => {
                let address = element.elements().find(|child| is_rss(child, "url")).and_then(Element::text);
                self.icon.offer(0, address.and_then(|address| scope.resolve(&address)));
            }
            (Namespace::Itunes, "image") => {
                self.icon.offer(1, element.attribute("href").and_then(|href| scope.resolve(href)));
            }
            _ => {}
        }
    }

    fn read_atom_link(&mut self, element: &Element, scope: &Scope) {
        let url = element.attribute("href").and_then(|href| scope.resolve(href));
        match element.attribute("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
            "self" => self.self_link.offer(0, url),
            "hub" => self.hubs.extend(url.filter(|_| self.hubs.len() < 10)),
            "alternate" => self.site_link.offer(1, url),
            _ => {}
        }
    }
}
