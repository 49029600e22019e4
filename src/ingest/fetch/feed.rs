//! Fetches feeds: with conditions, and with every answer told, since errors say when to ask again.

use feeds::limits::MAX_DOCUMENT_BYTES;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode};
use url::Url;

use crate::ingest::fetch::body::{self, Body, BodyLimits, Memory};
use crate::ingest::fetch::client::ResourceKind;
use crate::ingest::fetch::error::Error;
use crate::ingest::fetch::redirects::{Conditions, RedirectChain, redirect_target};
use crate::ingest::fetch::{Fetcher, NamedBy, header_text};
use crate::ingest::memory_budget::{MemoryBudget, Reservation};

/// An answer to the request of a feed.
#[derive(Debug)]
pub struct FeedResponse {
    /// The URL that answered, after redirects.
    pub url: Url,
    /// Whether all redirects on the way there were for good (301, 308); `false` if there were none.
    pub has_moved: bool,
    /// The status.
    pub status: u16,
    /// What it says of the answer, and of when to ask again.
    pub headers: FeedHeaders,
    /// The body, decompressed; empty unless the status is 200.
    pub bytes: Vec<u8>,
    /// The memory reserved for it, for as long as the answer, or what was read of it, is kept.
    pub reservation: Option<Reservation>,
}

/// Headers of an answer, as given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "they have the names of the headers")]
pub struct FeedHeaders {
    pub content_type: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub cache_control: Option<String>,
    pub expires: Option<String>,
    pub retry_after: Option<String>,
    pub rate_limit_reset: Option<String>,
    pub link: Vec<String>,
}

impl FeedHeaders {
    fn read(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| header_text(headers, &name);
        let links = headers.get_all(header::LINK).iter();
        Self {
            content_type: text(header::CONTENT_TYPE),
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
            cache_control: text(header::CACHE_CONTROL),
            expires: text(header::EXPIRES),
            retry_after: text(header::RETRY_AFTER),
            rate_limit_reset: text(HeaderName::from_static("x-ratelimit-reset")),
            link: links.map(|link| String::from_utf8_lossy(link.as_bytes()).into_owned()).collect(),
        }
    }
}

impl Fetcher {
    /// Returns the memory that answers of feeds share.
    #[must_use]
    pub fn feed_memory(&self) -> &MemoryBudget {
        &self.inner.policy.feed_memory
    }

    /// Fetches a feed, or a page that may have one. Every status is an answer. `readers` is how many people it is for, which
    /// publishers like to know.
    ///
    /// # Errors
    /// The URL is forbidden, nothing answers, or the answer is too large or too slow.
    pub async fn fetch_feed(
        &self,
        url: &Url,
        named_by: NamedBy,
        conditions: Option<&Conditions>,
        readers: usize,
    ) -> Result<FeedResponse, Error> {
        let mut chain = self.start_chain(url, named_by);
        chain.conditions = conditions.cloned();
        chain.readers = readers;
        let (mut redirects, mut permanent) = (0, 0);
        loop {
            let pending = match self.send_request(&mut chain, ResourceKind::Feed).await {
                Ok(pending) => pending,
                Err(error) => {
                    redirects += 1;
                    self.retry_with_https(&mut chain, ResourceKind::Feed, error).await?
                }
            };
            let Some(next) = redirect_target(&pending.response, &chain.url) else {
                let has_moved = redirects > 0 && permanent == redirects;
                return self.read_feed(pending.response, &chain, has_moved).await;
            };
            redirects += 1;
            permanent += usize::from(is_permanent(pending.response.status()));
            chain.follow(&next)?;
        }
    }

    async fn read_feed(
        &self,
        response: Response,
        chain: &RedirectChain,
        has_moved: bool,
    ) -> Result<FeedResponse, Error> {
        let (status, headers) = (response.status(), FeedHeaders::read(response.headers()));
        let policy = &self.inner.policy;
        let limits = BodyLimits {
            max_bytes: policy.max_bytes.min(MAX_DOCUMENT_BYTES),
            room: usize::MAX,
            deadline: chain.deadline,
            total_timeout: policy.total_timeout,
        };
        let Body { bytes, reservation } = match status {
            StatusCode::OK => {
                body::read_body(response, limits, Memory::OfFeeds(&policy.feed_memory), |_| Ok(())).await?
            }
            _ => Body { bytes: Vec::new(), reservation: None },
        };
        let status = status.as_u16();
        Ok(FeedResponse { url: chain.url.clone(), has_moved, status, headers, bytes, reservation })
    }
}

fn is_permanent(status: StatusCode) -> bool {
    matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT)
}
