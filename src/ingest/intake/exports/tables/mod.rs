//! Exports that are tables (CSV). The header says which service wrote them; columns are found by name, since they come and
//! go. Pure.

mod quotes;
mod services;
mod plain;

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::Service;
use super::saved_link::Record;

/// Characters that separate columns.
const DELIMITERS: &[u8] = b",;\t";

/// Columns in which passwords stand. Such a file has links, too, and must never be stored.
const SECRET_COLUMNS: &[&str] = &["password", "passwort", "otpauth", "login_password", "totp"];

/// A row of a table.
pub(super) struct Row<'a> {
    /// `line 12`
    place: String,
    columns: &'a HashMap<String, usize>,
    fields: StringRecord,
}

impl Row<'_> {
    /// Returns the text in a column; empty if there is none.
    fn field(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|index| self.fields.get(*index)).unwrap_or_default().trim()
    }

    /// Returns the text in the first of these columns that the table has.
    fn first(&self, names: &[&str]) -> &str {
        names.iter().find(|name| self.columns.contains_key(**name)).map_or("", |name| self.field(name))
    }

    /// Returns whether a column says yes.
    fn flag(&self, name: &str) -> bool {
        is_yes(self.field(name))
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "1" | "true" | "yes" | "t" | "y")
}

/// Reads a table; `None` for any other text.
///
/// # Errors
/// A sentence for the reader: the file must not be imported.
pub(super) fn read_table(text: &str) -> Option<Result<(Service, Vec<Record>), String>> {
    let (delimiter, _) = find_header(text)?;
    let (text, unclosed) = quotes::drop_unclosed(text, delimiter);
    let (delimiter, header) = find_header(&text)?;
    let text = text.as_ref();
    let columns = columns_of(&header);
    let holds_secrets = SECRET_COLUMNS.iter().any(|name| columns.contains_key(*name));
    // Its rows may be irregular: a password may have any sign in it.
    if holds_secrets && (names_columns(&header) || plain::is_regular(text, delimiter, &header)) {
        return Some(Err(
            "This is a list of passwords. Broadsheet doesn’t read it, and nothing of it was kept.".to_owned()
        ));
    }
    if let Some((service, read)) = services::find(&columns) {
        let rows = read_rows(text, delimiter, &columns, HasHeader::Yes);
        let rows = if service == Service::Raindrop { services::join_broken_rows(rows) } else { rows };
        return Some(Ok((service, rows.into_iter().filter_map(|row| read(&row)).chain(unclosed).collect())));
    }
    let (columns, has_header) = plain::find_columns(text, delimiter, columns, &header)?;
    let rows = read_rows(text, delimiter, &columns, has_header);
    Some(Ok((Service::Table, rows.iter().filter_map(plain::read_row).chain(unclosed).collect())))
}

/// Whether the first record names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HasHeader {
    Yes,
    No,
}

/// Returns whether a record looks like names of columns: several, all short, and without the spaces of a sentence behind
/// the delimiters.
fn names_columns(header: &StringRecord) -> bool {
    let is_name = |cell: &str| !cell.starts_with(' ') && cell.split_whitespace().count() <= 3 && !cell.contains("://");
    header.len() > 1 && header.iter().all(is_name)
}

/// Returns the delimiter that gives most columns, and the first record.
fn find_header(text: &str) -> Option<(u8, StringRecord)> {
    let headers = DELIMITERS.iter().filter_map(|delimiter| {
        let mut record = StringRecord::new();
        let read = reader(text, *delimiter).read_record(&mut record);
        (matches!(read, Ok(true)) && record.len() < 200).then_some((*delimiter, record))
    });
    headers.max_by_key(|(_, record)| record.len())
}

fn columns_of(header: &StringRecord) -> HashMap<String, usize> {
    let named =
        header.iter().enumerate().map(|(index, name)| (name.trim_matches(['\u{feff}', ' ']).to_lowercase(), index));
    // Of two columns with one name, the first counts.
    let mut columns = HashMap::new();
    for (name, index) in named {
        columns.entry(name).or_insert(index);
    }
    columns
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

fn read_rows<'a>(text: &str, delimiter: u8, columns: &'a HashMap<String, usize>, header: HasHeader) -> Vec<Row<'a>> {
    let mut reader = reader(text, delimiter);
    let (mut rows, mut line, mut at) = (Vec::new(), 1, 0);
    let mut fields = StringRecord::new();
    // The text is valid UTF-8 and rows may have any length, so no row fails.
    while reader.read_record(&mut fields).unwrap_or_default() {
        let begin = fields.position().map_or(at, |position| usize::try_from(position.byte()).unwrap_or(at));
        // The reader's own count of lines is too small behind empty lines and line breaks of Windows.
        let begin = begin + text[begin..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[at..begin]).count();
        at = begin;
        let is_empty = fields.iter().all(|field| field.trim().is_empty());
        if !is_empty {
            rows.push(Row { place: format!("line {line}"), columns, fields: std::mem::take(&mut fields) });
        }
    }
    if header == HasHeader::Yes && !rows.is_empty() {
        rows.remove(0);
    }
    rows
}
