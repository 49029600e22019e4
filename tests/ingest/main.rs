//! Imports from input to library, in a simulated web.
#![allow(clippy::unwrap_used, missing_docs)]

mod clock;
mod failures;
mod further_pages;
mod identity;
mod pasted;
mod re_extraction;
mod renewal;
mod notices;
mod size_limits;
mod topics;
#[path = "../support/mock_web.rs"]
mod mock_web;
mod urls;

use std::os::unix::fs::PermissionsExt as _;

use broadsheet::ingest::extractor::Extractor;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::ingest::trial::Trial;
use broadsheet::ingest::{Outcome, ingest};
use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::articles::{self, Added, Article};
use broadsheet::library::imports::{self, Accepted, Import, NewImport};
use broadsheet::library::snapshots::{self, Snapshot, SnapshotFormat};
use jiff::Timestamp;
use mock_web::MockWeb;
use url::Url;

struct Fixture {
    web: MockWeb,
    library: Library,
    fetcher: Fetcher,
    extractor: Extractor,
    folder: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let web = MockWeb::start().await;
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), 1).await.unwrap();
        // The mock speaks no TLS.
        let policy = Policy { archive: Url::parse("http://web.archive.org/").unwrap(), ..Policy::default() };
        let fetcher = Fetcher::new(policy, Resolver::all_hosts_at(web.addr)).unwrap();
        Self { web, library, fetcher, extractor: Extractor::default(), folder }
    }

    /// Imports a URL.
    async fn import(&self, url: &str) -> Result<Added, imports::Failure> {
        self.run_import(NewImport {
            url: Some(Url::parse(url).unwrap()),
            snapshot_id: None,
            file_name: None,
            replaces_id: None,
        })
        .await
    }

    async fn paste(&self, form: SnapshotFormat, text: &str, url: Option<&str>) -> Result<Added, imports::Failure> {
        let content_type = Some("text/plain; charset=utf-8".to_owned());
        let snapshot = Snapshot { url: None, content_type, format: form, bytes: text.as_bytes().to_vec() };
        let snapshot = Some(snapshots::save(&self.library, &snapshot, noon()).await.unwrap());
        let url = url.map(|url| Url::parse(url).unwrap());
        self.run_import(NewImport { url, snapshot_id: snapshot, file_name: None, replaces_id: None }).await
    }

    async fn run_import(&self, input: NewImport) -> Result<Added, imports::Failure> {
        match imports::accept(&self.library, &input, noon()).await.unwrap() {
            Accepted::ArticleExists { article_id } => return Ok(Added::Existing(article_id)),
            Accepted::New(_) | Accepted::AlreadyQueued(_) => {}
        }
        let import = imports::claim_next(&self.library, &[], noon()).await.unwrap().unwrap();
        match self.ingest(&import).await {
            Outcome::Article(added) => Ok(added),
            Outcome::Unwanted => panic!("no feed asked for it"),
            Outcome::Failed(failure) => {
                imports::fail(&self.library, import.id, &failure, noon()).await.unwrap();
                Err(failure)
            }
            Outcome::NotNow(reason) => {
                imports::fail(&self.library, import.id, &reason.failure, noon()).await.unwrap();
                Err(reason.failure)
            }
        }
    }

    async fn ingest(&self, import: &Import) -> Outcome {
        ingest(&self.library, (&self.fetcher, &self.extractor), import, noon()).await.unwrap()
    }

    /// Returns a trial whose program runs this script.
    fn program(&self, script: &str) -> Trial {
        let program = self.folder.path().join("program");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        Trial::new(program)
    }

    async fn article(&self, id: i64) -> Article {
        articles::find(&self.library, id).await.unwrap().unwrap()
    }

    async fn count(&self) -> usize {
        lists::list(&self.library, &Filter::default(), Position::START, 50).await.unwrap().cards.len()
    }
}

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Returns an article page of realistic length, with `more` in its head.
fn ferry_article_html(subject: &str, more: &str) -> String {
    let paragraphs: String = (1..=6)
        .map(|n| {
            format!(
                "<p>In part {n} of the report on the {subject}, the harbour board explains at length why the ferry was late, \
                 what the crew of the {subject} did about it, and which of the {n} promises made in spring were kept.</p>"
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><head><title>Why the {subject} was late</title>{more}</head>\
         <body><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article><h1>Why the {subject} was late</h1>{paragraphs}</article>\
         <footer>All rights reserved by the Harbour Post.</footer></body></html>"
    )
}

/// Returns a page of the same site about something else.
fn bakery_article_html(more: &str) -> String {
    let paragraphs: String = ["flour", "butter", "yeast", "salt", "sugar"]
        .map(|thing| format!("<p>Nobody in Quarrel Sound bakes without {thing}, says Ines Marlowe, whose ovens have been warm since 1961 and whose {thing} comes from the next valley.</p>"))
        .concat();
    format!(
        "<html lang=en><head><title>The last bakery</title>{more}</head><body><article><h1>The last bakery</h1>{paragraphs}</article></body></html>"
    )
}
