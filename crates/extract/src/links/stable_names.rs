//! Which classes and ids say what a thing is. Others are new with each version of a site, differ between the entries
//! of a list, or say only how it looks at the moment.

/// Letters of a name.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=40;

/// What tools that make names begin them with.
const MADE: &[&str] = &["css-", "sc-", "jsx-", "jss", "svelte-", "emotion-", "makeStyles-", "astro-", "tss-", "v-"];

/// What entries of one list differ in.
const OF_ENTRIES: &[&str] = &[
    "post-",
    "category-",
    "cat-",
    "tag-",
    "format-",
    "status-",
    "type-",
    "author-",
    "is-",
    "has-",
    "js-",
    "item-",
    "node--",
];

/// States and positions.
const STATES: &[&str] = &[
    "first",
    "last",
    "odd",
    "even",
    "alt",
    "active",
    "current",
    "selected",
    "sticky",
    "pinned",
    "featured",
    "highlighted",
    "hot",
    "new",
    "read",
    "unread",
    "visited",
    "open",
    "closed",
    "show",
    "hide",
    "hidden",
    "visible",
    "loaded",
    "lazy",
    "large",
    "small",
    "big",
    "lead",
    "clearfix",
];

/// Returns whether a class or id says what a thing is.
pub(super) fn is_stable(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    LENGTH.contains(&name.len())
        && name.bytes().all(is_plain)
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !MADE.iter().any(|start| name.starts_with(start))
        && !STATES.contains(&name)
        && !is_of_entry(name)
        && !name.split(['-', '_']).any(is_made)
}

fn is_of_entry(name: &str) -> bool {
    /// What follows in names of parts of an entry, which all have.
    const PARTS: &[&str] =
        &["title", "item", "list", "link", "card", "heading", "header", "body", "content", "entry", "name"];
    OF_ENTRIES.iter().any(|start| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| !rest.split(['-', '_']).any(|part| PARTS.contains(&part)))
    })
}

/// Returns whether a part of a name is a hash: its capitals stand anywhere, or nobody could pronounce it.
fn is_made(part: &str) -> bool {
    if part.len() < 5 {
        return false;
    }
    let capitals = part.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
    let is_shouted = part.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_vowel = |byte: u8| b"aeiouy".contains(&byte.to_ascii_lowercase());
    let (mut run, mut longest) = (0, 0);
    for byte in part.bytes() {
        run = if is_vowel(byte) { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    // Words of a name in camel case have four letters and more, mostly.
    !is_shouted && capitals * 4 > part.len() || longest >= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_what_a_thing_is_are_stable() {
        for name in [
            "post",
            "entry-title",
            "postList",
            "c-card__title",
            "article-card",
            "post-title",
            "item-link",
            "storyHeadline",
        ] {
            assert!(is_stable(name), "{name}");
        }
        for name in [
            "post-123",
            "css-1q2w3e",
            "sc-bdVaJa",
            "hLcWqz",
            "Card_title__aBcDe",
            "jsx-99",
            "md:mt-4",
            "category-news",
            "odd",
            "is-active",
            "a",
            "svelte-tky",
            "_3xKd9",
            "xkcdfz",
            "tag-sea",
        ] {
            assert!(!is_stable(name), "{name}");
        }
    }
}
