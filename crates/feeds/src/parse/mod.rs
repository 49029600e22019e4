//! From bytes to a [`Feed`].

mod atom;
mod best;
mod chapters;
mod finish;
mod json;
mod json_parts;
mod media;
mod not_a_feed;
mod persons;
mod rhythm;
mod root;
mod rss;
mod rss_item;

use url::Url;

use crate::decode::decode;
use crate::feed::{Feed, Format};
use crate::markup::base::Base;
use crate::markup::namespaces::Namespace;
use crate::markup::scope::Scope;
use crate::markup::tree::{self, Element, Repairs};
use crate::problems::{Problem, Problems};

pub use not_a_feed::NotAFeed;

/// A document as it was served.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Its bytes, without the content encoding of HTTP.
    pub bytes: &'a [u8],
    /// Its address, after redirects.
    pub url: Option<&'a Url>,
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
}

/// What the formats have in common to work with.
struct Context {
    scope: Scope,
    problems: Problems,
}

/// Reads a feed. What is broken is repaired and told in [`Feed::problems`]; only what is no feed at all is an error.
///
/// Never panics, and takes time and memory linear in the size of the document.
///
/// ```
/// let bytes = b"<rss><channel><title>Rain</title><item><title>Wet &amp; cold</title></item></channel></rss>";
/// let feed = feeds::parse(&feeds::Document { bytes, url: None, content_type: None }).expect("a feed");
/// assert_eq!(feed.title.as_deref(), Some("Rain"));
/// assert_eq!(feed.items[0].title.as_deref(), Some("Wet & cold"));
/// ```
///
/// # Errors
///
/// The document is something else than a feed.
pub fn parse(document: &Document<'_>) -> Result<Feed, NotAFeed> {
    let mut problems = Problems::default();
    let text = decode(document.bytes, document.content_type, &mut problems);
    let scope = Scope { base: Base::of_document(document.url), is_stated: false, language: None };
    if let Some(content_type) = document.content_type
        && !is_type_of_feeds(content_type)
    {
        problems.add(Problem::WrongContentType);
    }
    let mut context = Context { scope, problems };
    let feed = if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        json::read(&text, &mut context)?
    } else {
        let root = root::find(&text)?;
        context.problems.add_times(Problem::JunkBeforeDeclaration, usize::from(root.has_junk_before));
        context.problems.add_times(Problem::DeclaresEntities, usize::from(root.declares_entities));
        read_xml(&text, root.start, &mut context).ok_or(NotAFeed::Unknown)?
    };
    Ok(finish::finish(feed, context.problems))
}

fn read_xml(text: &str, start: usize, context: &mut Context) -> Option<Feed> {
    let (root, repairs) = tree::read(&text[start..], |_| true)?;
    note_repairs(&repairs, &mut context.problems);
    let scope = context.scope.inside(&root);
    Some(match &*root.local_name().to_ascii_lowercase() {
        "feed" => atom::read(&root, &scope, context),
        "rdf" => rss::read(&root, &scope, Format::Rdf, context),
        _ => rss::read(&root, &scope, Format::Rss, context),
    })
}

fn note_repairs(repairs: &Repairs, problems: &mut Problems) {
    problems.add_times(Problem::Truncated, usize::from(!repairs.cut_off.is_empty()));
    problems.add_times(Problem::BrokenMarkup, repairs.tags);
    problems.add_times(Problem::BareAmpersand, repairs.bare_ampersands);
    problems.add_times(Problem::UndeclaredEntity, repairs.html_names);
    problems.add_times(Problem::InvalidCharacter, repairs.forbidden_characters);
    problems.add_times(Problem::UndeclaredNamespace, repairs.undeclared_prefixes.len());
    problems.add_times(Problem::ExceedsLimits, usize::from(repairs.exceeds_limits));
}

/// Returns whether a header names a type that feeds are served as.
fn is_type_of_feeds(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["xml", "json", "rss", "atom", "rdf"].iter().any(|part| media_type.contains(part)) && !media_type.contains("xhtml")
}

/// Returns whether an element belongs to RSS itself; any of its names, whatever the case.
fn is_rss(element: &Element, name: &str) -> bool {
    element.is(Namespace::Rss, name)
}
