//! Pages for people. [`router`] holds every address; each page is one file with its handlers, its struct and its form.
//!
//! A request passes, from the outside in: `headers` (what every answer carries), `log` (one line each), compression,
//! `error` (failures become pages), a time limit, the catching of panics, a size limit, `guard::check_host`,
//! `origin` (changes come from our own pages), and for all but a few doors `guard::let_in`.

mod article;
pub mod assets;
mod blocks;
mod bookmarklet;
mod cookies;
mod corrections;
mod dates;
mod destination;
mod differences;
mod drafts;
pub mod error;
mod filters;
mod front;
pub mod guard;
pub mod headers;
mod health;
mod import;
mod imports;
mod indexes;
mod keys;
mod labels;
pub mod layout;
mod links;
mod list;
mod log;
mod login;
mod looks;
mod marks;
mod origin;
mod password;
mod pasted;
mod picture;
mod progress;
mod settings;
mod setup;
mod suggestions;
mod teaser;
mod topic;
mod trash;
mod trials;
mod upload;
mod verdict;

pub use error::{Error, Result};
pub use guard::Reader;
pub use layout::Layout;

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Html;
use axum::routing::{get, post};
use jiff::tz::TimeZone;
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

/// Every address of the program.
pub fn router(app: App) -> Router {
    wrap(doors().merge(inside(&app)), app, TIME_LIMIT)
}

/// What is answered without a login.
fn doors() -> Router<App> {
    Router::new()
        .route("/login", get(login::show).post(login::log_in))
        .route("/logout", post(login::log_out))
        // The first account: by the link in the log, or on this computer.
        .route("/setup", get(setup::show).post(setup::add_owner))
        // Our own stylesheet, script, fonts and icons.
        .route("/static/{*name}", get(assets::show))
        .route("/manifest.webmanifest", get(assets::manifest))
        .route("/favicon.ico", get(assets::favicon))
        // Strangers may like it dark too.
        .route("/settings/reading", post(looks::choose))
}

/// What only a reader sees; an unknown address too, so that a stranger learns of none.
fn inside(app: &App) -> Router<App> {
    Router::new()
        .merge(reading())
        .merge(importing())
        .merge(settings())
        .fallback(async || Error::NotFound)
        .layer(from_fn_with_state(app.clone(), guard::let_in))
}

/// The pages for reading, and what a reader does there.
fn reading() -> Router<App> {
    Router::new()
        .route("/", get(front::show))
        .route("/article/{id}", get(article::show))
        .route("/article/{id}/original", get(article::original))
        .route("/article/{id}/mark", post(marks::mark))
        .route("/article/{id}/labels", post(labels::save))
        .route("/article/{id}/extract", post(article::extract_again))
        .route("/article/{id}/blocks", get(blocks::show))
        .route("/article/{id}/differences", get(differences::show))
        .route("/article/{id}/undo", post(differences::undo))
        .route("/article/{id}/keep", post(verdict::keep))
        .route("/articles", get(list::articles))
        .route("/topic/{slug}", get(list::topic))
        .route("/topic/{slug}/edit", get(topic::show).post(topic::rename))
        .route("/topic/{slug}/remove", post(topic::remove))
        .route("/source/{domain}", get(list::source))
        .route("/source/{domain}/rules", post(corrections::save))
        .route("/source/{domain}/rules/preview", get(corrections::preview))
        .route("/source/{domain}/rules/{rule}/remove", post(corrections::remove))
        .route("/tag/{slug}", get(list::tag))
        .route("/topics", get(indexes::topics))
        .route("/sources", get(indexes::sources))
        .route("/tags", get(indexes::tags))
        .route("/trash", get(trash::show))
        .route("/picture/{hash}", get(picture::show))
}

/// Handing in what is to be read, and watching it arrive.
fn importing() -> Router<App> {
    // The form counts what it is sent itself, and says so in a sentence.
    let hand_in = post(import::hand_in).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/import", get(import::show).merge(hand_in))
        .route("/bookmarklet", get(import::shared))
        .route("/import/{id}", get(progress::show))
        .route("/import/{id}/retry", post(progress::retry))
        .route("/import/{id}/remove", post(progress::remove))
        .route("/imports", get(imports::show))
        .route("/imports/retry", post(imports::retry_all))
}

/// What a reader sets, and what helps with the rest.
fn settings() -> Router<App> {
    Router::new()
        .route("/settings", get(settings::show))
        .route("/settings/password", get(password::show).post(password::change))
        .route("/keys", get(keys::show))
}

/// Puts around the routes what holds for every request; the last layer is the outermost.
fn wrap(routes: Router<App>, app: App, time_limit: Duration) -> Router {
    routes
        .layer(from_fn_with_state(app.clone(), origin::check))
        .layer(from_fn_with_state(app.clone(), guard::check_host))
        // Asked by the container's own healthcheck, by whatever name.
        .route("/healthcheck", get(health::show))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, time_limit))
        .layer(from_fn(error::show))
        .layer(compression())
        .layer(from_fn(log::request))
        .layer(from_fn(headers::set))
        .with_state(app)
}

fn compression() -> CompressionLayer<impl tower_http::compression::Predicate> {
    // Pages are made anew each time, so the fastest level; woff2 is compressed already.
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("font/")))
}

/// A page from its template; the last line of a handler.
///
/// # Errors
/// The template fails, which only a full memory explains.
pub fn page(template: &impl Template) -> Result<Html<String>> {
    Ok(Html(template.render()?))
}

/// When and where it is read: the time of the app, the time zone of this computer (`TZ`).
fn present(app: &App) -> dates::Present {
    dates::Present::new(app.now(), TimeZone::system())
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
    use crate::accounts::Access;
    use crate::fetch::{Fetcher, Policy, Resolver};

    /// Asks a handler that stands behind everything a page stands behind.
    async fn ask<H: Handler<T, App>, T: 'static>(handler: H) -> Response {
        ask_within(TIME_LIMIT, handler).await
    }

    async fn ask_within<H: Handler<T, App>, T: 'static>(time_limit: Duration, handler: H) -> Response {
        let folder = tempfile::tempdir().unwrap();
        let access = Access::new(([127, 0, 0, 1], 8080).into(), None).unwrap();
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
