//! The reader's tags. The publisher's keywords are kept apart, and become tags when the reader takes them.

mod store;
pub mod aliases;
pub mod similar;
pub mod suggestions;
mod keywords;
pub mod keys;
mod renaming;

pub(super) use keywords::{add_for_new_article, end_keywords, pass_on_keywords, take_keywords_after_move};
pub use keywords::{set_takes_keywords, take_next_keywords};
pub(super) use renaming::{GivenWay, bring_back, list_giving_way, rename};
pub use store::{
    Tag, TagSummary, add_to_article, count_articles, find, largest, list, list_for_article, list_for_articles,
};
pub(super) use store::{attach, attach_exactly, change_for_article, detach, list_articles, resolve, update_sort_date};

use unicode_normalization::UnicodeNormalization as _;

/// Maximum length of a tag's name in characters.
const MAX_NAME_CHARS: usize = 80;

/// Maximum number of tags a reader can give an article.
const MAX_TAGS_PER_ARTICLE: usize = 50;

/// Maximum number of characters of input that an error message repeats.
const MAX_DISPLAY_CHARS: usize = 60;

/// Signs at the end of a word that distinguish names (C, C++, C#), and how slugs spell them.
const SPELLED_SIGNS: &[(char, &str)] = &[('+', " plus "), ('#', " sharp ")];

/// Changes to the tags of an article. Changes are sent, not the tags that should remain, so that two windows do not undo
/// each other's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagChanges {
    /// Names to add.
    pub added: Vec<String>,
    /// Names to remove.
    pub removed: Vec<String>,
}

impl TagChanges {
    /// Returns what turns one list of tags into another. A tag with another spelling is added again.
    #[must_use]
    pub fn between(before: &[String], after: &[String]) -> Self {
        let is_kept = |name: &&String| after.iter().any(|other| slugify(other) == slugify(name));
        Self {
            added: after.iter().filter(|name| !before.contains(name)).cloned().collect(),
            removed: before.iter().filter(|name| !is_kept(name)).cloned().collect(),
        }
    }
}

/// Returns the slug of a tag: lower case, each run of other characters as one hyphen. Signs that distinguish names are
/// spelled out, as are names made only of symbols. Empty if nothing remains.
///
/// ```
/// assert_eq!(broadsheet::library::tags::slugify("Élections 2026 !"), "élections-2026");
/// assert_eq!(broadsheet::library::tags::slugify("C++"), "c-plus-plus");
/// ```
#[must_use]
pub fn slugify(name: &str) -> String {
    let mut slug = String::new();
    for character in spell_out_signs(name.trim()).nfc().flat_map(char::to_lowercase) {
        if is_letter(character) {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { symbol_slug(name) } else { slug.to_owned() }
}

/// Returns the key of a tag: names that mean the same in a language have the same key.
fn key(name: &str, language: Option<&str>) -> String {
    classify::key_phrases::key(&slugify(name).replace('-', " "), language)
}

/// Spells out signs that directly follow a word; elsewhere they only separate words.
fn spell_out_signs(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    let mut is_behind_word = false;
    for character in name.chars() {
        match SPELLED_SIGNS.iter().find(|(sign, _)| *sign == character && is_behind_word) {
            Some((_, word)) => spelled.push_str(word),
            None => {
                is_behind_word = is_letter(character);
                spelled.push(character);
            }
        }
    }
    spelled
}

/// Returns the slug of a name made only of symbols, such as `u1f680` for a rocket. Punctuation and variation selectors
/// are ignored.
fn symbol_slug(name: &str) -> String {
    let is_symbol = |c: char| c >= '\u{2190}' && !c.is_whitespace() && !matches!(c, '\u{fe00}'..='\u{fe0f}');
    let spelled = name.chars().filter_map(|character| match character {
        '+' => Some("plus".to_owned()),
        symbol => is_symbol(symbol).then(|| format!("u{:x}", u32::from(symbol))),
    });
    spelled.collect::<Vec<_>>().join("-")
}

fn is_letter(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}

/// Returns whether this is a combining mark of a kind that `is_alphanumeric` leaves out, such as a vowel sign or
/// virama.
fn is_combining_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{93a}'..='\u{94d}' | '\u{9bc}'..='\u{9cd}' | '\u{e31}'..='\u{e4e}')
}

/// Returns a publisher's tag as stored: one line, without the `#` of a hashtag, truncated. It has no comma, which
/// separates tags where readers edit them.
#[must_use]
pub fn normalize_name(name: &str) -> String {
    normalize_topic_name(&name.replace(',', " "))
}

/// Returns the name of a topic as stored.
pub(super) fn normalize_topic_name(name: &str) -> String {
    to_single_line(name).nfc().take(MAX_NAME_CHARS).collect()
}

fn to_single_line(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(',').trim();
    match name.strip_prefix('#') {
        // Some write `#tag#`.
        Some(hashtag) => hashtag.trim_matches('#').trim().to_owned(),
        None => name.to_owned(),
    }
}

/// Parses the name of a tag that a reader input.
///
/// # Errors
/// What is wrong, as the part of a sentence after a colon.
pub fn parse_name(name: &str) -> Result<String, String> {
    parse_topic_name(&name.replace(',', " "))
}

/// Parses the name of a topic that a reader input.
///
/// # Errors
/// What is wrong, as the part of a sentence after a colon.
pub(super) fn parse_topic_name(name: &str) -> Result<String, String> {
    let name: String = to_single_line(name).nfc().collect();
    if slugify(&name).is_empty() {
        return Err("use at least one letter or number.".to_owned());
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(format!("use at most {MAX_NAME_CHARS} characters."));
    }
    Ok(name)
}

/// Parses a comma-separated list of tags, without duplicates.
///
/// # Errors
/// A sentence about the first invalid tag.
pub fn parse_list(line: &str) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    for input in line.split(',').map(str::trim).filter(|input| !input.is_empty()) {
        let name = parse_name(input)
            .map_err(|reason| format!("“{}” can’t be a tag: {reason}", truncate_for_display(input)))?;
        if !names.iter().any(|other| slugify(other) == slugify(&name)) {
            names.push(name);
        }
        if names.len() > MAX_TAGS_PER_ARTICLE {
            return Err(format!("An article can have up to {MAX_TAGS_PER_ARTICLE} tags. Remove some."));
        }
    }
    Ok(names)
}

/// Truncates input for an error message.
#[must_use]
pub fn truncate_for_display(input: &str) -> String {
    let input = input.trim();
    match input.char_indices().nth(MAX_DISPLAY_CHARS) {
        Some((end, _)) => format!("{}…", input[..end].trim_end()),
        None => input.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_has_no_duplicates() {
        let names = parse_list(" Kyiv, #climate , kyiv,, New  York, #soup# ").unwrap();
        assert_eq!(names, ["Kyiv", "climate", "New York", "soup"]);
    }

    #[test]
    fn tags_that_differ_in_a_sign_are_different_tags() {
        assert_eq!(parse_list("C, C#, C++, c++, 🚀, ++").unwrap(), ["C", "C#", "C++", "🚀", "++"]);
    }

    #[test]
    fn an_invalid_tag_is_reported() {
        assert_eq!(parse_list("Kyiv, !!").unwrap_err(), "“!!” can’t be a tag: use at least one letter or number.");
        let long = parse_list(&"я".repeat(3000)).unwrap_err();
        assert_eq!(long, format!("“{}…” can’t be a tag: use at most 80 characters.", "я".repeat(60)));
        let many = |count: u32| (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        assert!(parse_list(&many(50)).is_ok());
        assert!(parse_list(&many(51)).unwrap_err().starts_with("An article can have up to 50 tags"));
        assert_eq!(parse_name(&"a".repeat(81)).unwrap_err(), "use at most 80 characters.");
        assert_eq!(parse_name(&"a".repeat(80)), Ok("a".repeat(80)));
    }

    #[test]
    fn a_tag_has_no_comma_and_keeps_its_slug() {
        for (name, expected) in [
            ("Washington, D.C.", "Washington D.C."),
            ("Budget,public", "Budget public"),
            (" ,Sea , sky,, ", "Sea sky"),
            (",#tides,", "tides"),
            ("C,#D", "C #D"),
            ("C++, ++", "C++ ++"),
            ("🚀,🚀", "🚀 🚀"),
        ] {
            assert_eq!(normalize_name(name), expected, "{name}");
            assert_eq!(parse_name(name).as_deref(), Ok(expected), "{name}");
            assert_eq!(parse_list(expected).unwrap(), [expected]);
            assert_eq!(slugify(name.trim_matches([',', ' '])), slugify(expected), "{name}");
        }
        assert_eq!(normalize_topic_name("Arts, culture"), "Arts, culture", "topics are not listed in a line");
    }

    #[test]
    fn a_slug_keeps_letters_of_every_script() {
        for (name, expected) in [
            ("New York", "new-york"),
            ("Київ", "київ"),
            ("C++11", "c-plus-plus-11"),
            ("F#", "f-sharp"),
            ("Politics + Business", "politics-business"),
            ("No. #1", "no-1"),
            ("हिन्दी", "हिन्दी"),
            ("🚀", "u1f680"),
            ("❤\u{fe0f}", "u2764"),
            ("Rust 🦀", "rust"),
            ("--", ""),
        ] {
            assert_eq!(slugify(name), expected, "{name}");
        }
    }
}
