//! Fetching, told to a played network: names resolve as a script says, and every connection,
//! whatever it was meant for, lands at one loopback listener that writes down who came.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod ssrf_corpus;
mod arbitrary_input;
mod limits;
mod pages;
mod images;
mod tls;
mod interstitials;
mod fake_network;
