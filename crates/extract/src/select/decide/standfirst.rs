//! The standfirst: what a page says between the headline and the text to introduce the text.
//!
//! It stands in the page's header among byline, date and buttons, in a box of its own, or as a list of points. The
//! trees, which look for texts, give it a low score.

use crate::cleanup::phrase_rules;
use crate::dom::words::{self, WordPairs};
use crate::metadata::{byline, dates};
use crate::select::PageMetadata;
use crate::select::container_candidates::NON_ARTICLE_HINTS;
use crate::select::name_hints::{self, NameHints};
use crate::select::segmentation::{Block, Segmentation, Tag};

/// Most blocks between the headline and the text.
const MAX_BLOCKS_BELOW_HEADLINE: usize = 20;
/// Least words of a standfirst, of one directly below the headline, and of one that is named so; and most words.
const MIN_WORDS: u32 = 8;
const MIN_ADJACENT_WORDS: u32 = 5;
const MIN_NAMED_WORDS: u32 = 3;
const MAX_WORDS: u32 = 100;
/// Least score of a standfirst, and of one that is named so.
const MIN_SCORE: f32 = -2.0;
const MIN_NAMED_SCORE: f32 = -5.0;
/// Most words of a button or a line about the page: with a link and unnamed, or with numbers of a date or clock.
const MAX_LINK_LINE_WORDS: u32 = 16;
const MAX_DATED_WORDS: u32 = 20;
/// Most words of a line with a byline or a date, besides the name.
const MAX_DETAIL_WORDS: usize = 8;
/// Share of a standfirst's pairs of words from which another text says the same.
const MAX_REPEATED_SHARE: f64 = 0.7;
/// Number of kept blocks that may say the same.
const COMPARED_BLOCKS: usize = 4;

/// Names of standfirsts, and of boxes that hold none.
const LEAD_HINTS: NameHints = name_hints::hint_bits(&["lead"]);
const OTHER_HINTS: NameHints = NON_ARTICLE_HINTS & !name_hints::hint_bits(&["meta"])
    | name_hints::hint_bits(&["caption", "author", "more", "paywall", "feedback", "embed", "hidden", "review"]);

/// Keeps the standfirst between the headline and the first kept prose. Returns the block of the headline if it has one.
pub(in crate::select) fn keep(
    segmentation: &Segmentation,
    scores: &[f32],
    metadata: &PageMetadata<'_>,
    kept: &mut [bool],
) -> Option<usize> {
    let mut found = None;
    let is_kept_prose = |at: &usize| kept[*at] && segmentation.blocks[*at].is_prose();
    let text = (0..kept.len()).find(is_kept_prose).filter(|_| !metadata.is_thread)?;
    let headline = find_headline(segmentation, metadata.title, text)?;
    let place = Place { segmentation, headline, text };
    let mut said: Vec<WordPairs> = (text..kept.len())
        .filter(|at| kept[*at])
        .take(COMPARED_BLOCKS)
        .chain([headline])
        .map(|at| word_pairs(&segmentation.blocks[at]))
        .collect();
    for at in headline + 1..text {
        let block = &segmentation.blocks[at];
        let is_likely = match place.rank(at) {
            Some(Rank::Named) => scores[at] > MIN_NAMED_SCORE,
            Some(Rank::Unnamed) => scores[at] > MIN_SCORE,
            None => false,
        };
        if kept[at] || !is_likely || is_detail(block, metadata) {
            continue;
        }
        let pairs = word_pairs(block);
        let is_said = |other: &WordPairs| pairs.count_shared(other) as f64 >= MAX_REPEATED_SHARE * pairs.len() as f64;
        if !said.iter().any(is_said) {
            kept[at] = true;
            found = Some(headline);
            said.push(pairs);
        }
    }
    found
}

/// Finds the block of the headline shortly above the text: the nearest that reads like the title or, in an `<h1>`,
/// shares most words with it. (Another `<h1>` is the name of the site.)
fn find_headline(segmentation: &Segmentation, title: &str, text: usize) -> Option<usize> {
    let title = words::match_key(title);
    let pairs = WordPairs::from_key(&title);
    let above = || (text.saturating_sub(MAX_BLOCKS_BELOW_HEADLINE)..text).rev().filter(|_| !title.is_empty());
    let is_title = |at: &usize| words::match_key(&segmentation.blocks[*at].text) == title;
    let is_similar_h1 = |at: &usize| {
        let block = &segmentation.blocks[*at];
        segmentation.elements[block.element].tag == Tag::Heading1
            && pairs.count_shared(&word_pairs(block)) * 2 >= pairs.len().max(1)
    };
    above().find(is_title).or_else(|| above().find(is_similar_h1))
}

fn word_pairs(block: &Block) -> WordPairs {
    WordPairs::from_key(&words::match_key(&block.text))
}

/// How a block could be a standfirst.
enum Rank {
    /// Its class says so.
    Named,
    Unnamed,
}

/// The place between a headline and the first prose, both indexes of blocks.
struct Place<'s> {
    segmentation: &'s Segmentation,
    headline: usize,
    text: usize,
}

impl Place<'_> {
    /// Ranks a block by its words and by the boxes around it that hold neither the headline nor the text.
    fn rank(&self, at: usize) -> Option<Rank> {
        let block = &self.segmentation.blocks[at];
        let boxes = self
            .segmentation
            .self_and_ancestors(block.element)
            .map(|(_, element)| element)
            .take_while(|element| !element.blocks.contains(&self.headline) && !element.blocks.contains(&self.text));
        let (mut is_named, mut list_words) = (false, 0);
        for element in boxes {
            if is_no_place(element.tag) || element.link_density() > 0.4 || !is_named && element.hints & OTHER_HINTS != 0
            {
                return None;
            }
            is_named |= element.hints & LEAD_HINTS != 0;
            if element.tag == Tag::List {
                list_words = element.words / (element.blocks.len() as u32).max(1);
            }
        }
        let hidden = self.segmentation.self_and_ancestors(block.element).any(|(_, element)| element.hidden);
        let min_words = match () {
            () if is_named => MIN_NAMED_WORDS,
            () if at == self.headline + 1 || list_words >= MIN_ADJACENT_WORDS => MIN_ADJACENT_WORDS,
            () => MIN_WORDS,
        };
        if block.links > 0 && !is_named && block.words <= MAX_LINK_LINE_WORDS || hidden {
            return None;
        }
        let rank = if is_named { Rank::Named } else { Rank::Unnamed };
        (min_words..=MAX_WORDS).contains(&block.words).then_some(rank)
    }
}

/// Whether such an element never holds a standfirst.
fn is_no_place(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Nav
            | Tag::Form
            | Tag::Button
            | Tag::Figure
            | Tag::Caption
            | Tag::Footer
            | Tag::Aside
            | Tag::Address
            | Tag::Table
            | Tag::TableCell
            | Tag::Preformatted
            | Tag::Details
            | Tag::Heading1
    )
}

/// Whether a block gives a byline, a date or a breadcrumb, or speaks for the page.
fn is_detail(block: &Block, metadata: &PageMetadata<'_>) -> bool {
    const MARKS: &[char] = &['|', '©', '@', '•', '·', '❯', '›', '»', '→', '←', '★'];
    let text = block.text.as_str();
    let key = words::match_key(text);
    let names_author = || {
        let byline = words::match_key(metadata.byline.unwrap_or_default());
        let most = byline.split(' ').count() + MAX_DETAIL_WORDS;
        !byline.is_empty() && block.words as usize <= most && key.contains(&byline)
    };
    text.contains(MARKS)
        || text.ends_with([':', '：'])
        || text.contains("://")
        || block.words <= MAX_DATED_WORDS && is_dated(text)
        || names_author()
        || is_list_of_names(text)
        || byline::names_reviewer(text)
        || byline::starts_like_byline(text) && byline::parse_line(text).is_some()
        || DISCLOSURE_WORDS.iter().any(|word| key.split(' ').any(|found| found.starts_with(word)))
        || phrase_rules::find_line_reason(text).is_some()
}

/// Beginnings of words that tell how a page earns money or that a machine reads it, in the languages of the word lists.
const DISCLOSURE_WORDS: &[&str] = &[
    "affiliat",
    "commission",
    "afiliad",
    "comision",
    "comissão",
    "affilié",
    "affilia",
    "provisionslink",
    "sponsored",
    "партнёрск",
];

/// Whether a line has a date, or numbers parted like those of a date or a clock.
fn is_dated(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let has_numbers = text.split(|letter: char| !letter.is_ascii_digit() && !"/.-:".contains(letter)).any(|word| {
        let clock = word.split_once(':').is_some_and(|(hour, minute)| {
            is_number(hour) && minute.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_digit))
        });
        clock || word.split(['/', '.', '-']).filter(|part| is_number(part)).count() >= 3
    });
    has_numbers
        || dates::count_digits(text) >= 5
            && dates::parse(text, jiff::Timestamp::MAX, dates::DayMonthOrder::DayFirst).is_some()
}

/// Whether a line consists of capitalized words between commas: people and where they work.
fn is_list_of_names(text: &str) -> bool {
    let names =
        text.split([' ', '&', '.']).filter(|word| word.len() > 1 && !matches!(*word, "and" | "und" | "et" | "y" | "e"));
    text.contains([',', '&', ';'])
        && !words::ends_sentence(text)
        && names.into_iter().all(|word| word.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "<p>The ferry has crossed the river every morning since the bridge was closed in the spring.</p>";

    /// Returns which blocks above the text are kept below the headline "The ferry", all with a doubtful score.
    fn keep_above_text(above: &str) -> Vec<String> {
        let page = crate::parse::parse_page(&format!("<article>{above}<div>{TEXT}</div></article>")).tree;
        let segmentation = Segmentation::new(&page);
        let mut kept: Vec<bool> = segmentation.blocks.iter().map(Block::is_prose).collect();
        let text = kept.len() - 1;
        kept[..text].fill(false);
        let metadata = PageMetadata { title: "The ferry", byline: Some("Ann Lee"), ..PageMetadata::default() };
        keep(&segmentation, &vec![-1.5; text + 1], &metadata, &mut kept);
        segmentation.blocks[..text]
            .iter()
            .zip(kept)
            .filter(|(_, kept)| *kept)
            .map(|(block, _)| block.text.clone())
            .collect()
    }

    #[test]
    fn the_standfirst_stays_whatever_box_it_is_in() {
        let dek = "How a boat of 1911 came to carry a town that no longer has a bridge";
        for above in [
            format!("<header><p>Rivers</p><h1>The ferry</h1><p>{dek}</p><p>By Ann Lee</p></header>"),
            format!("<h1>The ferry</h1><div class=infobox><p>Ann Lee</p><p>6 May 2026</p><p>{dek}</p></div>"),
            format!("<h1>The ferry</h1><ul><li>{dek}</li></ul>"),
            format!("<h1>The ferry</h1><section class=story-lede><span>{dek}</span></section>"),
            format!("<h1>The ferry</h1><h2>{dek}</h2><div>Share</div>"),
        ] {
            assert_eq!(keep_above_text(&above), [dek], "{above}");
        }
        let points = "<h1>The ferry</h1><ul class=summary><li>Bridge shut</li><li>One boat is left</li><li>It is old, but sound</li></ul>";
        assert_eq!(keep_above_text(points), ["One boat is left", "It is old, but sound"]);
    }

    #[test]
    fn what_the_page_says_of_itself_is_no_standfirst() {
        for line in [
            "<p>By Ann Lee, who has written about rivers and boats",
            "<p>Last changed by the editors on 6 May 2026 at noon",
            "<p>Photographs: Bo Ray, Cy Moss & Di Ash, Valley Post",
            "<p>We may earn a commission when you buy through links on this page.",
            "<p>You can also read this article in the following languages:",
            "<p>Home › News › Rivers › Boats › Ferries of the north",
            "<p>The ferry has crossed the river every morning since the bridge was closed",
            "<nav><p>All that you need to know about rivers and boats</nav>",
            "<div class=share-box><p>Tell your friends about what you have read here</div>",
            "<p hidden>How a boat of 1911 came to carry a town that no longer has a bridge",
        ] {
            assert_eq!(keep_above_text(&format!("<h1>The ferry</h1>{line}</p>")), [""; 0], "{line}");
        }
        let site = "<h1>Valley Post</h1><p>The newspaper of all who live beside a river that has boats</p>";
        assert_eq!(keep_above_text(site), [""; 0], "another headline");
    }
}
