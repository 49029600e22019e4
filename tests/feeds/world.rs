//! The app and an origin, in a time that goes from one due look to the next.

use broadsheet::jobs::{look_at_due_feeds, process_imports};
use broadsheet::library::articles::{ArticleAction, apply_action};
use broadsheet::library::feeds::{self, Feed, FeedSettings, NamedBy, NewFeed, TextFrom};
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Row as _};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::origin::{Answer, Asked, Origin};
use crate::support::{TestApp, now, set_clock};

pub struct World {
    pub app: TestApp,
    pub origin: Origin,
    /// Nobody opens the library.
    pub is_deserted: bool,
}

/// An article that came from a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: i64,
    pub guid: Option<String>,
    pub title: String,
    pub is_read: bool,
    pub is_starred: bool,
    pub is_deleted: bool,
    pub sorted_at: i64,
    pub text: String,
}

/// Settings of a feed whose texts come from itself.
pub fn with_own_texts() -> FeedSettings {
    FeedSettings { text_from: Some(TextFrom::Feed), ..FeedSettings::default() }
}

impl World {
    /// Starts the app, and an origin that plays this.
    pub async fn start(play: impl FnMut(&Asked, &[Asked]) -> Answer + Send + 'static) -> Self {
        set_clock(crate::rss_shorthand::time(0.0));
        let origin = Origin::start(play).await;
        Self { app: TestApp::with_mock_web(origin.addr).await, origin, is_deserted: false }
    }

    /// Follows a feed.
    pub async fn follow(&self, url: &str, settings: FeedSettings) -> i64 {
        let url = Url::parse(url).unwrap();
        let new = NewFeed { title: url.to_string(), url, site_url: None, named_by: NamedBy::Reader, settings };
        feeds::follow(&self.app.library().await, &new, now()).await.unwrap().id()
    }

    /// Looks at what is due, and reads the pages of new items.
    pub async fn look(&self) {
        let stop = CancellationToken::new();
        if !self.is_deserted {
            self.app.library().await.note_opened(now());
        }
        look_at_due_feeds(&self.app.app, &stop).await.unwrap();
        process_imports(&self.app.app, &self.app.library().await, &stop).await.unwrap();
    }

    /// Looks at everything that is due until `end`.
    pub async fn run_until(&self, end: Timestamp) {
        let library = self.app.library().await;
        let mut looks_now = 0;
        while let Some(due) = feeds::next_due(&library, Timestamp::MIN, now()).await.unwrap().filter(|due| *due <= end)
        {
            looks_now = if due > now() { 0 } else { looks_now + 1 };
            assert!(looks_now < 20, "a feed stays due at {}", now());
            set_clock(due.max(now()));
            self.look().await;
        }
        set_clock(end.max(now()));
    }

    /// Looks at everything that is due in the next hours.
    pub async fn run_hours(&self, hours: i64) {
        self.run_until(now() + SignedDuration::from_hours(hours)).await;
    }

    pub async fn feed(&self, id: i64) -> Feed {
        feeds::find(&self.app.library().await, id).await.unwrap().unwrap()
    }

    /// Returns the articles of a feed, deleted ones included, the newest first.
    pub async fn items(&self, feed: i64) -> Vec<Item> {
        let file = self.app.folder().join("libraries/1/library.db");
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        let rows = sqlx::query(
            "SELECT a.id, i.guid, a.title, a.read_at IS NOT NULL, a.starred_at IS NOT NULL, a.deleted_at IS NOT NULL,
                    a.sorted_at, c.text
             FROM feed_item i JOIN article a ON a.id = i.article_id JOIN article_content c ON c.article_id = a.id
             WHERE i.feed_id = ?1 ORDER BY a.sorted_at DESC, a.id DESC",
        );
        let rows = rows.bind(feed).fetch_all(&mut connection).await.unwrap();
        rows.iter()
            .map(|row| Item {
                id: row.get(0),
                guid: row.get(1),
                title: row.get(2),
                is_read: row.get(3),
                is_starred: row.get(4),
                is_deleted: row.get(5),
                sorted_at: row.get(6),
                text: row.get(7),
            })
            .collect()
    }

    /// Returns the titles of the articles of a feed that are not deleted, the newest first.
    pub async fn titles(&self, feed: i64) -> Vec<String> {
        self.items(feed).await.into_iter().filter(|item| !item.is_deleted).map(|item| item.title).collect()
    }

    pub async fn act(&self, article: i64, action: ArticleAction) {
        assert!(apply_action(&self.app.library().await, article, action, now()).await.unwrap());
    }

    /// Deletes what is in the trash for good.
    pub async fn empty_trash(&self) {
        let library = self.app.library().await;
        broadsheet::library::articles::purge_trash(&library, now() + SignedDuration::from_secs(1)).await.unwrap();
    }
}
