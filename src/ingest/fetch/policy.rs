//! Which hosts and ports may be fetched from, and limits.

use std::time::Duration;

use url::Url;

use crate::ingest::memory_budget::{MAX_DEFAULT_BYTES, MemoryBudget};

/// The largest page, in bytes after decompression, and in bytes of UTF-8 after decoding. Pages have 100 kB, those with
/// all their images inside some 10 MB.
pub const MAX_PAGE_BYTES: usize = 25 * 1024 * 1024;

/// The part of the memory for reading that is for answers of feeds: an eighth.
pub const FEED_PART: u64 = 8;

/// The Internet Archive's Wayback Machine.
pub const DEFAULT_ARCHIVE: &str = "https://web.archive.org/";

/// The rules of fetching. The default has no exceptions and the usual limits.
#[derive(Debug, Clone)]
pub struct Policy {
    /// `BROADSHEET_ALLOW_HOSTS`: names or IP addresses that may be internal, each optionally with a port (`nas.lan`,
    /// `192.168.1.5:8080`, `[fd00::7]`). With a port only that port is allowed, even one that belongs to another
    /// service; without one, every web port, but only to the reader and to pages of allowed hosts: a public site that
    /// redirects to such a host, or shows its images, needs a named port. Redirects from such a host are checked as usual:
    /// they may lead to allowed hosts and to public addresses.
    pub allow_hosts: Vec<String>,
    /// `BROADSHEET_ALLOW_PORTS`: blocked ports that are allowed at any public host.
    pub allow_ports: Vec<u16>,
    /// Certificates, as PEM, to trust besides Mozilla's.
    pub extra_ca: Option<Vec<u8>>,
    /// Redirects and forwarding pages per fetch, as in browsers.
    pub max_redirects: usize,
    /// For name resolution, connecting and the TLS handshake, per request.
    pub connect_timeout: Duration,
    /// From the start of a request to the first byte of its response.
    pub first_byte_timeout: Duration,
    /// For the whole fetch, without waiting for room at a busy host.
    pub total_timeout: Duration,
    /// Bytes of a body after decompression.
    pub max_bytes: usize,
    /// The memory that large pages share.
    pub memory: MemoryBudget,
    /// The memory that answers of feeds share, from their first byte until they are stored. It is apart from that of pages:
    /// storing an answer reads its items as pages, which must not wait for other answers.
    pub feed_memory: MemoryBudget,
    /// The web archive that has copies of dead pages.
    pub archive: Url,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            allow_hosts: Vec::new(),
            allow_ports: Vec::new(),
            extra_ca: None,
            max_redirects: 20,
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(30),
            max_bytes: MAX_PAGE_BYTES,
            memory: MemoryBudget::default(),
            feed_memory: MemoryBudget::new(MAX_DEFAULT_BYTES / FEED_PART),
            archive: Url::parse(DEFAULT_ARCHIVE).expect("it is a URL"),
        }
    }
}

/// An invalid policy, reported to the operator at startup.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// An entry of `allow_hosts` is not a host.
    #[error(
        "BROADSHEET_ALLOW_HOSTS: {0:?} isn't a host. Use a name or an IP address, such as \
         nas.lan, 192.168.1.5:8080 or [fd00::7]."
    )]
    Host(String),
    /// The extra certificates are invalid.
    #[error("BROADSHEET_EXTRA_CA: the file has no valid certificates in PEM format.")]
    Certificates,
    /// The HTTP client could not be built.
    #[error("couldn't set up the HTTP client")]
    Client(#[source] reqwest::Error),
}
