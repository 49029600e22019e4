//! Makes emoji text of their sentence: those in an element of their own (`<g-emoji>`), and images described by one.

use dom_query::NodeRef;

use crate::dom::tree::{self, attribute};

/// The maximum length of an emoji, in bytes: families and flags are sequences.
const MAX_BYTES: usize = 40;

/// Replaces an element by its emoji, if it is nothing else.
pub(crate) fn replace_with_text(elements: &[NodeRef<'_>]) {
    for element in elements {
        if let Some(emoji) = find_emoji(element) {
            element.insert_before(&element.tree.new_text(emoji));
            element.remove_from_parent();
        }
    }
}

/// Returns whether an element may stand for an emoji.
pub(crate) fn may_be_emoji(node: &NodeRef<'_>, name: &str) -> bool {
    name == "img" && node.has_attr("alt")
        || name.contains('-') && !node.has_attr("src")
        || matches!(name, "span" | "i") && node.has_attr("aria-label")
}

fn find_emoji(element: &NodeRef<'_>) -> Option<String> {
    let text = if tree::has_name(element, &["img"]) {
        attribute(element, "alt")?
    } else {
        element.descendants_it().nth(3).is_none().then(|| element.text().trim().to_owned())?
    };
    let label = || attribute(element, "aria-label").filter(|_| text.is_empty());
    [Some(text.clone()), label()].into_iter().flatten().find(|text| is_emoji(text))
}

/// Returns whether a text consists of signs, among them one for which fonts have a picture.
fn is_emoji(text: &str) -> bool {
    let is_pictured = |letter: char| {
        matches!(letter, '\u{203c}' | '\u{2049}' | '\u{20e3}' | '\u{2139}' | '\u{2194}'..='\u{21aa}')
            || matches!(letter, '\u{231a}'..='\u{23ff}' | '\u{25aa}'..='\u{27bf}' | '\u{2934}'..='\u{2b55}')
            || matches!(letter, '\u{1f000}'..='\u{1faff}')
    };
    let is_part = |letter: char| {
        is_pictured(letter)
            || matches!(letter, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}' | '0'..='9' | '#' | '*' | ' ')
    };
    // A check mark is a bullet.
    text.len() <= MAX_BYTES && !text.contains('✓') && text.chars().all(is_part) && text.chars().any(is_pictured)
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn an_emoji_stays_in_its_sentence() {
        for emoji in [
            "<g-emoji class=g-emoji alias=ocean>🌊</g-emoji>",
            "<gl-emoji title=wave data-name=ocean>🌊</gl-emoji>",
            "<img class=emoji draggable=false alt=🌊 src='https://s.example/72x72/1f30a.png'>",
            "<img class=wp-smiley alt=🌊 src='https://s.example/1f30a.svg' width=20 height=20>",
            "<span role=img aria-label=wave>🌊</span>",
            "<span class=emoji-sprite role=img aria-label=🌊></span>",
        ] {
            let html = sanitize_html(&format!("<p>Made with {emoji} and care.</p>"), None);
            assert_eq!(html.as_str(), "<p>Made with 🌊 and care.</p>", "{emoji}");
        }
        for other in
            ["<img src=\"https://a.example/p.jpg\" alt=\"→ 3\">", "<img src=\"https://a.example/p.jpg\" alt=\"12\">"]
        {
            let html = format!("<p>It rose {other}.</p>");
            assert_eq!(sanitize_html(&html, None).as_str(), html);
        }
    }
}
