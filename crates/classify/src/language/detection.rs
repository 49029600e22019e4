//! Tells the language of an article that does not say it.

use crate::normalize;

/// Short words of languages that `whatlang` does not know, folded. A text in one of them has many of these.
const SHORT_WORDS: &[(&str, &[&str])] = &[
    (
        "sw",
        &[
            "kwa", "katika", "wa", "ya", "za", "ni", "cha", "la", "hiyo", "huo", "kuwa", "baada", "pia", "watu",
            "yake", "ambao",
        ],
    ),
    (
        "ha",
        &[
            "da", "na", "ta", "ya", "ba", "kuma", "wannan", "cewa", "sun", "zai", "mai", "ne", "ce", "cikin", "domin",
            "yi",
        ],
    ),
    (
        "yo",
        &["ti", "ni", "awon", "won", "ninu", "naa", "fun", "pe", "lati", "ati", "si", "se", "ile", "ko", "fi", "je"],
    ),
    (
        "ig",
        &["na", "nke", "ndi", "bu", "ga", "ka", "ha", "ya", "onye", "maka", "n", "di", "ihe", "si", "nwere", "mgbe"],
    ),
];
/// Words at the beginning that are looked at, and characters.
const MAX_WORDS: usize = 120;
const MAX_CHARS: usize = 600;
/// Least different short words, and the least share of all words that are such words.
const MIN_DIFFERENT: usize = 4;
const MIN_SHARE: f32 = 0.12;

/// Returns the tag that is known, in lower case, else the code of the language that is detected; empty if unclear.
pub(crate) fn known_or_detected(known: Option<&str>, title: &str, text: &str) -> String {
    let known = known.filter(|tag| !tag.is_empty()).map(str::to_lowercase);
    known.unwrap_or_else(|| detect(title, text).to_owned())
}

/// Returns the code of the language, detected from the beginning of the text; empty if unclear.
fn detect(title: &str, text: &str) -> &'static str {
    if let Some(code) = detect_by_short_words(title, text) {
        return code;
    }
    let beginning: String = title.chars().chain([' ']).chain(text.chars()).take(MAX_CHARS).collect();
    whatlang::detect_lang(&beginning).map_or("", |language| language.code())
}

fn detect_by_short_words(title: &str, text: &str) -> Option<&'static str> {
    let spans = normalize::word_spans(title).chain(normalize::word_spans(text));
    let words: Vec<String> = spans.take(MAX_WORDS).map(|(_, word)| normalize::fold(word)).collect();
    let count = |list: &[&str]| words.iter().filter(|word| list.contains(&word.as_str())).count();
    let (code, list) = SHORT_WORDS.iter().max_by_key(|(_, list)| count(list))?;
    let different = list.iter().filter(|short| words.iter().any(|word| word == *short)).count();
    #[expect(clippy::cast_precision_loss, reason = "at most MAX_WORDS")]
    let share = count(list) as f32 / words.len().max(1) as f32;
    (different >= MIN_DIFFERENT && share >= MIN_SHARE).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_by_their_short_words() {
        for (code, text) in [
            (
                "sw",
                "Waziri alisema baada ya mkutano kuwa wananchi wa kijiji hicho pia watapata maji safi katika mwaka ujao kwa msaada wa serikali.",
            ),
            (
                "ha",
                "Gwamnan ya ce za a gina sabuwar makaranta a cikin garin, kuma an fara aikin domin yara da iyaye su ji dadi, ya yi godiya.",
            ),
            (
                "yo",
                "Àwọn ará ìlú ní kí ìjọba ṣe ọ̀nà náà fún wọn láti lè lọ sí ọjà, ó sì jẹ́ ohun tí wọ́n ti ń fẹ́ pé kó ṣẹlẹ̀.",
            ),
            (
                "ig",
                "Ndị obodo ahụ kwuru na ọ bụ ihe dị mma ka e mee ụzọ ọhụrụ maka ndị ahịa, nke ga-enyere ha aka mgbe mmiri na-ezo.",
            ),
            ("eng", "The people of the village said that a new road would be good for traders when it rains."),
            ("pol", "Mieszkańcy wsi mówią, że nowa droga jest potrzebna, a na razie jeżdżą za rzekę do sąsiadów."),
            (
                "ita",
                "Gli abitanti del paese dicono che la strada nuova è utile e che da anni la chiedono al comune di zona.",
            ),
            (
                "por",
                "Os moradores da vila dizem que a estrada nova é útil na época das chuvas e que se espera por ela há anos.",
            ),
            ("", ""),
        ] {
            assert_eq!(detect("", text), code, "{text}");
        }
    }
}
