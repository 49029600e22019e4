//! The environment of browser tests: the program with its jobs, a fake web and a real Chromium.

mod browser;
mod every_page;
mod keyboard;
mod sample_pages;

use std::ops::Deref;

use broadsheet::accounts::{AccessPolicy, FIRST_LIBRARY_ID};
use broadsheet::app::App;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::library::welcome;
use broadsheet::ops::server;
use broadsheet::web;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use browser::Browser;
pub use keyboard::{ENTER, ESCAPE, TAB};
pub use sample_pages::{CLUTTERED_URL, PASTED_TEXT, report_page};

use crate::mock_web::MockWeb;

/// The program, a fake web and a browser. A test ends with [`TestEnv::close`]; dropping it cleans up too.
pub struct TestEnv {
    pub browser: Browser,
    pub web: MockWeb,
    pub app: App,
    jobs: TaskTracker,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Deref for TestEnv {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl TestEnv {
    /// Starts the program with an empty data folder and the welcome article, without an account.
    pub async fn new() -> Self {
        let web = MockWeb::start().await;
        let folder = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(web.addr)).unwrap();
        let access = AccessPolicy::new(address, None).unwrap();
        let app = App::open(folder.path(), access, fetcher, test_time).await.unwrap();
        let library = app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        welcome::add_to_new_library(&library, test_time()).await.unwrap();
        let (jobs, stop) = (TaskTracker::new(), CancellationToken::new());
        broadsheet::jobs::start(&app, &jobs, &stop);
        let router = web::router(app.clone());
        tokio::spawn(
            async move { server::serve(router, listener, &TaskTracker::new(), &CancellationToken::new()).await },
        );
        let browser = Browser::open(&format!("http://{address}")).await;
        Self { browser, web, app, jobs, stop, _folder: folder }
    }

    /// Stops all jobs.
    pub async fn stop_jobs(&self) {
        self.stop.cancel();
        self.jobs.close();
        self.jobs.wait().await;
    }

    /// Stops the jobs and closes the browser.
    pub async fn close(self) {
        self.stop_jobs().await;
        self.app.libraries.close().await;
        self.browser.close().await;
    }
}

/// The current time in all tests.
fn test_time() -> Timestamp {
    Timestamp::constant(1_795_435_200, 0)
}
