//! The session's cookie. Under https its name begins with `__Host-`: a browser then takes it from this very host only,
//! so that a neighbour on the same domain cannot plant one.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::accounts::{AccessPolicy, SESSION_DURATION, Token};

const fn name(is_https: bool) -> &'static str {
    if is_https { "__Host-broadsheet" } else { "broadsheet" }
}

/// The value of a cookie, from the `Cookie` header.
fn find<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The token of the session a browser brought.
pub(crate) fn session_token(headers: &HeaderMap, access: &AccessPolicy) -> Option<Token> {
    let name = name(access.is_https());
    headers.get_all(header::COOKIE).iter().find_map(|line| Token::parse(find(line.to_str().ok()?, name)?))
}

/// The cookie that begins or renews a session.
pub(crate) fn of_session(token: &Token, access: &AccessPolicy) -> HeaderValue {
    cookie(token.reveal(), SESSION_DURATION.as_secs(), access.is_https())
}

/// The cookie that makes a browser forget its session.
pub(crate) fn of_no_session(access: &AccessPolicy) -> HeaderValue {
    cookie("", 0, access.is_https())
}

/// What a browser remembers of a choice of looks.
pub(crate) fn look<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    find(cookies, &name_of_look(name))
}

/// Cookies know no ports, and another program on this host may well have a `theme`.
fn name_of_look(name: &str) -> String {
    format!("broadsheet-{name}")
}

/// The cookie that remembers a choice of looks for a year. Both words are ours.
pub(crate) fn of_looks(name: &'static str, word: &'static str, access: &AccessPolicy) -> HeaderValue {
    const YEAR: u32 = 365 * 24 * 60 * 60;
    let secure = if access.is_https() { "; Secure" } else { "" };
    let name = name_of_look(name);
    let text = format!("{name}={word}; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR}{secure}");
    HeaderValue::try_from(text).expect("names and words of looks are letters and digits")
}

fn cookie(value: &str, max_age: i64, is_https: bool) -> HeaderValue {
    let secure = if is_https { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}", name(is_https));
    let mut value = HeaderValue::try_from(text).expect("a token is hex digits, the rest is ours");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let cookies = "xbroadsheet=1; broadsheets=2; broadsheet=3;broadsheet-size=4; theme=5";
        assert_eq!(find(cookies, "broadsheet"), Some("3"));
        assert_eq!(look(cookies, "size"), Some("4"));
        assert_eq!(look(cookies, "theme"), None, "that is another program's");
    }
}
