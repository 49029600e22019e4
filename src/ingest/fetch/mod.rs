//! Fetches pages and images, politely and safely. The only HTTP client in the program.
//!
//! A fetch is a chain of requests. Each URL is checked before anything is sent (`ssrf_guard`), each request waits for
//! room at its host (`host_limit`), connects only to checked addresses (`dns`), has its own timeout for the first byte,
//! and its body is read with a size limit (`body`). Redirects are followed here and not by the client, so that every
//! URL is checked. A page is then decoded (`charset`) and checked for interstitials (`extract::PageScan`,
//! `interstitial`).
//!
//! Cookies last as long as one fetch (`cookies`). No `Referer`, no credentials, no proxy from the environment.

mod parse_url;
mod body;
mod charset;
mod document;
mod client;
mod cookies;
mod error;
mod feed;
mod media;
mod interstitial;
mod ssrf_guard;
mod policy;
mod redirects;
mod retry_after;
mod web_archive;
mod blocked_ports;
mod dns;
mod content_type;
mod host_limit;

use std::sync::Arc;

use extract::PageScan;
use jiff::civil::Date;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub(in crate::ingest) use body::UNRESERVED_BYTES;
pub use charset::{decode, decode_as};
pub use content_type::check_is_page;
pub use dns::Resolver;
pub use document::Document;
pub use error::{BlockReason, BlockedUrl, Error, NO_HOST, NO_ROOM, NetworkError, WEB_ARCHIVE};
pub use feed::{FeedHeaders, FeedResponse};
pub use media::MediaResponse;
pub use parse_url::parse_url;
pub use policy::{FEED_PART, MAX_PAGE_BYTES, Policy, PolicyError};
pub use redirects::Conditions;
pub use retry_after::RetryAfter;
pub use ssrf_guard::NamedBy;

use crate::ingest::memory_budget::{MemoryBudget, Reservation};
use body::{BodyLimits, Memory};
use client::{HttpClients, ResourceKind};
use host_limit::HostLimiter;
use interstitial::Forward;
use redirects::{RedirectChain, redirect_target};
use ssrf_guard::{AddressScope, SsrfGuard};

/// Fetches pages and images. Cheap to clone; clones share connections and limits per host.
#[derive(Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
    /// Bytes of a page that there is room for.
    page_room: usize,
}

struct Inner {
    policy: Policy,
    guard: SsrfGuard,
    clients: HttpClients,
    host_limiter: HostLimiter,
    /// Recordings that may be streamed at once.
    streams: media::Places,
}

/// A fetched page.
#[derive(Debug)]
pub struct FetchedPage {
    /// Its URL after all redirects.
    pub url: Url,
    /// The body, decompressed and otherwise unchanged: the snapshot.
    pub bytes: Vec<u8>,
    /// The `Content-Type` header; [`decode`] needs it to decode the bytes again.
    pub content_type: Option<String>,
    /// The decoded body.
    pub document: Document,
    /// The memory reserved for it, if it is large.
    pub reservation: Option<Reservation>,
    /// The day of the copy, if it is from a web archive.
    pub archived_on: Option<Date>,
}

/// An image, fetched or found in a page.
#[derive(Debug, Clone)]
pub struct FetchedImage {
    /// The unchanged file.
    pub bytes: Vec<u8>,
    /// The type detected from its bytes: `image/jpeg`, `-png`, `-gif`, `-webp`, `-avif`, `-svg+xml`, `-bmp` or
    /// `-x-icon`.
    pub media_type: &'static str,
}

impl FetchedImage {
    /// Wraps the bytes of an image; `None` if they are none that browsers show.
    #[must_use]
    pub fn recognize(bytes: Vec<u8>) -> Option<Self> {
        content_type::detect_image_type(&bytes).map(|media_type| Self { bytes, media_type })
    }
}

impl Fetcher {
    /// Builds the HTTP clients for `policy`.
    ///
    /// # Errors
    /// An allowed host or a certificate in the policy is invalid.
    pub fn new(policy: Policy, resolver: Resolver) -> Result<Self, PolicyError> {
        let guard = SsrfGuard::new(&policy.allow_hosts, &policy.allow_ports).map_err(PolicyError::Host)?;
        let clients = HttpClients::new(&policy, resolver)?;
        let host_limiter = HostLimiter::default();
        let streams = media::Places::default();
        Ok(Self { inner: Arc::new(Inner { policy, guard, clients, host_limiter, streams }), page_room: usize::MAX })
    }

    /// Returns a fetcher that stops reading a page when it exceeds this size, with [`Error::NoRoom`]. It shares
    /// connections and limits per host with this one.
    #[must_use]
    pub fn with_page_room(&self, bytes: usize) -> Self {
        Self { page_room: bytes, ..self.clone() }
    }

    /// Returns the memory that large pages share.
    #[must_use]
    pub fn memory(&self) -> &MemoryBudget {
        &self.inner.policy.memory
    }

    /// Returns whether a URL may be fetched, as far as that can be told before its name is resolved.
    #[must_use]
    pub fn may_fetch(&self, url: &Url, named_by: NamedBy) -> bool {
        self.inner.guard.check_url(url, named_by).is_ok()
    }

    /// Returns the host of the web archive.
    #[must_use]
    pub fn archive_host(&self) -> &str {
        self.inner.policy.archive.host_str().unwrap_or_default()
    }

    /// Fetches a page that the reader has named, following redirects and forwarding pages.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn fetch_page(&self, url: &Url) -> Result<FetchedPage, Error> {
        self.follow_to_page(url, NamedBy::Inside).await
    }

    /// Fetches a page that another page links to.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn fetch_linked_page(&self, url: &Url, page: Option<&Url>) -> Result<FetchedPage, Error> {
        self.follow_to_page(url, self.named_by_page(page)).await
    }

    async fn follow_to_page(&self, url: &Url, named_by: NamedBy) -> Result<FetchedPage, Error> {
        let mut chain = self.start_chain(url, named_by);
        loop {
            let received = self.follow_redirects(&mut chain, ResourceKind::Page).await?;
            let (requested, current, follows_notices) = (url.clone(), chain.url.clone(), chain.follows_notices());
            // Decoding a large page takes a tenth of a second, in which requests would wait.
            let read = tokio::task::spawn_blocking(move || received.read(&requested, &current, follows_notices)).await;
            match read.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))? {
                ReadPage::Forwarding(Forward::Redirect(next)) => chain.follow(&next)?,
                ReadPage::Forwarding(Forward::Notice(next)) => chain.follow_notice(&next)?,
                ReadPage::Page(page) => return Ok(*page),
            }
        }
    }

    /// Fetches the newest copy of a page from the web archive. The page then has its own URL, as without the archive.
    ///
    /// # Errors
    /// [`Error::NoArchivedCopy`] if the archive has none; else see [`Error`].
    pub async fn fetch_archived_page(&self, url: &Url) -> Result<FetchedPage, Error> {
        let archive = &self.inner.policy.archive;
        let copy = self.follow_to_page(&web_archive::newest_copy_url(archive, url), NamedBy::Inside).await;
        let page = copy.map_err(|error| match error {
            Error::Status(404) => Error::NoArchivedCopy,
            error => error,
        })?;
        match web_archive::parse_copy_url(archive, &page.url) {
            Some((day, original)) => Ok(FetchedPage { url: original, archived_on: Some(day), ..page }),
            None => Err(Error::NoArchivedCopy),
        }
    }

    /// Fetches an image of a page, following redirects. `page` is where the page came from, if it came from the web.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn fetch_image(&self, url: &Url, page: Option<&Url>) -> Result<FetchedImage, Error> {
        let mut chain = self.start_chain(url, self.named_by_page(page));
        let bytes = self.follow_redirects(&mut chain, ResourceKind::Image).await?.bytes;
        FetchedImage::recognize(bytes).ok_or(Error::NotAnImage)
    }

    /// Returns who names the URLs in a page: a page of an allowed host is as good as the reader's word.
    #[must_use]
    pub fn named_by_page(&self, page: Option<&Url>) -> NamedBy {
        let is_allowed = |page: &Url| self.inner.guard.check_url(page, NamedBy::Inside) == Ok(AddressScope::Any);
        if page.is_some_and(is_allowed) { NamedBy::Inside } else { NamedBy::Outside }
    }

    fn start_chain(&self, url: &Url, named_by: NamedBy) -> RedirectChain {
        RedirectChain::start(url, named_by, &self.inner.policy)
    }

    /// Follows redirects to the first other response and reads it.
    async fn follow_redirects(&self, chain: &mut RedirectChain, kind: ResourceKind) -> Result<ReceivedBody, Error> {
        loop {
            let pending = match self.send_request(chain, kind).await {
                Ok(pending) => pending,
                Err(error) => self.retry_with_https(chain, kind, error).await?,
            };
            match redirect_target(&pending.response, &chain.url) {
                Some(next) => chain.follow(&next)?,
                None => return self.read_response(pending, chain, kind).await,
            }
        }
    }

    /// Asks over https if nothing answered over http; the error is the first one if that fails too.
    async fn retry_with_https(
        &self,
        chain: &mut RedirectChain,
        kind: ResourceKind,
        error: Error,
    ) -> Result<PendingResponse, Error> {
        let Some(secure) = chain.https_instead(&error) else { return Err(error) };
        chain.follow(&secure)?;
        self.send_request(chain, kind).await.map_err(|_| error)
    }

    /// Checks one URL, waits for room at its host, and sends the request.
    async fn send_request(&self, chain: &mut RedirectChain, kind: ResourceKind) -> Result<PendingResponse, Error> {
        let scope = self.inner.guard.check_url(&chain.url, chain.named_by)?;
        if scope == AddressScope::PublicOnly {
            // Whatever comes next, this site has a say in it.
            chain.named_by = NamedBy::Outside;
        }
        let host = chain.url.host_str().unwrap_or_default().to_owned();
        let queued = Instant::now();
        let permit = self.inner.host_limiter.acquire(&host).await;
        // We caused this wait, so it does not count against the site.
        chain.deadline += queued.elapsed();
        let first_byte_timeout = self.inner.policy.first_byte_timeout;
        let until = chain.deadline.min(Instant::now() + first_byte_timeout);
        let mut request = self.inner.clients.request(&chain.url, scope, kind);
        if let Some(cookies) = chain.cookies.header(&chain.url) {
            request = request.header(header::COOKIE, cookies);
        }
        request = chain.add_conditions(request);
        match timeout_at(until, request.send()).await {
            Err(_) => Err(Error::Timeout(first_byte_timeout.min(self.inner.policy.total_timeout))),
            Ok(Err(error)) => Err(match client::to_fetch_error(&error, &chain.url, &self.inner.policy) {
                Error::BlockedUrl(blocked) => self.inner.guard.explain(blocked, &chain.url).into(),
                error => error,
            }),
            Ok(Ok(response)) => {
                chain.cookies.store(response.headers(), &chain.url);
                Ok(PendingResponse { response, _permit: permit })
            }
        }
    }

    /// Reads a response that is not a redirect.
    async fn read_response(
        &self,
        pending: PendingResponse,
        chain: &RedirectChain,
        kind: ResourceKind,
    ) -> Result<ReceivedBody, Error> {
        let PendingResponse { response, _permit } = pending;
        let limits = BodyLimits {
            max_bytes: self.inner.policy.max_bytes,
            room: if kind == ResourceKind::Page { self.page_room } else { usize::MAX },
            deadline: chain.deadline,
            total_timeout: self.inner.policy.total_timeout,
        };
        if !response.status().is_success() {
            return Err(status_error(response, limits, chain).await);
        }
        let content_type = header_text(response.headers(), &header::CONTENT_TYPE);
        let refresh = header_text(response.headers(), &header::REFRESH);
        let check_head = |head: &[u8]| match kind {
            ResourceKind::Page | ResourceKind::Feed | ResourceKind::Media => {
                content_type::check_is_page(head, content_type.as_deref())
            }
            ResourceKind::Image => content_type::detect_image_type(head).map(drop).ok_or(Error::NotAnImage),
        };
        let memory = match kind {
            ResourceKind::Page => Memory::OfPages(&self.inner.policy.memory),
            _ => Memory::Unweighed,
        };
        let body = body::read_body(response, limits, memory, check_head).await?;
        Ok(ReceivedBody { bytes: body.bytes, reservation: body.reservation, content_type, refresh })
    }
}

/// A response whose body is not read yet. Keeps its place at the host until then.
struct PendingResponse {
    response: Response,
    _permit: OwnedSemaphorePermit,
}

/// A page that was read.
enum ReadPage {
    /// It only leads on.
    Forwarding(Forward),
    Page(Box<FetchedPage>),
}

struct ReceivedBody {
    bytes: Vec<u8>,
    reservation: Option<Reservation>,
    content_type: Option<String>,
    refresh: Option<String>,
}

impl ReceivedBody {
    /// Decodes a page that was requested under one URL and received from another, and checks that it is no interstitial.
    fn read(self, requested: &Url, url: &Url, follows_notices: bool) -> Result<ReadPage, Error> {
        let document = decode(&self.bytes, self.content_type.as_deref());
        if document.source().len() > MAX_PAGE_BYTES {
            return Err(Error::TooLarge(MAX_PAGE_BYTES));
        }
        if let Document::Html(html) = &document {
            let scan = PageScan::new(html);
            match interstitial::forwarding_target(&scan, self.refresh.as_deref(), url) {
                Some(next @ Forward::Redirect(_)) => return Ok(ReadPage::Forwarding(next)),
                // Bot checks lead on by scripts too.
                next => {
                    interstitial::check_not_interstitial(&scan, requested, url)?;
                    if let Some(next) = next.filter(|_| follows_notices) {
                        return Ok(ReadPage::Forwarding(next));
                    }
                }
            }
        }
        Ok(ReadPage::Page(Box::new(FetchedPage {
            url: url.clone(),
            bytes: self.bytes,
            content_type: self.content_type,
            document,
            reservation: self.reservation,
            archived_on: None,
        })))
    }
}

/// Returns the error for a status other than success. Bot checks come with statuses such as 403 and 503, so the body is
/// examined first.
async fn status_error(response: Response, limits: BodyLimits, chain: &RedirectChain) -> Error {
    const PREFIX_BYTES: usize = 256 * 1024;
    let status = response.status();
    let mitigated = HeaderName::from_static("cf-mitigated");
    if header_text(response.headers(), &mitigated).as_deref() == Some("challenge") {
        return Error::BotCheck;
    }
    let retry_after = RetryAfter::from_headers(response.headers());
    let content_type = header_text(response.headers(), &header::CONTENT_TYPE);
    let max_bytes = PREFIX_BYTES.min(limits.max_bytes);
    let bytes = body::read_prefix(response, BodyLimits { max_bytes, ..limits }).await;
    let may_be_interstitial = status != StatusCode::NOT_FOUND && status != StatusCode::GONE;
    if may_be_interstitial
        && let Document::Html(html) = decode(&bytes, content_type.as_deref())
        && let Err(error) = interstitial::check_not_interstitial(&PageScan::new(&html), &chain.url, &chain.url)
    {
        return error;
    }
    let error = Error::Status(status.as_u16());
    if status == StatusCode::TOO_MANY_REQUESTS || retry_after.is_some() && error.is_transient() {
        let host = chain.url.host_str().unwrap_or_default().to_owned();
        return Error::AskedToWait { status: status.as_u16(), retry_after, host };
    }
    error
}

/// Returns a header as text. URLs and media types are ASCII; other bytes become U+FFFD.
fn header_text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}
