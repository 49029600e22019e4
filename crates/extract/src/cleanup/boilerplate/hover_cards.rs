//! Cards inside a sentence that a style sheet shows only while the pointer is on the word before them.

use dom_query::NodeRef;

use crate::dom::tree;

/// Words in the classes of such cards.
const CARD_WORDS: &[&str] = &["hover", "rollover", "popover", "popup", "tooltip", "flyout", "hovercard", "mouseover"];
/// Words in the classes of notes, which belong to the text.
const NOTE_WORDS: &[&str] = &["note", "cite", "citation", "ref", "annotation", "gloss", "definition"];
/// Least links in a card.
const MIN_LINKS: usize = 2;
/// Most nodes of a card.
const MAX_NODES: usize = 200;

/// Returns whether an element is a card with links about the word before it.
pub(super) fn is_hover_card(node: &NodeRef<'_>, name: &str) -> bool {
    if name != "span" {
        return false;
    }
    let Some(classes) = node.attr("class").map(|classes| classes.to_ascii_lowercase()) else { return false };
    let holds = |words: &[&str]| words.iter().any(|word| classes.contains(word));
    if !holds(CARD_WORDS) || holds(NOTE_WORDS) || node.descendants_it().nth(MAX_NODES).is_some() {
        return false;
    }
    let links = node.descendants_it().filter(|inside| tree::has_name(inside, &["a"])).take(MIN_LINKS).count();
    links == MIN_LINKS && follows_its_word(node)
}

/// Returns whether nothing but the word that opens the card stands before it: a link, or an element that is named for
/// it or is in one that is.
fn follows_its_word(node: &NodeRef<'_>) -> bool {
    let mut before = node.prev_sibling();
    while let Some(blank) = before.filter(tree::is_blank_text) {
        before = blank.prev_sibling();
    }
    let is_named = |node: &NodeRef<'_>| {
        let classes = tree::class_and_id(node).to_ascii_lowercase();
        CARD_WORDS.iter().any(|word| classes.contains(word))
    };
    before.is_some_and(|before| {
        let opens_card = tree::has_name(&before, &["a"])
            || is_named(&before)
            || before.parent().is_some_and(|parent| is_named(&parent));
        before.is_element() && tree::is_inline(&tree::name(&before)) && tree::has_any_text(&before) && opens_card
    })
}

#[cfg(test)]
mod tests {
    use crate::page::{Page, Source};

    fn read(sentence: &str) -> String {
        let html = format!(
            "<h1>Rain</h1><p>{sentence}, and the river rose by the height of a man.</p><p>On Saturday the sun came back, and the ferry went to the northern bank again.</p>"
        );
        crate::article(&Page { source: Source::Html(&html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] })
            .text
    }

    #[test]
    fn only_the_word_stays_of_a_hover_card() {
        let card = "<b>Ann Marie Lee</b> <a href=/1>Bread will cost more</a> <a href=/2>A night train returns</a>";
        for sentence in [
            format!(
                "So said <span class=person-rollover><a href=/ann>Ann Lee</a><span class=person-rollover__box>{card}</span></span> on Monday"
            ),
            format!(
                "So said <a href=/ann class=popup-trigger>Ann Lee</a> <span class='popup popup-card'>{card}</span> on Monday"
            ),
            format!(
                "So said <span class=hover-word>Ann Lee</span><span class=HoverCard><span>{card}</span></span> on Monday"
            ),
        ] {
            assert!(read(&sentence).starts_with("So said Ann Lee on Monday, and"), "{sentence}: {}", read(&sentence));
        }
        for stop in [",", ""] {
            let own = format!(
                "So it was <b>everywhere</b>{stop} <span class=hover-effect>as <a href=/1>Ann</a> and <a href=/2>Bo</a> say</span>"
            );
            assert!(read(&own).contains("as Ann and Bo say"), "{own}");
        }
        let note =
            "The <i>weir</i><span class=footnote-popup>see <a href=/1>Ann</a> and <a href=/2>Bo</a></span> broke";
        assert!(read(note).contains("see Ann and Bo"));
    }
}
