//! What may be fetched and what it may cost.

use std::time::Duration;

/// The rules of fetching. `Policy::default()` allows nothing special and sets the usual limits.
#[derive(Debug, Clone)]
pub struct Policy {
    /// `BROADSHEET_ALLOW_HOSTS`: names or literal addresses that may lie inside, each optionally
    /// with a port (`nas.lan`, `192.168.1.5:8080`, `[fd00::7]`). With a port, only that port is
    /// allowed, even when it is a service's; without, every port of the web is. A redirect from
    /// such a host is judged like any other hop: it may stay there, or lead outside.
    pub allow_hosts: Vec<String>,
    /// `BROADSHEET_ALLOW_PORTS`: service ports that may be fetched from at any host outside.
    pub allow_ports: Vec<u16>,
    /// Certificates to trust besides Mozilla's, as PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// Redirects and forwarding pages that are followed in one fetch.
    pub max_redirects: usize,
    /// For looking up the name, connecting and the TLS handshake, per hop.
    pub connect_timeout: Duration,
    /// From the beginning of a hop to the first byte of its answer.
    pub first_byte_timeout: Duration,
    /// For the whole fetch, without the wait for a turn at a busy host.
    pub total_timeout: Duration,
    /// Bytes of a body after decompression.
    pub max_bytes: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            allow_hosts: Vec::new(),
            allow_ports: Vec::new(),
            extra_ca: None,
            max_redirects: 5,
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(30),
            max_bytes: 25 * 1024 * 1024,
        }
    }
}

/// A policy that cannot be followed; told to the operator at the start.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// An entry of `allow_hosts` is not a host.
    #[error(
        "BROADSHEET_ALLOW_HOSTS: {0:?} isn't a host. Use a name or an IP address, such as \
         nas.lan, 192.168.1.5:8080 or [fd00::7]."
    )]
    Host(String),
    /// The extra certificates cannot be read.
    #[error("BROADSHEET_EXTRA_CA: the file has no valid certificates in PEM format.")]
    Certificates,
    /// The HTTP client could not be set up.
    #[error("couldn't set up the HTTP client")]
    Client(#[source] reqwest::Error),
}
