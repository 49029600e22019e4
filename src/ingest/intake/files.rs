//! Files that a reader hands in: saved pages, texts, and texts that are lists of addresses. Pure.

use url::Url;

use crate::ingest::fetch::{self, Document};
use crate::ingest::intake::{Ready, Refused, looks_like_a_page};
use crate::library::snapshots::{Snapshot, SnapshotFormat};

/// The most addresses one list may name; more would keep everything else waiting.
pub const MOST_ADDRESSES: usize = 10_000;

/// A file as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, with or without folders before it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads files: each is one import, or none and the reason, or as many as it names addresses.
#[must_use]
pub fn files(files: Vec<File>) -> Vec<Result<Ready, Refused>> {
    files.into_iter().flat_map(file).collect()
}

fn file(file: File) -> Vec<Result<Ready, Refused>> {
    let name = bare_name(&file.name);
    let refuse = |problem: String| vec![Err(Refused { what: name.clone(), problem })];
    if let Some(problem) = wrong_form(&name, &file.bytes) {
        return refuse(problem);
    }
    let is_named_html = has_ending(&name, &[".html", ".htm", ".xhtml"]);
    let (Document::Html(text) | Document::Text(text)) = fetch::decode(&file.bytes, None);
    if !is_named_html && let Some(list) = addresses(&name, &text) {
        return list;
    }
    let form = if is_named_html || looks_like_a_page(&text) { SnapshotFormat::Html } else { SnapshotFormat::Text };
    // Without a header the charset is looked for in the page, and detected where it says nothing.
    let address = (form == SnapshotFormat::Html).then(|| saved_from(&text)).flatten();
    let page =
        Snapshot { url: address.as_ref().map(Url::to_string), content_type: None, format: form, bytes: file.bytes };
    vec![Ok(Ready { address, page: Some(page), name: Some(name), replaces: None })]
}

/// Some browsers send the folders along, and Windows writes them with `\`.
fn bare_name(name: &str) -> String {
    let bare = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if bare.is_empty() { "Unnamed file".to_owned() } else { bare.chars().take(200).collect() }
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let name = name.to_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}

fn wrong_form(name: &str, bytes: &[u8]) -> Option<String> {
    if bytes.trim_ascii().is_empty() {
        return Some("This file is empty.".to_owned());
    }
    if has_ending(name, &[".mhtml", ".mht", ".webarchive"]) {
        return Some("This is a web archive. Save the page as “HTML only” instead.".to_owned());
    }
    match fetch::admit_page(bytes, None) {
        Err(fetch::Error::NotAPage { kind }) => Some(is_no_page(kind)),
        _ => None,
    }
}

fn is_no_page(kind: &str) -> String {
    format!("This is {kind}. Use .html or .txt.")
}

/// What is wrong with pasted text that was the bytes of something else: many of its characters are none.
pub(super) fn no_text(text: &str) -> Option<String> {
    let is_none =
        |letter: &char| *letter == char::REPLACEMENT_CHARACTER || letter.is_control() && !letter.is_whitespace();
    let none = text.chars().filter(is_none).count();
    (none * 10 > text.chars().count()).then(|| match fetch::admit_page(text.as_bytes(), None) {
        Err(fetch::Error::NotAPage { kind }) => is_no_page(kind),
        _ => is_no_page("a binary file"),
    })
}

/// The address that browsers write into the pages they save: `<!-- saved from url=(0027)https://example.org/article -->`.
fn saved_from(html: &str) -> Option<Url> {
    const NEAR_THE_TOP: usize = 4;
    let line = html.lines().take(NEAR_THE_TOP).find_map(|line| line.split_once("saved from url=("))?.1;
    let (_, address) = line.split_once(')')?;
    fetch::parse_address(address.split(" -->").next()?.trim()).ok()
}

/// The addresses in a text that consists of them, one per line. `None`: it is a text like any other.
fn addresses(name: &str, text: &str) -> Option<Vec<Result<Ready, Refused>>> {
    let lines =
        || text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let (mut good, mut all) = (0, 0);
    for (_, line) in lines() {
        all += 1;
        good += usize::from(is_address(line));
    }
    // A text may end in a few links, and a list may have a line that was mistyped: most lines decide.
    if good * 3 < all * 2 || all == 0 {
        return None;
    }
    if all > MOST_ADDRESSES {
        let problem = format!("{all} links; the limit is {MOST_ADDRESSES} at a time. Split the list.");
        return Some(vec![Err(Refused { what: name.to_owned(), problem })]);
    }
    Some(lines().map(|(number, line)| one_line(name, number + 1, line)).collect())
}

/// A web address alone, or before a title as some programs write their lists.
fn is_address(line: &str) -> bool {
    let word = first_word(line);
    let is_written_out = ["http://", "https://", "www."].iter().any(|start| word.to_lowercase().starts_with(start));
    fetch::parse_address(word).is_ok() && (is_written_out || word.len() == line.len())
}

fn one_line(name: &str, number: usize, line: &str) -> Result<Ready, Refused> {
    let text = if is_address(line) { first_word(line) } else { line };
    match fetch::parse_address(text) {
        Ok(address) => Ok(Ready { address: Some(address), page: None, name: Some(name.to_owned()), replaces: None }),
        Err(error) => Err(Refused { what: format!("{name}, line {number}"), problem: error.words() }),
    }
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}
