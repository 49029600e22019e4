//! Following a site by its link, and reading what it brings by keyboard.

use std::sync::Arc;

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::library::articles::versions::item_changes::{self, Change, ChangedArticle};
use broadsheet::library::articles::{self, ArticleAction, versions};
use broadsheet::library::feeds::{self, FeedSettings, NamedBy, NewFeed, TextFrom, folders};
use jiff::SignedDuration;
use tokio::sync::Barrier;

use crate::mock_web::MockResponse;
use crate::support::TestEnv;

const SITE: &str = "http://signal.example/";

fn feed() -> MockResponse {
    let text = "The boats were late, and the harbour board said why at noon on Monday. ".repeat(20);
    let items: String = ["Evening", "Noon", "Morning"]
        .iter()
        .map(|time| {
            format!(
                "<item><title>{time} tide</title><link>{SITE}{time}</link><guid>{time}</guid>\
                 <description>&lt;p&gt;{text} {time}.&lt;/p&gt;</description></item>"
            )
        })
        .collect();
    let feed =
        format!("<rss version='2.0'><channel><title>The Signal</title><link>{SITE}</link>{items}</channel></rss>");
    MockResponse::new("application/rss+xml", feed)
}

impl TestEnv {
    /// Serves a site with a feed.
    fn serve_signal(&self) {
        let link = "<link rel='alternate' type='application/rss+xml' href='/feed' title='The Signal'>";
        self.web.serve(SITE, MockResponse::html(format!("<!doctype html><title>The Signal</title>{link}<p>Tides.")));
        self.web.serve("http://signal.example/feed", feed());
        for time in ["Evening", "Noon", "Morning"] {
            let text = "The boats were late, and the harbour board said why at noon on Monday. ".repeat(20);
            let page = format!(
                "<!doctype html><title>{time} tide</title><article><h1>{time} tide</h1><p>{text} {time}.</article>"
            );
            self.web.serve(&format!("{SITE}{time}"), MockResponse::html(page));
        }
    }

    /// Follows a site that answers and one that does not, and waits until both were looked at.
    pub async fn follow_sites(&self) {
        self.serve_signal();
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        for (url, title) in [("http://signal.example/feed", "The Signal"), ("http://lost.example/feed", "Lost")] {
            let settings = FeedSettings { text_from: Some(TextFrom::Feed), ..FeedSettings::default() };
            let (url, title) = (url.parse().unwrap(), title.to_owned());
            let new = NewFeed { url, title, site_url: None, named_by: NamedBy::Reader, settings };
            feeds::follow(&library, &new, self.app.now()).await.unwrap();
        }
        let folder = folders::add(&library, None, "Tides").await.unwrap();
        folders::move_feed(&library, 1, &[folder]).await.unwrap();
        self.app.wakeups.feeds.notify_one();
        self.visit("/feeds").await;
        for _ in 0..100 {
            if self.has(".feeds .problem").await && self.has(".feeds .count").await {
                return;
            }
            self.visit("/feeds").await;
        }
        panic!("the feeds are not looked at");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_followed_by_its_link_and_read_by_keyboard() {
    let env = TestEnv::new().await;
    env.serve_signal();
    env.visit("/").await;
    env.fill("#url", SITE).await;
    env.click_text("Add article").await;
    env.wait_for_text("#found", "The Signal").await;
    env.click(".found .button.primary").await;
    env.wait_for_path("/feed/1?followed=new").await;
    assert!(env.text(".notice").await.contains("Following “The Signal”. The newest 10 articles are unread"));
    // The articles appear by themselves, and the page stops asking.
    env.wait_until("document.querySelectorAll('#rows .card').length === 3").await;
    env.wait_until("!document.querySelector('[data-live]')").await;

    env.visit("/keyboard-shortcuts").await;
    env.press(['g', 'f']).await;
    env.wait_for_path("/feeds").await;
    env.click_text("The Signal").await;
    env.wait_for_path("/feed/1").await;
    let titles = env.texts("#rows .card h2 a").await;
    assert_eq!(titles.len(), 3);
    env.press(['j', 'o']).await;
    env.wait_for_text("h1", &titles[0]).await;
    env.wait_for_text(".facts", "From the feed The Signal").await;
    env.press(['j']).await;
    env.wait_for_text("h1", &titles[1]).await;
    env.press(['k']).await;
    env.wait_for_text("h1", &titles[0]).await;
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

impl TestEnv {
    /// Changes the first words of an article that was read two hours ago, as its publisher did an hour ago.
    pub async fn change_article(&self, article: i64) {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        let ago = |hours| self.app.now() - SignedDuration::from_hours(hours);
        articles::apply_action(&library, article, ArticleAction::Read, ago(2)).await.unwrap();
        let mut content = versions::load_current(&library, article).await.unwrap().unwrap();
        let rest = content.text.split_once(' ').unwrap().1;
        content.text = format!("Corrected: the {rest}\n\nA new paragraph stands here.");
        let changed = ChangedArticle { article, snapshot_id: None, content, change: Change::Text };
        assert!(item_changes::change(&library, &changed, ago(1)).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_difference_of_a_changed_article_is_shown_and_then_seen() {
    let env = TestEnv::new().await;
    env.follow_sites().await;
    env.change_article(2).await;
    env.visit("/feed/1").await;
    assert_eq!(env.texts(".changed-label").await, ["Changed"]);
    env.visit("/article/2").await;
    env.wait_for_text(".changed-note", "Changed since you read it today.").await;
    env.press(['w']).await;
    env.wait_for_text("h1", "Earlier texts").await;
    assert!(env.texts(".changes ins").await.iter().any(|text| text.contains("A new paragraph stands here.")));
    assert!(env.text(".changes ins").await.contains("Corrected: the"));
    let line = "getComputedStyle(document.querySelector('.changes del')).textDecorationLine";
    assert_eq!(env.evaluate(line).await, "line-through", "not by colour alone");
    env.wait_until("!document.querySelector('[data-seen] button')").await;
    env.visit("/article/2").await;
    assert!(!env.has(".changed-note").await && env.has("[data-versions]").await);
    env.set_screen(360, 740).await;
    env.visit("/article/2/versions").await;
    assert_eq!(env.evaluate("document.documentElement.scrollWidth <= innerWidth").await, true);
    env.click_text("Compare").await;
    env.wait_until("location.search.includes('to=now')").await;
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_brought_from_another_reader_and_their_trouble_is_seen() {
    let env = TestEnv::new().await;
    env.serve_signal();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("feeds.opml");
    let list = "<opml version='2.0'><body><outline text='Coast'>\
                <outline text='The Signal' xmlUrl='http://signal.example/feed'/>\
                <outline text='Lost' xmlUrl='http://lost.example/feed'/><outline text='Nothing' xmlUrl='ftp://x'/></outline></body></opml>";
    std::fs::write(&file, list).unwrap();
    env.visit("/feeds").await;
    env.click_text("bring your feeds from another reader").await;
    env.find("input[type=file]").await.send_keys(file.to_str().unwrap()).await.unwrap();
    env.click_text("Follow all").await;
    env.wait_for_text("main", "2 new feeds").await;
    assert!(env.text("main").await.contains("Nothing"), "what could not be followed is named");
    env.visit("/feeds?sort=trouble").await;
    for _ in 0..100 {
        if env.has(".feeds .problem").await && env.has(".feeds .count").await {
            break;
        }
        env.visit("/feeds?sort=trouble").await;
    }
    assert_eq!(env.texts(".feed-name bdi").await, ["Lost", "The Signal"], "trouble comes first");
    env.visit("/feeds").await;
    assert_eq!(env.texts(".source-group h2 bdi").await, ["Coast"]);
    env.click_text("Lost").await;
    env.wait_for_text(".feed-head .problem", "Since").await;
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

const CAST: &str = "http://cast.example/feed";

#[tokio::test(flavor = "multi_thread")]
async fn chapters_of_a_recording_move_its_player() {
    let env = TestEnv::new().await;
    let notes = "&lt;p&gt;12:30 is when the ferry leaves.&lt;/p&gt;&lt;p&gt;We talk of the harbour.&lt;/p&gt;";
    let item = format!(
        "<item><title>Harbour talk</title><guid>1</guid><description>{notes}</description>\
         <enclosure url='http://cast.example/1.mp3' type='audio/mpeg' length='9'/>\
         <psc:chapters><psc:chapter start='00:00:00' title='Tides'/><psc:chapter start='01:02:03' title='Ropes'/></psc:chapters></item>"
    );
    let feed = format!(
        "<rss version='2.0' xmlns:psc='http://podlove.org/simple-chapters'><channel><title>Cast</title>{item}</channel></rss>"
    );
    env.web.serve(CAST, MockResponse::new("application/rss+xml", feed));
    env.visit("/feeds/follow").await;
    env.fill("#url", CAST).await;
    env.click_text("Find feeds").await;
    env.wait_for_text("#found", "Cast").await;
    env.click(".found .button.primary").await;
    env.wait_until("document.querySelectorAll('#rows .card').length === 1").await;
    env.click("#rows .card h2 a").await;
    env.wait_for_text("h1", "Harbour talk").await;
    assert!(!env.has(".text p .time").await, "one time alone is just text");
    assert_eq!(env.texts(".text .time").await, ["0:00:00", "1:02:03"]);
    env.click_text("1:02:03").await;
    env.wait_until("document.querySelector('.players audio').currentTime === 3723").await;
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_updates_itself_is_used_by_keyboard() {
    let env = TestEnv::new().await;
    env.serve_signal();
    let gate = Arc::new(Barrier::new(2));
    let page = MockResponse::html("<!doctype html><title>Morning tide</title><p>The boats were late.");
    env.web.serve("http://signal.example/Morning", page.after(&gate));
    let library = env.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
    let settings = FeedSettings { text_from: Some(TextFrom::Page), ..FeedSettings::default() };
    let (url, title) = ("http://signal.example/feed".parse().unwrap(), "The Signal".to_owned());
    let new = NewFeed { url, title, site_url: None, named_by: NamedBy::Reader, settings };
    feeds::follow(&library, &new, env.app.now()).await.unwrap();
    env.visit("/feed/1").await;
    assert!(env.has("#articles[data-live] .empty").await);
    env.app.wakeups.feeds.notify_one();
    env.wait_until("document.querySelectorAll('#rows .card').length === 2").await;
    assert!(env.has("#articles[data-live]").await, "one page is still to come");

    env.press(['j', 'x']).await;
    let titles = env.texts("#rows .card h2 a").await;
    assert_eq!(env.focused_text().await, titles[0]);
    let is_as_left = async || {
        assert_eq!(env.text("#rows .card.selected h2 a").await, titles[0]);
        assert_eq!(env.evaluate("document.querySelectorAll('.tick input:checked').length").await, 1);
        assert!(env.visible_text().await.contains("Selected articles (1)"));
    };
    is_as_left().await;
    gate.wait().await;
    gate.wait().await;
    // The rest of the page is finished; what is in use stays.
    env.wait_until("!document.querySelector('.feed-head[data-live]')").await;
    is_as_left().await;
    assert_eq!(env.texts("#rows .card").await.len(), 2);
    env.press(['j', 'k', 'o']).await;
    env.wait_for_text("h1", &titles[0]).await;
    env.press(['j']).await;
    env.wait_for_text("h1", &titles[1]).await;
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_fit_a_phone_and_unfollowing_is_undone() {
    let env = TestEnv::new().await;
    env.set_screen(360, 740).await;
    env.follow_sites().await;
    for page in [
        "/feeds",
        "/feeds?sort=trouble",
        "/feed/1",
        "/feed/2",
        "/feed/1/settings",
        "/feeds/follow",
        "/feeds/folders",
        "/folder/1",
        "/folder/1/settings",
    ] {
        env.visit(page).await;
        let fits = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(env.evaluate(fits).await, true, "{page}");
    }
    env.visit("/feed/1/unfollow").await;
    env.click("main form .button.primary").await;
    env.wait_for_text(".notice", "Unfollowed “The Signal”, and moved 3 articles to the trash.").await;
    env.click(".notice button").await;
    env.wait_for_text(".notice", "Following “The Signal” again. Undone: 3 articles restored.").await;
    env.visit("/feed/1").await;
    assert_eq!(env.texts("#rows .card").await.len(), 3);
    env.close().await;
}

const SCHEDULE: &str = "http://schedule.example/";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_feed_is_followed_by_pointing_at_a_link() {
    let env = TestEnv::new().await;
    let list = |class: &str, words: &str| -> String {
        (1..=4)
            .map(|number| {
                let href = format!("/{class}/{number}");
                let text = "The boats were late, and the board said why at noon on Monday. ".repeat(12);
                let page = format!("<!doctype html><title>{words} {number}</title><article><h1>{words} {number}</h1><p>{text}</article>");
                env.web.serve(&format!("http://schedule.example{href}"), MockResponse::html(page));
                format!("<li class='{class}'><a href='{href}'>{words} {number}</a></li>")
            })
            .collect()
    };
    let page = format!(
        "<!doctype html><title>The Schedule</title><main><ul>{}</ul></main><aside><ul>{}</ul></aside>",
        list("story", "A long story of the harbour and its boats"),
        list("notice", "Notice to mariners")
    );
    env.web.serve(SCHEDULE, MockResponse::html(page));
    env.set_screen(360, 740).await;
    env.visit("/feeds/follow").await;
    env.fill("#url", SCHEDULE).await;
    env.click_text("Find feeds").await;
    env.wait_for_text("#links", "Follow new links on this page").await;
    let fits = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(env.evaluate(fits).await, true);
    env.click_text("Choose another list by pointing").await;
    env.wait_for_text("h1", "Choose the list of links").await;
    assert_eq!(env.evaluate(fits).await, true);
    env.point_at("Notice to mariners 2").await;
    env.wait_for_text(".choice-bar [role=status]", "4 links look like this.").await;
    assert_eq!(env.evaluate("document.querySelectorAll('.sketch .alike').length").await, 4);
    env.click_text("Follow these links").await;
    env.wait_for_path("/feed/1?followed=new").await;
    env.wait_until("document.querySelectorAll('#rows .card').length === 4").await;
    assert!(env.text("#rows").await.contains("Notice to mariners 3"));

    // The settings show the list that is followed, and another one is chosen by keyboard.
    env.set_screen(1280, 900).await;
    env.visit("/feed/1/settings").await;
    env.click_text("Choose the list again").await;
    env.wait_for_text("#chosen", "4 links in this list").await;
    env.run_script("document.querySelector('.sketch input').focus()", serde_json::json!([])).await;
    env.press([' ']).await;
    env.wait_for_text(".choice-bar [role=status]", "4 links look like this.").await;
    env.click_text("Follow this list").await;
    env.wait_for_path("/feed/1?saved=links").await;
    env.wait_until("document.querySelectorAll('#rows .card').length === 8").await;
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}
