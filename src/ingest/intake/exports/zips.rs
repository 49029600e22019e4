//! Exports that are zip archives: the names of their entries say which service wrote them.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::archive::{Archive, base_name};
use super::json::{read_omnivore, read_readeck_info};
use super::saved_link::{LeftOut, Record, SavedLink, StoredPage};
use super::{Export, Service, read_text};
use crate::ingest::fetch;

/// Reads an archive. `None` if it is none of a service.
pub(super) fn read(file_name: String, bytes: Vec<u8>) -> Option<Result<Export, String>> {
    let mut archive = match Archive::open(bytes) {
        Ok(archive) => archive,
        Err(problem) => return Some(Err(problem)),
    };
    let names = archive.names();
    let read = if find(&names, "data.json").is_some() && names.iter().any(|name| name.ends_with("/info.json")) {
        read_readeck(&mut archive, &names)
    } else if names.iter().any(|name| is_omnivore_metadata(name)) {
        read_omnivore_parts(&mut archive, &names)
    } else {
        read_parts(&mut archive, &names)?
    };
    Some(read.and_then(|(service, records)| Export::new(file_name, service, records, Some(archive))))
}

fn find<'a>(names: &'a [String], base: &str) -> Option<&'a String> {
    names.iter().find(|name| base_name(name) == base)
}

fn is_omnivore_metadata(name: &str) -> bool {
    let base = base_name(name);
    base.starts_with("metadata_") && base.ends_with(".json")
}

/// Reads each entry that is an export of its own, such as the parts of Pocket's. The rest is left alone: pages, images, and
/// lists that nobody saved.
fn read_parts(archive: &mut Archive, names: &[String]) -> Option<Result<(Service, Vec<Record>), String>> {
    let (mut service, mut records) = (None, Vec::new());
    for name in names.iter().filter(|name| is_list(name)) {
        let read = archive.read(name).map(|bytes| read_text(&fetch::decode(&bytes, None).into_source()));
        match read {
            // Passwords and histories in an archive of a browser are no reason to refuse its bookmarks.
            Ok(None | Some(Err(_))) => {}
            Err(problem) => return Some(Err(problem)),
            Ok(Some(Ok((found, part)))) => {
                if found == Service::Empty || name.contains("annotations/") {
                    continue;
                }
                service = service.or(Some(found));
                records.extend(part.into_iter().map(|record| with_entry(record, name)));
            }
        }
    }
    let service = service?;
    resolve_entries(&mut records, names);
    if service == Service::Pocket {
        add_annotations(archive, names, &mut records);
    }
    Some(Ok((service, records)))
}

fn is_list(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_own_list =
        !["history.json", "passwords.csv", "paymentcards.json", "extensions.json"].contains(&base_name(&name));
    let is_page =
        base_name(&name).starts_with("content_") || name.contains("content/") || name.contains("collections/");
    is_own_list && !is_page && [".csv", ".json", ".html", ".htm"].iter().any(|ending| name.ends_with(ending))
}

/// Names the entry in the place of a record.
fn with_entry(record: Record, name: &str) -> Record {
    let base = base_name(name);
    record
        .map(|link| SavedLink { place: format!("{base}, {}", link.place), ..link })
        .map_err(|left_out| LeftOut { place: format!("{base}, {}", left_out.place), ..left_out })
}

/// Drops pages that are named but are not in the archive, and gives the others their full names.
fn resolve_entries(records: &mut [Record], names: &[String]) {
    let by_base: HashMap<&str, &String> = names.iter().map(|name| (base_name(name), name)).collect();
    for link in records.iter_mut().filter_map(|record| record.as_mut().ok()) {
        link.page = match link.page.take() {
            Some(StoredPage::Entry(entry, source)) => {
                by_base.get(base_name(&entry)).map(|name| StoredPage::Entry((*name).clone(), source))
            }
            page => page,
        };
    }
}

/// Adds the passages that Pocket keeps in files of their own, by their URL.
fn add_annotations(archive: &mut Archive, names: &[String], records: &mut [Record]) {
    let mut by_url: HashMap<String, Vec<SavedLink>> = HashMap::new();
    for name in names.iter().filter(|name| name.contains("annotations/") && name.ends_with(".json")) {
        let Ok(bytes) = archive.read(name) else { continue };
        let Some(Ok((_, part))) = read_text(&String::from_utf8_lossy(&bytes)) else { continue };
        for link in part.into_iter().flatten() {
            if let Some(url) = &link.url {
                by_url.entry(url.to_string()).or_default().push(link);
            }
        }
    }
    for link in records.iter_mut().filter_map(|record| record.as_mut().ok()) {
        let found = link.url.as_ref().and_then(|url| by_url.remove(url.as_str()));
        link.highlights.extend(found.into_iter().flatten().flat_map(|link| link.highlights));
    }
}

fn read_omnivore_parts(archive: &mut Archive, names: &[String]) -> Result<(Service, Vec<Record>), String> {
    let mut records = Vec::new();
    for name in names.iter().filter(|name| is_omnivore_metadata(name)) {
        let bytes = archive.read(name)?;
        let Ok(items) = serde_json::from_slice::<Vec<Value>>(&bytes) else {
            let reason = "It can’t be read.".to_owned();
            records.push(Err(LeftOut { place: base_name(name).to_owned(), text: String::new(), reason }));
            continue;
        };
        for (index, item) in items.iter().enumerate() {
            let place = format!("item {}", index + 1);
            records.extend(read_omnivore(place, item).map(|record| with_entry(record, name)));
        }
    }
    let notes: HashMap<&str, &String> = names
        .iter()
        .filter(|name| name.contains("highlights/"))
        .map(|name| (base_name(name).trim_end_matches(".md"), name))
        .collect();
    for record in &mut records {
        let Ok(link) = record else { continue };
        let slug = match &link.page {
            Some(StoredPage::Entry(entry, _)) => base_name(entry).trim_end_matches(".html").to_owned(),
            _ => continue,
        };
        if let Some(bytes) = notes.get(slug.as_str()).and_then(|name| archive.read(name).ok()) {
            add_markdown_highlights(link, &String::from_utf8_lossy(&bytes));
        }
    }
    // Only now: highlights are found by the name of the page, and may be there without it.
    resolve_entries(&mut records, names);
    Ok((Service::Omnivore, records))
}

/// Reads passages as Omnivore writes them: quoted, with labels and a note below.
fn add_markdown_highlights(link: &mut SavedLink, text: &str) {
    let (mut quote, mut note) = (String::new(), String::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix('>') {
            if !note.trim().is_empty() {
                link.add_highlight(&std::mem::take(&mut quote), Some(&std::mem::take(&mut note)), None);
            } else if quote.ends_with("\n\n") {
                link.add_highlight(&std::mem::take(&mut quote), None, None);
            }
            quote.push_str(rest.trim());
            quote.push('\n');
        } else if line.trim().is_empty() {
            if !quote.is_empty() && note.is_empty() {
                quote.push('\n');
            }
        } else if !line.starts_with('#') || line.starts_with("# ") {
            note.push_str(line);
            note.push('\n');
        }
    }
    link.add_highlight(&quote, Some(&note), None);
}

fn read_readeck(archive: &mut Archive, names: &[String]) -> Result<(Service, Vec<Record>), String> {
    let known: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut records = Vec::new();
    for name in names.iter().filter(|name| name.ends_with("/info.json")) {
        let place = name.trim_end_matches("/info.json").to_owned();
        let item: Option<Value> = archive.read(name).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let Some(item) = item else {
            let reason = "It can’t be read.".to_owned();
            records.push(Err(LeftOut { place, text: String::new(), reason }));
            continue;
        };
        let folder = format!("{place}/container/");
        records.extend(read_readeck_info(place, &item).map(|record| {
            record.map(|mut link| {
                if let Some(StoredPage::Entry(file, source)) = link.page.take() {
                    let entry = format!("{folder}{file}");
                    link.page = known.contains(entry.as_str()).then(|| StoredPage::Entry(entry.clone(), source));
                }
                link
            })
        }));
    }
    Ok((Service::Readeck, records))
}
