//! The first letter of a text that is set large, in an element of its own, is put back to its word.

use dom_query::NodeRef;

use crate::dom::{tree, words};

/// Classes of such a letter.
const CLASSES: &[&str] = &[
    "dropcap",
    "drop-cap",
    "drop_cap",
    "dropcaps",
    "drop-caps",
    "dropped-cap",
    "drop-letter",
    "first-letter",
    "firstletter",
    "first_letter",
    "firstcharacter",
    "first-character",
    "initial-cap",
    "initialcap",
    "initial-letter",
    "lettrine",
    "letrine",
    "capital-letter",
    "letra-capital",
    "capitular",
    "capolettera",
];
/// Letters that are a word by themselves in some language that we know.
const WORDS: &[char] = &[
    'A', 'I', 'O', 'À', 'Y', 'E', 'È', 'É', 'U', 'Ó', 'W', 'Z', 'S', 'K', 'V', 'Å', 'Ö', 'В', 'И', 'К', 'О', 'С', 'У',
    'Я', 'А', 'З', 'Є', 'І',
];
/// Bytes of such a letter, perhaps with a quotation mark.
const LONGEST: usize = 8;

/// Letters of a page that are looked at.
const MOST: usize = 20;
/// Words of the paragraph that a letter without a class begins; what is shorter may be an entry under it.
const FEWEST: usize = 8;

/// Joins the letters and what follows them.
pub(super) fn join(root: &NodeRef<'_>) {
    let is_named = |node: &NodeRef<'_>| tree::has_class_among(node, CLASSES);
    let named = tree::elements(root, is_named).into_iter().filter_map(|node| letter_in(&node)).take(MOST);
    let letters: Vec<(NodeRef<'_>, bool)> =
        first(root).into_iter().map(|letter| (letter, false)).chain(named.map(|letter| (letter, true))).collect();
    if letters.is_empty() {
        return;
    }
    let texts: Vec<NodeRef<'_>> = root.descendants_it().filter(tree::is_filled_text).collect();
    for (letter, is_named) in letters {
        let at = texts.iter().position(|text| text.id == letter.id);
        let is_code =
            |text: &&NodeRef<'_>| text.ancestors_it(None).any(|around| tree::is_any(&around, &["pre", "code"]));
        let Some(next) = at.and_then(|at| texts.get(at + 1)).filter(|next| !is_code(next)) else { continue };
        let Some(rest) = tree::read_text(next, |text| text.trim_start().to_owned()) else { continue };
        let begins = rest.chars().next().unwrap_or(' ');
        if begins.is_lowercase() || (is_named && begins.is_alphabetic()) {
            join_one(&letter, next, &rest, &texts);
        }
    }
}

/// A letter that has a paragraph of its own at the very beginning, above one of prose.
fn first<'a>(root: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let text = root.descendants_it().find(tree::is_filled_text)?;
    let paragraph = text.ancestors_it(Some(3)).find(|around| tree::is_any(around, &["p"]))?;
    let below = paragraph.next_element_sibling().filter(|next| tree::is_any(next, &["p"]))?;
    letter_in(&paragraph).filter(|_| words::count(&tree::line(&below)) >= FEWEST)
}

/// The text of an element that is nothing but one capital letter.
fn letter_in<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut texts = node.descendants_it().filter(tree::is_filled_text);
    let only = texts.next().filter(|_| texts.next().is_none())?;
    let is_letter = tree::read_text(&only, |text| {
        let text = text.trim();
        let mut letters = text.chars().filter(|letter| letter.is_alphanumeric());
        text.len() <= LONGEST && letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    });
    is_letter.unwrap_or(false).then_some(only)
}

fn join_one(letter: &NodeRef<'_>, next: &NodeRef<'_>, rest: &str, texts: &[NodeRef<'_>]) {
    let Some(own) = tree::read_text(letter, |text| text.trim().to_owned()) else { return };
    let gap = if is_apart(letter, next) && is_word(&own, rest, texts) { " " } else { "" };
    next.insert_before(letter);
    letter.set_text(format!("{own}{gap}"));
    next.set_text(rest.to_owned());
}

/// Whether there is white space, or the edge of a block, between the letter and what follows it.
fn is_apart(letter: &NodeRef<'_>, next: &NodeRef<'_>) -> bool {
    let block = |text: &NodeRef<'_>| tree::block_of(text).map(|block| block.id);
    let ends = tree::read_text(letter, |text| text.ends_with(char::is_whitespace)).unwrap_or(false);
    let begins = tree::read_text(next, |text| text.starts_with(char::is_whitespace)).unwrap_or(false);
    ends || begins
        || block(letter) != block(next)
        || letter.ancestors_it(None).any(|around| around.next_sibling().is_some_and(|node| tree::is_blank_text(&node)))
}

/// Whether the letter is a word of its own, as in "A bridge": it can be one, and the text does not know the word that it would
/// make with the letters that follow.
fn is_word(letter: &str, rest: &str, texts: &[NodeRef<'_>]) -> bool {
    let capital = letter.chars().find(|letter| letter.is_alphabetic()).unwrap_or(' ');
    if !WORDS.contains(&capital) {
        return false;
    }
    let fragment: String = rest.chars().take_while(|letter| letter.is_alphabetic()).collect();
    let joined = format!("{capital}{fragment}").to_lowercase();
    let same = |word: &str| word.len() == joined.len() && word.to_lowercase() == joined;
    let knows = |text: &str| text.split(|letter: char| !letter.is_alphabetic()).any(same);
    !texts.iter().any(|text| tree::read_text(text, knows).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn a_large_first_letter_belongs_to_its_word() {
        for (html, wanted) in [
            ("<p><span class=dropcap>T</span>he river rose.</p>", "<p>The river rose.</p>"),
            ("<p><span class=drop-cap>T</span>\n he river rose.</p>", "<p>The river rose.</p>"),
            ("<div class=dropcap>“T</div><p>he river rose,” she said.</p>", "<p>“The river rose,” she said.</p>"),
            (
                "<p>T</p><p>he river rose, and with it the lake below.</p>",
                "<p>The river rose, and with it the lake below.</p>",
            ),
            (
                "<p>Words</p><p>B</p><p>bread: what is baked here every morning but Sunday.</p>",
                "<p>Words</p><p>B</p><p>bread: what is baked here every morning but Sunday.</p>",
            ),
            ("<p>B</p><p>bread and butter</p>", "<p>B</p><p>bread and butter</p>"),
            ("<p class=dropcap>T</p><pre>  he</pre>", "<p>T</p><pre>  he</pre>"),
            ("<p><span class=dropcap>A</span> river rose.</p>", "<p>A river rose.</p>"),
            (
                "<p><span class=dropcap>I</span> <b>n</b> spring the rain fell. It fell in summer too.</p>",
                "<p><b>In</b> spring the rain fell. It fell in summer too.</p>",
            ),
            ("<p><b class=Lettrine>L</b> A rivière monte.</p>", "<p>LA rivière monte.</p>"),
            ("<p>T</p><p>The river rose.</p>", "<p>T</p><p>The river rose.</p>"),
            ("<ul><li>T</li></ul><p>temperature</p>", "<ul><li>T</li></ul><p>temperature</p>"),
        ] {
            assert_eq!(sanitize_html(html, None).as_str(), wanted, "{html}");
        }
    }
}
