//! Namespaces by what they mean. Their addresses are written in many ways, and some feeds declare none.

use std::collections::BTreeSet;

use crate::limits::MAX_NAMESPACES;

/// What the elements of a namespace are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// RSS of any version, or none.
    Rss,
    Atom,
    Rdf,
    Content,
    DublinCore,
    Media,
    Itunes,
    Podcast,
    SimpleChapters,
    Syndication,
    FeedBurner,
    Xhtml,
    Xml,
    Unknown,
}

/// Addresses without scheme, `www.`, case and what stands behind the last letter or digit.
const ADDRESSES: &[(&str, Namespace)] = &[
    ("", Namespace::Rss),
    ("purl.org/rss/1.0", Namespace::Rss),
    ("my.netscape.com/rdf/simple/0.9", Namespace::Rss),
    ("channel.netscape.com/rdf/simple/0.9", Namespace::Rss),
    ("my.netscape.com/publish/formats/rss-0.91.dtd", Namespace::Rss),
    ("backend.userland.com/rss", Namespace::Rss),
    ("backend.userland.com/rss2", Namespace::Rss),
    ("backend.userland.com/rss091", Namespace::Rss),
    ("blogs.law.harvard.edu/tech/rss", Namespace::Rss),
    ("cyber.law.harvard.edu/rss/rss.html", Namespace::Rss),
    ("purl.org/net/rss1.1", Namespace::Rss),
    ("w3.org/2005/atom", Namespace::Atom),
    ("purl.org/atom/ns", Namespace::Atom),
    ("example.com/newformat", Namespace::Atom),
    ("w3.org/1999/02/22-rdf-syntax-ns", Namespace::Rdf),
    ("purl.org/rss/1.0/modules/content", Namespace::Content),
    ("purl.org/dc/elements/1.0", Namespace::DublinCore),
    ("purl.org/dc/elements/1.1", Namespace::DublinCore),
    ("purl.org/dc/terms", Namespace::DublinCore),
    ("search.yahoo.com/mrss", Namespace::Media),
    ("tools.search.yahoo.com/mrss", Namespace::Media),
    ("itunes.com/dtds/podcast-1.0.dtd", Namespace::Itunes),
    ("itunes.com/dtds/podcast", Namespace::Itunes),
    ("podcastindex.org/namespace/1.0", Namespace::Podcast),
    ("github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Namespace::Podcast),
    ("podlove.org/simple-chapters", Namespace::SimpleChapters),
    ("purl.org/rss/1.0/modules/syndication", Namespace::Syndication),
    ("rssnamespace.org/feedburner/ext/1.0", Namespace::FeedBurner),
    ("w3.org/1999/xhtml", Namespace::Xhtml),
    ("w3.org/xml/1998/namespace", Namespace::Xml),
];

/// Prefixes that mean something even if nothing declares them.
const PREFIXES: &[(&str, Namespace)] = &[
    ("atom", Namespace::Atom),
    ("a10", Namespace::Atom),
    ("rdf", Namespace::Rdf),
    ("content", Namespace::Content),
    ("dc", Namespace::DublinCore),
    ("dcterms", Namespace::DublinCore),
    ("media", Namespace::Media),
    ("itunes", Namespace::Itunes),
    ("podcast", Namespace::Podcast),
    ("psc", Namespace::SimpleChapters),
    ("sy", Namespace::Syndication),
    ("feedburner", Namespace::FeedBurner),
    ("xhtml", Namespace::Xhtml),
    ("xml", Namespace::Xml),
    ("rss", Namespace::Rss),
];

/// Returns what the namespace with an address means.
fn namespace_of(address: &str) -> Namespace {
    let lower = address.trim().to_ascii_lowercase();
    let bare = lower.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let bare = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
    ADDRESSES.iter().find(|(known, _)| *known == bare).map_or(Namespace::Unknown, |(_, namespace)| *namespace)
}

/// The declarations that hold at a place of a document.
#[derive(Debug, Default)]
pub(crate) struct Declarations {
    /// Depth, prefix, namespace; the innermost last.
    declared: Vec<(usize, String, Namespace)>,
    /// Prefixes that nothing declared.
    pub(crate) undeclared: BTreeSet<String>,
}

impl Declarations {
    /// Notes an attribute that declares a namespace. Returns whether it was one.
    pub(crate) fn declare(&mut self, depth: usize, attribute: &str, address: &str) -> bool {
        let prefix = match attribute.strip_prefix("xmlns") {
            Some("") => "",
            Some(prefix) if prefix.starts_with(':') => &prefix[1..],
            _ => return false,
        };
        if self.declared.len() < MAX_NAMESPACES {
            self.declared.push((depth, prefix.to_owned(), namespace_of(address)));
        }
        true
    }

    /// Forgets the declarations of the elements at `depth` and deeper.
    pub(crate) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|(declared_at, ..)| *declared_at >= depth) {
            self.declared.pop();
        }
    }

    /// Returns the namespace of a prefix; the empty prefix is the default namespace.
    pub(crate) fn resolve(&mut self, prefix: &str) -> Namespace {
        if let Some((depth, _, namespace)) = self.declared.iter().rev().find(|(_, declared, _)| declared == prefix) {
            // Somebody's own address for the whole document.
            let is_foreign_root = prefix.is_empty() && *depth == 0 && *namespace == Namespace::Unknown;
            return if is_foreign_root { Namespace::Rss } else { *namespace };
        }
        if prefix.is_empty() {
            return Namespace::Rss;
        }
        if prefix != "xml" && self.undeclared.len() < MAX_NAMESPACES {
            self.undeclared.insert(prefix.to_owned());
        }
        let known = PREFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix));
        known.map_or(Namespace::Unknown, |(_, namespace)| *namespace)
    }
}
