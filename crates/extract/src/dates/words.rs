//! Dates in words and in numbers, anywhere in a short text.

use jiff::civil::Date;

use super::Order;

/// Month names, by the letters they begin with; longer beginnings first where one contains another.
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1),
    ("ene", 1),
    ("gen", 1),
    ("янв", 1),
    ("sty", 1),
    ("oca", 1),
    ("feb", 2),
    ("fev", 2),
    ("fév", 2),
    ("фев", 2),
    ("lut", 2),
    ("şub", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrt", 3),
    ("maa", 3),
    ("мар", 3),
    ("apr", 4),
    ("abr", 4),
    ("avr", 4),
    ("апр", 4),
    ("kwi", 4),
    ("nis", 4),
    ("may", 5),
    ("mai", 5),
    ("maj", 5),
    ("mag", 5),
    ("mei", 5),
    ("мая", 5),
    ("май", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("июн", 6),
    ("cze", 6),
    ("haz", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("июл", 7),
    ("lip", 7),
    ("tem", 7),
    ("aug", 8),
    ("ago", 8),
    ("aoû", 8),
    ("aou", 8),
    ("авг", 8),
    ("sie", 8),
    ("ağu", 8),
    ("sep", 9),
    ("set", 9),
    ("сен", 9),
    ("wrz", 9),
    ("eyl", 9),
    ("oct", 10),
    ("okt", 10),
    ("out", 10),
    ("ott", 10),
    ("окт", 10),
    ("paź", 10),
    ("eki", 10),
    ("nov", 11),
    ("ноя", 11),
    ("lis", 11),
    ("kas", 11),
    ("dec", 12),
    ("dez", 12),
    ("dic", 12),
    ("déc", 12),
    ("дек", 12),
    ("gru", 12),
    ("ara", 12),
];

/// The month that a word in small letters names.
pub(super) fn month(word: &str) -> Option<i8> {
    MONTHS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, month)| *month)
}

/// The first date in a text of small letters.
pub(super) fn date(lower: &str, order: Order) -> Option<Date> {
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    with_month_name(&words).or_else(|| east_asian(lower)).or_else(|| numbers(&words, lower, order))
}

fn year(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse::<i16>().ok()).flatten().filter(|year| (1980..2200).contains(year))
}

fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic());
    let ending = &word[digits.len()..];
    let known = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª");
    digits.parse().ok().filter(|day| known && (1..=31).contains(day))
}

fn with_month_name(words: &[&str]) -> Option<Date> {
    for (at, word) in words.iter().enumerate() {
        let Some(month) = (!word.starts_with(|letter: char| letter.is_ascii_digit())).then(|| month(word)).flatten()
        else {
            continue;
        };
        let skip = |word: &&&str| !matches!(**word, "de" | "del" | "of" | "the");
        let before = words[..at].iter().rev().find(skip).and_then(|word| day(word));
        let mut following = words[at + 1..].iter().filter(skip);
        let next = following.next();
        let date = match before {
            Some(day) => next.and_then(|word| year(word)).and_then(|year| Date::new(year, month, day).ok()),
            None => None,
        };
        let other = || {
            let day = next.and_then(|word| day(word))?;
            Date::new(year(following.next()?)?, month, day).ok()
        };
        if let Some(date) = date.or_else(other) {
            return Some(date);
        }
    }
    None
}

/// `2024年5月6日` and `2024년 5월 6일`.
fn east_asian(text: &str) -> Option<Date> {
    let numbers: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let marked = ["年", "년"].iter().any(|mark| text.contains(mark));
    let at = numbers.iter().position(|number| year(number).is_some()).filter(|_| marked)?;
    let part = |ahead: usize| numbers.get(at + ahead).and_then(|number| number.parse::<i8>().ok());
    Date::new(year(numbers[at])?, part(1)?, part(2)?).ok()
}

/// `06.05.2024`, `6/5/2024`, `2024.05.06`, `06.05.24`: day first where that is the custom of the mark (`.`), and with `/`
/// as the page's language has it; where nothing says so, only when the other order is impossible.
fn numbers(words: &[&str], text: &str, order: Order) -> Option<Date> {
    let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let three =
        words.windows(3).find(|three| three.iter().all(plain) && (year(three[0]).is_some() || late(three, text)))?;
    let number = |at: usize| three[at].parse::<i8>().ok();
    if let Some(year) = year(three[0]) {
        return Date::new(year, number(1)?, number(2)?).ok();
    }
    let (first, second) = (number(0)?, number(1)?);
    let year = match year(three[2]) {
        Some(year) => year,
        None => i16::from(number(2)?) + if number(2)? > 80 { 1900 } else { 2000 },
    };
    let dotted =
        text.contains(&format!("{}.{}.", three[0], three[1])) || text.contains(&format!("{}-{}-", three[0], three[1]));
    let day_first = dotted || first > 12 || (order == Order::DayFirst && second <= 12);
    match (day_first, second > 12 || order == Order::MonthFirst) {
        (true, _) if second <= 12 => Date::new(year, second, first).ok(),
        (false, true) => Date::new(year, first, second).ok(),
        _ => (first == second).then(|| Date::new(year, first, second).ok()).flatten(),
    }
}

/// Whether the year stands last: with four digits, or with two after two points.
fn late(three: &[&str], text: &str) -> bool {
    let short = || {
        let written = format!("{}.{}.{}", three[0], three[1], three[2]);
        let alone = |at: usize| !text[at + written.len()..].starts_with(['.', ':']);
        three[1].len() == 2 && three[2].len() == 2 && text.find(&written).is_some_and(alone)
    };
    year(three[2]).is_some() || short()
}
