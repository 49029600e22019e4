//! Reads uploaded files: saved pages, texts, and lists of URLs. Pure.

use extract::Markup;
use url::Url;

use crate::ingest::fetch;
use crate::ingest::intake::link_lists::{max_chars_beside_links, parse_html_list, parse_text_list};
use crate::ingest::intake::{ImportRequest, RejectedInput, looks_like_html, shortcuts};
use crate::library::snapshots::{Snapshot, SnapshotFormat};

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Its name, perhaps with folders.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Reads files. Each gives one request, one rejection, or one result for each URL of a list.
#[must_use]
pub fn read_files(files: Vec<UploadedFile>) -> Vec<Result<ImportRequest, RejectedInput>> {
    files.into_iter().flat_map(read_file).collect()
}

fn read_file(file: UploadedFile) -> Vec<Result<ImportRequest, RejectedInput>> {
    let name = clean_name(&file.name);
    let reject = |problem: String| vec![Err(RejectedInput { name: name.clone(), problem })];
    if let Some(link) = shortcuts::read_shortcut(&name, &file.bytes) {
        return vec![link];
    }
    if let Some(problem) = find_problem(&name, &file.bytes) {
        return reject(problem);
    }
    let is_xhtml = has_extension(&name, &[".xhtml", ".xht"]);
    let is_named_html = is_xhtml || has_extension(&name, &[".html", ".htm"]);
    // There is no header, so the charset is declared in the page or detected.
    let markup = Markup::from_file_name(&name);
    let media_type = if is_xhtml { Some("application/xhtml+xml") } else { markup.map(Markup::media_type) };
    let content_type = media_type.map(str::to_owned);
    let text = fetch::decode(&file.bytes, content_type.as_deref()).into_source();
    let is_html = is_named_html || markup.is_none() && looks_like_html(&text);
    let is_markdown = markup == Some(Markup::Markdown);
    let list = if is_html {
        parse_html_list(&name, &text)
    } else if markup.is_none() || is_markdown {
        parse_text_list(&name, &text, max_chars_beside_links(is_markdown))
    } else {
        None
    };
    if let Some(list) = list {
        return list;
    }
    if !is_html && is_json(&text) {
        return reject(
            "Broadsheet doesn’t know this kind of JSON file. Use a bookmarks file, a table or a list of links."
                .to_owned(),
        );
    }
    let form = if is_html { SnapshotFormat::Html } else { SnapshotFormat::Text };
    // What the file says is the base of its links, and no more: it may not be true, so it is not the URL of the import.
    let claimed_url = (form == SnapshotFormat::Html).then(|| parse_saved_from_url(&text)).flatten();
    let page = Snapshot { url: claimed_url.map(String::from), content_type, format: form, bytes: file.bytes };
    vec![Ok(ImportRequest { url: None, page: Some(page), file_name: Some(name), replaces: None })]
}

/// Returns whether a text is JSON: no article, and of no service that is known.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text.trim()).is_ok()
}

/// Removes folders, which some browsers send along; Windows separates them with `\`. Also removes what can't be seen and
/// may deceive: control characters, and those that turn the direction of text.
pub(super) fn clean_name(name: &str) -> String {
    let is_hidden = |letter: &char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let visible: String = name.chars().filter(|letter| !is_hidden(letter)).collect();
    let file_name = visible.rsplit(['/', '\\']).next().unwrap_or_default().trim();
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
        return Some(unsupported_message(fetch::WEB_ARCHIVE));
    }
    match fetch::check_is_page(bytes, None) {
        Err(fetch::Error::NotAPage { kind }) => Some(unsupported_message(kind)),
        _ => None,
    }
}

fn unsupported_message(kind: &str) -> String {
    match kind {
        fetch::WEB_ARCHIVE => format!("This is {kind}. Save the page as “HTML only” instead."),
        kind => format!("This is {kind}. Use .html, .txt or .md."),
    }
}

/// Returns a message if pasted text was binary data: many of its characters are invalid.
pub(super) fn find_binary_problem(text: &str) -> Option<String> {
    let is_invalid =
        |letter: &char| *letter == char::REPLACEMENT_CHARACTER || letter.is_control() && !letter.is_whitespace();
    let invalid = text.chars().filter(is_invalid).count();
    (invalid * 10 > text.chars().count()).then(|| match fetch::check_is_page(text.as_bytes(), None) {
        Err(fetch::Error::NotAPage { kind }) => unsupported_message(kind),
        _ => unsupported_message("a binary file"),
    })
}

/// Returns the URL that browsers write into saved pages: `<!-- saved from url=(0027)https://example.org/article -->`.
fn parse_saved_from_url(html: &str) -> Option<Url> {
    const MAX_LINES: usize = 4;
    let line = html.lines().take(MAX_LINES).find_map(|line| line.split_once("saved from url=("))?.1;
    let (_, url) = line.split_once(')')?;
    fetch::parse_url(url.split(" -->").next()?.trim()).ok()
}
