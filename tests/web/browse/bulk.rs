//! Changing many articles of a list at once, undoing it, and the order of a list.

use axum::http::StatusCode;
use broadsheet::jobs::run_operations;
use broadsheet::library::articles::{self, ArticleAction};
use broadsheet::library::topics;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::fixtures::article;
use crate::support::{Page, TestApp, advance_clock, now};

async fn app_with(count: i64) -> TestApp {
    let app = TestApp::new().await;
    let all: Vec<_> = (1..=count).map(article).collect();
    articles::add_many(&app.library().await, &all).await.unwrap();
    app
}

/// Sends the form of a list with more fields, and opens the page it leads to.
async fn change(app: &TestApp, list: &str, fields: &[(&str, &str)]) -> Page {
    let page = app.get(list).await;
    let hidden = |name: &str| page.attributes(&format!("#bulk [name={name}]"), "value").remove(0);
    let (list, on_page, seen) = (hidden("list"), hidden("page"), hidden("seen_up_to"));
    let mut form = vec![("list", list.as_str()), ("page", on_page.as_str()), ("seen_up_to", seen.as_str())];
    form.extend_from_slice(fields);
    let answer = app.post("/articles/change", &form).await;
    if answer.status == StatusCode::SEE_OTHER { app.get(answer.location()).await } else { answer }
}

/// Presses the button of the notice, and opens the page it leads to.
async fn press_undo(app: &TestApp, page: &Page) -> Page {
    let button = |name| page.attributes(".notice button", name).remove(0);
    let form = [(button("name"), button("value"))];
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = app.post(&page.attributes(".notice form", "action").remove(0), &form).await;
    app.get(answer.location()).await
}

#[tokio::test]
async fn ticked_articles_are_changed_and_restored_as_one() {
    let app = app_with(4).await;
    topics::add_custom(&app.library().await, "Harbours").await.unwrap().unwrap();
    for (fields, said, list, expected) in [
        (vec![("action", "star")], "Starred 2 articles.", "/articles?starred=1", 2),
        (vec![("action", "archive")], "Archived 2 articles.", "/articles?archived=1", 2),
        (vec![("action", "read")], "Marked 2 articles read.", "/articles?unread=1", 2),
        (vec![("action", "delete")], "Moved 2 articles to the trash.", "/articles", 2),
        (vec![("action", "tag"), ("tags", "Sea, Hills")], "Tagged 2 articles “Sea”, “Hills”.", "/tag/hills", 2),
        (vec![("action", "topic"), ("topic", "harbours")], "Moved 2 articles to Harbours.", "/topic/harbours", 2),
    ] {
        let before = app.get(list).await;
        let ticks = [("scope", "selected"), ("article", "2"), ("article", "4")];
        let page = change(&app, "/articles", &[&ticks[..], &fields].concat()).await;
        assert_eq!(page.text(".notice p"), said);
        assert_eq!(app.get(list).await.texts(".rows h2").len(), expected, "{said}");
        let page = press_undo(&app, &page).await;
        assert_eq!(page.text(".notice p"), "Undone: 2 articles restored.");
        assert!(!page.has(".notice button"), "{said}");
        let after = app.get(list).await;
        assert_eq!(after.texts(".rows h2"), before.texts(".rows h2"), "{said}");
    }
}

#[tokio::test]
async fn these_and_all_are_two_choices() {
    let app = app_with(53).await;
    let page = app.get("/articles").await;
    assert_eq!(page.texts("#bulk .scope span"), ["Selected articles", "These 50", "All 53 that match"]);
    let page = change(&app, "/articles", &[("scope", "page"), ("action", "archive")]).await;
    assert_eq!(page.text(".notice p"), "Archived 50 articles.");
    press_undo(&app, &page).await;
    let page = change(&app, "/articles?tag=ferries", &[("scope", "all"), ("action", "archive")]).await;
    assert_eq!(page.text(".notice p"), "Archived 53 articles.");
    let listed = app.get("/recent-changes").await;
    assert_eq!(listed.texts(".rows h2"), ["Archived 53 articles", "Archived 50 articles"]);
    assert!(listed.texts(".rows .meta")[0].starts_with("all of Ferries"), "{:?}", listed.texts(".meta"));
    assert!(listed.texts(".rows .meta")[0].ends_with("can be undone until 23 December 2026"));
    assert_eq!(listed.texts(".rows li > p:not(.meta)"), ["Undone: 50 articles restored."]);
    assert_eq!(listed.texts(".rows button"), ["Undo"]);
}

#[tokio::test]
async fn marking_all_read_leaves_what_arrived_after_the_page_was_shown() {
    let app = app_with(3).await;
    let page = app.get("/topic/politics").await;
    let form = ["list", "scope", "seen_up_to"].map(|name| {
        let field = format!(".list-tools > form:not(.sort) [name={name}]");
        (name, page.attributes(&field, "value").remove(0))
    });
    app.add_article(&article(9)).await;
    let mut form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("action", "read"));
    let answer = app.post("/articles/change", &form).await;
    assert!(answer.location().starts_with("/articles?topic=politics&operation="), "{}", answer.location());
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Marked 3 articles read.");
    assert_eq!(page.texts(".unread h2"), ["Ferry report 9"]);
    let page = change(&app, "/articles?topic=politics", &[("scope", "page"), ("action", "unread")]).await;
    assert_eq!(page.text(".notice p"), "Marked 3 articles unread.", "one was unread already");
}

#[tokio::test]
async fn more_than_a_thousand_articles_are_changed_after_a_question_and_in_the_background() {
    let app = app_with(1205).await;
    let page = app.get("/articles").await;
    assert_eq!(page.texts("#bulk .scope span")[2], "All 1,205 that match");
    let question = change(&app, "/articles", &[("scope", "all"), ("action", "archive")]).await;
    assert_eq!(question.text("h1"), "Archive 1,205 articles?");
    assert_eq!(app.get("/articles?archived=1").await.texts(".rows h2").len(), 0, "nothing is done yet");
    let fields: Vec<(String, String)> =
        question.attributes("main input", "name").into_iter().zip(question.attributes("main input", "value")).collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = app.post("/articles/change", &fields).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Archived 1,000 articles so far. The rest follows in the background.");
    run_operations(&app.app, &app.library().await, &CancellationToken::new()).await.unwrap();
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Archived 1,205 articles.");
    let page = press_undo(&app, &page).await;
    assert_eq!(page.text(".notice p"), "Undoing: restored 1,000 articles so far.");
    run_operations(&app.app, &app.library().await, &CancellationToken::new()).await.unwrap();
    assert_eq!(app.get("/recent-changes").await.texts(".rows li > p:not(.meta)"), ["Undone: 1,205 articles restored."]);
}

#[tokio::test]
async fn a_form_that_says_too_little_comes_back_as_it_was_sent() {
    let app = app_with(3).await;
    for (fields, problem) in [
        (vec![("action", "archive")], "Select at least one article."),
        (
            vec![("article", "2"), ("action", "tag"), ("tags", "!!")],
            "“!!” can’t be a tag: use at least one letter or number.",
        ),
        (vec![("article", "2"), ("action", "topic"), ("topic", "gossip")], "Choose the topic to move the articles to."),
    ] {
        let page = change(&app, "/articles", &fields).await;
        assert_eq!((page.status, page.text("#bulk .problem")), (StatusCode::UNPROCESSABLE_ENTITY, problem.into()));
        assert!(page.has("details.bulk[open]"));
        let ticked = page.attributes(".tick input[checked]", "value");
        assert_eq!(ticked, if fields.len() > 1 { vec!["2"] } else { vec![] });
        if problem.contains("tag") {
            assert_eq!(page.attributes("#bulk-tags", "value"), ["!!"]);
        }
    }
    assert_eq!(app.get("/recent-changes").await.texts(".rows h2"), [""; 0]);
}

#[tokio::test]
async fn a_list_with_an_unknown_filter_is_not_changed_as_a_larger_one() {
    let app = app_with(3).await;
    let form = [("list", "topic=gossip"), ("scope", "all"), ("seen_up_to", "99"), ("action", "delete")];
    let answer = app.post("/articles/change", &form).await;
    assert_eq!(app.get(answer.location()).await.text(".notice p"), "There was nothing to change.");
    assert_eq!(app.get("/articles").await.texts(".rows h2").len(), 3);
}

#[tokio::test]
async fn rows_have_buttons_of_their_own() {
    let app = app_with(3).await;
    let page = app.get("/articles?tag=ferries").await;
    assert_eq!(page.texts("#article-2 button"), ["Star", "Archive", "Mark read", "Delete"]);
    let list = page.attributes("#rows [name=list]", "value").remove(0);
    let post = async |action: &str| {
        let form = [("list", list.as_str()), ("return_to", "list"), ("action", action), ("article", "1")];
        app.post("/article/2/action", &form).await.location().to_owned()
    };
    assert_eq!(post("star").await, "/articles?tag=ferries#article-2");
    assert_eq!(post("read").await, "/articles?tag=ferries#article-2");
    let place = post("archive").await;
    assert_eq!(place, "/articles?tag=ferries&done=archived&of=2#article-3", "the row that takes its place");
    let page = app.get(place.split('#').next().unwrap()).await;
    assert_eq!(page.text(".notice p"), "Archived “Ferry report 2”.");
    assert_eq!(page.texts(".rows h2"), ["Ferry report 1", "Ferry report 3"]);
    assert_eq!(
        app.get("/articles?archived=1").await.texts("#article-2 button"),
        ["Unstar", "Unarchive", "Mark unread", "Delete"]
    );
}

#[tokio::test]
async fn lists_with_archived_articles_offer_both_ways() {
    let app = app_with(3).await;
    articles::apply_action(&app.library().await, 2, ArticleAction::Archive, now()).await.unwrap();
    for (list, offered) in
        [("/articles", "Archive"), ("/articles?archived=1", "Unarchive"), ("/articles?q=ferry", "Archive Unarchive")]
    {
        let buttons = app.get(list).await.texts("#bulk > .buttons button");
        let buttons: Vec<_> = buttons.into_iter().filter(|button| button.to_lowercase().ends_with("archive")).collect();
        assert_eq!(buttons.join(" "), offered, "{list}");
    }
    let page = change(&app, "/articles?q=ferry", &[("scope", "all"), ("action", "unarchive")]).await;
    assert_eq!(page.text(".notice p"), "Moved 1 article back from the archive.");
}

#[tokio::test]
async fn recent_changes_can_be_undone_for_thirty_days_and_unknown_ones_not() {
    let app = app_with(2).await;
    assert!(app.get("/recent-changes").await.body.contains("No changes yet."));
    change(&app, "/articles", &[("scope", "page"), ("action", "star")]).await;
    advance_clock(SignedDuration::from_hours(24 * 29));
    let page = app.get("/recent-changes").await;
    let answer = app.post(&page.attributes(".rows form", "action").remove(0), &[]).await;
    assert!(answer.location().starts_with("/recent-changes?operation="));
    assert_eq!(app.get(answer.location()).await.text(".notice"), "Undone: 2 articles restored.");
    assert_eq!(app.get("/articles?starred=1").await.texts(".rows h2").len(), 0);
    for unknown in ["/recent-changes/99/undo", "/recent-changes/x/undo"] {
        assert_eq!(app.post(unknown, &[]).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_order_is_remembered_for_each_list() {
    let app = app_with(3).await;
    let mut long = article(4);
    long.content.word_count = 9000;
    app.add_article(&long).await;
    let titles = async |path: &str| -> String {
        let titles = app.get(path).await.texts(".rows h2");
        titles.iter().map(|title| title.replace("Ferry report ", "")).collect::<Vec<_>>().join(" ")
    };
    let choose = async |list: &str, sort: &str| {
        app.post("/articles/sort", &[("list", list), ("sort", sort)]).await.location().to_owned()
    };
    assert_eq!(choose("tag=ferries", "oldest").await, "/articles?tag=ferries");
    assert_eq!((titles("/tag/ferries").await, titles("/articles").await), ("4 3 2 1".into(), "1 2 3 4".into()));
    assert_eq!(app.get("/tag/ferries").await.texts("#sort [selected]"), ["Oldest first"]);
    choose("", "longest").await;
    assert_eq!((titles("/tag/ferries").await, titles("/articles").await), ("4 3 2 1".into(), "4 3 2 1".into()));
    assert_eq!(titles("/articles?sort=shortest").await, "1 2 3 4", "a link may name another");
    choose("tag=ferries", "newest").await;
    assert_eq!(titles("/tag/ferries").await, "1 2 3 4");
    assert_eq!(choose("q=ferry", "oldest").await, "/articles?q=ferry&sort=oldest", "a search is not remembered");
    let shuffled = choose("unread=1", "random").await;
    assert!(shuffled.starts_with("/articles?unread=1&sort=random-"), "{shuffled}");
    assert_eq!(titles(&shuffled).await, titles(&shuffled).await, "the order stays while reading");
    advance_clock(SignedDuration::from_secs(7));
    assert_ne!(choose("unread=1", "random").await, shuffled, "choosing it again shuffles anew");
    assert!(app.get("/articles").await.texts("#sort option").iter().all(|name| name != "Recently archived"));
    for id in [3, 1] {
        articles::apply_action(&app.library().await, id, ArticleAction::Archive, now()).await.unwrap();
        advance_clock(SignedDuration::from_secs(9));
    }
    choose("archived=1", "archived").await;
    assert_eq!(titles("/articles?archived=1").await, "1 3");
}
