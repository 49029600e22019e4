//! Importing an article and opening its page.

use broadsheet::ingest::intake::{self, ImportRequest};
use broadsheet::library::imports::{self, Accepted, ImportState};
use broadsheet::{accounts, jobs};
use tokio_util::sync::CancellationToken;

use crate::support::{Page, TestApp, now};

impl TestApp {
    /// Imports an input and opens the page of the article.
    ///
    /// # Errors
    /// Why the import failed.
    pub async fn import_and_open(&self, ready: ImportRequest) -> Result<Page, String> {
        let library = self.app.libraries.get(accounts::FIRST_LIBRARY_ID).await.unwrap();
        let accepted = intake::enqueue(&library, &[ready], now()).await.unwrap();
        let (Accepted::New(id) | Accepted::AlreadyQueued(id)) = accepted[0] else { panic!("already in the library") };
        jobs::process_imports(&self.app, &library, &CancellationToken::new()).await.unwrap();
        match imports::find(&library, id).await.unwrap().unwrap().state {
            ImportState::Done { article_id: article, .. } => {
                Ok(self.get(&format!("/article/{}", article.unwrap())).await)
            }
            ImportState::Failed { message, .. } => Err(message),
            ImportState::Waiting | ImportState::Running => panic!("the import has finished"),
        }
    }
}
