//! From a host's name to the addresses that are dialled, judged in between.
//!
//! The HTTP client asks [`CheckedResolver`] when it is about to connect and dials exactly what it is given,
//! so there is no second look-up between judging and dialling that could answer differently
//! (DNS rebinding). It does not ask for addresses written as numbers: those are judged by
//! `guard` before each hop.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderValue;
use url::{Host, Url};

use crate::ingest::fetch::ssrf_guard::{self, AddressScope};

/// Where names become addresses.
#[derive(Clone)]
pub struct Resolver(ResolverKind);

/// Answers for a name as the world would: its addresses, or an error when there is no such name.
type Script = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

#[derive(Clone)]
enum ResolverKind {
    System,
    Scripted { origin: SocketAddr, script: Arc<Script> },
}

/// Stands for an address written as a number, so that a played network is asked for it as well.
const LITERAL_STAND_IN: &str = "literal.invalid";

impl Resolver {
    /// The operating system's resolver: `/etc/hosts`, DNS and whatever else it is set up to ask.
    pub fn system() -> Self {
        Self(ResolverKind::System)
    }

    /// A network played by a test: `script` says which addresses a name has in that world, and all
    /// connections land at `origin`, which tells the hosts apart by the `Host` header.
    ///
    /// The guard is not weakened: it judges the scripted answers and every literal exactly as it
    /// judges real ones, and what it refuses never reaches `origin`. No setting leads here. Since
    /// only plain text can be played for a port or a literal, tests fetch `http://` addresses.
    pub fn scripted(
        origin: SocketAddr,
        script: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self(ResolverKind::Scripted { origin, script: Arc::new(script) })
    }

    /// A played network in which every name exists, with a public address, at `origin`.
    pub fn all_hosts_at(origin: SocketAddr) -> Self {
        Self::scripted(origin, |_| Ok(vec![IpAddr::from([93, 184, 216, 34])]))
    }

    /// In a played network: the address to hand to the client, and the `Host` header that says
    /// what was meant. Needed where the client would not ask the resolver for a place to dial
    /// (a literal), or would not take the resolver's port (the address names one).
    pub(super) fn scripted_request(&self, url: &Url) -> Option<(Url, HeaderValue)> {
        let ResolverKind::Scripted { .. } = self.0 else {
            return None;
        };
        let literal = !matches!(url.host()?, Host::Domain(_));
        if !literal && url.port().is_none() {
            return None;
        }
        let host_header = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let host_header = HeaderValue::from_str(host_header).ok()?;
        let mut rewritten = url.clone();
        rewritten.set_port(None).ok()?;
        if literal {
            rewritten.set_host(Some(LITERAL_STAND_IN)).ok()?;
        }
        Some((rewritten, host_header))
    }

    /// What `name` resolves to, judged unless `scope` says otherwise, as places to dial. Port 0
    /// leaves the port to the address that is fetched.
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

/// A resolver that only ever answers with addresses that may be dialled.
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
