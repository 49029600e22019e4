//! A headless Chromium, driven by chromedriver.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::http::Method;
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;
use url::Url;

/// How long anything may take, on a computer that builds something meanwhile.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Only one browser at a time, so that none times out for lack of CPU.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A browser, its profile and its driver. All end when it is dropped.
pub struct Browser {
    client: Client,
    /// The program's origin.
    pub home: String,
    driver: Driver,
    _profile: tempfile::TempDir,
    _lock: MutexGuard<'static, ()>,
}

impl Browser {
    /// Opens a browser with a window of 1280 × 900 and a fresh profile, for the program at this origin.
    pub async fn open(home: &str) -> Self {
        let lock = ONE_AT_A_TIME.lock().await;
        let mut driver = Driver::start().await;
        let profile = tempfile::tempdir().unwrap();
        let capabilities = capabilities(&profile.path().display().to_string());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connected = builder.capabilities(capabilities).connect(&driver.address()).await;
        let client = connected.unwrap_or_else(|error| panic!("Chromium did not start: {error}"));
        driver.chromium = client.capabilities().and_then(|given| given["goog:processID"].as_u64());
        assert!(driver.chromium.is_some(), "chromedriver does not say which process Chromium is");
        Self { client, home: home.to_owned(), driver, _profile: profile, _lock: lock }
    }

    /// Closes the browser.
    pub async fn close(mut self) {
        self.client.close().await.unwrap();
        self.driver.chromium = None;
    }

    /// Opens a page of the program by its path.
    pub async fn visit(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.home)).await.unwrap();
    }

    /// Opens a page to measure it: waits for the fonts, which change line breaks and positions.
    pub async fn visit_for_layout(&self, path: &str) {
        self.visit(path).await;
        self.wait_until("document.body.offsetHeight && document.fonts.status === 'loaded'").await;
    }

    pub async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// Waits for a second window and returns its URL.
    pub async fn new_window_url(&self) -> String {
        let first = self.client.window().await.unwrap();
        let began = Instant::now();
        let second = loop {
            let windows = self.client.windows().await.unwrap();
            if let Some(second) = windows.into_iter().find(|window| *window != first) {
                break second;
            }
            assert!(began.elapsed() < TIMEOUT, "no second window opened");
        };
        self.client.switch_to_window(second).await.unwrap();
        loop {
            let address = self.client.current_url().await.unwrap();
            if address.as_str() != "about:blank" {
                return address.to_string();
            }
            assert!(began.elapsed() < TIMEOUT, "the second window stays empty");
        }
    }

    /// Opens any URL.
    pub async fn goto(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Returns path and query of the current page.
    pub async fn path_and_query(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url[url::Position::BeforePath..].to_owned()
    }

    /// Waits for an element.
    pub async fn find(&self, selector: &str) -> Element {
        let found = self.client.wait().at_most(TIMEOUT).for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(_) => panic!("no {selector} at {}\n{}", self.path_and_query().await, self.visible_text().await),
        }
    }

    /// Waits for an element by XPath.
    pub async fn find_by_xpath(&self, path: &str) -> Element {
        let found = self.client.wait().at_most(TIMEOUT).for_element(Locator::XPath(path)).await;
        match found {
            Ok(element) => element,
            Err(_) => panic!("no {path} at {}\n{}", self.path_and_query().await, self.visible_text().await),
        }
    }

    pub async fn click(&self, selector: &str) {
        self.click_element(self.find(selector).await).await;
    }

    /// Clicks in the middle of an element, whatever covers it.
    pub async fn click_element(&self, element: Element) {
        match element.click().await {
            // To chromedriver, contents of a closed `details` shown by CSS (the menu on a wide screen) are hidden. To a
            // mouse they are not.
            Err(error) if error.is_element_not_interactable() => self.click_at_center(element).await,
            clicked => clicked.unwrap(),
        }
    }

    async fn click_at_center(&self, element: Element) {
        let there = PointerAction::MoveToElement { element, duration: None, x: 0., y: 0. };
        let down = PointerAction::Down { button: MOUSE_BUTTON_LEFT };
        let up = PointerAction::Up { button: MOUSE_BUTTON_LEFT };
        let click = MouseActions::new("mouse".to_owned()).then(there).then(down).then(up);
        self.client.perform_actions(click).await.unwrap();
    }

    /// Clicks the link or button with this text.
    pub async fn click_text(&self, words: &str) {
        let path = format!("//*[self::a or self::button or self::summary][normalize-space()={words:?}]");
        self.click_element(self.find_by_xpath(&path).await).await;
    }

    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Returns the visible text of an element, with single spaces.
    pub async fn text(&self, selector: &str) -> String {
        let element = self.find(selector).await;
        collapse_whitespace(self.run_script("return arguments[0].innerText", json!([element])).await.as_str().unwrap())
    }

    /// Returns the visible text of each matching element.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)";
        let texts: Vec<String> = serde_json::from_value(self.run_script(script, json!([selector])).await).unwrap();
        texts.iter().map(|text| collapse_whitespace(text)).collect()
    }

    pub async fn has(&self, selector: &str) -> bool {
        !self.client.find_all(Locator::Css(selector)).await.unwrap().is_empty()
    }

    /// Returns the visible text of the page.
    pub async fn visible_text(&self) -> String {
        collapse_whitespace(self.evaluate("document.body.innerText").await.as_str().unwrap_or_default())
    }

    /// Returns the value of a JavaScript expression.
    pub async fn evaluate(&self, expression: &str) -> Value {
        self.run_script(&format!("return {expression}"), json!([])).await
    }

    /// Waits until a JavaScript expression is true.
    pub async fn wait_until(&self, expression: &str) {
        let began = Instant::now();
        // While a page is being left, this fails, which is no answer yet.
        while self.client.execute(&format!("return !!({expression})"), vec![]).await.ok() != Some(Value::Bool(true)) {
            if began.elapsed() > TIMEOUT {
                panic!("never: {expression}, at {}\n{}", self.path_and_query().await, self.visible_text().await);
            }
        }
    }

    /// Waits until an element's visible text contains this.
    pub async fn wait_for_text(&self, selector: &str, words: &str) {
        self.wait_until(&format!("document.querySelector({selector:?})?.innerText.includes({words:?})")).await;
    }

    /// Waits until the page with this path and query is loaded.
    pub async fn wait_for_path(&self, place: &str) {
        self.wait_until(&format!(
            "document.readyState === 'complete' && location.pathname + location.search === {place:?}"
        ))
        .await;
    }

    /// Waits until the page of an article is loaded, and returns its id.
    pub async fn wait_for_article(&self) -> i64 {
        self.wait_until(
            "document.readyState === 'complete' && document.querySelector('article.article[data-article]')",
        )
        .await;
        let number = self.evaluate("document.querySelector('article.article[data-article]').dataset.article").await;
        number.as_str().unwrap().parse().unwrap()
    }

    /// Runs the body of a function and returns its result.
    pub async fn run_script(&self, script: &str, arguments: Value) -> Value {
        let Value::Array(arguments) = arguments else { panic!("arguments are a list") };
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{error} in {script}"))
    }

    /// Runs a script that passes its result to its last argument.
    pub async fn run_async_script(&self, script: &str) -> Value {
        self.client.execute_async(script, vec![]).await.unwrap_or_else(|error| panic!("{error} in {script}"))
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Runs a command of the Chrome DevTools Protocol.
    pub async fn devtools(&self, command: &'static str, parameters: Value) {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Extra { path: "goog/cdp/execute", body }).await.unwrap();
    }

    /// Returns the URLs requested since the last call, in order, from Chromium's log. Built-in resources (its first
    /// page, icons of date fields) are left out.
    pub async fn requests(&self) -> Vec<String> {
        let entries = self.log("performance").await;
        let messages = entries.iter().map(|entry| serde_json::from_str::<Value>(entry).unwrap());
        let asked = messages.filter(|message| message["message"]["method"] == "Network.requestWillBeSent");
        let addresses =
            asked.map(|message| message["message"]["params"]["request"]["url"].as_str().unwrap().to_owned());
        let is_own = |address: &String| {
            ["chrome:", "chrome-untrusted:", "data:"].iter().any(|scheme| address.starts_with(scheme))
        };
        addresses.filter(|address| !is_own(address)).collect()
    }

    /// Returns the console errors since the last call: script errors, policy violations, missing resources.
    pub async fn console_errors(&self) -> Vec<String> {
        self.log("browser").await
    }

    async fn log(&self, kind: &str) -> Vec<String> {
        let command = Extra { path: "se/log", body: json!({ "type": kind }) };
        let entries = self.client.issue_cmd(command).await.unwrap();
        entries.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Sets the screen size in CSS pixels. Below 600 it is a phone that obeys the page's viewport.
    pub async fn set_screen(&self, width: u32, height: u32) {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// Sets the preferred color scheme: `light` or `dark`.
    pub async fn set_color_scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Disables scripts on pages opened from now on.
    pub async fn disable_javascript(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    }
}

fn collapse_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capabilities(profile: &str) -> serde_json::Map<String, Value> {
    let profile = format!("--user-data-dir={profile}");
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        // Elements that scroll smoothly are not where a click expects them.
        "--force-prefers-reduced-motion",
        // No host elsewhere is ever looked up.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "--window-size=1280,900",
        &profile,
    ];
    let Value::Object(capabilities) = json!({
        "goog:chromeOptions": { "binary": chromium(), "args": arguments },
        "goog:loggingPrefs": { "performance": "ALL", "browser": "ALL" },
    }) else {
        unreachable!("it is an object")
    };
    capabilities
}

fn chromium() -> String {
    program(&["chromium", "chromium-browser", "google-chrome"])
}

/// Returns the first of these programs that is installed.
fn program(names: &[&str]) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = || std::env::split_paths(&path).collect::<Vec<_>>();
    let found = names.iter().flat_map(|name| places().into_iter().map(move |place| place.join(name)));
    let found = found.into_iter().find(|file| file.is_file());
    let missing = || {
        panic!(
            "{} is missing: the journeys need Debian's packages chromium and chromium-driver (scripts/test installs them)",
            names[0]
        )
    };
    found.unwrap_or_else(missing).display().to_string()
}

/// A chromedriver on its own port. Dropping it kills it and the browser, which would outlive it.
struct Driver {
    child: Child,
    port: u16,
    /// Chromium's process id while it runs.
    chromium: Option<u64>,
}

impl Driver {
    async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program(&["chromedriver"]));
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let mut driver = Self { child: command.spawn().expect("chromedriver can be started"), port, chromium: None };
        driver.wait_until_listening().await;
        driver
    }

    async fn wait_until_listening(&mut self) {
        let began = Instant::now();
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "chromedriver exited");
            assert!(began.elapsed() < TIMEOUT, "chromedriver does not listen");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(process) = self.chromium {
            let _ = Command::new("sh").args(["-c", &format!("kill -KILL {process}")]).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A chromedriver command beyond the WebDriver standard.
#[derive(Debug)]
struct Extra {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
