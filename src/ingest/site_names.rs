//! Whether what a page gives as the name of its site can be one. Some give the title of the page, or of a login.

/// Longer ones are headlines or slogans.
const MAX_CHARS: usize = 80;

/// Names have fewer words than this.
const MAX_WORDS: usize = 10;

/// Titles with fewer words may be part of a name: an article called `Harbour`.
const MIN_TITLE_WORDS: usize = 3;

/// Signs between a site's name and what the page is.
const SEPARATORS: &[&str] = &["|", " – ", " — ", " - ", "·", "•", "»", "«", "›", " :: ", ": "];

/// What such a part is on pages that are no article, in lower case.
const NO_NAMES: &[&str] = &[
    // Logins and subscriptions
    "sign in",
    "signin",
    "sign up",
    "log in",
    "login",
    "logon",
    "log on",
    "register",
    "registration",
    "subscribe",
    "subscribe now",
    "create account",
    "create an account",
    "my account",
    "authentication",
    "single sign-on",
    "sso",
    "anmelden",
    "anmeldung",
    "einloggen",
    "registrieren",
    "connexion",
    "se connecter",
    "s'identifier",
    "identification",
    "s'abonner",
    "inscription",
    "iniciar sesión",
    "inicia sesión",
    "acceder",
    "suscríbete",
    "regístrate",
    "entrar",
    "iniciar sessão",
    "accedi",
    "login page",
    "inloggen",
    "aanmelden",
    "logga in",
    "log ind",
    "logg inn",
    "kirjaudu",
    "kirjaudu sisään",
    "zaloguj się",
    "logowanie",
    "přihlášení",
    "přihlásit se",
    "вход",
    "войти",
    "вхід",
    "увійти",
    "σύνδεση",
    "giriş",
    "giriş yap",
    "登录",
    "登入",
    "ログイン",
    "로그인",
    "تسجيل الدخول",
    "כניסה",
    "התחברות",
    // Errors and walls
    "access denied",
    "access to this page has been denied",
    "denied",
    "forbidden",
    "403",
    "403 forbidden",
    "error",
    "error 403",
    "error 404",
    "404",
    "404 not found",
    "not found",
    "page not found",
    "500",
    "502 bad gateway",
    "bad gateway",
    "503 service unavailable",
    "service unavailable",
    "internal server error",
    "unauthorized",
    "401 unauthorized",
    "too many requests",
    "just a moment",
    "just a moment...",
    "just a moment…",
    "attention required!",
    "attention required",
    "are you a robot?",
    "are you a robot",
    "robot check",
    "captcha",
    "security check",
    "checking your browser",
    "please wait",
    "please wait...",
    "one moment, please...",
    "verification",
    "human verification",
    "before you continue",
    "cookie consent",
    "paywall",
    "maintenance",
    "down for maintenance",
    "under construction",
    "temporarily unavailable",
    "blocked",
    "zugriff verweigert",
    "seite nicht gefunden",
    "fehler",
    "accès refusé",
    "page introuvable",
    "page non trouvée",
    "erreur",
    "acceso denegado",
    "página no encontrada",
    "accesso negato",
    "pagina non trovata",
    "доступ запрещён",
    "доступ запрещен",
    "страница не найдена",
];

/// What says nothing, if it is the whole name.
const EMPTY_NAMES: &[&str] = &[
    "account",
    "join",
    "abo",
    "privacy",
    "consent",
    "verify",
    "index",
    "start",
    "blog",
    "website",
    "site",
    "my site",
    "home",
    "homepage",
    "home page",
    "startseite",
    "accueil",
    "inicio",
    "untitled",
    "untitled document",
    "default",
    "null",
    "undefined",
    "none",
    "n/a",
    "nan",
    "[object object]",
    "site name",
    "sitename",
    "your site name",
    "wordpress",
    "just another wordpress site",
];

/// Returns a site's name in one line, unless it cannot be one: what a login or error page says, the title of the article, a
/// headline, or nothing in particular.
pub(super) fn clean(name: &str, title: &str) -> Option<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    // Some pages give their host as their name.
    let name = name.strip_prefix("www.").unwrap_or(&name);
    let is_short = name.chars().count() <= MAX_CHARS && words(name).len() < MAX_WORDS;
    let is_name = is_short && !words(name).is_empty() && !has_a_part_that_is_none(name) && !repeats_title(name, title);
    is_name.then(|| name.to_owned())
}

fn has_a_part_that_is_none(name: &str) -> bool {
    let name = name.to_lowercase().replace('’', "'");
    let mut parts = vec![name.as_str()];
    for separator in SEPARATORS {
        parts = parts.iter().flat_map(|part| part.split(separator)).map(str::trim).collect();
    }
    parts.iter().any(|part| NO_NAMES.contains(part)) || EMPTY_NAMES.contains(&name.as_str())
}

/// Returns whether a name is the title, or has all of it and more.
fn repeats_title(name: &str, title: &str) -> bool {
    let (name, title) = (words(name), words(title));
    if title.is_empty() {
        return false;
    }
    name == title || (title.len() >= MIN_TITLE_WORDS && name.windows(title.len()).any(|part| part == title))
}

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_a_site_can_be_called() {
        let title = "The late ferry is here";
        for (given, expected) in [
            (" The  Harbour\nPost ", Some("The Harbour Post")),
            ("www.harbour.example", Some("harbour.example")),
            (
                "Frankfurter Allgemeine Zeitung – Zeitung für Deutschland",
                Some("Frankfurter Allgemeine Zeitung – Zeitung für Deutschland"),
            ),
            ("Signs of the Times", Some("Signs of the Times")),
            ("Login Magazine", Some("Login Magazine")),
            ("朝日新聞デジタル", Some("朝日新聞デジタル")),
            ("Log In | The Harbour Post", None),
            ("The Harbour Post – Sign in", None),
            ("The Harbour Post: Anmelden", None),
            ("Access Denied", None),
            ("Just a moment...", None),
            ("ログイン", None),
            ("THE LATE FERRY IS HERE", None),
            ("The late ferry is here | The Harbour Post", None),
            ("Council says that the new ferry will be late again in spring", None),
            ("Home", None),
            ("Home: The Design Magazine", Some("Home: The Design Magazine")),
            ("—", None),
            ("", None),
        ] {
            assert_eq!(clean(given, title).as_deref(), expected, "{given}");
        }
        assert_eq!(clean("Harbour", "Harbour"), None, "it is the title of the article");
        assert_eq!(clean("Harbour Post", "Harbour").as_deref(), Some("Harbour Post"));
    }
}
