//! Pages for people. [`router`] has every route; each page is one file with its handlers, its page struct and its form.
//!
//! A request passes these layers, outermost first: security headers, request log, compression, error pages, a time
//! limit, panic handling, a body limit, the same-origin check, the check of the `Host` header, the redirect of doubled slashes and then the login or, for
//! public routes, a smaller body limit.

pub mod shell;
mod account;
mod add;
mod browse;
mod catalogue;
mod correct;
mod edition;
mod feeds;
mod metrics;
mod read;
mod settings;
mod stories;

pub use metrics::metrics_router;

use shell::{
    Error, Routes, auth, double_slash, error, error_middleware, headers, healthcheck, public_body, request_log,
    same_origin,
};

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::timeout::TimeoutLayer;

use crate::app::App;

/// Bytes in a request body. A route for uploads sets its own limit.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Time for a request including its body: 32 MiB of files over a slow home connection.
const MAX_DURATION: Duration = Duration::from_secs(120);

/// Requested by the container, under any host name.
const HEALTHCHECK: &str = "/healthcheck";

/// Returns all pages of the program.
pub fn router(app: App) -> Router {
    let catalogue = catalogue::catalogue_routes().into_router();
    add_layers(public_router().merge(catalogue).merge(reader_router(&app)), app, MAX_DURATION)
}

/// Who may request a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Anyone who can reach the server.
    Public,
    /// Whoever has the token of a catalogue.
    Catalogue,
    /// Readers who are logged in or, before there is an account, on this computer.
    Reader,
}

/// Returns method, path and permission of every route.
pub fn routes() -> Vec<(Method, &'static str, Permission)> {
    let permit = |permission| move |(method, path)| (method, path, permission);
    let public = public_routes().into_list().into_iter().map(permit(Permission::Public));
    let catalogue = catalogue::catalogue_routes().into_list().into_iter().map(permit(Permission::Catalogue));
    let reader = reader_routes().into_list().into_iter().map(permit(Permission::Reader));
    public.chain([(Method::GET, HEALTHCHECK, Permission::Public)]).chain(catalogue).chain(reader).collect()
}

fn public_routes() -> Routes {
    shell::public_routes().merge(account::public_routes()).merge(settings::public_routes())
}

fn reader_routes() -> Routes {
    edition::routes()
        .merge(browse::routes())
        .merge(feeds::routes())
        .merge(read::routes())
        .merge(correct::routes())
        .merge(add::routes())
        .merge(settings::routes())
        .merge(stories::routes())
        .merge(catalogue::routes())
        .merge(account::routes())
}

/// Returns the routes that strangers may use.
fn public_router() -> Router<App> {
    public_routes().into_router().layer(from_fn(public_body::read))
}

/// Returns the readers' routes. An unknown path needs a login too, so that nobody learns from outside which paths
/// exist.
fn reader_router(app: &App) -> Router<App> {
    reader_routes()
        .into_router()
        .fallback(async || Error::NotFound)
        .layer(from_fn_with_state(app.clone(), auth::require_login))
}

/// Adds the layers for every request. The last one is the outermost.
fn add_layers(routes: Router<App>, app: App, max_duration: Duration) -> Router {
    routes
        .layer(from_fn(double_slash::redirect))
        .layer(from_fn_with_state(app.clone(), auth::check_host))
        .route(HEALTHCHECK, get(healthcheck::show))
        .layer(from_fn_with_state(app.clone(), same_origin::check))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(error::handle_panic))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, max_duration))
        .layer(from_fn(error_middleware::render))
        .layer(compression())
        .layer(from_fn_with_state(app.clone(), request_log::log))
        .layer(from_fn(headers::add))
        .with_state(app)
}

fn compression() -> CompressionLayer<impl tower_http::compression::Predicate> {
    // Pages are compressed for each request, so at the fastest level. WOFF2 is compressed already.
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        DefaultPredicate::new()
            .and(NotForContentType::const_new("font/"))
            .and(NotForContentType::const_new("audio/"))
            .and(NotForContentType::const_new("video/"))
            // Books are compressed, and e-readers want to know their length.
            .and(NotForContentType::const_new("application/epub"))
            .and(NotForContentType::const_new("application/atom")),
    )
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::handler::Handler;
    use axum::http::{Request, header};
    use axum::response::{IntoResponse as _, Response};
    use jiff::Timestamp;
    use tower::ServiceExt as _;

    use super::*;
    use crate::accounts::AccessPolicy;
    use crate::ingest::fetch::{Fetcher, Policy, Resolver};
    use crate::web::shell::Result;

    /// Sends a request to a handler behind all layers.
    async fn send<H: Handler<T, App>, T: 'static>(handler: H) -> Response {
        send_within(MAX_DURATION, handler).await
    }

    async fn send_within<H: Handler<T, App>, T: 'static>(max_duration: Duration, handler: H) -> Response {
        let folder = tempfile::tempdir().unwrap();
        let access = AccessPolicy::new(([127, 0, 0, 1], 8080).into(), None).unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::system()).unwrap();
        let app = App::open(folder.path(), access, fetcher, || Timestamp::UNIX_EPOCH).await.unwrap();
        let routes = Router::new().route("/", get(handler));
        add_layers(routes, app, max_duration).oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn text(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), MAX_BODY_BYTES).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_panic_shows_an_error_page_without_its_message() {
        async fn panics() {
            panic!("secret words");
        }
        let response = send(panics).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors 'none'")
        );
        let text = text(response).await;
        assert!(text.contains("Something went wrong") && !text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn an_error_shows_an_error_page_without_its_message() {
        async fn fails() -> Result<()> {
            Err(anyhow::anyhow!("secret words").context("doing something").into())
        }
        let response = send(fails).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = text(response).await;
        assert!(text.contains("Something went wrong") && !text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn a_full_disk_has_its_own_message() {
        async fn fills() -> Result<()> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into())
        }
        let response = send(fills).await;
        assert_eq!(response.status(), StatusCode::INSUFFICIENT_STORAGE);
        assert!(text(response).await.contains("you can still read"));
    }

    #[tokio::test]
    async fn sandbox_policies_and_json_errors_are_left_unchanged() {
        let image =
            send(async || ([(header::CONTENT_SECURITY_POLICY, headers::SANDBOX_POLICY)], "<svg/>").into_response());
        let image = image.await;
        assert_eq!(image.headers()[header::CONTENT_SECURITY_POLICY], headers::SANDBOX_POLICY);
        assert_eq!(image.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let json = send(async || (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], "{}")).await;
        assert_eq!(text(json).await, "{}");
    }

    #[tokio::test]
    async fn a_hanging_handler_times_out() {
        let response = send_within(Duration::ZERO, std::future::pending::<&str>).await;
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
        assert!(text(response).await.contains("took too long"));
    }
}
