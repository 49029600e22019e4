//! Is this block the article, or something the page says on its own behalf?
//!
//! One judgement for HTML and for plain text. It sees the blocks of the chosen part in order and
//! says of each whether it stays or why it goes. Its rules are few and strong: a block goes when its
//! own words say so, when it says again what another says, or when it stands in a tail of such
//! blocks after the last paragraph.

mod phrase_lists;
mod pull_quotes;
mod repetition;

use crate::dom::words;
use crate::metadata::dates;
use crate::page::Reason;

/// A block of the chosen part.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Its text, on one line.
    pub(crate) text: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// How much of its text is links, from 0 to 1; 0 in plain text.
    pub(crate) links: f64,
    /// It is known to be said more than once on purpose.
    pub(crate) meant: bool,
    /// It stands in a quotation that is set apart, on a page where that is not how people answer one another.
    pub(crate) quoted: bool,
    /// It is certainly part of the article: then it may say the title again below the beginning, and stand where menus do.
    pub(crate) certain: bool,
}

impl Block {
    /// A block of which nothing else is known.
    pub(crate) fn of(text: String, kind: Kind, links: f64) -> Block {
        Block { text, kind, links, meant: false, quoted: false, certain: false }
    }
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Heading,
    Paragraph,
    Item,
    Caption,
    /// Quotations, table cells, code: never judged by their words.
    Other,
}

/// Bytes that are compared for likeness in one page; beyond them only what is equal is a repeat. No article comes near it,
/// and a page made of a thousand paragraphs that begin alike would otherwise take minutes.
const MOST_LIKENED: usize = 8_000_000;
/// A finished sentence of this many words is prose.
const PROSE: usize = 8;

/// Says of each block why it goes; `None` stays. Title and byline stand above the article; each may be empty.
pub(crate) fn blocks(title: &str, byline: &str, blocks: &[Block]) -> Vec<Option<Reason>> {
    let facts: Vec<Facts> = blocks.iter().map(Facts::of).collect();
    let mut verdicts: Vec<Option<Reason>> =
        blocks.iter().zip(&facts).map(|(block, facts)| own_words(block, facts)).collect();
    repeated_title(title, &facts, blocks, &mut verdicts);
    head(byline, &facts, blocks, &mut verdicts);
    repetition::leave_one(&facts, blocks, &mut verdicts);
    repetition::sections(title, &facts, blocks, &mut verdicts);
    pull_quotes::pulled(&facts, blocks, &mut verdicts);
    related_runs(&facts, blocks, &mut verdicts);
    tail(&facts, blocks, &mut verdicts);
    lonely_headings(blocks, &mut verdicts);
    verdicts
}

/// No letter is longer than four bytes, and no word of this length is one.
const LONGEST_ALONE: usize = 4_000;

/// What a line says by itself, without the lines around it.
pub(crate) fn alone(text: &str) -> Option<Reason> {
    if text.len() > LONGEST_ALONE {
        return None;
    }
    let key = words::key(text);
    phrase_lists::line_of(text, &key, words::count(text), 0.0).or_else(|| phrase_lists::control(text, &key))
}

/// What a line labels, if it is nothing but a label: related links, comments.
pub(crate) fn label(text: &str) -> Option<Reason> {
    phrase_lists::whole(text)
}

/// The same, of a text with its key and the number of its words, as a number for [`crate::select::features`]: 0 when it
/// says nothing, else one number per kind of reason.
pub(crate) fn alone_as_number(text: &str, key: &str, count: usize, links: f32) -> f32 {
    match phrase_lists::line_of(text, key, count, f64::from(links)) {
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

/// How many words of a key ask for something, of all its words.
pub(crate) fn appeals(key: &str) -> f32 {
    phrase_lists::appeals(key)
}

/// What is worked out once per block.
struct Facts {
    key: String,
    words: usize,
    /// Ends as a sentence does.
    ends: bool,
}

impl Facts {
    fn of(block: &Block) -> Facts {
        Facts {
            key: words::key(&block.text),
            words: words::count(&block.text),
            ends: words::ends_sentence(&block.text),
        }
    }

    fn is_prose(&self, block: &Block) -> bool {
        self.ends
            && self.words >= PROSE
            && block.links < 0.5
            && matches!(block.kind, Kind::Paragraph | Kind::Other | Kind::Item)
    }
}

/// By what the block itself says.
fn own_words(block: &Block, facts: &Facts) -> Option<Reason> {
    let control = || phrase_lists::control(&block.text, &facts.key);
    // A single word may be an entry of a list or a fact in a table.
    let phrase = || control().filter(|_| facts.key.contains(' '));
    let line = || phrase_lists::line_of(&block.text, &facts.key, facts.words, block.links);
    match block.kind {
        Kind::Other => {
            phrase_lists::whole(&block.text).filter(|reason| *reason == Reason::Advertisement).or_else(phrase)
        }
        Kind::Caption => phrase_lists::whole(&block.text).or_else(control),
        Kind::Heading => line(),
        Kind::Item => line().or_else(phrase),
        Kind::Paragraph => line().or_else(control),
    }
}

/// The title again: near the top as anything, and anywhere as a heading, unless that is certainly part of the article.
fn repeated_title(title: &str, facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let title = words::key(title);
    if title.is_empty() {
        return;
    }
    let (words, joined) = (words::count(&title), title.replace(' ', ""));
    for (at, fact) in facts.iter().enumerate() {
        let place = (blocks[at].kind == Kind::Heading && !blocks[at].certain) || at < 6;
        // A heading may have a word or two above the title that say what it belongs to.
        let ends = blocks[at].kind == Kind::Heading && at < 3 && fact.words <= words + 3 && words > 2;
        // Where its lines meet, one of the two may have a space.
        let same = fact.key.bytes().filter(|byte| *byte != b' ').eq(joined.bytes())
            || (fact.words > 4 && repetition::is_same(&fact.key, &title))
            || (ends && fact.key.ends_with(&title));
        if place && same && blocks[at].kind != Kind::Other {
            verdicts[at].get_or_insert(Reason::RepeatedTitle);
        }
    }
}

/// Before the first prose, lines that are only links, only a date or only the byline are not the article, unless they lead up to it
/// in the same run of items; nor is a byline after an introduction.
fn head(byline: &str, facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let byline = words::key(byline);
    let names: Vec<&str> = byline.split(' ').filter(|word| !word.is_empty()).collect();
    let signed = |fact: &Facts| {
        let said = |name: &&str| fact.key.split(' ').any(|word| word == *name);
        !names.is_empty() && fact.words <= names.len() + 4 && names.iter().all(said)
    };
    let prose = (0..blocks.len()).find(|at| facts[*at].is_prose(&blocks[*at])).unwrap_or(0);
    let is_item = |block: &&Block| block.kind == Kind::Item;
    let led_up = match blocks.get(prose) {
        Some(first) if is_item(&first) => blocks[..prose].iter().rev().take_while(is_item).count(),
        _ => 0,
    };
    let prose = prose - led_up;
    for at in 0..blocks.len().min(12) {
        let (block, fact) = (&blocks[at], &facts[at]);
        let line = matches!(block.kind, Kind::Paragraph | Kind::Item | Kind::Heading);
        if verdicts[at].is_some() || !line {
            continue;
        }
        if at < prose && block.links > 0.8 && fact.words <= 12 && !block.certain {
            verdicts[at] = Some(Reason::Navigation);
        } else if (at < prose && fact.words <= 9 && is_date(&block.text))
            || (signed(fact) && (at < prose || !fact.ends))
        {
            verdicts[at] = Some(Reason::Details);
        }
    }
}

/// Whether a short line gives a date: far in the future nothing is too late for this.
fn is_date(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 4 && dates::parse(text, jiff::Timestamp::MAX, dates::DayMonthOrder::Unknown).is_some()
}

/// After a line such as "Recommended articles", what looks like headlines of others goes with it.
fn related_runs(facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let mut at = 0;
    while at < blocks.len() {
        let opens = verdicts[at] == Some(Reason::RelatedLinks) && phrase_lists::opens_list(&blocks[at].text);
        at += 1;
        if !opens {
            continue;
        }
        let goes_on =
            |verdict: Option<Reason>| matches!(verdict, None | Some(Reason::RepeatedCaption | Reason::RepeatedText));
        while at < blocks.len()
            && goes_on(verdicts[at])
            && !phrase_lists::opens_notes(&blocks[at].text)
            && looks_like_headline(&blocks[at], &facts[at])
        {
            verdicts[at] = Some(Reason::RelatedLinks);
            at += 1;
        }
    }
}

/// A line of links, or a short line that is no sentence.
fn looks_like_headline(block: &Block, fact: &Facts) -> bool {
    let linked = block.links > 0.6;
    let short = !fact.ends && fact.words <= 20 && block.kind != Kind::Other;
    linked || (short && block.kind != Kind::Caption)
}

/// After the last prose, clutter takes the unclear lines between it along: from the first clutter on,
/// nothing short stays. And before the first prose, between advertisements, likewise nothing linked.
fn tail(facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let appeals = |at: usize| phrase_lists::is_appeal(&blocks[at].text);
    let last_prose = (0..blocks.len())
        .rev()
        .find(|at| verdicts[*at].is_none() && facts[*at].is_prose(&blocks[*at]) && !appeals(*at));
    let Some(last) = last_prose else { return };
    let after = last + 1..blocks.len();
    let clutter = |at: usize, verdicts: &[Option<Reason>]| {
        verdicts[at].is_some_and(|reason| {
            !matches!(reason, Reason::RepeatedTitle | Reason::RepeatedCaption | Reason::RepeatedText)
        }) || appeals(at)
    };
    let Some(mut start) = after.clone().find(|at| clutter(*at, verdicts)) else { return };
    while start > last + 1 && phrase_lists::calls(&blocks[start - 1].text) {
        start -= 1;
    }
    let mut reason = Reason::Promotion;
    let notes = (start..blocks.len()).find(|at| phrase_lists::opens_notes(&blocks[*at].text)).unwrap_or(blocks.len());
    for at in start..notes {
        match verdicts[at] {
            Some(own @ (Reason::RelatedLinks | Reason::Comments | Reason::Newsletter | Reason::ShareButtons)) => {
                reason = own
            }
            Some(_) => {}
            None if blocks[at].kind == Kind::Other && blocks[at].links < 0.5 => {}
            None if appeals(at) => verdicts[at] = Some(Reason::Promotion),
            None => verdicts[at] = Some(reason),
        }
    }
}

/// A heading whose whole section went, goes too.
fn lonely_headings(blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    for at in 0..blocks.len() {
        if blocks[at].kind != Kind::Heading || verdicts[at].is_some() {
            continue;
        }
        let section: Vec<usize> =
            (at + 1..blocks.len()).take_while(|next| blocks[*next].kind != Kind::Heading).collect();
        let reasons: Vec<Reason> = section.iter().filter_map(|next| verdicts[*next]).collect();
        let gone = reasons.iter().all(|reason| {
            matches!(
                reason,
                Reason::RelatedLinks | Reason::Newsletter | Reason::Comments | Reason::ShareButtons | Reason::Promotion
            )
        });
        if !section.is_empty() && reasons.len() == section.len() && gone {
            verdicts[at] = reasons.first().copied();
        }
    }
}

#[cfg(test)]
mod tests;
