//! How much of a text was changed, apart from what changes by itself: counters and relative times. Pure.

use crate::ingest::text_diff::find_hunks;

/// Fewer changed words are no change of an article.
pub const MIN_CHANGED_WORDS: usize = 3;

/// Most pairs of words that are compared to find the most that texts have in common. With more, their differences are found in
/// less time, and may be a little larger.
const MAX_PAIRS: usize = 4_000_000;

/// Words that tell how long ago something was, where a number stands beside them, in the languages of most feeds.
const RELATIVE_TIMES: &[&str] = &[
    "second",
    "seconds",
    "sec",
    "secs",
    "minute",
    "minutes",
    "min",
    "mins",
    "hour",
    "hours",
    "hr",
    "hrs",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "ago",
    "sekunde",
    "sekunden",
    "minuten",
    "stunde",
    "stunden",
    "tag",
    "tage",
    "tagen",
    "woche",
    "wochen",
    "monat",
    "monate",
    "monaten",
    "jahr",
    "jahre",
    "jahren",
    "vor",
    "seconde",
    "secondes",
    "heure",
    "heures",
    "jour",
    "jours",
    "semaine",
    "semaines",
    "mois",
    "an",
    "ans",
    "il",
    "y",
    "a",
    "segundo",
    "segundos",
    "minuto",
    "minutos",
    "hora",
    "horas",
    "dia",
    "días",
    "día",
    "dias",
    "semana",
    "semanas",
    "mes",
    "meses",
    "año",
    "años",
    "ano",
    "anos",
    "hace",
    "há",
    "atrás",
    "secondi",
    "minuti",
    "ora",
    "ore",
    "giorno",
    "giorni",
    "settimana",
    "settimane",
    "mese",
    "mesi",
    "anno",
    "anni",
    "fa",
    "uur",
    "uren",
    "dag",
    "dagen",
    "weken",
    "maand",
    "maanden",
    "jaar",
    "geleden",
];

/// The same without a number.
const TIMES_WITHOUT_NUMBER: &[&str] = &["just", "now", "today", "yesterday", "heute", "gestern", "hier", "hoy", "ayer"];

/// Words that stand for the number one before such a time.
const ONE: &[&str] =
    &["a", "an", "one", "ein", "eine", "einer", "einem", "un", "une", "una", "uno", "um", "uma", "een"];

/// How many words may stand between a number and the last word of its time, as in "il y a 3 heures".
const REACH: usize = 3;

/// Returns whether readers would say that an article was changed, by its titles and texts.
#[must_use]
pub fn is_material(before: (&str, &str), after: (&str, &str)) -> bool {
    count_changed_words(before.1, after.1) >= MIN_CHANGED_WORDS
        || count_changed_words(before.0, after.0) >= MIN_CHANGED_WORDS
}

/// Returns how many words differ between two texts: those replaced, and those that only one of them has.
#[must_use]
pub fn count_changed_words(before: &str, after: &str) -> usize {
    let (before, after) = (lasting_words(before), lasting_words(after));
    let (old, new) = find_middle(&before, &after);
    let longer = old.len().max(new.len());
    let common = match old.len().saturating_mul(new.len()) {
        ..=MAX_PAIRS => count_common(old, new),
        _ => {
            old.len() - find_hunks(&as_texts(old), &as_texts(new)).into_iter().map(|hunk| hunk.old.len()).sum::<usize>()
        }
    };
    longer - common
}

fn as_texts(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// Returns what is between the common beginning and the common end of two lists.
fn find_middle<'a, T: PartialEq>(before: &'a [T], after: &'a [T]) -> (&'a [T], &'a [T]) {
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (old, new) = (&before[start..], &after[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    (&old[..old.len() - end], &new[..new.len() - end])
}

/// Returns the length of the longest common subsequence.
fn count_common(old: &[String], new: &[String]) -> usize {
    let mut row = vec![0_usize; new.len() + 1];
    for one in old {
        let mut diagonal = 0;
        for (position, other) in new.iter().enumerate() {
            let above = row[position + 1];
            row[position + 1] = if one == other { diagonal + 1 } else { above.max(row[position]) };
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Returns the words of a text in small letters, without numbers and the times around them. In scripts without spaces each
/// letter is a word.
fn lasting_words(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for run in text.split(|letter: char| !words::is_in_word(letter)).filter(|run| !run.is_empty()) {
        match run.chars().any(words::is_unspaced_script) {
            true => all.extend(run.chars().map(String::from)),
            false => all.push(run.to_lowercase()),
        }
    }
    let is_time = |position: usize| all.get(position).is_some_and(|word| RELATIVE_TIMES.contains(&word.as_str()));
    let is_number = |(position, word): (usize, &String)| {
        word.chars().any(char::is_numeric) || ONE.contains(&word.as_str()) && is_time(position + 1)
    };
    let numbers: Vec<bool> = all.iter().enumerate().map(is_number).collect();
    let is_near_number = |position: usize| {
        let range = position.saturating_sub(REACH)..(position + REACH + 1).min(numbers.len());
        numbers[range].iter().any(|is_number| *is_number)
    };
    let mut position = 0;
    all.retain(|word| {
        let is_time = RELATIVE_TIMES.contains(&&**word) && is_near_number(position);
        let lasts = !numbers[position] && !is_time && !TIMES_WITHOUT_NUMBER.contains(&&**word);
        position += 1;
        lasts
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_and_relative_times_are_no_change() {
        for (before, after, changed) in [
            ("The ferry is late.\n\nComments: 0", "The ferry is late.\n\nComments: 1,204", 0),
            ("Posted 1 hour ago by Ann", "Posted yesterday by Ann", 0),
            ("Publié il y a 3 heures", "Publié il y a 2 jours", 0),
            ("vor 59 Minuten", "vor einer Stunde", 0),
            ("59 minutes ago", "an hour ago", 0),
            ("The ferry is late", "the Ferry, is late!", 0),
            ("The ferry is late", "The train is late", 1),
            ("one two three", "one two three four five six", 3),
            ("Bird, fish and cow", "Cow", 3),
            ("渡船今天晚點", "渡船今天準時到", 3),
            ("", "", 0),
        ] {
            assert_eq!(count_changed_words(before, after), changed, "{before:?} {after:?}");
            assert_eq!(count_changed_words(after, before), changed, "{after:?} {before:?}");
        }
    }

    #[test]
    fn very_long_texts_take_little_time() {
        let text = |word: &str| (0..3_000).map(|n| format!("{word}{} ", "x".repeat(n % 7))).collect::<String>();
        assert!(count_changed_words(&text("one"), &text("two")) >= 2_900);
    }

    #[test]
    fn two_words_of_a_long_text_are_two_words() {
        let text = |first: &str, last: &str| {
            let words: String = (0..5_000).map(|n| format!("w{} ", "x".repeat(n * n % 13))).collect();
            format!("One {first} day {words} and {last} night")
        };
        assert_eq!(count_changed_words(&text("fine", "long"), &text("grey", "short")), 2);
        let letters = |first: char, last: char| format!("{first}{}{last}", "水车今天停了渡船准时到".repeat(500));
        assert_eq!(count_changed_words(&letters('前', '后'), &letters('左', '右')), 2);
    }
}
