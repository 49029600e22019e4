//! Exports in JSON. One bad item costs one item, so each is read by itself, and every field may be missing or of another
//! type. Pure.

mod lists;
mod collections;
mod reader_items;

pub(super) use lists::{read_omnivore, read_readeck_info};

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::Service;
use super::saved_link::{LeftOut, Record, shorten};

/// Items that are looked at to recognise an array.
const SAMPLE: usize = 20;

/// An object, with its values not yet read.
type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// Reads JSON; `None` for any other text, and for JSON of another kind.
pub(super) fn read_json(text: &str) -> Option<(Service, Vec<Record>)> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        if items.is_empty() {
            return Some((Service::Empty, Vec::new()));
        }
        let samples: Vec<Value> = items.iter().take(SAMPLE).filter_map(|item| parse(item)).collect();
        let (service, read) = lists::find(&samples)?;
        return Some((service, read_items(&items, read)));
    }
    if !text.starts_with('{') {
        return None;
    }
    let fields: Fields<'_> = serde_json::from_str(text).ok()?;
    collections::read_linkwarden(&fields)
        .map(|records| (Service::Linkwarden, records))
        .or_else(|| collections::read_karakeep(&fields))
        .or_else(|| reader_items::read(&fields).map(|records| (Service::Starred, records)))
}

/// Reads each item; one that is no object is left out with its place.
fn read_items(items: &[&RawValue], mut read: impl FnMut(String, &Value) -> Option<Record>) -> Vec<Record> {
    let read_one = |(index, item): (usize, &&RawValue)| {
        let place = format!("item {}", index + 1);
        match parse(item) {
            Some(value) if value.is_object() => read(place, &value),
            _ => Some(Err(LeftOut { place, text: shorten(item.get()), reason: "It can’t be read.".to_owned() })),
        }
    };
    items.iter().enumerate().filter_map(read_one).collect()
}

fn parse(item: &RawValue) -> Option<Value> {
    serde_json::from_str(item.get()).ok()
}

/// Returns a text; empty if there is none. Numbers count as text.
fn text(item: &Value, name: &str) -> String {
    match &item[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Returns whether a field says yes: `true`, `1`, `"1"`, `"yes"`.
fn flag(item: &Value, name: &str) -> bool {
    match &item[name] {
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        Value::String(text) => matches!(text.to_lowercase().as_str(), "1" | "true" | "yes"),
        _ => false,
    }
}

/// Returns the names in an array: texts, or objects with a name or a label.
fn names(item: &Value, name: &str) -> Vec<String> {
    let read = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(_) => ["name", "label", "slug"].iter().find_map(|key| value[key].as_str().map(str::to_owned)),
        _ => None,
    };
    match &item[name] {
        Value::Array(values) => values.iter().filter_map(read).collect(),
        // Some tools write one text.
        Value::String(text) => text.split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Returns the items of an array; none if it is missing.
fn items<'a>(item: &'a Value, name: &str) -> &'a [Value] {
    item[name].as_array().map_or(&[], Vec::as_slice)
}

/// Decodes the entities of HTML and drops its tags, in titles that some services store as HTML.
fn plain(html: &str) -> String {
    use crate::ingest::intake::html_tokens::{HtmlToken, read_tokens};
    if !html.contains(['&', '<']) {
        return html.to_owned();
    }
    read_tokens(html).filter_map(|token| if let HtmlToken::Text(text) = token { Some(text) } else { None }).collect()
}
