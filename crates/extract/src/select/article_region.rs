//! The region of the page that holds the article, and the images in it.

use super::container_candidates;
use super::name_hints::{self, NameHints};
use super::readability::Readability;
use super::segmentation::{Element, MediaItem, Segmentation, Tag};

/// Most words of a caption.
const MAX_CAPTION_WORDS: u32 = 60;

/// Class names of captions.
const CAPTION_HINTS: NameHints = name_hints::hint_bits(&["caption"]);

/// The region of the page between the first and the last kept block.
pub(super) struct ArticleRegion<'s> {
    segmentation: &'s Segmentation,
    pub(super) kept: &'s [bool],
    pub(super) readability: &'s Readability,
    /// The smallest container of all kept blocks, without splitting lists or tables.
    pub(super) root: usize,
    /// The same of the kept blocks without the standfirst.
    text_root: usize,
    /// The first block of the text and the last kept block.
    first: usize,
    last: usize,
    /// The headline, if a standfirst is kept below it.
    headline: Option<usize>,
}

impl<'s> ArticleRegion<'s> {
    pub(super) fn new(
        segmentation: &'s Segmentation,
        kept: &'s [bool],
        readability: &'s Readability,
    ) -> ArticleRegion<'s> {
        let first = kept.iter().position(|kept| *kept).unwrap_or(0);
        let last = kept.iter().rposition(|kept| *kept).unwrap_or(0);
        let root = find_container(segmentation, kept, first);
        ArticleRegion { segmentation, kept, readability, root, text_root: root, first, headline: None, last }
    }

    /// Notes that the kept blocks before `text_start` are the standfirst of a headline. Images above that are the site's.
    pub(super) fn begin_below(&mut self, headline: usize, text_start: usize) {
        (self.headline, self.first) = (Some(headline), text_start);
        self.text_root = find_container(self.segmentation, self.kept, text_start);
    }

    /// Whether an image or embed belongs to the article: Readability would keep it; or it lies between kept blocks (or
    /// just before the first), and most words near it are kept or are its caption.
    pub(super) fn contains(&self, item: &MediaItem) -> bool {
        if self.readability.keeps(item.element) {
            return true;
        }
        if self.headline.is_some_and(|headline| item.preceding_blocks <= headline) {
            return false;
        }
        if !self.segmentation.self_and_ancestors(item.element).any(|(at, _)| at == self.root) {
            return false;
        }
        let is_inside = |at: &usize| *at != self.root && *at != self.text_root;
        let inside = self.segmentation.self_and_ancestors(item.element).map(|(at, _)| at).take_while(is_inside);
        for element in inside.map(|at| &self.segmentation.elements[at]) {
            if element.words > 0 && element.tag != Tag::Figure && !self.may_be_caption(element) {
                let kept = element.blocks.clone().filter(|at| self.kept[*at]);
                return kept.map(|at| self.segmentation.blocks[at].words).sum::<u32>() * 2 >= element.words;
            }
        }
        (self.first.saturating_sub(3)..=self.last + 2).contains(&item.preceding_blocks)
    }

    /// Returns the blocks of an image's caption: those in its `<figure>` or in a small box that holds only this image,
    /// else the `<figcaption>` or `<caption>` that follows it.
    pub(super) fn find_caption(&self, item: &MediaItem) -> std::ops::Range<usize> {
        let is_followed_by_caption = self.segmentation.blocks.get(item.preceding_blocks).is_some_and(|block| {
            block.words <= MAX_CAPTION_WORDS
                && self
                    .segmentation
                    .self_and_ancestors(block.element)
                    .take(2)
                    .any(|(_, ancestor)| ancestor.tag == Tag::Caption)
        });
        let ancestors = || self.segmentation.self_and_ancestors(item.element).map(|(_, element)| element);
        let figure =
            ancestors().take(4).find(|element| element.tag == Tag::Figure).filter(|figure| figure.words <= 120);
        let frame = || {
            ancestors()
                .take(3)
                .filter(|frame| frame.media_count + frame.added_media_count == 1 && self.may_be_caption(frame))
                .last()
        };
        let holder = figure.or_else(frame).map_or(0..0, |ancestor| ancestor.blocks.clone());
        if holder.is_empty() && is_followed_by_caption {
            item.preceding_blocks..item.preceding_blocks + 1
        } else {
            holder
        }
    }

    /// Whether an element has few words, mostly unlinked, and no name of boilerplate; or whether all its words are
    /// named a caption.
    fn may_be_caption(&self, element: &Element) -> bool {
        let is_in_caption = |at: usize| {
            let ancestors = self.segmentation.self_and_ancestors(self.segmentation.blocks[at].element).take(2);
            ancestors.into_iter().any(|(_, ancestor)| {
                ancestor.hints & CAPTION_HINTS != 0 && ancestor.media_count + ancestor.added_media_count == 0
            })
        };
        let has_plain_words =
            || element.linked_bytes * 2 < element.bytes && element.hints & container_candidates::NON_ARTICLE_HINTS == 0;
        (1..=MAX_CAPTION_WORDS).contains(&element.words)
            && (has_plain_words()
                || element.media_count + element.added_media_count > 0 && element.blocks.clone().all(is_in_caption))
    }
}

/// Finds the smallest container of all kept blocks from the one at `first` on, without splitting lists or tables.
fn find_container(segmentation: &Segmentation, kept: &[bool], first: usize) -> usize {
    let mut root = segmentation.blocks.get(first).map_or(0, |block| block.element);
    for block in (first..kept.len()).filter(|at| kept[*at]) {
        root = segmentation.common_ancestor(root, segmentation.blocks[block].element);
    }
    let is_group = |at: &usize| {
        matches!(
            segmentation.elements[*at].tag,
            Tag::Div | Tag::Article | Tag::Main | Tag::Section | Tag::Header | Tag::Other | Tag::Aside
        )
    };
    segmentation.self_and_ancestors(root).map(|(at, _)| at).find(is_group).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::segmentation::Block;

    const PROSE: &str = "The ferry has crossed the river every morning since the bridge was closed in the spring.";

    /// Returns the number of images kept between two paragraphs, and the captions kept with them.
    fn select_images(html: &str) -> (usize, Vec<String>) {
        // Readability would keep the longer text, and so has no say here.
        let other = format!("<p>{PROSE} {PROSE}, and {PROSE}, too.</p>").repeat(9);
        let page = format!("<main>{other}</main><div><p>{PROSE}</p>{html}<p>{PROSE}</p></div>");
        let segmentation = Segmentation::new(&crate::parse::parse_page(&page).tree);
        let kept: Vec<bool> = segmentation.blocks.iter().map(|block| block.text == PROSE).collect();
        let readability = Readability::new(&segmentation);
        let region = ArticleRegion::new(&segmentation, &kept, &readability);
        let shown: Vec<&MediaItem> = segmentation.media.iter().filter(|item| region.contains(item)).collect();
        let words = shown.iter().flat_map(|item| region.find_caption(item)).filter(|at| !kept[*at]);
        (shown.len(), words.map(|at| segmentation.blocks[at].text.clone()).collect())
    }

    #[test]
    fn an_image_stays_with_its_caption() {
        let image = "<img src=/boat.jpg>";
        for (html, images, words) in [
            (format!("<p>{image}</p>"), 1, vec![]),
            (format!("<div>{image}<div>The old boat</div></div>"), 1, vec!["The old boat"]),
            (format!("<div class=widget>{image}<div>The old boat</div></div>"), 0, vec![]),
            (
                format!("<div class=widget>{image}<div class=photo-caption>The old boat</div></div>"),
                1,
                vec!["The old boat"],
            ),
            (
                format!("<div class=right>{image}<div class=thumbcaption><a href=/x>The old boat</a></div></div>"),
                1,
                vec!["The old boat"],
            ),
            (format!("<div class=widget>{image}<div>{PROSE} Twice.</div></div>"), 0, vec![]),
            (
                format!(
                    "<div class=widget><div>{image}<p class=caption>Old</p></div><div>{image}<p class=caption>New</p></div></div>"
                ),
                2,
                vec!["Old", "New"],
            ),
        ] {
            assert_eq!(select_images(&html), (images, words.into_iter().map(String::from).collect()), "{html}");
        }
    }

    #[test]
    fn images_stay_below_a_standfirst_outside_their_container() {
        let other = format!("<p>{PROSE} {PROSE}, and {PROSE}, too.</p>").repeat(9);
        let image = "<div class=wrapper><img src=/boat.jpg><div>At its bank</div></div>";
        let text = format!("<div><p>{PROSE}</p>{image}<p>{PROSE}</p></div>");
        let page =
            format!("<article><h1>Boats</h1><p>How a town got one</p><div>{text}<main>{other}</main></div></article>");
        let segmentation = Segmentation::new(&crate::parse::parse_page(&page).tree);
        let is_kept = |block: &Block| block.text == PROSE || block.text == "How a town got one";
        let kept: Vec<bool> = segmentation.blocks.iter().map(is_kept).collect();
        let readability = Readability::new(&segmentation);
        let mut region = ArticleRegion::new(&segmentation, &kept, &readability);
        assert!(!region.contains(&segmentation.media[0]), "most words of the standfirst's container are not kept");
        region.begin_below(0, 2);
        assert!(region.contains(&segmentation.media[0]));
    }
}
