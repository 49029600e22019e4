//! Exports that are an array of saved links: Pinboard, wallabag, Omnivore, Readeck and others.

use serde_json::Value;

use super::{flag, items, names, plain, text};
use crate::ingest::intake::exports::Service;
use crate::ingest::intake::exports::dates::parse_date;
use crate::ingest::intake::exports::saved_link::{LeftOut, PageSource, Record, SavedLink, StoredPage, clean_title};

type ReadItem = fn(String, &Value) -> Option<Record>;

/// Keys that tell the lists of each service; those behind the service are the ones that may be missing.
const SERVICES: &[(&[&str], Service, ReadItem)] = &[
    (&["href", "toread"], Service::Pinboard, read_pinboard),
    (&["href", "description", "time"], Service::Pinboard, read_pinboard),
    (&["url", "is_archived", "is_starred"], Service::Wallabag, read_wallabag),
    (&["url", "is_read", "is_fav"], Service::Wallabag, read_wallabag),
    (&["slug", "savedAt", "labels"], Service::Omnivore, read_omnivore),
    (&["href", "labels", "read_progress"], Service::Readeck, read_readeck_api),
    (&["url", "addedAt"], Service::Links, read_links),
    (&["url", "content", "published"], Service::Feedbin, read_feedbin),
    (&["url", "highlights"], Service::Links, read_links),
    (&["url", "title"], Service::Links, read_links),
    (&["url", "created"], Service::Links, read_links),
    (&["url", "tags"], Service::Links, read_links),
];

/// Finds the service whose lists have items like these: most of them.
pub(super) fn find(samples: &[Value]) -> Option<(Service, ReadItem)> {
    let fits = |keys: &[&str]| {
        let fitting = samples.iter().filter(|item| keys.iter().all(|key| item.get(key).is_some())).count();
        fitting > 0 && fitting * 2 >= samples.len()
    };
    SERVICES.iter().find(|(keys, ..)| fits(keys)).map(|(_, service, read)| (*service, *read))
}

fn add_names(link: &mut SavedLink, tags: &[String]) {
    link.add_tags(tags.iter().map(String::as_str));
}

fn read_pinboard(place: String, item: &Value) -> Option<Record> {
    Some(SavedLink::new(place, &text(item, "href"), &text(item, "description")).map(|mut link| {
        link.saved_at = parse_date(&text(item, "time"));
        link.add_tags(text(item, "tags").split_whitespace());
        // Many kept thousands of bookmarks there that were never to be read.
        link.archived = text(item, "toread") == "no";
        link.add_highlight("", Some(&text(item, "extended")), None);
        link
    }))
}

fn read_wallabag(place: String, item: &Value) -> Option<Record> {
    let url = ["url", "given_url", "origin_url"].iter().map(|key| text(item, key)).find(|url| !url.is_empty());
    Some(SavedLink::new(place, &url.unwrap_or_default(), &plain(&text(item, "title"))).map(|mut link| {
        link.saved_at = parse_date(&text(item, "created_at"));
        add_names(&mut link, &names(item, "tags"));
        link.archived = flag(item, "is_archived") || flag(item, "is_read");
        link.starred = flag(item, "is_starred") || flag(item, "is_fav");
        let html = text(item, "content");
        if !html.trim().is_empty() && !html.starts_with("wallabag can't retrieve contents") {
            let author = Some(names(item, "published_by").join(", ")).filter(|author| !author.is_empty());
            link.page = Some(StoredPage::Html(PageSource { html, author, published: published(item, "published_at") }));
        }
        for note in items(item, "annotations") {
            link.add_highlight(&text(note, "quote"), Some(&text(note, "text")), parse_date(&text(note, "created_at")));
        }
        link
    }))
}

fn published(item: &Value, name: &str) -> Option<String> {
    Some(text(item, name)).filter(|date| !date.is_empty())
}

/// Reads an item of Omnivore's metadata. Its page, if there is one, is in the archive under its slug.
pub fn read_omnivore(place: String, item: &Value) -> Option<Record> {
    let (url, title) = (text(item, "url"), text(item, "title"));
    // Letters and texts have an address that leads nowhere.
    let has_no_url = url.contains("://omnivore.") && url.contains("/no_url");
    let begun = if has_no_url {
        Ok(SavedLink { place, title: clean_title(&title, &url), ..SavedLink::default() })
    } else {
        SavedLink::new(place, &url, &title)
    };
    Some(begun.map(|mut link| {
        link.saved_at = parse_date(&text(item, "savedAt"));
        add_names(&mut link, &names(item, "labels"));
        link.archived = text(item, "state").eq_ignore_ascii_case("archived");
        link.read = item["readingProgress"].as_f64().is_some_and(|progress| progress >= 98.0);
        let author = published(item, "author");
        let source = PageSource { html: String::new(), author, published: published(item, "publishedAt") };
        link.page = Some(StoredPage::Entry(format!("content/{}.html", text(item, "slug")), source));
        link
    }))
}

/// Reads the `info.json` of a bookmark in Readeck's archive.
pub fn read_readeck_info(place: String, item: &Value) -> Option<Record> {
    let url = ["URL", "InitialURL"].iter().map(|key| text(item, key)).find(|url| !url.is_empty()).unwrap_or_default();
    Some(SavedLink::new(place, &url, &text(item, "Title")).map(|mut link| {
        link.saved_at = parse_date(&text(item, "Created"));
        add_names(&mut link, &names(item, "Labels"));
        (link.archived, link.starred) = (flag(item, "IsArchived"), flag(item, "IsMarked"));
        link.read = item["ReadProgress"].as_f64().is_some_and(|progress| progress >= 98.0);
        let author = Some(names(item, "Authors").join(", ")).filter(|author| !author.is_empty());
        let source = PageSource { html: String::new(), author, published: published(item, "Published") };
        let file = text(&item["Files"]["article"], "name");
        link.page = (!file.is_empty()).then_some(StoredPage::Entry(file, source));
        for note in items(item, "Annotations") {
            link.add_highlight(&text(note, "text"), Some(&text(note, "note")), parse_date(&text(note, "created")));
        }
        link
    }))
}

/// Reads an item of the list that Readeck's interface for programs gives.
fn read_readeck_api(place: String, item: &Value) -> Option<Record> {
    Some(SavedLink::new(place, &text(item, "url"), &text(item, "title")).map(|mut link| {
        link.saved_at = parse_date(&text(item, "created"));
        add_names(&mut link, &names(item, "labels"));
        (link.archived, link.starred) = (flag(item, "is_archived"), flag(item, "is_marked"));
        link.read = item["read_progress"].as_f64().is_some_and(|progress| progress >= 98.0);
        link
    }))
}

fn read_feedbin(place: String, item: &Value) -> Option<Record> {
    Some(SavedLink::new(place, &text(item, "url"), &text(item, "title")).map(|mut link| {
        link.saved_at = parse_date(&text(item, "created_at"));
        link.starred = true;
        let (html, author) = (text(item, "content"), published(item, "author"));
        let source = PageSource { html, author, published: published(item, "published") };
        link.page = (!source.html.trim().is_empty()).then_some(StoredPage::Html(source));
        link
    }))
}

/// Reads an item of a list with the keys that most programs use.
fn read_links(place: String, item: &Value) -> Option<Record> {
    if !item["url"].is_string() {
        let reason = "It has no link.".to_owned();
        return Some(Err(LeftOut { place, text: text(item, "title"), reason }));
    }
    Some(SavedLink::new(place, &text(item, "url"), &text(item, "title")).map(|mut link| {
        let dates = ["created", "created_at", "addedAt", "date", "time_added", "timestamp"];
        link.saved_at = dates.iter().find_map(|key| parse_date(&text(item, key)));
        add_names(&mut link, &names(item, "tags"));
        link.archived = flag(item, "archived") || flag(item, "is_archived");
        link.starred = flag(item, "starred") || flag(item, "favorite");
        link.read = flag(item, "readAt") || flag(item, "read");
        for note in items(item, "highlights") {
            let quote = [text(note, "quote"), text(note, "text")].concat();
            link.add_highlight(&quote, Some(&text(note, "note")), parse_date(&text(note, "created_at")));
        }
        link
    }))
}
