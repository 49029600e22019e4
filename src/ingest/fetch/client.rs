//! The HTTP client itself: how it is set up, what it sends, and what its errors mean.
#![expect(clippy::disallowed_types, reason = "this is the one place that makes an HTTP client")]

use std::error::Error as _;
use std::io::{self, ErrorKind};

use reqwest::header::{ACCEPT, HOST};
use reqwest::redirect;
use reqwest::{Certificate, Client, RequestBuilder};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use crate::ingest::fetch::dns::{Judged, Resolver};
use crate::ingest::fetch::error::{Error, Refusal, Trouble};
use crate::ingest::fetch::policy::{BadPolicy, Policy};
use crate::ingest::fetch::ssrf_guard::Passage;

/// Who we are, honestly, in the form that sites expect.
const USER_AGENT: &str =
    concat!("Mozilla/5.0 (compatible; Broadsheet/", env!("CARGO_PKG_VERSION"), "; self-hosted news reader)");

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Page,
    Picture,
}

impl Want {
    fn accept(self) -> &'static str {
        match self {
            Want::Page => "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5",
            Want::Picture => {
                "image/avif,image/webp,image/png,image/jpeg,image/gif,image/svg+xml;q=0.9,\
                 image/*;q=0.8,*/*;q=0.5"
            }
        }
    }
}

/// One client per passage, so that neither a name nor a pooled connection of one can serve the
/// other: the client that may go anywhere is only ever given hosts that the operator named.
pub(super) struct Clients {
    outside: Client,
    anywhere: Client,
    resolver: Resolver,
}

impl Clients {
    pub(super) fn new(policy: &Policy, resolver: Resolver) -> Result<Self, BadPolicy> {
        // reqwest takes the process's provider. A second call fails because one is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let certificates = certificates(policy)?;
        let build = |passage| {
            let resolver = resolver.clone();
            let judged = Judged { resolver, passage };
            build(policy, certificates.clone(), judged).map_err(BadPolicy::Client)
        };
        Ok(Self { outside: build(Passage::Outside)?, anywhere: build(Passage::Anywhere)?, resolver: resolver.clone() })
    }

    /// The request for `url`, which the guard has let through as `passage`.
    pub(super) fn request(&self, url: &Url, passage: Passage, want: Want) -> RequestBuilder {
        let client = match passage {
            Passage::Outside => &self.outside,
            Passage::Anywhere => &self.anywhere,
        };
        let request = match self.resolver.staged(url) {
            Some((staged, meant)) => client.get(staged).header(HOST, meant),
            None => client.get(url.clone()),
        };
        request.header(ACCEPT, want.accept())
    }
}

fn certificates(policy: &Policy) -> Result<Vec<Certificate>, BadPolicy> {
    let pem = policy.extra_ca.as_deref();
    let extra = pem.map(read_pem).transpose()?.unwrap_or_default();
    let mozilla = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    mozilla.chain(&extra).map(|der| Certificate::from_der(der).map_err(BadPolicy::Client)).collect()
}

/// At least one certificate, all of them usable; else the operator has named the wrong file.
fn read_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, BadPolicy> {
    let read = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let certificates = read.map_err(|_| BadPolicy::Certificates)?;
    let mut store = RootCertStore::empty();
    let usable = certificates.iter().all(|der| store.add(der.clone()).is_ok());
    if usable && !certificates.is_empty() { Ok(certificates) } else { Err(BadPolicy::Certificates) }
}

fn build(policy: &Policy, roots: Vec<Certificate>, judged: Judged) -> reqwest::Result<Client> {
    /// Some sites send more headers than the client takes by itself.
    const HEADERS: usize = 256;
    Client::builder()
        .user_agent(USER_AGENT)
        .tls_certs_only(roots)
        .dns_resolver(judged)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(policy.connect)
        .http1_max_headers(HEADERS)
        .http1_ignore_invalid_headers_in_responses(true)
        .build()
}

/// What an error of the client means for the reader. Our own refusals come back through it when
/// a name was looked up.
pub(super) fn explain(error: &reqwest::Error, url: &Url, policy: &Policy) -> Error {
    let causes = || std::iter::successors(error.source(), |&cause| cause.source());
    if let Some(refusal) = causes().find_map(|cause| cause.downcast_ref::<Refusal>()) {
        return refusal.clone().into();
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    if error.is_timeout() {
        Error::Timeout(policy.connect)
    } else if error.is_dns() {
        Trouble::NoSuchHost(host).into()
    } else if let Some(tls) = causes().find_map(tls_error) {
        no_tls(tls, host, url).into()
    } else if error.is_connect() {
        let kind = causes().filter_map(io_error).last().map(io::Error::kind);
        no_connection(kind, host, url).into()
    } else {
        Trouble::Broken(host).into()
    }
}

fn no_tls(error: &rustls::Error, host: String, url: &Url) -> Trouble {
    match error {
        rustls::Error::InvalidCertificate(_) => Trouble::Insecure(host),
        rustls::Error::InvalidMessage(_) => Trouble::Plain(origin(url)),
        _ => Trouble::NoHandshake(host),
    }
}

fn no_connection(kind: Option<ErrorKind>, host: String, url: &Url) -> Trouble {
    match kind {
        Some(ErrorKind::ConnectionRefused) => Trouble::Refused(origin(url)),
        // There was a connection, so it broke where TLS was to begin.
        Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) if url.scheme() == "https" => {
            Trouble::NoHandshake(host)
        }
        _ => Trouble::Unreachable(host),
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// TLS errors arrive inside I/O errors, perhaps several deep, whose `source` skips what they wrap.
fn tls_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut innermost = cause;
    while let Some(wrapped) = innermost.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        innermost = wrapped;
    }
    innermost.downcast_ref()
}

/// The innermost of I/O errors that wrap each other.
fn io_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a io::Error> {
    let mut innermost: &io::Error = cause.downcast_ref()?;
    while let Some(wrapped) = innermost.get_ref().and_then(|wrapped| wrapped.downcast_ref()) {
        innermost = wrapped;
    }
    Some(innermost)
}
