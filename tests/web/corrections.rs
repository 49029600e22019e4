//! What was left out, put back; what should not be there, taken out; the rules of a source.

use axum::http::StatusCode;
use broadsheet::ingest::re_extraction;
use broadsheet::jobs;
use broadsheet::library::articles::{self, ArticleAction};
use broadsheet::library::rules::{self, NewRule, PreviewCounts};
use broadsheet::library::snapshots::{self, Snapshot, SnapshotFormat};
use extract::{Action, Rule};
use tokio_util::sync::CancellationToken;

use crate::fixtures::article;
use crate::support::{TestApp, now};

const GAUGE: &str = "two metres and ten";
const HOUSE: &str = "printed in this town";

/// A report with a box that is left out although it belongs there, and a line in it that does not.
fn page(number: usize) -> String {
    format!(
        "<title>The lock, part {number}</title><article class=story-body><h1>The lock, part {number}</h1>\
         <p>In part {number} the lock at Millbrook was closed, and four barges waited in the rain until the keeper found the \
         second key in a drawer.</p><p>Nobody had looked there, the keeper said, because the drawer was where the old key had \
         been kept, and the old key was lost.</p>\
         <p class=house-line>The Valley Post has been printed in this town by the same family since the bridge was built.</p>\
         <aside class=promo-box><h3>What the water rose to</h3><p>On day {number} the gauge at the lock showed two metres and \
         ten, the highest since the flood.</p></aside>\
         <p>The council has ordered a third key, which will be kept by the baker, who is awake when nobody else is and lives \
         beside the lock.</p></article><footer><p>All rights reserved.</p></footer>"
    )
}

/// So many articles of one source, extracted from their pages. The first number is the oldest.
async fn shelf(app: &TestApp, count: usize) -> Vec<i64> {
    let library = app.library().await;
    let mut numbers = Vec::new();
    for number in 1..=count {
        let mut new = article(i64::try_from(number).unwrap());
        new.snapshot_id = Some(app.store_snapshot(&page(number)).await);
        let id = app.add_article(&new).await;
        assert_eq!(
            re_extraction::re_extract(&library, id, now()).await.unwrap(),
            re_extraction::ReExtractionOutcome::Changed
        );
        numbers.push(id);
    }
    numbers
}

async fn text(app: &TestApp, id: i64) -> String {
    articles::find_text(&app.library().await, id).await.unwrap().unwrap()
}

/// The fields of the form on a preview, as a browser would send them.
fn form(page: &crate::support::Page) -> Vec<(String, String)> {
    let names = page.attributes(".ruling input", "name");
    let mut form: Vec<_> = names.into_iter().zip(page.attributes(".ruling input", "value")).collect();
    form.extend(page.attributes(".ruling option[selected]", "value").into_iter().map(|it| ("action".to_owned(), it)));
    form
}

async fn save(app: &TestApp, preview: &crate::support::Page) -> String {
    let form = form(preview);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = app.post("/source/harbour.example/rules", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn what_was_left_out_is_put_back_from_the_article_and_taken_back_again() {
    let app = TestApp::new().await;
    let id = shelf(&app, 3).await[2];
    assert!(!text(&app, id).await.contains(GAUGE));
    let shown = app.get(&format!("/article/{id}")).await;
    let links = shown.attributes(".left-out .block:has(blockquote:contains('two metres')) a", "href");
    let way = app.get(&links[0]).await;
    let before = app.library().await.generation();
    let preview = app.get(way.location()).await;
    assert_eq!(preview.text("h1"), "Restore this?");
    assert_eq!(preview.text(".selector"), ".promo-box");
    assert_eq!(preview.text("#trial"), "Changes 3 of the last 3 articles.");
    assert_eq!(preview.texts(".trial ins").len(), 6, "heading and paragraph in each");
    assert_eq!(app.library().await.generation(), before, "looking changes nothing");

    let article = app.get(&save(&app, &preview).await).await;
    assert!(article.text(".text").contains(GAUGE), "{}", article.text(".text"));
    assert_eq!(article.text(".notice p"), "Restored here and in other articles from The Harbour Post.");
    let action = article.attributes(".notice form", "action");
    let undone = app.post(&action[0], &[("article", &id.to_string())]).await;
    let article = app.get(undone.location()).await;
    assert!(!article.text(".text").contains(GAUGE));
    assert!(article.text(".notice p").starts_with("Rule deleted"));
    assert!(rules::load_for_domain(&app.library().await, "harbour.example").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_block_is_taken_out_by_the_list_for_a_reason_that_is_chosen() {
    let app = TestApp::new().await;
    let numbers = shelf(&app, 2).await;
    articles::apply_action(&app.library().await, numbers[0], ArticleAction::Star, now()).await.unwrap();
    let list = app.get(&format!("/article/{}/blocks", numbers[1])).await;
    let way = list.attributes("li:has(blockquote:contains('printed in this town')) a", "href");
    let preview = app.get(&way[0]).await;
    assert_eq!(preview.text("h1"), "Remove this?");
    assert_eq!(preview.texts(".trial del").len(), 2);
    let (id, selector) = (numbers[1].to_string(), preview.text(".selector"));
    let form = [("article", id.as_str()), ("selector", &selector), ("action", "legal")];
    let answer = app.post("/source/harbour.example/rules", &form).await;
    let article = app.get(answer.location()).await;
    assert!(!article.text(".text").contains(HOUSE));
    assert!(article.texts(".left-out strong").contains(&"Legal notice".to_owned()));
    // The other article reads the same way, and is what the reader has made of it.
    let other = articles::find(&app.library().await, numbers[0]).await.unwrap().unwrap();
    assert!(!text(&app, numbers[0]).await.contains(HOUSE) && other.state.starred);
}

#[tokio::test]
async fn a_menu_is_one_entry_of_the_list_that_can_be_opened() {
    let app = TestApp::new().await;
    let menu = "<div class=top><ul class=menu><li><a href=/>Home</a></li><li><a href=/privacy>Privacy Policy</a></li>\
                <li><button>Search</button></li><li><a href=/news>News</a></li></ul></div><article";
    let mut new = article(1);
    new.snapshot_id = Some(app.store_snapshot(&page(1).replacen("<article", menu, 1)).await);
    let id = app.add_article(&new).await;
    re_extraction::re_extract(&app.library().await, id, now()).await.unwrap();
    let list = app.get(&format!("/article/{id}/blocks")).await;
    let is_menu = |text: &&String| text.contains("Search");
    let entries = list.texts(".blocks > li > blockquote");
    assert_eq!(entries.iter().filter(is_menu).collect::<Vec<_>>(), ["Home Privacy Policy Search News", "Search"]);
    assert_eq!(list.text(".blocks summary"), "Show 4 parts");
    assert_eq!(list.texts(".blocks .blocks blockquote"), ["Home", "Privacy Policy", "Search", "News"]);
    let part = app.get(&list.attributes(".blocks .blocks li:has(blockquote:contains('Privacy')) a", "href")[0]).await;
    assert_eq!(part.texts(".trial ins"), ["Restored: Privacy Policy"]);
    let whole = list.attributes("li:has(> blockquote:contains('Home Privacy')) > a", "href");
    assert!(app.get(&whole[0]).await.text(".trial").contains("Privacy Policy"));
    // What the article's own list has of it leads to the part.
    let shown = app.get(&format!("/article/{id}")).await;
    let links = shown.attributes(".left-out .block:has(blockquote:contains('Privacy Policy')) a", "href");
    let preview = app.get(app.get(&links[0]).await.location()).await;
    assert!(preview.text(".trial ins").contains("Privacy Policy"), "{}", preview.text(".trial"));
}

#[tokio::test]
async fn rules_stand_on_the_page_of_their_source_and_are_removed_there() {
    let app = TestApp::new().await;
    let id = shelf(&app, 1).await[0];
    let empty = app.get("/source/harbour.example").await;
    assert!(empty.text(".rules").contains("No rules yet."), "{}", empty.text(".rules"));
    let way = format!("/source/harbour.example/rules/preview?article={id}&selector=.promo-box&action=keep");
    save(&app, &app.get(&way).await).await;
    let listed = app.get("/source/harbour.example").await;
    assert_eq!(listed.text(".rules li strong"), "Restored");
    assert!(listed.text(".rules li .meta").contains("changed 1 of 1 article"));
    let removed = app.post(&listed.attributes(".rules li form", "action")[0], &[]).await;
    let page = app.get(removed.location().split('#').next().unwrap()).await;
    assert!(page.text(".rules .notice").starts_with("Rule deleted."));
    assert!(!text(&app, id).await.contains(GAUGE));
    // And made again by the way that is offered.
    let again = app.get(&page.attributes(".rules .notice a", "href")[0]).await;
    assert_eq!(save(&app, &again).await, "/source/harbour.example#rules");
    assert!(text(&app, id).await.contains(GAUGE));
    for path in ["/articles", "/source/harbour.example?removed=%3Cscript%3E&action=keep"] {
        assert!(!app.get(path).await.has(".rules .notice"), "{path}");
    }
}

#[tokio::test]
async fn a_rule_for_one_article_only_changes_no_other_and_is_removed_like_any() {
    let app = TestApp::new().await;
    let numbers = shelf(&app, 3).await;
    let (id, library) = (numbers[1], app.library().await);
    let list = app.get(&format!("/article/{id}/blocks")).await;
    let way = list.attributes("li:has(blockquote:contains('printed in this town')) a", "href");
    let all = app.get(&way[0]).await;
    assert_eq!(all.texts("[aria-label='Where it applies'] [aria-current]"), ["All of The Harbour Post"]);
    let only = all.attributes("[aria-label='Where it applies'] a:not([aria-current])", "href");
    let preview = app.get(&only[0]).await;
    assert_eq!(preview.text("[aria-label='Where it applies'] [aria-current]"), "This article only");
    assert_eq!(preview.text("#trial"), "Changes this article.");
    assert_eq!(preview.texts(".trial h3").len(), 1);

    let shown = app.get(&save(&app, &preview).await).await;
    assert_eq!(shown.text(".notice p"), "Removed in this article only.");
    assert!(!shown.text(".text").contains(HOUSE));
    for other in [numbers[0], numbers[2]] {
        assert!(text(&app, other).await.contains(HOUSE));
    }
    assert_eq!(rules::next_job(&library).await.unwrap(), None, "no other article is to be extracted again");
    assert!(
        rules::load_for_domain(&library, "harbour.example").await.unwrap().is_empty(),
        "pages to come are read without it"
    );
    assert_eq!(
        re_extraction::re_extract(&library, id, now()).await.unwrap(),
        re_extraction::ReExtractionOutcome::Unchanged
    );

    // What is said of this article has the last word over what is said of all.
    let kept = format!("/source/harbour.example/rules/preview?article={id}&selector=.house-line&action=keep");
    assert_eq!(app.get(&kept).await.text("#trial"), "Changes none of the last 3 articles.");

    let source = app.get("/source/harbour.example").await;
    assert_eq!(source.text(".rules li .hint"), "Only in The lock, part 2");
    let removed = app.post(&source.attributes(".rules li form", "action")[0], &[]).await;
    assert!(text(&app, id).await.contains(HOUSE));
    let source = app.get(removed.location().split('#').next().unwrap()).await;
    let again = app.get(&source.attributes(".rules .notice a", "href")[0]).await;
    assert_eq!(again.text("[aria-label='Where it applies'] [aria-current]"), "This article only");
    save(&app, &again).await;

    let list = app.get(&format!("/article/{id}/blocks")).await;
    assert_eq!(list.text(".rules h2"), "Your rules for this article only");
    assert!(!app.get(&format!("/article/{}/blocks", numbers[0])).await.has(".rules"));
    app.post(&list.attributes(".rules form", "action")[0], &[("article", &id.to_string())]).await;
    assert!(text(&app, id).await.contains(HOUSE));
}

#[tokio::test]
async fn an_article_of_several_pages_lists_the_blocks_of_each() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let mut new = article(1);
    let first = app.store_snapshot(&page(1)).await;
    let second = "<title>The lock, part 1</title><article class=story-body><h1>The lock, part 1</h1>\
        <p>On the next morning the baker had the third key on a nail above the oven, where everybody who came for bread could see \
        it, and so could the barges.</p><p class=letter-line>Our letter tells you each Friday which locks are open and which are \
        not, and why that is so.</p><p>The keeper said that a key which everybody can see is the one key that nobody loses, and \
        went home.</p></article>";
    let kept = Snapshot { url: None, content_type: None, format: SnapshotFormat::Html, bytes: second.into() };
    snapshots::save_further_page(&library, first, 2, &kept, now()).await.unwrap();
    new.snapshot_id = Some(first);
    let id = app.add_article(&new).await;
    re_extraction::re_extract(&library, id, now()).await.unwrap();
    assert!(text(&app, id).await.contains("each Friday"));

    let list = app.get(&format!("/article/{id}/blocks")).await;
    assert_eq!(list.texts(".page-of"), ["Page 1", "Page 2"]);
    let way = list.attributes(".page-of ~ .page-of ~ ol li:has(blockquote:contains('each Friday')) a", "href");
    let preview = app.get(&way[0]).await;
    assert_eq!(preview.texts(".trial del").len(), 1, "{}", preview.text(".trial"));
    let shown = app.get(&save(&app, &preview).await).await;
    assert!(!shown.text(".text").contains("each Friday") && shown.text(".text").contains("nobody loses"));
    // And back in, from the article's own list, which has one page after the other.
    let links = shown.attributes(".left-out .block:has(blockquote:contains('each Friday')) a", "href");
    let back = app.get(app.get(&links[0]).await.location()).await;
    assert!(back.text(".trial ins").contains("each Friday"), "{}", back.text(".trial"));
}

#[tokio::test]
async fn what_only_its_place_tells_apart_is_taken_out_of_its_article_alone_unless_the_reader_means_all() {
    let app = TestApp::new().await;
    let numbers = shelf(&app, 3).await;
    let list = app.get(&format!("/article/{}/blocks", numbers[0])).await;
    let way = list.attributes("li:has(blockquote:contains('Nobody had looked')) a", "href").remove(0);
    let preview = app.get(&way).await;
    assert!(preview.text(".selector").ends_with("p:nth-of-type(2)"), "{}", preview.text(".selector"));
    assert_eq!(preview.texts("[aria-label='Where it applies'] [aria-current]"), ["This article only"]);
    assert_eq!(preview.text("#trial"), "Changes this article.");
    assert!(!preview.has(".problem"));
    let all = app.get(&preview.attributes("[aria-label='Where it applies'] a:not([aria-current])", "href")[0]).await;
    assert!(all.text(".problem").starts_with("2 other articles would also lose content"), "{}", all.body);
    assert_eq!(all.text(".ruling .primary"), "Save anyway");
    // A name tells what it is about, wherever it stands.
    let way = list.attributes("li:has(blockquote:contains('same family')) a", "href").remove(0);
    let named = app.get(&way).await;
    assert_eq!(named.text(".selector"), ".house-line");
    assert_eq!(named.texts("[aria-label='Where it applies'] [aria-current]"), ["All of The Harbour Post"]);
    assert!(!named.has(".problem"));
}

#[tokio::test]
async fn a_rule_for_one_article_goes_with_it() {
    let app = TestApp::new().await;
    let id = shelf(&app, 1).await[0];
    let library = app.library().await;
    let way =
        format!("/source/harbour.example/rules/preview?article={id}&selector=.house-line&action=legal&scope=article");
    save(&app, &app.get(&way).await).await;
    assert_eq!(rules::list_article_rules(&library, "harbour.example").await.unwrap().len(), 1);
    articles::apply_action(&library, id, ArticleAction::Delete, now()).await.unwrap();
    let later = now().checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    assert_eq!(articles::purge_trash(&library, later).await.unwrap(), 1);
    let missing = app.get(&way).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text(".problem").starts_with("The article for this rule no longer exists"));
    assert!(rules::list_article_rules(&library, "harbour.example").await.unwrap().is_empty());
}

#[tokio::test]
async fn articles_beyond_the_last_ten_follow_by_themselves_and_new_ones_come_in_by_the_rules() {
    let app = TestApp::new().await;
    let numbers = shelf(&app, 12).await;
    let way = "/source/harbour.example/rules/preview?selector=.house-line&action=promotion";
    let preview = app.get(way).await;
    assert_eq!(preview.text("#trial"), "Changes 10 of the last 10 articles.");
    save(&app, &preview).await;
    assert!(!text(&app, numbers[11]).await.contains(HOUSE) && text(&app, numbers[0]).await.contains(HOUSE));
    let library = app.library().await;
    for _ in 0..2 {
        jobs::apply_changed_rules(&app.app, &library, &CancellationToken::new()).await.unwrap();
        assert!(!text(&app, numbers[0]).await.contains(HOUSE), "however often it is done");
        assert_eq!(rules::next_job(&library).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_would_empty_articles_is_said_before_it_is_saved() {
    let app = TestApp::new().await;
    shelf(&app, 2).await;
    let all = app.get("/source/harbour.example/rules/preview?selector=article&action=legal").await;
    assert_eq!(all.text(".problem"), "That would remove everything from 2 articles, so they won’t be changed.");
    assert_eq!(all.text(".ruling .primary"), "Save anyway");
    let most = app.get("/source/harbour.example/rules/preview?selector=.story-body+%3E+p&action=legal").await;
    assert!(most.status.is_success());
    let none = app.get("/source/harbour.example/rules/preview?selector=.nothing&action=keep").await;
    assert_eq!(none.text("#trial"), "Changes none of the last 2 articles.");
}

/// Makes so many rules that change nothing.
async fn make_rules(app: &TestApp, count: usize, only: Option<i64>) {
    let library = app.library().await;
    for number in 0..count {
        let rule = Rule { selector: format!(".number-{number}").parse().unwrap(), action: Action::Keep };
        let new = NewRule { rule, article_id: only };
        rules::save(&library, "harbour.example", &new, PreviewCounts::default(), now()).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn the_page_of_a_source_lists_its_own_rules_first_and_not_all_of_single_articles() {
    let app = TestApp::new().await;
    let numbers = shelf(&app, 2).await;
    make_rules(&app, 60, Some(numbers[0])).await;
    make_rules(&app, 60, Some(numbers[1])).await;
    make_rules(&app, 2, None).await;
    let page = app.get("/source/harbour.example").await;
    assert_eq!(page.text(".rules > summary"), "Your rules 122");
    assert_eq!(page.texts(".rules li").len(), 102);
    assert!(!page.has(".rules li:nth-child(-n+2) .hint"), "those for all pages come first");
    assert_eq!(page.text(".rules li:nth-child(3) .hint"), "Only in The lock, part 2");
    assert!(page.text(".rules > .hint").starts_with("And 20 more, each for one article"));
}

#[tokio::test]
async fn where_there_are_as_many_rules_as_there_may_be_one_can_still_be_changed() {
    let app = TestApp::new().await;
    let id = shelf(&app, 1).await[0].to_string();
    let most = usize::try_from(rules::MAX_RULES).unwrap();
    make_rules(&app, most, None).await;
    make_rules(&app, most, Some(id.parse().unwrap())).await;
    for (scope, words) in [
        ("source", "Limit of 100 rules for The Harbour Post reached. Delete one first."),
        ("article", "Limit of 100 rules for this article reached. Delete one first."),
    ] {
        let form = |selector| [("article", id.as_str()), ("selector", selector), ("action", "legal"), ("scope", scope)];
        let page = app.post("/source/harbour.example/rules", &form(".promo-box")).await;
        assert_eq!((page.status, page.text(".problem").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, words));
        let changed = app.post("/source/harbour.example/rules", &form(".number-7")).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{scope}: {}", changed.text(".problem"));
    }
    let source = app.get("/source/harbour.example").await;
    assert_eq!(source.text(".rules summary .count"), "200");
}

#[tokio::test]
async fn what_is_no_rule_is_answered_with_a_sentence() {
    let app = TestApp::new().await;
    let id = shelf(&app, 1).await[0];
    for (selector, action, words) in [
        ("p:has(img)", "keep", "can’t read the selector"),
        ("", "keep", "Nothing was selected"),
        (".promo-box", "<script>", "Unknown reason"),
    ] {
        let form = [("selector", selector), ("action", action)];
        let page = app.post("/source/harbour.example/rules", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{selector} {action}");
        assert!(page.text(".problem").contains(words), "{}", page.text(".problem"));
    }
    assert!(rules::load_for_domain(&app.library().await, "harbour.example").await.unwrap().is_empty());
    for path in ["/source/nowhere.example/rules/preview?selector=p&action=keep", "/article/99/blocks"] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(app.post("/source/harbour.example/rules/7/remove", &[]).await.status, StatusCode::NOT_FOUND);
    let missed = app.get(&format!("/article/{id}/blocks?left_out=99")).await;
    assert!(missed.text(".problem").starts_with("That part can’t be selected"));
    let without = app.add_article(&article(2)).await;
    assert!(app.get(&format!("/article/{without}/blocks")).await.text(".problem").contains("isn’t stored"));
    assert!(!app.get(&format!("/article/{without}")).await.has("[data-point]"));
}
