//! The switch between kept articles and the stream, and keeping by key.

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::library::articles::{self, Channel, Content, NewArticle};
use broadsheet::library::sources::NewSource;
use broadsheet::urls::UrlKey;
use classify::{Topic, TopicChoice, TopicReason};
use jiff::SignedDuration;
use serde_json::json;
use url::Url;

use crate::support::TestEnv;

impl TestEnv {
    /// Adds articles as if a feed had brought them, the first the newest. Returns the ids.
    pub async fn add_to_stream(&self, titles: &[&str]) -> Vec<i64> {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        let mut ids = Vec::new();
        for (hours, title) in (1..).zip(titles) {
            let url = format!("http://signal.example/{hours}");
            let html = extract::sanitize_html(&format!("<p>{title}: all boats are back in the harbour.</p>"), None);
            let article = NewArticle {
                content: Content {
                    title: (*title).to_owned(),
                    excerpt: "All boats are back in the harbour.".into(),
                    language: Some("en".into()),
                    published_at: Some(self.app.now() - SignedDuration::from_hours(hours)),
                    word_count: 300,
                    text: format!("{title}: all boats are back in the harbour."),
                    html,
                    ..Content::default()
                },
                url_keys: vec![UrlKey::from_url(&Url::parse(&url).unwrap())],
                canonical_url_key: None,
                claimed_url: None,
                url: Some(url),
                source: NewSource { domain: "signal.example".into(), name: "The Signal".into() },
                topic_choice: TopicChoice {
                    topic: Some(Topic::Science),
                    reason: TopicReason::Words { words: vec!["tide".into()] },
                    suggestions: Vec::new(),
                },
                section: None,
                keywords: Vec::new(),
                tags: Vec::new(),
                channel: Channel::Feed,
                snapshot_id: None,
                received_at: self.app.now(),
                sorted_at: None,
                is_read: false,
            };
            ids.push(articles::add(&library, &article).await.unwrap().id());
        }
        ids
    }
}

const SELECTED: &str = ".lanes [aria-pressed=true]";

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_is_remembered_and_a_key_keeps_an_article() {
    let env = TestEnv::new().await;
    env.visit("/articles").await;
    assert!(!env.has(".lanes").await, "without a stream there is nothing to switch");
    env.add_to_stream(&["Morning tide", "Noon tide", "Evening tide"]).await;
    env.set_screen(360, 740).await;
    env.visit("/").await;
    assert_eq!(env.text(SELECTED).await, "Both");
    assert_eq!(env.texts(".recently-added h3").await.len(), 1, "the welcome article is kept");
    env.click(".lanes [value=stream]").await;
    env.wait_until("document.querySelector('.lanes [value=stream][aria-pressed=true]')").await;
    assert!(!env.has(".recently-added").await);
    let shape = "[...document.querySelectorAll('.lanes button')].map(button => button.getBoundingClientRect())
        .every(box => box.height >= 40 && box.left >= 0 && box.right <= 360)";
    for page in ["/", "/articles", "/topic/science"] {
        env.visit(page).await;
        assert_eq!(env.text(SELECTED).await.split(' ').next(), Some("Stream"), "{page}");
        assert_eq!(env.evaluate(shape).await, true, "{page}: fingers find the switch");
        let widths =
            env.evaluate("[document.scrollingElement.clientWidth, document.scrollingElement.scrollWidth]").await;
        assert_eq!(widths, json!([360, 360]), "{page}");
    }

    env.visit("/articles").await;
    assert_eq!(env.texts(".rows h2").await, ["Morning tide", "Noon tide", "Evening tide"]);
    env.press(['j', 'j', 'l']).await;
    env.wait_until("document.querySelector('.selected:not([data-in-stream]) [value=stream]')").await;
    env.press(['l']).await;
    env.wait_until("document.querySelector('.selected[data-in-stream] [value=keep]')").await;
    env.press(['s']).await;
    env.wait_until("document.querySelector('.selected[data-starred]:not([data-in-stream]) [value=stream]')").await;
    env.reload().await;
    assert_eq!(env.texts(".rows h2").await, ["Morning tide", "Evening tide"]);
    env.click(".lanes [value=kept]").await;
    env.wait_until("document.querySelector('.lanes [value=kept][aria-pressed=true]')").await;
    assert_eq!(env.texts(".rows h2").await, ["Welcome to Broadsheet", "Noon tide"]);

    env.visit("/articles?lane=stream").await;
    env.press(['j', 'o']).await;
    env.wait_for_article().await;
    assert_eq!(env.texts("[data-toggle=keep]").await, ["Keep"; 2]);
    env.press(['l']).await;
    env.wait_until("document.querySelectorAll('[data-toggle=keep][value=stream]').length === 2").await;
    env.visit("/articles?lane=stream").await;
    assert_eq!(env.texts(".rows h2").await, ["Evening tide"]);
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}
