//! Inserts spaces between words that CSS separates but markup does not: labels and links side by side or below each
//! other, lines of a heading.

mod side_by_side;

use std::cell::Cell;

use dom_query::NodeRef;

use crate::dom::tree::{self, Walk};
use crate::dom::words;

/// Classes that turn an inline element into a block.
const BLOCK_CLASSES: &[&str] = &["block", "d-block", "display-block", "u-block", "is-block"];
/// Elements that labels consist of.
const LABEL_ELEMENTS: &[&str] = &["span", "label", "time", "small"];
/// The minimum number of letters of two labels or links together; shorter ones may be one name.
const MIN_LETTERS: usize = 10;

/// What the walk has passed since the last text.
#[derive(Default)]
struct TextGap<'a> {
    text: Cell<Option<NodeRef<'a>>>,
    /// The last element around that text to be closed.
    closed: Cell<Option<NodeRef<'a>>>,
    /// The outermost element opened since and not yet closed.
    opened: Cell<Option<NodeRef<'a>>>,
}

impl<'a> TextGap<'a> {
    fn reset(&self, text: Option<NodeRef<'a>>) {
        self.text.set(text);
        self.closed.set(None);
        self.opened.set(None);
    }
}

/// Inserts a space wherever two words would run together.
pub(super) fn insert_spaces(root: &NodeRef<'_>) {
    let gap = TextGap::default();
    let mut unspaced = Vec::new();
    tree::walk(
        root,
        |node| {
            let Some(name) = tree::element_name(node) else {
                if tree::is_blank_text(node) {
                    gap.reset(None);
                } else if node.is_text() {
                    unspaced.extend(gap.text.get().filter(|text| needs_space(text, node, &gap)));
                    gap.reset(Some(*node));
                }
                return Walk::Skip;
            };
            if !tree::is_inline(&name) || matches!(&*name, "img" | "wbr" | "code") {
                gap.reset(None);
            } else if gap.opened.get().is_none() {
                gap.opened.set(Some(*node));
            }
            if matches!(&*name, "pre" | "code") { Walk::Skip } else { Walk::Enter }
        },
        |node| {
            if gap.opened.get().is_some_and(|opened| opened.id == node.id) {
                gap.opened.set(None);
            } else if tree::is_inline(&tree::name(node)) {
                gap.closed.set(Some(*node));
            } else {
                gap.reset(None);
            }
        },
    );
    for text in unspaced {
        if let Some(spaced) = tree::read_text(&text, |words| format!("{words} ")) {
            text.set_text(spaced);
        }
    }
}

/// Returns whether two adjacent texts are separate words on the page.
fn needs_space(before: &NodeRef<'_>, after: &NodeRef<'_>, gap: &TextGap<'_>) -> bool {
    let (closed, opened) = (gap.closed.get(), gap.opened.get());
    if closed.is_none() && opened.is_none() {
        return false;
    }
    let last = tree::read_text(before, |text| text.chars().last()).flatten();
    let first = tree::read_text(after, |text| text.chars().next()).flatten();
    let Some((last, first)) = last.zip(first) else { return false };
    if let Some((closed, opened)) = closed.zip(opened)
        && !is_in_caption(after)
        && side_by_side::are_set_apart(&closed, &opened, last, first)
    {
        return true;
    }
    // Copyright notices and bullets are always separated by a space.
    if opened.is_some() && matches!(first, '©' | '•') {
        return !last.is_whitespace();
    }
    if !is_spaced_letter(last) || !is_spaced_letter(first) || is_in_caption(after) {
        return false;
    }
    if closed.as_ref().is_some_and(is_block_styled) || opened.as_ref().is_some_and(is_block_styled) {
        return true;
    }
    let Some((closed, opened)) = closed.zip(opened) else { return false };
    let both = |names: &[&str]| tree::has_name(&closed, names) && tree::has_name(&opened, names);
    let is_long = || {
        count_letters(&closed).min(count_letters(&opened)) > 1
            && count_letters(&closed) + count_letters(&opened) >= MIN_LETTERS
    };
    // One link may be split into several elements with the same URL.
    let have_different_targets =
        || closed.has_attr("href") && opened.has_attr("href") && closed.attr("href") != opened.attr("href");
    (both(&["a"]) && have_different_targets() && is_long())
        || (both(LABEL_ELEMENTS) && !last.is_uppercase() && starts_new_word(last, first) && is_long())
}

/// Captions stay as written, since their text is compared word for word.
fn is_in_caption(text: &NodeRef<'_>) -> bool {
    text.ancestors_it(Some(6)).any(|above| tree::has_name(&above, &["figcaption"]))
}

/// Counts the letters in an element up to [`MIN_LETTERS`], since it may contain the rest of the page.
fn count_letters(node: &NodeRef<'_>) -> usize {
    let texts = node
        .descendants_it()
        .filter_map(|inside| tree::read_text(&inside, |text| text.trim().chars().take(MIN_LETTERS).count()));
    texts.take(MIN_LETTERS).sum()
}

fn starts_new_word(last: char, first: char) -> bool {
    first.is_uppercase() || (last.is_lowercase() && first.is_ascii_digit())
}

fn is_spaced_letter(letter: char) -> bool {
    letter.is_alphanumeric() && !words::is_wide(letter)
}

/// Returns whether a class or style makes an inline element a block.
fn is_block_styled(node: &NodeRef<'_>) -> bool {
    tree::has_any_class(node, BLOCK_CLASSES)
        || node.attr("style").is_some_and(|style| style.replace(' ', "").contains("display:block"))
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn adjacent_labels_do_not_run_together() {
        for (html, wanted) in [
            ("<p><span>Weather</span><span>Monday, noon</span></p>", "<p>Weather Monday, noon</p>"),
            ("<h2><span class=d-block>High water</span>and what it did</h2>", "<h2>High water and what it did</h2>"),
            ("<h2>High water<span style='display: block'>A week</span></h2>", "<h2>High water A week</h2>"),
            ("<p><span><b>Val</b></span><span>ley</span> <b>R</b>ain</p>", "<p><b>Val</b>ley <b>R</b>ain</p>"),
            ("<p><span>By Ann Lee</span><time>17 May</time></p>", "<p>By Ann Lee <time>17 May</time></p>"),
            ("<p><span>Weather</span><i></i><span>Monday, noon</span></p>", "<p>Weather Monday, noon</p>"),
            ("<p><span>You</span><span>Film</span></p>", "<p>YouFilm</p>"),
            ("<pre><span>getRain</span><span>OfMonday</span></pre>", "<pre>getRainOfMonday</pre>"),
            ("<p><span>洪水の一週間</span><span>天気の話です</span></p>", "<p>洪水の一週間天気の話です</p>"),
        ] {
            assert_eq!(sanitize_html(html, None).as_str(), wanted, "{html}");
        }
        let image = "<img src=\"https://a.example/r.jpg\" alt=\"\">";
        let caption =
            |words: &str| sanitize_html(&format!("<figure>{image}<figcaption>{words}</figcaption></figure>"), None);
        assert!(
            caption("<span>Rain</span><span class=copyright>© Ann Lee</span>").as_str().contains(">Rain © Ann Lee<")
        );
        assert!(
            caption("<span>High water</span><span>Credit Ann Lee</span>").as_str().contains("High waterCredit Ann Lee")
        );
        let links = "<p><a href='https://a.example/1'>Overview</a><a href='https://a.example/2'>Reviews</a></p>";
        assert!(
            sanitize_html(links, None).as_str().contains("Overview </a><a"),
            "{}",
            sanitize_html(links, None).as_str()
        );
        let torn = links.replace("/2", "/1");
        assert!(
            sanitize_html(&torn, None).as_str().contains("Overview</a><a"),
            "{}",
            sanitize_html(&torn, None).as_str()
        );
    }
}
