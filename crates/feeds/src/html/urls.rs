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

/// Makes each address of a list of pictures absolute: `small.jpg 480w, large.jpg 2x`.
fn absolute_srcset(list: &str, base: &Base) -> Option<String> {
    let mut is_changed = false;
    let candidates = list.split(", ").map(|candidate| {
        let candidate = candidate.trim();
        let (address, descriptor) = candidate.split_once(char::is_whitespace).unwrap_or((candidate, ""));
        match absolute(address, base) {
            Some(address) => {
                is_changed = true;
                format!("{address} {descriptor}").trim_end().to_owned()
            }
            None => candidate.to_owned(),
        }
    });
    let candidates = candidates.collect::<Vec<_>>().join(", ");
    is_changed.then_some(candidates)
}
