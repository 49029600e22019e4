//! Articles and pages for browser tests.

use std::time::Duration;

use axum::body::Bytes;
use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::library::tags;
use tokio::time::Instant;

use super::TestEnv;
use crate::mock_web::MockResponse;

/// A page with all the clutter found around articles.
pub const CLUTTERED_URL: &str = "http://www.tideline.example/politics/night-trams-return";

/// Text as copied from a page that needs a login.
pub const PASTED_TEXT: &str = "\
The reading room opens again

After two years of scaffolding the reading room of the old customs library opens its doors on Thursday, with the same forty \
lamps and, for the first time, heating.

“People used to bring blankets,” said the librarian, Edda Thorne. “Some asked whether they may go on doing so.”

ADVERTISEMENT

The ceiling, which shows the winds of all directions, was cleaned by six people with cotton swabs. They found a seventh wind \
under the soot, and nobody knows what it was called.

Recommended articles

Tower clock to stay five minutes fast
";

const CLUTTERED_PAGE: &str = include_str!("../site/cluttered.html");
const STRUCTURES: &str = include_str!("../../../crates/extract/tests/pages/structures/page.html");
const ARABIC: &str = include_str!("../../../crates/extract/tests/pages/arabic/page.html");
const TRAM: &[u8] = include_bytes!("../site/tram.png");
const DEPOT: &[u8] = include_bytes!("../site/depot.png");
const DRIVER: &[u8] = include_bytes!("../site/driver.png");

impl TestEnv {
    /// Serves the cluttered page and its images.
    pub fn serve_cluttered_page(&self) {
        self.web.serve(CLUTTERED_URL, MockResponse::html(CLUTTERED_PAGE));
        for (name, bytes) in [("tram-960", TRAM), ("depot-640", DEPOT), ("driver-480", DRIVER)] {
            let url = format!("http://img.tideline.example/2026/{name}.png");
            self.web.serve(&url, MockResponse::new("image/png", Bytes::from_static(bytes)));
        }
    }

    /// Imports a URL and returns the id of its article.
    pub async fn import(&self, url: &str) -> i64 {
        let import = self.queue_import(url).await;
        self.wait_for_import(import).await.unwrap_or_else(|problem| panic!("{url}: {problem}"))
    }

    /// Adds six articles of three sources on three topics, and the cluttered page. Returns their ids.
    pub async fn import_samples(&self) -> Vec<i64> {
        self.serve_cluttered_page();
        let reports = [
            (
                "http://harbourpost.example/1",
                report_page("The Harbour Post", "Politics", "Ferries, Budget", "Osprey", 1),
            ),
            ("http://harbourpost.example/2", report_page("The Harbour Post", "Politics", "Ferries", "Kestrel", 2)),
            ("http://harbourpost.example/3", report_page("The Harbour Post", "Sport", "Rowing", "Heron", 3)),
            ("http://hillherald.example/1", report_page("Hill Herald", "Politics", "Budget", "Bridge", 4)),
            ("http://hillherald.example/2", report_page("Hill Herald", "Science", "Ferries, Engines", "Turbine", 5)),
            ("http://orchard.example/1", report_page("The Orchard", "Science", "Apples", "Pippin", 6)),
        ];
        let mut numbers = Vec::new();
        for (url, page) in reports {
            self.web.serve(url, MockResponse::html(page));
            numbers.push(self.import(url).await);
        }
        numbers.push(self.import(CLUTTERED_URL).await);
        self.take_keywords(&["harbourpost.example", "hillherald.example", "orchard.example"]).await;
        numbers
    }

    /// Makes tags of the keywords of these sources, as their reader wants.
    async fn take_keywords(&self, domains: &[&str]) {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        for domain in domains {
            assert!(tags::set_takes_keywords(&library, domain, true).await.unwrap());
        }
        while tags::take_next_keywords(&library, 50).await.unwrap() {}
    }

    /// Adds pages with tables, lists and code, and with right-to-left text, from the extractor's tests. Returns their
    /// ids.
    pub async fn import_unusual_samples(&self) -> [i64; 2] {
        let pages = [("http://structures.example/1", STRUCTURES), ("http://arabic.example/1", ARABIC)];
        for (url, page) in pages {
            self.web.serve(url, MockResponse::html(page));
        }
        [self.import(pages[0].0).await, self.import(pages[1].0).await]
    }

    /// Reloads an article until it has this many images. They are fetched in the background.
    pub async fn visit_with_images(&self, article: i64, images: usize) {
        let began = Instant::now();
        let count = "document.querySelectorAll('article img').length";
        self.visit(&format!("/article/{article}")).await;
        while self.evaluate(count).await != images {
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "the pictures do not arrive: {}",
                self.visible_text().await
            );
            self.reload().await;
        }
    }
}

/// Returns a simple news page with this site name, section, tags, subject and age in days.
pub fn report_page(paper: &str, section: &str, tags: &str, subject: &str, days: u8) -> String {
    let paragraphs: String = ["spring", "summer", "autumn", "winter", "the year after"]
        .map(|season| {
            format!(
                "<p>What became of the {subject} in {season} is told by those who were there: the keeper, who wrote down \
                 every day in a book of her own, and the two brothers who looked after the {subject} in {season} without \
                 ever being paid for it.</p>"
            )
        })
        .concat();
    let day = 21 - days;
    format!(
        "<!doctype html><html lang=en><head><title>The long story of the {subject}</title>\
         <meta property=og:site_name content=\"{paper}\"><meta property=article:section content=\"{section}\">\
         <meta name=keywords content=\"{tags}\"><meta name=author content=\"Ines Marlowe\">\
         <meta property=article:published_time content=\"2026-11-{day:02}T08:00:00Z\"></head>\
         <body><nav><a href=/>Home</a></nav><article><h1>The long story of the {subject}</h1>{paragraphs}</article></body></html>"
    )
}
