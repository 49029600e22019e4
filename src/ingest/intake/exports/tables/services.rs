//! The tables of services: which columns tell them, and what the columns mean.

use std::collections::HashMap;

use csv::StringRecord;

use super::{Row, is_yes};
use crate::ingest::intake::exports::Service;
use crate::ingest::intake::exports::dates::parse_date;
use crate::ingest::intake::exports::saved_link::{LeftOut, PageSource, Record, SavedLink, StoredPage};
use crate::ingest::intake::exports::tag_syntax::{parse_any, parse_list};

/// Bytes of a row that is joined from broken ones.
const MAX_JOINED_BYTES: usize = 64 * 1024;

type ReadRow = fn(&Row<'_>) -> Option<Record>;

/// Columns that tell the tables of each service, and how their rows are read.
const SERVICES: &[(&[&str], Service, ReadRow)] = &[
    (&["url", "time_added", "status"], Service::Pocket, read_pocket),
    (&["url", "selection", "folder"], Service::Instapaper, read_instapaper),
    (&["url", "document tags", "saved date"], Service::Readwise, read_readwise),
    (&["url", "last interaction date", "file id"], Service::Matter, read_matter),
    (&["url", "labels", "is_archived", "is_marked"], Service::Readeck, read_readeck),
    (&["url", "excerpt", "folder", "tags", "created"], Service::Raindrop, read_raindrop),
];

/// Finds the service that writes tables with these columns.
pub(super) fn find(columns: &HashMap<String, usize>) -> Option<(Service, ReadRow)> {
    let fits = |names: &[&str]| names.iter().all(|name| columns.contains_key(*name));
    SERVICES.iter().find(|(names, ..)| fits(names)).map(|(_, service, read)| (*service, *read))
}

/// Begins a link with the columns that most tables have.
fn begin(row: &Row<'_>, date: &str) -> Result<SavedLink, LeftOut> {
    let mut link = SavedLink::new(row.place.clone(), row.field("url"), row.field("title"))?;
    link.saved_at = parse_date(row.field(date));
    Ok(link)
}

fn read_pocket(row: &Row<'_>) -> Option<Record> {
    Some(begin(row, "time_added").map(|mut link| {
        link.add_tags(row.field("tags").split('|'));
        link.archived = row.field("status") == "archive";
        link
    }))
}

fn read_instapaper(row: &Row<'_>) -> Option<Record> {
    if row.field("url").starts_with("instapaper-private:") {
        let reason = "It came by mail, and the file has only its title.".to_owned();
        return Some(Err(LeftOut { place: row.place.clone(), text: row.field("title").to_owned(), reason }));
    }
    Some(begin(row, "timestamp").map(|mut link| {
        match row.field("folder") {
            "" | "Unread" => {}
            "Archive" => link.archived = true,
            "Starred" => link.starred = true,
            folder => link.add_tags([folder]),
        }
        let tags = parse_any(row.field("tags"));
        link.add_tags(tags.iter().map(String::as_str));
        link.add_highlight(row.field("selection"), None, link.saved_at);
        link
    }))
}

fn read_readwise(row: &Row<'_>) -> Option<Record> {
    let left_out = |reason: &str| {
        let (text, reason) = (row.field("title").to_owned(), reason.to_owned());
        Some(Err(LeftOut { place: row.place.clone(), text, reason }))
    };
    if row.field("url").starts_with("mailto:") {
        return left_out("It came by mail, and the file has only its title.");
    }
    if row.field("location") == "feed" {
        return left_out("It came from a feed and was not saved.");
    }
    Some(begin(row, "saved date").map(|mut link| {
        let tags = parse_list(row.field("document tags"));
        link.starred = row.field("location") == "shortlist" || tags.iter().any(|tag| tag == "favorite");
        link.add_tags(tags.iter().map(String::as_str).filter(|tag| *tag != "favorite"));
        link.archived = row.field("location") == "archive";
        let progress: f64 = row.field("reading progress").parse().unwrap_or(0.0);
        link.read = (0.98..=1.0).contains(&progress) || progress >= 98.0;
        link
    }))
}

fn read_matter(row: &Row<'_>) -> Option<Record> {
    let title = decode_mail_words(row.field("title"));
    let begun = SavedLink::new(row.place.clone(), row.field("url"), &title);
    Some(begun.map(|mut link| {
        link.saved_at = parse_date(row.field("last interaction date"));
        link.add_tags(row.field("tags").split(';'));
        let in_queue = row.first(&["in queue", "saved"]);
        link.archived = !in_queue.is_empty() && !is_yes(in_queue);
        (link.read, link.starred) = (row.flag("read"), row.flag("favorited"));
        let author = Some(decode_mail_words(row.field("author"))).filter(|author| !author.is_empty());
        let file = row.field("file id");
        link.page = (!file.is_empty())
            .then(|| StoredPage::Entry(file.to_owned(), PageSource { author, ..PageSource::default() }));
        link
    }))
}

fn read_readeck(row: &Row<'_>) -> Option<Record> {
    Some(begin(row, "created").map(|mut link| {
        let labels = parse_any(row.field("labels"));
        link.add_tags(labels.iter().map(String::as_str));
        (link.archived, link.starred) = (row.flag("is_archived"), row.flag("is_marked"));
        link
    }))
}

fn read_raindrop(row: &Row<'_>) -> Option<Record> {
    if row.field("folder") == "Trash" {
        let (text, reason) = (row.field("url").to_owned(), "It is in the trash of Raindrop.io.".to_owned());
        return Some(Err(LeftOut { place: row.place.clone(), text, reason }));
    }
    Some(begin(row, "created").map(|mut link| {
        link.add_tags(row.field("tags").split(','));
        if row.field("folder") != "Unsorted" {
            link.add_folders(row.field("folder"));
        }
        link.starred = is_yes(row.first(&["favorite", "important"]));
        link.add_highlight(row.field("highlights"), None, None);
        link.add_highlight("", Some(row.field("note")), None);
        link
    }))
}

/// Joins rows that line breaks without quotation marks have broken: Raindrop.io writes some excerpts so. A whole row begins
/// with a number.
pub(super) fn join_broken_rows(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let mut joined: Vec<Row<'_>> = Vec::with_capacity(rows.len());
    for row in rows {
        let width = row.columns.len();
        let is_start =
            |row: &Row<'_>| row.field("id").bytes().all(|byte| byte.is_ascii_digit()) && !row.field("id").is_empty();
        match joined.last_mut() {
            Some(before)
                if before.fields.len() < width
                    && before.fields.as_slice().len() < MAX_JOINED_BYTES
                    && !is_start(&row) =>
            {
                let last = before.fields.len().saturating_sub(1);
                let mut fields: Vec<String> = before.fields.iter().map(str::to_owned).collect();
                for (index, field) in row.fields.iter().enumerate() {
                    match fields.get_mut(last).filter(|_| index == 0) {
                        Some(broken) => broken.push_str(&format!("\n{field}")),
                        None => fields.push(field.to_owned()),
                    }
                }
                before.fields = StringRecord::from(fields);
            }
            _ => joined.push(row),
        }
    }
    joined
}

/// Decodes `=?utf-8?q?Na=C3=AFve?=`, as titles of newsletters stand in mail (RFC 2047). UTF-8 only.
fn decode_mail_words(text: &str) -> String {
    let Some((before, rest)) = text.split_once("=?") else { return text.to_owned() };
    let parts: Vec<&str> = rest.splitn(4, '?').collect();
    let [charset, form, encoded, after] = parts.as_slice() else { return text.to_owned() };
    let bytes = match form.to_lowercase().as_str() {
        "q" => percent_encoding::percent_decode_str(&encoded.replace('%', "%25").replace('_', " ").replace('=', "%"))
            .collect(),
        "b" => {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.decode(encoded).unwrap_or_default()
        }
        _ => return text.to_owned(),
    };
    match String::from_utf8(bytes) {
        Ok(word) if charset.eq_ignore_ascii_case("utf-8") => {
            format!("{before}{word}{}", decode_mail_words(after.strip_prefix('=').unwrap_or(after)))
        }
        _ => text.to_owned(),
    }
}
