//! An origin that answers for every host as a test says, by time and by what was asked before, and remembers what was asked.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};
use jiff::Timestamp;

use crate::support::now;

/// A request, and the status of its answer; 0 if there was none.
#[derive(Debug, Clone)]
pub struct Asked {
    pub at: Timestamp,
    pub url: String,
    pub headers: HashMap<String, String>,
    pub status: u16,
}

impl Asked {
    pub fn host(&self) -> &str {
        self.url.split('/').nth(2).unwrap()
    }

    pub fn is_conditional(&self) -> bool {
        ["if-none-match", "if-modified-since"].iter().any(|name| self.headers.contains_key(*name))
    }
}

/// An answer. Without a status the connection breaks.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

type Play = Box<dyn FnMut(&Asked, &[Asked]) -> Answer + Send>;

struct OriginState {
    play: Play,
    asked: Vec<Asked>,
    in_flight: HashMap<String, usize>,
    most_in_flight: HashMap<String, usize>,
}

/// The origin. Stops when dropped.
pub struct Origin {
    pub addr: SocketAddr,
    state: Arc<Mutex<OriginState>>,
    server: tokio::task::JoinHandle<()>,
}

impl Origin {
    /// Starts an origin. `play` gets the request, and all that came before it.
    pub async fn start(play: impl FnMut(&Asked, &[Asked]) -> Answer + Send + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(OriginState {
            play: Box::new(play),
            asked: Vec::new(),
            in_flight: HashMap::new(),
            most_in_flight: HashMap::new(),
        }));
        let router = axum::Router::new().fallback(respond).with_state(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { addr, state, server }
    }

    /// Returns what was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }

    /// Returns how many requests a host had at once, at most.
    pub fn most_in_flight(&self, host: &str) -> usize {
        self.state.lock().unwrap().most_in_flight.get(host).copied().unwrap_or_default()
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn respond(State(state): State<Arc<Mutex<OriginState>>>, request: Request) -> Response<Body> {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let host = request.headers().get(header::HOST).map(text).unwrap_or_default();
    let headers = request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let url = format!("http://{host}{}", request.uri().path_and_query().map_or("/", |path| path.as_str()));
    let answer = {
        let mut state = state.lock().unwrap();
        let mut asked = Asked { at: now(), url, headers, status: 0 };
        let before = std::mem::take(&mut state.asked);
        let answer = (state.play)(&asked, &before);
        state.asked = before;
        asked.status = answer.status;
        state.asked.push(asked);
        let count = state.in_flight.entry(host.clone()).or_default();
        *count += 1;
        let count = *count;
        let most = state.most_in_flight.entry(host.clone()).or_default();
        *most = count.max(*most);
        answer
    };
    // Whoever else asks now is in flight at the same time.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    *state.lock().unwrap().in_flight.get_mut(&host).unwrap() -= 1;
    if answer.status == 0 {
        let broken = futures_util::stream::iter([Err::<Vec<u8>, _>(std::io::Error::other("broken"))]);
        return Response::builder().header("content-length", "9").body(Body::from_stream(broken)).unwrap();
    }
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name.as_str(), value.as_bytes());
    }
    response.body(Body::from(answer.body)).unwrap()
}
