//! Addresses in HTML made absolute.

use crate::markup::base::Base;

/// Attributes that hold one address.
const URL_ATTRIBUTES: &[&str] = &["href", "src", "poster", "data", "cite", "longdesc", "background"];

/// Returns the absolute value of an attribute; `None` if it stays as it is.
pub(crate) fn absolute_value(name: &str, value: &str, base: &Base) -> Option<String> {
    if name.eq_ignore_ascii_case("srcset") {
        return absolute_srcset(value, base);
    }
    URL_ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name)).then(|| absolute(value, base))?
}

/// Returns the absolute form of a relative address. Those within the text (`#note`) stay.
fn absolute(address: &str, base: &Base) -> Option<String> {
    let address = address.trim();
    let is_fragment = address.is_empty() || address.starts_with('#');
    if is_fragment { None } else { base.resolve_relative(address).map(String::from) }
}

/// Makes each address of a list of pictures absolute: `small.jpg 480w, large.jpg 2x`. An address may hold commas, but not
/// end with one.
fn absolute_srcset(list: &str, base: &Base) -> Option<String> {
    let mut candidates = Vec::new();
    let (mut rest, mut is_changed) = (list, false);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let (word, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let address = word.trim_end_matches(',');
        if address.is_empty() {
            return is_changed.then(|| candidates.join(", "));
        }
        let end = if address == word { end_of_descriptor(behind) } else { 0 };
        let (descriptor, following) = behind.split_at(end);
        let absolute = absolute(address, base);
        is_changed |= absolute.is_some();
        let address = absolute.as_deref().unwrap_or(address);
        candidates.push(format!("{address} {}", descriptor.trim()).trim_end().to_owned());
        rest = following;
    }
}

/// Returns where a width or density ends: at a comma outside of parentheses.
fn end_of_descriptor(text: &str) -> usize {
    let mut is_inside = false;
    let end = text.find(|c: char| {
        is_inside = (is_inside || c == '(') && c != ')';
        c == ',' && !is_inside
    });
    end.unwrap_or(text.len())
}
