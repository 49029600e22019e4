//! Fetch errors and their messages. Pure.

use std::time::Duration;

use url::Url;

use crate::ingest::fetch::retry_after::RetryAfter;

/// A page and its images packed into one file: MHTML, or Safari's format. A kind that has its own advice.
pub const WEB_ARCHIVE: &str = "a web archive";

/// What a feed is called.
pub const FEED: &str = "a feed";

/// The code of [`Error::NoRoom`].
pub const NO_ROOM: &str = "no-room";

/// The code of [`NetworkError::HostNotFound`].
pub const NO_HOST: &str = "no-host";

/// A failed fetch. [`Error::user_message`] is for the reader, [`Error::code`] for the database, `Display` for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not a web URL.
    #[error("not a URL: {0:?}")]
    InvalidUrl(String),
    /// The URL is never fetched.
    #[error(transparent)]
    BlockedUrl(#[from] BlockedUrl),
    /// The response did not begin or finish in this time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The body has more than this many bytes after decompression.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// The page has more than this many bytes, and the disk is almost full.
    #[error("more than {0} bytes, and the disk is almost full")]
    NoRoom(usize),
    /// The site answered with a status other than success.
    #[error("status {0}")]
    Status(u16),
    /// The site is busy or down: it said when to ask again, or that there were too many requests.
    #[error("status {status} at {host:?}, {retry_after:?}")]
    AskedToWait {
        /// The status.
        status: u16,
        /// When to ask again.
        retry_after: Option<RetryAfter>,
        /// The host that said so.
        host: String,
    },
    /// The web archive has no copy of the page.
    #[error("no copy in the web archive")]
    NoArchivedCopy,
    /// The response is neither HTML nor text.
    #[error("not a page but {kind}")]
    NotAPage {
        /// Its type, with an article: "a PDF file", "a video". Completes "That’s …".
        kind: &'static str,
    },
    /// The response is not an image that browsers show.
    #[error("not an image")]
    NotAnImage,
    /// The site showed a bot check instead of the page.
    #[error("bot check instead of the page")]
    BotCheck,
    /// The site showed a cookie prompt instead of the page.
    #[error("cookie prompt instead of the page")]
    ConsentPage,
    /// The connection failed or broke.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// Too many recordings are streamed already.
    #[error("too many recordings are streamed")]
    Busy,
    /// The site redirected more than this many times.
    #[error("more than {0} redirects")]
    TooManyRedirects(usize),
}

/// A URL that is never fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused {host:?}: {reason:?}")]
pub struct BlockedUrl {
    /// The host in the URL; empty if it has none.
    pub host: String,
    /// Why it is blocked.
    pub reason: BlockReason,
}

/// Why a URL is blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockReason {
    /// The scheme, without its colon, is not http or https.
    Scheme(String),
    /// The URL contains a user name or password.
    Credentials,
    /// The host is, or resolves to, an internal address; the text completes "… is".
    InternalAddress(&'static str),
    /// The same, but the operator allows the host; another site led to it, though, and to a port that is not named.
    NamedFromOutside(&'static str, u16),
    /// The port belongs to a service that is not the web.
    Port(u16),
}

/// A network failure. Each variant holds the host, or the origin (`https://example.org:8443`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// The name does not resolve.
    #[error("no address for {0:?}")]
    HostNotFound(String),
    /// Nothing listens at this origin.
    #[error("{0:?} refused the connection")]
    ConnectionRefused(String),
    /// The host cannot be reached.
    #[error("no connection to {0:?}")]
    Unreachable(String),
    /// The certificate is invalid: wrong name, expired, unknown authority.
    #[error("no valid certificate of {0:?}")]
    InvalidCertificate(String),
    /// The server at this origin does not speak TLS.
    #[error("no TLS at {0:?}")]
    NotTls(String),
    /// The TLS handshake failed.
    #[error("no secure connection to {0:?}")]
    HandshakeFailed(String),
    /// The connection broke, or the response is not valid HTTP.
    #[error("the connection to {0:?} broke")]
    ConnectionBroken(String),
}

impl Error {
    /// Returns what went wrong and what to do, in sentences for the reader.
    pub fn user_message(&self) -> String {
        match self {
            Error::InvalidUrl(text) => format!(
                "“{}” isn’t a link. Paste the full link to an article, such as https://example.org/news/article.",
                truncate(text)
            ),
            Error::BlockedUrl(blocked) => blocked.user_message(),
            Error::Timeout(_) => {
                "The site took too long to answer. Try again later, or open the page in your browser and paste it here."
                    .into()
            }
            Error::TooLarge(limit) => {
                format!(
                    "The file is over {} MB, too large for an article. Check the link.",
                    limit.div_ceil(1024 * 1024)
                )
            }
            Error::NoRoom(limit) => format!(
                "The page is over {} MB, and the disk is almost full. Free some space, then try again.",
                limit / 1_000_000
            ),
            Error::Status(status) | Error::AskedToWait { status, .. } => status_message(*status),
            Error::NoArchivedCopy => {
                "The Internet Archive has no copy of this page. If you have its text, paste it here.".into()
            }
            Error::NotAPage { kind: WEB_ARCHIVE } => {
                format!(
                    "That’s {WEB_ARCHIVE}. Open it in your browser, save the page as “HTML only” and upload that file."
                )
            }
            Error::NotAPage { kind: FEED } => {
                "That’s a feed. Follow it, and its articles arrive by themselves.".to_owned()
            }
            Error::NotAPage { kind } => {
                format!("That’s {kind}. Broadsheet saves single articles; paste a link to one.")
            }
            Error::NotAnImage => {
                "The link doesn’t lead to an image that browsers can show (JPEG, PNG, GIF, WebP, AVIF \
                 or SVG). Open the original page to see it."
                    .into()
            }
            Error::BotCheck => {
                "The site blocked automated access. Open the page in your browser and paste it here.".into()
            }
            Error::ConsentPage => "The site asked about cookies instead of showing the article. Answer it in your \
                 browser, then paste the page here."
                .into(),
            Error::Busy => "Too many recordings are being played at once. Try again later.".into(),
            Error::Network(error) => error.user_message(),
            Error::TooManyRedirects(limit) => format!(
                "The site redirected more than {limit} times; it may need cookies. Open the page in your browser and \
                 paste it here."
            ),
        }
    }

    /// Returns a short, stable name for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Error::InvalidUrl(_) => "invalid-url",
            Error::BlockedUrl(_) => "blocked-url",
            Error::Timeout(_) => "timeout",
            Error::TooLarge(_) => "too-large",
            Error::NoRoom(_) => NO_ROOM,
            Error::AskedToWait { status, .. } => Error::Status(*status).code(),
            Error::NoArchivedCopy => "no-archived-copy",
            Error::Status(401) => "status-401",
            Error::Status(403) => "status-403",
            Error::Status(404) => "status-404",
            Error::Status(410) => "status-410",
            Error::Status(429) => "status-429",
            Error::Status(500..) => "status-5xx",
            Error::Status(_) => "status",
            Error::NotAPage { kind: FEED } => "feed",
            Error::NotAPage { .. } => "not-a-page",
            Error::NotAnImage => "not-an-image",
            Error::BotCheck => "bot-check",
            Error::ConsentPage => "consent-page",
            Error::Busy => "busy",
            Error::Network(NetworkError::HostNotFound(_)) => NO_HOST,
            Error::Network(_) => "network",
            Error::TooManyRedirects(_) => "too-many-redirects",
        }
    }

    /// Returns the host that failed, if all of it cannot be asked for now, and not only this page. Redirects may have led
    /// there.
    pub fn failing_host(&self) -> Option<String> {
        match self {
            Error::Network(NetworkError::HostNotFound(host) | NetworkError::Unreachable(host))
            | Error::AskedToWait { host, .. } => Some(host.clone()),
            Error::Network(NetworkError::ConnectionRefused(origin)) => {
                Url::parse(origin).ok()?.host_str().map(str::to_owned)
            }
            _ => None,
        }
    }

    /// Returns whether the same request may succeed later and is worth retrying automatically: the site was slow, down,
    /// or asked us to wait.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::Network(NetworkError::InvalidCertificate(_) | NetworkError::NotTls(_)) => false,
            Error::Timeout(_) | Error::Network(_) | Error::AskedToWait { .. } => true,
            Error::Status(status) => matches!(status, 408 | 425 | 429 | 500..),
            _ => false,
        }
    }
}

impl BlockedUrl {
    fn user_message(&self) -> String {
        let host = &self.host;
        match &self.reason {
            BlockReason::Scheme(scheme) => format!(
                "Links that begin with “{}:” can’t be fetched. Use one that begins with https:// or http://.",
                truncate(scheme)
            ),
            BlockReason::Credentials => {
                "The link contains a username or password, which Broadsheet won’t send. Remove \
                 everything between // and @, or open the page in your browser and paste it here."
                    .into()
            }
            BlockReason::InternalAddress(what) => format!(
                "{} is {what}, which is off limits. To allow it, add it to BROADSHEET_ALLOW_HOSTS.",
                truncate(host)
            ),
            BlockReason::NamedFromOutside(what, port) => format!(
                "Another site led to {host}, which is {what}. To allow that, add it with its port to \
                 BROADSHEET_ALLOW_HOSTS: {host}:{port}.",
                host = truncate(host)
            ),
            BlockReason::Port(port) => format!(
                "Port {port} of {} isn’t a web port. To allow it, add it to BROADSHEET_ALLOW_PORTS.",
                truncate(host)
            ),
        }
    }
}

impl NetworkError {
    fn user_message(&self) -> String {
        match self {
            NetworkError::HostNotFound(host) => {
                format!("No site named {} was found. Check the link, or try again later.", truncate(host))
            }
            NetworkError::ConnectionRefused(origin) => format!(
                "{} refused the connection. Check the link, or try again later.{}",
                truncate(origin),
                if origin.starts_with("https:") { " If the site doesn’t support HTTPS, try http://." } else { "" }
            ),
            NetworkError::Unreachable(host) => {
                format!("{} is unreachable from this network. Try again later.", truncate(host))
            }
            NetworkError::InvalidCertificate(host) => format!(
                "The secure connection to {} failed: its certificate isn’t valid. Try again later, or open the page in \
                 your browser and paste it here.",
                truncate(host)
            ),
            NetworkError::NotTls(origin) => format!("{} doesn’t support HTTPS. Try http://.", truncate(origin)),
            NetworkError::HandshakeFailed(host) => format!(
                "The secure connection to {} failed. Open the page in your browser and paste it here.",
                truncate(host)
            ),
            NetworkError::ConnectionBroken(host) => format!("The connection to {} dropped. Try again.", truncate(host)),
        }
    }
}

fn status_message(status: u16) -> String {
    match status {
        401 => "The site requires a login (401). Open the page in your browser and paste it here.".into(),
        403 => "The site refused access (403). Open the page in your browser and paste it here.".into(),
        404 => "Page not found (404). Check the link for a typo.".into(),
        410 => "The page was removed (410).".into(),
        429 => "Too many requests (429). Try again in an hour.".into(),
        500.. => format!("The site has a problem ({status}). Try again later."),
        _ => format!(
            "The site returned status {status} instead of the article. Open the page in your browser and paste it here."
        ),
    }
}

/// Returns the first 80 characters: pasted text can be very long.
fn truncate(text: &str) -> String {
    const MAX_CHARS: usize = 80;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
