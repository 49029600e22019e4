//! Bytes in, politely and safely: the only HTTP client in the program.
//!
//! A fetch is a walk of a few hops. Each hop is judged before anything is sent (`guard`), waits
//! for its turn at the host (`turns`), dials only addresses that were judged (`resolve`), has
//! its own time for the first byte, and is read with a count on its bytes (`body`). Redirects are
//! followed here and not by the client, so that every one is a hop like the first. A page is then
//! read as text (`charset`) and looked at for walls (`extract::PageScan`, `forwarding`).
//!
//! No cookies, no `Referer`, no credentials, no proxy from the environment.

mod parse_url;
mod body;
mod charset;
mod client;
mod error;
mod interstitial;
mod ssrf_guard;
mod policy;
mod blocked_ports;
mod dns;
mod content_type;
mod host_limit;

use std::sync::Arc;

use extract::PageScan;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use charset::{Document, decode};
pub use content_type::admit_page;
pub use dns::Resolver;
pub use error::{Error, Reason, Refusal, Trouble};
pub use parse_url::parse_address;
pub use policy::{BadPolicy, Policy};

use body::Allowance;
use client::{Clients, Want};
use host_limit::Turns;
use ssrf_guard::Guard;

/// Fetches pages and pictures. Cheap to clone; clones share connections and manners.
#[derive(Clone)]
pub struct Fetcher(Arc<Inner>);

struct Inner {
    policy: Policy,
    guard: Guard,
    clients: Clients,
    turns: Turns,
}

/// A page as it arrived.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it was found, after all redirects.
    pub url: Url,
    /// The body, decompressed and otherwise untouched: the snapshot.
    pub bytes: Vec<u8>,
    /// The `Content-Type` header; [`decode`] wants it again with the bytes.
    pub content_type: Option<String>,
    /// The body as text.
    pub document: Document,
}

/// A picture as it arrived.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The file, neither decoded nor changed.
    pub bytes: Vec<u8>,
    /// What its bytes say it is: `image/jpeg`, `-png`, `-gif`, `-webp`, `-avif`, `-svg+xml`,
    /// `-bmp` or `-x-icon`.
    pub media_type: &'static str,
}

impl Fetcher {
    /// Prepares to fetch under `policy`, names being looked up by `resolver`.
    pub fn new(policy: Policy, resolver: Resolver) -> Result<Self, BadPolicy> {
        let guard = Guard::new(&policy.allow_hosts, &policy.allow_ports).map_err(BadPolicy::Host)?;
        let clients = Clients::new(&policy, resolver)?;
        let turns = Turns::default();
        Ok(Self(Arc::new(Inner { policy, guard, clients, turns })))
    }

    /// Fetches a page to read, following redirects and pages that only forward.
    pub async fn page(&self, url: &Url) -> Result<Page, Error> {
        let mut trip = self.set_out(url);
        loop {
            let arrived = self.arrive(&mut trip, Want::Page).await?;
            let document = decode(&arrived.bytes, arrived.content_type.as_deref());
            if let Document::Html(html) = &document {
                let scan = PageScan::new(html);
                let forwards = interstitial::next(&scan, arrived.refresh.as_deref(), &trip.url);
                if let Some(next) = forwards {
                    trip.go_on_to(next)?;
                    continue;
                }
                interstitial::is_no_wall(&scan, url, &trip.url)?;
            }
            return Ok(Page { url: trip.url, bytes: arrived.bytes, content_type: arrived.content_type, document });
        }
    }

    /// Fetches a picture, following redirects.
    pub async fn picture(&self, url: &Url) -> Result<Picture, Error> {
        let mut trip = self.set_out(url);
        let bytes = self.arrive(&mut trip, Want::Picture).await?.bytes;
        let media_type = content_type::picture(&bytes).ok_or(Error::NotAPicture)?;
        Ok(Picture { bytes, media_type })
    }

    fn set_out(&self, url: &Url) -> Trip {
        Trip {
            url: url.clone(),
            redirects_left: self.0.policy.redirects,
            redirects: self.0.policy.redirects,
            deadline: Instant::now() + self.0.policy.total,
        }
    }

    /// Follows redirects until something other than a redirect answers, and reads that.
    async fn arrive(&self, trip: &mut Trip, want: Want) -> Result<Arrived, Error> {
        loop {
            let reply = self.ask(trip, want).await?;
            match redirect_of(&reply.response, &trip.url) {
                Some(next) => trip.go_on_to(next)?,
                None => return self.receive(reply, trip, want).await,
            }
        }
    }

    /// One hop: judged, in turn, up to the first byte of the answer.
    async fn ask(&self, trip: &mut Trip, want: Want) -> Result<Reply, Error> {
        let passage = self.0.guard.judge(&trip.url)?;
        let host = trip.url.host_str().unwrap_or_default().to_owned();
        let queued = Instant::now();
        let turn = self.0.turns.wait_at(&host).await;
        // The wait is ours and not the site's, so it does not count as slowness.
        trip.deadline += queued.elapsed();
        let first_byte = self.0.policy.first_byte;
        let until = trip.deadline.min(Instant::now() + first_byte);
        let request = self.0.clients.request(&trip.url, passage, want);
        match timeout_at(until, request.send()).await {
            Err(_) => Err(Error::Timeout(first_byte.min(self.0.policy.total))),
            Ok(Err(error)) => Err(client::explain(&error, &trip.url, &self.0.policy)),
            Ok(Ok(response)) => Ok(Reply { response, _turn: turn }),
        }
    }

    /// Reads an answer that is not a redirect.
    async fn receive(&self, reply: Reply, trip: &Trip, want: Want) -> Result<Arrived, Error> {
        let Reply { response, _turn } = reply;
        let allowance =
            Allowance { most: self.0.policy.max_bytes, deadline: trip.deadline, total: self.0.policy.total };
        if !response.status().is_success() {
            return Err(failure(response, allowance, trip).await);
        }
        let content_type = header_text(response.headers(), &header::CONTENT_TYPE);
        let refresh = header_text(response.headers(), &header::REFRESH);
        let admit = |head: &[u8]| match want {
            Want::Page => content_type::admit_page(head, content_type.as_deref()),
            Want::Picture => content_type::picture(head).map(drop).ok_or(Error::NotAPicture),
        };
        let bytes = body::read(response, allowance, admit).await?;
        Ok(Arrived { bytes, content_type, refresh })
    }
}

/// A walk from the address that was asked for to the one that answers.
struct Trip {
    url: Url,
    redirects_left: usize,
    redirects: usize,
    deadline: Instant,
}

impl Trip {
    fn go_on_to(&mut self, next: Url) -> Result<(), Error> {
        let left = self.redirects_left.checked_sub(1);
        self.redirects_left = left.ok_or(Error::TooManyRedirects(self.redirects))?;
        self.url = next;
        Ok(())
    }
}

/// An answer whose body is still to be read; the turn at the host lasts until then.
struct Reply {
    response: Response,
    _turn: OwnedSemaphorePermit,
}

struct Arrived {
    bytes: Vec<u8>,
    content_type: Option<String>,
    refresh: Option<String>,
}

/// Where a redirect leads; `None` when the answer is not one, or does not say where to.
fn redirect_of(response: &Response, here: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = header_text(response.headers(), &header::LOCATION)?;
    let mut next = here.join(&location).ok()?;
    if next.fragment().is_none() {
        next.set_fragment(here.fragment());
    }
    Some(next)
}

/// Challenges come with statuses like 403 and 503, so the body is looked at before one is blamed.
async fn failure(response: Response, allowance: Allowance, trip: &Trip) -> Error {
    const GLIMPSE: usize = 256 * 1024;
    let status = response.status();
    let mitigated = HeaderName::from_static("cf-mitigated");
    if header_text(response.headers(), &mitigated).as_deref() == Some("challenge") {
        return Error::BotWall;
    }
    let content_type = header_text(response.headers(), &header::CONTENT_TYPE);
    let most = GLIMPSE.min(allowance.most);
    let bytes = body::glimpse(response, Allowance { most, ..allowance }).await;
    let may_be_a_wall = status != StatusCode::NOT_FOUND && status != StatusCode::GONE;
    if may_be_a_wall
        && let Document::Html(html) = decode(&bytes, content_type.as_deref())
        && let Err(wall) = interstitial::is_no_wall(&PageScan::new(&html), &trip.url, &trip.url)
    {
        return wall;
    }
    Error::Status(status.as_u16())
}

/// A header as text. Addresses and media types are ASCII; what is not becomes U+FFFD.
fn header_text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}
