//! Languages that are told by their short words.

use crate::{fold, spans};

/// A language that detectors by groups of letters mostly do not know, with short words of it, folded. A text in it has many
/// of these.
struct ShortWords {
    code: &'static str,
    /// Words that hardly any other language has.
    own: &'static [&'static str],
    /// Words that others have too: Slavic and Romance languages, Albanian, Filipino.
    shared: &'static [&'static str],
}

const LANGUAGES: &[ShortWords] = &[
    ShortWords {
        code: "sw",
        own: &[
            "katika", "hiyo", "huo", "kuwa", "baada", "pia", "watu", "yake", "ambao", "kwamba", "hii", "wakati",
            "wake", "hilo", "huyo", "kutoka", "lakini", "ambayo", "ambaye", "zaidi", "yao", "kama", "kila", "hicho",
            "kuhusu",
        ],
        shared: &["kwa", "wa", "ya", "za", "ni", "cha", "la", "na"],
    },
    ShortWords {
        code: "ha",
        own: &[
            "kuma", "wannan", "cewa", "zai", "cikin", "domin", "amma", "wanda", "bayan", "kasar", "daga", "wani",
            "suka", "yadda", "wadanda", "kamar", "saboda", "wajen", "mutane", "lokacin", "aka", "sai",
        ],
        shared: &["da", "na", "ta", "ya", "ba", "sun", "mai", "ne", "ce", "yi"],
    },
    ShortWords {
        code: "yo",
        own: &["awon", "ninu", "naa", "lati", "ati", "pelu", "eyi", "nigba", "sugbon"],
        shared: &["ti", "ni", "won", "fun", "pe", "si", "se", "ile", "ko", "fi", "je"],
    },
    ShortWords {
        code: "ig",
        own: &["nke", "ndi", "onye", "maka", "ihe", "nwere", "mgbe", "ahu", "obodo", "dika"],
        shared: &["na", "bu", "ga", "ka", "ha", "ya", "n", "di", "si"],
    },
];
/// Words at the beginning that are looked at.
const MAX_WORDS: usize = 120;
/// Least different short words, how many of them no other language has, and the least share of all words that are such words.
const MIN_DIFFERENT: usize = 4;
const MIN_OWN: usize = 2;
const MIN_SHARE: f32 = 0.12;
/// No short word is longer, in bytes.
const MAX_BYTES: usize = 20;

/// Returns the code of the language of a text, if it is one of these: Swahili, Hausa, Yoruba, Igbo.
#[must_use]
pub fn detect_language(text: &str) -> Option<&'static str> {
    let short = |word: &str| if word.len() <= MAX_BYTES { fold(word) } else { String::new() };
    let words: Vec<String> = spans(text).take(MAX_WORDS).map(|(_, word)| short(word)).collect();
    let has = |short: &&&str| words.iter().any(|word| word == **short);
    let is_in = |language: &ShortWords| {
        let own = language.own.iter().filter(has).count();
        let different = own + language.shared.iter().filter(has).count();
        let all = words.iter().map(String::as_str);
        let count = all.filter(|word| language.own.contains(word) || language.shared.contains(word)).count();
        #[expect(clippy::cast_precision_loss, reason = "at most MAX_WORDS")]
        let share = count as f32 / words.len().max(1) as f32;
        (own >= MIN_OWN && different >= MIN_DIFFERENT && share >= MIN_SHARE).then_some((own, count))
    };
    let found = LANGUAGES.iter().filter_map(|language| Some((is_in(language)?, language.code)));
    found.max().map(|(_, code)| code)
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

    #[test]
    fn news_in_other_languages_is_in_none_of_these() {
        for text in [
            // Slovene
            "Vlada je danes sprejela sklep, da se cesta ob reki ne bo zapirala. Župan je povedal, da ni časa za čakanje, \
             ko se bliža zima. Če se bo vode nabralo preveč, ti prebivalci ne bodo mogli v službo, je dejal. Kdor si \
             želi pomoči, naj se oglasi na občini, ki je odprta do večera. Na vasi ji pravijo stara pot, saj je ni nihče popravil.",
            "Ko je sonce zašlo, se je zbralo sto ljudi. Ni jim bilo mraz, saj si je vsak prinesel odejo. Ti večeri so \
             znani že leta. Kdo ve, ali se bo to še kdaj ponovilo, je vprašala učiteljica, ki je prišla iz mesta.",
            // Serbian and Croatian
            "Vlada je juče saopštila da će put biti zatvoren do proleća. Ko ima posla u gradu, može da ide vozom, a ti \
             vozovi se ne plaćaju. Ministar je rekao da ni on ne zna kada će se radovi završiti. Si je meštanima poruka \
             jasna, pitala je novinarka, ali se odgovor nije čuo. Na reci se i dalje radi.",
            "Gradonačelnik je najavio da će se nova škola graditi na brdu. Ni jedna obitelj se neće morati seliti, a ti \
             planovi su poznati od ljeta. Tko ne može doći, neka se javi u općinu. Na sastanku se čulo da je ko i prije \
             novca malo, ali je vijeće ipak glasalo za.",
            // Albanian
            "Kryetari i bashkisë tha se rruga e re do të hapet në pranverë. Banorët thonë se nuk ka ujë dhe se ata kanë \
             pritur shumë. Si do të bëhet, pyeti një mësuese, por askush nuk di ta thotë. Ne jemi mësuar me pak, tha ajo. \
             Ka ardhur koha që të na dëgjojnë, tha një fshatar ndanë lumit, e ti e di se ai ka të drejtë.",
            // Romanian
            "Primarul a spus că drumul nu va fi închis și că se lucrează zi și noapte. Ce se va întâmpla la iarnă nu știe \
             nimeni, iar oamenii din sat se plâng. Ni s-a promis apă, spune o învățătoare, dar ea nu a venit. Pe deal, casele \
             sunt goale și va fi greu de trăit. De la oraș nu a sunat nimeni ca să ne întrebe ce ne lipsește.",
            // Indonesian
            "Wali kota mengatakan jalan baru itu akan dibuka pada musim hujan. Para warga di desa ini sudah lama menunggu \
             dan kini mereka lega. Ia juga berkata bahwa ibu dan ayah di sana tidak perlu takut. Air di sungai naik, kata \
             seorang guru, tetapi sekolah tetap buka. Si penjual ikan pun ada di pasar seperti biasa.",
            // Filipino
            "Sinabi ng alkalde na bubuksan ang bagong daan sa susunod na taon. Ayon sa mga taga-baryo, matagal na silang \
             naghihintay at ni isa ay walang nagreklamo. Ka Pedro kung siya ay tawagin, at si Maria naman ang guro. Kung di \
             sila tutulungan, ha, sino pa, tanong niya. Na sa ilog na raw ang tubig mula sa bundok.",
            // Polish
            "Burmistrz ogłosił, że nowa droga będzie gotowa na wiosnę. Mieszkańcy wsi mówią, że na to czekali, a ci z doliny \
             boją się, że się nie uda. Za rzeką nie ma sklepu, więc jeżdżą do miasta. Ta szkoła jest za mała, mówi dyrektor, \
             ale da się ją rozbudować. Ja na to nie liczę, dodał sąsiad, ni słowa więcej.",
            // Portuguese
            "O prefeito disse que a estrada nova se abre na primavera. Os moradores da vila esperam por ela há anos, e se a \
             chuva vier, ninguém sai de casa. Ela já disse que não pede nada, pois não ha dinheiro. Na escola da serra, a \
             professora pergunta se ti vais à cidade. O rio, di-lo o povo, leva tudo o que da terra vem.",
        ] {
            assert_eq!(detect_language(text), None, "{text}");
        }
    }

    #[test]
    fn news_of_several_sentences_is_told() {
        for (code, text) in [
            (
                "sw",
                "Meya wa mji alisema jana kwamba barabara mpya itafunguliwa mwaka ujao. Wakazi wa kijiji hicho wamesubiri kwa \
                 muda mrefu, na sasa wana furaha. Shule pia itapata maji baada ya bomba kukamilika. Watu wengi hawakuamini \
                 kuwa kazi hii ingeisha.",
            ),
            (
                "ha",
                "Magajin garin ya ce za a bude sabuwar hanya a shekara mai zuwa. Mutanen kauyen sun dade suna jira, amma yanzu \
                 suna murna. Makarantar ma za ta samu ruwa bayan an gama aikin. Da yawa ba su yarda cewa wannan aiki zai kare \
                 ba, kuma sun yi mamaki.",
            ),
            (
                "yo",
                "Olórí ìlú sọ pé wọn yóò ṣí ọ̀nà tuntun ní ọdún tó ń bọ̀. Àwọn ará abúlé náà ti dúró fún ìgbà pípẹ́, inú wọn sì \
                 dùn báyìí. Ilé ẹ̀kọ́ yóò rí omi lò pẹ̀lú. Ọ̀pọ̀ ènìyàn kò gbà pé iṣẹ́ yìí lè parí, ṣùgbọ́n ó ti parí láti àná.",
            ),
            (
                "ig",
                "Onye isi obodo kwuru na a ga-emepe ụzọ ọhụrụ n’afọ na-abịa. Ndị bi n’ime obodo ahụ echeela ogologo oge, ma \
                 ugbu a obi dị ha ụtọ. Ụlọ akwụkwọ ga-enweta mmiri mgbe ọrụ gwụchara. Ọtụtụ ekweghị na ihe a ga-eme, mana ọ mere.",
            ),
        ] {
            assert_eq!(detect_language(text), Some(code), "{text}");
        }
    }
}
