//! Names of months in the languages of feeds whose programs translate dates.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Made from CLDR by `scripts/month-names`: a calendar, a month and its names in each line.
static CLDR: &str = include_str!("../../../extract/src/metadata/dates/month_names.txt");

/// What CLDR does not have: names that two languages share, as the greater one means them, and names as programs shorten
/// them or write them without accents.
const TYPED: &[(&str, i8)] = &[
    ("lip", 7),
    ("srp", 8),
    ("mrz", 3),
    ("marz", 3),
    ("maerz", 3),
    ("fevrier", 2),
    ("aou", 8),
    ("aout", 8),
    ("decembre", 12),
];

/// Words that are also days of the week, in languages that more people write.
const DAYS: &[&str] = &["sat", "sam", "fre"];

static MONTHS: LazyLock<HashMap<&str, i8>> = LazyLock::new(|| {
    let lines = CLDR.lines().filter_map(|line| line.strip_prefix("gregorian ")?.split_once(": "));
    let lines = lines.filter_map(|(month, names)| Some((month.parse::<i8>().ok()?, names)));
    let names = lines.flat_map(|(month, names)| names.split(", ").map(move |name| (name.trim_end_matches('.'), month)));
    let names = names.filter(|(name, _)| name.chars().count() >= 3 && !DAYS.contains(name));
    names.chain(TYPED.iter().copied()).collect()
});

/// Returns the number of a month by its whole name, which may be a short one.
pub(super) fn number_of(word: &str) -> Option<i8> {
    MONTHS.get(word.to_lowercase().trim_end_matches('.')).copied()
}
