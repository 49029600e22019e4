//! Protects against server-side request forgery (SSRF): decides which URLs and addresses are never fetched. Pure.
//!
//! Checks three things before a byte is sent: the form (scheme, no credentials), the port, and that the address is
//! public. The address is checked as a literal in the URL of every request, and for every address a name resolves to.
//! One internal address among several blocks the name: an honest site has no private address, and a connection that
//! fails over to the next address must not find one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::ingest::fetch::blocked_ports;
use crate::ingest::fetch::error::{BlockReason, BlockedUrl};

/// The rules, with the operator's exceptions.
#[derive(Debug, Clone)]
pub(super) struct SsrfGuard {
    hosts: Vec<AllowedHost>,
    ports: Vec<u16>,
}

/// The addresses a request may connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AddressScope {
    /// Public addresses only: every resolved address is checked.
    PublicOnly,
    /// Any address, since the operator has allowed this host.
    Any,
}

/// Who named a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// The reader, or a page or redirect of a host that the operator allows to be internal.
    Inside,
    /// A page or redirect of any other site. Its author must not choose which service of a private network is asked.
    Outside,
}

/// A host that the operator allows to be internal: at one port, or at every web port.
#[derive(Debug, Clone)]
struct AllowedHost {
    host: Host<String>,
    port: Option<u16>,
}

impl SsrfGuard {
    /// Parses `hosts` as in `BROADSHEET_ALLOW_HOSTS`. The error is an invalid entry.
    pub(super) fn new(hosts: &[String], ports: &[u16]) -> Result<Self, String> {
        let hosts = hosts
            .iter()
            .map(|entry| AllowedHost::parse(entry).ok_or_else(|| entry.clone()))
            .collect::<Result<_, _>>()?;
        Ok(Self { hosts, ports: ports.to_vec() })
    }

    /// Checks a URL before its name is resolved. Named from outside, an allowed host is only allowed at a port that the
    /// operator has named; otherwise it is a host like any other.
    pub(super) fn check_url(&self, url: &Url, named_by: NamedBy) -> Result<AddressScope, BlockedUrl> {
        check_scheme_and_credentials(url)?;
        let port = url.port_or_known_default().unwrap_or(0);
        let no_host = || blocked(url, BlockReason::InternalAddress("a link without a host"));
        let host = host_without_trailing_dot(url).ok_or_else(no_host)?;
        let allowed = self.hosts.iter().filter(|allowed| allowed.host == host);
        let any_port = named_by == NamedBy::Inside;
        let matching: Vec<_> = allowed.filter(|allowed| allowed.port.map_or(any_port, |only| only == port)).collect();
        let port_named = matching.iter().any(|allowed| allowed.port == Some(port));
        if blocked_ports::is_blocked(port) && !port_named && !self.ports.contains(&port) {
            return Err(blocked(url, BlockReason::Port(port)));
        }
        if !matching.is_empty() {
            return Ok(AddressScope::Any);
        }
        match describe_internal_host(&host) {
            Some(what) => {
                let blocked = blocked(url, BlockReason::InternalAddress(what));
                Err(if named_by == NamedBy::Outside { self.explain(blocked, url) } else { blocked })
            }
            None => Ok(AddressScope::PublicOnly),
        }
    }

    /// Gives the reason for a blocked URL that the reader could have asked for: another site named it.
    pub(super) fn explain(&self, blocked: BlockedUrl, url: &Url) -> BlockedUrl {
        match blocked.reason {
            BlockReason::InternalAddress(what) if self.check_url(url, NamedBy::Inside) == Ok(AddressScope::Any) => {
                let port = url.port_or_known_default().unwrap_or(0);
                BlockedUrl { reason: BlockReason::NamedFromOutside(what, port), ..blocked }
            }
            _ => blocked,
        }
    }
}

/// Allows only http and https without credentials, which we would otherwise store.
pub(super) fn check_scheme_and_credentials(url: &Url) -> Result<(), BlockedUrl> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(blocked(url, BlockReason::Scheme(url.scheme().to_owned())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(blocked(url, BlockReason::Credentials));
    }
    Ok(())
}

/// Checks every address that `name` resolved to.
pub(super) fn check_addresses(name: &str, addresses: &[IpAddr]) -> Result<(), BlockedUrl> {
    match addresses.iter().find_map(|address| describe_special_address(*address)) {
        Some(what) => Err(BlockedUrl { host: name.to_owned(), reason: BlockReason::InternalAddress(what) }),
        None => Ok(()),
    }
}

impl AllowedHost {
    /// Parses `name`, `name:port`, `192.0.2.1`, `192.0.2.1:port`, `::1`, `[::1]` or `[::1]:port`.
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim();
        if let Ok(address) = entry.parse::<Ipv6Addr>() {
            return Some(Self { host: Host::Ipv6(address), port: None });
        }
        let digits = |tail: &str| !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit());
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, tail)) if digits(tail) => (host, Some(tail.parse().ok()?)),
            _ => (entry, None),
        };
        let host = match Host::parse(host.trim_end_matches('.')).ok()? {
            Host::Domain(name) if name.is_empty() || name.contains('*') => return None,
            host => host,
        };
        Some(Self { host, port })
    }
}

/// Returns the host without the dot that may end a full name: `localhost.` is `localhost`.
fn host_without_trailing_dot(url: &Url) -> Option<Host<String>> {
    Some(match url.host()? {
        Host::Domain(name) => Host::Domain(name.trim_end_matches('.').to_owned()),
        Host::Ipv4(address) => Host::Ipv4(address),
        Host::Ipv6(address) => Host::Ipv6(address),
    })
}

fn describe_internal_host(host: &Host<String>) -> Option<&'static str> {
    match host {
        Host::Ipv4(address) => describe_special_address(IpAddr::V4(*address)),
        Host::Ipv6(address) => describe_special_address(IpAddr::V6(*address)),
        Host::Domain(name) => is_local_name(name).then_some("on this computer"),
    }
}

/// Returns whether a name means this computer by definition (RFC 6761) or in the usual `/etc/hosts`.
fn is_local_name(name: &str) -> bool {
    const LOCAL: [&str; 7] = [
        "localhost",
        "localhost.localdomain",
        "localhost4",
        "localhost6",
        "ip6-localhost",
        "ip6-loopback",
        "broadcasthost",
    ];
    name.is_empty() || LOCAL.contains(&name) || name.ends_with(".localhost")
}

fn blocked(url: &Url, reason: BlockReason) -> BlockedUrl {
    BlockedUrl { host: url.host_str().unwrap_or_default().to_owned(), reason }
}

const PRIVATE: &str = "on a private network";
const THIS_COMPUTER: &str = "on this computer";
const LINK_LOCAL: &str = "a link-local or cloud metadata address";
const MULTICAST: &str = "a multicast or broadcast address";
const RESERVED: &str = "a reserved address";
const TUNNEL: &str = "a tunnel to another address";

/// Describes `address` if it is not a public internet address: IANA's special-purpose registries
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, and -ipv6-), multicast, and cloud metadata services.
/// A range counts as a whole even if parts of it are reachable but serve no web pages (AS112, anycast relays).
fn describe_special_address(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => describe_special_v4(address),
        IpAddr::V6(address) => describe_special_v6(address),
    }
}

fn describe_special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let number = u32::from(address);
    let contains =
        |(range, bits, _): &&(Ipv4Addr, u32, _)| (number ^ u32::from(*range)).checked_shr(32 - bits) == Some(0);
    SPECIAL_V4.iter().find(contains).map(|(_, _, what)| *what)
}

fn describe_special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        // The operating system connects to the mapped address, so that is the one to check.
        return describe_special_v4(mapped);
    }
    let number = u128::from(address);
    let contains =
        |(range, bits, _): &&(Ipv6Addr, u32, _)| (number ^ u128::from(*range)).checked_shr(128 - bits) == Some(0);
    let what = SPECIAL_V6.iter().find(contains).map(|(_, _, what)| *what);
    what.or_else(|| describe_special_isatap(address))
}

/// Checks ISATAP addresses (RFC 5214), which hold an IPv4 address under any prefix: `…:0000:5efe:a.b.c.d`, or 0200.
fn describe_special_isatap(address: Ipv6Addr) -> Option<&'static str> {
    let [.., marker, protocol, high, low] = address.segments();
    if protocol != 0x5efe || marker & !0x0200 != 0 {
        return None;
    }
    describe_special_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
}

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

const SPECIAL_V4: &[(Ipv4Addr, u32, &str)] = &[
    (v4(0, 0, 0, 0), 8, THIS_COMPUTER),
    (v4(10, 0, 0, 0), 8, PRIVATE),
    (v4(100, 64, 0, 0), 10, PRIVATE), // carrier NAT; Alibaba's metadata is 100.100.100.200
    (v4(127, 0, 0, 0), 8, THIS_COMPUTER),
    (v4(168, 63, 129, 16), 32, LINK_LOCAL), // Azure's metadata; a public range in internal use
    (v4(169, 254, 0, 0), 16, LINK_LOCAL),
    (v4(172, 16, 0, 0), 12, PRIVATE),
    (v4(192, 0, 0, 0), 24, RESERVED), // Oracle's metadata is 192.0.0.192
    (v4(192, 0, 2, 0), 24, RESERVED),
    (v4(192, 31, 196, 0), 24, RESERVED), // AS112
    (v4(192, 52, 193, 0), 24, RESERVED), // AMT
    (v4(192, 88, 99, 0), 24, TUNNEL),    // 6to4 relays
    (v4(192, 168, 0, 0), 16, PRIVATE),
    (v4(192, 175, 48, 0), 24, RESERVED), // AS112
    (v4(198, 18, 0, 0), 15, RESERVED),
    (v4(198, 51, 100, 0), 24, RESERVED),
    (v4(203, 0, 113, 0), 24, RESERVED),
    (v4(224, 0, 0, 0), 4, MULTICAST),
    (v4(240, 0, 0, 0), 4, MULTICAST), // reserved, and 255.255.255.255
];

const fn v6(a: u16, b: u16, c: u16, d: u16) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)
}

/// IPv4-mapped addresses never get here: the address they map to is checked instead.
const SPECIAL_V6: &[(Ipv6Addr, u32, &str)] = &[
    (v6(0, 0, 0, 0), 96, THIS_COMPUTER), // ::, ::1 and the IPv4-compatible ones
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, TUNNEL), // SIIT, ::ffff:0:a.b.c.d
    (v6(0x64, 0xff9b, 0, 0), 96, TUNNEL), // NAT64
    (v6(0x64, 0xff9b, 1, 0), 48, TUNNEL), // NAT64, local use
    (v6(0x100, 0, 0, 0), 64, RESERVED),  // discard
    (v6(0x100, 0, 0, 1), 64, RESERVED),  // dummy prefix
    (v6(0x2001, 0, 0, 0), 23, RESERVED), // Teredo, ORCHID, benchmarks, AMT, AS112
    (v6(0x2001, 0xdb8, 0, 0), 32, RESERVED),
    (v6(0x2002, 0, 0, 0), 16, TUNNEL),           // 6to4
    (v6(0x2620, 0x4f, 0x8000, 0), 48, RESERVED), // AS112
    (v6(0x3fff, 0, 0, 0), 20, RESERVED),
    (v6(0x5f00, 0, 0, 0), 16, RESERVED), // segment routing
    (v6(0xfc00, 0, 0, 0), 7, PRIVATE),   // unique local; Amazon's metadata is fd00:ec2::254
    (v6(0xfe80, 0, 0, 0), 10, LINK_LOCAL),
    (v6(0xfec0, 0, 0, 0), 10, PRIVATE), // site local, deprecated but still routed by some
    (v6(0xff00, 0, 0, 0), 8, MULTICAST),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(hosts: &[&str], ports: &[u16], url: &str) -> Option<AddressScope> {
        let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let guard = SsrfGuard::new(&hosts, ports).unwrap();
        guard.check_url(&Url::parse(url).unwrap(), NamedBy::Inside).ok()
    }

    #[test]
    fn from_outside_an_allowed_host_is_only_open_at_a_named_port() {
        let hosts = ["nas.lan", "wiki.lan:8080", "wiki.lan", "192.168.1.5", "192.168.1.5:6379", "[fd00::7]:8443"];
        let guard = SsrfGuard::new(&hosts.map(str::to_owned), &[9200]).unwrap();
        let check = |url: &str| guard.check_url(&Url::parse(url).unwrap(), NamedBy::Outside);
        let reason = |url: &str| check(url).unwrap_err().reason;
        for url in ["http://wiki.lan:8080/", "http://192.168.1.5:6379/", "https://[fd00::7]:8443/"] {
            assert_eq!(check(url), Ok(AddressScope::Any), "{url}");
        }
        // Their names are resolved, and blocked if the address is private.
        for url in
            ["http://nas.lan/", "https://NAS.lan./", "http://nas.lan:9000/", "http://wiki.lan/", "http://nas.lan:9200/"]
        {
            assert_eq!(check(url), Ok(AddressScope::PublicOnly), "{url}");
        }
        assert_eq!(reason("http://192.168.1.5/"), BlockReason::NamedFromOutside(PRIVATE, 80));
        assert_eq!(reason("https://[fd00::7]/"), BlockReason::InternalAddress(PRIVATE), "not even the reader may");
        assert_eq!(reason("http://10.0.0.1/"), BlockReason::InternalAddress(PRIVATE));
        assert_eq!(reason("http://wiki.lan:6379/"), BlockReason::Port(6379));
    }

    #[test]
    fn only_allowed_hosts_may_be_internal() {
        let allowed = ["nas.lan", "[fd00::7]:8443", "192.168.1.5:6379", "::1"];
        for (url, expected) in [
            ("http://nas.lan/", Some(AddressScope::Any)),
            ("http://NAS.lan.:8080/", Some(AddressScope::Any)),
            ("http://nas.lan:6379/", None),
            ("http://other.lan/", Some(AddressScope::PublicOnly)),
            ("https://[fd00::7]:8443/", Some(AddressScope::Any)),
            ("https://[fd00::7]/", None),
            ("http://192.168.1.5:6379/", Some(AddressScope::Any)),
            ("http://192.168.1.5/", None),
            ("http://[::1]/", Some(AddressScope::Any)),
            ("http://127.0.0.1/", None),
        ] {
            assert_eq!(scope(&allowed, &[], url), expected, "{url}");
        }
    }

    #[test]
    fn invalid_allowed_host_is_reported() {
        for entry in ["", "http://nas.lan", "*.lan", "nas.lan:99999", "a b", "u@nas.lan", "nas/x"] {
            assert!(SsrfGuard::new(&[entry.to_owned()], &[]).is_err(), "{entry:?}");
        }
    }

    #[test]
    fn allowed_port_does_not_open_internal_addresses() {
        assert_eq!(scope(&[], &[22], "http://example.org:22/"), Some(AddressScope::PublicOnly));
        assert_eq!(scope(&[], &[22], "http://127.0.0.1:22/"), None);
    }

    #[test]
    fn name_with_one_internal_address_is_blocked() {
        let public: IpAddr = "93.184.216.34".parse().unwrap();
        let hidden: IpAddr = "2607:f8b0::200:5efe:10.0.0.1".parse().unwrap();
        let mapped: IpAddr = "::ffff:192.168.0.1".parse().unwrap();
        assert!(check_addresses("a", &[public]).is_ok());
        assert!(check_addresses("a", &[public, hidden]).is_err());
        assert!(check_addresses("a", &[mapped, public]).is_err());
    }
}
