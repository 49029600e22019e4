//! The HTTP clients: configuration, requests, and what their errors mean.
#![expect(clippy::disallowed_types, reason = "this is the one place that makes an HTTP client")]

use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::time::Duration;

use reqwest::header::{ACCEPT, HOST};
use reqwest::redirect;
use reqwest::{Certificate, Client, RequestBuilder};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use crate::ingest::fetch::dns::{CheckedResolver, Resolver};
use crate::ingest::fetch::error::{BlockedUrl, Error, NetworkError};
use crate::ingest::fetch::policy::{Policy, PolicyError};
use crate::ingest::fetch::ssrf_guard::AddressScope;

/// Names this program, in the form that sites expect.
const USER_AGENT: &str =
    concat!("Mozilla/5.0 (compatible; Broadsheet/", env!("CARGO_PKG_VERSION"), "; self-hosted news reader)");

/// Names this program and how many people it asks for.
pub(super) fn user_agent(readers: usize) -> String {
    let plural = if readers == 1 { "" } else { "s" };
    format!("{}; {readers} subscriber{plural})", USER_AGENT.trim_end_matches(')'))
}

/// What to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResourceKind {
    Page,
    Image,
    Feed,
    Media,
}

impl ResourceKind {
    fn accept_header(self) -> &'static str {
        match self {
            ResourceKind::Page => "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5",
            ResourceKind::Feed => {
                "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml,application/xml;q=0.9,\
                 text/xml;q=0.9,application/json;q=0.8,text/html;q=0.5,*/*;q=0.3"
            }
            ResourceKind::Media => "audio/*,video/*,*/*;q=0.1",
            ResourceKind::Image => {
                "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml;q=0.9,\
                 image/*;q=0.8,*/*;q=0.5"
            }
        }
    }
}

/// One client per scope, so that they share no resolved names or pooled connections: the client that may connect to any
/// address only gets hosts that the operator has allowed.
pub(super) struct HttpClients {
    public_only: Client,
    any_address: Client,
    resolver: Resolver,
}

impl HttpClients {
    pub(super) fn new(policy: &Policy, resolver: Resolver) -> Result<Self, PolicyError> {
        // reqwest uses the process-wide provider. Installing it a second time fails harmlessly.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = trusted_certificates(policy)?;
        let build_scoped = |scope| {
            let resolver = resolver.clone();
            let checked_resolver = CheckedResolver { resolver, scope };
            build_client(policy, roots.clone(), checked_resolver).map_err(PolicyError::Client)
        };
        Ok(Self {
            public_only: build_scoped(AddressScope::PublicOnly)?,
            any_address: build_scoped(AddressScope::Any)?,
            resolver: resolver.clone(),
        })
    }

    /// Builds the request for `url`, for which the guard has returned `scope`.
    pub(super) fn request(&self, url: &Url, scope: AddressScope, kind: ResourceKind) -> RequestBuilder {
        let client = match scope {
            AddressScope::PublicOnly => &self.public_only,
            AddressScope::Any => &self.any_address,
        };
        let request = match self.resolver.scripted_request(url) {
            Some((scripted_url, host_header)) => client.get(scripted_url).header(HOST, host_header),
            None => client.get(url.clone()),
        };
        request.header(ACCEPT, kind.accept_header())
    }
}

fn trusted_certificates(policy: &Policy) -> Result<Vec<Certificate>, PolicyError> {
    let pem = policy.extra_ca.as_deref();
    let extra = pem.map(parse_pem).transpose()?.unwrap_or_default();
    let mozilla = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    mozilla.chain(&extra).map(|der| Certificate::from_der(der).map_err(PolicyError::Client)).collect()
}

/// Parses one or more certificates. If there are none, or one is unusable, the operator has named the wrong file.
fn parse_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, PolicyError> {
    let read = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let certificates = read.map_err(|_| PolicyError::Certificates)?;
    let mut store = RootCertStore::empty();
    let usable = certificates.iter().all(|der| store.add(der.clone()).is_ok());
    if usable && !certificates.is_empty() { Ok(certificates) } else { Err(PolicyError::Certificates) }
}

fn build_client(
    policy: &Policy,
    roots: Vec<Certificate>,
    checked_resolver: CheckedResolver,
) -> reqwest::Result<Client> {
    /// Some sites send more headers than the client's default allows.
    const HEADERS: usize = 256;
    /// Another page or image of the same site follows at once, or in minutes. Thousands of feeds are of as many hosts, and each
    /// connection that is kept takes 20 kB.
    const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
    Client::builder()
        .user_agent(USER_AGENT)
        .tls_certs_only(roots)
        .dns_resolver(checked_resolver)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(policy.connect_timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http1_max_headers(HEADERS)
        .http1_ignore_invalid_headers_in_responses(true)
        .build()
}

/// Converts a client error. A [`BlockedUrl`] from name resolution is unwrapped again.
pub(super) fn to_fetch_error(error: &reqwest::Error, url: &Url, policy: &Policy) -> Error {
    let causes = || std::iter::successors(error.source(), |&cause| cause.source());
    if let Some(blocked) = causes().find_map(|cause| cause.downcast_ref::<BlockedUrl>()) {
        return blocked.clone().into();
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    if error.is_timeout() {
        Error::Timeout(policy.connect_timeout)
    } else if error.is_dns() {
        NetworkError::HostNotFound(host).into()
    } else if let Some(tls) = causes().find_map(find_tls_error) {
        tls_failure(tls, host, url).into()
    } else if error.is_connect() {
        let kind = causes().filter_map(innermost_io_error).last().map(io::Error::kind);
        connection_failure(kind, host, url).into()
    } else {
        NetworkError::ConnectionBroken(host).into()
    }
}

fn tls_failure(error: &rustls::Error, host: String, url: &Url) -> NetworkError {
    match error {
        rustls::Error::InvalidCertificate(_) => NetworkError::InvalidCertificate(host),
        rustls::Error::InvalidMessage(_) => NetworkError::NotTls(ascii_origin(url)),
        _ => NetworkError::HandshakeFailed(host),
    }
}

fn connection_failure(kind: Option<ErrorKind>, host: String, url: &Url) -> NetworkError {
    match kind {
        Some(ErrorKind::ConnectionRefused) => NetworkError::ConnectionRefused(ascii_origin(url)),
        // The TCP connection was made, so the TLS handshake failed.
        Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) if url.scheme() == "https" => {
            NetworkError::HandshakeFailed(host)
        }
        _ => NetworkError::Unreachable(host),
    }
}

fn ascii_origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Finds a TLS error inside nested I/O errors, whose `source` skips the error they wrap.
fn find_tls_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut innermost = cause;
    while let Some(wrapped) = innermost.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        innermost = wrapped;
    }
    innermost.downcast_ref()
}

/// Returns the innermost of nested I/O errors.
fn innermost_io_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a io::Error> {
    let mut innermost: &io::Error = cause.downcast_ref()?;
    while let Some(wrapped) = innermost.get_ref().and_then(|wrapped| wrapped.downcast_ref()) {
        innermost = wrapped;
    }
    Some(innermost)
}
