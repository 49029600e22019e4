//! Sentences in which the page asks for consent: to cookies, or to show what another site provides.

use super::{BlockFacts, BlockKind, TextBlock};
use crate::page::Reason;

/// Most words of such a line.
const MAX_WORDS: usize = 70;
/// Words for cookies.
const COOKIES: &[&str] = &[
    "cookie",
    "cookies",
    "cookien",
    "kakor",
    "ciasteczka",
    "ciasteczek",
    "evästeitä",
    "evästeet",
    "sütik",
    "sütiket",
    "куки",
    "куків",
    "çerez",
    "çerezleri",
    "piškotke",
    "kolačiće",
    "slapukus",
    "sīkdatnes",
    "küpsiseid",
    "kukies",
];
/// Words of consent and its settings.
const CONSENT: &[&str] = &[
    "consent",
    "consented",
    "accept",
    "accepting",
    "accepted",
    "agree",
    "agreeing",
    "permission",
    "einverstanden",
    "akzeptieren",
    "akzeptiert",
    "zustimmen",
    "stimmen",
    "zustimmung",
    "einwilligung",
    "erlauben",
    "einstellungen",
    "acceptez",
    "acceptant",
    "accepter",
    "accepté",
    "consentement",
    "autorisez",
    "autoriser",
    "aceptas",
    "acepta",
    "acepte",
    "aceptar",
    "aceptando",
    "aceptado",
    "consentimiento",
    "permites",
    "aceita",
    "aceitar",
    "aceito",
    "concorda",
    "consentimento",
    "accetti",
    "accetta",
    "accettare",
    "accettato",
    "acconsenti",
    "consenso",
    "accepteren",
    "accepteer",
    "accepteert",
    "geaccepteerd",
    "akkoord",
    "toestemming",
    "samtycke",
    "godkänn",
    "godkänner",
    "accepterar",
    "samtykke",
    "samtykker",
    "godta",
    "godtar",
    "accepterer",
    "zgodę",
    "zgadzasz",
    "akceptujesz",
    "akceptuj",
    "souhlas",
    "souhlasíte",
    "povolit",
    "hyväksy",
    "hyväksyt",
    "elfogadja",
    "elfogadom",
    "согласие",
    "согласны",
    "соглашаетесь",
    "принять",
    "згоду",
    "погоджуєтесь",
    "kabul",
    "onay",
    "izin",
    "αποδέχεστε",
    "acord",
    "accepți",
    "acceptați",
    "acceptem",
    "acceptes",
    "soglašate",
];
/// Phrases of settings for cookies.
const SETTINGS: &[&str] = &[
    "cookie settings",
    "cookie preferences",
    "allow cookies",
    "enable cookies",
    "enable all cookies",
    "accept all cookies",
    "cookie einstellungen",
];
/// Words of the page for itself and its reader.
const SPEAKERS: &[&str] = &[
    "aceptas",
    "acepta",
    "acceptez",
    "accetti",
    "concorda",
    "akceptujesz",
    "zgadzasz",
    "you",
    "your",
    "please",
    "sie",
    "wir",
    "ihre",
    "ihrer",
    "deine",
    "vous",
    "votre",
    "nous",
    "ce",
    "este",
    "esta",
    "usted",
    "nuestro",
    "você",
    "seu",
    "suas",
    "tuo",
    "tua",
    "questo",
    "u",
    "uw",
    "deze",
    "din",
    "vår",
    "twoje",
    "nasz",
    "serwis",
    "vaše",
    "vás",
    "tento",
    "sinun",
    "вы",
    "ваш",
    "наш",
    "ви",
    "siz",
    "bu",
    "σας",
    "dumneavoastră",
    "aquest",
];
/// What stands where something of another site was left out.
const PLACEHOLDERS: &[&str] = &[
    "einen externen inhalt",
    "externer inhalt",
    "externe inhalte angezeigt werden",
    "empfohlener redaktioneller inhalt",
    "akzeptieren sie die datenschutzerklärung",
    "stimmst du der datenschutzerklärung",
    "stimmen sie der datenschutzerklärung",
    "we ask for your permission before anything is loaded",
    "we need your permission to load",
    "this content is hosted by a third party",
    "by showing the external content you accept",
    "ce contenu est bloqué",
    "ce contenu provenant de",
    "vous devez accepter le dépôt de",
    "questo contenuto è ospitato",
    "senza luso dei cookie",
    "deze inhoud wordt gehost",
    "om deze inhoud te tonen",
    "för att visa innehållet",
    "for å se dette innholdet",
];

/// Marks lines that ask for consent, unless the text is about cookies.
pub(super) fn mark(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let mut found = Vec::new();
    let mut is_subject = false;
    for (index, (fact, block)) in facts.iter().zip(blocks).enumerate() {
        if reasons[index].is_some() {
            continue;
        }
        let may_be = matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading)
            && !block.is_quoted
            && fact.words <= MAX_WORDS;
        if may_be && is_placeholder(fact) {
            reasons[index] = Some(Reason::CookieNotice);
        } else if may_be && asks_for_cookies(fact) {
            found.push(index);
        } else {
            is_subject = is_subject || fact.key.split(' ').any(|word| COOKIES.contains(&word));
        }
    }
    if !is_subject {
        found.into_iter().for_each(|index| reasons[index] = Some(Reason::CookieNotice));
    }
}

fn is_placeholder(fact: &BlockFacts) -> bool {
    PLACEHOLDERS.iter().any(|phrase| fact.key.contains(phrase))
        && (fact.words <= 30 || fact.key.split(' ').any(|word| CONSENT.contains(&word)))
}

fn asks_for_cookies(fact: &BlockFacts) -> bool {
    let has = |list: &[&str]| fact.key.split(' ').any(|word| list.contains(&word));
    let stores_them = || {
        let key = format!(" {}", fact.key);
        [" our website ", " our site ", " this website ", " this site "].iter().any(|it| key.contains(it))
    };
    let sets_them = || SETTINGS.iter().any(|phrase| fact.key.contains(phrase));
    has(COOKIES) && (sets_them() || has(CONSENT) && (has(SPEAKERS) || fact.words <= 4) || stores_them())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(texts: &[&str]) -> Vec<bool> {
        let blocks: Vec<TextBlock> =
            texts.iter().map(|text| TextBlock::new((*text).to_owned(), BlockKind::Paragraph, 0.0)).collect();
        let facts: Vec<BlockFacts> = blocks.iter().map(BlockFacts::new).collect();
        let mut reasons = vec![None; blocks.len()];
        mark(&facts, &blocks, &mut reasons);
        reasons.iter().map(Option::is_some).collect()
    }

    #[test]
    fn lines_that_ask_for_consent_are_no_text() {
        for text in [
            "This map comes from a service that may set cookies. To see it, we need your permission.",
            "Accept all cookies",
            "Our site stores cookies on your device to remember what you have read.",
            "Um das Video zu sehen, müssen Sie Cookies akzeptieren.",
            "Pour voir cette vidéo, vous devez accepter les cookies.",
            "Para ver este mapa debes aceptar las cookies.",
            "Hier finden Sie einen externen Inhalt von Landkarte24.",
            "Чтобы увидеть карту, вы должны принять файлы cookies.",
        ] {
            assert_eq!(reasons(&["It rained all day.", text]), [false, true], "{text}");
        }
    }

    #[test]
    fn texts_about_cookies_and_biscuits_stay() {
        for texts in [
            ["Regulators say that cookies follow readers.", "You may accept cookies or refuse them, and we did both."],
            ["We looked for cookies in the browser.", "Cookies tell your website what a reader has seen."],
            ["Bake the cookies for ten minutes.", "You will accept that these cookies are gone by noon."],
        ] {
            assert_eq!(reasons(&texts), [false, false]);
        }
    }
}
