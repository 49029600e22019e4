//! Text in XML.

/// Escapes text for XML, in elements and in attributes. Characters that XML does not know are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\r' => out.push('\n'),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

/// Returns whether a language tag is one that every e-reader knows: a language, and maybe a script or a region.
pub(super) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let is_language = matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
    let rest: Vec<&str> = parts.collect();
    is_language
        && match rest[..] {
            [] => true,
            [one] => matches!(one.len(), 2 | 4) && one.bytes().all(|b| b.is_ascii_alphabetic()),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_loses_what_xml_does_not_know() {
        assert_eq!(escape("a<b>&\"c\"\u{1}\u{b}\r\n\u{ffff}é"), "a&lt;b&gt;&amp;&quot;c&quot;\n\né");
    }

    #[test]
    fn language_tags_are_simple() {
        assert!(["en", "de-AT", "zh-Hant", "yue"].iter().all(|tag| is_language_tag(tag)));
        assert!(!["", "e", "EN", "en_US", "en-", "en-US-x", "english", "en-1"].iter().any(|tag| is_language_tag(tag)));
    }
}
