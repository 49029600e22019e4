//! What a journey needs: the program with its jobs on a port of this computer, a played web that is every host, and a real
//! Chromium that looks at it.

mod browser;
mod keys;
mod shelf;

use std::net::SocketAddr;
use std::ops::Deref;

use broadsheet::accounts::{Access, FIRST_LIBRARY};
use broadsheet::app::App;
use broadsheet::fetch::{Fetcher, Policy, Resolver};
use broadsheet::{jobs, web, welcome};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use browser::{Browser, PATIENCE};
pub use shelf::{CLUTTERED, report};

use crate::site::Web;

/// The program and a browser that looks at it. A journey ends with [`Stage::close`]; all of it is gone when it is dropped.
pub struct Stage {
    pub browser: Browser,
    pub web: Web,
    pub app: App,
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
        Self::listening(|address| Access::new(address, None)).await
    }

    /// Where a login is needed: people know it by a public address that is another name of this computer.
    pub async fn listening(access: impl Fn(SocketAddr) -> anyhow::Result<Access>) -> Self {
        let web = Web::start().await;
        let folder = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fetcher = Fetcher::new(Policy::default(), Resolver::everyone_at(web.origin)).unwrap();
        let app = App::open(folder.path(), access(address).unwrap(), fetcher, noon).await.unwrap();
        let library = app.libraries.get(FIRST_LIBRARY, noon()).await.unwrap();
        welcome::put(&library, noon()).await.unwrap();
        let stop = CancellationToken::new();
        jobs::start(&app, &TaskTracker::new(), &stop);
        let service = web::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, service).with_graceful_shutdown(stopped).await });
        let browser = Browser::open(&format!("http://{address}")).await;
        Self { browser, web, app, stop, _folder: folder }
    }

    /// Ends the journey in good order.
    pub async fn close(self) {
        self.browser.close().await;
        self.stop.cancel();
        self.app.libraries.close().await;
    }
}

/// The time in all journeys.
fn noon() -> Timestamp {
    Timestamp::constant(1_795_435_200, 0)
}
