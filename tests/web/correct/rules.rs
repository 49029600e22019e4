//! Restoring removed parts, removing others, and the rules of a source.

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

pub const REMOVED_TEXT: &str = "two metres and ten";
pub const KEPT_TEXT: &str = "printed in this town";

/// A report with a box that is removed although it belongs to the article, and a line that does not belong.
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

/// Adds this many articles of one source, extracted from their snapshots. The first id is the oldest.
pub async fn add_extracted_articles(app: &TestApp, count: usize) -> Vec<i64> {
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

pub async fn plain_text(app: &TestApp, id: i64) -> String {
    articles::find_text(&app.library().await, id).await.unwrap().unwrap()
}

/// Returns the fields of the preview's form, as a browser sends them.
fn preview_form(page: &crate::support::Page) -> Vec<(String, String)> {
    let names = page.attributes(".rule-form input", "name");
    let mut form: Vec<_> = names.into_iter().zip(page.attributes(".rule-form input", "value")).collect();
    form.extend(
        page.attributes(".rule-form option[selected]", "value").into_iter().map(|it| ("action".to_owned(), it)),
    );
    form
}

/// Presses "Restore" at a text in the list below an article, and returns the article's page.
pub async fn press_restore(app: &TestApp, id: i64, words: &str) -> crate::support::Page {
    let shown = app.get(&format!("/article/{id}")).await;
    let block = format!(".removed-blocks .block:has(blockquote:contains('{words}'))");
    let (path, index) =
        (shown.attributes(&format!("{block} form"), "action"), shown.attributes(&format!("{block} button"), "value"));
    let answer = app.post(&path[0], &[("removed", &index[0])]).await;
    app.get(answer.location()).await
}

pub async fn save_rule(app: &TestApp, preview: &crate::support::Page) -> String {
    let form = preview_form(preview);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = app.post("/source/harbour.example/rules", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn a_block_is_removed_from_the_list_for_a_chosen_reason() {
    let app = TestApp::new().await;
    let numbers = add_extracted_articles(&app, 2).await;
    articles::apply_action(&app.library().await, numbers[0], ArticleAction::Star, now()).await.unwrap();
    let list = app.get(&format!("/article/{}/blocks", numbers[1])).await;
    let url = list.attributes("li:has(blockquote:contains('printed in this town')) a", "href");
    let preview = app.get(&url[0]).await;
    assert_eq!(preview.text("h1"), "Remove this?");
    assert_eq!(preview.texts(".preview-results del").len(), 2);
    let (id, selector) = (numbers[1].to_string(), preview.text(".selector"));
    let form = [("article", id.as_str()), ("selector", &selector), ("action", "legal")];
    let answer = app.post("/source/harbour.example/rules", &form).await;
    let article = app.get(answer.location()).await;
    assert!(!article.text(".text").contains(KEPT_TEXT));
    assert!(article.texts(".removed-blocks strong").contains(&"Legal notice".to_owned()));
    // The other article changes the same way, and keeps its star.
    let other = articles::find(&app.library().await, numbers[0]).await.unwrap().unwrap();
    assert!(!plain_text(&app, numbers[0]).await.contains(KEPT_TEXT) && other.state.starred);
}

#[tokio::test]
async fn a_menu_is_one_entry_with_parts() {
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
    assert_eq!(part.texts(".preview-results ins"), ["Restored: Privacy Policy"]);
    let whole = list.attributes("li:has(> blockquote:contains('Home Privacy')) > form > a", "href");
    assert!(app.get(&whole[0]).await.text(".preview-results").contains("Privacy Policy"));
    // The list below the article restores the part.
    let shown = press_restore(&app, id, "Privacy Policy").await;
    assert!(shown.text(".text").contains("Privacy Policy"), "{}", shown.text(".text"));
}

#[tokio::test]
async fn rules_are_listed_on_the_source_page_and_deleted_there() {
    let app = TestApp::new().await;
    let id = add_extracted_articles(&app, 1).await[0];
    let empty = app.get("/source/harbour.example").await;
    assert!(empty.text(".rules").contains("No rules yet."), "{}", empty.text(".rules"));
    let url = format!("/source/harbour.example/rules/preview?article={id}&selector=.promo-box&action=keep");
    save_rule(&app, &app.get(&url).await).await;
    let listed = app.get("/source/harbour.example").await;
    assert_eq!(listed.text(".rules li strong"), "Restored");
    assert!(listed.text(".rules li .meta").contains("changed 1 of 1 article"));
    let removed = app.post(&listed.attributes(".rules li form", "action")[0], &[]).await;
    let page = app.get(removed.location().split('#').next().unwrap()).await;
    assert!(page.text(".rules .notice").starts_with("Rule deleted."));
    assert!(!plain_text(&app, id).await.contains(REMOVED_TEXT));
    // The rule can be added again by the link offered.
    let again = app.get(&page.attributes(".rules .notice a", "href")[0]).await;
    assert_eq!(save_rule(&app, &again).await, "/source/harbour.example#rules");
    assert!(plain_text(&app, id).await.contains(REMOVED_TEXT));
    for path in ["/articles", "/source/harbour.example?deleted=%3Cscript%3E&action=keep"] {
        assert!(!app.get(path).await.has(".rules .notice"), "{path}");
    }
}

#[tokio::test]
async fn a_rule_for_one_article_changes_no_other_and_can_be_deleted() {
    let app = TestApp::new().await;
    let numbers = add_extracted_articles(&app, 3).await;
    let (id, library) = (numbers[1], app.library().await);
    let list = app.get(&format!("/article/{id}/blocks")).await;
    let url = list.attributes("li:has(blockquote:contains('printed in this town')) a", "href");
    let all = app.get(&url[0]).await;
    assert_eq!(all.texts("[aria-label='Where it applies'] [aria-current]"), ["All of The Harbour Post"]);
    let only = all.attributes("[aria-label='Where it applies'] a:not([aria-current])", "href");
    let preview = app.get(&only[0]).await;
    assert_eq!(preview.text("[aria-label='Where it applies'] [aria-current]"), "This article only");
    assert_eq!(preview.text("#preview-results"), "Changes this article.");
    assert_eq!(preview.texts(".preview-results h3").len(), 1);

    let shown = app.get(&save_rule(&app, &preview).await).await;
    assert_eq!(shown.text(".notice p"), "Removed in this article.");
    assert!(!shown.text(".text").contains(KEPT_TEXT));
    for other in [numbers[0], numbers[2]] {
        assert!(plain_text(&app, other).await.contains(KEPT_TEXT));
    }
    assert_eq!(rules::next_job(&library).await.unwrap(), None, "no other article needs re-extraction");
    assert!(
        rules::load_for_domain(&library, "harbour.example").await.unwrap().is_empty(),
        "new articles are not affected"
    );
    assert_eq!(
        re_extraction::re_extract(&library, id, now()).await.unwrap(),
        re_extraction::ReExtractionOutcome::Unchanged
    );

    // A rule for one article takes precedence over one for the source.
    let kept = format!("/source/harbour.example/rules/preview?article={id}&selector=.house-line&action=keep");
    assert_eq!(app.get(&kept).await.text("#preview-results"), "Changes none of the last 3 articles.");

    let source = app.get("/source/harbour.example").await;
    assert_eq!(source.text(".rules li .hint"), "Only in The lock, part 2");
    let removed = app.post(&source.attributes(".rules li form", "action")[0], &[]).await;
    assert!(plain_text(&app, id).await.contains(KEPT_TEXT));
    let source = app.get(removed.location().split('#').next().unwrap()).await;
    let again = app.get(&source.attributes(".rules .notice a", "href")[0]).await;
    assert_eq!(again.text("[aria-label='Where it applies'] [aria-current]"), "This article only");
    save_rule(&app, &again).await;

    let list = app.get(&format!("/article/{id}/blocks")).await;
    assert_eq!(list.text(".rules h2"), "Your rules for this article only");
    assert!(!app.get(&format!("/article/{}/blocks", numbers[0])).await.has(".rules"));
    app.post(&list.attributes(".rules form", "action")[0], &[("article", &id.to_string())]).await;
    assert!(plain_text(&app, id).await.contains(KEPT_TEXT));
}

#[tokio::test]
async fn an_article_with_several_pages_lists_the_blocks_of_each() {
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
    assert!(plain_text(&app, id).await.contains("each Friday"));

    let list = app.get(&format!("/article/{id}/blocks")).await;
    assert_eq!(list.texts(".page-number"), ["Page 1", "Page 2"]);
    let url = list.attributes(".page-number ~ .page-number ~ ol li:has(blockquote:contains('each Friday')) a", "href");
    let preview = app.get(&url[0]).await;
    assert_eq!(preview.texts(".preview-results del").len(), 1, "{}", preview.text(".preview-results"));
    let shown = app.get(&save_rule(&app, &preview).await).await;
    assert!(!shown.text(".text").contains("each Friday") && shown.text(".text").contains("nobody loses"));
    // It is restored from the list below the article, which covers all pages.
    let back = press_restore(&app, id, "each Friday").await;
    assert!(back.text(".text").contains("each Friday"), "{}", back.text(".text"));
}

#[tokio::test]
async fn a_positional_rule_applies_to_its_article_unless_the_reader_widens_it() {
    let app = TestApp::new().await;
    let numbers = add_extracted_articles(&app, 3).await;
    let list = app.get(&format!("/article/{}/blocks", numbers[0])).await;
    let url = list.attributes("li:has(blockquote:contains('Nobody had looked')) a", "href").remove(0);
    let preview = app.get(&url).await;
    assert!(preview.text(".selector").ends_with("p:nth-of-type(2)"), "{}", preview.text(".selector"));
    assert_eq!(preview.texts("[aria-label='Where it applies'] [aria-current]"), ["This article only"]);
    assert_eq!(preview.text("#preview-results"), "Changes this article.");
    assert!(!preview.has(".problem"));
    let all = app.get(&preview.attributes("[aria-label='Where it applies'] a:not([aria-current])", "href")[0]).await;
    assert!(all.text(".problem").starts_with("2 other articles would also lose content"), "{}", all.body);
    assert_eq!(all.text(".rule-form .primary"), "Save anyway");
    // A class name selects the same part on every page.
    let url = list.attributes("li:has(blockquote:contains('same family')) a", "href").remove(0);
    let named = app.get(&url).await;
    assert_eq!(named.text(".selector"), ".house-line");
    assert_eq!(named.texts("[aria-label='Where it applies'] [aria-current]"), ["All of The Harbour Post"]);
    assert!(!named.has(".problem"));
}

#[tokio::test]
async fn purging_an_article_deletes_its_rules() {
    let app = TestApp::new().await;
    let id = add_extracted_articles(&app, 1).await[0];
    let library = app.library().await;
    let url =
        format!("/source/harbour.example/rules/preview?article={id}&selector=.house-line&action=legal&scope=article");
    save_rule(&app, &app.get(&url).await).await;
    assert_eq!(rules::list_article_rules(&library, "harbour.example").await.unwrap().len(), 1);
    articles::apply_action(&library, id, ArticleAction::Delete, now()).await.unwrap();
    let later = now().checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    assert_eq!(articles::purge_trash(&library, later).await.unwrap(), 1);
    let missing = app.get(&url).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text(".problem").starts_with("The article for this rule no longer exists"));
    assert!(rules::list_article_rules(&library, "harbour.example").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_job_applies_a_rule_to_articles_beyond_the_last_ten() {
    let app = TestApp::new().await;
    let numbers = add_extracted_articles(&app, 12).await;
    let url = "/source/harbour.example/rules/preview?selector=.house-line&action=promotion";
    let preview = app.get(url).await;
    assert_eq!(preview.text("#preview-results"), "Changes 10 of the last 10 articles.");
    save_rule(&app, &preview).await;
    assert!(
        !plain_text(&app, numbers[11]).await.contains(KEPT_TEXT)
            && plain_text(&app, numbers[0]).await.contains(KEPT_TEXT)
    );
    let library = app.library().await;
    for _ in 0..2 {
        jobs::apply_changed_rules(&app.app, &library, &CancellationToken::new()).await.unwrap();
        assert!(!plain_text(&app, numbers[0]).await.contains(KEPT_TEXT), "applying rules again changes nothing");
        assert_eq!(rules::next_job(&library).await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_preview_warns_before_a_rule_empties_articles() {
    let app = TestApp::new().await;
    add_extracted_articles(&app, 2).await;
    let all = app.get("/source/harbour.example/rules/preview?selector=article&action=legal").await;
    assert_eq!(all.text(".problem"), "That would remove everything from 2 articles, so they won’t be changed.");
    assert_eq!(all.text(".rule-form .primary"), "Save anyway");
    let most = app.get("/source/harbour.example/rules/preview?selector=.story-body+%3E+p&action=legal").await;
    assert!(most.status.is_success());
    let none = app.get("/source/harbour.example/rules/preview?selector=.nothing&action=keep").await;
    assert_eq!(none.text("#preview-results"), "Changes none of the last 2 articles.");
}

/// Adds this many rules that change nothing.
async fn add_rules(app: &TestApp, count: usize, only: Option<i64>) {
    let library = app.library().await;
    for number in 0..count {
        let rule = Rule { selector: format!(".number-{number}").parse().unwrap(), action: Action::Keep };
        let new = NewRule { rule, article_id: only, replaces_id: None };
        rules::save(&library, "harbour.example", &new, PreviewCounts::default(), now()).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_source_page_lists_its_general_rules_first_and_limits_the_others() {
    let app = TestApp::new().await;
    let numbers = add_extracted_articles(&app, 2).await;
    add_rules(&app, 60, Some(numbers[0])).await;
    add_rules(&app, 60, Some(numbers[1])).await;
    add_rules(&app, 2, None).await;
    let page = app.get("/source/harbour.example").await;
    assert_eq!(page.text(".rules > summary"), "Your rules 122");
    assert_eq!(page.texts(".rules li").len(), 102);
    assert!(!page.has(".rules li:nth-child(-n+2) .hint"), "rules for the whole source come first");
    assert_eq!(page.text(".rules li:nth-child(3) .hint"), "Only in The lock, part 2");
    assert!(page.text(".rules > .hint").starts_with("And 20 more, each for one article"));
}

#[tokio::test]
async fn at_the_limit_existing_rules_can_still_be_changed() {
    let app = TestApp::new().await;
    let id = add_extracted_articles(&app, 1).await[0].to_string();
    let most = usize::try_from(rules::MAX_RULES).unwrap();
    add_rules(&app, most, None).await;
    add_rules(&app, most, Some(id.parse().unwrap())).await;
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
async fn invalid_rules_are_rejected_with_a_message() {
    let app = TestApp::new().await;
    add_extracted_articles(&app, 1).await;
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
    assert_eq!(app.post("/source/harbour.example/rules/7/delete", &[]).await.status, StatusCode::NOT_FOUND);
    let without = app.add_article(&article(2)).await;
    assert!(app.get(&format!("/article/{without}/blocks")).await.text(".problem").contains("isn’t stored"));
    assert!(!app.get(&format!("/article/{without}")).await.has("[data-block-picker]"));
}
