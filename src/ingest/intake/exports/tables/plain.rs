//! Tables of no known service that have a column of links.

use std::collections::HashMap;

use csv::StringRecord;

use super::{HasHeader, Row, is_yes, reader};
use crate::ingest::intake::exports::dates::parse_date;
use crate::ingest::intake::exports::saved_link::{Record, SavedLink};
use crate::ingest::intake::exports::tag_syntax::parse_any;

const URL: &[&str] = &["url", "link", "href", "address", "uri", "website", "given_url", "page url", "source"];
const TITLE: &[&str] = &["title", "name", "given_title"];
const TAGS: &[&str] = &["tags", "labels", "keywords", "tag", "categories"];
const FOLDER: &[&str] = &["folder", "collection", "list"];
const DATE: &[&str] = &[
    "created",
    "added",
    "date",
    "timestamp",
    "time_added",
    "saved_at",
    "saved",
    "created_at",
    "date added",
    "creation date",
];
const STATE: &[&str] = &["archived", "status", "state", "is_archived"];
const STARRED: &[&str] = &["favorite", "favourite", "starred", "is_starred", "is_favorite", "important"];
const READ: &[&str] = &["read", "is_read"];
const NOTE: &[&str] = &["note", "notes", "description", "comment"];

/// Rows that are looked at to find the column of links.
const SAMPLE: usize = 50;

/// Returns the columns of a table, and whether its first row names them. `None` if no column has links.
pub(super) fn find_columns(
    text: &str,
    delimiter: u8,
    columns: HashMap<String, usize>,
    header: &StringRecord,
) -> Option<(HashMap<String, usize>, HasHeader)> {
    let url_column = URL.iter().find_map(|name| columns.get(*name).copied());
    let is_link = |cell: &str| {
        let start = cell.trim().get(..8).unwrap_or_default().to_ascii_lowercase();
        start.starts_with("http://") || start.starts_with("https://")
    };
    let has_link = header.iter().any(is_link);
    if let Some(column) = url_column.filter(|_| !has_link) {
        let is_table = is_regular(text, delimiter, header) || has_links_below(text, delimiter, column, is_link);
        return is_table.then_some((columns, HasHeader::Yes));
    }
    // A single column is a list of links, not a table.
    if header.len() < 2 {
        return None;
    }
    let rows: Vec<StringRecord> = reader(text, delimiter).into_records().take(SAMPLE).filter_map(Result::ok).collect();
    let is_link_column = |index: &usize| {
        let is_link =
            |row: &&StringRecord| row.get(*index).is_some_and(|cell| is_link(cell) && !cell.trim().contains(' '));
        rows.iter().filter(is_link).count() * 3 >= rows.len() * 2
    };
    let link_columns: Vec<usize> = (0..header.len()).filter(is_link_column).collect();
    // Several links in each row are a list.
    let [column] = *link_columns.as_slice() else { return None };
    // Words next to a link are a title, unless something parts them from it: then it is a list, too.
    let is_glued =
        |row: &&StringRecord| row.get(column + 1).is_some_and(|cell| cell.starts_with(|c: char| !c.is_whitespace()));
    let is_table = !has_link || delimiter != b'\t' && rows.iter().filter(is_glued).count() * 2 >= rows.len();
    if !is_table || !is_regular(text, delimiter, header) {
        return None;
    }
    if has_link {
        let title = (0..header.len()).find(|index| *index != column && !header.get(*index).is_some_and(is_link));
        let mut columns = HashMap::from([("url".to_owned(), column)]);
        columns.extend(title.map(|index| ("title".to_owned(), index)));
        return Some((columns, HasHeader::No));
    }
    let mut columns = columns;
    columns.insert("url".to_owned(), column);
    Some((columns, HasHeader::Yes))
}

/// Returns whether most of the first rows have as many columns as the header, of several: sentences have not.
pub(super) fn is_regular(text: &str, delimiter: u8, header: &StringRecord) -> bool {
    let rows: Vec<StringRecord> =
        reader(text, delimiter).into_records().skip(1).take(SAMPLE).filter_map(Result::ok).collect();
    let regular = rows.iter().filter(|row| row.len() == header.len()).count();
    header.len() > 1 && regular * 3 >= rows.len() * 2
}

/// Returns whether most of the first rows have links in this column.
fn has_links_below(text: &str, delimiter: u8, column: usize, is_link: impl Fn(&str) -> bool) -> bool {
    let rows: Vec<StringRecord> =
        reader(text, delimiter).into_records().skip(1).take(SAMPLE).filter_map(Result::ok).collect();
    let links = rows.iter().filter(|row| row.get(column).is_some_and(&is_link)).count();
    links > 0 && links * 3 >= rows.len() * 2
}

pub(super) fn read_row(row: &Row<'_>) -> Option<Record> {
    let begun = SavedLink::new(row.place.clone(), row.first(URL), row.first(TITLE));
    Some(begun.map(|mut link| {
        link.saved_at = parse_date(row.first(DATE));
        let tags = parse_any(row.first(TAGS));
        link.add_tags(tags.iter().map(String::as_str));
        link.add_folders(row.first(FOLDER));
        let state = row.first(STATE);
        link.archived = is_yes(state) || ["archive", "archived"].contains(&state.to_lowercase().as_str());
        link.starred = is_yes(row.first(STARRED));
        link.read = is_yes(row.first(READ)) || state.eq_ignore_ascii_case("read");
        link.add_highlight("", Some(row.first(NOTE)), None);
        link
    }))
}
