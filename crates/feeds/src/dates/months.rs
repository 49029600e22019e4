//! Names of months in the languages of feeds whose programs translate dates.

/// For each month the beginnings of its names, in lower case.
const MONTHS: [&[&str]; 12] = [
    &["jan", "janv", "jän", "ene", "gen", "sty", "янв", "led", "oca", "tam", "jaan"],
    &["feb", "fév", "fev", "febr", "lut", "фев", "úno", "şub", "hel"],
    &["mar", "mär", "maa", "mrt", "mrz", "мар", "bře", "márc"],
    &["apr", "avr", "abr", "ápr", "kwi", "апр", "dub", "nis", "huh"],
    &["may", "mai", "mei", "mag", "maj", "máj", "май", "мая", "kvě", "tou"],
    &["jun", "juin", "giu", "cze", "июн", "čer", "haz", "kes", "jún"],
    &["jul", "juil", "lug", "lip", "июл", "čvc", "tem", "hei", "júl"],
    &["aug", "aoû", "aou", "ago", "sie", "авг", "srp", "ağu", "elo"],
    &["sep", "set", "wrz", "сен", "zář", "eyl", "syy", "szept"],
    &["oct", "okt", "out", "ott", "paź", "окт", "říj", "eki", "lok"],
    &["nov", "lis", "ноя", "kas"],
    &["dec", "déc", "dez", "dic", "des", "gru", "дек", "pro", "ara", "jou"],
];

/// Words that begin like a month and are none: days of the week.
const NO_MONTHS: &[&str] = &["mardi", "marți", "martes", "martedì", "maandag", "lunes"];

/// Returns the number of a month by its name or the beginning of it.
pub(super) fn number_of(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let word = word.trim_end_matches('.');
    if word.chars().count() < 3 || NO_MONTHS.contains(&word) {
        return None;
    }
    let found = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    i8::try_from(found + 1).ok()
}
