//! Counts requests, and logs one line for each: method, path, status, duration. Query, headers and body are left out, since they hold
//! secrets.

use std::fmt;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::app::App;

/// Longer paths are not ours and are cut.
const MAX_PATH_CHARS: usize = 200;

/// Links an error page to its lines in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

pub(crate) async fn log(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    // Without randomness all ids are 0, which is better than no page.
    let id = RequestId(getrandom::u64().unwrap_or_default());
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(MAX_PATH_CHARS).collect();
    request.extensions_mut().insert(id);
    let span = tracing::error_span!("request", %id);
    async move {
        let response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        app.metrics.count_request(status, took);
        let ms = took.as_secs_f64() * 1000.0;
        // The path is logged as a quoted value, so that control characters are escaped.
        tracing::info!(%method, path, status, ms = format_args!("{ms:.1}"), "request handled");
        response
    }
    .instrument(span)
    .await
}
