//! Names of authors.

use super::best::push_new;
use crate::html::text::{single_spaced, title_text};
use crate::limits::MAX_NAME_CHARS;
use crate::markup::tree::Element;

/// Returns the name in `name@example.org (Name)`, `Name <name@example.org>` or a plain name. An address alone is shown
/// without its host, so that nobody collects it.
pub(super) fn name_in(text: &str) -> Option<String> {
    let text = text.trim();
    let in_parentheses = text.split_once('(').and_then(|(before, rest)| {
        let is_address = before.trim().contains('@') && !before.trim().contains(' ');
        is_address.then(|| rest.trim_end().trim_end_matches(')'))
    });
    let before_address = text.split_once('<').filter(|(_, rest)| rest.contains('@')).map(|(name, _)| name);
    let name = in_parentheses.or(before_address).filter(|name| !name.trim().is_empty()).unwrap_or(text);
    let name = title_text(name)?;
    match name.split_once('@') {
        Some((local, _)) if !name.contains(' ') && !local.is_empty() => Some(local.to_owned()),
        _ => Some(name),
    }
}

/// Adds a name, unless it is there. What nobody would read of it is cut off.
pub(super) fn push_name(names: &mut Vec<String>, name: Option<String>) {
    push_new(names, name.map(|name| name.chars().take(MAX_NAME_CHARS).collect()));
}

/// Returns the name of a person in Atom, or else the address.
pub(super) fn name_of(person: &Element) -> Option<String> {
    let part = |name: &str| {
        let element = person.elements().find(|child| child.local_name().eq_ignore_ascii_case(name))?;
        single_spaced(&element.text()?)
    };
    let plain = || if person.elements().next().is_none() { person.text().and_then(|it| name_in(&it)) } else { None };
    part("name").or_else(|| name_in(&part("email")?)).or_else(|| part("uri")).or_else(plain)
}
