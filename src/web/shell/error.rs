//! What visitors see on failure: a page with a sentence and a request id, never the text of an error.
//!
//! A handler returns [`Error`]; what went wrong inside is logged here, once. [`super::error_page::show`] then makes a page of every failed
//! answer that is none yet, those of axum's own extractors included, since only there the request's id and looks are
//! known.

use std::any::Any;
use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;

use crate::storage::database;

/// What a handler answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no page. Bad input is no error: its form comes back with a sentence.
#[derive(Debug)]
pub enum Error {
    /// There is no such thing, or not for this reader.
    NotFound,
    /// A page for readers, asked by nobody we know: the address of the login page.
    LogIn(String),
    /// Something for readers that is no page, asked by nobody we know.
    Unauthorized,
    /// Not allowed, and why, in a sentence.
    Forbidden(Cow<'static, str>),
    /// Asked for by a name that is not ours; the address that is.
    WrongHost(String),
    /// Too many tries to log in; how long to wait.
    TooManyTries(SignedDuration),
    /// The disk is full: reading goes on, nothing can be written.
    Full,
    /// Anything else. Logged, not shown.
    Internal(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Error {
    fn from(error: E) -> Self {
        let error = error.into();
        if database::is_disk_full(&*error) { Self::Full } else { Self::Internal(error) }
    }
}

/// A failure in words, on its way to becoming a page.
#[derive(Clone)]
pub(crate) struct Problem {
    pub title: &'static str,
    pub sentence: Cow<'static, str>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::LogIn(address) => Redirect::to(&address).into_response(),
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::Forbidden(sentence) => Problem::new("Not allowed", sentence).answer(StatusCode::FORBIDDEN),
            Self::WrongHost(ours) => wrong_host(&ours).answer(StatusCode::MISDIRECTED_REQUEST),
            Self::TooManyTries(wait) => too_many_tries(wait),
            Self::Full => {
                tracing::error!("disk full");
                StatusCode::INSUFFICIENT_STORAGE.into_response()
            }
            Self::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "request failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

impl Problem {
    fn new(title: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { title, sentence: sentence.into() }
    }

    fn answer(self, status: StatusCode) -> Response {
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }

    /// What a status means to a visitor.
    pub fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => {
                Self::new("Not found", "There’s nothing here. The link may be wrong or out of date.")
            }
            StatusCode::UNAUTHORIZED => Self::new(
                "Please log in",
                "You’ve been logged out. Use another tab to log in, then come back and try again.",
            ),
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

fn wrong_host(ours: &str) -> Problem {
    Problem::new("Wrong address", format!("Open Broadsheet at {ours}."))
}

fn too_many_tries(wait: SignedDuration) -> Response {
    let minutes = (wait.as_secs() / 60) + 1;
    let minutes = if minutes == 1 { "a minute".to_owned() } else { format!("{minutes} minutes") };
    let sentence = format!("Too many login attempts. Wait {minutes}, then try again.");
    let mut response = Problem::new("Too many attempts", sentence).answer(StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(0).unsigned_abs() + 1));
    response
}

/// What is answered when a handler panics.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("no message"), "request handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_failures_however_deep_it_lies() {
        let full = anyhow::Error::from(std::io::Error::from(std::io::ErrorKind::StorageFull)).context("keeping a page");
        assert!(matches!(Error::from(full), Error::Full));
        assert!(matches!(Error::from(anyhow::anyhow!("other")), Error::Internal(_)));
        assert_eq!(Error::Full.into_response().status(), StatusCode::INSUFFICIENT_STORAGE);
    }

    #[test]
    fn the_wait_is_told_in_minutes_and_in_the_header() {
        let response = Error::TooManyTries(SignedDuration::from_secs(599)).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "600");
        assert!(response.extensions().get::<Problem>().unwrap().sentence.contains("Wait 10 minutes"));
    }
}
