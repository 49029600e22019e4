//! Reads lists of tags as other services write them. Pure.

/// Reads tags in any of the forms that tables have: a JSON array, a Python list, or separated by `|`, `;` or `,`.
pub(super) fn parse_any(text: &str) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() || text == "null" {
        return Vec::new();
    }
    if text.starts_with('[') {
        return parse_list(text);
    }
    let separator = ['|', ';', ','].into_iter().find(|mark| text.contains(*mark)).unwrap_or(',');
    text.split(separator).map(|tag| tag.trim().to_owned()).collect()
}

/// Reads `["a", 'it''s', b]`: a JSON array, a list as Python writes it, or names without quotation marks.
pub(super) fn parse_list(text: &str) -> Vec<String> {
    if let Ok(tags) = serde_json::from_str::<Vec<String>>(text) {
        return tags;
    }
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    let (mut tags, mut tag, mut quote) = (Vec::new(), String::new(), None);
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', Some(_)) => tag.extend(letters.next()),
            (mark, Some(open)) if mark == open => quote = None,
            ('"' | '\'', None) if tag.trim().is_empty() => {
                tag.clear();
                quote = Some(letter);
            }
            (',', None) => tags.push(std::mem::take(&mut tag)),
            _ => tag.push(letter),
        }
    }
    tags.push(tag);
    tags.into_iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_tags_are_read_in_any_form() {
        for (text, expected) in [
            ("", &[][..]),
            ("null", &[]),
            ("[]", &[]),
            ("sea|slow reading|été", &["sea", "slow reading", "été"]),
            ("sea, soup", &["sea", "soup"]),
            ("sea;soup, hot", &["sea", "soup, hot"]),
            (r#"["sea","soup, hot"]"#, &["sea", "soup, hot"]),
            (r#"['sea', "it's wet", 'soup, hot']"#, &["sea", "it's wet", "soup, hot"]),
            (r#"["dogs', cats"]"#, &["dogs', cats"]),
            (r"['it\'s']", &["it's"]),
            (r#"[sea,"soup"]"#, &["sea", "soup"]),
            ("['sea", &["sea"]),
        ] {
            assert_eq!(parse_any(text), expected, "{text}");
        }
    }
}
