//! Exports whose links stand in collections or lists: Linkwarden and Karakeep.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json::value::RawValue;

use super::{Fields, flag, items, names, parse, plain, read_items, text};
use crate::ingest::intake::exports::Service;
use crate::ingest::intake::exports::dates::parse_date;
use crate::ingest::intake::exports::saved_link::{LeftOut, Record, SavedLink};

/// Folders within each other; more are a circle.
const MAX_DEPTH: usize = 50;

/// The names of folders and those they are in, by id.
struct Folders(BTreeMap<String, (String, String)>);

impl Folders {
    fn new<'a>(folders: impl IntoIterator<Item = &'a Value>) -> Self {
        let named = folders.into_iter().map(|item| (text(item, "id"), (text(item, "name"), text(item, "parentId"))));
        Self(named.collect())
    }

    /// Returns the names from the outermost folder to this one.
    fn path(&self, id: &str) -> Vec<String> {
        let mut path = Vec::new();
        let mut next = id.to_owned();
        while let Some((name, parent)) = self.0.get(&next).filter(|_| path.len() < MAX_DEPTH) {
            path.push(name.clone());
            next.clone_from(parent);
        }
        path.reverse();
        path
    }
}

pub(super) fn read_linkwarden(fields: &Fields<'_>) -> Option<Vec<Record>> {
    let collections: Vec<Value> = serde_json::from_str(fields.get("collections")?.get()).ok()?;
    let is_linkwarden = fields.contains_key("pinnedLinks") || fields.contains_key("username");
    if !is_linkwarden && !collections.iter().any(|collection| collection["links"].is_array()) {
        return None;
    }
    let pinned = fields.get("pinnedLinks").and_then(|links| parse(links)).unwrap_or_default();
    let pinned: BTreeSet<String> = pinned.as_array().into_iter().flatten().map(|link| text(link, "id")).collect();
    let folders = Folders::new(&collections);
    let mut records = Vec::new();
    for collection in &collections {
        let path = folders.path(&text(collection, "id"));
        for item in items(collection, "links") {
            let place = format!("link {}", records.len() + 1);
            records.push(read_link(place, item, &path).map(|mut link| {
                link.starred = pinned.contains(&text(item, "id"));
                link
            }));
        }
    }
    Some(records)
}

fn read_link(place: String, item: &Value, path: &[String]) -> Record {
    let kind = text(item, "type");
    if text(item, "url").is_empty() && !kind.is_empty() {
        let reason = format!("It is a file ({kind}), and has no link.");
        return Err(LeftOut { place, text: text(item, "name"), reason });
    }
    let mut link = SavedLink::new(place, &text(item, "url"), &plain(&text(item, "name")))?;
    link.saved_at = parse_date(&text(item, "importDate")).or_else(|| parse_date(&text(item, "createdAt")));
    let tags = names(item, "tags");
    link.add_tags(tags.iter().map(String::as_str));
    link.add_tags(path.iter().map(String::as_str).filter(|name| *name != "Unorganized"));
    link.add_highlight("", Some(&text(item, "description")), None);
    Ok(link)
}

/// Reads the bookmarks of Karakeep, and those of Readability, which have other keys.
pub(super) fn read_karakeep(fields: &Fields<'_>) -> Option<(Service, Vec<Record>)> {
    let bookmarks: Vec<&RawValue> = serde_json::from_str(fields.get("bookmarks")?.get()).ok()?;
    let is_readability =
        bookmarks.first().and_then(|item| parse(item)).is_some_and(|item| item.get("article__url").is_some());
    if is_readability {
        return Some((Service::Links, read_items(&bookmarks, read_readability)));
    }
    let samples = bookmarks.iter().take(20).filter_map(|item| parse(item));
    if !bookmarks.is_empty() && !samples.into_iter().any(|item| item.get("content").is_some()) {
        return None;
    }
    let lists: Vec<Value> =
        fields.get("lists").and_then(|lists| serde_json::from_str(lists.get()).ok()).unwrap_or_default();
    let folders = Folders::new(&lists);
    let read = |place: String, item: &Value| {
        let content = &item["content"];
        if content["type"] != "link" {
            let reason = "It is a note or a file, and has no link.".to_owned();
            let text = [text(item, "title"), text(content, "text")].into_iter().find(|text| !text.is_empty());
            return Some(Err(LeftOut { place, text: text.unwrap_or_default(), reason }));
        }
        Some(SavedLink::new(place, &text(content, "url"), &text(item, "title")).map(|mut link| {
            link.saved_at = parse_date(&text(item, "createdAt"));
            let tags = names(item, "tags");
            link.add_tags(tags.iter().map(String::as_str));
            for list in names(item, "lists") {
                let path = folders.path(&list);
                link.add_tags(path.iter().map(String::as_str));
            }
            (link.archived, link.starred) = (flag(item, "archived"), flag(item, "favourited"));
            link.add_highlight("", Some(&text(item, "note")), None);
            link
        }))
    };
    Some((Service::Karakeep, read_items(&bookmarks, read)))
}

fn read_readability(place: String, item: &Value) -> Option<Record> {
    Some(SavedLink::new(place, &text(item, "article__url"), &plain(&text(item, "article__title"))).map(|mut link| {
        link.saved_at = parse_date(&text(item, "date_added"));
        (link.archived, link.starred) = (flag(item, "archive"), flag(item, "favorite"));
        link
    }))
}
