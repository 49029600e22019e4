//! Bodies that strangers send, to the routes that need no login. They are forms of a few fields, so they are short and
//! soon here. Other routes read no body before the login check.

use std::time::Duration;

use axum::body::{self, Body, HttpBody as _};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

/// Bytes in a body: a name, a password of 1,024 bytes written as `%xx`, and where to go next.
pub(crate) const MAX_BYTES: usize = 16 * 1024;

/// Time for a whole body, so that sending a byte now and then does not hold a connection.
const MAX_DURATION: Duration = Duration::from_secs(10);

/// Reads the body before the handler, and refuses it by its stated length before any of it is read.
pub(crate) async fn read(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > MAX_BYTES as u64 {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    match timeout(MAX_DURATION, body::to_bytes(body, MAX_BYTES)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        // It is too long, or broke off; then nobody reads this.
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use futures_util::{StreamExt as _, stream};
    use tower::ServiceExt as _;

    use super::*;

    /// Sends a body of these chunks, and no more after that, or an end.
    async fn send(chunks: usize, size: usize, ends: bool) -> StatusCode {
        let sent = stream::iter((0..chunks).map(move |_| Ok::<_, std::io::Error>(vec![b'a'; size])));
        let rest = if ends { stream::empty().boxed() } else { stream::pending().boxed() };
        let request = Request::post("/").body(Body::from_stream(sent.chain(rest))).unwrap();
        let router = Router::new().route("/", post(async |body: String| body)).layer(from_fn(read));
        router.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_cut_off_at_sixteen_kilobytes() {
        assert_eq!(send(16, 1024, true).await, StatusCode::OK);
        assert_eq!(send(17, 1024, true).await, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(send(17, 1024, false).await, StatusCode::PAYLOAD_TOO_LARGE, "without waiting for its end");
    }

    #[tokio::test]
    async fn a_stated_length_is_refused_before_anything_is_read() {
        let request = |length: usize| Request::post("/").body(Body::from(vec![b'a'; length])).unwrap();
        let router = || Router::new().route("/", post(async || "")).layer(from_fn(read));
        assert_eq!(router().oneshot(request(MAX_BYTES)).await.unwrap().status(), StatusCode::OK);
        let refused = router().oneshot(request(MAX_BYTES + 1)).await.unwrap();
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    /// The clock moves on while everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_waited_for_ten_seconds() {
        let began = tokio::time::Instant::now();
        assert_eq!(send(3, 1, false).await, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(began.elapsed(), MAX_DURATION);
    }
}
