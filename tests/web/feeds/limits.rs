//! Limits of feeds and folders: what they move to the trash, what never goes, and what the reader is told before.

use axum::http::StatusCode;
use broadsheet::jobs::{CleanUp, clean_up_library};
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::feeds::Keep;
use broadsheet::library::feeds::folders;
use jiff::SignedDuration;

use crate::feeds::site::{FEED, app_with_site, feed_of, follow_and_read, run_jobs};
use crate::support::{Page, TestApp, advance_clock, now};

const KEEP_TWO: [(&str, &str); 3] = [("text", "feed"), ("keep", "newest"), ("keep_newest", "2")];

async fn titles(app: &TestApp) -> Vec<String> {
    let filter = Filter { feed_id: Some(1), ..Filter::default() };
    let page = lists::list(&app.library().await, &filter, Position::START, 100).await.unwrap();
    page.cards.into_iter().map(|card| card.title).collect()
}

async fn article(app: &TestApp, title: &str) -> i64 {
    let page = lists::list(&app.library().await, &Filter::default(), Position::START, 100).await.unwrap();
    page.cards.into_iter().find(|card| card.title == title).unwrap().id
}

async fn trash(app: &TestApp) -> Vec<String> {
    app.get("/trash").await.texts(".card h2 a")
}

async fn clean_up(app: &TestApp) {
    assert_eq!(clean_up_library(&app.library().await, now()).await.unwrap(), CleanUp::Done);
}

/// Sends the form of a question again, as its button does.
async fn say_yes(app: &TestApp, question: &Page) -> Page {
    let names = question.attributes("main form input[type=hidden]", "name");
    let values = question.attributes("main form input[type=hidden]", "value");
    let fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    let url = question.attributes("main form.buttons", "action").remove(0);
    let done = app.post(&url, &fields).await;
    app.get(done.location()).await
}

#[tokio::test]
async fn a_limit_says_how_many_articles_it_would_remove_before_it_is_saved() {
    let (app, _web) = app_with_site([5, 4, 3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let settings = format!("{path}/settings");
    let form = [("text", "feed"), ("name", "Quay"), ("keep", "newest"), ("keep_newest", "2"), ("new_folder", "Sea")];
    let question = app.post(&settings, &form).await;
    assert_eq!(question.text("h1"), "Move 3 articles to the trash?");
    assert_eq!(titles(&app).await.len(), 5, "nothing goes unasked");
    assert!(folders::list(&app.library().await).await.unwrap().is_empty(), "and nothing is saved");
    let page = say_yes(&app, &question).await;
    assert_eq!(page.text("h1"), "Quay");
    assert!(page.text(".notice").contains("Moved 3 articles over their limit to the trash."));
    assert_eq!(titles(&app).await, ["Boat 5", "Boat 4"]);
    assert!(page.text(".feed-head .meta").contains("keeps the newest 2"));
    assert!(app.get("/feeds").await.text(".feeds .meta").contains("keeps the newest 2"));
    let bin = app.get("/trash").await;
    assert_eq!(bin.texts(".card h2 a").len(), 3);
    assert!(bin.texts(".card .meta").iter().all(|meta| meta.contains("over the limit of its feed")));
    let page = app.get(&settings).await;
    assert_eq!(page.attributes("#keep input[checked]", "value"), ["newest"]);
    assert_eq!(page.attributes("#keep-newest", "value"), ["2"]);
    let saved = app.post(&settings, &KEEP_TWO).await;
    assert_eq!(saved.location(), format!("{path}?saved=settings"), "nothing more would go");
}

#[tokio::test]
async fn what_is_undone_or_restored_stays() {
    let (app, _web) = app_with_site([5, 4, 3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let page = say_yes(&app, &app.post(&format!("{path}/settings"), &KEEP_TWO).await).await;
    let removed = app.get("/trash").await.attributes(".card form.row-actions", "action");
    app.post(&removed[0], &[("action", "restore"), ("return_to", "trash")]).await;
    clean_up(&app).await;
    assert_eq!(titles(&app).await.len(), 3);
    let undo = page.attributes(".notice form", "action").remove(0);
    let undone = app.post(&undo, &[("list", "feed=1")]).await;
    assert!(app.get(undone.location()).await.text(".notice").contains("What you restore stays."));
    clean_up(&app).await;
    assert_eq!(titles(&app).await.len(), 5);
}

#[tokio::test]
async fn what_the_reader_did_something_with_never_goes() {
    let (app, web) = app_with_site([1]).await;
    web.serve(FEED, feed_of("Harbour News", (1..=9).rev()));
    let path = follow_and_read(&app).await;
    let of = async |title: &str| format!("/article/{}", article(&app, title).await);
    for (title, action) in [("Boat 1", "star"), ("Boat 2", "archive"), ("Boat 3", "keep"), ("Boat 4", "read")] {
        app.post(&format!("{}/action", of(title).await), &[("action", action)]).await;
    }
    let filed = [("topic", "sport"), ("tags", "")];
    app.post(&format!("{}/topic-and-tags", of("Boat 5").await), &filed).await;
    let tagged = [("topic", "unsorted"), ("tags", "Boats")];
    app.post(&format!("{}/topic-and-tags", of("Boat 6").await), &tagged).await;
    let starred_in_stream = article(&app, "Boat 6").await.to_string();
    let back = [("scope", "selected"), ("article", &*starred_in_stream), ("action", "stream"), ("list", "feed=1")];
    app.post("/articles/change", &back).await;
    let form = [("text", "feed"), ("keep", "newest"), ("keep_newest", "1")];
    let question = app.post(&format!("{path}/settings"), &form).await;
    assert_eq!(question.text("h1"), "Move 3 articles to the trash?", "of 4, 7, 8 and 9, the newest stays");
    say_yes(&app, &question).await;
    assert_eq!(trash(&app).await.len(), 3);
    assert_eq!(titles(&app).await, ["Boat 9", "Boat 6", "Boat 5", "Boat 3", "Boat 1"], "Boat 2 is in the archive");
}

#[tokio::test]
async fn new_articles_push_old_ones_out_and_those_do_not_come_back() {
    let (app, web) = app_with_site([2, 1]).await;
    let path = follow_and_read(&app).await;
    app.post(&format!("{path}/settings"), &KEEP_TWO).await;
    for last in [4, 6] {
        web.serve(FEED, feed_of("Harbour News", (1..=last).rev()));
        advance_clock(SignedDuration::from_hours(5));
        app.post(&format!("{path}/refresh"), &[]).await;
        run_jobs(&app).await;
        clean_up(&app).await;
    }
    assert_eq!(titles(&app).await, ["Boat 6", "Boat 5"]);
    assert_eq!(trash(&app).await.len(), 4);
    let changes = app.get("/recent-changes").await;
    assert_eq!(changes.texts("main li").len(), 1, "one change a day");
    assert!(changes.text("main li").contains("Moved 4 articles over their limit to the trash"));
    // Neither while they are in the trash nor once they are gone.
    for days in [1, 20, 20] {
        advance_clock(SignedDuration::from_hours(24 * days));
        app.post(&format!("{path}/refresh"), &[]).await;
        run_jobs(&app).await;
        clean_up(&app).await;
        assert_eq!(titles(&app).await, ["Boat 6", "Boat 5"]);
    }
    assert!(trash(&app).await.is_empty());
}

#[tokio::test]
async fn days_count_from_the_arrival_and_a_wrong_clock_removes_nothing() {
    let (app, web) = app_with_site([2, 1]).await;
    let path = follow_and_read(&app).await;
    app.post(&format!("{path}/settings"), &[("text", "feed"), ("keep", "days"), ("keep_days", "10")]).await;
    clean_up(&app).await;
    assert_eq!(titles(&app).await.len(), 2, "three weeks old, and here since today");
    advance_clock(SignedDuration::from_hours(24 * 6));
    web.serve(FEED, feed_of("Harbour News", [3, 2, 1]));
    run_jobs(&app).await;
    clean_up(&app).await;
    advance_clock(SignedDuration::from_hours(24 * 5));
    clean_up(&app).await;
    assert_eq!(titles(&app).await, ["Boat 3"]);
    let later = now() + SignedDuration::from_hours(24 * 365);
    assert_eq!(clean_up_library(&app.library().await, later).await.unwrap(), CleanUp::ClockDoubted);
    assert_eq!(titles(&app).await, ["Boat 3"]);
}

#[tokio::test]
async fn a_folder_has_a_limit_for_each_of_its_feeds() {
    let (app, _web) = app_with_site([5, 4, 3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let library = app.library().await;
    let news = folders::add(&library, None, "News").await.unwrap();
    let sea = folders::add(&library, Some(news), "Sea").await.unwrap();
    folders::move_feed(&library, 1, &[sea]).await.unwrap();
    let page = app.post("/folder/1/settings", &[("keep", "newest"), ("keep_newest", "none")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#keep-problem").contains("Enter how many articles"));
    assert_eq!(app.get("/folder/9/settings").await.status, StatusCode::NOT_FOUND);
    let question = app.post("/folder/1/settings", &[("keep", "newest"), ("keep_newest", "3")]).await;
    assert_eq!(question.text("h1"), "Move 2 articles to the trash?");
    let page = say_yes(&app, &question).await;
    assert_eq!((page.text("h1"), titles(&app).await.len()), ("News".to_owned(), 3));
    assert!(page.text(".feed-head").contains("keeps the newest 3 of each feed"));
    let settings = app.get(&format!("{path}/settings")).await;
    assert!(settings.text("#keep").contains("As its folders say (now: keeps the newest 3)"));
    assert!(app.get("/folder/2/settings").await.text("#keep").contains("As the folder around it (the newest 3)"));
    assert!(app.get("/feeds/folders").await.text("#folder-1").contains("Keeps the newest 3 of each feed."));
    // The feed's own goes before.
    let question = app
        .post(
            &format!("{path}/settings"),
            &[("text", "feed"), ("folder", "2"), ("keep", "newest"), ("keep_newest", "1")],
        )
        .await;
    assert_eq!(question.text("h1"), "Move 2 articles to the trash?");
    app.post(&format!("{path}/settings"), &[("text", "feed"), ("folder", "2"), ("keep", "forever")]).await;
    clean_up(&app).await;
    assert_eq!(titles(&app).await.len(), 3);
}

#[tokio::test]
async fn what_another_feed_keeps_stays_until_that_one_lets_it_go() {
    const HILLS: &str = "http://harbour.example/hills.xml";
    let (app, web) = app_with_site([5, 4, 3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    web.serve(HILLS, feed_of("Hills", [2, 1]));
    app.post("/feeds/follow", &[("url", HILLS), ("title", "Hills")]).await;
    app.post("/feed/2/settings", &[("text", "feed")]).await;
    run_jobs(&app).await;
    let form = [("text", "feed"), ("keep", "newest"), ("keep_newest", "1")];
    let question = app.post(&format!("{path}/settings"), &form).await;
    assert_eq!(question.text("h1"), "Move 2 articles to the trash?");
    say_yes(&app, &question).await;
    clean_up(&app).await;
    assert_eq!(titles(&app).await, ["Boat 5", "Boat 2", "Boat 1"]);
    let question = app.post("/feed/2/settings", &form).await;
    assert_eq!(question.text("h1"), "Move 1 article to the trash?");
    say_yes(&app, &question).await;
    assert_eq!(titles(&app).await, ["Boat 5", "Boat 2"]);
    // A feed that is not followed keeps nothing.
    app.post("/feed/2/unfollow", &[("confirmed", "yes")]).await;
    clean_up(&app).await;
    assert_eq!(titles(&app).await, ["Boat 5"]);
}

#[tokio::test]
async fn moving_a_feed_or_deleting_a_folder_asks_if_articles_would_go() {
    let (app, _web) = app_with_site([5, 4, 3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let settings = format!("{path}/settings");
    let library = app.library().await;
    let (small, wide) =
        (folders::add(&library, None, "Small").await.unwrap(), folders::add(&library, None, "Wide").await.unwrap());
    folders::change_keep(&library, small, Some(Keep::Newest(1))).await.unwrap();
    for form in [[("text", "feed"), ("folder", "1")], [("text", "feed"), ("new_folder", "Small/Boats")]] {
        assert_eq!(app.post(&settings, &form).await.text("h1"), "Move 4 articles to the trash?");
    }
    for form in [[("new_folder", "Else"), ("folder", "1")], [("folder", "2"), ("folder", "1")]] {
        assert!(app.post(&settings, &form).await.status.is_redirection(), "the most generous folder holds");
    }
    clean_up(&app).await;
    assert_eq!(titles(&app).await.len(), 5);
    let delete = format!("/feeds/folders/{wide}/delete");
    let question = app.post(&delete, &[]).await;
    assert_eq!(question.text("h1"), "Move 4 articles to the trash?");
    assert_eq!(folders::list(&library).await.unwrap().len(), 3);
    let page = say_yes(&app, &question).await;
    assert!(page.text(".notice").contains("Moved 4 articles over their limit to the trash."));
    assert_eq!((folders::list(&library).await.unwrap().len(), titles(&app).await.len()), (2, 1));
}

#[tokio::test]
async fn a_list_of_feeds_sets_no_limit_and_brings_no_feed_under_one() {
    let (app, _web) = app_with_site([3, 2, 1]).await;
    let path = follow_and_read(&app).await;
    let library = app.library().await;
    let small = folders::add(&library, None, "Small").await.unwrap();
    folders::change_keep(&library, small, Some(Keep::Newest(1))).await.unwrap();
    let list = format!(
        r#"<opml xmlns:bs="urn:broadsheet:opml"><body><outline text="Small"><outline text="Harbour News" xmlUrl="{FEED}"/></outline>
        <outline text="Else" bs:keep="newest 1"><outline text="Hills" xmlUrl="http://hill.example/feed" bs:keep="1 days"/></outline></body></opml>"#
    );
    let page = app.post("/feeds/list", &[("text", &list)]).await;
    assert!(page.text("main").contains("Its limit for articles was ignored"), "{}", page.text("main"));
    clean_up(&app).await;
    assert_eq!(titles(&app).await.len(), 3);
    assert!(!app.get(&path).await.text(".feed-head").contains("keeps the newest"));
    let written = app.get("/feeds/feeds.opml").await;
    assert!(written.body.contains(r#"<outline text="Small" bs:keep="newest 1">"#));
}
