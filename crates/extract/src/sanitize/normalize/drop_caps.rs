//! Rejoins drop caps, large first letters in an element of their own, with their word.

use dom_query::NodeRef;

use crate::dom::{tree, words};

const DROP_CAP_CLASSES: &[&str] = &[
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
/// Letters that are a word of their own in a supported language.
const ONE_LETTER_WORDS: &[char] = &[
    'A', 'I', 'O', 'À', 'Y', 'E', 'È', 'É', 'U', 'Ó', 'W', 'Z', 'S', 'K', 'V', 'Å', 'Ö', 'В', 'И', 'К', 'О', 'С', 'У',
    'Я', 'А', 'З', 'Є', 'І',
];
/// The maximum length of a drop cap, perhaps with a quotation mark.
const MAX_BYTES: usize = 8;

/// The maximum number of drop caps per page.
const MAX_DROP_CAPS: usize = 20;
/// The minimum length of the paragraph after a letter without a class; a shorter one may be an entry below it.
const MIN_PARAGRAPH_WORDS: usize = 8;

/// Joins drop caps with the text that follows.
pub(super) fn rejoin(root: &NodeRef<'_>) {
    let is_named = |node: &NodeRef<'_>| tree::has_any_class(node, DROP_CAP_CLASSES);
    let named =
        tree::elements(root, is_named).into_iter().filter_map(|node| single_letter_text(&node)).take(MAX_DROP_CAPS);
    let letters: Vec<(NodeRef<'_>, bool)> = find_leading_letter(root)
        .into_iter()
        .map(|letter| (letter, false))
        .chain(named.map(|letter| (letter, true)))
        .collect();
    if letters.is_empty() {
        return;
    }
    let texts: Vec<NodeRef<'_>> = root.descendants_it().filter(tree::is_nonblank_text).collect();
    for (letter, is_named) in letters {
        let at = texts.iter().position(|text| text.id == letter.id);
        let is_code =
            |text: &&NodeRef<'_>| text.ancestors_it(None).any(|ancestor| tree::has_name(&ancestor, &["pre", "code"]));
        let Some(next) = at.and_then(|at| texts.get(at + 1)).filter(|next| !is_code(next)) else { continue };
        let Some(rest) = tree::read_text(next, |text| text.trim_start().to_owned()) else { continue };
        let begins = rest.chars().next().unwrap_or(' ');
        if begins.is_lowercase() || (is_named && begins.is_alphabetic()) {
            join_letter(&letter, next, &rest, &texts);
        }
    }
}

/// Finds a letter in a paragraph of its own at the very beginning, above a paragraph of prose.
fn find_leading_letter<'a>(root: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let text = root.descendants_it().find(tree::is_nonblank_text)?;
    let paragraph = text.ancestors_it(Some(3)).find(|ancestor| tree::has_name(ancestor, &["p"]))?;
    let below = paragraph.next_element_sibling().filter(|next| tree::has_name(next, &["p"]))?;
    single_letter_text(&paragraph).filter(|_| words::count(&tree::line_text(&below)) >= MIN_PARAGRAPH_WORDS)
}

/// Returns the text of an element that contains only a capital letter.
fn single_letter_text<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut texts = node.descendants_it().filter(tree::is_nonblank_text);
    let only = texts.next().filter(|_| texts.next().is_none())?;
    let is_letter = tree::read_text(&only, |text| {
        let text = text.trim();
        let mut letters = text.chars().filter(|letter| letter.is_alphanumeric());
        text.len() <= MAX_BYTES && letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    });
    is_letter.unwrap_or(false).then_some(only)
}

fn join_letter(letter: &NodeRef<'_>, next: &NodeRef<'_>, rest: &str, texts: &[NodeRef<'_>]) {
    let Some(letter_text) = tree::read_text(letter, |text| text.trim().to_owned()) else { return };
    let gap = if is_separated(letter, next) && is_separate_word(&letter_text, rest, texts) { " " } else { "" };
    next.insert_before(letter);
    letter.set_text(format!("{letter_text}{gap}"));
    next.set_text(rest.to_owned());
}

/// Returns whether white space or a block boundary separates the letter from the following text.
fn is_separated(letter: &NodeRef<'_>, next: &NodeRef<'_>) -> bool {
    let block = |text: &NodeRef<'_>| tree::enclosing_block(text).map(|block| block.id);
    let ends = tree::read_text(letter, |text| text.ends_with(char::is_whitespace)).unwrap_or(false);
    let begins = tree::read_text(next, |text| text.starts_with(char::is_whitespace)).unwrap_or(false);
    ends || begins
        || block(letter) != block(next)
        || letter
            .ancestors_it(None)
            .any(|ancestor| ancestor.next_sibling().is_some_and(|node| tree::is_blank_text(&node)))
}

/// Returns whether the letter is a separate word, as in "A bridge": it can be a word, and the page does not contain the
/// word it would form with the following letters.
fn is_separate_word(letter: &str, rest: &str, texts: &[NodeRef<'_>]) -> bool {
    let capital = letter.chars().find(|letter| letter.is_alphabetic()).unwrap_or(' ');
    if !ONE_LETTER_WORDS.contains(&capital) {
        return false;
    }
    let fragment: String = rest.chars().take_while(|letter| letter.is_alphabetic()).collect();
    let joined = format!("{capital}{fragment}").to_lowercase();
    let same = |word: &str| word.len() == joined.len() && word.to_lowercase() == joined;
    let contains_word = |text: &str| text.split(|letter: char| !letter.is_alphabetic()).any(same);
    !texts.iter().any(|text| tree::read_text(text, contains_word).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn drop_caps_rejoin_their_word() {
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
