//! Reads the front matter of a text: lines of `name: value` between `---`, or of `name = value` between `+++`.
//!
//! Site generators write YAML or TOML, of which names, words and lists of words are read; the rest is ignored.

/// The most bytes of a front matter.
const MAX_BYTES: usize = 100_000;
/// The most tags, as of a web page.
const MAX_TAGS: usize = 12;

/// What a front matter says of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) date: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) language: Option<String>,
    pub(super) tags: Vec<String>,
}

/// Splits a text into its front matter and the rest.
pub(super) fn split(text: &str) -> (FrontMatter, &str) {
    for (open, mark) in [("---\n", ':'), ("+++\n", '=')] {
        if let Some((matter, rest)) = text.strip_prefix(open).and_then(|rest| split_at_close(rest, open)) {
            return (read(matter, mark), rest);
        }
    }
    (FrontMatter::default(), text)
}

/// Splits before the line that closes the front matter; `None` if the lines above it are no front matter, but text
/// between two rules.
fn split_at_close<'t>(text: &'t str, open: &str) -> Option<(&'t str, &'t str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take_while(|line| line.len() < MAX_BYTES) {
        let bare = line.trim_end();
        if bare == open.trim_end() || bare == "..." {
            let matter = &text[..at];
            let first = matter.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
            let is_matter = first.is_none_or(|line| {
                let name = line.split([':', '=']).next().unwrap_or_default().trim();
                name.len() < line.trim().len() && !name.contains(char::is_whitespace) || line.starts_with('[')
            });
            return is_matter.then(|| (matter, &text[at + line.len()..]));
        }
        at += line.len();
        if at > MAX_BYTES {
            return None;
        }
    }
    None
}

fn read(matter: &str, mark: char) -> FrontMatter {
    let mut front = FrontMatter::default();
    let mut name = String::new();
    for line in matter.lines() {
        let bare = line.trim();
        let is_inner = line.starts_with([' ', '\t', '-']);
        match bare.split_once(mark).filter(|_| !is_inner) {
            Some((key, value)) => {
                name = key.trim().trim_matches('"').to_lowercase();
                values(value).into_iter().for_each(|value| front.set(&name, value));
            }
            // An item of a list, perhaps with a name of its own: `- name: Ann Lee`.
            None if is_inner || bare.starts_with('"') => {
                let item = bare.strip_prefix('-').unwrap_or(bare).trim();
                let word = match item.split_once(": ") {
                    Some(("name" | "literal", word)) => word,
                    Some(_) => continue,
                    None => item,
                };
                values(word).into_iter().for_each(|value| front.set(&name, value));
            }
            None => {}
        }
    }
    front.tags.truncate(MAX_TAGS);
    front
}

impl FrontMatter {
    fn set(&mut self, name: &str, value: String) {
        let slot = match name {
            "title" => &mut self.title,
            "date" | "published" | "pubdate" | "publishdate" | "created" | "published_at" => &mut self.date,
            "description" | "summary" | "excerpt" | "abstract" => &mut self.summary,
            "lang" | "language" | "locale" => &mut self.language,
            "author" | "authors" | "by" | "creator" => return self.authors.push(value),
            "tags" | "keywords" => return self.tags.push(value),
            _ => return,
        };
        // The first line of a longer value starts with `>` or `|`, and its text follows.
        match slot {
            Some(words) if name == "description" || name == "summary" || name == "abstract" => {
                *words = format!("{words} {value}");
            }
            Some(_) => {}
            None => *slot = Some(value),
        }
    }
}

/// Returns the words of a value, which may be quoted, or a list in brackets.
fn values(value: &str) -> Vec<String> {
    let value = value.trim();
    let list = value.strip_prefix('[').map(|list| list.strip_suffix(']').unwrap_or(list));
    let parts: Vec<&str> = match list {
        Some(list) => list.split(',').collect(),
        None => vec![value],
    };
    parts.into_iter().map(unquote).filter(|word| !word.is_empty()).collect()
}

fn unquote(value: &str) -> String {
    let value = value.trim().trim_end_matches(',');
    for mark in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(mark) {
            let words = inner.rfind(mark).map_or(inner, |end| &inner[..end]);
            return words.replace("\\\"", "\"").replace("''", "'");
        }
    }
    // A comment, and the marks of values on several lines.
    let bare = value.split(" #").next().unwrap_or(value).trim();
    if matches!(bare, ">" | "|" | ">-" | "|-" | "]" | "null" | "~") { String::new() } else { bare.to_owned() }
}
