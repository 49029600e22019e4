//! Decides which requests the server accepts, before anybody logs in.
//!
//! Without an account, only requests that clearly come from this computer are allowed: see
//! [`AccessPolicy::allows_anonymous`]. Pure: uses only the socket address and the headers.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context as _, ensure};
use url::Url;

/// Headers that a proxy adds about the client.
const PROXY_HEADERS: [&str; 7] =
    ["forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "cf-connecting-ip", "true-client-ip"];

/// The address the server listens on, and its public URL.
#[derive(Debug, Clone)]
pub struct AccessPolicy {
    listen: SocketAddr,
    base_url: Option<Url>,
}

/// The facts of a request that access depends on.
#[derive(Debug, Clone, Copy)]
pub struct RequestInfo<'a> {
    /// Address of the other end of the socket.
    pub peer: IpAddr,
    /// The `Host` header: name and optional port. `None` if missing or repeated.
    pub host: Option<&'a str>,
    /// Whether any header was added by a proxy, see [`is_proxy_header`].
    pub is_proxied: bool,
}

impl AccessPolicy {
    /// `base_url` is the public URL behind a TLS proxy, if there is one.
    ///
    /// # Errors
    /// The public URL is not `http://name` or `https://name`: Broadsheet cannot be served below a path.
    pub fn new(listen: SocketAddr, base_url: Option<&str>) -> anyhow::Result<Self> {
        let base_url = base_url.map(parse_base_url).transpose()?;
        Ok(Self { listen, base_url })
    }

    /// Returns whether browsers reach the server by HTTPS, so that cookies are limited to it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url.as_ref().is_some_and(|base| base.scheme() == "https")
    }

    /// Returns whether a request needs no account: the server listens on a loopback address, the peer is one, `Host`
    /// names one, and no proxy is involved. `Host` is checked against DNS rebinding: a foreign page still sends its own
    /// name. With a public URL, that must be a loopback name too.
    #[must_use]
    pub fn allows_anonymous(&self, request: RequestInfo<'_>) -> bool {
        let is_loopback_host = |host: &str| hostname(host).is_some_and(is_loopback_name);
        let public_host = self.base_url.as_ref().and_then(Url::host_str);
        is_loopback(self.listen.ip())
            && is_loopback(request.peer)
            && request.host.is_some_and(is_loopback_host)
            && !request.is_proxied
            && public_host.is_none_or(is_loopback_host)
    }

    /// Returns whether the server answers requests for this host. With a public URL, only its host is accepted. Without
    /// one, any is: anonymous requests are limited to loopback names by [`Self::allows_anonymous`], and others need a
    /// session cookie, which browsers send to one name only. So DNS rebinding reaches just the login page.
    #[must_use]
    pub fn accepts_host(&self, host: Option<&str>) -> bool {
        let Some(base) = &self.base_url else { return true };
        host.and_then(hostname).is_some_and(|name| base.host_str().is_some_and(|ours| ours.eq_ignore_ascii_case(name)))
    }

    /// Returns whether an `Origin` header is this server's. Without a public URL, that is `http://` and the value of
    /// `Host`.
    #[must_use]
    pub fn is_same_origin(&self, origin: &str, host: Option<&str>) -> bool {
        let ours = match &self.base_url {
            Some(base) => Some(base.clone()),
            None => host.and_then(|host| Url::parse(&format!("http://{host}")).ok()),
        };
        let theirs = Url::parse(origin).ok().map(|theirs| theirs.origin()).filter(url::Origin::is_tuple);
        theirs.is_some() && theirs == ours.map(|ours| ours.origin())
    }

    /// Returns the IP address that login attempts are counted for: the peer's. Behind a TLS proxy (there is a public
    /// URL, and the peer is in a private network), it is the last entry of `X-Forwarded-For`, which the proxy itself
    /// added. Forging it would evade only this limit, not the one per name.
    #[must_use]
    pub fn client_ip(&self, peer: IpAddr, forwarded_for: Option<&str>) -> IpAddr {
        let last_hop = || forwarded_for?.rsplit(',').next()?.trim().parse().ok();
        if self.base_url.is_some() && is_private(peer) { last_hop().unwrap_or(peer) } else { peer }
    }

    /// Returns the URL to open in a browser. A server that listens on all interfaces says `localhost`; other computers
    /// need this one's name or IP address.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.base_url {
            Some(base) => base.origin().ascii_serialization(),
            None if self.listen.ip().is_unspecified() => format!("http://localhost:{}", self.listen.port()),
            None => format!("http://{}", self.listen),
        }
    }

    /// Returns whether the first visit needs the set-up link, because [`Self::allows_anonymous`] can never hold.
    #[must_use]
    pub fn requires_setup(&self) -> bool {
        let host = self.base_url.as_ref().and_then(Url::host_str).unwrap_or("localhost");
        !self.allows_anonymous(RequestInfo { peer: [127, 0, 0, 1].into(), host: Some(host), is_proxied: false })
    }
}

/// Returns whether a header of this name (lower case) is added by proxies.
#[must_use]
pub fn is_proxy_header(header: &str) -> bool {
    header.starts_with("x-forwarded") || PROXY_HEADERS.contains(&header)
}

fn parse_base_url(text: &str) -> anyhow::Result<Url> {
    let wrong = || format!("{text} is not a public address; give one like https://news.example.org");
    let base = Url::parse(text).with_context(wrong)?;
    let plain = base.path() == "/" && base.query().is_none() && base.fragment().is_none() && base.username().is_empty();
    ensure!(matches!(base.scheme(), "http" | "https") && base.has_host() && plain, wrong());
    Ok(base)
}

/// Returns the name in a `Host` header, without the port, or `None` if it is invalid.
fn hostname(host: &str) -> Option<&str> {
    let end = if host.starts_with('[') { host.find(']')? + 1 } else { host.find(':').unwrap_or(host.len()) };
    let (name, port) = host.split_at(end);
    let port_is_number = port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    (!name.is_empty() && (port.is_empty() || port_is_number)).then_some(name)
}

/// Accepts only the three names that browsers never look up; not `127.1` or `localhost.`, which nobody needs.
fn is_loopback_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

const fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(listen: &str, base_url: Option<&str>) -> AccessPolicy {
        AccessPolicy::new(listen.parse().unwrap(), base_url).unwrap()
    }

    fn allows(access: &AccessPolicy, peer: &str, host: &str) -> bool {
        access.allows_anonymous(RequestInfo { peer: peer.parse().unwrap(), host: Some(host), is_proxied: false })
    }

    #[test]
    fn only_local_requests_to_a_local_name_need_no_account() {
        let home = access("127.0.0.1:8080", None);
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:80"] {
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
        let here = [127, 0, 0, 1].into();
        assert!(!home.allows_anonymous(RequestInfo { peer: here, host: None, is_proxied: false }));
        assert!(!home.allows_anonymous(RequestInfo { peer: here, host: Some("localhost"), is_proxied: true }));
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
    fn proxy_headers_are_recognised() {
        for header in ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip", "via"] {
            assert!(is_proxy_header(header), "{header}");
        }
        assert!(!is_proxy_header("accept") && !is_proxy_header("x-requested-with"));
    }

    #[test]
    fn an_origin_must_match_exactly() {
        let lan = access("0.0.0.0:8080", None);
        let host = Some("nas.local:8080");
        assert!(lan.is_same_origin("http://nas.local:8080", host));
        for other in ["null", "", "http://nas.local", "https://nas.local:8080", "http://nas.local.evil:8080", "file://"]
        {
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
        for wrong in ["news.example.org", "ftp://news.example.org", "https://example.org/news", "https://u@example.org"]
        {
            let refused = AccessPolicy::new("127.0.0.1:80".parse().unwrap(), Some(wrong)).unwrap_err();
            assert!(refused.to_string().contains("public address"), "{wrong}: {refused}");
        }
        assert_eq!(access("127.0.0.1:80", Some("https://example.org/")).public_url(), "https://example.org");
        assert_eq!(access("0.0.0.0:8080", None).public_url(), "http://localhost:8080");
    }
}
