//! Session and display cookies. Over https the session cookie has the prefix `__Host-` (RFC 6265bis, 4.1.3.2), so that
//! no neighbour on the same domain can set it.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::accounts::{AccessPolicy, SESSION_DURATION, Token};

const fn session_cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-broadsheet" } else { "broadsheet" }
}

/// Returns the value of a cookie in a `Cookie` header.
fn find_cookie<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Returns the session token of a request.
pub(crate) fn session_token(headers: &HeaderMap, access: &AccessPolicy) -> Option<Token> {
    let name = session_cookie_name(access.is_https());
    headers.get_all(header::COOKIE).iter().find_map(|line| Token::parse(find_cookie(line.to_str().ok()?, name)?))
}

/// Returns the cookie that starts or renews a session.
pub(crate) fn session_cookie(token: &Token, access: &AccessPolicy) -> HeaderValue {
    build_session_cookie(token.reveal(), SESSION_DURATION.as_secs(), access.is_https())
}

/// Returns the cookie that removes the session cookie.
pub(crate) fn expired_session_cookie(access: &AccessPolicy) -> HeaderValue {
    build_session_cookie("", 0, access.is_https())
}

/// Returns the value of a display setting.
pub(crate) fn find_display_setting<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    find_cookie(cookies, &display_cookie_name(name))
}

/// Cookies are shared between ports, and another program on this host may have a `theme` too.
fn display_cookie_name(name: &str) -> String {
    format!("broadsheet-{name}")
}

/// Returns the cookie that remembers a display setting for a year.
pub(crate) fn display_cookie(name: &'static str, value: &'static str, access: &AccessPolicy) -> HeaderValue {
    const YEAR: u32 = 365 * 24 * 60 * 60;
    let secure = if access.is_https() { "; Secure" } else { "" };
    let name = display_cookie_name(name);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR}{secure}");
    HeaderValue::try_from(text).expect("names and words of looks are letters and digits")
}

fn build_session_cookie(value: &str, max_age: i64, is_https: bool) -> HeaderValue {
    let secure = if is_https { "; Secure" } else { "" };
    let text =
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}", session_cookie_name(is_https));
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
        assert_eq!(find_cookie(cookies, "broadsheet"), Some("3"));
        assert_eq!(find_display_setting(cookies, "size"), Some("4"));
        assert_eq!(find_display_setting(cookies, "theme"), None, "that is another program's");
    }
}
