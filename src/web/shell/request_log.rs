//! One line per request: what was asked, what came of it, how long it took. Never a query, a header or a body, since
//! those hold secrets.

use std::fmt;
use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

/// A longer path is cut; it is not ours.
const MAX_PATH_CHARS: usize = 200;

/// By which a visitor's failure is found in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

pub(crate) async fn log(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    // Without randomness the number is of no use, but the page is.
    let id = RequestId(getrandom::u64().unwrap_or_default());
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(MAX_PATH_CHARS).collect();
    request.extensions_mut().insert(id);
    let span = tracing::error_span!("request", %id);
    async move {
        let response = next.run(request).await;
        let (status, ms) = (response.status().as_u16(), started.elapsed().as_secs_f64() * 1000.0);
        // As a value, not as a word: what is no printable character is then escaped.
        tracing::info!(%method, path, status, ms = format_args!("{ms:.1}"), "request handled");
        response
    }
    .instrument(span)
    .await
}
