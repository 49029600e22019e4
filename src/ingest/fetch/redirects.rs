//! The state of a fetch across redirects and forwarding pages.

use std::time::Duration;

use reqwest::header::{self, HeaderValue};
use reqwest::{RequestBuilder, Response};
use tokio::time::Instant;
use url::Url;

use crate::ingest::fetch::client;
use crate::ingest::fetch::cookies::CookieJar;
use crate::ingest::fetch::error::{Error, NetworkError};
use crate::ingest::fetch::policy::Policy;
use crate::ingest::fetch::ssrf_guard::NamedBy;
use crate::urls;

/// Pages that lead on by a script, a notice or a frame. A site that has more of them leads in circles.
const MAX_NOTICES: usize = 3;

/// What makes a request conditional (RFC 9110, section 13): what an earlier answer said, exactly as it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The URL that gave that answer. Others are asked without conditions.
    pub url: String,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// A fetch: where it is now, and what it may still do.
pub(super) struct RedirectChain {
    pub(super) url: Url,
    /// Who named the URL. Once outside, a chain stays there.
    pub(super) named_by: NamedBy,
    pub(super) deadline: Instant,
    pub(super) cookies: CookieJar,
    /// What makes the request of a feed conditional.
    pub(super) conditions: Option<Conditions>,
    /// How many people a feed is for.
    pub(super) readers: usize,
    /// The part of a recording that is asked for.
    pub(super) range: Option<String>,
    redirects_left: usize,
    max_redirects: usize,
    notices_left: usize,
    connect_timeout: Duration,
}

impl RedirectChain {
    pub(super) fn start(url: &Url, named_by: NamedBy, policy: &Policy) -> Self {
        Self {
            url: urls::unwrap(url),
            named_by,
            deadline: Instant::now() + policy.total_timeout,
            cookies: CookieJar::default(),
            conditions: None,
            readers: 0,
            range: None,
            redirects_left: policy.max_redirects,
            max_redirects: policy.max_redirects,
            notices_left: MAX_NOTICES,
            connect_timeout: policy.connect_timeout,
        }
    }

    /// Adds the headers of a feed's request: its conditions, if they are for this URL, and the number of readers. For a recording:
    /// the part, not compressed.
    pub(super) fn add_conditions(&self, mut request: RequestBuilder) -> RequestBuilder {
        if self.readers > 0 {
            request = request.header(header::USER_AGENT, client::user_agent(self.readers));
        }
        if let Some(range) = &self.range {
            request = request.header(header::RANGE, range).header(header::ACCEPT_ENCODING, "identity");
        }
        let Some(conditions) = self.conditions.as_ref().filter(|conditions| conditions.url == self.url.as_str()) else {
            return request;
        };
        for (name, value) in
            [(header::IF_NONE_MATCH, &conditions.etag), (header::IF_MODIFIED_SINCE, &conditions.last_modified)]
        {
            if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
                request = request.header(name, value);
            }
        }
        request
    }

    /// Goes to the target of a redirect.
    pub(super) fn follow(&mut self, next: &Url) -> Result<(), Error> {
        let left = self.redirects_left.checked_sub(1);
        self.redirects_left = left.ok_or(Error::TooManyRedirects(self.max_redirects))?;
        self.url = urls::unwrap(next);
        Ok(())
    }

    /// Returns whether a page that leads on by a script, a notice or a frame may still be followed.
    pub(super) const fn follows_notices(&self) -> bool {
        self.notices_left > 0
    }

    /// Goes to where a page leads that is no redirect.
    pub(super) fn follow_notice(&mut self, next: &Url) -> Result<(), Error> {
        self.notices_left = self.notices_left.saturating_sub(1);
        self.follow(next)
    }

    /// Returns the URL with https if nothing answers over http: some sites have closed that port.
    pub(super) fn https_instead(&self, error: &Error) -> Option<Url> {
        let no_connection = match error {
            Error::Network(NetworkError::ConnectionRefused(_) | NetworkError::Unreachable(_)) => true,
            Error::Timeout(limit) => *limit == self.connect_timeout,
            _ => false,
        };
        if !no_connection || self.url.scheme() != "http" || self.url.port().is_some() {
            return None;
        }
        let mut secure = self.url.clone();
        secure.set_scheme("https").ok()?;
        Some(secure)
    }
}

/// Returns where a redirect leads; `None` if the response is not a redirect or has no valid location.
pub(super) fn redirect_target(response: &Response, current: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = super::header_text(response.headers(), &header::LOCATION)?;
    let mut next = current.join(&location).ok()?;
    if next.fragment().is_none() {
        next.set_fragment(current.fragment());
    }
    Some(next)
}
