//! Key phrases of languages that do not separate words: signs in a row that come up again and again.

use foldhash::{HashMap, HashSet};

use crate::key_phrases::languages::PhraseRules;
use crate::key_phrases::{KeyPhrase, MAX_NAMES, MAX_PHRASES, MAX_WORDS};
use crate::normalize;

/// Signs of a phrase.
const MIN_SIGNS: usize = 2;
const MAX_SIGNS: usize = 6;

/// Signs of the longest word by sound or in Latin letters. Longer ones are data.
const MAX_LETTERS: usize = 80;

/// Signs of a name that mixes kinds.
const MAX_MIXED_SIGNS: usize = 10;

/// Mentions that make a phrase.
const MIN_MENTIONS: usize = 2;

/// How signs are used: those of one kind belong together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Chinese characters, each with a meaning.
    Han,
    /// Letters by sound, for words from elsewhere.
    Katakana,
    Latin,
}

struct Found {
    count: usize,
    first: usize,
}

/// Returns the phrases of a text, best first.
pub(super) fn find(rules: &PhraseRules, title: &str, text: &str) -> Vec<KeyPhrase> {
    // Two signs are about a word.
    let signs: Vec<char> = title.chars().chain(['\n']).chain(text.chars()).take(MAX_WORDS * 2).collect();
    let mut found: HashMap<&[char], Found> = HashMap::default();
    for (start, run) in runs(rules, &signs) {
        let lengths = if kind_of(rules, run[0]) == Some(Kind::Han) {
            MIN_SIGNS..=MAX_SIGNS.min(run.len())
        } else if run.len() <= MAX_LETTERS {
            run.len()..=run.len()
        } else {
            continue;
        };
        for length in lengths {
            for at in 0..=run.len() - length {
                found.entry(&run[at..at + length]).or_insert(Found { count: 0, first: start + at }).count += 1;
            }
        }
    }
    for (start, run) in mixed_runs(rules, &signs) {
        found.entry(run).or_insert(Found { count: 0, first: start }).count += 1;
    }
    let cut_out = cut_out(&found);
    let mut ranking: Vec<(&[char], f32)> = found
        .iter()
        .filter(|(signs, one)| one.count >= MIN_MENTIONS && !cut_out.contains(*signs))
        .map(|(signs, one)| (*signs, score(signs, one, title)))
        .collect();
    ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    ranking.truncate(MAX_PHRASES);
    let mut names: Vec<String> = Vec::new();
    let phrases = ranking.into_iter().map(|(signs, _)| {
        let written: String = signs.iter().collect();
        let is_new = !names.iter().any(|name| name.contains(&written) || written.contains(name.as_str()));
        let name = (is_new && names.len() < MAX_NAMES).then(|| written.clone());
        names.extend(name.clone());
        KeyPhrase { key: normalize::fold(&written), name }
    });
    phrases.collect()
}

/// Returns the phrases that only occur inside a longer one.
fn cut_out<'s>(found: &HashMap<&'s [char], Found>) -> HashSet<&'s [char]> {
    let longer = found.iter().filter(|(signs, one)| one.count >= MIN_MENTIONS && signs.len() > MIN_SIGNS);
    let parts = longer.flat_map(|(signs, one)| [(&signs[1..], one.count), (&signs[..signs.len() - 1], one.count)]);
    parts.filter(|(part, count)| found.get(part).is_some_and(|one| one.count <= *count)).map(|(part, _)| part).collect()
}

fn score(signs: &[char], one: &Found, title: &str) -> f32 {
    let small = |number: usize| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    let in_title = title.contains(&signs.iter().collect::<String>());
    let position = 1.0 + 80.0 / (80.0 + small(one.first));
    small(one.count + 1).ln() * position * small(signs.len()).sqrt() * if in_title { 1.8 } else { 1.0 }
}

/// Returns the signs of one kind in a row, and where they begin.
fn runs<'s>(rules: &PhraseRules, signs: &'s [char]) -> Vec<(usize, &'s [char])> {
    let mut start = 0;
    let mut runs = Vec::new();
    for run in signs.chunk_by(|one, next| kind_of(rules, *one) == kind_of(rules, *next)) {
        if run.len() >= MIN_SIGNS && kind_of(rules, run[0]).is_some() {
            runs.push((start, run));
        }
        start += run.len();
    }
    runs
}

/// Returns names that mix Chinese characters with letters by sound, as in 東京メトロ, and where they begin.
fn mixed_runs<'s>(rules: &PhraseRules, signs: &'s [char]) -> Vec<(usize, &'s [char])> {
    let mut start = 0;
    let mut runs = Vec::new();
    let kind = |sign: &char| kind_of(rules, *sign);
    for run in signs.chunk_by(|one, next| kind(one).is_some() == kind(next).is_some()) {
        let is_mixed = kind(&run[0]).is_some() && run.iter().any(|sign| kind(sign) != kind(&run[0]));
        if is_mixed && run.len() <= MAX_MIXED_SIGNS {
            runs.push((start, run));
        }
        start += run.len();
    }
    runs
}

/// Returns the kind of a sign. `None`: it separates phrases.
fn kind_of(rules: &PhraseRules, sign: char) -> Option<Kind> {
    match sign {
        '\u{30a1}'..='\u{30fa}' | 'ー' => Some(Kind::Katakana),
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '々' => {
            (!rules.is_function_word(sign.encode_utf8(&mut [0; 4]))).then_some(Kind::Han)
        }
        _ if sign.is_ascii_alphabetic() => Some(Kind::Latin),
        _ => None,
    }
}
