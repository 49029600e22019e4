//! Sample articles for tests of pages.

use broadsheet::library::Library;
use broadsheet::library::articles::{self, Channel, Content, NewArticle};
use broadsheet::library::snapshots::{self, Snapshot, SnapshotFormat};
use broadsheet::library::sources::NewSource;
use broadsheet::urls::UrlKey;
use classify::{Topic, TopicChoice, TopicReason};
use extract::Direction;
use jiff::SignedDuration;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use url::Url;

use crate::support::{TestApp, now};

impl TestApp {
    /// Opens the first library, as pages do.
    pub async fn library(&self) -> Library {
        self.app.libraries.get(broadsheet::accounts::FIRST_LIBRARY_ID).await.unwrap()
    }

    /// Adds an article to the library. Returns its ID.
    pub async fn add_article(&self, article: &NewArticle) -> i64 {
        articles::add(&self.library().await, article).await.unwrap().id()
    }

    /// Makes articles one story.
    pub async fn join_story(&self, story: i64, articles: &[i64]) {
        let file = self.library().await.folder().join("library.db");
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        sqlx::query("INSERT INTO story (id) VALUES (?1)").bind(story).execute(&mut connection).await.unwrap();
        for article in articles {
            let insert = sqlx::query("INSERT INTO story_article (article_id, story_id) VALUES (?1, ?2)");
            insert.bind(article).bind(story).execute(&mut connection).await.unwrap();
        }
    }

    /// Stores an original page. Returns its ID.
    pub async fn store_snapshot(&self, html: &str) -> i64 {
        let snapshot = Snapshot {
            url: Some("https://harbour.example/1".into()),
            content_type: Some("text/html; charset=utf-8".into()),
            format: SnapshotFormat::Html,
            bytes: html.as_bytes().to_vec(),
        };
        snapshots::save(&self.library().await, &snapshot, now()).await.unwrap()
    }
}

/// Returns an article about ferries from harbour.example, `number` hours old.
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
            published_at: Some(now() - SignedDuration::from_hours(number)),
            word_count: 460,
            lead_image: None,
            html: clean_html(&format!("<p>{plain}</p>")),
            text: plain,
            removed_blocks: Vec::new(),
            images: Vec::new(),
            ..Content::default()
        },
        url_keys: vec![UrlKey::from_url(&Url::parse(&address).unwrap())],
        canonical_url_key: None,
        claimed_url: None,
        url: Some(address),
        source: NewSource { domain: "harbour.example".into(), name: "The Harbour Post".into() },
        topic_choice: section_topic(Topic::Politics),
        section: None,
        keywords: Vec::new(),
        tags: vec!["Ferries".into()],
        channel: Channel::Saved,
        snapshot_id: None,
        received_at: now(),
        sorted_at: None,
        is_read: false,
    }
}

/// Returns a topic chosen by the publisher's section.
pub fn section_topic(topic: Topic) -> TopicChoice {
    TopicChoice {
        topic: Some(topic),
        reason: TopicReason::Section { word: "Assembly".into() },
        suggestions: vec![Topic::Business],
    }
}

/// Sanitises HTML.
pub fn clean_html(html: &str) -> extract::CleanHtml {
    extract::sanitize_html(html, None)
}

/// Returns an image on the publisher's site.
pub fn sample_image(name: &str) -> extract::Image {
    extract::Image {
        url: Url::parse(&format!("https://harbour.example/{name}")).unwrap(),
        description: format!("A picture of {name}"),
    }
}
