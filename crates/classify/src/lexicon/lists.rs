//! The lists of terms, by language.

use std::sync::LazyLock;

use crate::language::Language;
use crate::lexicon::Lexicon;

/// Returns the vocabulary of a language; only names for languages without a list.
pub(super) fn lexicon_of(language: &Language) -> &'static Lexicon {
    LEXICONS.iter().find(|(code, _)| *code == language.code()).map_or(&*NAMES_LEXICON, |(_, lexicon)| lexicon)
}

const NAMES_LIST: &str = include_str!("../words/any.tsv");

static NAMES_LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(Language::of(""), &[NAMES_LIST]));

macro_rules! lexicons {
    ($($code:literal)+) => {
        /// By two-letter code. Built when first asked for.
        pub(super) static LEXICONS: [(&str, LazyLock<Lexicon>); 17] = [$((
            $code,
            LazyLock::new(|| {
                let list = include_str!(concat!("../words/", $code, ".tsv"));
                Lexicon::parse(Language::of($code), &[NAMES_LIST, list])
            }),
        )),+];
    };
}

lexicons!("ar" "de" "en" "es" "fr" "ha" "hi" "ig" "it" "ja" "nl" "pl" "pt" "ru" "sw" "yo" "zh");
