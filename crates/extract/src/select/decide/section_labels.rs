//! Labels of related links and comments, and the introduction above the text.

use super::headings;
use crate::cleanup::phrase_rules::{self, see_also};
use crate::dom::words;
use crate::page::Reason;
use crate::select::PageMetadata;
use crate::select::segmentation::{Segmentation, Tag};

/// Most words of a label.
const MAX_LABEL_WORDS: u32 = 8;
/// Most blocks between introduction and text, and least words of an introduction.
const MAX_BLOCKS_ABOVE: usize = 12;
const MIN_INTRODUCTION_WORDS: u32 = 6;

/// Drops what a dropped label introduces: the links directly after "related", or everything in the same container below
/// the heading of the comments.
pub(super) fn drop_labelled_blocks(segmentation: &Segmentation, metadata: &PageMetadata<'_>, kept: &mut [bool]) {
    for at in 0..kept.len().saturating_sub(1) {
        let block = &segmentation.blocks[at];
        if kept[at] || !kept[at + 1] || block.words > MAX_LABEL_WORDS {
            continue;
        }
        if is_section_of_article(segmentation, at, kept) {
            kept[at] = true;
            continue;
        }
        let after = at + 1..segmentation.blocks.len();
        let labelled = match phrase_rules::label_reason(&block.text) {
            Some(Reason::RelatedLinks) => {
                let is_link = |next: &usize| kept[*next] && segmentation.blocks[*next].link_density() > 0.6;
                at + 1..at + 1 + after.take_while(is_link).count()
            }
            Some(Reason::Comments) if !metadata.is_thread && headings::is_subheading(segmentation, at) => {
                at + 1..segmentation.elements[segmentation.elements[block.element].parent].blocks.end
            }
            _ => continue,
        };
        kept[labelled].fill(false);
    }
}

/// Whether a block is the heading "See also" among similar headings of the article: a section of an encyclopedia.
fn is_section_of_article(segmentation: &Segmentation, at: usize, kept: &[bool]) -> bool {
    let signature = |at: usize| segmentation.elements[segmentation.blocks[at].element].signature;
    let is_similar = |other: &usize| kept[*other] && signature(*other) == signature(at);
    headings::is_subheading(segmentation, at)
        && see_also::is_heading(&segmentation.blocks[at].text)
        && (0..at).filter(is_similar).take(see_also::MIN_SECTIONS).count() == see_also::MIN_SECTIONS
}

/// Keeps the page's description (from its metadata) where it is shown above the text: it is the introduction.
pub(super) fn keep_introduction(segmentation: &Segmentation, metadata: &PageMetadata<'_>, kept: &mut [bool]) {
    let description = words::match_key(metadata.description.unwrap_or_default());
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    let matches_description = |at: &usize| {
        let (block, key) = (&segmentation.blocks[*at], words::match_key(&segmentation.blocks[*at].text));
        let (short, long) = if key.len() < description.len() { (&key, &description) } else { (&description, &key) };
        // Either may be truncated.
        block.words >= MIN_INTRODUCTION_WORDS
            && short.len() * 10 >= long.len() * 6
            && long.starts_with(short.as_str())
            && segmentation.elements[block.element].tag != Tag::Heading1
    };
    if let Some(at) = (first.saturating_sub(MAX_BLOCKS_ABOVE)..first).find(matches_description) {
        kept[at] = true;
    }
}
