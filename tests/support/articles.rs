//! Articles for tests of pages: made here, not fetched.

use broadsheet::classify::{Topic, TopicChoice, TopicReason};
use broadsheet::library::Library;
use broadsheet::library::articles::{self, Content, Lane, NewArticle};
use broadsheet::library::snapshots::{self, Form, Snapshot};
use broadsheet::library::sources::NewSource;
use broadsheet::urls::UrlKey;
use extract::Direction;
use jiff::SignedDuration;
use url::Url;

use crate::support::{TestApp, now};

impl TestApp {
    /// The first library, as the pages see it.
    pub async fn library(&self) -> Library {
        self.app.libraries.get(broadsheet::accounts::FIRST_LIBRARY, now()).await.unwrap()
    }

    /// Adds an article to it and says its number.
    pub async fn add(&self, article: &NewArticle) -> i64 {
        articles::add(&self.library().await, article, None).await.unwrap().id()
    }

    /// Keeps this page as it arrived.
    pub async fn keep_page(&self, html: &str) -> i64 {
        let snapshot = Snapshot {
            address: Some("https://harbour.example/1".into()),
            content_type: Some("text/html; charset=utf-8".into()),
            form: Form::Html,
            bytes: html.as_bytes().to_vec(),
        };
        snapshots::keep(&self.library().await, &snapshot, now()).await.unwrap()
    }
}

/// The article of this number: about ferries, from the harbour, `number` hours old.
pub fn article(number: i64) -> NewArticle {
    let address = format!("https://harbour.example/{number}");
    let plain = format!("Report {number}. The ferry was late, and nobody minded.");
    NewArticle {
        content: Content {
            title: format!("Ferry report {number}"),
            byline: Some("Ines Marlowe".into()),
            excerpt: plain.clone(),
            language: Some("en".into()),
            direction: Direction::Ltr,
            published: Some(now() - SignedDuration::from_hours(number)),
            word_count: 460,
            lead: None,
            body: body(&format!("<p>{plain}</p>")),
            plain,
            removed: Vec::new(),
            pictures: Vec::new(),
            ..Content::default()
        },
        keys: vec![UrlKey::from_url(&Url::parse(&address).unwrap())],
        canonical: None,
        address: Some(address),
        source: NewSource { domain: "harbour.example".into(), name: "The Harbour Post".into() },
        choice: filed(Topic::Politics),
        tags: vec!["Ferries".into()],
        lane: Lane::Kept,
        snapshot: None,
        received: now(),
    }
}

/// The choice of this topic by the publisher's section.
pub fn filed(topic: Topic) -> TopicChoice {
    TopicChoice {
        topic: Some(topic),
        reason: TopicReason::Section { word: "Assembly".into() },
        suggestions: vec![Topic::Business],
    }
}

/// Clean HTML.
pub fn body(html: &str) -> extract::CleanHtml {
    extract::sanitize_html(html, None)
}

/// A picture at the publisher's.
pub fn picture(name: &str) -> extract::Image {
    extract::Image {
        url: Url::parse(&format!("https://harbour.example/{name}")).unwrap(),
        description: format!("A picture of {name}"),
    }
}
