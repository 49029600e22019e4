//! Resolves host names to addresses that are checked before connecting.
//!
//! The HTTP client asks [`CheckedResolver`] when it is about to connect and connects to the addresses it returns. There
//! is no second lookup after the check that could answer differently (DNS rebinding). The client does not resolve IP
//! literals; `ssrf_guard` checks those before each request.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderValue;
use url::{Host, Url};

use crate::ingest::fetch::ssrf_guard::{self, AddressScope};

/// Resolves host names.
#[derive(Clone)]
pub struct Resolver(ResolverKind);

/// Answers a lookup in tests: the addresses of a name, or an error if there is no such name.
type Script = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

#[derive(Clone)]
enum ResolverKind {
    System,
    Scripted { origin: SocketAddr, tls_port: Option<u16>, script: Arc<Script> },
}

/// Replaces IP literals in scripted networks, so that the client resolves them like names.
const LITERAL_STAND_IN: &str = "literal.invalid";

impl Resolver {
    /// Uses the operating system's resolver: `/etc/hosts`, DNS and whatever else it is configured to ask.
    pub fn system() -> Self {
        Self(ResolverKind::System)
    }

    /// Simulates a network for tests: `script` resolves names, and every connection goes to `origin`, which tells the
    /// hosts apart by the `Host` header.
    ///
    /// The guard stays in force: it checks scripted addresses and literals like real ones, and nothing it blocks
    /// reaches `origin`. No setting enables this. Ports and literals only work over plain text, so tests fetch
    /// `http://` URLs.
    pub fn scripted(
        origin: SocketAddr,
        script: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self(ResolverKind::Scripted { origin, tls_port: None, script: Arc::new(script) })
    }

    /// Simulates a network in which every name exists, has a public address, and is served by `origin`.
    pub fn all_hosts_at(origin: SocketAddr) -> Self {
        Self::scripted(origin, |_| Ok(vec![IpAddr::from([93, 184, 216, 34])]))
    }

    /// Sends https to another port of the origin than http.
    #[must_use]
    pub fn with_tls_port(self, port: u16) -> Self {
        match self.0 {
            ResolverKind::Scripted { origin, script, .. } => {
                Self(ResolverKind::Scripted { origin, tls_port: Some(port), script })
            }
            system @ ResolverKind::System => Self(system),
        }
    }

    /// In a scripted network, returns the URL for the client and the `Host` header of the original URL. Needed for
    /// literals, which the client would not resolve, and for explicit ports, for which it would ignore the resolver's
    /// port.
    pub(super) fn scripted_request(&self, url: &Url) -> Option<(Url, HeaderValue)> {
        let ResolverKind::Scripted { tls_port, .. } = self.0 else {
            return None;
        };
        let literal = !matches!(url.host()?, Host::Domain(_));
        let tls_port = tls_port.filter(|_| url.scheme() == "https");
        if !literal && url.port().is_none() && tls_port.is_none() {
            return None;
        }
        let host_header = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let host_header = HeaderValue::from_str(host_header).ok()?;
        let mut rewritten = url.clone();
        rewritten.set_port(tls_port).ok()?;
        if literal {
            rewritten.set_host(Some(LITERAL_STAND_IN)).ok()?;
        }
        Some((rewritten, host_header))
    }

    /// Resolves `name` and checks the addresses unless `scope` allows any. With port 0 the client uses the port of the
    /// URL.
    async fn resolve_checked(&self, name: &str, scope: AddressScope) -> Result<Vec<SocketAddr>, BoxError> {
        let addresses: Vec<IpAddr> = match &self.0 {
            ResolverKind::System => {
                let found = tokio::net::lookup_host((name, 0)).await?;
                found.map(|address| address.ip()).collect()
            }
            ResolverKind::Scripted { origin, .. } if name == LITERAL_STAND_IN => return Ok(vec![*origin]),
            ResolverKind::Scripted { script, .. } => script(name)?,
        };
        if scope == AddressScope::PublicOnly {
            ssrf_guard::check_addresses(name, &addresses)?;
        }
        Ok(match &self.0 {
            ResolverKind::System => addresses.iter().map(|ip| SocketAddr::new(*ip, 0)).collect(),
            ResolverKind::Scripted { origin, .. } => addresses.iter().map(|_| *origin).collect(),
        })
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A resolver for the HTTP client that returns only addresses it may connect to.
pub(super) struct CheckedResolver {
    pub(super) resolver: Resolver,
    pub(super) scope: AddressScope,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, scope) = (self.resolver.clone(), self.scope);
        Box::pin(async move {
            let addresses = resolver.resolve_checked(name.as_str(), scope).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
