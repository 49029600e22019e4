//! Errors of handlers. Visitors see a message and a request id, never the error itself.
//!
//! A handler returns [`Error`]; internal errors are logged here, once. [`super::error_middleware::render`] then turns every
//! bare error response into a page, including those of axum's extractors, since only there the request id and the
//! display settings are known.

use std::any::Any;
use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;

use crate::ingest::extractor::TooSlow;
use crate::storage::{damage, disk_full};
use crate::web::shell::return_path::ReturnPath;

/// Result of a handler.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a handler shows no page. Invalid input is no error: its form is shown again with a message.
#[derive(Debug)]
pub enum Error {
    /// It does not exist, or not for this reader.
    NotFound,
    /// A page needs a login. URL of the login page.
    LoginRequired(String),
    /// A request other than for a page needs a login.
    Unauthorized,
    /// Not allowed, and why.
    Forbidden(Cow<'static, str>),
    /// Not allowed, with more to say.
    Refused(Box<ErrorMessage>),
    /// The request used a foreign host name. The right URL.
    WrongHost(String),
    /// Too many login attempts, and how long to wait.
    TooManyAttempts(SignedDuration),
    /// The disk is full: reading works, writing does not.
    DiskFull,
    /// A database is damaged.
    Damaged(anyhow::Error),
    /// Reading a page took too long.
    TooSlow,
    /// Any other error. Logged, not shown.
    Internal(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Error {
    fn from(error: E) -> Self {
        let error = error.into();
        if error.is::<TooSlow>() {
            Self::TooSlow
        } else if disk_full::is_disk_full(&*error) {
            Self::DiskFull
        } else if damage::is_damaged(&*error) {
            Self::Damaged(error)
        } else {
            Self::Internal(error)
        }
    }
}

/// Title and text of an error page.
#[derive(Debug, Clone)]
pub struct ErrorMessage {
    pub(crate) title: &'static str,
    pub(crate) text: Cow<'static, str>,
    /// What operators need to know, below "Details".
    pub(crate) details: Option<String>,
    /// The way on: path and label. Otherwise the front page is offered.
    pub(crate) link: Option<(ReturnPath, &'static str)>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::LoginRequired(url) => Redirect::to(&url).into_response(),
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::Forbidden(text) => ErrorMessage::new("Not allowed", text).with_status(StatusCode::FORBIDDEN),
            Self::Refused(message) => message.with_status(StatusCode::FORBIDDEN),
            Self::WrongHost(url) => wrong_host(&url).with_status(StatusCode::MISDIRECTED_REQUEST),
            Self::TooManyAttempts(wait) => too_many_attempts(wait),
            Self::TooSlow => {
                ErrorMessage::new("Too slow", TooSlow.to_string()).with_status(StatusCode::SERVICE_UNAVAILABLE)
            }
            Self::DiskFull => {
                tracing::error!("disk full");
                StatusCode::INSUFFICIENT_STORAGE.into_response()
            }
            Self::Damaged(error) => {
                tracing::error!(error = format!("{error:#}"), "a database is damaged");
                let text =
                    format!("A file of your library is damaged, so this page can’t be shown. {}", damage::REMEDY);
                ErrorMessage::new("Damaged library", text).with_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "request failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

impl ErrorMessage {
    pub(crate) fn new(title: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { title, text: text.into(), details: None, link: None }
    }

    fn with_link(self, path: &str, label: &'static str) -> Self {
        Self { link: Some((ReturnPath::parse(path), label)), ..self }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Response {
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }

    /// Returns the message for a status.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => {
                Self::new("Not found", "There’s nothing here. The link may be wrong or out of date.")
            }
            StatusCode::UNAUTHORIZED => Self::new(
                "Please log in",
                "You’ve been logged out, so nothing was changed. What you typed is still on the page you came from: log \
                 in in another tab, then go back and try again.",
            )
            .with_link("/login", "Log in"),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new("Not a page", "That link can’t be opened directly. Go back and use the buttons.")
            }
            StatusCode::REQUEST_TIMEOUT => Self::new("Timed out", "That took too long. Try again."),
            StatusCode::PAYLOAD_TOO_LARGE => Self::new("Too large", "That’s too large. Send less at once."),
            StatusCode::INSUFFICIENT_STORAGE => Self::new(
                "The disk is full",
                "Nothing can be saved, but you can still read. Free some space and try again.",
            ),
            status if status.is_client_error() => {
                Self::new("Bad request", "Broadsheet couldn’t understand that request. Go back and try again.")
            }
            _ => Self::new("Something went wrong", "Look up the request ID below in the server’s log to see why."),
        }
    }
}

fn wrong_host(url: &str) -> ErrorMessage {
    ErrorMessage::new("Wrong address", format!("Open Broadsheet at {url}."))
}

fn too_many_attempts(wait: SignedDuration) -> Response {
    let minutes = (wait.as_secs() / 60) + 1;
    let minutes = if minutes == 1 { "a minute".to_owned() } else { format!("{minutes} minutes") };
    let text = format!("Too many login attempts. Wait {minutes}, then try again.");
    let mut response = ErrorMessage::new("Too many attempts", text).with_status(StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(0).unsigned_abs() + 1));
    response
}

/// Logs a panic and returns the response to it.
pub(crate) fn handle_panic(panic: Box<dyn Any + Send>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = message.unwrap_or("no message"), "request handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_recognized_below_other_errors() {
        let full = anyhow::Error::from(std::io::Error::from(std::io::ErrorKind::StorageFull)).context("keeping a page");
        assert!(matches!(Error::from(full), Error::DiskFull));
        assert!(matches!(Error::from(anyhow::anyhow!("other")), Error::Internal(_)));
        assert_eq!(Error::DiskFull.into_response().status(), StatusCode::INSUFFICIENT_STORAGE);
    }

    #[test]
    fn a_page_that_takes_too_long_to_read_is_said_to() {
        let error = Error::from(anyhow::Error::from(TooSlow).context("trying a rule"));
        let response = error.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.extensions().get::<ErrorMessage>().unwrap().text.contains("longer than 10 seconds"));
    }

    #[test]
    fn a_login_limit_states_the_wait_in_minutes_and_in_the_header() {
        let response = Error::TooManyAttempts(SignedDuration::from_secs(599)).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "600");
        assert!(response.extensions().get::<ErrorMessage>().unwrap().text.contains("Wait 10 minutes"));
    }
}
