//! The languages that have a vocabulary.

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use crate::lexicon::Lexicon;

/// Returns the vocabulary for a language code such as `en` or `pt-BR`; only names for other languages.
pub(super) fn lexicon_for(language: &str) -> &'static Lexicon {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    let known = LANGUAGES.iter().find(|(codes, _)| codes.contains(&primary));
    known.map_or(&*NAMES_LEXICON, |(_, lexicon)| lexicon)
}

/// Returns the two-letter code of a language tag such as `en-GB` or `deu`, if the language has a vocabulary or the tag has
/// such a code.
pub(crate) fn two_letter_code(tag: &str) -> Option<&str> {
    let primary = tag.split(['-', '_']).next().filter(|primary| !primary.is_empty())?;
    let known = LANGUAGES.iter().find(|(codes, _)| codes.contains(&primary));
    known.map(|(codes, _)| codes[0]).or_else(|| (primary.len() == 2).then_some(primary))
}

const NAMES_LIST: &str = include_str!("../words/any.tsv");

static NAMES_LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(&[NAMES_LIST], None, false));

/// Two-letter and three-letter codes of a language.
type LanguageCodes = &'static [&'static str];

macro_rules! language {
    ($codes:expr, $file:literal, $algorithm:expr) => {
        (
            $codes,
            LazyLock::new(|| {
                let list = include_str!(concat!("../words/", $file, ".tsv"));
                Lexicon::parse(&[NAMES_LIST, list], Some(Stemmer::new($algorithm)), false)
            }),
        )
    };
    ($codes:expr, $file:literal, unspaced: $unspaced:literal) => {
        (
            $codes,
            LazyLock::new(|| {
                let list = include_str!(concat!("../words/", $file, ".tsv"));
                Lexicon::parse(&[NAMES_LIST, list], None, $unspaced)
            }),
        )
    };
}

/// The vocabularies, with a stemmer where Snowball has one.
pub(super) static LANGUAGES: [(LanguageCodes, LazyLock<Lexicon>); 17] = [
    language!(&["en", "eng", "pcm"], "en", Algorithm::English),
    language!(&["de", "deu", "ger"], "de", Algorithm::German),
    language!(&["fr", "fra", "fre"], "fr", Algorithm::French),
    language!(&["es", "spa"], "es", Algorithm::Spanish),
    language!(&["pt", "por"], "pt", Algorithm::Portuguese),
    language!(&["it", "ita"], "it", Algorithm::Italian),
    language!(&["nl", "nld", "dut"], "nl", Algorithm::Dutch),
    language!(&["pl", "pol"], "pl", Algorithm::Polish),
    language!(&["ru", "rus"], "ru", Algorithm::Russian),
    language!(&["ar", "ara", "arb"], "ar", Algorithm::Arabic),
    language!(&["hi", "hin"], "hi", Algorithm::Hindi),
    language!(&["sw", "swa", "swh"], "sw", unspaced: false),
    language!(&["ha", "hau"], "ha", unspaced: false),
    language!(&["yo", "yor"], "yo", unspaced: false),
    language!(&["ig", "ibo"], "ig", unspaced: false),
    language!(&["zh", "cmn", "chi", "zho"], "zh", unspaced: true),
    language!(&["ja", "jpn"], "ja", unspaced: true),
];
