//! What there is to read: pages of the played web, in our own words.

use std::time::Duration;

use axum::body::Bytes;
use broadsheet::accounts::FIRST_LIBRARY;
use broadsheet::imports::{self, Accepted, State, intake};
use tokio::time::timeout;

use super::Stage;
use crate::site::Answer;

/// A page with all that surrounds articles on the web.
pub const CLUTTERED: &str = "http://www.tideline.example/politics/night-trams-return";

const CLUTTERED_PAGE: &str = include_str!("../site/cluttered.html");
const TRAM: &[u8] = include_bytes!("../site/tram.png");
const DEPOT: &[u8] = include_bytes!("../site/depot.png");
const DRIVER: &[u8] = include_bytes!("../site/driver.png");

impl Stage {
    /// The cluttered page and its pictures are on the web.
    pub fn put_cluttered(&self) {
        self.web.put(CLUTTERED, Answer::html(CLUTTERED_PAGE));
        for (name, bytes) in [("tram-960", TRAM), ("depot-640", DEPOT), ("driver-480", DRIVER)] {
            let address = format!("http://img.tideline.example/2026/{name}.png");
            self.web.put(&address, Answer::of("image/png", Bytes::from_static(bytes)));
        }
    }

    /// Imports an address as the command line does, waits until it is an article, and says its number.
    pub async fn import(&self, address: &str) -> i64 {
        let library = self.app.libraries.get(FIRST_LIBRARY, self.app.now()).await.unwrap();
        let ready = [intake::address(address).unwrap()];
        let accepted = intake::hand_in(&library, &ready, self.app.now()).await.unwrap();
        let (Accepted::New(id) | Accepted::Waiting(id)) = accepted[0] else { panic!("{address} is there already") };
        self.app.work.imports.notify_one();
        loop {
            let changed = library.import_changed().notified();
            match imports::find(&library, id).await.unwrap().unwrap().state {
                State::Done { article, .. } => return article.expect("nothing has been deleted"),
                State::Failed { problem, .. } => panic!("{address}: {problem}"),
                // Looked at again after a while too, for what changed before the bell was heard.
                State::Waiting | State::Running => _ = timeout(Duration::from_millis(50), changed).await,
            }
        }
    }

    /// Six reports of three papers on three topics, and the cluttered page, are in the library. Says their numbers.
    pub async fn stock(&self) -> Vec<i64> {
        self.put_cluttered();
        let reports = [
            ("http://harbourpost.example/1", report("The Harbour Post", "Politics", "Ferries, Budget", "Osprey", 1)),
            ("http://harbourpost.example/2", report("The Harbour Post", "Politics", "Ferries", "Kestrel", 2)),
            ("http://harbourpost.example/3", report("The Harbour Post", "Sport", "Rowing", "Heron", 3)),
            ("http://hillherald.example/1", report("Hill Herald", "Politics", "Budget", "Bridge", 4)),
            ("http://hillherald.example/2", report("Hill Herald", "Science", "Ferries, Engines", "Turbine", 5)),
            ("http://orchard.example/1", report("The Orchard", "Science", "Apples", "Pippin", 6)),
        ];
        let mut numbers = Vec::new();
        for (address, page) in reports {
            self.web.put(address, Answer::html(page));
            numbers.push(self.import(address).await);
        }
        numbers.push(self.import(CLUTTERED).await);
        numbers
    }
}

/// A plain report: its paper, the paper's section, its tags, what it is about, and how many days old it is.
pub fn report(paper: &str, section: &str, tags: &str, subject: &str, days: u8) -> String {
    let paragraphs: String = ["spring", "summer", "autumn", "winter", "the year after"]
        .map(|season| {
            format!(
                "<p>What became of the {subject} in {season} is told by those who were there: the keeper, who wrote down \
                 every day in a book of her own, and the two brothers who looked after the {subject} in {season} without \
                 ever being paid for it.</p>"
            )
        })
        .concat();
    let day = 22 - days;
    format!(
        "<!doctype html><html lang=en><head><title>The long story of the {subject}</title>\
         <meta property=og:site_name content=\"{paper}\"><meta property=article:section content=\"{section}\">\
         <meta name=keywords content=\"{tags}\"><meta name=author content=\"Ines Marlowe\">\
         <meta property=article:published_time content=\"2026-11-{day:02}T08:00:00Z\"></head>\
         <body><nav><a href=/>Home</a></nav><article><h1>The long story of the {subject}</h1>{paragraphs}</article></body></html>"
    )
}
