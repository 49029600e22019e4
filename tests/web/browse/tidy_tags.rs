//! Tidying up tags: merging those that mean the same, deleting rare ones.

use axum::http::StatusCode;
use broadsheet::library::{consistency, tags};

use crate::fixtures::article;
use crate::support::{Page, TestApp};

/// A library with one article for each list of tags.
async fn app_with_tags(tags: &[&[&str]]) -> TestApp {
    let app = TestApp::new().await;
    for (tags, number) in tags.iter().zip(1..) {
        let mut new = article(number);
        new.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        app.add_article(&new).await;
    }
    app
}

async fn names(app: &TestApp, id: i64) -> Vec<String> {
    let tags = tags::list_for_article(&app.library().await, id).await.unwrap();
    tags.into_iter().map(|tag| tag.name).collect()
}

async fn follow(app: &TestApp, path: &str, form: &[(&str, &str)]) -> Page {
    let answer = app.post(path, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    app.get(answer.location()).await
}

async fn press_undo(app: &TestApp, page: &Page) -> Page {
    let button = |name| page.attributes(".notice button", name).remove(0);
    let (name, value) = (button("name"), button("value"));
    follow(app, &page.attributes(".notice form", "action").remove(0), &[(&name, &value)]).await
}

#[tokio::test]
async fn near_equal_tags_are_merged_in_one_step_and_undone() {
    let app = app_with_tags(&[&["Ferry", "Sea"], &["Ferries", "Sea"], &["ferrys", "Ferries"], &["Sea"]]).await;
    assert!(app.get("/tags").await.attributes(".lede a", "href").contains(&"/tags/tidy".to_owned()));
    let page = app.get("/tags/tidy").await;
    assert_eq!(page.texts(".tidy-groups legend"), ["Ferries, Ferry, ferrys"]);
    assert_eq!(page.attributes(".tidy-groups [name=keep][checked]", "value"), ["ferries"], "the largest stays");

    let form = [("tag", "ferries"), ("tag", "ferry"), ("tag", "ferrys"), ("keep", "ferry"), ("action", "merge")];
    let page = follow(&app, "/tags/tidy/merge", &form).await;
    assert_eq!(page.text(".notice p"), "Merged the tags “Ferries”, “ferrys” into “Ferry” on 2 articles.");
    assert!(!page.has(".tidy-groups"));
    assert_eq!(
        (names(&app, 2).await, names(&app, 3).await),
        (vec!["Ferry".into(), "Sea".into()], vec!["Ferry".into()])
    );
    let edit = app.get("/tag/ferry/edit").await;
    assert_eq!(edit.attributes("#aliases", "value"), ["Ferries, ferrys"]);
    let mut new = article(9);
    new.tags = vec!["Ferries".into(), "Ferry".into()];
    let added = app.add_article(&new).await;
    assert_eq!(names(&app, added).await, ["Ferry"]);

    let page = press_undo(&app, &page).await;
    assert_eq!(
        (page.text("h1"), page.text(".notice p")),
        ("Tidy up tags".into(), "Undone: 2 articles restored.".into())
    );
    assert_eq!(names(&app, 3).await, ["Ferries", "ferrys"]);
    assert_eq!(app.get("/tag/ferry/edit").await.attributes("#aliases", "value"), [""]);
    assert_eq!(consistency::count_wrong_counts(&app.library().await).await.unwrap(), 0);
}

#[tokio::test]
async fn a_merge_needs_two_tags_and_a_name() {
    let app = app_with_tags(&[&["Ferry"], &["Ferries"]]).await;
    for form in [
        &[("tag", "ferry"), ("keep", "ferry"), ("action", "merge")][..],
        &[("tag", "ferry"), ("tag", "ferries"), ("action", "merge")],
        &[("tag", "ferry"), ("keep", "nothing"), ("action", "merge")],
        &[("tag", "ferry"), ("keep", "ferry"), ("action", "apart")],
    ] {
        let answer = app.post("/tags/tidy/merge", form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert_eq!(names(&app, 1).await, ["Ferry"]);
    }
    let answer = app.post("/tags/tidy/merge", &[("keep", "ferry")]).await;
    assert_eq!(answer.text(".tidy-groups .problem"), "Tick at least two tags, and choose the name that stays.");
}

#[tokio::test]
async fn tags_that_are_kept_apart_are_not_shown_again() {
    let app = app_with_tags(&[&["Organ"], &["Organs"]]).await;
    let form = [("tag", "organ"), ("tag", "organs"), ("keep", "organ"), ("action", "apart")];
    let page = follow(&app, "/tags/tidy/merge", &form).await;
    assert!(!page.has(".tidy-groups") && page.text(".notice p").starts_with("These tags stay apart"));
    let page = press_undo(&app, &page).await;
    assert_eq!(page.texts(".tidy-groups legend"), ["Organ, Organs"]);
    assert!(!app.get("/tags/tidy?apart=organ,organs").await.has(".notice"), "it is no longer so");
}

#[tokio::test]
async fn few_tags_are_kept_apart_at_once() {
    let letters = "abcdefghijklmnopqrstuvwxyz";
    let names: Vec<String> = (1..=21).map(|at| format!("{} {}", &letters[..at], &letters[at..])).collect();
    let app = app_with_tags(&[&names.iter().map(String::as_str).collect::<Vec<_>>()]).await;
    let slugs: Vec<String> = names.iter().map(|name| name.replace(' ', "-")).collect();
    let form = |count: usize| -> Vec<(&str, &str)> {
        slugs.iter().take(count).map(|slug| ("tag", slug.as_str())).chain([("action", "apart")]).collect()
    };
    let refused = app.post("/tags/tidy/merge", &form(21)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = "You can keep up to 20 tags apart at once. Tick fewer.";
    assert_eq!(refused.text(".tidy-groups .problem"), problem, "in the group");
    assert!(!app.get(&format!("/tags/tidy?apart={},{}", slugs[0], slugs[1])).await.has(".notice"), "nothing is done");
    let page = follow(&app, "/tags/tidy/merge", &form(20)).await;
    assert!(page.text(".notice p").starts_with("These tags stay apart"));
    assert_eq!(page.texts(".tidy-groups legend").len(), 1, "the last still looks like one of them");
}

#[tokio::test]
async fn a_merge_needs_room_for_other_names() {
    let app = app_with_tags(&[&["Ferry"], &["Ferries"]]).await;
    let many: Vec<String> = (1..=50).map(|number| format!("Boat {number}")).collect();
    app.post("/tag/ferry/names", &[("aliases", &many.join(", "))]).await;
    let form = [("tag", "ferry"), ("tag", "ferries"), ("keep", "ferry"), ("action", "merge")];
    let refused = app.post("/tags/tidy/merge", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = "“Ferry” would have 51 other names, but a tag can have up to 50. Remove some first.";
    assert_eq!(refused.text(".tidy-groups .problem"), problem);
    assert_eq!(names(&app, 2).await, ["Ferries"]);
}

#[tokio::test]
async fn rare_tags_are_deleted_in_bulk_and_undone() {
    let app = app_with_tags(&[&["Sea", "Soup"], &["Sea", "Lamp"], &["Sea", "Lamp", "Київ"]]).await;
    let page = app.get("/tags/tidy").await;
    assert_eq!(page.texts(".tidy-rare label bdi"), ["Soup", "Київ", "Lamp"], "the rarest first; three are not rare");
    let bad = app.post("/tags/tidy/delete", &[("action", "selected")]).await;
    assert_eq!((bad.status, bad.text(".problem")), (StatusCode::UNPROCESSABLE_ENTITY, "Tick at least one tag.".into()));

    let page = follow(&app, "/tags/tidy/delete", &[("tag", "soup"), ("tag", "київ"), ("action", "selected")]).await;
    assert_eq!(page.text(".notice p"), "Deleted the tags “Soup”, “Київ” from 2 articles.");
    assert_eq!(names(&app, 3).await, ["Lamp", "Sea"]);
    let undone = press_undo(&app, &page).await;
    assert_eq!(undone.text(".notice p"), "Undone: 2 articles restored.");
    assert_eq!(names(&app, 3).await, ["Lamp", "Sea", "Київ"]);

    let shown = undone.attributes("[action='/tags/tidy/delete'] [name=page]", "value").remove(0);
    let page = follow(&app, "/tags/tidy/delete", &[("page", &shown), ("action", "page")]).await;
    assert_eq!(page.text(".notice p"), "Deleted the tags “Soup”, “Київ”, “Lamp” from 3 articles.");
    assert_eq!(app.get("/tags").await.texts(".index tbody th"), ["Sea"]);
    assert_eq!(consistency::count_wrong_counts(&app.library().await).await.unwrap(), 0);
}

#[tokio::test]
async fn an_empty_library_has_nothing_to_tidy() {
    let app = TestApp::new().await;
    let page = app.get("/tags/tidy").await;
    assert!(page.text("main").contains("No two tags look alike."));
    assert!(page.text("main").contains("No tag has only one or two articles."));
    assert!(app.get("/tags/tidy?groups=0&after=x-y&operation=9").await.status.is_success());
}
