//! Decides by words which blocks of the selection are not the article but the page speaking for itself.
//!
//! The same rules judge HTML and plain text. They see the selected blocks in order and give each a reason to remove it,
//! or none. The rules are few and strong: a block goes if its own words say so, if it repeats another, or if it stands
//! among such blocks after the last paragraph.

mod consent;
mod counts;
mod header_lines;
mod imprint;
mod mail_feet;
mod phrase_lists;
mod pull_quotes;
mod repetition;
pub(crate) mod see_also;

use url::Url;

use crate::dom::words;
use crate::page::Reason;

/// A block of the selection.
#[derive(Debug, Clone)]
pub(crate) struct TextBlock {
    /// Its text on one line.
    pub(crate) text: String,
    pub(crate) kind: BlockKind,
    /// The share of its text that is links, from 0 to 1; 0 in plain text.
    pub(crate) link_share: f64,
    /// It repeats another text on purpose.
    pub(crate) is_deliberate_repeat: bool,
    /// It is in a block quotation, on a page where people do not answer one another in quotations.
    pub(crate) is_quoted: bool,
    /// It is certainly part of the article. Then it may repeat the title further down, and stand where menus do.
    pub(crate) is_certain: bool,
    /// The picture of which it is the caption.
    pub(crate) picture: Option<Url>,
}

impl TextBlock {
    /// Creates a block without further facts.
    pub(crate) fn new(text: String, kind: BlockKind, link_share: f64) -> TextBlock {
        TextBlock {
            text,
            kind,
            link_share,
            is_deliberate_repeat: false,
            is_quoted: false,
            is_certain: false,
            picture: None,
        }
    }
}

/// The kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Heading,
    Paragraph,
    Item,
    Caption,
    /// Quotations, table cells, code: hardly ever judged by their words.
    Other,
}

/// The maximum number of bytes compared for similarity per page; beyond it only equal texts are repeats. No article
/// comes near it, but a page of a thousand paragraphs that begin alike would take minutes.
const MAX_COMPARED_BYTES: usize = 8_000_000;
/// A finished sentence of this many words is prose.
const MIN_PROSE_WORDS: usize = 8;

/// Returns for each block the reason to remove it, or `None` to keep it. Title and byline are shown above the article;
/// both may be empty.
pub(crate) fn find_removal_reasons(title: &str, byline: &str, blocks: &[TextBlock]) -> Vec<Option<Reason>> {
    let facts: Vec<BlockFacts> = blocks.iter().map(BlockFacts::new).collect();
    let mut reasons: Vec<Option<Reason>> =
        blocks.iter().zip(&facts).map(|(block, facts)| reason_by_own_words(block, facts)).collect();
    see_also::keep_sections(&facts, blocks, &mut reasons);
    mark_repeated_titles(title, &facts, blocks, &mut reasons);
    header_lines::mark(byline, &facts, blocks, &mut reasons);
    repetition::mark_repeats(&facts, blocks, &mut reasons);
    repetition::restore_section_headings(title, &facts, blocks, &mut reasons);
    pull_quotes::mark_pull_quotes(&facts, blocks, &mut reasons);
    mark_related_runs(&facts, blocks, &mut reasons);
    consent::mark(title, &facts, blocks, &mut reasons);
    mail_feet::mark(&facts, blocks, &mut reasons);
    imprint::mark(&facts, blocks, &mut reasons);
    mark_trailing_clutter(&facts, blocks, &mut reasons);
    // After it: a number among values is no sign that clutter begins.
    counts::mark(blocks, &mut reasons);
    mark_headings_of_removed_sections(blocks, &mut reasons);
    reasons
}

/// Longer lines are never judged by their words.
const MAX_LINE_BYTES: usize = 4_000;

/// Returns the reason to remove a line by its own words, without its context.
pub(crate) fn find_line_reason(text: &str) -> Option<Reason> {
    if text.len() > MAX_LINE_BYTES {
        return None;
    }
    let key = words::match_key(text);
    phrase_lists::line_reason(text, &key, words::count(text), 0.0)
        .or_else(|| phrase_lists::interface_label_reason(text, &key))
        .or_else(|| counts::is_reading_time(text).then_some(Reason::Details))
}

/// Returns what a line is the label of, such as related links or comments, if it is nothing but a label.
pub(crate) fn label_reason(text: &str) -> Option<Reason> {
    phrase_lists::whole_line_reason(text)
}

/// Returns the reason for a line as a feature for [`crate::select::features`]: 0 for none, else a number per reason.
/// Takes the text with its key and word count.
pub(crate) fn line_reason_code(text: &str, key: &str, count: usize, link_share: f32) -> f32 {
    match phrase_lists::line_reason(text, key, count, f64::from(link_share)) {
        None => 0.0,
        Some(Reason::RelatedLinks) => 1.0,
        Some(Reason::ShareButtons) => 2.0,
        Some(Reason::Newsletter) => 3.0,
        Some(Reason::Promotion) => 4.0,
        Some(Reason::Advertisement) => 5.0,
        Some(Reason::Comments) => 6.0,
        Some(Reason::CookieNotice) => 7.0,
        Some(Reason::Legal) => 8.0,
        Some(Reason::Navigation) => 9.0,
        Some(Reason::Details) => 10.0,
        Some(Reason::AuthorNote) => 11.0,
        Some(_) => 12.0,
    }
}

/// Returns whether a text asks the reader for something.
pub(crate) fn is_appeal(text: &str) -> bool {
    phrase_lists::is_appeal(text) || phrase_lists::is_exclamation(text)
}

/// Returns the share of a key's words that ask the reader for something.
pub(crate) fn appeal_share(key: &str) -> f32 {
    phrase_lists::appeal_share(key)
}

/// Facts computed once per block.
struct BlockFacts {
    key: String,
    words: usize,
    ends_sentence: bool,
}

impl BlockFacts {
    fn new(block: &TextBlock) -> BlockFacts {
        BlockFacts {
            key: words::match_key(&block.text),
            words: words::count(&block.text),
            ends_sentence: words::ends_sentence(&block.text),
        }
    }

    fn is_prose(&self, block: &TextBlock) -> bool {
        self.ends_sentence
            && self.words >= MIN_PROSE_WORDS
            && block.link_share < 0.5
            && matches!(block.kind, BlockKind::Paragraph | BlockKind::Other | BlockKind::Item)
    }
}

/// Returns the reason to remove a block by its own words.
fn reason_by_own_words(block: &TextBlock, facts: &BlockFacts) -> Option<Reason> {
    let interface_label = || phrase_lists::interface_label_reason(&block.text, &facts.key);
    // A single word may be a list entry or a table value.
    let phrase = || interface_label().filter(|_| facts.key.contains(' '));
    let line = || phrase_lists::line_reason(&block.text, &facts.key, facts.words, block.link_share);
    match block.kind {
        BlockKind::Other => phrase_lists::whole_line_reason(&block.text)
            .filter(|reason| *reason == Reason::Advertisement)
            .or_else(phrase),
        BlockKind::Caption => phrase_lists::whole_line_reason(&block.text).or_else(interface_label),
        BlockKind::Heading => line(),
        BlockKind::Item => line().or_else(phrase),
        BlockKind::Paragraph => line().or_else(interface_label),
    }
}

/// Marks repetitions of the title: of any kind near the top, and as headings anywhere unless certainly part of the
/// article.
fn mark_repeated_titles(title: &str, facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let title = words::match_key(title);
    if title.is_empty() {
        return;
    }
    let (words, joined) = (words::count(&title), title.replace(' ', ""));
    for (index, fact) in facts.iter().enumerate() {
        let may_be_title = (blocks[index].kind == BlockKind::Heading && !blocks[index].is_certain) || index < 6;
        // A heading may begin with a kicker of a word or two.
        let ends = blocks[index].kind == BlockKind::Heading && index < 3 && fact.words <= words + 3 && words > 2;
        // Ignores spaces, since only one of the two may have one at a line break.
        let same = fact.key.bytes().filter(|byte| *byte != b' ').eq(joined.bytes())
            || (fact.words > 4 && repetition::is_same_text(&fact.key, &title))
            || (ends && fact.key.ends_with(&title));
        if may_be_title && same && blocks[index].kind != BlockKind::Other {
            reasons[index].get_or_insert(Reason::RepeatedTitle);
        }
    }
}

/// Marks what looks like headlines after a line such as "Recommended articles".
fn mark_related_runs(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let mut index = 0;
    while index < blocks.len() {
        let opens = reasons[index] == Some(Reason::RelatedLinks) && phrase_lists::opens_list(&blocks[index].text);
        index += 1;
        if !opens {
            continue;
        }
        let goes_on =
            |reason: Option<Reason>| matches!(reason, None | Some(Reason::RepeatedCaption | Reason::RepeatedText));
        while index < blocks.len()
            && goes_on(reasons[index])
            && !phrase_lists::opens_notes(&blocks[index].text)
            && looks_like_headline(&blocks[index], &facts[index])
        {
            reasons[index] = Some(Reason::RelatedLinks);
            index += 1;
        }
    }
}

/// Returns whether a block is a line of links, or a short line that is not a sentence.
fn looks_like_headline(block: &TextBlock, fact: &BlockFacts) -> bool {
    let linked = block.link_share > 0.6;
    let short = !fact.ends_sentence && fact.words <= 20 && block.kind != BlockKind::Other;
    linked || (short && block.kind != BlockKind::Caption)
}

/// Marks unclear lines among clutter after the last prose: from the first clutter on, nothing short stays.
fn mark_trailing_clutter(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let is_appeal = |index: usize| phrase_lists::is_appeal(&blocks[index].text);
    let last_prose = (0..blocks.len())
        .rev()
        .find(|index| reasons[*index].is_none() && facts[*index].is_prose(&blocks[*index]) && !is_appeal(*index));
    let Some(last) = last_prose else { return };
    let after = last + 1..blocks.len();
    let is_clutter = |index: usize, reasons: &[Option<Reason>]| {
        reasons[index].is_some_and(|reason| {
            !matches!(reason, Reason::RepeatedTitle | Reason::RepeatedCaption | Reason::RepeatedText)
        }) || is_appeal(index)
    };
    let Some(mut start) = after.clone().find(|index| is_clutter(*index, reasons)) else { return };
    while start > last + 1 && phrase_lists::is_exclamation(&blocks[start - 1].text) {
        start -= 1;
    }
    let mut reason = Reason::Promotion;
    let notes =
        (start..blocks.len()).find(|index| phrase_lists::opens_notes(&blocks[*index].text)).unwrap_or(blocks.len());
    for index in start..notes {
        match reasons[index] {
            Some(own @ (Reason::RelatedLinks | Reason::Comments | Reason::Newsletter | Reason::ShareButtons)) => {
                reason = own
            }
            Some(_) => {}
            None if blocks[index].kind == BlockKind::Other && blocks[index].link_share < 0.5 => {}
            None if is_appeal(index) => reasons[index] = Some(Reason::Promotion),
            None => reasons[index] = Some(reason),
        }
    }
}

/// Marks headings whose whole section is removed.
fn mark_headings_of_removed_sections(blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    for index in 0..blocks.len() {
        if blocks[index].kind != BlockKind::Heading || reasons[index].is_some() {
            continue;
        }
        let section: Vec<usize> =
            (index + 1..blocks.len()).take_while(|next| blocks[*next].kind != BlockKind::Heading).collect();
        let section_reasons: Vec<Reason> = section.iter().filter_map(|next| reasons[*next]).collect();
        let gone = section_reasons.iter().all(|reason| {
            matches!(
                reason,
                Reason::RelatedLinks | Reason::Newsletter | Reason::Comments | Reason::ShareButtons | Reason::Promotion
            )
        });
        if !section.is_empty() && section_reasons.len() == section.len() && gone {
            reasons[index] = section_reasons.first().copied();
        }
    }
}

#[cfg(test)]
mod tests;
