//! What pages say when there is less on them than their reader came for. In lower case, compared within one line.

/// Longer passages tell of paywalls; they are none.
const LONGEST: usize = 700;

/// Whether one of these phrases stands in a line of this text that is short enough to be meant.
pub(super) fn says(text: &str, list: &[&str]) -> bool {
    text.split('\n').flat_map(|line| line.split(" · ")).filter(|line| line.len() <= LONGEST).any(|line| {
        let line = line.to_lowercase().replace('’', "'");
        list.iter().any(|phrase| line.contains(phrase))
    })
}

/// The rest is for subscribers.
pub(super) const PAYWALL: &[&str] = &[
    // English
    "subscribe to continue",
    "subscribe to read",
    "subscribe to keep reading",
    "subscribe now to read",
    "subscribe for full access",
    "subscribe to unlock",
    "to continue reading, subscribe",
    "to continue reading this article",
    "to read the full story",
    "to read the full article",
    "to read the rest of this",
    "to read the whole article",
    "to keep reading",
    "continue reading your article with",
    "continue reading with a",
    "this article is for subscribers",
    "this story is for subscribers",
    "this content is for subscribers",
    "this article is exclusive to subscribers",
    "this is a subscriber-only",
    "subscriber-only content",
    "subscriber-only article",
    "only available to subscribers",
    "available to subscribers only",
    "for subscribers only",
    "exclusively for subscribers",
    "this post is for paid subscribers",
    "this post is for paying subscribers",
    "this post is for members",
    "this article is for members only",
    "you've reached your limit of free articles",
    "you have reached your limit of free articles",
    "already a subscriber? log in",
    "already a subscriber? sign in",
    "already have a subscription? log in",
    "keep reading with a free trial",
    "unlock this article",
    "unlock the full article",
    // German
    "um diesen artikel zu lesen",
    "um den artikel zu lesen",
    "um den ganzen artikel",
    "um weiterzulesen",
    "weiterlesen mit",
    "jetzt weiterlesen",
    "dieser artikel ist nur für abonnenten",
    "nur für abonnenten",
    "exklusiv für abonnenten",
    "exklusiv für abonnentinnen",
    "sie sind bereits abonnent",
    "sie haben bereits ein abo",
    "bereits abonnent?",
    "diesen artikel freischalten",
    "lesen sie den vollständigen artikel mit",
    // French
    "réservé aux abonnés",
    "réservé à nos abonnés",
    "réservée aux abonnés",
    "pour lire la suite",
    "la suite est réservée",
    "abonnez-vous pour lire",
    "abonnez-vous pour continuer",
    "il vous reste",
    "déjà abonné ?",
    "déjà abonné?",
    // Spanish, Catalan
    "para seguir leyendo",
    "para continuar leyendo",
    "contenido exclusivo para suscriptores",
    "artículo exclusivo para suscriptores",
    "solo para suscriptores",
    "sólo para suscriptores",
    "suscríbete para leer",
    "suscríbete para seguir",
    "¿ya eres suscriptor?",
    // Italian
    "riservato agli abbonati",
    "contenuto riservato",
    "per continuare a leggere",
    "per leggere l'articolo completo",
    "abbonati per leggere",
    "sei già abbonato?",
    // Portuguese
    "exclusivo para assinantes",
    "conteúdo exclusivo para assinantes",
    "para continuar lendo",
    "para continuar a ler",
    "assine para ler",
    "já é assinante?",
    // Dutch
    "alleen voor abonnees",
    "exclusief voor abonnees",
    "om verder te lezen",
    "lees verder met een abonnement",
    "al abonnee?",
    // Scandinavian
    "kun for abonnenter",
    "for å lese videre",
    "for å lese hele saken",
    "endast för prenumeranter",
    "för att läsa vidare",
    "läs vidare med",
    "læs videre med",
    "for at læse videre",
    "allerede abonnent?",
    "redan prenumerant?",
    "vain tilaajille",
    // Polish, Czech, Russian, Ukrainian
    "aby czytać dalej",
    "dostęp dla prenumeratorów",
    "treść dostępna dla subskrybentów",
    "tylko dla subskrybentów",
    "obsah je dostupný pouze předplatitelům",
    "pouze pro předplatitele",
    "чтобы читать дальше",
    "доступно только подписчикам",
    "только для подписчиков",
    "оформите подписку, чтобы",
    "тільки для передплатників",
    // Turkish, Greek, Arabic, Hebrew, Persian
    "okumaya devam etmek için",
    "sadece abonelere",
    "για να διαβάσετε τη συνέχεια",
    "μόνο για συνδρομητές",
    "للمشتركين فقط",
    "اشترك لمواصلة القراءة",
    "למנויים בלבד",
    "להמשך קריאה",
    // Chinese, Japanese, Korean
    "订阅后阅读全文",
    "订阅以继续阅读",
    "成为会员后继续阅读",
    "訂閱以繼續閱讀",
    "この記事は有料会員限定",
    "有料会員限定",
    "会員限定記事",
    "続きを読むには",
    "구독자 전용",
    "구독하고 계속 읽기",
];

/// First say who you are.
pub(super) const LOGIN: &[&str] = &[
    "log in to continue",
    "login to continue",
    "sign in to continue",
    "log in to view",
    "sign in to view",
    "you must log in",
    "you must be logged in",
    "you need to log in",
    "you need to be logged in",
    "please log in to",
    "please sign in to",
    "you have to login to",
    "create an account to continue",
    "bitte melden sie sich an",
    "bitte einloggen",
    "melden sie sich an, um",
    "anmelden, um fortzufahren",
    "connectez-vous pour continuer",
    "vous devez être connecté",
    "veuillez vous connecter",
    "inicia sesión para continuar",
    "debes iniciar sesión",
    "accedi per continuare",
    "effettua il login per",
    "faça login para continuar",
    "inicie sessão para continuar",
    "log in om verder te gaan",
    "zaloguj się, aby",
    "войдите, чтобы",
    "необходимо войти",
    "увійдіть, щоб",
    "devam etmek için giriş yapın",
    "ログインしてください",
    "请登录后",
    "請先登入",
    "로그인이 필요합니다",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_written_as_they_are_compared() {
        for phrase in PAYWALL.iter().chain(LOGIN) {
            assert_eq!(*phrase, phrase.to_lowercase().replace('’', "'"));
        }
        assert!(says("It rained.\n\nAlready a subscriber? Log in", PAYWALL));
        assert!(!says("It rained, and nobody subscribed to anything.", PAYWALL));
    }
}
