//! Removes captions, attributions, headings and announcements of content that is missing: an image without a URL, a
//! section that was not selected, a removed list of other articles.

use dom_query::{NodeId, NodeRef};
use foldhash::HashMap;

use super::remove_with_reason;
use crate::cleanup::visible_text::VisibleTexts;
use crate::dom::tree::{self, Walk};
use crate::dom::words;
use crate::page::{Reason, Reasons};

/// Articles with fewer words are left as they are.
const MIN_ARTICLE_WORDS: usize = 25;
/// The maximum number of words in a heading; longer ones are text styled as a heading.
const MAX_HEADING_WORDS: usize = 20;
/// The maximum number of words in an announcement.
const MAX_ANNOUNCEMENT_WORDS: usize = 8;
/// The maximum number of words in an attribution: a name with a role.
const MAX_ATTRIBUTION_WORDS: usize = 12;
/// A finished sentence of this many words stands on its own.
const MIN_SENTENCE_WORDS: usize = 8;
/// The maximum number of words in a caption; longer ones can be read without the image.
const MAX_CAPTION_WORDS: usize = 60;
/// The maximum number of linked headings removed at the end; more of them are a list that the page is about.
const MAX_LINK_HEADINGS: usize = 3;
/// A section with this many words or fewer, such as a button or a date, counts as empty.
const MAX_INTERFACE_WORDS: usize = 3;
/// Elements of which a line is only a part.
const CONTAINERS: &[&str] = &["li", "dd", "dt", "blockquote", "table", "figure", "details"];
/// What a caption may describe.
const CAPTIONED: &[&str] = &["img", "table", "pre", "code", "blockquote", "ul", "ol", "dl"];

/// Removes captions without an image, except long ones and those below an embed card.
pub(super) fn remove_captions(root: &NodeRef<'_>, reasons: &mut Reasons) {
    for (caption, figure) in find_orphan_captions(root) {
        if !follows_embed(&figure) && words::count(&tree::line_text(&caption)) <= MAX_CAPTION_WORDS {
            remove_with_reason(&caption, Reason::Orphan, reasons);
        }
    }
}

/// Turns the remaining captions without an image into paragraphs.
pub(crate) fn captions_to_paragraphs(root: &NodeRef<'_>) {
    for (caption, _) in find_orphan_captions(root) {
        if tree::has_block(&caption) {
            tree::unwrap(&caption);
        } else {
            caption.rename("p");
        }
    }
}

/// Returns the captions whose figure has nothing to describe, with that figure; without a figure, the caption stands in
/// for it.
fn find_orphan_captions<'a>(root: &NodeRef<'a>) -> Vec<(NodeRef<'a>, NodeRef<'a>)> {
    let mut has_content = HashMap::<NodeId, bool>::default();
    let captions = tree::elements(root, |node| tree::has_name(node, &["figcaption"])).into_iter();
    captions
        .map(|caption| (caption, tree::enclosing_figure(&caption).unwrap_or(caption)))
        .filter(|(_, figure)| !*has_content.entry(figure.id).or_insert_with(|| has_captioned_content(figure)))
        .collect()
}

/// Removes quotations of which only the attribution is left.
pub(super) fn remove_attributions(quotations: &[NodeRef<'_>], reasons: &mut Reasons) {
    for quotation in quotations {
        if words::count(&tree::line_text(quotation)) <= MAX_ATTRIBUTION_WORDS && !tree::has_image(quotation) {
            remove_with_reason(quotation, Reason::Orphan, reasons);
        }
    }
}

fn has_captioned_content(figure: &NodeRef<'_>) -> bool {
    figure.descendants_it().any(|node| tree::has_name(&node, CAPTIONED) || node.has_class("embed"))
}

/// Returns whether an embed card directly precedes an element, which then may be its caption.
fn follows_embed(node: &NodeRef<'_>) -> bool {
    node.prev_element_sibling().is_some_and(|before| before.has_class("embed"))
}

/// A part of an article, as far as headings are concerned.
enum OutlinePart<'a> {
    Heading(NodeRef<'a>, u8),
    /// A linked heading, as in lists of articles.
    Link(NodeRef<'a>),
    /// A short line that ends in a colon.
    Announcement(NodeRef<'a>),
    Content,
}

/// Removes headings and announcements at the end of the article, and headings whose section was on the page but is not
/// in the article. A heading that the page itself puts right above another stays.
pub(super) fn remove_headings(root: &NodeRef<'_>, visible: &VisibleTexts, reasons: &mut Reasons) {
    if !tree::has_more_words_than(root, MIN_ARTICLE_WORDS) {
        return;
    }
    let mut parts = collect_outline(root);
    let Some(first) = parts.iter().position(|part| matches!(part, OutlinePart::Content)) else { return };
    let links = parts.iter().rev().take_while(|part| matches!(part, OutlinePart::Link(_))).count();
    while let Some(OutlinePart::Heading(node, _) | OutlinePart::Announcement(node) | OutlinePart::Link(node)) =
        parts.last()
    {
        if links > MAX_LINK_HEADINGS {
            break;
        }
        remove_with_reason(node, Reason::Orphan, reasons);
        parts.pop();
    }
    let positions = visible.positions();
    // Backwards, so that a heading above a removed one is checked after that.
    let mut next: Option<(NodeRef<'_>, u8)> = None;
    for part in parts.into_iter().skip(first).rev() {
        let OutlinePart::Heading(node, level) = part else {
            next = None;
            continue;
        };
        if next.as_ref().is_some_and(|(next, next_level)| {
            *next_level <= level && is_section_missing(&node, next, visible, &positions)
        }) {
            remove_with_reason(&node, Reason::Orphan, reasons);
        } else {
            next = Some((node, level));
        }
    }
}

/// Returns whether the page had text between two headings that are adjacent in the article.
fn is_section_missing(
    heading: &NodeRef<'_>,
    next: &NodeRef<'_>,
    visible: &VisibleTexts,
    positions: &HashMap<NodeId, usize>,
) -> bool {
    let texts = |node: &NodeRef<'_>| -> Vec<usize> {
        node.descendants_it().filter_map(|inside| positions.get(&inside.id).copied()).collect()
    };
    let gap = texts(heading).last().copied().zip(texts(next).first().copied());
    gap.is_some_and(|(above, below)| visible.has_more_words_between(heading.tree, (above, below), MAX_INTERFACE_WORDS))
}

fn collect_outline<'a>(root: &NodeRef<'a>) -> Vec<OutlinePart<'a>> {
    let mut parts = Vec::new();
    tree::walk(
        root,
        |node| {
            if tree::is_content(node) {
                parts.push(OutlinePart::Content);
                return Walk::Skip;
            }
            let Some(name) = tree::element_name(node) else { return Walk::Skip };
            let level = name.strip_prefix('h').and_then(|level| level.parse().ok());
            let part = match level {
                Some(_) if node.descendants_it().any(|inside| tree::has_name(&inside, &["a"])) => {
                    Some(OutlinePart::Link(*node))
                }
                Some(level) => Some(OutlinePart::Heading(*node, level)),
                None if &*name == "p" => Some(OutlinePart::Announcement(*node)),
                None => None,
            };
            match part.filter(|part| needs_following_content(node, part)) {
                Some(part) => {
                    parts.push(part);
                    Walk::Skip
                }
                None => Walk::Enter,
            }
        },
        |_| {},
    );
    parts
}

/// Returns whether a heading or a line means nothing without the content after it.
fn needs_following_content(node: &NodeRef<'_>, part: &OutlinePart<'_>) -> bool {
    if tree::has_image(node) || node.ancestors_it(None).any(|above| tree::has_name(&above, CONTAINERS)) {
        return false;
    }
    let line = tree::line_text(node);
    let count = words::count(&line);
    match part {
        OutlinePart::Content => false,
        OutlinePart::Announcement(_) => line.ends_with([':', '：']) && count <= MAX_ANNOUNCEMENT_WORDS,
        OutlinePart::Heading(..) | OutlinePart::Link(_) => {
            let is_sentence =
                count >= MIN_SENTENCE_WORDS && words::ends_sentence(&line) && !line.ends_with(['?', '？']);
            count <= MAX_HEADING_WORDS && !is_sentence
        }
    }
}

#[cfg(test)]
mod tests {
    const RAIN: &str =
        "<p>It rained in the valley from Monday to Friday, and the river rose by the height of a man.</p>";
    const FERRY: &str =
        "<p>The ferry stayed on the northern bank, where its crew played cards and waited for the sun.</p>";

    /// Returns the extracted body and the texts of its removed orphans.
    fn read(article: &str) -> (String, Vec<String>) {
        let html = format!("<body><main><article><h1>High water</h1>{RAIN}{article}</article></main></body>");
        let page = crate::page::Page {
            source: crate::page::Source::Html(&html),
            url: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        let article = crate::article(&page);
        let orphans = article.removed.into_iter().filter(|block| block.reason == crate::page::Reason::Orphan);
        (article.body.as_str().replace('\n', ""), orphans.map(|block| block.text).collect())
    }

    #[test]
    fn removes_headings_at_the_end() {
        let (body, orphans) = read(&format!("<h2>The ferry</h2>{FERRY}<h2>On the map</h2><h3>Northern bank</h3>"));
        assert_eq!(body, format!("{RAIN}<h2>The ferry</h2>{FERRY}"));
        assert_eq!(orphans, ["On the map · Northern bank"]);
        let unchanged =
            format!("{RAIN}{FERRY}<h2>The town thanks everybody who carried sand in the night of Friday.</h2>");
        assert_eq!(read(unchanged.strip_prefix(RAIN).unwrap()).0, unchanged);
    }

    #[test]
    fn removes_announcements_of_nothing() {
        let (body, orphans) = read(&format!(
            "{FERRY}<p>The levels of the week:</p><div class=related-posts><a href=/a>All levels</a></div>"
        ));
        assert_eq!(body, format!("{RAIN}{FERRY}"));
        assert_eq!(orphans, ["The levels of the week:"]);
        let listed = format!(
            "{FERRY}<p>The levels of the week:</p><ul><li>Monday, two metres</li><li>Friday, four metres</li></ul>"
        );
        assert_eq!(read(&listed), (format!("{RAIN}{listed}"), vec![]));
    }

    #[test]
    fn removes_headings_of_missing_sections_but_keeps_stacked_headings() {
        let lost =
            "<h2>From the archive</h2><div class=related-posts><a href=/a>The flood of the year before</a></div>";
        let (body, orphans) = read(&format!("{lost}<h2>The ferry</h2>{FERRY}"));
        assert_eq!(body, format!("{RAIN}<h2>The ferry</h2>{FERRY}"));
        assert_eq!(orphans, ["From the archive"]);
        let two = format!("<h2>The ferry</h2><h2>A week of cards</h2>{FERRY}");
        assert_eq!(read(&two), (format!("{RAIN}{two}"), vec![]));
    }

    #[test]
    fn a_caption_goes_with_its_image() {
        let caption = "<figcaption>The ferry at its northern bank</figcaption>";
        let (body, orphans) = read(&format!("<div class=photo>{caption}</div>{FERRY}"));
        assert_eq!(body, format!("{RAIN}{FERRY}"));
        assert_eq!(orphans, ["The ferry at its northern bank"]);
        // A picture that cannot be had is said to be missing, and keeps its caption.
        let missing = format!("<figure><img alt=\"Ferry\">{caption}</figure>{FERRY}");
        assert_eq!(read(&missing), (format!("{RAIN}{missing}"), vec![]));
        let seen = format!("<figure><img src=\"https://a.example/ferry.jpg\" alt=\"Ferry\">{caption}</figure>{FERRY}");
        assert_eq!(read(&seen), (format!("{RAIN}{seen}"), vec![]));
    }
}
