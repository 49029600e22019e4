//! Rows that count readers and minutes: "1.2K shares", "12 likes · 4 comments", "5 min read", "Lesezeit: 4 Minuten".
//!
//! `counted_things.txt` lists what is counted, in several languages; `reading_times.txt` how the time to read a text is
//! told: `#` stands for minutes, and lines in scripts without spaces leave the numbers out.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::{BlockKind, TextBlock};
use crate::metadata::dates;
use crate::page::Reason;

static COUNTED: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("counted_things.txt").lines().collect());
static READING_TIMES: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("reading_times.txt").lines().collect());
/// The longest row.
const MAX_BYTES: usize = 120;
/// Those that also stand beside a number in lists of other things.
const VAGUE: &[&str] =
    &["view", "like", "comment", "share", "pins", "downloads", "vues", "visitas", "vistas", "reactions"];
/// Names and labels of buttons beside counts.
const BUTTONS: &[&str] = &[
    "tweet",
    "pin",
    "email",
    "print",
    "facebook",
    "twitter",
    "whatsapp",
    "linkedin",
    "reddit",
    "pinterest",
    "telegram",
    "share",
    "total",
    "fb",
    "x",
];
/// Words for minutes and seconds, and what joins them.
const UNITS: &[&str] = &[
    "min",
    "mins",
    "minute",
    "minutes",
    "minuten",
    "minuto",
    "minutos",
    "minuti",
    "minuut",
    "minuter",
    "minutter",
    "minuta",
    "minuty",
    "minut",
    "minuut",
    "minuuttia",
    "perc",
    "мин",
    "минут",
    "минуты",
    "минута",
    "хв",
    "хвилин",
    "хвилини",
    "dk",
    "dakika",
    "λεπτά",
    "menit",
    "phút",
    "sec",
    "secs",
    "second",
    "seconds",
    "sekunden",
    "secondes",
    "segundos",
    "secondi",
    "sekund",
    "сек",
    "m",
    "s",
    "and",
    "und",
    "et",
    "y",
    "e",
];
/// Signs before counts.
const SIGNS: &[char] = &['👏', '💬', '❤', '♥', '♡', '👍', '👎', '🔁', '👁', '🗨', '💙', '🔄', '⟳', '🤍', '👀', '🗣'];

/// Most rows of one article. A list of articles has one for each.
const MAX_ROWS: usize = 3;

/// Most words of a line that gives a value.
const MAX_VALUE_WORDS: usize = 10;

/// Marks rows of counts, unless they stand among values of something else: "Pins: 40" between "Width: 3 mm" and others.
pub(super) fn mark(blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let is_line = |index: usize| matches!(blocks[index].kind, BlockKind::Paragraph | BlockKind::Item);
    let mut rows = vec![None; blocks.len()];
    for index in (0..blocks.len()).filter(|index| reasons[*index].is_none() && is_line(*index)) {
        rows[index] = row_reason(&blocks[index].text);
    }
    if rows.iter().flatten().count() > MAX_ROWS {
        return;
    }
    let is_other = |index: usize| rows[index].is_none() && reasons[index].is_none();
    let is_item = |index: usize| blocks[index].kind == BlockKind::Item;
    let is_in_list = |index: usize| {
        let list =
            (0..index).rev().take_while(|it| is_item(*it)).chain((index..blocks.len()).take_while(|it| is_item(*it)));
        is_item(index) && list.into_iter().any(|it| is_other(it) && !is_button(&blocks[it].text))
    };
    let is_in_values = |index: usize| {
        let mut beside =
            [index.checked_sub(1), Some(index + 1).filter(|next| *next < blocks.len())].into_iter().flatten();
        gives_value(&blocks[index].text) && beside.any(|it| is_other(it) && gives_value(&blocks[it].text))
    };
    let is_value =
        |index: usize| rows[index] == Some(Reason::ShareButtons) && (is_in_list(index) || is_in_values(index));
    let found: Vec<usize> = (0..blocks.len()).filter(|index| rows[*index].is_some() && !is_value(*index)).collect();
    found.into_iter().for_each(|index| reasons[index] = rows[index]);
}

/// Returns whether a short line is a label with its value.
fn gives_value(text: &str) -> bool {
    text.split_once(':').is_some_and(|(label, value)| !label.trim().is_empty() && !value.trim().is_empty())
        && text.split_whitespace().take(MAX_VALUE_WORDS + 1).count() <= MAX_VALUE_WORDS
        && !text.trim_end().ends_with(['.', '!', '?', '…'])
}

fn is_button(text: &str) -> bool {
    BUTTONS.contains(&text.trim().to_lowercase().as_str())
}

/// Returns the reason to remove a line that counts readers or minutes and says nothing else but a date.
fn row_reason(text: &str) -> Option<Reason> {
    if text.len() > MAX_BYTES || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if is_unspaced(text) || is_signed(text) {
        return Some(Reason::Details);
    }
    let parts: Vec<&str> = text.split(['·', '•', '|', '●', '∙']).filter(|part| !part.trim().is_empty()).collect();
    let kinds: Vec<Option<Reason>> = parts.iter().map(|part| part_reason(part)).collect();
    let found = kinds.iter().flatten().next().copied()?;
    // Beside them may stand a day and a few words: where it was posted, and by whom.
    let count = kinds.iter().flatten().count();
    let others = parts.iter().zip(&kinds).filter(|(part, kind)| kind.is_none() && !is_day(part)).count();
    (others == 0 || count >= 2 && others == 1).then_some(found)
}

/// Returns the reason to remove a part of a row.
fn part_reason(part: &str) -> Option<Reason> {
    let words = words_of(part);
    if tells_reading_time(&words) {
        return Some(Reason::Details);
    }
    counts_readers(&words).then_some(Reason::ShareButtons)
}

fn words_of(part: &str) -> Vec<String> {
    part.split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Returns whether a line tells how long a text takes to read, and nothing else.
pub(super) fn is_reading_time(text: &str) -> bool {
    text.len() <= MAX_BYTES
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && (is_unspaced(text) || tells_reading_time(&words_of(text)))
}

/// Returns whether words tell how long a text takes to read.
fn tells_reading_time(words: &[String]) -> bool {
    let mut expression = String::new();
    let (mut has_number, mut has_unit) = (false, false);
    for word in words {
        // "5min", "3-minute"
        let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic()).trim_end_matches('-');
        let unit = word[digits.len()..].trim_start_matches('-');
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if is_number && (unit.is_empty() || UNITS.contains(&unit)) {
            if !has_number {
                expression.push_str(" #");
            }
            has_number = true;
            has_unit |= !unit.is_empty();
        } else if has_number && UNITS.contains(&word.as_str()) {
            has_unit = true;
        } else {
            expression.push(' ');
            expression.push_str(word);
        }
    }
    has_number && has_unit && READING_TIMES.contains(expression.trim_start())
}

/// Returns whether words are numbers, what they count, and buttons.
fn counts_readers(words: &[String]) -> bool {
    let (mut numbers, mut counted, mut certain, mut buttons) = (0, 0, 0, 0);
    // "1. Facebook" is the first of several things.
    if words.first().is_some_and(|first| is_count(first)) && words.iter().skip(1).all(|word| BUTTONS.contains(&&**word))
    {
        return words.iter().skip(1).any(|word| word == "share");
    }
    for word in words {
        let word = word.as_str();
        if is_count(word) {
            numbers += 1;
        } else if COUNTED.contains(word) && !BUTTONS.contains(&word) {
            counted += 1;
            certain += usize::from(!VAGUE.contains(&word));
        } else if BUTTONS.contains(&word) {
            buttons += 1;
        } else {
            return false;
        }
    }
    let all = words.len();
    numbers > 0 && numbers <= counted + buttons && (certain > 0 || counted + buttons > 1 || all == 2 && buttons == 1)
}

/// Returns whether a word is a number as counters write it: `345`, `2,341`, `1.2k`.
fn is_count(word: &str) -> bool {
    let digits = word.trim_end_matches(['k', 'm', 'b', 'w', '+']);
    digits.starts_with(|letter: char| letter.is_ascii_digit())
        && word.len() - digits.len() <= 2
        && digits.len() <= 12
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Returns whether a part of a row is a day, with few words beside it.
fn is_day(part: &str) -> bool {
    dates::count_digits(part) >= 3
        && part.split_whitespace().count() <= 8
        && dates::parse(part, jiff::Timestamp::MAX, dates::DayMonthOrder::DayFirst).is_some()
}

fn is_unspaced(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let letters: String = text.chars().filter(|letter| letter.is_alphabetic()).collect();
    READING_TIMES.contains(letters.as_str())
}

/// Returns whether a line is nothing but signs of approval with their numbers.
fn is_signed(text: &str) -> bool {
    text.contains(SIGNS) && !text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_list_of_articles_stay() {
        let removed = |text: &str, count: usize| {
            let blocks = vec![TextBlock::new(text.to_owned(), BlockKind::Paragraph, 0.0); count];
            let blocks: Vec<TextBlock> =
                blocks.into_iter().map(|block| TextBlock { is_deliberate_repeat: true, ..block }).collect();
            super::super::find_removal_reasons("", "", &blocks).iter().flatten().count()
        };
        for text in ["5 min read", "Lesezeit: 4 Minuten", "12 likes · 4 comments"] {
            assert_eq!([1, 3, 9].map(|count| removed(text, count)), [1, 3, 0], "{text}");
        }
    }

    #[test]
    fn statistics_and_specifications_stay() {
        let removed = |kind: BlockKind, texts: &[&str]| {
            let blocks: Vec<TextBlock> =
                texts.iter().map(|text| TextBlock::new((*text).to_owned(), kind, 0.0)).collect();
            let mut reasons = vec![None; blocks.len()];
            mark(&blocks, &mut reasons);
            reasons.iter().map(Option::is_some).collect::<Vec<_>>()
        };
        for texts in [
            ["Pins: 40", "Width: 20 mm", "Voltage: 5 V"],
            ["Price: 12 francs", "Shares: 1,200", "Dividend: 3 francs"],
            ["Tables: 12", "Triggers: 3", "Views: 9"],
        ] {
            assert_eq!(removed(BlockKind::Paragraph, &texts), [false; 3], "{texts:?}");
            assert_eq!(removed(BlockKind::Item, &texts), [false; 3], "{texts:?}");
        }
        let prose = "The board is small and slow, and has run in the boathouse since the storm of last January.";
        let below = [prose, "40 pins", "Width: 20 mm", "Views: 512", "Weight: 3 g"]
            .map(|text| TextBlock::new(text.to_owned(), BlockKind::Paragraph, 0.0));
        assert_eq!(super::super::find_removal_reasons("", "", &below), [None; 5], "numbers begin no clutter");
        assert_eq!(removed(BlockKind::Item, &["40 pins and a key", "2,000 downloads", "900 likes"]), [false; 3]);
        assert_eq!(removed(BlockKind::Paragraph, &["Pins: 40"]), [false]);
        assert_eq!(removed(BlockKind::Item, &["12 shares", "Facebook", "3 comments"]), [true, false, true]);
        assert_eq!(removed(BlockKind::Paragraph, &["It rained: all week long.", "Views: 512"]), [false, true]);
    }

    #[test]
    fn counts_of_readers_and_minutes_are_no_text() {
        for text in [
            "1.4K shares",
            "23 Shares · 4 Comments",
            "812 SHARES 3.1k VIEWS",
            "Share 12",
            "Tweet 3 Pin 1",
            "Shares: 34",
            "2,048 views",
            "👏 345 💬 12",
            "2 Likes ∙ 1 Restack",
            "May 6, 2024 · 7 min read",
            "Filed in Rivers | 7 minute read | 512 views",
            "Estimated reading time: 3 minutes, 20 seconds",
            "Reading Time: 2 mins read",
            "5-minute read",
            "Lästid: 3 min",
            "Temps de lecture estimé : 4 minutes",
            "Geschätzte Lesezeit: 6 Minuten",
            "阅读时间：5分钟",
            "この記事は3分で読めます",
        ] {
            assert!(row_reason(text).is_some(), "{text}");
        }
        for text in [
            "3 minutes",
            "Reading: 10 minutes",
            "Lecture: 45 minutes",
            "Cooking time: 20 minutes",
            "12 views of the river",
            "1 like",
            "4 shares of the mill were sold in 1920",
            "1920 | 4 rooms | 12 beds",
            "Shares fell by 12 percent",
            "🌊 12",
            "1. Facebook",
        ] {
            assert_eq!(row_reason(text), None, "{text}");
        }
    }
}
