//! The languages that are known: their codes, how their words are told apart, and their stems.

mod detection;

use frostem::{Algorithm, Stemmer};

pub(crate) use detection::known_or_detected;

use crate::normalize;

/// A language.
pub(crate) struct Language {
    /// Its two-letter code first, then others by which it is known.
    codes: &'static [&'static str],
    writing: Writing,
}

/// How the words of a language are told apart and recognized.
enum Writing {
    /// With spaces; words have stems.
    Stemmed {
        algorithm: Algorithm,
        /// Most letters of an ending that only inflects a word.
        max_ending_letters: usize,
    },
    /// With spaces, as it is.
    Spaced,
    /// Without spaces.
    Unspaced,
}

/// Stems of longer words are not looked for.
const MAX_STEMMED_BYTES: usize = 60;

/// The article of Arabic, alone and after the particles that are written together with it. The stemmer takes off only some
/// of them, and from a word without them what only looks like one.
const ARABIC_ARTICLES: &[&str] = &["وال", "بال", "فال", "كال", "لل", "ال"];
/// Letters of a word without its article, at least.
const MIN_LETTERS_AFTER_ARTICLE: usize = 3;

impl Language {
    /// Returns the language of a tag such as `en`, `eng` or `pt-BR`; for a language that is not known one that takes words as
    /// they are.
    pub(crate) fn of(tag: &str) -> &'static Self {
        let primary = primary_subtag(tag);
        LANGUAGES.iter().find(|language| language.codes.contains(&primary)).unwrap_or(&OTHER)
    }

    /// Returns its two-letter code; empty if it is not known.
    pub(crate) fn code(&self) -> &'static str {
        self.codes.first().copied().unwrap_or_default()
    }

    /// Returns whether its words are not separated.
    pub(crate) const fn is_unspaced(&self) -> bool {
        matches!(self.writing, Writing::Unspaced)
    }

    /// Returns whether words are known by their stems.
    pub(crate) const fn has_stems(&self) -> bool {
        matches!(self.writing, Writing::Stemmed { .. })
    }

    /// Returns the folded stem of a word; the folded word in a language without stems.
    pub(crate) fn stem(&self, word: &str) -> String {
        match self.writing {
            Writing::Stemmed { algorithm, .. } if word.len() <= MAX_STEMMED_BYTES => {
                normalize::fold(&Stemmer::new(algorithm).stem(self.without_article(&word.to_lowercase())))
            }
            _ => normalize::fold(word),
        }
    }

    /// Returns whether two folded words with the same stem are forms of one word, and not only of one origin, as wellness and
    /// well.
    pub(crate) fn are_forms_of_one_word(&self, a: &str, b: &str) -> bool {
        let Writing::Stemmed { max_ending_letters, .. } = self.writing else { return a == b };
        count_letters_after_same(self.without_article(a), self.without_article(b)) <= max_ending_letters
    }

    /// Takes off the article that is written together with a word.
    fn without_article<'a>(&self, word: &'a str) -> &'a str {
        if !matches!(self.writing, Writing::Stemmed { algorithm: Algorithm::Arabic, .. }) {
            return word;
        }
        let rest = ARABIC_ARTICLES.iter().find_map(|article| word.strip_prefix(article));
        rest.filter(|rest| rest.chars().count() >= MIN_LETTERS_AFTER_ARTICLE).unwrap_or(word)
    }
}

/// Returns the two-letter code of a language tag such as `en-GB` or `deu`, if the language is known or the tag has such a code.
pub(crate) fn two_letter_code(tag: &str) -> Option<&str> {
    let (known, primary) = (Language::of(tag).code(), primary_subtag(tag));
    Some(if known.is_empty() { primary } else { known }).filter(|code| code.len() == 2)
}

fn primary_subtag(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// Counts the letters after what two words begin with alike.
fn count_letters_after_same(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    a.chars().count().max(b.chars().count()) - same
}

/// A language whose words are inflected by endings.
const fn inflected(codes: &'static [&'static str], algorithm: Algorithm) -> Language {
    Language { codes, writing: Writing::Stemmed { algorithm, max_ending_letters: 4 } }
}

static LANGUAGES: [Language; 17] = [
    // With three letters more, an English word is often another: find and finding, box and boxing.
    Language {
        codes: &["en", "eng", "pcm"],
        writing: Writing::Stemmed { algorithm: Algorithm::English, max_ending_letters: 2 },
    },
    inflected(&["de", "deu", "ger"], Algorithm::German),
    inflected(&["fr", "fra", "fre"], Algorithm::French),
    inflected(&["es", "spa"], Algorithm::Spanish),
    inflected(&["pt", "por"], Algorithm::Portuguese),
    inflected(&["it", "ita"], Algorithm::Italian),
    inflected(&["nl", "nld", "dut"], Algorithm::Dutch),
    inflected(&["pl", "pol"], Algorithm::Polish),
    inflected(&["ru", "rus"], Algorithm::Russian),
    inflected(&["ar", "ara", "arb"], Algorithm::Arabic),
    inflected(&["hi", "hin"], Algorithm::Hindi),
    Language { codes: &["sw", "swa", "swh"], writing: Writing::Spaced },
    Language { codes: &["ha", "hau"], writing: Writing::Spaced },
    Language { codes: &["yo", "yor"], writing: Writing::Spaced },
    Language { codes: &["ig", "ibo"], writing: Writing::Spaced },
    Language { codes: &["zh", "cmn", "chi", "zho"], writing: Writing::Unspaced },
    Language { codes: &["ja", "jpn"], writing: Writing::Unspaced },
];

static OTHER: Language = Language { codes: &[], writing: Writing::Spaced };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_known_by_their_first_part() {
        for (tag, code) in [("en-GB", Some("en")), ("pcm", Some("en")), ("zho", Some("zh")), ("sv-SE", Some("sv"))] {
            assert_eq!(two_letter_code(tag), code, "{tag}");
        }
        assert_eq!((two_letter_code(""), two_letter_code("xyz")), (None, None));
    }

    #[test]
    fn forms_of_a_word_differ_by_an_ending_or_an_article() {
        for (tag, a, b, expected) in [
            ("en", "parliament", "parliaments", true),
            ("en", "well", "wellness", false),
            ("en", "box", "boxing", false),
            ("ru", "выборы", "выборами", true),
            ("ar", "حكومه", "والحكومه", true),
            ("ha", "gwamna", "gwamnan", false),
        ] {
            assert_eq!(Language::of(tag).are_forms_of_one_word(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_word_has_the_same_stem_with_an_article() {
        let arabic = Language::of("ar");
        for word in ["حكومة", "وزير", "انتخابات", "رئيس"] {
            for article in ARABIC_ARTICLES {
                assert_eq!(arabic.stem(&format!("{article}{word}")), arabic.stem(word), "{article}{word}");
            }
        }
    }
}
