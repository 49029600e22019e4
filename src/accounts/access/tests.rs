use axum::http::HeaderName;

use super::*;

fn access(listen: &str, base_url: Option<&str>) -> AccessPolicy {
    AccessPolicy::new(listen.parse().unwrap(), base_url).unwrap()
}

fn allows(access: &AccessPolicy, peer: &str, host: &str) -> bool {
    check(access, peer, Some(host), &[]).is_ok()
}

fn check(access: &AccessPolicy, peer: &str, host: Option<&str>, headers: &[(&str, &str)]) -> Result<(), Refusal> {
    let name = |name: &str| HeaderName::from_bytes(name.as_bytes()).unwrap();
    let headers = headers.iter().map(|(header, value)| (name(header), value.parse().unwrap())).collect();
    let peer = peer.parse().unwrap();
    access.check_anonymous(RequestInfo { peer, host, version: Version::HTTP_11, headers: &headers })
}

/// Checks a request from this computer to `localhost:8080` with these headers.
fn check_local(headers: &[(&str, &str)]) -> Result<(), Refusal> {
    check(&access("127.0.0.1:8080", None), "127.0.0.1", Some("localhost:8080"), headers)
}

#[test]
fn only_local_requests_to_a_local_name_need_no_account() {
    let home = access("127.0.0.1:8080", None);
    for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "127.9.8.7:80", "[::1]", "[::1]:80"] {
        assert!(allows(&home, "127.0.0.1", host) && allows(&home, "::ffff:127.0.0.1", host), "{host}");
        assert!(!allows(&home, "192.168.1.7", host), "{host}");
        for elsewhere in ["0.0.0.0:8080", "[::]:8080", "192.168.1.2:8080"] {
            assert!(!allows(&access(elsewhere, None), "127.0.0.1", host), "{host} on {elsewhere}");
        }
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost.",
        "127.1",
        "",
        "localhost:80:80",
        "localhost:x",
        "[::1",
        "[::1]x",
        "::1",
        "user@localhost",
        "2130706433",
    ] {
        assert!(!allows(&home, "127.0.0.1", host), "{host}");
    }
    assert_eq!(check(&home, "127.0.0.1", None, &[]), Err(Refusal::OtherName));
    assert!(allows(&access("[::1]:8080", None), "::1", "[::1]:8080"));
}

#[test]
fn a_public_url_requires_an_account() {
    let public = access("127.0.0.1:8080", Some("https://news.example.org"));
    assert!(!allows(&public, "127.0.0.1", "127.0.0.1:8080") && public.requires_setup());
    assert!(public.accepts_host(Some("NEWS.example.org:443")) && !public.accepts_host(Some("127.0.0.1:8080")));
    assert!(!public.accepts_host(None));
    assert!(!access("127.0.0.1:8080", Some("http://localhost:8080")).requires_setup());
    assert!(!access("127.0.0.1:8080", None).requires_setup() && access("0.0.0.0:8080", None).requires_setup());
}

#[test]
fn a_request_that_went_through_a_proxy_needs_an_account() {
    for header in [
        "x-forwarded-for",
        "x-forwarded-anything-new",
        "forwarded",
        "x-real-ip",
        "via",
        "cf-ray",
        "cf-connecting-ip",
        "tailscale-user-login",
        "x-original-host",
        "cdn-loop",
        "x-nginx-proxy",
        "remote-user",
    ] {
        assert_eq!(check_local(&[(header, "x")]), Err(Refusal::Proxy(ProxySign::Header(header.into()))));
    }
    for connection in ["close", "Close", "upgrade", "keep-alive, close", "te", ""] {
        let refused = Err(Refusal::Proxy(ProxySign::Connection));
        assert_eq!(check_local(&[("connection", connection)]), refused, "{connection}");
    }
    let twice = [("connection", "keep-alive"), ("connection", "close")];
    assert_eq!(check_local(&twice), Err(Refusal::Proxy(ProxySign::Connection)));
    for usual in [("connection", "Keep-Alive"), ("accept", "*/*"), ("x-requested-with", "x"), ("x-request-id", "7")] {
        assert_eq!(check_local(&[usual]), Ok(()), "{usual:?}");
    }
    for version in [Version::HTTP_09, Version::HTTP_10] {
        let headers = HeaderMap::new();
        let request = RequestInfo { peer: [127, 0, 0, 1].into(), host: Some("localhost"), version, headers: &headers };
        let refused = access("127.0.0.1:8080", None).check_anonymous(request);
        assert_eq!(refused, Err(Refusal::Proxy(ProxySign::OldVersion)));
    }
}

#[test]
fn a_request_that_another_site_made_needs_an_account() {
    for own in [
        &[][..],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8080")],
        &[("origin", "http://LOCALHOST:8080")],
    ] {
        assert_eq!(check_local(own), Ok(()), "{own:?}");
    }
    for other in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://news.example.org")],
        &[("origin", "null")],
        &[("origin", "http://localhost:9090")],
        &[("origin", "http://127.0.0.1:8080")],
        &[("origin", "http://localhost:8080"), ("origin", "http://evil.example")],
    ] {
        assert_eq!(check_local(other), Err(Refusal::OtherSite), "{other:?}");
    }
}

#[test]
fn an_origin_must_match_exactly() {
    let lan = access("0.0.0.0:8080", None);
    let host = Some("nas.local:8080");
    assert!(lan.is_same_origin("http://nas.local:8080", host));
    for other in ["null", "", "http://nas.local", "https://nas.local:8080", "http://nas.local.evil:8080", "file://"] {
        assert!(!lan.is_same_origin(other, host), "{other}");
    }
    let public = access("127.0.0.1:8080", Some("https://news.example.org"));
    assert!(public.is_same_origin("https://news.example.org", Some("127.0.0.1:8080")));
    assert!(!public.is_same_origin("http://127.0.0.1:8080", Some("127.0.0.1:8080")));
    assert!(!lan.is_same_origin("null", None));
}

#[test]
fn only_a_private_proxy_sets_the_client_ip() {
    let public = access("127.0.0.1:8080", Some("https://news.example.org"));
    let peer: IpAddr = "172.17.0.1".parse().unwrap();
    let forwarded = Some("10.9.9.9, 198.51.100.7");
    assert_eq!(public.client_ip(peer, forwarded).to_string(), "198.51.100.7");
    assert_eq!(public.client_ip(peer, Some("rubbish")), peer);
    let stranger: IpAddr = "203.0.113.5".parse().unwrap();
    assert_eq!(public.client_ip(stranger, forwarded), stranger);
    assert_eq!(access("0.0.0.0:8080", None).client_ip(peer, forwarded), peer);
}

#[test]
fn a_public_url_has_no_path_or_user() {
    for wrong in ["news.example.org", "ftp://news.example.org", "https://example.org/news", "https://u@example.org"] {
        let refused = AccessPolicy::new("127.0.0.1:80".parse().unwrap(), Some(wrong)).unwrap_err();
        assert!(refused.to_string().contains("public address"), "{wrong}: {refused}");
    }
    assert_eq!(access("127.0.0.1:80", Some("https://example.org/")).public_url(), "https://example.org");
    assert_eq!(access("0.0.0.0:8080", None).public_url(), "http://localhost:8080");
}
