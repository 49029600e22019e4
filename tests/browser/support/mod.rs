//! What a journey needs: the program with its jobs on a port of this computer, a played web that is every host, and a real
//! Chromium that looks at it.

mod browser;
mod every_page;
mod keys;
mod sample_pages;

use std::net::SocketAddr;
use std::ops::Deref;

use broadsheet::accounts::{AccessPolicy, FIRST_LIBRARY_ID};
use broadsheet::app::App;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::library::welcome;
use broadsheet::web;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use browser::Browser;
pub use keys::{ENTER, ESCAPE, TAB};
pub use sample_pages::{CLUTTERED_URL, PASTED_TEXT, report_page};

use crate::mock_web::MockWeb;

/// The program and a browser that looks at it. A journey ends with [`Stage::close`]; all of it is gone when it is dropped.
pub struct Stage {
    pub browser: Browser,
    pub web: MockWeb,
    pub app: App,
    jobs: TaskTracker,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Deref for Stage {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Stage {
    /// A fresh data folder on this computer, with the welcome article, without an account.
    pub async fn new() -> Self {
        let web = MockWeb::start().await;
        let folder = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(web.addr)).unwrap();
        let access = AccessPolicy::new(address, None).unwrap();
        let app = App::open(folder.path(), access, fetcher, noon).await.unwrap();
        let library = app.libraries.get(FIRST_LIBRARY_ID, noon()).await.unwrap();
        welcome::add_to_new_library(&library, noon()).await.unwrap();
        let (jobs, stop) = (TaskTracker::new(), CancellationToken::new());
        broadsheet::jobs::start(&app, &jobs, &stop);
        let service = web::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let browser = Browser::open(&format!("http://{address}")).await;
        Self { browser, web, app, jobs, stop, _folder: folder }
    }

    /// From now on nothing happens by itself.
    pub async fn stop_jobs(&self) {
        self.stop.cancel();
        self.jobs.close();
        self.jobs.wait().await;
    }

    /// Ends the journey in good order.
    pub async fn close(self) {
        self.stop_jobs().await;
        self.app.libraries.close().await;
        self.browser.close().await;
    }
}

/// The time in all journeys.
fn noon() -> Timestamp {
    Timestamp::constant(1_795_435_200, 0)
}
