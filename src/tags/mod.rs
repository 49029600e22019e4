//! Tags: any number on an article, the reader's own and the publisher's.

mod store;

pub use store::{Tag, TagInList, among, attach, find, follow_date, largest, list, of, replace};

/// The longest name a tag keeps, in characters.
const LONGEST: usize = 80;

/// The word of a tag in an address: lower case, every run of other characters one hyphen. Empty when nothing is left.
///
/// ```
/// assert_eq!(broadsheet::tags::slug("Élections 2026 !"), "élections-2026");
/// ```
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.trim().chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || is_mark(character) {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Vowel signs and viramas belong to their letters; `is_alphanumeric` leaves some of them out.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{93a}'..='\u{94d}' | '\u{9bc}'..='\u{9cd}' | '\u{e31}'..='\u{e4e}')
}

/// The name as it is kept: one line, no spaces at the ends, not too long.
#[must_use]
pub fn tidy_name(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.trim_matches(|character: char| matches!(character, '#' | ',')).trim().chars().take(LONGEST).collect()
}

/// The tags in a line a reader typed, separated by commas; each once.
#[must_use]
pub fn parse_line(line: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in line.split(',').map(tidy_name) {
        let known = names.iter().any(|other| slug(other) == slug(&name));
        if !slug(&name).is_empty() && !known {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_tags_holds_each_tag_once() {
        assert_eq!(parse_line(" Kyiv, #climate , kyiv,, !!, New  York "), ["Kyiv", "climate", "New York"]);
    }

    #[test]
    fn a_slug_keeps_letters_of_every_script() {
        for (name, expected) in
            [("New York", "new-york"), ("Київ", "київ"), ("C++", "c"), ("हिन्दी", "हिन्दी"), ("--", "")]
        {
            assert_eq!(slug(name), expected, "{name}");
        }
    }
}
