//! Boxes between the paragraphs of the text: hints, facts, large numbers with their words, files to download.
//!
//! The trees give them low scores, since boxes in this place are mostly promotion. A box that does not say so, by name
//! or by words, is part of the text that surrounds it.

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use foldhash::{HashMap, HashSet};

use crate::cleanup::phrase_rules;
use crate::dom::tree;
use crate::select::name_hints::{self, NameHints};
use crate::select::segmentation::{Block, Element, Segmentation, Tag};

/// Most words and blocks of a box.
const MAX_WORDS: u32 = 200;
const MAX_BLOCKS: usize = 24;
/// Least mean score of the blocks of a box, and of one that is named so.
const MIN_SCORE: f32 = -1.5;
const MIN_NAMED_SCORE: f32 = -5.0;
/// Share of links from which a box is a teaser.
const MAX_LINK_DENSITY: f32 = 0.5;
/// Share of links from which a line of few words is a button.
const MAX_LINE_LINK_DENSITY: f32 = 0.9;
const MAX_BUTTON_WORDS: u32 = 8;
/// Least prose around a box.
const MIN_PROSE_BLOCKS: usize = 3;

/// Names of boxes that belong to the text.
const BOX_NAMES: &str = "callout admonition note tip hint warning caution important danger info alert notice remark \
     stat stats statistic statistics fact facts factbox factoid infobox takeaway takeaways keyfacts keypoints figures \
     task tasks file download definition example theorem toggle summary did hinweis infokasten faktencheck faktabox \
     fakta encadre encadré recuadro destacado riquadro kader faktaruta";
/// Names of boxes that do not.
const OTHER_HINTS: NameHints = name_hints::hint_bits(&[
    "comment",
    "related",
    "more",
    "share",
    "nav",
    "footer",
    "sidebar",
    "promo",
    "ad",
    "cookie",
    "newsletter",
    "author",
    "meta",
    "tags",
    "account",
    "hidden",
    "toc",
    "product",
    "review",
    "paywall",
    "feedback",
    "caption",
    "embed",
]);

static BOX_NAME_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| BOX_NAMES.split_ascii_whitespace().collect());

/// Keeps the boxes between paragraphs that are kept, all in the same element.
pub(in crate::select) fn keep(page: &Document, segmentation: &Segmentation, scores: &[f32], kept: &mut [bool]) {
    let texts = find_texts(segmentation, kept);
    for (at, element) in segmentation.elements.iter().enumerate().skip(1) {
        let Some(text) = texts.get(&element.parent) else { continue };
        let blocks = element.blocks.clone();
        let is_between = text.count >= MIN_PROSE_BLOCKS && text.first < blocks.start && blocks.end <= text.last;
        if !is_between || blocks.is_empty() || kept[blocks.clone()].iter().all(|kept| *kept) {
            continue;
        }
        let Some(is_named) = rank(page, segmentation, at) else { continue };
        let mean = scores[blocks.clone()].iter().sum::<f32>() / blocks.len() as f32;
        if mean > if is_named { MIN_NAMED_SCORE } else { MIN_SCORE } {
            kept[blocks].fill(true);
        }
    }
}

/// The prose that an element holds directly, as the range and number of its kept blocks.
struct Text {
    first: usize,
    last: usize,
    count: usize,
}

fn find_texts(segmentation: &Segmentation, kept: &[bool]) -> HashMap<usize, Text> {
    let mut texts: HashMap<usize, Text> = HashMap::default();
    for (at, block) in segmentation.blocks.iter().enumerate().filter(|(at, block)| kept[*at] && block.is_prose()) {
        let element = &segmentation.elements[block.element];
        if matches!(element.tag, Tag::Paragraph | Tag::Div | Tag::Other) {
            let text = texts.entry(element.parent).or_insert(Text { first: at, last: at, count: 0 });
            (text.last, text.count) = (at, text.count + 1);
        }
    }
    texts
}

/// Returns whether a box is named as part of the text; `None` if it is something else by tag, name or words.
fn rank(page: &Document, segmentation: &Segmentation, at: usize) -> Option<bool> {
    let outer = &segmentation.elements[at];
    let is_group = matches!(outer.tag, Tag::Div | Tag::Section | Tag::Aside | Tag::Other | Tag::List);
    if !is_group || outer.words > MAX_WORDS || outer.blocks.len() > MAX_BLOCKS {
        return None;
    }
    let inside = segmentation.elements[at..].iter().take_while(|inside| inside.blocks.end <= outer.blocks.end);
    let (mut is_named, mut has_file) = (false, false);
    for element in inside.take_while(|inside| inside.depth > outer.depth || inside.id == outer.id) {
        let node = NodeRef::new(element.id, &page.tree);
        let (named, hints) = read_names(&node);
        if is_foreign(element) || hints & OTHER_HINTS != 0 {
            return None;
        }
        is_named |= named;
        has_file |= has_file_link(&node);
    }
    let lines = &segmentation.blocks[outer.blocks.clone()];
    let is_button = |block: &Block| block.link_density() > MAX_LINE_LINK_DENSITY && block.words <= MAX_BUTTON_WORDS;
    let is_teaser = !has_file && (outer.link_density() > MAX_LINK_DENSITY || lines.iter().any(is_button));
    let is_line = lines.len() == 1 && !lines[0].is_prose() && outer.tag != Tag::List;
    let is_unclear = !is_named && (outer.tag == Tag::Aside || outer.media_count > 0 || is_line);
    (!is_teaser && !is_unclear && !lines.iter().any(speaks_for_page)).then_some(is_named)
}

/// Whether a line is known to belong to the page, or asks the reader to follow its link.
fn speaks_for_page(line: &Block) -> bool {
    let is_known = || phrase_rules::find_line_reason(&line.text).is_some();
    line.text.contains(char::is_alphabetic) && is_known() || phrase_rules::is_appeal(&line.text)
}

fn is_foreign(element: &Element) -> bool {
    element.hidden
        || matches!(element.tag, Tag::Nav | Tag::Form | Tag::Footer | Tag::Table | Tag::Article | Tag::Address)
}

/// Returns whether class or id name a box of the text, and the hints of their other words.
fn read_names(node: &NodeRef<'_>) -> (bool, NameHints) {
    let names = tree::class_and_id(node);
    let is_own = |word: &&str| BOX_NAME_SET.contains(word.to_ascii_lowercase().as_str());
    let words = || names.split(|letter: char| !letter.is_alphanumeric());
    let others: Vec<&str> = words().filter(|word| !is_own(word)).collect();
    (words().any(|word| is_own(&word)), name_hints::find_hints(&others.join(" ")))
}

/// Whether an element is or directly holds a link to a file.
fn has_file_link(node: &NodeRef<'_>) -> bool {
    let is_file = |link: &NodeRef<'_>| {
        tree::has_name(link, &["a"])
            && (link.has_attr("download") || link.attr("href").is_some_and(|to| is_file_path(&to)))
    };
    node.children_it(false).any(|child| is_file(&child)) || node.parent().is_some_and(|parent| is_file(&parent))
}

fn is_file_path(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    path.rsplit_once('.').is_some_and(|(_, ending)| FILE_ENDINGS.iter().any(|file| ending.eq_ignore_ascii_case(file)))
}

const FILE_ENDINGS: &[&str] = &[
    "pdf", "zip", "gz", "doc", "docx", "xls", "xlsx", "csv", "ppt", "pptx", "odt", "ods", "epub", "txt", "ipynb",
    "gpx", "stl",
];

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "The ferry has crossed the river every morning since the bridge was closed in the spring.";

    /// Returns what is kept of a box between paragraphs, all of it with a doubtful score.
    fn keep_between_paragraphs(html: &str) -> Vec<String> {
        let text = format!("<p>{PROSE}</p>");
        let page = crate::parse::parse_page(&format!("<article>{text}{text}{html}{text}</article>")).tree;
        let segmentation = Segmentation::new(&page);
        let is_text = |block: &Block| block.text == PROSE;
        let mut kept: Vec<bool> = segmentation.blocks.iter().map(is_text).collect();
        keep(&page, &segmentation, &vec![-1.0; kept.len()], &mut kept);
        let found = segmentation.blocks.iter().zip(kept).filter(|(block, kept)| *kept && !is_text(block));
        found.map(|(block, _)| block.text.clone()).collect()
    }

    #[test]
    fn boxes_between_paragraphs_stay() {
        for (html, wanted) in [
            (
                "<div class='theme-admonition alert alert--info'><div>Tip</div><div>Take a coat.</div></div>",
                &["Tip", "Take a coat."][..],
            ),
            (
                "<div class='markdown-alert markdown-alert-note'><p>Note</p><p>It is old.</p></div>",
                &["Note", "It is old."],
            ),
            ("<aside class=factbox><h3>The boat</h3><ul><li>Built 1911</li></ul></aside>", &["The boat", "Built 1911"]),
            ("<div class=numbers><b>9,000</b><div>people a year</div></div>", &["9,000", "people a year"]),
            (
                "<div class=wp-block-file><a href=/times.pdf>Times</a><a href=/times.pdf>Download</a></div>",
                &["TimesDownload"],
            ),
            ("<div class=callout><div>💡</div><div>Take a coat.</div></div>", &["💡", "Take a coat."]),
        ] {
            assert_eq!(keep_between_paragraphs(html), wanted, "{html}");
        }
    }

    #[test]
    fn promotion_between_paragraphs_goes() {
        for html in [
            "<div class='callout callout-newsletter'><p>Rivers</p><p>Every week in your mail.</p></div>",
            "<div class=box><p>See more</p><p><a href=/boats>All the boats of the north</a></p></div>",
            "<div class=note><p>Plan a trip</p><a href=/book>Book a cabin</a></div>",
            "<div class=related><p>The bridge was shut in spring</p><p>Nobody knows why it was</p></div>",
            "<aside><p>On the water</p><p>News of boats</p></aside>",
            "<div><p>Sign up for our newsletter</p><p>Rivers every week.</p></div>",
            "<div class=box><img src=/ann.jpg><p>Ann Lee</p><p>Writes about boats</p></div>",
            "<div class=note hidden><p>Draft</p><p>Not to be shown.</p></div>",
        ] {
            assert_eq!(keep_between_paragraphs(html), [""; 0], "{html}");
        }
        let below = format!(
            "<article><p>{PROSE}</p><p>{PROSE}</p><div class=note><p>Note</p><p>It is old.</p></div></article>"
        );
        let page = crate::parse::parse_page(&below).tree;
        let segmentation = Segmentation::new(&page);
        let mut kept = vec![true, true, false, false];
        keep(&page, &segmentation, &[-1.0; 4], &mut kept);
        assert_eq!(kept, [true, true, false, false], "not between paragraphs");
    }
}
