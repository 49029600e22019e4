//! Reads a list.

use memchr::memchr_iter;
use url::Url;

use super::builder::{Builder, TOP, feed_address};
use super::report::Outcome;
use super::{Import, Keep, ListedFeed, MAX_FOLDER_DEPTH, MAX_OUTLINES, NotAList, plain, settings};
use crate::decode::decode;
use crate::html::text::{single_spaced, title_text};
use crate::markup::scanner::{Dialect, Piece, Scanner, Tag};
use crate::markup::tree::{attribute_of, has_local_name};
use crate::problems::Problems;

/// Reads a list: OPML, or addresses line by line. `may_fetch` says whether an address may be fetched at all.
///
/// Takes time and memory linear in the size of the file, whatever its nesting.
///
/// # Errors
///
/// Nothing in it is an outline or a link.
pub fn read(bytes: &[u8], may_fetch: &dyn Fn(&Url) -> bool) -> Result<Import, NotAList> {
    let text = decode(bytes, None, &mut Problems::default());
    let mut reader =
        Reader { builder: Builder::default(), may_fetch, open: Vec::new(), prefixes: Vec::new(), count: 0 };
    if reader.read_outlines(&text) {
        return Ok(Import { list: reader.builder.list, report: reader.builder.report });
    }
    let import = plain::read(&text, may_fetch);
    if import.list.feeds.is_empty() && import.report.iter().all(|line| !line.outcome.is_refusal()) {
        return Err(NotAList);
    }
    Ok(import)
}

struct Reader<'a> {
    builder: Builder,
    may_fetch: &'a dyn Fn(&Url) -> bool,
    /// The folders around the current outline.
    open: Vec<usize>,
    /// The prefixes that mean our namespace.
    prefixes: Vec<String>,
    count: usize,
}

/// An outline, and where it stands.
struct Outline<'t, 'a> {
    tag: &'t Tag<'a>,
    line: usize,
    name: Option<String>,
}

impl Reader<'_> {
    /// Reads the outlines of a document. Returns whether it is one of OPML.
    fn read_outlines(&mut self, text: &str) -> bool {
        let mut scanner = Scanner::new(text, Dialect::Xml);
        let (mut is_opml, mut line, mut counted) = (false, 1, 0);
        let mut title_begins = None;
        while let Some((range, piece)) = scanner.next_piece() {
            line += memchr_iter(b'\n', &text.as_bytes()[counted..range.start]).count();
            counted = range.start;
            match piece {
                Piece::Doctype(it) if it.contains("<!ENTITY") => {
                    self.builder.say(line, "", Outcome::DeclaresEntities);
                }
                Piece::Start(tag) if has_local_name(&tag, &["outline"]) => {
                    is_opml = true;
                    self.count += 1;
                    if self.count > MAX_OUTLINES {
                        self.builder.say(line, "", Outcome::Truncated);
                        return true;
                    }
                    self.note_namespaces(&tag);
                    self.open(&tag, line);
                }
                Piece::End(name) if name.eq_ignore_ascii_case("outline") => _ = self.open.pop(),
                Piece::Start(tag) => {
                    is_opml |= has_local_name(&tag, &["opml"]);
                    self.note_namespaces(&tag);
                    title_begins = has_local_name(&tag, &["title"]).then_some(range.end);
                }
                Piece::End(name) if name.eq_ignore_ascii_case("title") && is_opml => {
                    let title = title_begins.take().and_then(|start| title_text(&text[start..range.start]));
                    self.builder.list.title = self.builder.list.title.take().or(title);
                }
                _ => {}
            }
        }
        if is_opml && scanner.faults.is_cut_off {
            self.builder.say(line, "", Outcome::Truncated);
        }
        is_opml
    }

    fn note_namespaces(&mut self, tag: &Tag<'_>) {
        const MAX_PREFIXES: usize = 10;
        for attribute in &tag.attributes {
            let prefix = attribute.name.strip_prefix("xmlns:").filter(|_| attribute.value == settings::NAMESPACE);
            if let Some(prefix) = prefix
                && self.prefixes.len() < MAX_PREFIXES
            {
                self.prefixes.push(prefix.to_owned());
            }
        }
    }

    /// Reads the start of an outline: a feed, a folder, or something to skip.
    fn open(&mut self, tag: &Tag<'_>, line: usize) {
        let name = ["text", "title"].iter().find_map(|name| title_text(attribute_of(tag, name)?));
        let outline = Outline { tag, line, name };
        let kind = attribute_of(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let is_feed_type = matches!(&*kind, "rss" | "atom" | "feed" | "json" | "rdf");
        let address = attribute_of(tag, "xmlUrl").or_else(|| attribute_of(tag, "feedUrl"));
        let address = address.or_else(|| attribute_of(tag, "url").filter(|_| is_feed_type));
        let around = self.open.last().copied().unwrap_or(TOP);
        let mut inside = around;
        let has_link = ["url", "htmlUrl"].iter().any(|name| attribute_of(tag, name).is_some());
        match address {
            _ if kind == "include" => self.skip(&outline, Outcome::Inclusion),
            Some(address) => self.add(&outline, around, address),
            None if has_link && (tag.is_closed || kind == "link") => self.skip(&outline, Outcome::LinkOnly),
            None if is_feed_type && tag.is_closed => self.skip(&outline, Outcome::NoAddress),
            None if self.open.len() >= MAX_FOLDER_DEPTH => {}
            None => {
                if let Some(name) = &outline.name {
                    match self.builder.folder(around, name) {
                        Some(folder) => {
                            self.take_keep(&outline, settings::read(tag, &self.prefixes).keep);
                            inside = folder;
                        }
                        None => self.skip(&outline, Outcome::TooManyFolders),
                    }
                }
            }
        }
        if !tag.is_closed {
            self.open.push(inside);
        }
    }

    fn skip(&mut self, outline: &Outline<'_, '_>, outcome: Outcome) {
        let name = outline.name.clone().or_else(|| attribute_of(outline.tag, "url").map(str::to_owned));
        self.builder.say(outline.line, name.unwrap_or_default(), outcome);
    }

    /// Returns how long articles stay if that removes none, and reports any other.
    fn take_keep(&mut self, outline: &Outline<'_, '_>, keep: Option<Keep>) -> Option<Keep> {
        if keep.is_some_and(Keep::is_limit) {
            self.skip(outline, Outcome::LimitIgnored);
        }
        keep.filter(|keep| !keep.is_limit())
    }

    fn add(&mut self, outline: &Outline<'_, '_>, folder: usize, address: &str) {
        let Outline { tag, line, name } = outline;
        let shown = name.clone().unwrap_or_else(|| address.to_owned());
        let Some(url) = feed_address(address) else {
            return self.builder.say(*line, shown, Outcome::UnusableAddress);
        };
        if !(self.may_fetch)(&url) {
            return self.builder.say(*line, shown, Outcome::ForbiddenAddress);
        }
        let name = name.clone().or_else(|| single_spaced(url.host_str()?)).unwrap_or_default();
        let mut settings = settings::read(tag, &self.prefixes);
        settings.keep = self.take_keep(outline, settings.keep);
        let feed = ListedFeed {
            site_link: attribute_of(tag, "htmlUrl").and_then(feed_address).filter(|url| (self.may_fetch)(url)),
            settings,
            url,
            name,
        };
        let outcome = match self.builder.add(folder, feed) {
            Outcome::Added if self.open.len() > MAX_FOLDER_DEPTH => Outcome::TooDeep,
            Outcome::Added if tag.is_repaired => Outcome::Repaired,
            outcome => outcome,
        };
        self.builder.say(*line, shown, outcome);
    }
}
