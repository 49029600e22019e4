//! Exports that are pages: bookmarks of browsers and of many services, and the older files of Pocket and Instapaper. Read as
//! a row of tags, since their folders are nested in four different ways. Pure.

use crate::ingest::intake::exports::Service;
use crate::ingest::intake::exports::dates::parse_date;
use crate::ingest::intake::exports::saved_link::{LeftOut, Record, SavedLink, shorten};
use crate::ingest::intake::html_tokens::{Attributes, HtmlToken, read_tokens};

/// Attributes that hold tags.
const TAG_ATTRIBUTES: &[&str] = &["tags", "tag", "labels", "folders", "list"];

/// Headings that say what was done with the links below, in services that write them so; elsewhere they are names.
const ARCHIVE_FOLDERS: &[&str] = &["read archive", "archive", "archived"];
const STARRED_FOLDERS: &[&str] = &["starred", "favorite"];

/// Headings that every reader has.
const NEUTRAL_FOLDERS: &[&str] = &[
    "unread",
    "uncategorized",
    "unsorted",
    "unlabeled",
    "my list",
    "reading list",
    "bookmarks",
    "bookmarks menu",
    "bookmarks bar",
    "bookmarks toolbar",
    "other bookmarks",
    "mobile bookmarks",
    "favorites",
    "favourites",
];

/// Folders deeper than this are taken for the last one.
const MAX_DEPTH: usize = 100;

/// Bytes of a page that are looked at to recognise it.
const START: usize = 4096;

/// Reads bookmarks; `None` for any other page.
pub(super) fn read_bookmarks(html: &str) -> Option<(Service, Vec<Record>)> {
    let start = html[..html.floor_char_boundary(START)].to_ascii_lowercase();
    let service = if start.contains("<title>pocket export</title>") {
        Service::Pocket
    } else if start.contains("<title>instapaper: export</title>") {
        Service::Instapaper
    } else if start.contains("netscape-bookmark-file-1") || is_bare_list(&start) {
        Service::Bookmarks
    } else {
        return None;
    };
    let names_states = service != Service::Bookmarks || start.contains("<title>readeck bookmarks</title>");
    Some((service, Reader::new(service, names_states).read(html)))
}

/// Returns whether a page without the doctype of bookmarks begins like them. Pages of the web have lists of links, too, but
/// say that they are HTML.
fn is_bare_list(start: &str) -> bool {
    !start.contains("<!doctype html") && start.contains("<dl") && start.contains("<dt><a ")
}

/// A folder that is open.
struct Folder {
    name: String,
    /// The browser's own, such as its toolbar: no name that the reader gave.
    is_own: bool,
}

/// Reads the links of a page, one token at a time.
struct Reader {
    service: Service,
    /// Some folders say what was done with the links in them.
    names_states: bool,
    folders: Vec<Folder>,
    /// Open folders below these.
    deeper: usize,
    /// The last heading, until a list takes it.
    heading: Option<Folder>,
    /// What the text now is part of.
    inside: Inside,
    text: String,
    link: Option<Attributes>,
    records: Vec<Record>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Heading,
    Link,
    /// The words below a link.
    Note,
}

impl Reader {
    const fn new(service: Service, names_states: bool) -> Self {
        Self {
            service,
            names_states,
            folders: Vec::new(),
            deeper: 0,
            heading: None,
            inside: Inside::Nothing,
            text: String::new(),
            link: None,
            records: Vec::new(),
        }
    }

    fn read(mut self, html: &str) -> Vec<Record> {
        for token in read_tokens(html) {
            match token {
                HtmlToken::Start(tag, attributes) => self.start(&tag, attributes),
                HtmlToken::End(tag) => self.end(&tag),
                HtmlToken::Text(text) => self.text.push_str(&text),
            }
        }
        self.close_text();
        self.records
    }

    fn start(&mut self, tag: &str, attributes: Attributes) {
        match tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.begin_text(Inside::Heading);
                let is_own = ["personal_toolbar_folder", "unfiled_bookmarks_folder"]
                    .iter()
                    .any(|name| attributes.find(name).is_some());
                let is_title = tag == "h1" && self.service == Service::Bookmarks;
                self.heading = Some(Folder { name: String::new(), is_own: is_own || is_title });
            }
            "dl" | "ul" | "ol" | "menu" => {
                self.begin_text(Inside::Nothing);
                let folder = self.heading.take().unwrap_or(Folder { name: String::new(), is_own: true });
                if self.folders.len() < MAX_DEPTH {
                    self.folders.push(folder);
                } else {
                    self.deeper += 1;
                }
            }
            "a" if self.inside != Inside::Note => {
                self.begin_text(Inside::Link);
                self.link = Some(attributes);
            }
            "dt" | "li" => self.begin_text(Inside::Nothing),
            "dd" => self.begin_text(Inside::Note),
            _ => {}
        }
    }

    fn end(&mut self, tag: &str) {
        match tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "a" if self.inside != Inside::Note => self.close_text(),
            "dl" | "ul" | "ol" | "menu" => {
                self.close_text();
                if self.deeper > 0 {
                    self.deeper -= 1;
                } else {
                    self.folders.pop();
                }
            }
            _ => {}
        }
    }

    fn begin_text(&mut self, inside: Inside) {
        self.close_text();
        self.inside = inside;
    }

    /// Gives the text to what it is part of.
    fn close_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        match std::mem::replace(&mut self.inside, Inside::Nothing) {
            Inside::Heading => {
                if let Some(heading) = &mut self.heading {
                    heading.name = text.split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            Inside::Link => {
                if let Some(attributes) = self.link.take() {
                    let record = self.read_link(&attributes, &text);
                    self.records.push(record);
                }
            }
            Inside::Note => {
                // Behind a heading, they are about the folder.
                if self.heading.is_none()
                    && let Some(Ok(link)) = self.records.last_mut()
                    && !text.trim().is_empty()
                    && link.highlights.is_empty()
                {
                    link.add_highlight("", Some(&text), None);
                }
            }
            Inside::Nothing => {}
        }
    }

    fn read_link(&self, attributes: &Attributes, title: &str) -> Record {
        let place = format!("link {}", self.records.len() + 1);
        let href = attributes.find("href").unwrap_or_default();
        if href.contains("%s") {
            let reason = "It is a search keyword, not a page.".to_owned();
            return Err(LeftOut { place, text: shorten(href), reason });
        }
        let mut link = SavedLink::new(place, href, title)?;
        let dates = ["add_date", "time_added", "last_modified"].iter().filter_map(|name| attributes.find(name));
        link.saved_at = dates.filter_map(parse_date).next();
        for tags in TAG_ATTRIBUTES.iter().filter_map(|name| attributes.find(name)) {
            link.add_tags(tags.split(','));
        }
        link.starred = attributes.find("data-important").is_some_and(|value| value != "false" && value != "0");
        link.archived = attributes.find("toread") == Some("0");
        for folder in self.folders.iter().filter(|folder| !folder.is_own) {
            match folder.name.to_lowercase().as_str() {
                name if self.names_states && ARCHIVE_FOLDERS.contains(&name) => link.archived = true,
                name if self.names_states && STARRED_FOLDERS.contains(&name) => link.starred = true,
                name if NEUTRAL_FOLDERS.contains(&name) => {}
                _ => link.add_tags([folder.name.as_str()]),
            }
        }
        Ok(link)
    }
}
