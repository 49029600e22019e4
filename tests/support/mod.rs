//! The program in a test: its router in this process, and browsers that speak to it in the words of the app.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Mutex, Once};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use broadsheet::accounts::Access;
use broadsheet::app::App;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::web;
use dom_query::Document;
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt as _;

thread_local! {
    // A test runs on a thread of its own, so each has its own time and log.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static NOW: Cell<Timestamp> = const { Cell::new(Timestamp::constant(1_795_435_200, 0)) };
}

/// What the program takes for the time.
pub fn now() -> Timestamp {
    NOW.get()
}

/// Lets time pass.
pub fn advance(duration: SignedDuration) {
    NOW.set(NOW.get() + duration);
}

/// Where the program stands: which address it listens on, how people reach it, where its own web is played.
#[derive(Clone, Copy)]
pub struct Place {
    pub listen: &'static str,
    pub base_url: Option<&'static str>,
    pub web: Option<SocketAddr>,
}

impl Default for Place {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080", base_url: None, web: None }
    }
}

/// The program, and the first browser that looks at it.
pub struct TestApp {
    pub app: App,
    first: Browser,
    folder: tempfile::TempDir,
}

impl Deref for TestApp {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.first
    }
}

impl TestApp {
    /// As after the one command: on this computer, without an account, asked by a browser on this computer.
    pub async fn new() -> Self {
        Self::at(Place::default()).await
    }

    /// The same, and the web it imports from is played at `web`.
    pub async fn with_web(web: SocketAddr) -> Self {
        Self::at(Place { web: Some(web), ..Place::default() }).await
    }

    /// Anywhere.
    pub async fn at(place: Place) -> Self {
        Log::install();
        let folder = tempfile::tempdir().unwrap();
        let access = Access::new(place.listen.parse().unwrap(), place.base_url).unwrap();
        // Without a played web every fetch is refused at a closed port.
        let web = place.web.unwrap_or_else(|| ([127, 0, 0, 1], 1).into());
        let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(web)).unwrap();
        let app = App::open(folder.path(), access, fetcher, now).await.unwrap();
        let first = Browser::new(web::router(app.clone()), place);
        Self { app, first, folder }
    }

    /// Behind a TLS proxy on the same computer, set up and logged in as Ann.
    pub async fn behind_proxy() -> Self {
        let app = Self::at(Place { base_url: Some("https://news.example.org"), ..Place::default() }).await;
        app.set_up("Ann", "correct horse").await;
        app
    }

    /// On all addresses, set up and logged in as Ann.
    pub async fn with_ann() -> Self {
        let app = Self::at(Place { listen: "0.0.0.0:8080", ..Place::default() }).await;
        app.set_up("Ann", "correct horse").await;
        app
    }

    /// Makes the first account by the set-up link, as the first browser.
    pub async fn set_up(&self, name: &str, password: &str) {
        let token = self.app.accounts.set_up_token().reveal();
        let form = [("name", name), ("password", password), ("repeat", password), ("token", token)];
        let page = self.post("/setup", &form).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"), "{}", page.body);
    }

    /// The data folder, for another process.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// From now on pictures may take so many bytes.
    pub fn limit_pictures(&mut self, bytes: u64) {
        self.app.images_limit = bytes;
        self.first.router = web::router(self.app.clone());
    }

    /// Another browser at the same place, without cookies.
    pub fn another_browser(&self) -> Browser {
        Browser { cookies: Mutex::default(), ..self.first.clone() }
    }
}

/// A browser: it keeps cookies and says where it is.
pub struct Browser {
    router: Router,
    pub peer: SocketAddr,
    pub host: String,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Clone for Browser {
    fn clone(&self) -> Self {
        let cookies = Mutex::new(self.cookies.lock().unwrap().clone());
        Self { router: self.router.clone(), host: self.host.clone(), headers: self.headers.clone(), cookies, ..*self }
    }
}

impl Browser {
    fn new(router: Router, place: Place) -> Self {
        let base = place.base_url.and_then(|base| base.split("//").nth(1));
        let host = base.unwrap_or("127.0.0.1:8080").to_owned();
        let peer = ([127, 0, 0, 1], 50_000).into();
        Self { router, peer, host, headers: Vec::new(), cookies: Mutex::default() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).header("accept", "text/html,*/*;q=0.8").body(Body::empty()).unwrap()).await
    }

    /// Sends a form of our own.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send(form_request(path).header("sec-fetch-site", "same-origin").body(body_of(form)).unwrap()).await
    }

    /// Sends anything; host, peer, cookies and headers of this browser are added.
    pub async fn send(&self, mut request: Request<Body>) -> Page {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        if !request.headers().contains_key(header::HOST) && !self.host.is_empty() {
            request.headers_mut().insert(header::HOST, self.host.parse().unwrap());
        }
        for (name, value) in &self.headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        let cookies = self.cookie_header();
        if !cookies.is_empty() && !request.headers().contains_key(header::COOKIE) {
            request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        }
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        self.keep_cookies(&parts.headers);
        Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        }
    }

    /// Logs in.
    pub async fn log_in(&self, name: &str, password: &str) -> Page {
        self.post("/login", &[("name", name), ("password", password)]).await
    }

    /// What the `Cookie` header would be.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Sets a cookie, as a page or a neighbour might.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.lock().unwrap().remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
    }
}

/// A POST of a form, without saying where it comes from.
pub fn form_request(path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("accept", "text/html,*/*;q=0.8")
        .header("content-type", "application/x-www-form-urlencoded")
}

/// A form as a browser writes it.
pub fn body_of(form: &[(&str, &str)]) -> Body {
    Body::from(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish())
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Page {
    /// The words of all elements a CSS selector finds, spaces folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = Document::from(self.body.as_str());
        let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        document.select(selector).iter().map(|element| fold(&element.text())).collect()
    }

    /// The words of the only element a CSS selector finds.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let mut texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector} in {}", self.body);
        texts.remove(0)
    }

    /// An attribute of all elements a CSS selector finds; those without it are left out.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let document = Document::from(self.body.as_str());
        document.select(selector).iter().filter_map(|element| Some(element.attr(name)?.to_string())).collect()
    }

    /// Whether a CSS selector finds anything.
    pub fn has(&self, selector: &str) -> bool {
        Document::from(self.body.as_str()).select(selector).exists()
    }

    /// A header, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.header("location")
    }
}

/// What the program logs from here on, on this test's thread.
pub fn listen_to_log() -> Log {
    Log::install();
    LOG.with_borrow_mut(Vec::clear);
    Log
}

/// Lines of the log. One subscriber serves all tests of the process (subscribers that come and go while other tests log
/// miss lines), and each thread keeps its own lines.
pub struct Log;

impl Log {
    pub fn text(&self) -> String {
        LOG.with_borrow(|bytes| String::from_utf8(bytes.clone()).unwrap())
    }

    fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
            tracing::subscriber::set_global_default(log.with_writer(|| Self).finish()).unwrap();
        });
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
