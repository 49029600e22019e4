//! Pages for people. [`router`] holds every address; each page is one file with its handlers, its struct and its form.
//!
//! A request passes, from the outside in: `headers` (what every answer carries), `log` (one line each), compression,
//! `error` (failures become pages), a time limit, the catching of panics, a size limit, `guard::check_host`,
//! `origin` (changes come from our own pages), and for all but a few doors `guard::let_in`.

pub mod shell;
mod account;
mod add;
mod browse;
mod correct;
mod read;
mod settings;

use shell::{Error, Routes, auth, error, error_page, headers, healthcheck, request_log, same_origin};

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

/// Bytes a request may bring. A route that takes files sets its own `DefaultBodyLimit`.
const BODY_LIMIT: usize = 1024 * 1024;

/// How long a request may take, its body included: 32 MiB of files over a slow home connection.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// Asked by the container, under whatever host name.
const HEALTHCHECK: &str = "/healthcheck";

/// Every page of the program.
pub fn router(app: App) -> Router {
    wrap(public_routes().into_router().merge(behind_login(&app)), app, TIME_LIMIT)
}

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Anyone who can reach the server.
    Public,
    /// Whoever has logged in, or sits at this computer before there is an account.
    Reader,
}

/// Lists every route: method, path, and who may ask for it.
pub fn routes() -> Vec<(Method, &'static str, Permission)> {
    let with = |permission| move |(method, path)| (method, path, permission);
    let public = public_routes().into_list().into_iter().map(with(Permission::Public));
    let reader = reader_routes().into_list().into_iter().map(with(Permission::Reader));
    public.chain([(Method::GET, HEALTHCHECK, Permission::Public)]).chain(reader).collect()
}

fn public_routes() -> Routes {
    shell::public_routes().merge(account::public_routes()).merge(settings::public_routes())
}

fn reader_routes() -> Routes {
    browse::routes()
        .merge(read::routes())
        .merge(correct::routes())
        .merge(add::routes())
        .merge(settings::routes())
        .merge(account::routes())
}

/// An unknown path needs a login too, so that nobody learns from outside which paths exist.
fn behind_login(app: &App) -> Router<App> {
    reader_routes()
        .into_router()
        .fallback(async || Error::NotFound)
        .layer(from_fn_with_state(app.clone(), auth::let_in))
}

/// Puts around the routes what holds for every request; the last layer is the outermost.
fn wrap(routes: Router<App>, app: App, time_limit: Duration) -> Router {
    routes
        .layer(from_fn_with_state(app.clone(), same_origin::check))
        .layer(from_fn_with_state(app.clone(), auth::check_host))
        .route(HEALTHCHECK, get(healthcheck::show))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, time_limit))
        .layer(from_fn(error_page::show))
        .layer(compression())
        .layer(from_fn(request_log::request))
        .layer(from_fn(headers::set))
        .with_state(app)
}

fn compression() -> CompressionLayer<impl tower_http::compression::Predicate> {
    // Pages are made anew each time, so the fastest level; woff2 is compressed already.
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("font/")))
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

    /// Asks a handler that stands behind everything a page stands behind.
    async fn ask<H: Handler<T, App>, T: 'static>(handler: H) -> Response {
        ask_within(TIME_LIMIT, handler).await
    }

    async fn ask_within<H: Handler<T, App>, T: 'static>(time_limit: Duration, handler: H) -> Response {
        let folder = tempfile::tempdir().unwrap();
        let access = AccessPolicy::new(([127, 0, 0, 1], 8080).into(), None).unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::system()).unwrap();
        let app = App::open(folder.path(), access, fetcher, || Timestamp::UNIX_EPOCH).await.unwrap();
        let routes = Router::new().route("/", get(handler));
        wrap(routes, app, time_limit).oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn text(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), BODY_LIMIT).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_a_page_with_the_headers_and_without_its_words() {
        async fn panics() {
            panic!("secret words");
        }
        let response = ask(panics).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors 'none'")
        );
        let text = text(response).await;
        assert!(text.contains("Something went wrong") && !text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn an_error_is_a_page_without_its_words() {
        async fn fails() -> Result<()> {
            Err(anyhow::anyhow!("secret words").context("doing something").into())
        }
        let response = ask(fails).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = text(response).await;
        assert!(text.contains("Something went wrong") && !text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn a_full_disk_is_said_in_a_sentence() {
        async fn fills() -> Result<()> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into())
        }
        let response = ask(fills).await;
        assert_eq!(response.status(), StatusCode::INSUFFICIENT_STORAGE);
        assert!(text(response).await.contains("you can still read"));
    }

    #[tokio::test]
    async fn foreign_bytes_keep_their_own_policy_and_failures_of_programs_their_own_form() {
        let picture = ask(async || ([(header::CONTENT_SECURITY_POLICY, headers::FOREIGN)], "<svg/>").into_response());
        let picture = picture.await;
        assert_eq!(picture.headers()[header::CONTENT_SECURITY_POLICY], headers::FOREIGN);
        assert_eq!(picture.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let json = ask(async || (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], "{}")).await;
        assert_eq!(text(json).await, "{}");
    }

    #[tokio::test]
    async fn a_handler_that_hangs_is_given_up() {
        let response = ask_within(Duration::ZERO, std::future::pending::<&str>).await;
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
        assert!(text(response).await.contains("took too long"));
    }
}
