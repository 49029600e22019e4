//! Words that stand apart on the page though nothing but elements is between them: labels and links that a style puts below or
//! beside one another, and lines of a heading. A space goes where they would run together.

use std::cell::Cell;

use dom_query::NodeRef;

use crate::dom::tree::{self, Walk};
use crate::dom::words;

/// Classes of an element within a line that is a line of its own.
const LINES: &[&str] = &["block", "d-block", "display-block", "u-block", "is-block"];
/// Elements that labels are made of.
const LABELS: &[&str] = &["span", "label", "time", "small"];
/// Letters that two labels or links have together; what is shorter may be a name that is written so.
const SHORTEST: usize = 10;

/// What was passed since the last text.
#[derive(Default)]
struct Passed<'a> {
    text: Cell<Option<NodeRef<'a>>>,
    /// The last element around it that has ended.
    ended: Cell<Option<NodeRef<'a>>>,
    /// The outermost that has begun since and has not ended.
    begun: Cell<Option<NodeRef<'a>>>,
}

impl<'a> Passed<'a> {
    fn forget(&self, text: Option<NodeRef<'a>>) {
        self.text.set(text);
        self.ended.set(None);
        self.begun.set(None);
    }
}

/// Puts a space wherever two words only seem to be one.
pub(super) fn open(root: &NodeRef<'_>) {
    let passed = Passed::default();
    let mut seams = Vec::new();
    tree::walk(
        root,
        |node| {
            let Some(name) = tree::local(node) else {
                if tree::is_blank_text(node) {
                    passed.forget(None);
                } else if node.is_text() {
                    seams.extend(passed.text.get().filter(|text| parts(text, node, &passed)));
                    passed.forget(Some(*node));
                }
                return Walk::Past;
            };
            if !tree::is_inline(&name) || matches!(&*name, "img" | "wbr" | "code") {
                passed.forget(None);
            } else if passed.begun.get().is_none() {
                passed.begun.set(Some(*node));
            }
            if matches!(&*name, "pre" | "code") { Walk::Past } else { Walk::Into }
        },
        |node| {
            if passed.begun.get().is_some_and(|begun| begun.id == node.id) {
                passed.begun.set(None);
            } else if tree::is_inline(&tree::name(node)) {
                passed.ended.set(Some(*node));
            } else {
                passed.forget(None);
            }
        },
    );
    for text in seams {
        if let Some(apart) = tree::read_text(&text, |words| format!("{words} ")) {
            text.set_text(apart);
        }
    }
}

/// Whether what stands between two texts parts them on the page.
fn parts(before: &NodeRef<'_>, after: &NodeRef<'_>, passed: &Passed<'_>) -> bool {
    let (ended, begun) = (passed.ended.get(), passed.begun.get());
    if ended.is_none() && begun.is_none() {
        return false;
    }
    let last = tree::read_text(before, |text| text.chars().last()).flatten();
    let first = tree::read_text(after, |text| text.chars().next()).flatten();
    let Some((last, first)) = last.zip(first) else { return false };
    // Who has the rights of what stands before, and what parts the two, are never written without a space.
    if begun.is_some() && matches!(first, '©' | '•') {
        return !last.is_whitespace();
    }
    if !is_letter(last) || !is_letter(first) || is_in_caption(after) {
        return false;
    }
    if ended.as_ref().is_some_and(is_line) || begun.as_ref().is_some_and(is_line) {
        return true;
    }
    let Some((ended, begun)) = ended.zip(begun) else { return false };
    let both = |names: &[&str]| tree::is_any(&ended, names) && tree::is_any(&begun, names);
    let is_long = || letters(&ended).min(letters(&begun)) > 1 && letters(&ended) + letters(&begun) >= SHORTEST;
    // A link may be torn into several, which lead to one place.
    let lead_apart = || ended.has_attr("href") && begun.has_attr("href") && ended.attr("href") != begun.attr("href");
    (both(&["a"]) && lead_apart() && is_long())
        || (both(LABELS) && !last.is_uppercase() && begins_word(last, first) && is_long())
}

/// Captions stay as they were written, since what is said of them is measured word for word.
fn is_in_caption(text: &NodeRef<'_>) -> bool {
    text.ancestors_it(Some(6)).any(|above| tree::is_any(&above, &["figcaption"]))
}

/// The letters in an element, as far as they count: it may hold the rest of the page.
fn letters(node: &NodeRef<'_>) -> usize {
    let texts = node
        .descendants_it()
        .filter_map(|inside| tree::read_text(&inside, |text| text.trim().chars().take(SHORTEST).count()));
    texts.take(SHORTEST).sum()
}

fn begins_word(last: char, first: char) -> bool {
    first.is_uppercase() || (last.is_lowercase() && first.is_ascii_digit())
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() && !words::is_wide(letter)
}

fn is_line(node: &NodeRef<'_>) -> bool {
    tree::has_class_among(node, LINES)
        || node.attr("style").is_some_and(|style| style.replace(' ', "").contains("display:block"))
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn labels_that_stand_apart_on_the_page_do_not_run_together() {
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
        let picture = "<img src=\"https://a.example/r.jpg\" alt=\"\">";
        let caption =
            |words: &str| sanitize_html(&format!("<figure>{picture}<figcaption>{words}</figcaption></figure>"), None);
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
