//! What a line says of the lines after it, and what the page says of a line.

use super::headings;
use crate::cleanup::phrase_rules;
use crate::dom::words;
use crate::page::Reason;
use crate::select::Known;
use crate::select::segmentation::{Survey, Tag};

/// A label has few words.
const LABEL: u32 = 8;
/// An introduction stands so few blocks above the text, and has at least so many words.
const ABOVE: usize = 12;
const INTRODUCTION: u32 = 6;

/// Where the label of related links or of comments is no part of the article, nor is what it labels: the links right after it, or
/// what stands in the same element below the heading of comments.
pub(super) fn take_along(survey: &Survey, known: &Known<'_>, kept: &mut [bool]) {
    for at in 0..kept.len().saturating_sub(1) {
        let block = &survey.blocks[at];
        if kept[at] || !kept[at + 1] || block.words > LABEL {
            continue;
        }
        let after = at + 1..survey.blocks.len();
        let labelled = match phrase_rules::label_reason(&block.text) {
            Some(Reason::RelatedLinks) => {
                let is_link = |next: &usize| kept[*next] && survey.blocks[*next].link_share() > 0.6;
                at + 1..at + 1 + after.take_while(is_link).count()
            }
            Some(Reason::Comments) if !known.is_thread && headings::is_one(survey, at) => {
                at + 1..survey.elements[survey.elements[block.element].parent].blocks.end
            }
            _ => continue,
        };
        kept[labelled].fill(false);
    }
}

/// What the page tells machines it is about, where readers see it above the text, is the article's introduction.
pub(super) fn introduction(survey: &Survey, known: &Known<'_>, kept: &mut [bool]) {
    let told = words::match_key(known.description.unwrap_or_default());
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    let is_told = |at: &usize| {
        let (block, key) = (&survey.blocks[*at], words::match_key(&survey.blocks[*at].text));
        let (short, long) = if key.len() < told.len() { (&key, &told) } else { (&told, &key) };
        // Either may be cut short.
        block.words >= INTRODUCTION
            && short.len() * 10 >= long.len() * 6
            && long.starts_with(short.as_str())
            && survey.elements[block.element].tag != Tag::Heading1
    };
    if let Some(at) = (first.saturating_sub(ABOVE)..first).find(is_told) {
        kept[at] = true;
    }
}
