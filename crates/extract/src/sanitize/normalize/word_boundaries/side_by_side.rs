//! Decides whether a style sets two neighbouring elements apart, as a number and what it counts.
//!
//! Without the style there are only names: two elements with different names, that are all there is in their line,
//! are a name and its value. A word may be split, too, for a drop cap, a logo or a colour, and stays whole.

use dom_query::NodeRef;

use crate::dom::{tree, words};

/// Inline elements that name, count or describe.
const ELEMENTS: &[&str] = &["span", "b", "strong", "em", "i", "small", "time", "label", "data", "cite", "var", "abbr"];
/// Classes of containers whose children stand beside or below each other.
const ROW_CLASSES: &[&str] = &["flex", "d-flex", "inline-flex", "d-inline-flex", "grid", "d-grid", "inline-grid"];
/// Words in the classes of names, numbers and what they count.
const LABEL_WORDS: &[&str] = &[
    "k",
    "v",
    "key",
    "value",
    "val",
    "label",
    "lbl",
    "name",
    "num",
    "number",
    "count",
    "amount",
    "total",
    "unit",
    "units",
    "term",
    "title",
    "desc",
    "description",
    "meta",
    "date",
    "year",
    "time",
    "day",
    "month",
    "place",
    "location",
    "author",
    "role",
    "source",
    "tag",
    "badge",
    "price",
    "stat",
    "figure",
    "caption",
    "info",
    "detail",
    "category",
    "type",
    "status",
    "fact",
    "item",
    "head",
    "heading",
    "sub",
    "subtitle",
    "kicker",
];
/// Words in the classes of lines of verse.
const LINE_WORDS: &[&str] = &["line", "l", "verse", "vers", "lyric", "row"];
/// What may follow a number without a space.
const NUMBER_ENDINGS: &[&str] = &["st", "nd", "rd", "th", "er", "re", "eme", "ème", "nd", "de", "ste", "te"];
/// The maximum number of elements in a line of names and values.
const MAX_ELEMENTS: usize = 8;
/// The maximum number of characters read from an element.
const MAX_CHARS: usize = 200;

/// Returns whether two elements, one of which ends with `last` and the next of which begins with `first`, stand apart.
pub(super) fn are_set_apart(closed: &NodeRef<'_>, opened: &NodeRef<'_>, last: char, first: char) -> bool {
    let (Some(parent), Some(other)) = (closed.parent(), opened.parent()) else { return false };
    if parent.id != other.id
        || last.is_whitespace()
        || first.is_whitespace()
        || words::is_wide(last)
        || words::is_wide(first)
    {
        return false;
    }
    let (before, after) = (start_of(closed), start_of(opened));
    if before.chars().count() < 2 && after.chars().count() < 2 {
        return false;
    }
    if (is_row(&parent) || has_gap(closed, "right") || has_gap(opened, "left")) && last.is_alphanumeric() {
        return first.is_alphanumeric() && !is_split_word(&before, &after);
    }
    let known = tree::has_name(closed, ELEMENTS) && tree::has_name(opened, ELEMENTS) && is_line_of_elements(&parent);
    known && (are_name_and_value(closed, opened, &before, &after) || are_lines(closed, opened, &before, &after))
}

/// Returns whether two differently named elements are a name and its value, or a number and what it counts.
fn are_name_and_value(closed: &NodeRef<'_>, opened: &NodeRef<'_>, before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().last(), after.chars().next()) else { return false };
    let (one, other) = (class_words(closed), class_words(opened));
    let differ = if one.is_empty() && other.is_empty() {
        tree::name(closed) != tree::name(opened)
    } else {
        !one.iter().any(|class| other.contains(class))
    };
    if !differ || is_made_by_machine(&one) || is_made_by_machine(&other) {
        return false;
    }
    let is_label =
        || one.iter().chain(&other).any(|class| class.split(['-', '_']).any(|word| LABEL_WORDS.contains(&word)));
    let has_space = || before.contains(' ') || after.contains(' ');
    let are_words = || before.chars().count() > 1 && after.chars().count() > 1;
    match (last, first) {
        _ if is_split_word(before, after) => false,
        ('.' | ',' | ';' | ':' | '!' | '?' | ')', first) => {
            (first.is_uppercase() || first.is_numeric()) && (has_space() || is_label() && last != '.' && last != ',')
        }
        (last, '£' | '$' | '€' | '“') => last.is_alphanumeric() && before.chars().count() > 2,
        (last, first) if last.is_numeric() && first.is_numeric() => false,
        (last, first) if last.is_numeric() => first.is_alphabetic() && after.chars().count() > 2,
        (last, first) if first.is_numeric() => last.is_lowercase() && are_words(),
        (last, first) if last.is_lowercase() && first.is_uppercase() => are_words() && (is_label() || has_space()),
        (last, first) if last.is_uppercase() && first.is_lowercase() => false,
        (last, first) => {
            let have_classes = !one.is_empty() && !other.is_empty();
            last.is_alphabetic() && first.is_alphabetic() && are_words() && have_classes && is_label()
        }
    }
}

/// Returns whether two elements of the same kind, each of several words, are two lines.
fn are_lines(closed: &NodeRef<'_>, opened: &NodeRef<'_>, before: &str, after: &str) -> bool {
    let one = class_words(closed);
    let is_same = !one.is_empty() && one == class_words(opened) && tree::name(closed) == tree::name(opened);
    // A word in two colours may be split anywhere, but not before a capital.
    let is_line = || one.iter().any(|class| class.split(['-', '_']).any(|word| LINE_WORDS.contains(&word)));
    let starts_anew = || !before.ends_with(char::is_uppercase) && after.starts_with(char::is_uppercase);
    is_same && !is_made_by_machine(&one) && before.contains(' ') && after.contains(' ') && (is_line() || starts_anew())
}

/// Returns whether two parts are one word: a drop cap, an ordinal, an initial.
fn is_split_word(before: &str, after: &str) -> bool {
    let is_letter = |part: &str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    let is_ending = || {
        let word = after.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
        before.ends_with(char::is_numeric) && NUMBER_ENDINGS.contains(&word)
    };
    is_letter(before) || is_letter(after) || is_ending()
}

/// Returns whether an element has no text of its own, and few children.
fn is_line_of_elements(parent: &NodeRef<'_>) -> bool {
    let children: Vec<NodeRef<'_>> = parent.children_it(false).take(2 * MAX_ELEMENTS + 2).collect();
    children.len() <= 2 * MAX_ELEMENTS + 1 && !children.iter().any(tree::is_nonblank_text)
}

/// Returns whether an element's style or class makes its children stand apart.
fn is_row(parent: &NodeRef<'_>) -> bool {
    let is_styled = || {
        compact_style(parent).is_some_and(|style| {
            ["display:flex", "display:inline-flex", "display:grid", "display:inline-grid"]
                .iter()
                .any(|value| style.contains(value))
        })
    };
    tree::has_any_class(parent, ROW_CLASSES) || is_styled()
}

/// Returns whether an element's style keeps a distance on this side.
fn has_gap(node: &NodeRef<'_>, side: &str) -> bool {
    let Some(style) = compact_style(node) else { return false };
    let is_wide = |property: String| {
        style.split(';').any(|rule| rule.strip_prefix(&property).is_some_and(|value| !value.starts_with(['0', '-'])))
    };
    is_wide(format!("margin-{side}:"))
        || is_wide(format!("padding-{side}:"))
        || ["float:left", "float:right", "display:table-cell", "position:absolute"]
            .iter()
            .any(|value| style.contains(value))
}

fn compact_style(node: &NodeRef<'_>) -> Option<String> {
    let style = node.attr("style")?;
    Some(style.chars().filter(|letter| !letter.is_whitespace()).take(1_000).collect::<String>().to_ascii_lowercase())
}

fn class_words(node: &NodeRef<'_>) -> Vec<String> {
    let classes = node.attr("class").unwrap_or_default();
    classes.split_ascii_whitespace().take(8).map(str::to_ascii_lowercase).collect()
}

/// Returns whether a class was numbered by a program, as word processors do with each change of typeface.
fn is_made_by_machine(classes: &[String]) -> bool {
    classes.iter().any(|class| class.contains(|letter: char| letter.is_ascii_digit()))
}

/// Returns the trimmed text of an element; of a long one, its first and last characters.
fn start_of(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    for inside in node.descendants_it().take(MAX_CHARS) {
        tree::read_text(&inside, |part| text.extend(part.chars().take(MAX_CHARS)));
    }
    text.trim().to_owned()
}
