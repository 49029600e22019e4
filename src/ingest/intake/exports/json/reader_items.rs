//! Starred articles of feed readers, in the form of Google Reader: FreshRSS, Inoreader, Feedly and others.

use serde_json::Value;
use serde_json::value::RawValue;

use super::{Fields, items, plain, read_items, text};
use crate::ingest::intake::exports::dates::parse_date;
use crate::ingest::intake::exports::saved_link::{PageSource, Record, SavedLink, StoredPage};

/// Reads a list of articles; `None` for any other object.
pub(super) fn read(fields: &Fields<'_>) -> Option<Vec<Record>> {
    let articles: Vec<&RawValue> = serde_json::from_str(fields.get("items")?.get()).ok()?;
    let id: String = fields.get("id").and_then(|id| serde_json::from_str(id.get()).ok()).unwrap_or_default();
    let is_reader = id.contains("/state/") || id.contains("/tag/") || id.contains("/label/") || id.contains("feed/");
    let first: Option<Value> = articles.first().and_then(|item| serde_json::from_str(item.get()).ok());
    let looks_like_one = first.is_some_and(|item| {
        ["canonical", "alternate", "canonicalUrl", "origin"].iter().any(|key| item.get(key).is_some())
    });
    if !is_reader && !looks_like_one {
        return None;
    }
    // Feedly, and lists that are all starred, do not say so for each.
    let all_starred = id.ends_with("/starred") && !id.contains("freshrss") || id.ends_with("global.saved");
    Some(read_items(&articles, |place, item| read_article(place, item, all_starred)))
}

fn read_article(place: String, item: &Value, all_starred: bool) -> Option<Record> {
    let categories: Vec<&str> = items(item, "categories").iter().filter_map(Value::as_str).collect();
    let has_state = |state: &str| {
        categories.iter().any(|category| category.contains("/state/") && category.rsplit('/').next() == Some(state))
    };
    let labels: Vec<&str> =
        categories.iter().filter_map(|category| category.split_once("/label/")).map(|(_, name)| name).collect();
    let is_starred = has_state("starred") || all_starred;
    // Articles of feeds that the reader never kept.
    if !categories.is_empty() && !is_starred && labels.is_empty() {
        return None;
    }
    Some(SavedLink::new(place, &find_url(item), &plain(&text(item, "title"))).map(|mut link| {
        let dates = ["actionTimestamp", "starred", "timestampUsec", "crawlTimeMsec", "crawled", "published"];
        link.saved_at = dates.iter().find_map(|key| parse_date(&text(item, key)));
        (link.starred, link.read) = (is_starred, has_state("read"));
        link.add_tags(labels);
        for tag in items(item, "tags") {
            link.add_tags([text(tag, "label").as_str()]);
        }
        let html = [&item["content"]["content"], &item["summary"]["content"], &item["content"]]
            .iter()
            .find_map(|value| value.as_str())
            .unwrap_or_default()
            .to_owned();
        let author = Some(text(item, "author")).filter(|author| !author.is_empty());
        let published = parse_date(&text(item, "published")).map(|date| date.to_string());
        link.page = (!html.trim().is_empty()).then_some(StoredPage::Html(PageSource { html, author, published }));
        for note in items(item, "annotations") {
            link.add_highlight("", Some(&text(note, "content")), None);
        }
        link
    }))
}

fn find_url(item: &Value) -> String {
    let canonical = items(item, "canonical").iter().map(|link| text(link, "href")).next();
    let alternates = items(item, "alternate");
    let alternate = alternates.iter().find(|link| text(link, "type").contains("html")).or(alternates.first());
    let candidates = [text(item, "canonicalUrl"), canonical.unwrap_or_default()];
    let others =
        [alternate.map(|link| text(link, "href")).unwrap_or_default(), text(item, "url"), text(item, "originId")];
    candidates.into_iter().chain(others).find(|url| url.starts_with("http")).unwrap_or_default()
}
