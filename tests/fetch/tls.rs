//! Certificates are checked against Mozilla's authorities and those of the operator.
//!
//! The authority and the site's certificate in `tls/` were made for this test; they are valid until 2126.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use broadsheet::ingest::fetch::{Fetcher, NetworkError, Policy, PolicyError, Resolver};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fake_network::{article, html, url};

const AUTHORITY: &[u8] = include_bytes!("tls/authority.pem");

/// Starts a site with the certificate of `secure.test` that serves one page.
fn start_tls_site() -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let site = CertificateDer::from_pem_slice(include_bytes!("tls/site.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/site.key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![site], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(tls, stream.unwrap());
            // Clients that do not trust the certificate close the connection here.
            if stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                stream.write_all(&html(&article("secure words"))).unwrap();
                stream.conn.send_close_notify();
                stream.flush().unwrap();
            }
        }
    });
    address
}

fn fetcher_trusting(authority: Option<&[u8]>, origin: SocketAddr) -> Fetcher {
    let policy = Policy { extra_ca: authority.map(<[u8]>::to_vec), ..Policy::default() };
    Fetcher::new(policy, Resolver::all_hosts_at(origin)).unwrap()
}

#[tokio::test]
async fn certificate_must_be_trusted_and_match_the_host() {
    let origin = start_tls_site();
    let unknown = fetcher_trusting(None, origin).fetch_page(&url("https://secure.test/")).await.unwrap_err();
    assert!(unknown.user_message().contains("certificate isn’t valid"), "{unknown:?}");
    let trusted = fetcher_trusting(Some(AUTHORITY), origin);
    let misnamed = trusted.fetch_page(&url("https://other.test/")).await.unwrap_err();
    assert!(misnamed.user_message().contains("certificate isn’t valid"), "{misnamed:?}");
    trusted.fetch_page(&url("https://secure.test/")).await.unwrap();
}

/// Starts a server that sends `response` over plain text and closes the connection.
#[tokio::test]
async fn a_site_whose_http_port_is_closed_is_asked_over_https() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let policy = Policy { extra_ca: Some(AUTHORITY.to_vec()), ..Policy::default() };
    let resolver = Resolver::all_hosts_at(closed).with_tls_port(start_tls_site().port());
    let fetcher = Fetcher::new(policy.clone(), resolver).unwrap();
    let page = fetcher.fetch_page(&url("http://secure.test/x")).await.unwrap();
    assert_eq!(page.url.as_str(), "https://secure.test/x");
    let named_port = fetcher.fetch_page(&url("http://secure.test:8080/x")).await.unwrap_err();
    assert_eq!(named_port, NetworkError::ConnectionRefused("http://secure.test:8080".into()).into());
    let nothing = Fetcher::new(policy, Resolver::all_hosts_at(closed).with_tls_port(closed.port())).unwrap();
    let error = nothing.fetch_page(&url("http://secure.test/x")).await.unwrap_err();
    assert_eq!(
        error,
        NetworkError::ConnectionRefused("http://secure.test".into()).into(),
        "the one that was asked for"
    );
}

fn start_plain_site(response: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(response);
        }
    });
    address
}

#[tokio::test]
async fn connection_failures_are_explained() {
    let closed = ([127, 0, 0, 1], 1).into();
    for (origin, address, expected) in [
        (
            start_plain_site(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "https://a.test/",
            "https://a.test doesn’t support HTTPS.",
        ),
        (start_plain_site(b""), "https://a.test/", "The secure connection to a.test failed."),
        (
            closed,
            "https://a.test/",
            "refused the connection. Check the link, or try again later. If the site doesn’t support HTTPS",
        ),
        (closed, "http://a.test:81/", "http://a.test:81 refused the connection."),
    ] {
        let message = fetcher_trusting(None, origin).fetch_page(&url(address)).await.unwrap_err().user_message();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn invalid_policy_is_reported_on_creation() {
    let build = |policy| Fetcher::new(policy, Resolver::system()).err();
    let host = Policy { allow_hosts: vec!["http://nas.lan/".into()], ..Policy::default() };
    assert!(matches!(build(host), Some(PolicyError::Host(entry)) if entry == "http://nas.lan/"));
    for pem in [&b"not a certificate"[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let certificates = Policy { extra_ca: Some(pem.to_vec()), ..Policy::default() };
        assert!(matches!(build(certificates), Some(PolicyError::Certificates)));
    }
}
