//! A mock of the web: one loopback server that answers for every host.
#![allow(dead_code, reason = "no test uses all of it")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, HOST, LOCATION, RANGE};
use axum::http::{Response, StatusCode};
use tokio::sync::Barrier;

/// A response to return for a URL.
#[derive(Clone)]
pub struct MockResponse {
    status: StatusCode,
    content_type: &'static str,
    location: Option<String>,
    body: Bytes,
    gate: Option<Arc<Barrier>>,
}

impl MockResponse {
    /// Returns an HTML page.
    pub fn html(body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type: "text/html; charset=utf-8",
            location: None,
            body: body.into(),
            gate: None,
        }
    }

    /// Returns a response of this content type.
    pub fn new(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { content_type, ..Self::html(body) }
    }

    /// Waits at this gate twice before it answers: when the request has come, and when the answer may go.
    pub fn after(self, gate: &Arc<Barrier>) -> Self {
        Self { gate: Some(Arc::clone(gate)), ..self }
    }

    /// Appends markup to a page.
    pub fn followed_by(self, markup: &str) -> Self {
        Self { body: [&*self.body, markup.as_bytes()].concat().into(), ..self }
    }

    /// Puts an image into the first paragraph of a page.
    pub fn with_image(self, url: &str) -> Self {
        let page = String::from_utf8(self.body.to_vec()).unwrap();
        let image = format!("<figure><img src='{url}' width=600 height=400 alt='The pier'></figure><p>");
        Self { body: page.replacen("<p>", &image, 1).into(), ..self }
    }

    /// Returns a permanent redirect.
    pub fn redirect(to: &str) -> Self {
        Self { status: StatusCode::MOVED_PERMANENTLY, location: Some(to.to_owned()), ..Self::html("") }
    }

    /// Returns an error page.
    pub fn status(status: u16) -> Self {
        Self { status: StatusCode::from_u16(status).unwrap(), ..Self::html("<p>Sorry.") }
    }
}

/// The responses by URL, and the URLs requested so far.
#[derive(Default)]
struct WebState {
    responses: HashMap<String, MockResponse>,
    requests: Vec<String>,
}

/// The mock server. Stops when dropped.
pub struct MockWeb {
    /// The address it listens on.
    pub addr: SocketAddr,
    state: Arc<Mutex<WebState>>,
    server: tokio::task::JoinHandle<()>,
}

impl MockWeb {
    /// Starts a web without pages: every URL is 404.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(WebState::default()));
        let router = axum::Router::new().fallback(respond).with_state(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { addr, state, server }
    }

    /// Sets the response for `http://host/path`. A URL without a query matches every query.
    pub fn serve(&self, url: &str, response: MockResponse) {
        let key = url.trim_start_matches("http://").to_owned();
        self.state.lock().unwrap().responses.insert(key, response);
    }

    /// Returns the URLs requested so far, in order.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }
}

impl Drop for MockWeb {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn respond(State(state): State<Arc<Mutex<WebState>>>, request: Request) -> Response<Body> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let url = format!("{host}{}", request.uri().path_and_query().map_or("/", |path| path.as_str()));
    let mock = {
        let mut state = state.lock().unwrap();
        state.requests.push(url.clone());
        let without_query = url.split('?').next().unwrap_or_default();
        state
            .responses
            .get(&url)
            .or_else(|| state.responses.get(without_query))
            .cloned()
            .unwrap_or_else(|| MockResponse::status(404))
    };
    if let Some(gate) = &mock.gate {
        gate.wait().await;
        gate.wait().await;
    }
    if let Some(range) = request.headers().get(RANGE).filter(|_| mock.status == StatusCode::OK) {
        return respond_in_part(&mock, range.to_str().unwrap());
    }
    let mut response = Response::builder().status(mock.status).header(CONTENT_TYPE, mock.content_type);
    if let Some(location) = mock.location {
        response = response.header(LOCATION, location);
    }
    response.body(Body::from(mock.body)).unwrap()
}

/// Sends the bytes of a range such as `bytes=2-5` or `bytes=2-`.
fn respond_in_part(mock: &MockResponse, range: &str) -> Response<Body> {
    let (first, last) = range.trim_start_matches("bytes=").split_once('-').unwrap();
    let (first, length) = (first.parse::<usize>().unwrap(), mock.body.len());
    let response = Response::builder().header(CONTENT_TYPE, mock.content_type).header(ACCEPT_RANGES, "bytes");
    if first >= length {
        let response = response.status(StatusCode::RANGE_NOT_SATISFIABLE);
        return response.header(CONTENT_RANGE, format!("bytes */{length}")).body(Body::empty()).unwrap();
    }
    let last = last.parse::<usize>().map_or(length - 1, |last| last.min(length - 1));
    let response = response.status(StatusCode::PARTIAL_CONTENT);
    let response = response.header(CONTENT_RANGE, format!("bytes {first}-{last}/{length}"));
    response.body(Body::from(mock.body.slice(first..=last))).unwrap()
}
