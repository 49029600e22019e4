//! Titles that belong to no event: live tickers, recurring series and pages that are never old.

use std::sync::LazyLock;

use crate::tokens::{Kind, Token};

const TITLES: &str = include_str!("series.tsv");

/// Why an article never joins a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// A ticker tells of everything that happens.
    Ticker,
    /// Quizzes, briefings, obituaries: each is about something else.
    Recurring,
    /// Advice that is true at any time.
    Evergreen,
}

struct Phrase {
    series: Series,
    /// It must stand at the beginning.
    at_start: bool,
    words: Vec<String>,
}

/// Returns the series that an article belongs to, by its title, or since its text says that it is kept up to date.
pub(crate) fn find(written: &str, title: &[Token], text: &str) -> Option<Series> {
    let words: Vec<&str> = title.iter().map(|token| token.folded.as_str()).collect();
    let has = |phrase: &&Phrase| {
        let count = phrase.words.len();
        let is_here = |window: &[&str]| window.iter().zip(&phrase.words).all(|(word, phrase)| word == phrase);
        if phrase.at_start {
            words.len() >= count && is_here(&words[..count])
        } else {
            words.windows(count).any(is_here)
        }
    };
    let by_title = PHRASES.iter().find(has).map(|phrase| phrase.series);
    let is_live = || written.trim_start().to_lowercase().starts_with("live:") || counts_minutes(text);
    by_title
        .or_else(|| is_live().then_some(Series::Ticker))
        .or_else(|| is_list_of_tips(title).then_some(Series::Evergreen))
}

/// Returns whether a title counts things to know or to do: `Ten tips for hot days`, `7 ways to save`.
fn is_list_of_tips(title: &[Token]) -> bool {
    const COUNTED: &[&str] = &[
        "tips", "ways", "things", "reasons", "ideas", "recipes", "tipps", "gründe", "grunde", "ideen", "rezepte",
        "conseils", "astuces", "raisons", "idees", "recettes", "consejos", "trucos", "razones", "ideas", "recetas",
    ];
    const COUNTS: &[&str] = &[
        "three", "five", "six", "seven", "eight", "ten", "twelve", "drei", "funf", "sechs", "sieben", "zehn", "trois",
        "cinq", "sept", "dix", "tres", "cinco", "siete", "diez",
    ];
    let [first, second, ..] = title else { return false };
    (first.kind == Kind::Number || COUNTS.contains(&first.folded.as_str())) && COUNTED.contains(&second.folded.as_str())
}

/// Returns whether a text is a row of times with what happened then.
fn counts_minutes(text: &str) -> bool {
    const MIN_TIMES: usize = 4;
    let beginning: String = text.chars().take(1_500).collect();
    let words: Vec<&str> = beginning.split_whitespace().collect();
    let times = words.iter().filter(|word| is_time(word)).count();
    times >= MIN_TIMES && times * 25 >= words.len()
}

/// Returns whether a word is a time of day or a minute of a match: `18:05`, `18.05`, `90'`.
fn is_time(word: &str) -> bool {
    let word = word.trim_end_matches([':', ',', '.']);
    let is_minute = word.strip_suffix(['\'', '’']).is_some_and(|minute| minute.parse::<u8>().is_ok());
    let is_clock = word.split_once(':').is_some_and(|(hour, minute)| {
        minute.len() == 2
            && hour.parse::<u8>().is_ok_and(|hour| hour < 24)
            && minute.parse::<u8>().is_ok_and(|minute| minute < 60)
    });
    is_minute || is_clock
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let rows = TITLES.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .flat_map(|(kind, phrases)| phrases.split(", ").map(move |phrase| parse(kind, phrase)))
        .collect()
});

fn parse(kind: &str, phrase: &str) -> Phrase {
    let series = match kind {
        "ticker" => Series::Ticker,
        "evergreen" => Series::Evergreen,
        _ => Series::Recurring,
    };
    let (at_start, phrase) = phrase.strip_prefix('^').map_or((false, phrase), |phrase| (true, phrase));
    Phrase { series, at_start, words: words::spans(phrase).map(|(_, word)| words::fold(word)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens;

    fn series(title: &str, text: &str) -> Option<Series> {
        find(title, &tokens::read(title, 30), text)
    }

    #[test]
    fn tickers_series_and_advice_are_told_by_their_titles() {
        for (title, expected) in [
            ("Live: storm reaches the coast", Some(Series::Ticker)),
            ("Sturm im Liveticker", Some(Series::Ticker)),
            ("Le procès en direct", Some(Series::Ticker)),
            ("News quiz 212: who won by three votes?", Some(Series::Recurring)),
            ("Morning briefing: floods recede", Some(Series::Recurring)),
            ("Obituary: Arvid Munk, conductor", Some(Series::Recurring)),
            ("Nachruf auf Arvid Munk", Some(Series::Recurring)),
            ("Ten tips for hot days", Some(Series::Evergreen)),
            ("How to get the best savings rate", Some(Series::Evergreen)),
            ("What to do if you use Lockbarn", None),
            ("Concert is broadcast live from Arle", None),
            ("Quizmaster Oddny Falk dies at 80", None),
        ] {
            assert_eq!(series(title, ""), expected, "{title}");
        }
    }

    #[test]
    fn a_row_of_times_is_a_ticker_and_a_few_times_are_none() {
        let row = "18:10 Water is over the quay. 19:25 The gauge rises. 20:02 Power is off. 20:30 A record.";
        assert_eq!(series("Storm tide", row), Some(Series::Ticker));
        assert_eq!(series("Storm tide", "At 18:10 water was over the quay, and at 20:02 power was off."), None);
    }
}
