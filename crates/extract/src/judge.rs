//! Is this block the article, or something the page says on its own behalf?
//!
//! One judgement for HTML and for plain text. It sees the blocks of the chosen part in order and
//! says of each whether it stays or why it goes. Its rules are few and strong: a block goes when its
//! own words say so, when it says again what another says, or when it stands in a tail of such
//! blocks after the last paragraph.

mod phrases;
mod quotes;

use crate::Reason;
use crate::dates;
use crate::words;

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

/// Repeats are looked for in this many blocks at most, since each is compared with each.
const MOST_COMPARED: usize = 1_500;
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
    repeats(&facts, blocks, &mut verdicts);
    quotes::pulled(&facts, blocks, &mut verdicts);
    related_runs(&facts, blocks, &mut verdicts);
    tail(&facts, blocks, &mut verdicts);
    lonely_headings(blocks, &mut verdicts);
    verdicts
}

/// What a line says by itself, without the lines around it.
pub(crate) fn alone(text: &str) -> Option<Reason> {
    phrases::line(text, 0.0).or_else(|| phrases::control(text))
}

/// The same, of a text with its key and the number of its words, as a number for [`crate::content::features`]: 0 when it
/// says nothing, else one number per kind of reason.
pub(crate) fn alone_as_number(text: &str, key: &str, count: usize, links: f32) -> f32 {
    match phrases::line_of(text, key, count, f64::from(links)) {
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
    phrases::appeals(key)
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
    let control = || phrases::control(&block.text);
    // A single word may be an entry of a list or a fact in a table.
    let phrase = || control().filter(|_| facts.key.contains(' '));
    let line = || phrases::line_of(&block.text, &facts.key, facts.words, block.links);
    match block.kind {
        Kind::Other => phrases::whole(&block.text).filter(|reason| *reason == Reason::Advertisement).or_else(phrase),
        Kind::Caption => phrases::whole(&block.text).or_else(control),
        Kind::Heading => line(),
        Kind::Item => line().or_else(phrase),
        Kind::Paragraph => line().or_else(control),
    }
}

/// The title again: anywhere as a heading, near the top as anything.
fn repeated_title(title: &str, facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let title = words::key(title);
    if title.is_empty() {
        return;
    }
    let (words, joined) = (words::count(&title), title.replace(' ', ""));
    for (at, fact) in facts.iter().enumerate() {
        let place = blocks[at].kind == Kind::Heading || at < 6;
        // A heading may have a word or two above the title that say what it belongs to.
        let ends = blocks[at].kind == Kind::Heading && at < 3 && fact.words <= words + 3 && words > 2;
        // Where its lines meet, one of the two may have a space.
        let same = fact.key.bytes().filter(|byte| *byte != b' ').eq(joined.bytes())
            || (fact.words > 4 && is_same(&fact.key, &title))
            || (ends && fact.key.ends_with(&title));
        if place && same && blocks[at].kind != Kind::Other {
            verdicts[at].get_or_insert(Reason::RepeatedTitle);
        }
    }
}

/// Before the first prose, lines that are only links, only a date or only the byline are not the article; nor is a byline after
/// an introduction.
fn head(byline: &str, facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let byline = words::key(byline);
    let names: Vec<&str> = byline.split(' ').filter(|word| !word.is_empty()).collect();
    let signed = |fact: &Facts| {
        let said = |name: &&str| fact.key.split(' ').any(|word| word == *name);
        !names.is_empty() && fact.words <= names.len() + 4 && names.iter().all(said)
    };
    let prose = (0..blocks.len()).find(|at| facts[*at].is_prose(&blocks[*at])).unwrap_or(0);
    for at in 0..blocks.len().min(12) {
        let (block, fact) = (&blocks[at], &facts[at]);
        let line = matches!(block.kind, Kind::Paragraph | Kind::Item | Kind::Heading);
        if verdicts[at].is_some() || !line {
            continue;
        }
        if at < prose && block.links > 0.8 && fact.words <= 12 {
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
    digits >= 4 && dates::parse(text, jiff::Timestamp::MAX, dates::Order::Unknown).is_some()
}

/// Whether two texts say the same: equal, or long and nearly equal.
fn is_same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    short > 30 && short * 10 >= long * 8 && words::likeness(one, other) > 0.85 && differ_in_spelling(one, other)
}

/// Whether two nearly equal texts differ as copies do, in an ending or a slip of the pen, and not in what they say: another
/// number, another name. Words that only one of them has are no difference of meaning; a pair that replaces another is.
fn differ_in_spelling(one: &str, other: &str) -> bool {
    let only = |one: &str, other: &str| {
        let known: std::collections::HashSet<&str> = other.split(' ').collect();
        one.split(' ').filter(|word| !known.contains(word)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (left, right) = (only(one, other), only(other, one));
    let numbered = |words: &[String]| words.iter().any(|word| word.contains(|letter: char| letter.is_numeric()));
    !numbered(&left)
        && !numbered(&right)
        && (right.is_empty() || left.iter().all(|word| right.iter().any(|like| is_spelled_like(word, like))))
}

fn is_spelled_like(one: &str, other: &str) -> bool {
    let shared = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    shared * 3 >= one.chars().count().max(other.chars().count()) * 2
}

/// Whether the shorter text is the beginning of the longer, as a teaser is, or they are the same.
fn says_again(one: &str, other: &str) -> bool {
    if is_same(one, other) {
        return true;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.split(' ').count() >= 8 && long.starts_with(short)
}

/// Of blocks that say the same, one stays: the one that stands among the prose, else the first.
fn repeats(facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let judged: Vec<usize> = (0..blocks.len())
        .filter(|at| verdicts[*at].is_none() && facts[*at].words >= 5 && blocks[*at].kind != Kind::Other)
        .take(MOST_COMPARED)
        .collect();
    let starts = Starts::of(facts, &judged);
    let mut seen = vec![false; blocks.len()];
    let mut left = MOST_LIKENED;
    let mut says_same = |one: &str, other: &str| {
        left = left.saturating_sub(one.len() + other.len());
        if left == 0 { one == other } else { says_again(one, other) }
    };
    for &at in &judged {
        if seen[at] {
            continue;
        }
        let same: Vec<usize> = starts
            .like(facts, at)
            .into_iter()
            .filter(|other| !seen[*other] && says_same(&facts[at].key, &facts[*other].key))
            .collect();
        if same.len() < 2 {
            continue;
        }
        let kept = kept_of(&same, facts, blocks, verdicts);
        for &other in &same {
            seen[other] = true;
            let short_item = blocks[other].kind == Kind::Item && facts[other].words < 8;
            if other != kept && !short_item && !blocks[other].meant {
                verdicts[other] = Some(again(&blocks[other], &facts[other]));
            }
        }
    }
}

fn again(block: &Block, fact: &Facts) -> Reason {
    if block.kind == Kind::Caption || !fact.ends { Reason::RepeatedCaption } else { Reason::RepeatedText }
}

/// Blocks by the words they begin with, so that only likely pairs are compared.
struct Starts(std::collections::HashMap<String, Vec<usize>>);

impl Starts {
    fn of(facts: &[Facts], judged: &[usize]) -> Starts {
        let mut starts = std::collections::HashMap::<String, Vec<usize>>::new();
        for &at in judged {
            starts.entry(Starts::key(&facts[at].key)).or_default().push(at);
        }
        Starts(starts)
    }

    fn key(key: &str) -> String {
        if key.chars().next().is_some_and(words::is_wordless_script) {
            return key.chars().take(4).collect();
        }
        key.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    fn like(&self, facts: &[Facts], at: usize) -> Vec<usize> {
        self.0.get(&Starts::key(&facts[at].key)).cloned().unwrap_or_default()
    }
}

/// Which of the same texts stands in its place: the first that is a finished sentence after other
/// prose has begun; a teaser or caption stands before or has no end.
fn kept_of(same: &[usize], facts: &[Facts], blocks: &[Block], verdicts: &[Option<Reason>]) -> usize {
    let first_prose = (0..blocks.len()).find(|at| {
        !same.contains(at)
            && verdicts[*at].is_none()
            && facts[*at].ends
            && facts[*at].words >= 8
            && blocks[*at].kind == Kind::Paragraph
    });
    let in_place = |at: &&usize| {
        first_prose.is_some_and(|prose| **at > prose)
            && facts[**at].ends
            && matches!(blocks[**at].kind, Kind::Paragraph | Kind::Item)
    };
    let longest = same.iter().map(|at| facts[*at].words).max().unwrap_or(0);
    let whole = |at: &&usize| facts[**at].words * 10 >= longest * 9 && blocks[**at].kind != Kind::Caption;
    same.iter()
        .find(|at| in_place(at) && whole(at))
        .or_else(|| same.iter().find(|at| whole(at) && facts[**at].ends))
        .or_else(|| same.iter().find(whole))
        .copied()
        .unwrap_or(same[0])
}

/// After a line such as "Recommended articles", what looks like headlines of others goes with it.
fn related_runs(facts: &[Facts], blocks: &[Block], verdicts: &mut [Option<Reason>]) {
    let mut at = 0;
    while at < blocks.len() {
        let opens = verdicts[at] == Some(Reason::RelatedLinks) && phrases::opens_list(&blocks[at].text);
        at += 1;
        if !opens {
            continue;
        }
        let goes_on =
            |verdict: Option<Reason>| matches!(verdict, None | Some(Reason::RepeatedCaption | Reason::RepeatedText));
        while at < blocks.len()
            && goes_on(verdicts[at])
            && !phrases::opens_notes(&blocks[at].text)
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
    let last_prose = (0..blocks.len()).rev().find(|at| {
        verdicts[*at].is_none() && facts[*at].is_prose(&blocks[*at]) && !phrases::is_appeal(&blocks[*at].text)
    });
    let Some(last) = last_prose else { return };
    let after = last + 1..blocks.len();
    let clutter = |at: usize, verdicts: &[Option<Reason>]| {
        verdicts[at].is_some_and(|reason| {
            !matches!(reason, Reason::RepeatedTitle | Reason::RepeatedCaption | Reason::RepeatedText)
        }) || phrases::is_appeal(&blocks[at].text)
    };
    let Some(mut start) = after.clone().find(|at| clutter(*at, verdicts)) else { return };
    while start > last + 1 && phrases::calls(&blocks[start - 1].text) {
        start -= 1;
    }
    let mut reason = Reason::Promotion;
    let notes = (start..blocks.len()).find(|at| phrases::opens_notes(&blocks[*at].text)).unwrap_or(blocks.len());
    for at in start..notes {
        match verdicts[at] {
            Some(own @ (Reason::RelatedLinks | Reason::Comments | Reason::Newsletter | Reason::ShareButtons)) => {
                reason = own
            }
            Some(_) => {}
            None if blocks[at].kind == Kind::Other && blocks[at].links < 0.5 => {}
            None if phrases::is_appeal(&blocks[at].text) => verdicts[at] = Some(Reason::Promotion),
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
