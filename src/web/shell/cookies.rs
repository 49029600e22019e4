//! Session, device and display cookies. Over https those of sessions and devices have the prefix `__Host-` (RFC 6265bis,
//! 4.1.3.2), so that no neighbour on the same domain can set them. Cookies are shared between the ports of a host, so an
//! unusual port is in the name: two servers on one host do not log each other's readers out.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::accounts::{AccessPolicy, DEVICE_DURATION, SESSION_DURATION, Token};

/// Ports that need no mention: few hosts have servers on two of them.
const USUAL_PORTS: [u16; 3] = [80, 443, 8080];

const SESSION: &str = "broadsheet";
const DEVICE: &str = "broadsheet-device";

fn cookie_name(name: &str, access: &AccessPolicy) -> String {
    let prefix = if access.is_https() { "__Host-" } else { "" };
    match access.public_port() {
        port if USUAL_PORTS.contains(&port) => format!("{prefix}{name}"),
        port => format!("{prefix}{name}-{port}"),
    }
}

/// Returns the value of a cookie in a `Cookie` header.
fn find_cookie<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Returns the session token of a request.
pub(crate) fn session_token(headers: &HeaderMap, access: &AccessPolicy) -> Option<Token> {
    let name = cookie_name(SESSION, access);
    headers.get_all(header::COOKIE).iter().find_map(|line| Token::parse(find_cookie(line.to_str().ok()?, &name)?))
}

/// Returns the cookie that starts or renews a session.
pub(crate) fn session_cookie(token: &Token, access: &AccessPolicy) -> HeaderValue {
    build_secret_cookie(&cookie_name(SESSION, access), token.reveal(), SESSION_DURATION.as_secs(), access)
}

/// Returns the cookie that removes the session cookie.
pub(crate) fn expired_session_cookie(access: &AccessPolicy) -> HeaderValue {
    build_secret_cookie(&cookie_name(SESSION, access), "", 0, access)
}

/// Returns the value of the cookie by which a browser is known that somebody has logged in with.
pub(crate) fn find_device_cookie<'a>(headers: &'a HeaderMap, access: &AccessPolicy) -> Option<&'a str> {
    let name = cookie_name(DEVICE, access);
    headers.get_all(header::COOKIE).iter().find_map(|line| find_cookie(line.to_str().ok()?, &name))
}

/// Returns the cookie by which the browser is known from now on.
pub(crate) fn device_cookie(value: &str, access: &AccessPolicy) -> HeaderValue {
    build_secret_cookie(&cookie_name(DEVICE, access), value, DEVICE_DURATION.as_secs(), access)
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

fn build_secret_cookie(name: &str, value: &str, max_age: i64, access: &AccessPolicy) -> HeaderValue {
    let secure = if access.is_https() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    let mut value = HeaderValue::try_from(text).expect("the values are digits and dots, the rest is ours");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_on_one_host_have_cookies_of_their_own() {
        let name = |listen: &str, base_url| {
            cookie_name(SESSION, &AccessPolicy::new(listen.parse().unwrap(), base_url).unwrap())
        };
        assert_eq!(name("127.0.0.1:8080", None), "broadsheet");
        assert_eq!(name("127.0.0.1:8090", None), "broadsheet-8090");
        assert_eq!(name("0.0.0.0:8080", Some("http://nas.example:8181")), "broadsheet-8181");
        assert_eq!(name("127.0.0.1:8099", Some("https://news.example")), "__Host-broadsheet");
        assert_eq!(name("127.0.0.1:8080", Some("https://news.example:8443")), "__Host-broadsheet-8443");
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let cookies = "xbroadsheet=1; broadsheets=2; broadsheet-device=6; broadsheet=3;broadsheet-size=4; theme=5";
        assert_eq!(find_cookie(cookies, "broadsheet"), Some("3"));
        assert_eq!(find_display_setting(cookies, "size"), Some("4"));
        assert_eq!(find_display_setting(cookies, "theme"), None, "that is another program's");
    }
}
