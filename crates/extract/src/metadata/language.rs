//! Detects the language and direction of a text.

use crate::page::Direction;

/// Minimum letters for a guess.
const MIN_LETTERS: usize = 40;
/// Letters of a text long enough to overrule the page's own declaration.
const LONG_TEXT_LETTERS: usize = 250;

/// Characters a guess is based on.
const SAMPLE_CHARS: usize = 2_500;

/// Returns the primary subtag: the first language the page declares, else a guess from the text. A declaration is
/// ignored if the text is in another script, or if it says English over a long text that is certainly not.
pub(crate) fn detect(named: &[String], text: &str) -> Option<String> {
    let named = named.iter().find_map(|tag| primary_subtag(tag));
    let sample: String = text.chars().take(SAMPLE_CHARS).collect();
    // Guessing is slow and would not change an obvious result.
    if named.as_deref().is_some_and(|named| agrees_with_text(named, &sample)) {
        return named;
    }
    match (named, guess_language(&sample)) {
        (Some(named), Some((guess, certain))) if certain && script_group(&named) != script_group(&guess) => Some(guess),
        // Templates often declare English regardless of the content.
        (Some(named), Some((guess, true))) if named == "en" && guess != "la" && is_long_text(text) => Some(guess),
        (Some(named), _) => Some(named),
        (None, Some((guess, _))) => Some(guess),
        (None, None) => None,
    }
}

fn is_long_text(text: &str) -> bool {
    text.chars().filter(|letter| letter.is_alphabetic()).nth(LONG_TEXT_LETTERS).is_some()
}

/// Returns `en` for `en-GB`, `en_US.UTF-8`, `EN` or `eng`; `None` if it is not a language tag.
pub(crate) fn primary_subtag(tag: &str) -> Option<String> {
    let first = tag.trim().split(['-', '_', ',', ';', '.', ' ', '/']).next()?.to_ascii_lowercase();
    let known = matches!(first.len(), 2 | 3) && first.bytes().all(|byte| byte.is_ascii_lowercase());
    if !known || matches!(first.as_str(), "und" | "mul" | "zxx" | "xx") {
        return None;
    }
    if first.len() == 3 {
        return Some(two_letter_code(&first).map_or(first.clone(), str::to_owned));
    }
    Some(match first.as_str() {
        "iw" => "he".into(),
        "in" => "id".into(),
        "ji" => "yi".into(),
        "cn" => "zh".into(),
        "jp" => "ja".into(),
        "ua" => "uk".into(),
        "cz" => "cs".into(),
        "gr" => "el".into(),
        _ => first,
    })
}

/// Returns whether a text agrees with the declared language: in its script and, for English, in its common words.
fn agrees_with_text(named: &str, sample: &str) -> bool {
    let is_written = match script_group(named) {
        "latin" => whatlang::Script::Latin,
        "cyrillic" => whatlang::Script::Cyrillic,
        _ => return false,
    };
    whatlang::detect_script(sample) == Some(is_written) && (named != "en" || is_english(sample))
}

/// Returns whether at least one word in ten is a common English word.
fn is_english(text: &str) -> bool {
    let small = |word: &&str| {
        ["the", "and", "of", "to", "is", "that", "with", "was"].iter().any(|one| word.eq_ignore_ascii_case(one))
    };
    let words = || text.split_ascii_whitespace();
    words().filter(|word| word.eq_ignore_ascii_case("the")).nth(1).is_some()
        && words().filter(small).count() * 10 >= words().count()
}

fn guess_language(sample: &str) -> Option<(String, bool)> {
    if sample.chars().filter(|letter| letter.is_alphabetic()).count() < MIN_LETTERS {
        return None;
    }
    if let Some(code) = words::detect_language(sample) {
        return Some((code.to_owned(), true));
    }
    let info = whatlang::detect(sample)?;
    let certain = info.is_reliable() || info.confidence() > 0.6;
    let code = info.lang().code();
    Some((two_letter_code(code).unwrap_or(code).to_owned(), certain))
}

/// Three-letter codes and their two-letter equivalents.
const CODES: &str = "\
    epo:eo eng:en rus:ru cmn:zh zho:zh chi:zh spa:es por:pt ita:it ben:bn fra:fr fre:fr deu:de \
    ger:de ukr:uk kat:ka ara:ar hin:hi jpn:ja heb:he yid:yi pol:pl amh:am jav:jv kor:ko nob:nb \
    dan:da swe:sv fin:fi tur:tr nld:nl dut:nl hun:hu ces:cs cze:cs ell:el gre:el bul:bg bel:be \
    mar:mr kan:kn ron:ro rum:ro slv:sl hrv:hr srp:sr mkd:mk lit:lt lav:lv est:et tam:ta vie:vi \
    urd:ur tha:th guj:gu uzb:uz pan:pa aze:az ind:id tel:te pes:fa fas:fa per:fa mal:ml ori:or \
    mya:my nep:ne sin:si khm:km tuk:tk aka:ak zul:zu sna:sn afr:af lat:la slk:sk cat:ca tgl:tl \
    hye:hy cym:cy";

fn two_letter_code(code: &str) -> Option<&'static str> {
    CODES.split(' ').filter_map(|pair| pair.split_once(':')).find(|(long, _)| *long == code).map(|(_, short)| short)
}

/// Returns the rough script of a language, enough to detect a wrong declaration.
fn script_group(language: &str) -> &'static str {
    match language {
        "ru" | "uk" | "bg" | "be" | "mk" | "kk" | "ky" | "mn" | "tg" => "cyrillic",
        "sr" | "uz" | "az" | "tk" | "bs" | "pa" | "ku" | "ms" => "several",
        "zh" | "ja" | "yue" | "wuu" | "nan" => "han",
        "ko" => "hangul",
        "ar" | "fa" | "ur" | "ps" | "sd" | "ug" | "ckb" => "arabic",
        "he" | "yi" => "hebrew",
        "el" => "greek",
        "hi" | "mr" | "ne" | "sa" => "devanagari",
        "bn" | "as" => "bengali",
        "th" => "thai",
        "ta" => "tamil",
        "te" => "telugu",
        "kn" => "kannada",
        "ml" => "malayalam",
        "gu" => "gujarati",
        "or" => "oriya",
        "my" => "burmese",
        "si" => "sinhala",
        "km" => "khmer",
        "ka" => "georgian",
        "hy" => "armenian",
        "am" | "ti" => "ethiopic",
        _ => "latin",
    }
}

/// Returns the direction of most letters. In a text of fewer than 20 letters, a declared `rtl` wins.
pub(crate) fn text_direction(named: Option<&str>, text: &str) -> Direction {
    let (mut left, mut right) = (0_usize, 0_usize);
    for letter in text.chars().take(4_000).filter(|letter| letter.is_alphabetic()) {
        if matches!(letter as u32, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF) {
            right += 1;
        } else {
            left += 1;
        }
    }
    match (right > left, left + right, named) {
        (_, 0..20, Some(named)) if named.eq_ignore_ascii_case("rtl") => Direction::Rtl,
        (true, ..) => Direction::Rtl,
        _ => Direction::Ltr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_are_normalized() {
        for (tag, wanted) in [
            ("en-GB", Some("en")),
            ("pt_BR", Some("pt")),
            ("EN", Some("en")),
            ("deu", Some("de")),
            ("iw", Some("he")),
            ("english", None),
            ("", None),
            ("und", None),
        ] {
            assert_eq!(primary_subtag(tag).as_deref(), wanted, "{tag}");
        }
    }

    #[test]
    fn declared_language_of_another_script_is_ignored() {
        let text = "Сегодня в городе прошёл сильный дождь, и река поднялась почти на метр за одну ночь.";
        assert_eq!(detect(&["en".into()], text).as_deref(), Some("ru"));
        assert_eq!(detect(&["kk".into()], text).as_deref(), Some("kk"));
        assert_eq!(detect(&[], text).as_deref(), Some("ru"));
    }

    #[test]
    fn declared_english_is_ignored_for_long_foreign_text() {
        let text = "Gestern hat es den ganzen Tag geregnet, und der Fluss ist in der Nacht um fast einen Meter gestiegen. \
            Die Feuerwehr hat deshalb am Morgen die alte Brücke gesperrt, und die Schule bleibt bis auf Weiteres geschlossen. \
            Wer im unteren Teil der Stadt wohnt, soll seinen Keller räumen und auf Nachrichten des Bürgermeisters achten.";
        assert_eq!(detect(&["en-US".into()], text).as_deref(), Some("de"));
        assert_eq!(detect(&["nl".into()], text).as_deref(), Some("nl"), "other declarations are deliberate");
        assert_eq!(detect(&["en".into()], "Der Fluss ist über die Ufer getreten, sagte er.").as_deref(), Some("en"));
    }

    #[test]
    fn languages_with_short_words_like_those_of_yoruba_keep_their_own() {
        let text = "Vlada je danes sprejela sklep, da se cesta ob reki ne bo zapirala. Župan je povedal, da ni časa za čakanje, \
            ko se bliža zima. Če se bo vode nabralo preveč, ti prebivalci ne bodo mogli v službo, je dejal. Kdor si želi pomoči, \
            naj se oglasi na občini, ki je odprta do večera. Na vasi ji pravijo stara pot, saj je ni nihče popravil.";
        assert_eq!(detect(&[], text).as_deref(), Some("sl"));
        assert_eq!(detect(&["en".into()], text).as_deref(), Some("sl"));
        let text = "Vlada je saopštila da će put biti zatvoren do proleća. Ko ima posla u gradu, može da ide vozom, a ti vozovi \
            se ne plaćaju. Ministar je rekao da ni on ne zna kada će se radovi završiti. Si je meštanima poruka jasna, pitala je \
            novinarka, ali se odgovor nije čuo. Put je star, a most se popravlja.";
        assert_ne!(detect(&[], text).as_deref(), Some("yo"));
    }

    #[test]
    fn text_direction_follows_the_text() {
        assert_eq!(text_direction(None, "هطل المطر طوال اليوم في الوادي"), Direction::Rtl);
        assert_eq!(text_direction(Some("rtl"), "It rained all day in the valley."), Direction::Ltr);
    }
}
