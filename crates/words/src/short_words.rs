//! Languages that are told by their short words.

use crate::{fold, spans};

/// Short words of languages that detectors by groups of letters mostly do not know, folded. A text in one of them has many of these.
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
/// Words at the beginning that are looked at.
const MAX_WORDS: usize = 120;
/// Least different short words, and the least share of all words that are such words.
const MIN_DIFFERENT: usize = 4;
const MIN_SHARE: f32 = 0.12;
/// No short word is longer, in bytes.
const MAX_BYTES: usize = 20;

/// Returns the code of the language of a text, if it is one of these: Swahili, Hausa, Yoruba, Igbo.
#[must_use]
pub fn detect_language(text: &str) -> Option<&'static str> {
    let short = |word: &str| if word.len() <= MAX_BYTES { fold(word) } else { String::new() };
    let words: Vec<String> = spans(text).take(MAX_WORDS).map(|(_, word)| short(word)).collect();
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
            ("", "The people of the village said that a new road would be good for traders when it rains."),
            ("", "Mieszkańcy wsi mówią, że nowa droga jest potrzebna, a na razie jeżdżą za rzekę do sąsiadów."),
            (
                "",
                "Gli abitanti del paese dicono che la strada nuova è utile e che da anni la chiedono al comune di zona.",
            ),
            (
                "",
                "Os moradores da vila dizem que a estrada nova é útil na época das chuvas e que se espera por ela há anos.",
            ),
            ("", ""),
        ] {
            assert_eq!(detect_language(text).unwrap_or_default(), code, "{text}");
        }
    }
}
