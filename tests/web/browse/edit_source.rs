//! Naming, merging and splitting sources.

use axum::http::StatusCode;
use broadsheet::jobs::run_operations;
use broadsheet::library::articles::{self, NewArticle};
use broadsheet::library::rules::{self, NewRule, PreviewCounts};
use broadsheet::library::{consistency, sources};
use extract::{Action, Rule};
use tokio_util::sync::CancellationToken;

use crate::fixtures::article;
use crate::support::{Page, TestApp, now};

/// An article of a host; its source has this name.
fn article_from(number: i64, host: &str, domain: &str, name: &str) -> NewArticle {
    let mut new = article(number);
    let url = format!("https://{host}/{number}");
    new.url_keys = vec![broadsheet::urls::UrlKey::from_url(&url.parse().unwrap())];
    new.url = Some(url);
    (new.source.domain, new.source.name) = (domain.to_owned(), name.to_owned());
    new
}

async fn source_of(app: &TestApp, id: i64) -> (String, String) {
    let article = articles::find(&app.library().await, id).await.unwrap().unwrap();
    (article.source_domain, article.source_name)
}

/// Presses the button of the notice, and opens the page it leads to.
async fn press_undo(app: &TestApp, page: &Page) -> Page {
    let button = |name| page.attributes(".notice button", name).remove(0);
    let (name, value) = (button("name"), button("value"));
    let answer = app.post(&page.attributes(".notice form", "action").remove(0), &[(&name, &value)]).await;
    app.get(answer.location()).await
}

async fn save_rule(app: &TestApp, domain: &str, selector: &str) {
    let rule = Rule { selector: selector.parse().unwrap(), action: Action::Keep };
    let new = NewRule { rule, article_id: None, replaces_id: None };
    let counts = PreviewCounts { articles_changed: 1, articles_tried: 1 };
    rules::save(&app.library().await, domain, &new, counts, now()).await.unwrap().unwrap();
}

async fn selectors(app: &TestApp, domain: &str) -> Vec<String> {
    let rules = rules::list_for_domain(&app.library().await, domain).await.unwrap();
    rules.into_iter().map(|stored| stored.rule.selector.to_string()).collect()
}

#[tokio::test]
async fn the_name_that_pages_give_most_often_wins_and_the_readers_always() {
    let app = TestApp::new().await;
    let add = async |number, name: &str| {
        let id = app.add_article(&article_from(number, "tide.example", "tide.example", name)).await;
        source_of(&app, id).await.1
    };
    assert_eq!(add(1, "tide.example").await, "tide.example");
    assert_eq!(add(2, "Special Offers").await, "Special Offers");
    assert_eq!(add(3, "Tide Table").await, "Special Offers", "the earlier of two");
    assert_eq!(add(4, "Tide Table").await, "Tide Table");
    let long = "A Long Headline That Was Given as the Name of the Site";
    assert_eq!(add(5, long).await, "Tide Table");
    let edit = app.get("/source/tide.example").await.attributes(".page-head a", "href").remove(0);
    let answer = app.post(&edit, &[("name", " My  Tides "), ("homepage", "tide.example/news")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text("h1"), "My Tides");
    assert_eq!(page.attributes(".lede a", "href"), ["https://tide.example/news"]);
    assert_eq!(add(6, "Tide Table").await, "My Tides");
    app.post(&edit, &[("name", ""), ("homepage", "")]).await;
    let page = app.get("/source/tide.example").await;
    assert_eq!(
        (page.text("h1"), page.attributes(".lede a", "href")),
        ("Tide Table".into(), vec!["https://tide.example/".into()])
    );
    let bad = app.post(&edit, &[("name", "!!"), ("homepage", "javascript:alert(1)")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.has("#name-problem") && bad.text("#homepage-problem").starts_with("“javascript:alert(1)” isn’t"));
    assert_eq!(bad.attributes("#homepage", "value"), ["javascript:alert(1)"], "what was typed is kept");
    for nowhere in ["/source/nowhere.example/edit", "/source/pasted/edit"] {
        assert_eq!(app.get(nowhere).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn hosts_of_a_domain_with_unrelated_names_are_sources_of_their_own() {
    let app = TestApp::new().await;
    let add = async |number, host: &str, name: &str| {
        source_of(&app, app.add_article(&article_from(number, host, "letters.example", name)).await).await
    };
    let own = |domain: &str, name: &str| (domain.to_owned(), name.to_owned());
    assert_eq!(add(1, "ada.letters.example", "Garden Notes").await, own("letters.example", "Garden Notes"));
    assert_eq!(add(2, "ben.letters.example", "Kitchen Diary").await, own("ben.letters.example", "Kitchen Diary"));
    assert_eq!(add(3, "www.ben.letters.example", "Kitchen Diary").await.0, "ben.letters.example");
    assert_eq!(add(4, "ada.letters.example", "Garden Notes").await, own("letters.example", "Garden Notes"));
    assert_eq!(add(5, "shop.letters.example", "Garden Notes Shop").await.0, "letters.example");
}

#[tokio::test]
async fn names_are_shown_in_their_own_letters() {
    let app = TestApp::new().await;
    let (domain, host, shown) = ("xn--bcher-kva.example", "www.xn--bcher-kva.example", "bücher.example");
    let id = app.add_article(&article_from(1, host, domain, domain)).await;
    assert_eq!(source_of(&app, id).await.1, shown);
    for (page, place) in [
        ("/articles", "main"),
        // The printed page has the address as it is typed.
        ("/article/1", ".meta"),
        ("/source/xn--bcher-kva.example", "main"),
        ("/sources", "main"),
        ("/source/xn--bcher-kva.example/edit", "main"),
    ] {
        let text = app.get(page).await.text(place);
        assert!(text.contains(shown) && !text.contains("xn--"), "{page}: {text}");
    }
}

#[tokio::test]
async fn a_source_is_merged_with_its_rules_and_new_articles_and_undone() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let from =
        async |number| app.add_article(&article_from(number, "tide.example", "tide.example", "Tide Table")).await;
    let first = from(1).await;
    let deleted = from(2).await;
    articles::apply_action(&library, deleted, articles::ArticleAction::Delete, now()).await.unwrap();
    let other = app.add_article(&article(3)).await;
    for (domain, selector) in [("tide.example", ".map"), ("tide.example", ".note"), ("harbour.example", ".note")] {
        save_rule(&app, domain, selector).await;
    }
    for (into, problem) in [
        ("", "Enter the name"),
        ("Nobody", "No source is called “Nobody”"),
        ("tide.example", "That is “Tide Table” itself"),
    ] {
        let answer = app.post("/source/tide.example/merge", &[("into", into)]).await;
        assert!(answer.text("#into-problem").starts_with(problem), "{into}");
    }
    let question = app.post("/source/tide.example/merge", &[("into", "the harbour post")]).await;
    assert_eq!(question.text("h1"), "Merge “Tide Table” into “The Harbour Post”?");
    assert_eq!(source_of(&app, first).await.0, "tide.example", "nothing is done before the answer");
    let into = question.attributes("form [name=into]", "value").remove(0);
    let answer = app.post("/source/tide.example/merge", &[("into", &into), ("confirmed", "yes")]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text(".notice p"), "Merged “Tide Table” into “The Harbour Post”, with 2 articles.");
    let later = from(4).await;
    for id in [first, deleted, other, later] {
        assert_eq!(source_of(&app, id).await.1, "The Harbour Post");
    }
    assert_eq!(selectors(&app, "harbour.example").await, [".map", ".note"]);
    assert_eq!(app.get("/source/tide.example").await.text("h1"), "The Harbour Post", "its old link still leads on");
    assert_eq!(app.get("/sources").await.texts(".index tbody tr").len(), 1);

    let page = press_undo(&app, &page).await;
    assert_eq!(page.text(".notice p"), "Undone: 2 articles restored.");
    for id in [first, deleted, later] {
        assert_eq!(source_of(&app, id).await.1, "Tide Table", "{id}");
    }
    assert_eq!(source_of(&app, other).await.1, "The Harbour Post");
    assert_eq!(
        (selectors(&app, "tide.example").await, selectors(&app, "harbour.example").await),
        (vec![".map".into(), ".note".to_owned()], vec![".note".to_owned()])
    );
    assert_eq!(source_of(&app, from(5).await).await.1, "Tide Table");
    assert_eq!(consistency::count_wrong_counts(&library).await.unwrap(), 0);
}

#[tokio::test]
async fn merges_in_a_row_lead_to_the_last_and_never_in_a_circle() {
    let app = TestApp::new().await;
    for (number, host) in [(1, "a.example"), (2, "b.example"), (3, "c.example")] {
        app.add_article(&article_from(number, host, host, host)).await;
    }
    let merge = async |from: &str, into: &str| {
        app.post(&format!("/source/{from}/merge"), &[("into", into), ("confirmed", "yes")]).await
    };
    merge("a.example", "b.example").await;
    merge("b.example", "c.example").await;
    let back = merge("c.example", "a.example").await;
    assert!(back.text("#into-problem").starts_with("That is “c.example” itself"), "a leads to c by now");
    let id = app.add_article(&article_from(4, "www.a.example", "a.example", "a.example")).await;
    assert_eq!(source_of(&app, id).await.0, "c.example");
}

#[tokio::test]
async fn a_host_is_split_off_with_its_articles_and_undone() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let from = |number, host: &str, name: &str| article_from(number, host, "post.example", name);
    let many: Vec<_> = (1..=1150).map(|number| from(number, "blog.post.example", "Post Blog")).collect();
    articles::add_many(&library, &many).await.unwrap();
    let main = app.add_article(&from(2000, "post.example", "Post")).await;
    save_rule(&app, "post.example", ".map").await;
    let page = app.get("/source/post.example/edit").await;
    assert_eq!(page.attributes("button[name=host]", "value"), ["blog.post.example"]);
    assert!(page.text("form:has(button[name=host])").starts_with("blog.post.example 1,150 articles"));
    let answer = app.post("/source/post.example/split", &[("host", "blog.post.example")]).await;
    let page = app.get(answer.location()).await;
    assert!(page.text(".notice p").contains("with 1,000 articles so far"));
    run_operations(&app.app, &library, &CancellationToken::new()).await.unwrap();
    let page_after = app.get(answer.location()).await;
    assert_eq!(page_after.text(".notice p"), "Split “Post Blog” off “Post Blog”, with 1,150 articles.");
    let new = app.add_article(&from(2001, "blog.post.example", "Post Blog")).await;
    let newer = app.add_article(&from(2002, "post.example", "Post")).await;
    for (id, domain) in
        [(1, "blog.post.example"), (new, "blog.post.example"), (main, "post.example"), (newer, "post.example")]
    {
        assert_eq!(source_of(&app, id).await.0, domain, "{id}");
    }
    assert_eq!(selectors(&app, "blog.post.example").await, [".map"], "what was corrected stays so");
    assert_eq!(source_of(&app, newer).await.1, "Post", "names belong to the host they were seen on");

    let change = app.get("/recent-changes").await.attributes("form", "action");
    let undo = change.iter().find(|action| action.ends_with("/undo")).unwrap().clone();
    app.post(&undo, &[]).await;
    run_operations(&app.app, &library, &CancellationToken::new()).await.unwrap();
    for id in [1, new] {
        assert_eq!(source_of(&app, id).await.0, "post.example", "{id}");
    }
    let again = app.add_article(&from(2003, "blog.post.example", "Post Blog")).await;
    assert_eq!(source_of(&app, again).await.0, "post.example", "new ones go where they went before");
    assert_eq!(consistency::count_wrong_counts(&library).await.unwrap(), 0);
    for (host, source) in [("post.example", "post.example"), ("elsewhere.example", "post.example")] {
        let answer = app.post(&format!("/source/{source}/split"), &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn undoing_a_split_never_makes_a_circle() {
    let app = TestApp::new().await;
    for (number, host) in [(1, "post.example"), (2, "blog.post.example")] {
        app.add_article(&article_from(number, host, "post.example", "Post")).await;
    }
    app.post("/source/post.example/split", &[("host", "blog.post.example")]).await;
    app.post("/source/post.example/merge", &[("into", "blog.post.example"), ("confirmed", "yes")]).await;
    app.post("/recent-changes/1/undo", &[]).await;
    for id in [1, app.add_article(&article_from(3, "post.example", "post.example", "Post")).await] {
        let domain = source_of(&app, id).await.0;
        assert_eq!(app.get(&format!("/source/{domain}")).await.status, StatusCode::OK, "{domain}");
        assert_eq!(domain, "blog.post.example");
    }
}

#[tokio::test]
async fn the_keywords_of_a_source_are_taken_on_its_page() {
    let app = TestApp::new().await;
    app.add_article(&article(1)).await;
    let edit = "/source/harbour.example/edit";
    let form = "form:has(button[name=take])";
    let page = app.get(edit).await;
    assert_eq!(page.attributes("button[name=take]", "value"), ["true"]);
    app.post(&page.attributes(form, "action").remove(0), &[("take", "true")]).await;
    assert_eq!(app.get(edit).await.attributes("button[name=take]", "value"), ["false"]);
    let source = sources::find(&app.library().await, "harbour.example").await.unwrap().unwrap();
    assert!(sources::find_details(&app.library().await, source.id).await.unwrap().unwrap().takes_keywords);
    app.add_article(&article_from(2, "tide.example", "tide.example", "Tide Table")).await;
    for (from, into, expected) in
        [("harbour.example", "tide.example", true), ("tide.example", "harbour.example", false)]
    {
        let question = app.post(&format!("/source/{from}/merge"), &[("into", into)]).await;
        let text = question.text("main");
        assert_eq!(
            text.contains("The keywords of all new articles there become your tags."),
            expected,
            "{from}: {text}"
        );
    }
}
