//! Handing in what is to be read, and reading it on its page.

use broadsheet::ingest::intake::{self, ImportRequest};
use broadsheet::library::imports::{self, Accepted, State};
use broadsheet::{accounts, jobs};
use tokio_util::sync::CancellationToken;

use crate::support::{Page, TestApp, now};

impl TestApp {
    /// The whole way from what a reader hands in to the page of the article; or why there is none.
    pub async fn read(&self, ready: ImportRequest) -> Result<Page, String> {
        let library = self.app.libraries.get(accounts::FIRST_LIBRARY, now()).await.unwrap();
        let accepted = intake::enqueue(&library, &[ready], now()).await.unwrap();
        let (Accepted::New(id) | Accepted::Waiting(id)) = accepted[0] else { panic!("it is there already") };
        jobs::process_imports(&self.app, &library, &CancellationToken::new()).await.unwrap();
        match imports::find(&library, id).await.unwrap().unwrap().state {
            State::Done { article, .. } => Ok(self.get(&format!("/article/{}", article.unwrap())).await),
            State::Failed { problem, .. } => Err(problem),
            State::Waiting | State::Running => panic!("it was worked off"),
        }
    }
}
