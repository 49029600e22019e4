//! What a page says again for machines, as microdata in elements that are hidden only by a style sheet.

use dom_query::{NodeId, NodeRef};

use crate::dom::tree::{self, Walk, attribute};
use crate::dom::words;
use crate::page::Reason;

/// Properties with a text that the page shows in paragraphs as well.
const TEXT_PROPERTIES: &[&str] = &["articleBody", "text", "description", "reviewBody"];
/// Least words of a copy and of the paragraphs in it, and least number of them.
const MIN_COPY_WORDS: usize = 30;
const MIN_PARAGRAPH_WORDS: usize = 8;
const MIN_PARAGRAPHS: usize = 2;
/// The share of a copy that the paragraphs of the page must be.
const MIN_SHARE: f64 = 0.7;
/// Most copies that are compared with the page.
const MAX_COPIES: usize = 4;
/// Larger copies, and pages with more paragraphs, take too long to compare.
const MAX_COPY_BYTES: usize = 100_000;
const MAX_PARAGRAPHS: usize = 500;
/// Most bytes of a value for machines.
const MAX_VALUE_BYTES: usize = 300;

/// The elements that may be such copies.
#[derive(Default)]
pub(super) struct MachineCopies<'a> {
    texts: Vec<NodeRef<'a>>,
    values: Vec<NodeRef<'a>>,
}

impl<'a> MachineCopies<'a> {
    /// Adds an element that the walk over the page enters.
    pub(super) fn add(&mut self, node: &NodeRef<'a>) {
        let Some(property) = attribute(node, "itemprop") else { return };
        if is_value(node) {
            self.values.push(*node);
        } else if TEXT_PROPERTIES.contains(&property.as_str())
            && self.texts.len() < MAX_COPIES
            && !tree::has_block(node)
            && tree::has_more_words_than(node, MIN_COPY_WORDS - 1)
        {
            self.texts.push(*node);
        }
    }

    /// Returns the copies with the reasons to remove them.
    pub(super) fn find(&self, body: &NodeRef<'a>) -> Vec<(NodeRef<'a>, Reason)> {
        let mut found: Vec<_> = self.values.iter().map(|value| (*value, Reason::Details)).collect();
        if !self.texts.is_empty() {
            let paragraphs = collect_paragraphs(body);
            let copies = self.texts.iter().filter(|copy| repeats(copy, &paragraphs));
            found.extend(copies.map(|copy| (*copy, Reason::RepeatedText)));
        }
        found
    }
}

/// Returns whether an element shows nothing but a time or address as machines write them.
fn is_value(node: &NodeRef<'_>) -> bool {
    if tree::has_name(node, &["a", "time", "img"]) || node.descendants_it().nth(8).is_some() {
        return false;
    }
    let text = tree::line_text(node);
    let (day, rest) = text.split_at_checked(10).unwrap_or_default();
    let is_time = day.parse::<jiff::civil::Date>().is_ok() && rest.starts_with('T') && !rest.contains(' ');
    let is_address = (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(' ');
    let is_linked = || node.descendants_it().any(|inside| tree::has_name(&inside, &["a"]));
    text.len() <= MAX_VALUE_BYTES && (is_time || is_address && !is_linked())
}

fn collect_paragraphs(body: &NodeRef<'_>) -> Vec<(NodeId, String)> {
    let mut found = Vec::new();
    tree::walk(
        body,
        |node| {
            if !tree::has_name(node, &["p", "li"]) {
                return Walk::Enter;
            }
            let text = tree::line_text(node);
            if words::count(&text) >= MIN_PARAGRAPH_WORDS {
                found.push((node.id, words::match_key(&text)));
            }
            Walk::Skip
        },
        |_| {},
    );
    found
}

/// Returns whether a text consists of paragraphs that the page shows elsewhere.
fn repeats(copy: &NodeRef<'_>, paragraphs: &[(NodeId, String)]) -> bool {
    let is_around = |id: NodeId| copy.id == id || copy.ancestors_it(None).any(|above| above.id == id);
    if paragraphs.len() > MAX_PARAGRAPHS {
        return false;
    }
    let key = words::match_key(&tree::line_text(copy));
    if key.len() > MAX_COPY_BYTES {
        return false;
    }
    let shown: Vec<usize> = paragraphs
        .iter()
        .filter(|(id, paragraph)| key.contains(paragraph.as_str()) && !is_around(*id))
        .map(|(_, paragraph)| paragraph.len())
        .collect();
    shown.len() >= MIN_PARAGRAPHS && shown.iter().sum::<usize>() as f64 >= MIN_SHARE * key.len() as f64
}

#[cfg(test)]
mod tests {
    use crate::page::{Page, Source};

    const FIRST: &str = "It rained in the valley from Monday to Friday, and the river rose by the height of a man.";
    const SECOND: &str = "On Saturday the sun came back, and the ferry went to the northern bank again.";

    fn read(html: &str) -> String {
        crate::article(&Page { source: Source::Html(html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] })
            .text
    }

    #[test]
    fn the_copy_for_machines_goes_and_the_paragraphs_stay() {
        for copy in [
            format!("<div itemprop=articleBody>{FIRST} {SECOND}</div>"),
            format!("<span itemprop=description>{FIRST} {SECOND}</span>"),
        ] {
            let values =
                "<div itemprop=datePublished>2024-05-06T07:08:09Z</div><i itemprop=url>https://a.example/logo.png</i>";
            let html = format!("<h1>Rain</h1><div><p>{FIRST}</p><p>{SECOND}</p><div>{values}{copy}</div></div>");
            assert_eq!(read(&html), format!("{FIRST}\n\n{SECOND}"), "{copy}");
        }
    }

    #[test]
    fn a_text_that_stands_nowhere_else_stays() {
        let html = format!("<h1>Rain</h1><p>A short summary.</p><div itemprop=articleBody>{FIRST} {SECOND}</div>");
        assert!(read(&html).contains(SECOND));
        let marked = format!("<h1>Rain</h1><div itemprop=articleBody><p>{FIRST}</p><p>{SECOND}</p></div>");
        assert_eq!(read(&marked), format!("{FIRST}\n\n{SECOND}"));
    }
}
