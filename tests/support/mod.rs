//! The app in a test: its router in this process, and browsers that send requests to it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Mutex, Once};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use broadsheet::accounts::AccessPolicy;
use broadsheet::app::App;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::ops::disk_space::DiskSpace;
use broadsheet::web;
use dom_query::Document;
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt as _;

thread_local! {
    // Each test runs on its own thread, and so has its own clock and log.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    static PAUSES: RefCell<Vec<Duration>> = const { RefCell::new(Vec::new()) };
    static NOW: Cell<Timestamp> = const { Cell::new(Timestamp::constant(1_795_435_200, 0)) };
}

/// Returns the time in the app.
pub fn now() -> Timestamp {
    NOW.get()
}

/// Moves the clock forward.
pub fn advance_clock(duration: SignedDuration) {
    NOW.set(NOW.get() + duration);
}

/// Writes no log in this test, which may take most of the time.
pub fn be_quiet() {
    IS_QUIET.set(true);
}

/// Sets the clock.
pub fn set_clock(time: Timestamp) {
    NOW.set(time);
}

/// Notes a pause of the app, which is over at once.
fn note_pause(duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    PAUSES.with_borrow_mut(|pauses| pauses.push(duration));
    Box::pin(async {})
}

/// Returns how long answers were held back since the last call, in seconds.
pub fn take_pauses() -> Vec<u64> {
    PAUSES.take().into_iter().map(|pause| pause.as_secs()).collect()
}

/// How the app is deployed: the listen address, the public URL, and the address of the mock web it fetches from.
#[derive(Clone, Copy)]
pub struct TestConfig {
    pub listen: &'static str,
    pub base_url: Option<&'static str>,
    pub web: Option<SocketAddr>,
}

impl Default for TestConfig {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080", base_url: None, web: None }
    }
}

/// The app, and a browser.
pub struct TestApp {
    pub app: App,
    browser: Browser,
    folder: tempfile::TempDir,
}

impl Deref for TestApp {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl TestApp {
    /// Starts the app on loopback with default settings, without an account.
    pub async fn new() -> Self {
        Self::with_config(TestConfig::default()).await
    }

    /// As [`TestApp::new`], fetching from the mock web at `web`.
    pub async fn with_mock_web(web: SocketAddr) -> Self {
        Self::with_config(TestConfig { web: Some(web), ..TestConfig::default() }).await
    }

    /// Starts the app as configured.
    pub async fn with_config(config: TestConfig) -> Self {
        Log::install();
        let folder = tempfile::tempdir().unwrap();
        let access = AccessPolicy::new(config.listen.parse().unwrap(), config.base_url).unwrap();
        // Without a mock web, every connection is refused by a closed port.
        let web = config.web.unwrap_or_else(|| ([127, 0, 0, 1], 1).into());
        let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(web)).unwrap();
        let mut app = App::open(folder.path(), access, fetcher, now).await.unwrap();
        app.accounts = app.accounts.with_pause(note_pause);
        let browser = Browser::new(web::router(app.clone()), config);
        Self { app, browser, folder }
    }

    /// Starts the app behind a TLS proxy on the same computer, logged in as Ann.
    pub async fn behind_proxy() -> Self {
        let app =
            Self::with_config(TestConfig { base_url: Some("https://news.example.org"), ..TestConfig::default() }).await;
        app.set_up("Ann", "correct horse").await;
        app
    }

    /// Starts the app on all addresses, logged in as Ann.
    pub async fn logged_in_as_ann() -> Self {
        let app = Self::with_config(TestConfig { listen: "0.0.0.0:8080", ..TestConfig::default() }).await;
        app.set_up("Ann", "correct horse").await;
        app
    }

    /// Creates the first account through the set-up link, which logs the browser in.
    pub async fn set_up(&self, name: &str, password: &str) {
        let token = self.app.accounts.setup_token().reveal();
        let form = [("name", name), ("password", password), ("repeat", password), ("token", token)];
        let page = self.post("/setup", &form).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"), "{}", page.body);
    }

    /// Ends the app and opens its data folder again, fetching from `web`.
    pub async fn restart(&mut self, web: SocketAddr) {
        let access = AccessPolicy::new("127.0.0.1:8080".parse().unwrap(), None).unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(web)).unwrap();
        self.app = App::open(self.folder.path(), access, fetcher, now).await.unwrap();
        self.browser.router = web::router(self.app.clone());
    }

    /// Returns the data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Limits the disk space for images, in bytes.
    pub fn set_images_limit(&mut self, bytes: u64) {
        self.app.images_limit = bytes;
        self.browser.router = web::router(self.app.clone());
    }

    /// Puts the data on another disk.
    pub fn set_disk(&mut self, disk: DiskSpace) {
        self.app.disk = disk;
        self.browser.router = web::router(self.app.clone());
    }

    /// Limits how long a search may take.
    pub fn set_search_time(&mut self, limit: Duration) {
        self.app.search_time = limit;
        self.browser.router = web::router(self.app.clone());
    }

    /// Returns another browser on the same computer, without cookies.
    pub fn another_browser(&self) -> Browser {
        Browser { cookies: Mutex::default(), ..self.browser.clone() }
    }
}

/// A browser, with cookies and an IP address.
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
    fn new(router: Router, config: TestConfig) -> Self {
        let base = config.base_url.and_then(|base| base.split("//").nth(1));
        let host = base.unwrap_or("127.0.0.1:8080").to_owned();
        let peer = ([127, 0, 0, 1], 50_000).into();
        Self { router, peer, host, headers: Vec::new(), cookies: Mutex::default() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).header("accept", "text/html,*/*;q=0.8").body(Body::empty()).unwrap()).await
    }

    /// Submits a form from a page of the app.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send(form_request(path).header("sec-fetch-site", "same-origin").body(form_body(form)).unwrap()).await
    }

    /// Sends a request, adding the host, peer, cookies and headers of this browser.
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
        self.store_cookies(&parts.headers);
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

    /// Returns the value of the `Cookie` header.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Returns the value of a cookie, empty if there is none.
    pub fn cookie(&self, name: &str) -> String {
        self.cookies.lock().unwrap().get(name).cloned().unwrap_or_default()
    }

    /// Sets a cookie, as a page or a neighbouring site might.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    fn store_cookies(&self, headers: &HeaderMap) {
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

/// Returns a form submission without an origin.
pub fn form_request(path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("accept", "text/html,*/*;q=0.8")
        .header("content-type", "application/x-www-form-urlencoded")
}

/// Encodes a form as browsers do.
pub fn form_body(form: &[(&str, &str)]) -> Body {
    Body::from(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish())
}

/// A response.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Page {
    /// Returns the text of all elements that match a CSS selector, with single spaces.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = Document::from(self.body.as_str());
        let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        document.select(selector).iter().map(|element| fold(&element.text())).collect()
    }

    /// Returns the text of the only element that matches a CSS selector.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let mut texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector} in {}", self.body);
        texts.remove(0)
    }

    /// Returns an attribute of all elements that match a CSS selector and have it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let document = Document::from(self.body.as_str());
        document.select(selector).iter().filter_map(|element| Some(element.attr(name)?.to_string())).collect()
    }

    /// Returns whether any element matches a CSS selector.
    pub fn has(&self, selector: &str) -> bool {
        Document::from(self.body.as_str()).select(selector).exists()
    }

    /// Returns a header, empty if missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the target of a redirect.
    pub fn location(&self) -> &str {
        self.header("location")
    }
}

/// Captures the log of this test from here on.
pub fn capture_log() -> Log {
    Log::install();
    LOG.with_borrow_mut(Vec::clear);
    Log
}

/// The log of this test. All tests share one subscriber, since subscribers that change while other tests log miss
/// lines; each thread stores its own lines.
pub struct Log;

impl Log {
    pub fn text(&self) -> String {
        LOG.with_borrow(|bytes| String::from_utf8(bytes.clone()).unwrap())
    }

    fn install() {
        static ONCE: Once = Once::new();
        if IS_QUIET.get() {
            return;
        }
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
