//! Fetching in a simulated network: a script resolves names, and every connection goes to one loopback listener that
//! records the requests.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod ssrf_corpus;
mod allowed_hosts;
mod arbitrary_input;
mod limits;
mod pages;
mod images;
mod tls;
mod interstitials;
mod forwards;
mod fake_network;
