//! The names of months in all languages that CLDR covers well, in the calendars in which people write dates.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use super::calendars::{Calendar, Month};
use super::scripts;

/// Made by `scripts/month-names`.
static CLDR: LazyLock<String> = LazyLock::new(|| scripts::unify(include_str!("month_names.txt")).into_owned());

/// Names as people type them without accents, which CLDR does not list, and words of English dates.
const TYPED: &str = "gregorian 2: feber, fevrier\ngregorian 3: marz, maerz\ngregorian 8: aout\n\
                     words: the, of, st, nd, rd, th, er, º, ª, พศ, คศ, م, ه";

/// The name of a month.
pub(super) struct MonthName {
    pub(super) calendar: Calendar,
    pub(super) month: Month,
    /// Its words.
    words: Vec<&'static str>,
}

impl MonthName {
    /// Returns whether it is in Thai.
    pub(super) fn is_thai(&self) -> bool {
        self.words[0].starts_with(|letter| matches!(letter, '\u{0E01}'..='\u{0E5B}'))
    }
}

struct Names {
    /// Names by their first word, those with more words first.
    months: HashMap<&'static str, Vec<MonthName>>,
    /// Words that stand in dates beside the month.
    fillers: HashSet<&'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { months: HashMap::default(), fillers: HashSet::default() };
    for line in CLDR.lines().chain(TYPED.lines()).filter(|line| !line.starts_with('#')) {
        let Some((key, list)) = line.split_once(": ") else { continue };
        let list = list.split(", ").map(|name| words(name).collect::<Vec<_>>());
        let Some((calendar, month)) = key.split_once(' ') else {
            names.fillers.extend(list.flatten());
            continue;
        };
        let calendar = Calendar::parse(calendar).expect("the list holds calendars");
        let month = Month::parse(month).expect("the list holds months");
        for words in list {
            names.months.entry(words[0]).or_default().push(MonthName { calendar, month, words });
        }
    }
    for alike in names.months.values_mut() {
        alike.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
    }
    names
});

/// Splits a text into words and numbers.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && !scripts::is_combining_mark(letter))
        .filter(|word| !word.is_empty())
}

/// Returns whether a lower-case word stands in dates and says nothing.
pub(super) fn is_filler(word: &str) -> bool {
    NAMES.fillers.contains(word)
}

/// Returns whether a lower-case word is the whole name of a month of our calendar.
pub(super) fn is_month(word: &str) -> bool {
    let word = scripts::unify(word);
    let names = NAMES.months.get(word.trim_end_matches('.')).into_iter().flatten();
    word.chars().count() >= 3 && names.clone().any(|name| name.words.len() == 1 && name.calendar == Calendar::Gregorian)
}

/// Returns the months whose names the words begin with, and how many words each takes. A second name of the same month
/// belongs to the first: "آذار/مارس".
pub(super) fn months_at<'w>(words: &'w [&'w str]) -> impl Iterator<Item = (&'static MonthName, usize)> + 'w {
    names_at(words).map(move |name| {
        let end = name.words.len();
        let again = names_at(&words[end..]).find(|other| (other.calendar, other.month) == (name.calendar, name.month));
        (name, end + again.map_or(0, |other| other.words.len()))
    })
}

fn names_at<'w>(words: &'w [&'w str]) -> impl Iterator<Item = &'static MonthName> + 'w {
    let alike = words.first().and_then(|first| NAMES.months.get(*first)).into_iter().flatten();
    alike.filter(move |name| words.starts_with(&name.words))
}
