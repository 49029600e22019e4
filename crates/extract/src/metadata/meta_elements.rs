//! One walk over the whole page, collecting what is known by the names of elements alone: meta elements, links, data
//! for machines, headings. Whatever needs classes or distances is read afterwards, in `visible_lines`.

use std::collections::HashMap;

use dom_query::{Document, NodeRef};
use html5ever::{local_name, ns};
use serde_json::Value;

use crate::dom::short_text;
use crate::dom::tree::{self, Walk, attribute};
use crate::dom::{urls, words};
use crate::metadata::json_ld;

/// Most headings that are looked at.
const MOST_HEADINGS: usize = 80;
/// Most meta elements that are read.
const MOST_METAS: usize = 2_000;

/// The page's `meta` elements: lower-case name → contents in page order.
#[derive(Default)]
pub(super) struct Metas(HashMap<String, Vec<String>>);

impl Metas {
    /// All contents under these names, in the order of the names.
    pub(super) fn all<'m>(&'m self, names: &'m [&'m str]) -> impl Iterator<Item = &'m str> {
        names.iter().filter_map(|name| self.0.get(*name)).flatten().map(String::as_str)
    }

    /// The contents under one name.
    pub(super) fn of(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// What these properties say where each is said once.
    pub(super) fn alone<'m>(&'m self, names: &'m [&'m str]) -> impl Iterator<Item = &'m str> {
        names.iter().filter_map(|name| match self.of(name) {
            [only] => Some(only.as_str()),
            _ => None,
        })
    }

    fn read(&mut self, meta: &NodeRef<'_>) {
        let Some(content) = attribute(meta, "content").or_else(|| attribute(meta, "value")) else { return };
        for kind in ["property", "name", "http-equiv", "itemprop"] {
            let Some(names) = meta.attr(kind) else { continue };
            for name in names.split_ascii_whitespace() {
                let mut name = name.to_ascii_lowercase();
                // Properties may stand in any part of the page and speak of that part: a cited work, a teaser.
                if kind == "itemprop" {
                    name.insert_str(0, "itemprop:");
                }
                self.0.entry(name).or_default().push(content.clone());
            }
        }
    }
}

/// A heading with text.
pub(super) struct Heading<'a> {
    pub(super) node: NodeRef<'a>,
    /// 1, 2 or 3.
    pub(super) rank: u8,
    pub(super) text: String,
    /// The words a title is compared by.
    pub(super) key: String,
}

/// What the walk found.
#[derive(Default)]
pub(super) struct Survey<'a> {
    pub(super) metas: Metas,
    /// The text of the page's `title` element.
    pub(super) title: Option<String>,
    pub(super) headings: Vec<Heading<'a>>,
    pub(super) canonical: Option<String>,
    /// `<link rel=image_src>` and elements with `itemprop=image`.
    pub(super) images: Vec<String>,
    /// Blocks of JSON-LD.
    pub(super) data: Vec<Value>,
}

impl<'a> Survey<'a> {
    /// Walks the page.
    pub(super) fn of(page: &'a Document) -> Self {
        let mut survey = Survey::default();
        let mut metas = 0;
        for node in page.root().descendants_it() {
            let Some(kind) = kind(&node) else { continue };
            match kind {
                Kind::Meta if metas < MOST_METAS => {
                    metas += 1;
                    survey.metas.read(&node);
                }
                Kind::Meta => {}
                Kind::Link => survey.link(&node),
                Kind::Title if survey.title.is_none() => survey.title = short_text::clean_text(&node.text()),
                Kind::Title => {}
                Kind::Heading(rank) => survey.heading(node, rank),
                Kind::Script => survey.script(&node),
                Kind::Picture => survey.picture(&node),
            }
        }
        // Some frameworks put the data for machines into a meta element.
        survey.data.extend(survey.metas.of("script:ld+json").iter().filter_map(|text| json_ld::parse(text)));
        survey
    }

    fn link(&mut self, link: &NodeRef<'_>) {
        let rel = link.attr("rel").unwrap_or_default();
        let has = |word: &str| rel.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(word));
        if self.canonical.is_none() && has("canonical") {
            self.canonical = attribute(link, "href");
        }
        let is_image = has("image_src") || link.attr("itemprop").is_some_and(|name| is_image(&name));
        if is_image {
            self.images.extend(attribute(link, "href"));
        }
    }

    fn picture(&mut self, image: &NodeRef<'_>) {
        if image.attr("itemprop").is_some_and(|name| is_image(&name)) {
            self.images.extend(["content", "src", "data-src"].iter().find_map(|name| attribute(image, name)));
        }
    }

    fn heading(&mut self, node: NodeRef<'a>, rank: u8) {
        if self.headings.len() >= MOST_HEADINGS {
            return;
        }
        if let Some(text) = short_text::clean_text(&short_line(&node)) {
            let key = words::match_key(&text);
            self.headings.push(Heading { node, rank, text, key });
        }
    }

    fn script(&mut self, script: &NodeRef<'_>) {
        let is_data = script.attr("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
        if is_data {
            self.data.extend(json_ld::parse(&script.text()));
        }
    }

    /// The address the page calls its own.
    pub(super) fn canonical(&self, facts: &json_ld::Facts, base: Option<&url::Url>) -> Option<url::Url> {
        let stated =
            self.canonical.as_deref().into_iter().chain(self.metas.all(&["og:url"])).chain(facts.url.as_deref());
        let mut url = stated.into_iter().find_map(|address| urls::resolve_http(address, base))?;
        url.set_fragment(None);
        Some(url)
    }
}

/// Most nodes of one heading that are read.
const MOST_NODES: usize = 400;

/// The text of an element as far as a line of it goes. Elements may be nested in their like without end, so what is read
/// of each is bound.
pub(super) fn short_line(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    let mut nodes = 0;
    tree::walk(
        node,
        |inside| {
            nodes += 1;
            if nodes > MOST_NODES || text.len() > 4 * short_text::MAX_CHARS {
                return Walk::Skip;
            }
            let Some(name) = inside.qual_name_ref() else {
                tree::read_text(inside, |words| text.push_str(words));
                return Walk::Skip;
            };
            if tree::is_non_text(&name.local) || tree::is_ruby_annotation(&name.local) {
                return Walk::Skip;
            }
            if !tree::is_inline(&name.local) {
                text.push(' ');
            }
            Walk::Enter
        },
        |_| {},
    );
    words::one_line(&text, short_text::MAX_CHARS)
}

fn is_image(property: &str) -> bool {
    property.split_ascii_whitespace().any(|name| matches!(name, "image" | "thumbnailUrl" | "contentUrl"))
}

enum Kind {
    Meta,
    Link,
    Title,
    Heading(u8),
    Script,
    Picture,
}

fn kind(node: &NodeRef<'_>) -> Option<Kind> {
    let name = node.qual_name_ref()?;
    Some(match name.local {
        local_name!("meta") => Kind::Meta,
        local_name!("link") => Kind::Link,
        local_name!("title") if name.ns == ns!(html) => Kind::Title,
        local_name!("h1") => Kind::Heading(1),
        local_name!("h2") => Kind::Heading(2),
        local_name!("h3") => Kind::Heading(3),
        local_name!("script") => Kind::Script,
        local_name!("img") => Kind::Picture,
        _ => return None,
    })
}
