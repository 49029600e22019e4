//! Tells what a block of structured text is, by the words in its kind.

use serde_json::Value;

/// Fields that name the kind of a block, the most telling first.
const KIND_FIELDS: &[&str] = &[
    "listItem",
    "style",
    "nodeType",
    "_type",
    "__typename",
    "blockType",
    "type",
    "kind",
    "tagName",
    "tag",
    "name",
    "component",
];
/// Fields with the children of a block.
pub(super) const CHILD_FIELDS: &[&str] = &[
    "children",
    "content",
    "blocks",
    "contents",
    "items",
    "nodes",
    "body",
    "paragraphs",
    "elements",
    "content_elements",
    "document",
    "root",
    "doc",
    "json",
    "innerBlocks",
];
/// Fields that hold what others hold directly.
const WRAPPER_FIELDS: &[&str] = &["data", "model", "attributes", "attrs", "props", "fields", "value"];
/// Words in the kinds of blocks that are not the article's.
pub(super) const FOREIGN_WORDS: &[&str] = &[
    "ad",
    "ads",
    "advert",
    "advertisement",
    "promo",
    "promotion",
    "newsletter",
    "related",
    "recirc",
    "script",
    "style",
    "nav",
    "footer",
    "button",
    "form",
    "svg",
    "template",
    "head",
    "meta",
    "interstitial",
    "noscript",
    "aside",
    "comments",
];

/// What a block is, by the words in its kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Heading(u8),
    Item,
    BulletList,
    NumberedList,
    Quote,
    Code,
    Image,
    Rule,
    Break,
    Link,
    Bold,
    Italic,
    Text,
    Html,
    Foreign,
    Container,
}

/// Returns the first of these fields, also one level down.
pub(super) fn find_field<'v>(block: &'v Value, names: &[&str]) -> Option<&'v Value> {
    let is_filled = |value: &&Value| match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Null => false,
        _ => true,
    };
    let direct = |object: &'v Value| names.iter().filter_map(|name| object.get(*name)).find(is_filled);
    direct(block).or_else(|| WRAPPER_FIELDS.iter().filter_map(|name| block.get(*name)).find_map(direct))
}

/// Finds a text by name, up to two levels down.
pub(super) fn find_text(block: &Value, names: &[&str]) -> Option<String> {
    let mut level = vec![block];
    for _ in 0..3 {
        for object in &level {
            if let Some(text) = names.iter().find_map(|name| object.get(*name)?.as_str()) {
                return Some(text.to_owned());
            }
        }
        level = level
            .iter()
            .filter_map(|object| object.as_object())
            .flat_map(|fields| fields.values())
            .filter(|inner| inner.is_object())
            .collect();
    }
    None
}

pub(super) fn has_block_children(block: &Value) -> bool {
    let children = find_field(block, CHILD_FIELDS).and_then(Value::as_array);
    children.is_some_and(|children| {
        children.iter().any(|child| {
            matches!(kind_of(child), Kind::Paragraph | Kind::BulletList | Kind::NumberedList | Kind::Heading(_))
        })
    })
}

pub(super) fn is_numbered(block: &Value) -> bool {
    let name = ["listItem", "type", "style", "listType"].iter().find_map(|field| block.get(*field)?.as_str());
    name.is_some_and(|name| name.contains("number") || name.starts_with("ordered"))
}

/// Returns whether a block is a piece of running text, by its kind.
pub(super) fn is_text_block(block: &Value) -> bool {
    !matches!(kind_of(block), Kind::Container | Kind::Foreign | Kind::Link | Kind::Image) || has_block_children(block)
}

/// Returns what a block is.
pub(super) fn kind_of(block: &Value) -> Kind {
    let child_kinds =
        || find_field(block, CHILD_FIELDS).and_then(Value::as_array).into_iter().flatten().take(20).map(kind_by_fields);
    let is_inline = |kind: Kind| matches!(kind, Kind::Text | Kind::Link | Kind::Bold | Kind::Italic | Kind::Break);
    match kind_by_fields(block) {
        // A line of texts is a paragraph, and a text of paragraphs is none.
        Kind::Container if child_kinds().count() > 0 && child_kinds().all(is_inline) => Kind::Paragraph,
        Kind::Text if child_kinds().any(|kind| !is_inline(kind) && kind != Kind::Container) => Kind::Container,
        kind => kind,
    }
}

/// Returns what a block is, by its own fields.
fn kind_by_fields(block: &Value) -> Kind {
    let Some(fields) = block.as_object() else { return Kind::Container };
    let mut found = Kind::Container;
    for name in KIND_FIELDS.iter().filter_map(|field| fields.get(*field)?.as_str()) {
        found = kind_by_name(name, block);
        if found != Kind::Container {
            break;
        }
    }
    let has_text = || fields.get("text").or_else(|| fields.get("value")).is_some_and(Value::is_string);
    let is_leaf = || !fields.keys().any(|key| CHILD_FIELDS.contains(&key.as_str()) && fields[key].is_array());
    match found {
        Kind::Container if has_text() && is_leaf() => Kind::Text,
        other => other,
    }
}

fn kind_by_name(name: &str, block: &Value) -> Kind {
    let words = split_words(name);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let level = || {
        let tag = block.get("tag").and_then(Value::as_str).map(str::to_owned);
        let digit = words
            .iter()
            .chain(&tag)
            .find_map(|word| word.trim_start_matches(|letter: char| letter.is_alphabetic()).parse::<u8>().ok());
        let named = ["one", "two", "three", "four"].iter().position(|level| has(&[level])).map(|at| at as u8 + 1);
        let stated = find_field(block, &["level", "depth"]).and_then(Value::as_u64).map(|level| level as u8);
        digit.or(named).or(stated).unwrap_or(2).clamp(2, 6)
    };
    match () {
        () if has(FOREIGN_WORDS) || has(&["link"]) && has(&["list"]) => Kind::Foreign,
        () if has(&["image", "img", "figure", "photo", "picture"]) => Kind::Image,
        () if has(&["bullet", "unordered"]) && has(&["list"]) && !has(&["item"]) => Kind::BulletList,
        () if has(&["ordered", "numbered"]) && has(&["list"]) && !has(&["item"]) => Kind::NumberedList,
        () if has(&["item", "listitem", "li", "bullet", "number"]) && !has(&["items"]) => Kind::Item,
        () if has(&["list", "ul", "ol"]) => {
            let style = find_text(block, &["listType", "list_type", "tag", "style", "format"]).unwrap_or_default();
            if has(&["ol"]) || style == "ol" || style.starts_with("ordered") || style.contains("number") {
                Kind::NumberedList
            } else {
                Kind::BulletList
            }
        }
        () if words.iter().any(|word| is_heading(word)) => Kind::Heading(level()),
        () if has(&["quote", "blockquote", "pullquote"]) => Kind::Quote,
        () if has(&["code", "pre"]) => Kind::Code,
        () if has(&["hr", "divider", "delimiter", "rule", "thematic"]) => Kind::Rule,
        () if has(&["br", "break", "linebreak", "hardbreak"]) => Kind::Break,
        () if has(&["link", "hyperlink"]) || words == ["a"] => Kind::Link,
        () if has(&["strong", "bold"]) || words == ["b"] => Kind::Bold,
        () if has(&["em", "emphasis", "italic"]) || words == ["i"] => Kind::Italic,
        () if has(&["html"]) => Kind::Html,
        () if has(&["paragraph", "unstyled", "normal"]) || words == ["p"] => Kind::Paragraph,
        () if has(&["text", "span", "inline"]) => Kind::Text,
        () => Kind::Container,
    }
}

fn is_heading(word: &str) -> bool {
    let name = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    matches!(name, "heading" | "header" | "subheading" | "subhead" | "subheadline") || name == "h" && word.len() == 2
}

/// Splits a name into words in lower case: `ParagraphBlock`, `bullet_list`, `core/heading`.
fn split_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars().take(60) {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().expect("there is always a last word").extend(letter.to_lowercase());
        }
        was_lower = letter.is_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}
