//! Files that a reader hands in: saved pages, texts, and texts that are lists of addresses. Pure.

use url::Url;

use crate::ingest::fetch::{self, Document};
use crate::ingest::intake::{ImportRequest, RejectedInput, looks_like_html};
use crate::library::snapshots::{Form, Snapshot};

/// The most addresses one list may name; more would keep everything else waiting.
pub const MAX_URLS: usize = 10_000;

/// A file as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Its name, with or without folders before it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads files: each is one import, or none and the reason, or as many as it names addresses.
#[must_use]
pub fn read_files(files: Vec<UploadedFile>) -> Vec<Result<ImportRequest, RejectedInput>> {
    files.into_iter().flat_map(read_file).collect()
}

fn read_file(file: UploadedFile) -> Vec<Result<ImportRequest, RejectedInput>> {
    let name = strip_folders(&file.name);
    let reject = |problem: String| vec![Err(RejectedInput { name: name.clone(), problem })];
    if let Some(problem) = find_problem(&name, &file.bytes) {
        return reject(problem);
    }
    let is_named_html = has_extension(&name, &[".html", ".htm", ".xhtml"]);
    let (Document::Html(text) | Document::Text(text)) = fetch::decode(&file.bytes, None);
    if !is_named_html && let Some(list) = parse_url_list(&name, &text) {
        return list;
    }
    let form = if is_named_html || looks_like_html(&text) { Form::Html } else { Form::Text };
    // Without a header the charset is looked for in the page, and detected where it says nothing.
    let url = (form == Form::Html).then(|| parse_saved_from_url(&text)).flatten();
    let page = Snapshot { address: url.as_ref().map(Url::to_string), content_type: None, form, bytes: file.bytes };
    vec![Ok(ImportRequest { url, page: Some(page), file_name: Some(name), replaces: None })]
}

/// Some browsers send the folders along, and Windows writes them with `\`.
fn strip_folders(name: &str) -> String {
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if file_name.is_empty() { "Unnamed file".to_owned() } else { file_name.chars().take(200).collect() }
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let name = name.to_lowercase();
    extensions.iter().any(|extension| name.ends_with(extension))
}

fn find_problem(name: &str, bytes: &[u8]) -> Option<String> {
    if bytes.trim_ascii().is_empty() {
        return Some("This file is empty.".to_owned());
    }
    if has_extension(name, &[".mhtml", ".mht", ".webarchive"]) {
        return Some("This is a web archive. Save the page as “HTML only” instead.".to_owned());
    }
    match fetch::check_is_page(bytes, None) {
        Err(fetch::Error::NotAPage { kind }) => Some(unsupported_message(kind)),
        _ => None,
    }
}

fn unsupported_message(kind: &str) -> String {
    format!("This is {kind}. Use .html or .txt.")
}

/// What is wrong with pasted text that was the bytes of something else: many of its characters are none.
pub(super) fn find_binary_problem(text: &str) -> Option<String> {
    let is_invalid =
        |letter: &char| *letter == char::REPLACEMENT_CHARACTER || letter.is_control() && !letter.is_whitespace();
    let invalid = text.chars().filter(is_invalid).count();
    (invalid * 10 > text.chars().count()).then(|| match fetch::check_is_page(text.as_bytes(), None) {
        Err(fetch::Error::NotAPage { kind }) => unsupported_message(kind),
        _ => unsupported_message("a binary file"),
    })
}

/// The address that browsers write into the pages they save: `<!-- saved from url=(0027)https://example.org/article -->`.
fn parse_saved_from_url(html: &str) -> Option<Url> {
    const MAX_LINES: usize = 4;
    let line = html.lines().take(MAX_LINES).find_map(|line| line.split_once("saved from url=("))?.1;
    let (_, url) = line.split_once(')')?;
    fetch::parse_url(url.split(" -->").next()?.trim()).ok()
}

/// The addresses in a text that consists of them, one per line. `None`: it is a text like any other.
fn parse_url_list(name: &str, text: &str) -> Option<Vec<Result<ImportRequest, RejectedInput>>> {
    let lines =
        || text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let (mut url_lines, mut all_lines) = (0, 0);
    for (_, line) in lines() {
        all_lines += 1;
        url_lines += usize::from(is_url_line(line));
    }
    // A text may end in a few links, and a list may have a line that was mistyped: most lines decide.
    if url_lines * 3 < all_lines * 2 || all_lines == 0 {
        return None;
    }
    if all_lines > MAX_URLS {
        let problem = format!("{all_lines} links; the limit is {MAX_URLS} at a time. Split the list.");
        return Some(vec![Err(RejectedInput { name: name.to_owned(), problem })]);
    }
    Some(lines().map(|(number, line)| parse_list_line(name, number + 1, line)).collect())
}

/// A web address alone, or before a title as some programs write their lists.
fn is_url_line(line: &str) -> bool {
    let word = first_word(line);
    let has_prefix = ["http://", "https://", "www."].iter().any(|start| word.to_lowercase().starts_with(start));
    fetch::parse_url(word).is_ok() && (has_prefix || word.len() == line.len())
}

fn parse_list_line(name: &str, number: usize, line: &str) -> Result<ImportRequest, RejectedInput> {
    let text = if is_url_line(line) { first_word(line) } else { line };
    match fetch::parse_url(text) {
        Ok(url) => Ok(ImportRequest { url: Some(url), page: None, file_name: Some(name.to_owned()), replaces: None }),
        Err(error) => Err(RejectedInput { name: format!("{name}, line {number}"), problem: error.user_message() }),
    }
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}
