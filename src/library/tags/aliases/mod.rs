//! Other names of tags, such as “US” of “United States”.

mod store;

pub use store::{find, list};
pub(in crate::library) use store::{find_in, list_in, pass_on, renew_key, replace};

use serde::{Deserialize, Serialize};

use crate::library::tags::{self, Tag};

/// How many other names a tag can have.
pub const MAX_ALIASES: usize = 50;

/// Another name of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Its slug, as of a tag that is called so.
    pub slug: String,
    /// The name.
    pub name: String,
    /// Id of the tag.
    pub tag: i64,
}

impl Alias {
    /// Makes another name of a tag.
    #[must_use]
    pub fn new(tag: &Tag, name: &str) -> Self {
        let name = tags::normalize_name(name);
        Self { slug: tags::slugify(&name), name, tag: tag.id }
    }
}

/// Parses a comma-separated list of other names, without duplicates and without the tag's own name.
///
/// # Errors
/// A sentence about the first invalid name.
pub fn parse_list(line: &str, tag: &Tag) -> Result<Vec<Alias>, String> {
    let mut aliases: Vec<Alias> = Vec::new();
    for input in line.split(',').map(str::trim).filter(|input| !input.is_empty()) {
        let name = tags::parse_name(input)
            .map_err(|reason| format!("“{}” can’t be a name: {reason}", tags::truncate_for_display(input)))?;
        let alias = Alias::new(tag, &name);
        if alias.slug != tag.slug && !aliases.iter().any(|other| other.slug == alias.slug) {
            aliases.push(alias);
        }
    }
    if aliases.len() > MAX_ALIASES {
        return Err(format!("A tag can have up to {MAX_ALIASES} other names. Remove some."));
    }
    Ok(aliases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_are_parsed() {
        let tag = Tag { id: 7, slug: "united-states".into(), name: "United States".into() };
        let names = |line: &str| -> Vec<String> {
            parse_list(line, &tag).unwrap().into_iter().map(|alias| alias.name).collect()
        };
        assert_eq!(names(" US, #USA , us,, United  States, U.S."), ["US", "USA", "U.S."]);
        assert!(names("").is_empty());
        assert_eq!(parse_list("US, !!", &tag).unwrap_err(), "“!!” can’t be a name: use at least one letter or number.");
        let many: Vec<String> = (0..51).map(|number| number.to_string()).collect();
        assert!(parse_list(&many.join(","), &tag).unwrap_err().starts_with("A tag can have up to 50"));
    }
}
