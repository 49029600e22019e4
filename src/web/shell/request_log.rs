//! Counts requests, and logs one line for each: method, path, status, duration. Query, headers and body are left out, since they hold
//! secrets.

use std::borrow::Cow;
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
    let path: String = without_token(request.uri().path()).chars().take(MAX_PATH_CHARS).collect();
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

/// Returns a path without the token of a catalogue, whether it is one or only should be.
fn without_token(path: &str) -> Cow<'_, str> {
    let Some(rest) = path.strip_prefix("/opds/") else { return Cow::Borrowed(path) };
    let (first, rest) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    if matches!(first, "editions" | "edition") { Cow::Borrowed(path) } else { Cow::Owned(format!("/opds/…{rest}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_left_out() {
        for (path, logged) in [
            ("/articles", "/articles"),
            ("/opds", "/opds"),
            ("/opds/editions", "/opds/editions"),
            ("/opds/edition/2026-11-23.epub", "/opds/edition/2026-11-23.epub"),
            ("/opds/0123abcd", "/opds/…"),
            ("/opds/0123abcd/edition/2026-11-23.epub", "/opds/…/edition/2026-11-23.epub"),
        ] {
            assert_eq!(without_token(path), logged);
        }
    }
}
