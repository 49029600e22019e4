//! Folders of feeds by their paths, such as `News / Europe`.

use std::collections::HashMap;

use crate::library::Library;
use crate::library::feeds::folders::{self, Folder};
use crate::web::shell::dates::format_number;

/// Characters of the name of a folder.
const MAX_NAME_CHARS: usize = 100;

/// Folders within folders.
const MAX_DEPTH: usize = 20;

/// Counts feeds in words.
pub(super) fn count_feeds(feeds: usize) -> String {
    match feeds {
        1 => "1 feed".to_owned(),
        feeds => format!("{} feeds", format_number(i64::try_from(feeds).unwrap_or(i64::MAX))),
    }
}

/// Adds a folder with those that it is in. Returns its id.
///
/// # Errors
/// The database fails.
pub(super) async fn add_path(library: &Library, path: &[String]) -> sqlx::Result<Option<i64>> {
    let mut parent = None;
    for name in path {
        parent = Some(folders::add(library, parent, name).await?);
    }
    Ok(parent)
}

/// Returns the path of a folder; empty if there is no such folder.
pub(super) fn path_of(folders: &[Folder], id: i64) -> String {
    let found = paths(folders).into_iter().find(|(_, folder)| folder.id == id);
    found.map(|(path, _)| path).unwrap_or_default()
}

/// Finds the folder of a path, or else the innermost of those around it; `None` if even the outermost is to be added.
pub(super) fn find_innermost(folders: &[Folder], path: &[String]) -> Option<i64> {
    let mut found = None;
    for name in path {
        let inner = folders.iter().find(|folder| folder.parent_id == found && folder.name == *name);
        match inner {
            Some(folder) => found = Some(folder.id),
            None => break,
        }
    }
    found
}

/// Parses the path of a folder: names with slashes between them.
pub(super) fn parse_path(typed: &str) -> std::result::Result<Vec<String>, String> {
    let path: Vec<&str> = typed.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
    if path.is_empty() {
        return Err("Enter a name.".to_owned());
    }
    if path.len() > MAX_DEPTH {
        return Err(format!("That’s over {MAX_DEPTH} folders within each other. Use fewer."));
    }
    path.into_iter().map(parse_name).collect()
}

/// Parses the name of a folder.
pub(super) fn parse_name(typed: &str) -> std::result::Result<String, String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err("Enter a name.".to_owned()),
        1..=MAX_NAME_CHARS if name.contains('/') => Err("A name can’t have a slash.".to_owned()),
        1..=MAX_NAME_CHARS => Ok(name),
        _ => Err(format!("A name can have up to {MAX_NAME_CHARS} characters.")),
    }
}

/// Returns the folders with their paths, each before those in it.
pub(super) fn paths(folders: &[Folder]) -> Vec<(String, &Folder)> {
    // Those in each folder, in reverse: the last one waiting is the next.
    let mut inside: HashMap<Option<i64>, Vec<&Folder>> = HashMap::new();
    for folder in folders.iter().rev() {
        inside.entry(folder.parent_id).or_default().push(folder);
    }
    let mut paths = Vec::with_capacity(folders.len());
    let outermost = inside.remove(&None).unwrap_or_default();
    let mut waiting: Vec<(String, &Folder)> =
        outermost.into_iter().map(|folder| (folder.name.clone(), folder)).collect();
    while let Some((path, folder)) = waiting.pop() {
        for inner in inside.remove(&Some(folder.id)).unwrap_or_default() {
            waiting.push((format!("{path} / {}", inner.name), inner));
        }
        paths.push((path, folder));
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_names_between_slashes() {
        assert_eq!(parse_path(" News /  The  Sea/").unwrap(), ["News", "The Sea"]);
        assert!(parse_path(" / ").is_err());
        assert!(parse_path(&"a/".repeat(21)).unwrap_err().contains("over 20"));
        assert!(parse_path(&"a".repeat(101)).unwrap_err().contains("100 characters"));
    }

    #[test]
    fn folders_follow_the_one_they_are_in() {
        let folder = |id, parent_id, name: &str| Folder { id, parent_id, name: name.into(), ..Folder::default() };
        let folders = [
            folder(3, Some(2), "Boats"),
            folder(1, None, "Hills"),
            folder(4, Some(3), "Old"),
            folder(2, None, "Sea"),
            folder(5, Some(2), "Tides"),
            folder(6, None, "Woods"),
        ];
        let found: Vec<String> = paths(&folders).into_iter().map(|(path, _)| path).collect();
        assert_eq!(found, ["Hills", "Sea", "Sea / Boats", "Sea / Boats / Old", "Sea / Tides", "Woods"]);
    }
}
