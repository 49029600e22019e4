//! The HTTP client itself: how it is set up, what it sends, and what its errors mean.
#![expect(clippy::disallowed_types, reason = "this is the one place that makes an HTTP client")]

use std::error::Error as _;

use reqwest::header::{ACCEPT, HOST};
use reqwest::redirect;
use reqwest::{Certificate, Client, RequestBuilder};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use super::error::{Error, Refusal, Trouble};
use super::guard::Passage;
use super::policy::{BadPolicy, Policy};
use super::resolve::{Judged, Resolver};

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
pub(super) fn explain(error: &reqwest::Error, host: &str, policy: &Policy) -> Error {
    let causes = || std::iter::successors(error.source(), |&cause| cause.source());
    if let Some(refusal) = causes().find_map(|cause| cause.downcast_ref::<Refusal>()) {
        return refusal.clone().into();
    }
    let host = host.to_owned();
    if error.is_timeout() {
        Error::Timeout(policy.connect)
    } else if error.is_dns() {
        Trouble::NoSuchHost(host).into()
    } else if causes().any(is_tls) {
        Trouble::Insecure(host).into()
    } else if error.is_connect() {
        Trouble::Unreachable(host).into()
    } else {
        Trouble::Broken(host).into()
    }
}

/// TLS errors arrive inside I/O errors, perhaps several deep, whose `source` skips what they wrap.
fn is_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let mut innermost = cause;
    while let Some(wrapped) = innermost.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()) {
        innermost = wrapped;
    }
    innermost.is::<rustls::Error>()
}
