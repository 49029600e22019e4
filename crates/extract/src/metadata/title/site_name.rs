//! Strips the site's name from titles.

use crate::dom::short_text::compact_key;
use crate::dom::words;

const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " \\ ", " > ", " ‹ ", " › ", "｜", " |",
    "| ", " : ",
];

/// Strips the site's name from both ends of a title. The page's headings show the title where the name is unknown.
pub(crate) fn strip_site_name(raw: &str, site_names: &[String], headings: &[String]) -> String {
    let whole = words::match_key(raw);
    if headings.iter().any(|heading| words::match_key(heading) == whole) {
        return raw.to_owned();
    }
    let parts = split_parts(raw);
    let sites: Vec<String> = site_names.iter().map(|name| compact_key(name)).filter(|name| !name.is_empty()).collect();
    let is_site = |part: &str| {
        let part = compact_key(part);
        !part.is_empty()
            && sites.iter().any(|site| {
                *site == part
                    || (part.len() > 3 && site.starts_with(&part))
                    || (site.len() > 3 && part.starts_with(site))
            })
    };
    let mut range = 0..parts.len();
    while range.len() > 1 && is_site(parts[range.end - 1].1) {
        range.end -= 1;
    }
    while range.len() > 1 && is_site(parts[range.start].1) {
        range.start += 1;
    }
    let kept = text_of_parts(raw, &parts, &range);
    let keys = if headings.is_empty() { Vec::new() } else { part_keys(raw) };
    match headings.iter().find(|heading| is_title_part(heading, &keys)) {
        Some(heading) => heading.clone(),
        None => kept,
    }
}

/// Returns whether a heading is one part of the title, or several in a row.
fn is_title_part(heading: &str, parts: &[String]) -> bool {
    let heading = words::match_key(heading);
    let long = heading.split(' ').count() >= 3
        || heading.chars().filter(|letter| words::is_unspaced_script(*letter)).count() >= 5;
    long && parts.contains(&heading)
}

/// Maximum number of parts combined in all ways.
const MAX_PARTS: usize = 8;

/// Returns the keys of a title's parts and of several in a row, without the whole title.
pub(crate) fn part_keys(raw: &str) -> Vec<String> {
    let parts = split_parts(raw);
    if parts.len() > MAX_PARTS {
        return parts.iter().map(|(_, part)| words::match_key(part)).collect();
    }
    let ranges = (0..parts.len()).flat_map(|start| (start + 1..=parts.len()).map(move |end| start..end));
    ranges
        .filter(|range| range.len() < parts.len())
        .map(|range| words::match_key(&text_of_parts(raw, &parts, &range)))
        .collect()
}

/// Returns the keys of a title's single parts; none if it has no separator.
pub(crate) fn single_part_keys(raw: &str) -> Vec<String> {
    let parts = split_parts(raw);
    if parts.len() < 2 { Vec::new() } else { parts.iter().map(|(_, part)| words::match_key(part)).collect() }
}

/// Returns the short parts of the title element besides the title: mostly the site's name.
pub(crate) fn other_parts(raw: &str, title: &str) -> Vec<String> {
    let key = words::match_key(title);
    let parts = split_parts(raw).into_iter().map(|(_, part)| part.trim());
    let is_other = |part: &&str| part.split(' ').count() <= 4 && !key.contains(&words::match_key(part));
    parts.filter(is_other).map(str::to_owned).collect()
}

/// Strips a label after a bar, "| Opinion".
pub(crate) fn strip_label(title: &str) -> String {
    match title.rsplit_once(" | ") {
        Some((before, label)) if label.split(' ').count() <= 2 && before.split(' ').count() >= 4 => {
            before.trim().into()
        }
        _ => title.to_owned(),
    }
}

/// Splits a title at separators. Returns the parts with their offsets.
fn split_parts(raw: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < raw.len() {
        let here = &raw[at..];
        if let Some(separator) = SEPARATORS.iter().find(|separator| here.starts_with(**separator)) {
            parts.push((start, &raw[start..at]));
            at += separator.len();
            start = at;
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push((start, &raw[start..]));
    parts
}

fn text_of_parts(raw: &str, parts: &[(usize, &str)], range: &std::ops::Range<usize>) -> String {
    let start = parts[range.start].0;
    let (last, text) = parts[range.end - 1];
    raw[start..last + text.len()].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_site_name_is_stripped_from_a_title() {
        let site = vec!["The Valley Post".to_owned(), "valleypost.example".to_owned()];
        for (raw, wanted) in [
            ("Rain all day - The Valley Post", "Rain all day"),
            ("The Valley Post | Rain all day", "Rain all day"),
            ("Rain - all day", "Rain - all day"),
            ("The Valley Post", "The Valley Post"),
            ("Snow: a history | Weather | The Valley Post", "Snow: a history | Weather"),
        ] {
            assert_eq!(strip_site_name(raw, &site, &[]), wanted);
        }
        assert_eq!(
            strip_site_name("Rain all day | Weather | Elsewhere", &[], &["Rain all day".into()]),
            "Rain all day"
        );
    }
}
