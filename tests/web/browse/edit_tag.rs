//! Renaming, merging and deleting tags.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction};
use broadsheet::library::{consistency, tags};

use crate::fixtures::article;
use crate::support::{Page, TestApp, now};

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

async fn press_undo(app: &TestApp, page: &Page) -> Page {
    let button = |name| page.attributes(".notice button", name).remove(0);
    let (name, value) = (button("name"), button("value"));
    let answer = app.post(&page.attributes(".notice form", "action").remove(0), &[(&name, &value)]).await;
    app.get(answer.location()).await
}

#[tokio::test]
async fn a_tag_is_renamed_on_all_its_articles_and_undone() {
    let app = app_with_tags(&[&["BREAKING STORIES"], &["BREAKING STORIES", "Sea"]]).await;
    let edit = app.get("/tags").await.attributes(".index .edit a", "href").remove(0);
    assert_eq!(edit, "/tag/breaking-stories/edit");
    assert_eq!(app.get("/tag/breaking-stories").await.attributes(".page-head a", "href").first(), Some(&edit));
    for (typed, url) in [("Breaking stories", "/tag/breaking-stories?"), ("Événements", "/tag/%C3%A9v%C3%A9nements?")]
    {
        let answer = app.post(&edit, &[("name", typed)]).await;
        assert!(answer.location().starts_with(url), "{}", answer.location());
        assert!(names(&app, 1).await == [typed] && names(&app, 2).await.contains(&typed.to_owned()));
        let page = app.get(answer.location()).await;
        assert_eq!(page.text(".notice p"), format!("Renamed the tag “BREAKING STORIES” to “{typed}”."));
        let page = press_undo(&app, &page).await;
        assert_eq!(page.text(".notice p"), "Undone: the tag has its old name again.");
        assert_eq!(names(&app, 1).await, ["BREAKING STORIES"]);
    }
    let bad = app.post(&edit, &[("name", "!!")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text("#name-problem").starts_with("“!!” can’t be a tag") && bad.attributes("#name", "value") == ["!!"]);
    assert_eq!(app.get("/tag/nothing/edit").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_rename_that_was_overtaken_stays() {
    let app = app_with_tags(&[&["Ships"]]).await;
    let first = app.post("/tag/ships/edit", &[("name", "Boats")]).await;
    app.post("/tag/boats/edit", &[("name", "Vessels")]).await;
    let undone = app.post("/recent-changes/1/undo", &[]).await;
    assert_eq!(names(&app, 1).await, ["Vessels"]);
    let said = app.get(undone.location()).await.text("[role=status]");
    assert_eq!(said, "The tag has changed since, so it stays as it is.", "{}", first.location());
}

#[tokio::test]
async fn a_tag_is_merged_after_a_question_and_undone() {
    let app = app_with_tags(&[&["Ships"], &["Ships", "Boats"], &["Boats"]]).await;
    let library = app.library().await;
    articles::apply_action(&library, 1, ArticleAction::Delete, now()).await.unwrap();
    let question = app.post("/tag/ships/edit", &[("name", "BOATS")]).await;
    assert_eq!(question.text("h1"), "Merge “Ships” into “Boats”?");
    assert_eq!(names(&app, 1).await, ["Ships"], "nothing is done before the answer");
    let answer = app.post("/tag/ships/edit", &[("name", "BOATS"), ("confirmed", "yes")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Merged the tag “Ships” into “Boats” on 2 articles.");
    for id in 1..=3 {
        assert_eq!(names(&app, id).await, ["Boats"], "those in the trash too");
    }
    assert_eq!(app.get("/tags").await.texts(".index tbody th"), ["Boats"]);
    let page = press_undo(&app, &page).await;
    assert_eq!(page.text(".notice p"), "Undone: 2 articles restored.");
    assert_eq!(
        (names(&app, 1).await, names(&app, 2).await),
        (vec!["Ships".to_owned()], vec!["Boats".to_owned(), "Ships".to_owned()])
    );
    assert_eq!(names(&app, 3).await, ["Boats"]);
    assert_eq!(consistency::count_wrong_counts(&library).await.unwrap(), 0);
}

#[tokio::test]
async fn a_tag_is_deleted_from_all_its_articles_and_undone() {
    let app = app_with_tags(&[&["Ships", "Sea"], &["Ships"]]).await;
    let page = app.get("/tag/ships/edit").await;
    assert!(page.text(".lede").starts_with("A tag on 2 articles"));
    let answer = app.post("/tag/ships/delete", &[]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text("h1"), "Tags");
    assert_eq!(page.text(".notice p"), "Deleted the tag “Ships” from 2 articles.");
    assert_eq!((names(&app, 1).await, names(&app, 2).await.len()), (vec!["Sea".to_owned()], 0));
    press_undo(&app, &page).await;
    assert_eq!((names(&app, 1).await.len(), names(&app, 2).await), (2, vec!["Ships".to_owned()]));
    // A name that is free again, as no article has it, can be taken.
    app.post("/tag/sea/delete", &[]).await;
    app.post("/tag/ships/edit", &[("name", "Sea")]).await;
    assert_eq!(names(&app, 1).await, ["Sea"]);
}

#[tokio::test]
async fn a_tag_has_other_names_and_what_is_tagged_with_one_gets_it() {
    let app = app_with_tags(&[&["United States"], &["Sea"]]).await;
    let answer = app.post("/tag/united-states/names", &[("aliases", "US, USA, us")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Added other names of the tag “United States”: “US”, “USA”.");
    let form = [("topic", "politics"), ("tags_before", "Sea"), ("tags", "Sea, US")];
    app.post("/article/2/topic-and-tags", &form).await;
    assert_eq!(names(&app, 2).await, ["Sea", "United States"]);
    let mut new = article(3);
    new.tags = vec!["usa".into(), "U.S.".into()];
    let imported = app.add_article(&new).await;
    assert_eq!(names(&app, imported).await, ["U.S.", "United States"]);

    assert_eq!(app.get("/tag/us").await.location(), "/tag/united-states");
    assert_eq!(app.get("/articles?tag=usa").await.texts(".rows h2").len(), 3);
    assert_eq!(app.get("/tag/us/edit").await.attributes("#aliases", "value"), ["US, USA"]);

    let answer = app.post("/tag/united-states/names", &[("aliases", "USA, America")]).await;
    let page = app.get(answer.location()).await;
    let said = "Changed other names of the tag “United States”: added “America”, removed “US”.";
    assert_eq!(page.text(".notice p"), said);
    let page = press_undo(&app, &page).await;
    assert_eq!(page.text(".notice p"), "Undone: the tag has the other names it had before.");
    assert_eq!(app.get("/tag/united-states/edit").await.attributes("#aliases", "value"), ["US, USA"]);
}

#[tokio::test]
async fn a_name_belongs_to_one_tag() {
    let app = app_with_tags(&[&["United States", "America"], &["US"]]).await;
    app.post("/tag/america/names", &[("aliases", "Americas")]).await;
    for (typed, problem) in [
        ("US", "“US” is a tag of its own, on 1 article. Merge it into “United States”"),
        ("Americas", "“Americas” is another name of “America” already."),
        ("!!", "“!!” can’t be a name: use at least one letter or number."),
    ] {
        let answer = app.post("/tag/united-states/names", &[("aliases", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(answer.text("#aliases-problem").starts_with(problem), "{}", answer.text("#aliases-problem"));
        assert_eq!(answer.attributes("#aliases", "value"), [typed]);
    }
    // Typed as the name of another tag, it means that one.
    let question = app.post("/tag/us/edit", &[("name", "Americas")]).await;
    assert_eq!(question.text("h1"), "Merge “US” into “America”?");
}

#[tokio::test]
async fn a_merged_tag_becomes_another_name_until_that_is_undone() {
    let app = app_with_tags(&[&["Ships"], &["Boats"]]).await;
    app.post("/tag/ships/names", &[("aliases", "Vessels")]).await;
    let answer = app.post("/tag/ships/edit", &[("name", "Boats"), ("confirmed", "yes")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(app.get("/tag/boats/edit").await.attributes("#aliases", "value"), ["Ships, Vessels"]);
    assert_eq!(app.get("/tag/ships").await.location(), "/tag/boats");
    press_undo(&app, &page).await;
    assert_eq!(names(&app, 1).await, ["Ships"]);
    assert_eq!(app.get("/tag/ships/edit").await.attributes("#aliases", "value"), ["Vessels"]);
    assert_eq!(app.get("/tag/boats/edit").await.attributes("#aliases", "value"), [""]);
    // Its own name is taken for another one.
    app.post("/tag/ships/edit", &[("name", "Vessels")]).await;
    assert_eq!(app.get("/tag/vessels/edit").await.attributes("#aliases", "value"), [""]);
    app.post("/recent-changes/3/undo", &[]).await;
    assert_eq!(app.get("/tag/ships/edit").await.attributes("#aliases", "value"), ["Vessels"]);
    // A tag that is deleted loses its other names, and gets them back.
    app.post("/tag/ships/delete", &[]).await;
    assert_eq!(app.get("/tag/vessels").await.status, StatusCode::NOT_FOUND);
    app.post("/recent-changes/4/undo", &[]).await;
    assert_eq!(app.get("/tag/vessels").await.location(), "/tag/ships");
}

#[tokio::test]
async fn a_name_without_articles_brings_its_other_names_until_that_is_undone() {
    let app = app_with_tags(&[&["Ships"], &["Boats"]]).await;
    let aliases =
        async |slug: &str| app.get(&format!("/tag/{slug}/edit")).await.attributes("#aliases", "value").remove(0);
    app.post("/tag/ships/names", &[("aliases", "Steamers")]).await;
    app.post("/tag/boats/names", &[("aliases", "Vessels, Barges")]).await;
    app.post("/article/2/topic-and-tags", &[("topic", "politics"), ("tags_before", "Boats"), ("tags", "")]).await;
    assert_eq!(names(&app, 2).await, [""; 0]);

    let answer = app.post("/tag/ships/edit", &[("name", "Boats")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Renamed the tag “Ships” to “Boats”.");
    assert_eq!(aliases("boats").await, "Barges, Steamers, Vessels");
    assert_eq!(app.get("/tag/vessels").await.location(), "/tag/boats");
    app.post("/tag/boats/names", &[("aliases", "Vessels, Steamers")]).await;

    press_undo(&app, &page).await;
    assert_eq!((names(&app, 1).await, aliases("ships").await), (vec!["Ships".to_owned()], "Steamers".into()));
    assert_eq!(aliases("boats").await, "Vessels", "what the reader has removed since stays away");
    let mut new = article(3);
    new.tags = vec!["vessels".into()];
    let added = app.add_article(&new).await;
    assert_eq!(names(&app, added).await, ["Boats"]);
}

#[tokio::test]
async fn an_undone_name_takes_the_other_names_it_was_given_meanwhile() {
    let app = app_with_tags(&[&["Ships"], &["Sea"]]).await;
    let first = app.post("/tag/ships/edit", &[("name", "Boats")]).await;
    let page = app.get(first.location()).await;
    for (before, after) in [("Sea", "Ships"), ("Ships", "Sea")] {
        let form = [("topic", "politics"), ("tags_before", before), ("tags", after)];
        app.post("/article/2/topic-and-tags", &form).await;
    }
    app.post("/tag/ships/names", &[("aliases", "Vessels")]).await;
    press_undo(&app, &page).await;
    assert_eq!(names(&app, 1).await, ["Ships"]);
    assert_eq!(app.get("/tag/ships/edit").await.attributes("#aliases", "value"), ["Vessels"]);
}

#[tokio::test]
async fn an_undo_gives_a_tag_no_name_that_is_another_name_of_a_third() {
    let app = app_with_tags(&[&["Ships"], &["Sea"]]).await;
    let first = app.post("/tag/ships/edit", &[("name", "Boats")]).await;
    let page = app.get(first.location()).await;
    let named = app.post("/tag/sea/names", &[("aliases", "Ships")]).await;
    assert_eq!(named.status, StatusCode::SEE_OTHER);
    let said = press_undo(&app, &page).await.text("[role=status]");
    assert_eq!(said, "The tag has changed since, so it stays as it is.");
    assert_eq!(names(&app, 1).await, ["Boats"]);
    assert_eq!(app.get("/tag/ships").await.location(), "/tag/sea", "the name leads where it did");
}

#[tokio::test]
async fn an_undo_gives_a_tag_no_more_other_names_than_it_can_have() {
    let app = app_with_tags(&[&["Ships"], &["Sea"]]).await;
    let many = |word: &str| (1..=26).map(|number| format!("{word} {number}")).collect::<Vec<_>>().join(", ");
    let first = app.post("/tag/ships/edit", &[("name", "Boats")]).await;
    let page = app.get(first.location()).await;
    app.post("/tag/boats/names", &[("aliases", &many("Boat"))]).await;
    for (before, after) in [("Sea", "Ships"), ("Ships", "Sea")] {
        let form = [("topic", "politics"), ("tags_before", before), ("tags", after)];
        app.post("/article/2/topic-and-tags", &form).await;
    }
    app.post("/tag/ships/names", &[("aliases", &many("Ship"))]).await;
    press_undo(&app, &page).await;
    assert_eq!(names(&app, 1).await, ["Boats"]);
    assert_eq!(app.get("/tag/ship-1").await.location(), "/tag/ships", "the tag without articles keeps its other names");
}

#[tokio::test]
async fn a_merge_gives_no_tag_more_other_names_than_it_can_have() {
    let app = app_with_tags(&[&["Ships"], &["Boats"]]).await;
    let many = |count: u32| (1..=count).map(|number| format!("Boat {number}")).collect::<Vec<_>>().join(", ");
    app.post("/tag/boats/names", &[("aliases", &many(50))]).await;
    let form = [("name", "Boats"), ("confirmed", "yes")];
    let refused = app.post("/tag/ships/edit", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = "“Boats” would have 51 other names, but a tag can have up to 50. Remove some first.";
    assert_eq!(refused.text("#name-problem"), problem);
    assert_eq!(names(&app, 1).await, ["Ships"]);
    app.post("/tag/boats/names", &[("aliases", &many(49))]).await;
    assert_eq!(app.post("/tag/ships/edit", &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(names(&app, 1).await, ["Boats"]);
    let app = app_with_tags(&[&["Ships"], &["Boats"]]).await;
    app.post("/tag/ships/names", &[("aliases", &many(50))]).await;
    assert_eq!(app.post("/tag/ships/edit", &form).await.text("#name-problem"), problem);
}

#[tokio::test]
async fn a_tag_takes_no_more_other_names_from_one_without_articles_than_it_can_have() {
    let app = app_with_tags(&[&["Ships"], &["Boats"]]).await;
    let many = |word: &str| (1..=26).map(|number| format!("{word} {number}")).collect::<Vec<_>>().join(", ");
    app.post("/tag/ships/names", &[("aliases", &many("Ship"))]).await;
    app.post("/tag/boats/names", &[("aliases", &many("Boat"))]).await;
    app.post("/article/2/topic-and-tags", &[("topic", "politics"), ("tags_before", "Boats"), ("tags", "")]).await;
    let refused = app.post("/tag/ships/edit", &[("name", "Boats")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = "“Boats” would have 52 other names, but a tag can have up to 50. Remove some first.";
    assert_eq!(refused.text("#name-problem"), problem);
    assert_eq!(
        (names(&app, 1).await, app.get("/tag/boat-1").await.location()),
        (vec!["Ships".to_owned()], "/tag/boats")
    );
}

#[tokio::test]
async fn a_rename_to_another_name_of_a_third_tag_asks_to_merge_into_that_one() {
    for has_articles in [true, false] {
        let app = app_with_tags(&[&["Ships"], &["Boats"]]).await;
        app.post("/tag/boats/names", &[("aliases", "Vessels")]).await;
        if !has_articles {
            let form = [("topic", "politics"), ("tags_before", "Boats"), ("tags", "")];
            app.post("/article/2/topic-and-tags", &form).await;
        }
        let asked = app.post("/tag/ships/edit", &[("name", "vessels")]).await;
        assert_eq!(asked.text("h1"), "Merge “Ships” into “Boats”?");
        let expected =
            "“vessels” is another name of the tag “Boats”. 1 article with “Ships” will have that one instead";
        assert!(asked.text(".lede").starts_with(expected), "{}", asked.text(".lede"));
        assert_eq!(names(&app, 1).await, ["Ships"], "nothing is done yet");

        let answer = app.post("/tag/ships/edit", &[("name", "Boats"), ("confirmed", "yes")]).await;
        let page = app.get(answer.location()).await;
        assert_eq!(names(&app, 1).await, ["Boats"]);
        let aliases = app.get("/tag/boats/edit").await.attributes("#aliases", "value");
        assert_eq!(aliases, ["Ships, Vessels"], "it keeps its names, and has that of the tag as well");
        press_undo(&app, &page).await;
        assert_eq!(names(&app, 1).await, ["Ships"]);
        assert_eq!(app.get("/tag/boats/edit").await.attributes("#aliases", "value"), ["Vessels"]);
    }
}
