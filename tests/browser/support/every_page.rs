//! Visits every page a reader can see: empty, filled, with running and failed imports, with errors, logged out.

use std::path::Path;

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::ingest::intake::exports::read_export;
use broadsheet::ingest::intake::{self, AfterReceiving, UploadedFile};
use broadsheet::library::articles::changes::{BulkAction, TopicEdit};
use broadsheet::library::articles::edits::{self, Edits};
use broadsheet::library::articles::{self, ArticleAction};
use broadsheet::library::export_queue;
use broadsheet::library::imports::{self, Accepted};
use broadsheet::library::tags::{self, suggestions};
use broadsheet::library::{operations, topics};
use classify::wide_sections::WideSection;
use serde_json::json;

use super::{PASTED_TEXT, TestEnv};
use crate::mock_web::MockResponse;

/// Pages of a library with articles in every state, and with finished, failed and queued imports.
const PAGES: &[&str] = &[
    "/",
    "/articles",
    "/articles?topic=politics&source=harbourpost.example&tag=ferries&unread=1",
    "/articles?since=never",
    "/articles?q=story",
    "/topic/politics",
    "/articles?topic=politics&by=source",
    "/topic/politics/edit",
    "/topic/harbours",
    "/topic/harbours/edit",
    "/topic/harbours/filing",
    "/topic/politics/filing",
    "/articles?topic=politics&reason=words",
    "/source/harbourpost.example",
    "/source/harbourpost.example/edit",
    "/tag/ferries",
    "/tag/ferries/edit",
    "/topics",
    "/topics?arrange=1",
    "/sources",
    "/tags",
    "/tags?topic=politics&unread=1",
    "/tags/tidy",
    "/articles?archived=1&sort=random-7",
    "/trash",
    "/trash/empty",
    "/recent-changes",
    "/import",
    "/bookmarklet?url=http://orchard.example/2",
    "/imports",
    "/imports?state=failed",
    "/imports/dismiss",
    "/settings",
    "/keyboard-shortcuts",
    "/nothing-here",
    "/article/999",
];

/// Pages of feeds that are followed.
const PAGES_OF_FEEDS: &[&str] = &[
    "/feeds",
    "/feeds?sort=trouble",
    "/feeds/follow",
    "/feeds/folders",
    "/feeds/list",
    "/feed/1?followed=new",
    "/feed/2",
    "/feed/1/settings",
    "/feed/1/unfollow",
];

impl TestEnv {
    /// Visits each page, opens all its `details` and calls `look` with the name of the page.
    pub async fn visit_every_page(&self, look: impl AsyncFn(&TestEnv, &str)) {
        let look = async |name: &str| {
            let open = "document.querySelectorAll('main details').forEach(part => part.open = true)";
            self.run_script(open, json!([])).await;
            look(self, name).await;
        };
        for page in self.empty_pages().await {
            self.visit(page).await;
            look(&format!("{page} (nothing there)")).await;
        }
        for page in self.pages_with_content().await {
            self.visit(&page).await;
            look(&page).await;
        }
        self.visit_forms_with_errors(&look).await;
        self.visit_page_links(&look).await;
        self.visit_account_pages(&look).await;
    }

    /// Pages without any article.
    async fn empty_pages(&self) -> [&'static str; 17] {
        self.apply_action(1, ArticleAction::Delete).await;
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        articles::purge_trash(&library, self.app.now() + articles::TRASH_RETENTION).await.unwrap();
        [
            "/",
            "/articles",
            "/articles?unread=1",
            "/articles?starred=1",
            "/articles?archived=1",
            "/articles?q=winter&topic=sport",
            "/topics",
            "/sources",
            "/tags",
            "/tags/tidy",
            "/imports",
            "/trash",
            "/recent-changes",
            "/editions",
            "/edition/2026-11-20",
            "/feeds",
            "/feeds/folders",
        ]
    }

    /// Pages with articles in every state and with finished, failed and queued imports.
    async fn pages_with_content(&self) -> Vec<String> {
        let [structures, arabic] = self.import_unusual_samples().await;
        let numbers = self.import_samples().await;
        let [read, starred, archived, deleted, .., cluttered] = numbers[..] else { panic!("seven articles") };
        for (number, mark) in [
            (read, ArticleAction::Read),
            (starred, ArticleAction::Star),
            (archived, ArticleAction::Archive),
            (deleted, ArticleAction::Delete),
        ] {
            self.apply_action(number, mark).await;
        }
        self.change_article(read).await;
        self.follow_sites().await;
        let in_stream = self.add_to_stream(&["Morning tide", "Noon tide"]).await[0];
        let [failed, waiting] = self.failed_and_queued_import().await;
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        topics::add_custom(&library, "Harbours").await.unwrap().unwrap();
        let religion = topics::find(&library, "religion").await.unwrap().unwrap();
        operations::change_topic(&library, &religion, TopicEdit::Hide, self.app.now()).await.unwrap().unwrap();
        operations::begin_section(&library, WideSection::World, self.app.now()).await.unwrap().unwrap();
        let edits = Edits { title: Some("The story, retold".into()), byline: Some(None), ..Edits::default() };
        assert!(edits::save(&library, starred, &edits).await.unwrap());
        let operation = self.tag_many(&numbers).await;
        tags::add_to_article(&library, cluttered, &["Regattas".into(), "Night Trams".into()]).await.unwrap();
        suggestions::never_suggest(&library, cluttered, "Monday").await.unwrap();
        let [preview, report] = self.exported_files().await;
        let made = [
            format!("/import/file/{preview}"),
            format!("/import/file/{report}"),
            format!("/article/{cluttered}"),
            format!("/article/{cluttered}?suggestion=added&name=Regattas"),
            format!("/article/{cluttered}/blocks"),
            format!("/source/tideline.example/rules/preview?article={cluttered}&selector=.promo-box&action=keep"),
            format!("/source/tideline.example/rules/preview?article={cluttered}&selector=article&action=legal"),
            "/source/tideline.example/rules/preview?selector=p:has(img)&action=keep".to_owned(),
            format!("/article/{structures}"),
            format!("/article/{read}"),
            format!("/article/{read}/versions"),
            format!("/article/{arabic}"),
            format!("/article/{starred}"),
            format!("/article/{archived}?done=archived"),
            format!("/article/{starred}?list=starred%3D1&done=archived&of={archived}"),
            format!("/article/{deleted}"),
            format!("/trash/{deleted}/delete"),
            format!("/articles?operation={operation}"),
            "/articles?lane=stream".to_owned(),
            "/articles?lane=stream&q=zebra".to_owned(),
            "/articles?archived=1&lane=stream".to_owned(),
            format!("/article/{in_stream}"),
            format!("/import/{failed}"),
            format!("/import/{waiting}"),
            format!("/import?replaces={failed}"),
        ];
        PAGES.iter().chain(PAGES_OF_FEEDS).map(|page| (*page).to_owned()).chain(made).collect()
    }

    /// Adds a tag to many articles at once. Returns the operation.
    async fn tag_many(&self, articles: &[i64]) -> i64 {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        let tag = BulkAction::Tag(vec!["Regatta".into()]);
        let id = operations::start(&library, &tag, Some("Politics"), articles, self.app.now()).await.unwrap();
        operations::run_batch(&library, id, self.app.now()).await.unwrap();
        id
    }

    pub async fn apply_action(&self, article: i64, mark: ArticleAction) {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        assert!(articles::apply_action(&library, article, mark, self.app.now()).await.unwrap());
    }

    /// Returns a file of another service that is not imported yet, and one that is.
    async fn exported_files(&self) -> [i64; 2] {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        let table = "title,url,time_added,tags,status\nA story,http://orchard.example/2,1600000000,Soup,archive\nBad,nowhere,,,\n";
        let mut ids = [0; 2];
        for (id, after) in ids.iter_mut().zip([AfterReceiving::Preview, AfterReceiving::Import]) {
            let file = UploadedFile { name: "part_000000.csv".into(), bytes: table.into() };
            let export = read_export(&file).unwrap().unwrap();
            *id = intake::receive_export(&library, export, after, self.app.now()).await.unwrap();
        }
        while export_queue::queue_next(&library, self.app.now()).await.unwrap() {}
        ids
    }

    /// Returns a failed import, and one that stays queued since the jobs are stopped.
    async fn failed_and_queued_import(&self) -> [i64; 2] {
        self.web.serve("http://closed.example/1", MockResponse::status(403));
        let failed = self.queue_import("http://closed.example/1").await;
        self.wait_for_import(failed).await.unwrap_err();
        self.stop_jobs().await;
        [failed, self.queue_import("http://closed.example/2").await]
    }

    /// Clicks the link of a page that is shown to choose a list of links.
    pub async fn point_at(&self, text: &str) {
        let label = format!("//label[normalize-space()='{text}']");
        self.click_element(self.find_by_xpath(&label).await).await;
    }

    /// A page without a feed, and choosing a list of its links.
    async fn visit_page_links(&self, look: &impl AsyncFn(&str)) {
        let stories: String = (1..=4)
            .map(|n| format!("<h2><a href='/s/{n}'>A story of the orchard {n}</a></h2><p>Teaser {n}."))
            .collect();
        let page = format!("<!doctype html><title>Plum</title><main><h1>Plum</h1>{stories}</main>");
        self.web.serve("http://plum.example/", MockResponse::html(page));
        self.visit("/feeds/follow").await;
        self.fill("#url", "http://plum.example/").await;
        self.click_text("Find feeds").await;
        self.find("#links").await;
        look("/feeds/find of a page without a feed").await;
        self.click_text("Choose another list by pointing").await;
        self.find(".sketch").await;
        self.point_at("A story of the orchard 2").await;
        look("/feeds/links").await;
    }

    /// Forms with problems.
    async fn visit_forms_with_errors(&self, look: &impl AsyncFn(&str)) {
        self.visit("/import").await;
        self.fill("#url", "two words").await;
        self.click("main form .button.primary").await;
        self.find("#url-problem").await;
        look("/import with a bad address").await;
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list.txt");
        std::fs::write(&list, "http://closed.example/3\nhttp://127.0.0.1:22/\n").unwrap();
        self.visit("/import").await;
        self.choose_file(&list).await;
        self.click("main form .button.primary").await;
        self.find(".imports .status.failed").await;
        look("/import with a list that holds a bad address").await;
        self.visit("/articles").await;
        self.click_text("Select articles").await;
        self.click("#bulk button[value=archive]").await;
        self.find("#bulk-problem").await;
        look("/articles without a ticked one").await;
        self.visit("/articles").await;
        self.click(".rows h2 a").await;
        let article = self.wait_for_article().await;
        self.run_script("document.querySelector('#edit-details').open = true", json!([])).await;
        for field in ["title", "source", "language"] {
            self.fill(&format!("#detail-{field}"), "").await;
        }
        self.fill("#detail-language", "Seal").await;
        self.click_text("Save details").await;
        self.find("#detail-source-problem").await;
        look(&format!("/article/{article} with bad details")).await;
        self.visit("/import").await;
        self.fill("#pasted-text", PASTED_TEXT).await;
        self.fill("#original-url", "http://orchard.example/1").await;
        self.click("main form .button.primary").await;
        self.find("main form input[name=article]").await;
        look("/import with another text of an article that is here").await;
    }

    async fn choose_file(&self, file: &Path) {
        self.find("#file").await.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Setup, a wrong current password, and login.
    async fn visit_account_pages(&self, look: &impl AsyncFn(&str)) {
        self.visit("/setup").await;
        look("/setup").await;
        self.fill("#name", "Ann").await;
        self.fill("#password", "correct horse").await;
        self.fill("#repeat", "correct horse").await;
        self.click_text("Create account").await;
        self.wait_for_path("/").await;
        self.visit("/settings").await;
        look("/settings with an account").await;
        self.fill("#current", "wrong").await;
        self.fill("#new", "battery staple").await;
        self.fill("#repeat", "battery staple").await;
        self.click_text("Change password").await;
        self.find("#problem").await;
        look("/settings/password with a wrong one").await;
        self.click_text("Log out").await;
        self.wait_for_path("/login").await;
        look("/login").await;
        self.fill("#name", "Ann").await;
        self.fill("#password", "wrong").await;
        self.click_text("Log in").await;
        self.find("#problem").await;
        look("/login with a wrong password").await;
    }

    /// Queues a URL and returns the id of its import.
    pub async fn queue_import(&self, url: &str) -> i64 {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        let ready = [intake::read_url(url).unwrap()];
        let accepted = intake::enqueue(&library, &ready, self.app.now()).await.unwrap();
        let (Accepted::New(id) | Accepted::AlreadyQueued(id)) = accepted[0] else { panic!("{url} is already saved") };
        self.app.wakeups.imports.notify_one();
        id
    }

    /// Waits for an import and returns the id of its article, or why it failed.
    pub(super) async fn wait_for_import(&self, import: i64) -> Result<i64, String> {
        let library = self.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
        loop {
            let changed = library.import_changed().notified();
            match imports::find(&library, import).await.unwrap().unwrap().state {
                imports::ImportState::Done { article_id: article, .. } => {
                    return Ok(article.expect("nothing has been deleted"));
                }
                imports::ImportState::Failed { message: problem, .. } => return Err(problem),
                // PasswordCheck again after a while, for changes before the notification was awaited.
                imports::ImportState::Waiting | imports::ImportState::Running => {
                    _ = tokio::time::timeout(std::time::Duration::from_millis(50), changed).await;
                }
            }
        }
    }
}
