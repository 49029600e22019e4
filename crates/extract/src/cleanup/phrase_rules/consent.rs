//! Sentences in which the page asks for consent: to cookies, or to show what another site provides.

use super::{BlockFacts, BlockKind, TextBlock};
use crate::dom::words;
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
    "debes",
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
    "usted",
    "nuestro",
    "você",
    "seu",
    "suas",
    "tuo",
    "tua",
    "u",
    "uw",
    "din",
    "vår",
    "twoje",
    "nasz",
    "serwis",
    "vaše",
    "vás",
    "sinun",
    "вы",
    "ваш",
    "наш",
    "ви",
    "siz",
    "σας",
    "dumneavoastră",
];
/// Phrases of a page for its site.
const SITES: &[&str] = &[
    "our website",
    "our site",
    "this website",
    "this site",
    "ce site",
    "este sitio",
    "este site",
    "esta página",
    "questo sito",
    "deze website",
    "deze site",
    "bu site",
    "tento web",
    "aquest lloc",
];
/// Words of those who made it, who tell their readers what to do.
const MAKERS: &[&str] = &["we", "our", "us", "please"];
/// What a site does with cookies.
const USES: &[&str] = &["use", "uses", "using", "store", "stores", "set", "sets", "place", "places"];
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
pub(super) fn mark(title: &str, facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let names_cookies = |key: &str| key.split(' ').any(|word| COOKIES.contains(&word));
    let mut is_subject = names_cookies(&words::match_key(title));
    let mut found = Vec::new();
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
            is_subject = is_subject || names_cookies(&fact.key);
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
    let key = format!(" {} ", fact.key);
    let names_site = || SITES.iter().any(|phrase| key.contains(&format!(" {phrase} ")));
    let is_label = fact.words <= 4;
    let sets_them =
        || SETTINGS.iter().any(|phrase| fact.key.contains(phrase)) && (is_label || has(MAKERS) || names_site());
    let agrees = || has(CONSENT) && (is_label || has(SPEAKERS) || names_site());
    has(COOKIES) && (sets_them() || agrees() || names_site() && has(USES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(texts: &[&str]) -> Vec<bool> {
        reasons_below("A week of rain", texts)
    }

    fn reasons_below(title: &str, texts: &[&str]) -> Vec<bool> {
        let blocks: Vec<TextBlock> =
            texts.iter().map(|text| TextBlock::new((*text).to_owned(), BlockKind::Paragraph, 0.0)).collect();
        let facts: Vec<BlockFacts> = blocks.iter().map(BlockFacts::new).collect();
        let mut reasons = vec![None; blocks.len()];
        mark(title, &facts, &blocks, &mut reasons);
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

    #[test]
    fn the_only_paragraph_on_cookies_stays_where_the_title_names_them() {
        for (title, text) in [
            (
                "Europe rewrites its cookie law",
                "Until now you had to accept or refuse on every visit, cookie by cookie.",
            ),
            ("Adieu aux cookies", "Depuis mai, vous pouvez refuser ou accepter les cookies en un clic."),
        ] {
            assert_eq!(reasons_below(title, &["It rained all day.", text]), [false; 2], "{text}");
            assert_eq!(reasons(&["It rained all day.", text]), [false, true], "{text}");
        }
        for text in [
            "In the menu of the app, readers can allow cookies one by one.",
            "Este proyecto permite aceptar cookies con una sola tecla.",
            "Questo studio mostra che metà dei lettori deve accettare i cookie.",
            "We tried it in three browsers, without cookies and using another network, and the price was the same.",
            "The cookies on this site of the old bakery were found by the mill.",
        ] {
            assert_eq!(reasons(&["It rained all day.", text]), [false; 2], "{text}");
        }
        for text in ["Please enable cookies to see this map.", "Ce site utilise des cookies, que l'on peut accepter."] {
            assert_eq!(reasons(&["It rained all day.", text]), [false, true], "{text}");
        }
    }
}
