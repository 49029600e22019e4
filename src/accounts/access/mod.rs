//! Decides which requests the server accepts, before anybody logs in.
//!
//! Without an account, only a browser on this computer is allowed, and no proxy in between: see
//! [`AccessPolicy::check_anonymous`]. Pure: uses only the socket address and the head of the request.

mod proxy_signs;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context as _, ensure};
use axum::http::{HeaderMap, Version};
use url::Url;

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
    /// Version of HTTP.
    pub version: Version,
    /// All headers.
    pub headers: &'a HeaderMap,
}

/// Why a request is refused while there is no account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The server can be reached from other computers, so the first visit needs the set-up link.
    NeedsSetup,
    /// It came from another computer.
    OtherComputer,
    /// It asked for a name that no address bar on this computer has.
    OtherName,
    /// It came through a proxy; holds by what that was noticed.
    Proxy(ProxySign),
    /// It came from a page of another site, or belongs to one.
    OtherSite,
    /// It came from a program of another user of this computer, as proxies are.
    OtherUser,
}

/// What a proxy left in a request. No browser on this computer sends any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxySign {
    /// A version of HTTP that browsers gave up in the nineties.
    OldVersion,
    /// A `Connection` header other than `keep-alive`.
    Connection,
    /// A header about the client; holds its name in lower case.
    Header(String),
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

    /// Returns the port that browsers use.
    #[must_use]
    pub fn public_port(&self) -> u16 {
        self.base_url.as_ref().and_then(Url::port_or_known_default).unwrap_or_else(|| self.listen.port())
    }

    /// Checks whether a request needs no account: the server listens on a loopback address, the peer is one, `Host`
    /// names one, no proxy is involved, and neither is another site. `Host` is checked against DNS rebinding: a foreign
    /// page still sends its own name. Its port is not, since an SSH tunnel has another one.
    ///
    /// # Errors
    /// Why it needs one.
    pub fn check_anonymous(&self, request: RequestInfo<'_>) -> Result<(), Refusal> {
        if self.requires_setup() {
            return Err(Refusal::NeedsSetup);
        }
        if !is_loopback(request.peer) {
            return Err(Refusal::OtherComputer);
        }
        if let Some(sign) = proxy_signs::find(request.version, request.headers) {
            return Err(Refusal::Proxy(sign));
        }
        if !request.host.and_then(hostname).is_some_and(is_loopback_name) {
            return Err(Refusal::OtherName);
        }
        if !self.is_from_own_page(request) {
            return Err(Refusal::OtherSite);
        }
        Ok(())
    }

    /// Returns whether everything a browser says about where a request began is good: our own page, or the reader, for
    /// example in the address bar. Old browsers and programs say nothing.
    fn is_from_own_page(&self, request: RequestInfo<'_>) -> bool {
        let mut sites = request.headers.get_all("sec-fetch-site").iter();
        let mut origins = request.headers.get_all("origin").iter();
        sites.all(|site| site == "same-origin" || site == "none")
            && origins.all(|origin| origin.to_str().is_ok_and(|origin| self.is_same_origin(origin, request.host)))
    }

    /// Returns whether the server answers requests for this host. With a public URL, only its host is accepted. Without
    /// one, any is: anonymous requests are limited to loopback names by [`Self::check_anonymous`], and others need a
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

    /// Returns whether the first visit needs the set-up link, because [`Self::check_anonymous`] can never succeed: the
    /// server listens on more than a loopback address, or its public URL has another name.
    #[must_use]
    pub fn requires_setup(&self) -> bool {
        let public_host = self.base_url.as_ref().and_then(Url::host_str);
        !is_loopback(self.listen.ip()) || !public_host.is_none_or(is_loopback_name)
    }
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

/// Accepts only names that browsers never look up, as browsers write them: not `127.1` or `localhost.`, which nobody
/// needs.
fn is_loopback_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost")
        || name == "[::1]"
        || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
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
