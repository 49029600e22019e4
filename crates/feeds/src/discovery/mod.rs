//! Finds the feeds of a site: by patterns of well-known services, by what a page and its headers declare, by the program that
//! made it, by its links, and by paths where feeds usually are. Pure: whoever calls asks the addresses that are guesses.

mod addresses;
mod kinds;
mod link_header;
mod page;
mod patterns;

use url::Url;

pub use kinds::Kind;

/// The most addresses that are guesses: nobody is asked more often for what may not be there.
pub const MAX_GUESSES: usize = 10;

/// The most feeds that are offered.
const MAX_CANDIDATES: usize = 50;

/// A page whose feeds are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its address, after redirects.
    pub url: &'a Url,
    /// Its HTML; empty if it has not been fetched.
    pub html: &'a str,
    /// Its headers `Link`.
    pub link_headers: &'a [&'a str],
}

/// Where a feed was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The address of the page follows the pattern of a service.
    Pattern,
    /// The page or its headers declare it.
    Declared,
    /// The program that the page says it was made by has feeds there.
    Program,
    /// The page links to what may be a feed.
    Linked,
    /// Feeds usually are there.
    WellKnown,
}

impl Origin {
    /// Returns whether there may be no feed at all: it has to be asked before it is offered.
    pub const fn is_guess(self) -> bool {
        matches!(self, Self::Program | Self::Linked | Self::WellKnown)
    }
}

/// What may be a feed of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its address.
    pub url: Url,
    /// Its title, if the page says one.
    pub title: Option<String>,
    /// What it is for.
    pub kind: Kind,
    /// Where it was found.
    pub origin: Origin,
}

/// Returns what may be feeds of a page, the best first: main feeds before comments, and guesses last. Guesses are made only
/// where nothing is declared; those of [`Origin::WellKnown`] need not be asked if a link was one.
pub fn candidates(page: &Page<'_>) -> Vec<Candidate> {
    let found = page::read(page);
    let mut candidates = Candidates::default();
    let addresses = [Some(page.url), found.canonical.as_ref()].into_iter().flatten();
    let by_pattern: Vec<(Url, Origin)> =
        addresses.filter_map(|address| patterns::feed_of(address, &found.marks)).collect();
    for (url, origin) in by_pattern.iter().filter(|(_, origin)| !origin.is_guess()) {
        candidates.add(url.clone(), None, Kind::Main, *origin);
    }
    for link in link_header::read(page.link_headers, page.url).into_iter().chain(found.declared) {
        let kind = kinds::kind_of(&link.url, link.title.as_deref());
        candidates.add(link.url, link.title, kind, Origin::Declared);
    }
    candidates.list.sort_by_key(|candidate| (candidate.kind, candidate.origin));
    if candidates.list.is_empty() {
        for (url, origin) in by_pattern {
            candidates.add_guess(url, Kind::Main, origin);
        }
        for link in found.linked {
            let kind = kinds::kind_of(&link.url, link.title.as_deref());
            candidates.add_guess(link.url, kind, Origin::Linked);
        }
        for url in addresses::well_known(page.url) {
            candidates.add_guess(url, Kind::Main, Origin::WellKnown);
        }
    }
    candidates.list.truncate(MAX_CANDIDATES);
    candidates.list
}

#[derive(Default)]
struct Candidates {
    list: Vec<Candidate>,
}

impl Candidates {
    fn add(&mut self, mut url: Url, title: Option<String>, kind: Kind, origin: Origin) {
        url.set_fragment(None);
        match self.list.iter_mut().find(|known| known.url == url) {
            Some(known) => known.title = known.title.take().or(title),
            None => self.list.push(Candidate { url, title, kind, origin }),
        }
    }

    fn add_guess(&mut self, url: Url, kind: Kind, origin: Origin) {
        if self.list.len() < MAX_GUESSES {
            self.add(url, None, kind, origin);
        }
    }
}
