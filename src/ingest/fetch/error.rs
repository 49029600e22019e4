//! Fetch errors, and what the reader is told about them. Pure.

use std::time::Duration;

/// Why something could not be fetched. [`Error::user_message`] is for the reader, [`Error::code`] for
/// storing, `Display` for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// What was typed is not a web address.
    #[error("not a URL: {0:?}")]
    InvalidUrl(String),
    /// The address is one that is never fetched.
    #[error(transparent)]
    BlockedUrl(#[from] BlockedUrl),
    /// Nothing (more) came within the time that is given.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// More than this many bytes, after decompression.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// The site answered with a status that is not a success.
    #[error("status {0}")]
    Status(u16),
    /// The answer is not something to read; `kind` completes "That’s …".
    #[error("not a page but {kind}")]
    NotAPage {
        /// What it is, with its article: "a PDF file", "a video".
        kind: &'static str,
    },
    /// The answer is not a picture that browsers show.
    #[error("not an image")]
    NotAnImage,
    /// The site asks for proof that a person is visiting.
    #[error("bot check instead of the page")]
    BotCheck,
    /// The site shows a question about cookies in place of the article.
    #[error("cookie prompt instead of the page")]
    ConsentPage,
    /// The site could not be reached, or the connection broke.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The address led on to others more often than this.
    #[error("more than {0} redirects")]
    TooManyRedirects(usize),
}

/// An address that is never fetched, whatever it would answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused {host:?}: {reason:?}")]
pub struct BlockedUrl {
    /// The host as the address names it; empty when it has none.
    pub host: String,
    /// The rule that was broken.
    pub reason: BlockReason,
}

/// The rule that an address broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockReason {
    /// Not http or https: holds the scheme without its colon.
    Scheme(String),
    /// A user name or password stands in the address.
    Credentials,
    /// The host is, or resolves to, an internal address; the words complete "… is".
    InternalAddress(&'static str),
    /// The port belongs to a service that is not the web.
    Port(u16),
}

/// How the network failed. Each holds the host, or all of the address before its path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// The name has no address.
    #[error("no address for {0:?}")]
    HostNotFound(String),
    /// Nothing listens there: `https://example.org:8443`.
    #[error("{0:?} refused the connection")]
    ConnectionRefused(String),
    /// No connection came about, as when there is no way to the host.
    #[error("no connection to {0:?}")]
    Unreachable(String),
    /// The certificate is not valid: wrong name, out of date, unknown authority.
    #[error("no valid certificate of {0:?}")]
    InvalidCertificate(String),
    /// What answers does not speak TLS.
    #[error("no TLS at {0:?}")]
    NotTls(String),
    /// TLS was spoken, and no secure connection came of it.
    #[error("no secure connection to {0:?}")]
    HandshakeFailed(String),
    /// The connection broke, or what came over it makes no sense.
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
            Error::Status(status) => status_message(*status),
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
            Error::Network(error) => error.user_message(),
            Error::TooManyRedirects(limit) => format!(
                "The site redirected more than {limit} times; it may need cookies. Open the page in your browser and \
                 paste it here."
            ),
        }
    }

    /// A short, lasting name for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Error::InvalidUrl(_) => "invalid-url",
            Error::BlockedUrl(_) => "blocked-url",
            Error::Timeout(_) => "timeout",
            Error::TooLarge(_) => "too-large",
            Error::Status(401) => "status-401",
            Error::Status(403) => "status-403",
            Error::Status(404) => "status-404",
            Error::Status(410) => "status-410",
            Error::Status(429) => "status-429",
            Error::Status(500..) => "status-5xx",
            Error::Status(_) => "status",
            Error::NotAPage { .. } => "not-a-page",
            Error::NotAnImage => "not-an-image",
            Error::BotCheck => "bot-check",
            Error::ConsentPage => "consent-page",
            Error::Network(_) => "network",
            Error::TooManyRedirects(_) => "too-many-redirects",
        }
    }

    /// True when the same request may well succeed later, so that it is worth trying again by
    /// itself: the site was slow, down, or asked us to wait.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::Timeout(_) | Error::Network(_) => true,
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
