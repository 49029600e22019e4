//! One walk over the whole page that collects what element names alone identify: meta elements, links, JSON-LD,
//! headings. Whatever needs classes or distances is collected by `visible_lines`.

use std::collections::HashMap;

use dom_query::{Document, NodeRef};
use html5ever::{local_name, ns};
use serde_json::Value;

use crate::dom::short_text;
use crate::dom::tree::{self, Walk, attribute};
use crate::dom::{urls, words};
use crate::metadata::json_ld;

/// Maximum number of headings.
const MAX_HEADINGS: usize = 80;
/// The rank of a line that shows the title and is no heading.
const TITLE_LINE_RANK: u8 = 7;
/// Maximum number of meta elements.
const MAX_META_ELEMENTS: usize = 2_000;

/// The `meta` elements of the page: contents in page order by lower-case name.
#[derive(Default)]
pub(super) struct MetaElements(HashMap<String, Vec<String>>);

impl MetaElements {
    /// Returns all contents for these names, in the order of the names.
    pub(super) fn contents<'m>(&'m self, names: &'m [&'m str]) -> impl Iterator<Item = &'m str> {
        names.iter().filter_map(|name| self.0.get(*name)).flatten().map(String::as_str)
    }

    /// Returns the contents for one name.
    pub(super) fn get(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the contents for these names where each occurs once.
    pub(super) fn unique<'m>(&'m self, names: &'m [&'m str]) -> impl Iterator<Item = &'m str> {
        names.iter().filter_map(|name| match self.get(name) {
            [only] => Some(only.as_str()),
            _ => None,
        })
    }

    fn add(&mut self, meta: &NodeRef<'_>) {
        let Some(content) = attribute(meta, "content").or_else(|| attribute(meta, "value")) else { return };
        for kind in ["property", "name", "http-equiv", "itemprop"] {
            let Some(names) = meta.attr(kind) else { continue };
            for name in names.split_ascii_whitespace() {
                let mut name = name.to_ascii_lowercase();
                // Microdata may describe any part of the page: a cited work, a teaser.
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
    /// Normalized text for comparison with titles.
    pub(super) key: String,
}

/// The elements found.
#[derive(Default)]
pub(super) struct PageElements<'a> {
    pub(super) metas: MetaElements,
    /// Text of the `title` element.
    pub(super) title_element: Option<String>,
    pub(super) headings: Vec<Heading<'a>>,
    canonical_href: Option<String>,
    /// From `<link rel=image_src>` and elements with `itemprop=image`.
    pub(super) image_urls: Vec<String>,
    /// Parsed JSON-LD blocks.
    pub(super) json_ld: Vec<Value>,
}

impl<'a> PageElements<'a> {
    /// Collects the elements of a page.
    pub(super) fn collect(page: &'a Document) -> Self {
        let mut elements = PageElements::default();
        let mut metas = 0;
        for node in page.root().descendants_it() {
            let Some(kind) = element_kind(&node) else { continue };
            match kind {
                ElementKind::Meta if metas < MAX_META_ELEMENTS => {
                    metas += 1;
                    elements.metas.add(&node);
                }
                ElementKind::Meta => {}
                ElementKind::Link => elements.add_link(&node),
                ElementKind::Title if elements.title_element.is_none() => {
                    elements.title_element = short_text::clean_text(&node.text())
                }
                ElementKind::Title => {}
                ElementKind::Heading(rank) => elements.add_heading(node, rank),
                ElementKind::Script => elements.add_script(&node),
                ElementKind::Image => elements.add_image(&node),
            }
        }
        // Some frameworks put JSON-LD into a meta element.
        elements.json_ld.extend(elements.metas.get("script:ld+json").iter().filter_map(|text| json_ld::parse(text)));
        elements
    }

    fn add_link(&mut self, link: &NodeRef<'_>) {
        let rel = link.attr("rel").unwrap_or_default();
        let has = |word: &str| rel.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(word));
        if self.canonical_href.is_none() && has("canonical") {
            self.canonical_href = attribute(link, "href");
        }
        let is_image = has("image_src") || link.attr("itemprop").is_some_and(|name| is_image_property(&name));
        if is_image {
            self.image_urls.extend(attribute(link, "href"));
        }
    }

    fn add_image(&mut self, image: &NodeRef<'_>) {
        if image.attr("itemprop").is_some_and(|name| is_image_property(&name)) {
            self.image_urls.extend(["content", "src", "data-src"].iter().find_map(|name| attribute(image, name)));
        }
    }

    fn add_heading(&mut self, node: NodeRef<'a>, rank: u8) {
        if self.headings.len() >= MAX_HEADINGS {
            return;
        }
        if let Some(text) = short_text::clean_text(&line_text(&node)) {
            let key = words::match_key(&text);
            self.headings.push(Heading { node, rank, text, key });
        }
    }

    /// Adds the line that shows the title where no heading does: an element in bold type or named after it whose text is the longest part
    /// of the title element. `parts` are the keys of these parts.
    pub(super) fn add_title_line(&mut self, page: &'a Document, parts: &[String]) {
        let Some(longest) = parts.iter().max_by_key(|part| part.len()) else { return };
        // Another heading of the first rank may say it in other words, unless it is the site's name.
        let is_title =
            |heading: &Heading<'_>| heading.key == *longest || heading.rank == 1 && !parts.contains(&heading.key);
        if longest.split(' ').count() < 3 || self.headings.iter().any(is_title) {
            return;
        }
        let is_line = |node: &NodeRef<'_>| {
            let is_named = || node.attr("class").is_some_and(|classes| classes.to_ascii_lowercase().contains("title"));
            let is_line = tree::has_name(node, &["strong", "b"])
                || tree::has_name(node, &["a", "span", "div", "p", "td"]) && is_named();
            is_line && words::match_key(&line_text(node)) == *longest
        };
        if let Some(line) = page.root().descendants_it().find(is_line) {
            self.add_heading(line, TITLE_LINE_RANK);
        }
    }

    fn add_script(&mut self, script: &NodeRef<'_>) {
        let is_data = script.attr("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
        if is_data {
            self.json_ld.extend(json_ld::parse(&script.text()));
        }
    }

    /// Returns the URL that the page states as its own.
    pub(super) fn canonical_url(&self, facts: &json_ld::JsonLdFacts, base: Option<&url::Url>) -> Option<url::Url> {
        let stated = self
            .canonical_href
            .as_deref()
            .into_iter()
            .chain(self.metas.contents(&["og:url"]))
            .chain(facts.url.as_deref());
        let mut url = stated.into_iter().find_map(|text| urls::resolve_http(text, base))?;
        url.set_fragment(None);
        Some(url)
    }
}

/// Maximum nodes of a heading.
const MAX_HEADING_NODES: usize = 400;

/// Returns the text of an element, cut to the length of a line. The number of nodes is limited, since elements may be
/// nested without end.
pub(super) fn line_text(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    let mut nodes = 0;
    tree::walk(
        node,
        |inside| {
            nodes += 1;
            if nodes > MAX_HEADING_NODES || text.len() > 4 * short_text::MAX_CHARS {
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

fn is_image_property(property: &str) -> bool {
    property.split_ascii_whitespace().any(|name| matches!(name, "image" | "thumbnailUrl" | "contentUrl"))
}

enum ElementKind {
    Meta,
    Link,
    Title,
    Heading(u8),
    Script,
    Image,
}

fn element_kind(node: &NodeRef<'_>) -> Option<ElementKind> {
    let name = node.qual_name_ref()?;
    Some(match name.local {
        local_name!("meta") => ElementKind::Meta,
        local_name!("link") => ElementKind::Link,
        local_name!("title") if name.ns == ns!(html) => ElementKind::Title,
        local_name!("h1") => ElementKind::Heading(1),
        local_name!("h2") => ElementKind::Heading(2),
        local_name!("h3") => ElementKind::Heading(3),
        local_name!("script") => ElementKind::Script,
        local_name!("img") => ElementKind::Image,
        _ => return None,
    })
}
