//! Names of languages, for readers who say in which language an article is.

/// BCP 47 primary subtags and English names.
const NAMES: &str = "af:Afrikaans am:Amharic ar:Arabic as:Assamese az:Azerbaijani be:Belarusian bg:Bulgarian bn:Bengali \
    bs:Bosnian ca:Catalan cs:Czech cy:Welsh da:Danish de:German el:Greek en:English eo:Esperanto es:Spanish et:Estonian \
    eu:Basque fa:Persian fi:Finnish fo:Faroese fr:French fy:Frisian ga:Irish gd:Gaelic gl:Galician gu:Gujarati ha:Hausa \
    he:Hebrew hi:Hindi hr:Croatian hu:Hungarian hy:Armenian id:Indonesian ig:Igbo is:Icelandic it:Italian ja:Japanese \
    jv:Javanese ka:Georgian kk:Kazakh km:Khmer kn:Kannada ko:Korean ku:Kurdish ky:Kyrgyz la:Latin lb:Luxembourgish lo:Lao \
    lt:Lithuanian lv:Latvian mk:Macedonian ml:Malayalam mn:Mongolian mr:Marathi ms:Malay mt:Maltese my:Burmese nb:Bokmål \
    ne:Nepali nl:Dutch nn:Nynorsk no:Norwegian oc:Occitan or:Odia pa:Punjabi pl:Polish ps:Pashto pt:Portuguese \
    rm:Romansh ro:Romanian ru:Russian sa:Sanskrit sd:Sindhi si:Sinhala sk:Slovak sl:Slovenian so:Somali sq:Albanian \
    sr:Serbian sv:Swedish sw:Swahili ta:Tamil te:Telugu tg:Tajik th:Thai ti:Tigrinya tk:Turkmen tl:Tagalog tr:Turkish \
    tt:Tatar ug:Uyghur uk:Ukrainian ur:Urdu uz:Uzbek vi:Vietnamese xh:Xhosa yi:Yiddish yo:Yoruba zh:Chinese zu:Zulu";

fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.split_whitespace().filter_map(|pair| pair.split_once(':'))
}

/// Returns the English name of a language, or its code if the name is not known.
pub(crate) fn name(code: &str) -> &str {
    names().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// Returns the code of a language by its English name, its code, or a longer tag such as `en-GB`.
pub(crate) fn parse(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    if let Some((code, _)) = names().find(|(_, name)| name.to_lowercase() == text) {
        return Some(code.to_owned());
    }
    let (code, _) = text.split_once(['-', '_']).unwrap_or((&text, ""));
    let is_code = matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    // All common languages of two letters are in the table.
    (is_code && (code.len() == 3 || names().any(|(known, _)| known == code))).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_name_and_code() {
        for (text, code) in [
            ("German", Some("de")),
            (" bokmål ", Some("nb")),
            ("en-GB", Some("en")),
            ("pt_BR", Some("pt")),
            ("FR", Some("fr")),
            ("haw", Some("haw")),
            ("xx", None),
            ("Klingonese", None),
            ("d3", None),
            ("", None),
        ] {
            assert_eq!(parse(text).as_deref(), code, "{text}");
        }
        assert_eq!((name("de"), name("haw")), ("German", "haw"));
    }
}
