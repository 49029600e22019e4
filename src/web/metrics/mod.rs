//! `/metrics`: how the program is doing, for Prometheus and programs like it. It has a listener of its own, which is off
//! unless a setting asks for it, and never public.

mod gauges;
mod local_host;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::app::App;
use crate::web::shell::{Result, headers};

/// As the format wants to be named (OpenMetrics 1.0).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Returns the only page of that listener.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", get(show)).layer(from_fn(headers::add)).with_state(app)
}

async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    if !local_host::is_named_locally(&headers) {
        let reason = "Ask for this page by the IP address of the computer, or by a name without dots.\n";
        return Ok((StatusCode::MISDIRECTED_REQUEST, reason).into_response());
    }
    let mut registry = Registry::with_prefix("broadsheet");
    app.metrics.register(&mut registry);
    gauges::register(&app, &mut registry).await?;
    let mut text = String::new();
    encode(&mut text, &registry).map_err(anyhow::Error::from)?;
    let content_type: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, OPEN_METRICS)];
    Ok((content_type, text).into_response())
}
