//! Every keyboard shortcut does what the list of shortcuts says.

use crate::mock_web::MockResponse;
use crate::support::{ENTER, ESCAPE, TAB, TestEnv, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn g_and_a_letter_open_a_page() {
    let env = TestEnv::new().await;
    env.visit("/keyboard-shortcuts").await;
    let places = [
        ('h', "/"),
        ('a', "/articles"),
        ('u', "/articles?unread=1"),
        ('m', "/articles?starred=1"),
        ('f', "/feeds"),
        ('t', "/topics"),
        ('s', "/sources"),
        ('l', "/tags"),
        ('i', "/imports"),
        ('n', "/import"),
    ];
    let listed = env.texts(".shortcuts dt").await;
    for (letter, place) in places {
        assert!(listed.contains(&format!("g {letter}")), "{letter} in {listed:?}");
        // The import page focuses its first field, where letters are text.
        env.visit("/keyboard-shortcuts").await;
        env.press(['g', letter]).await;
        env.wait_for_path(place).await;
    }
    // Letters typed into a field are text.
    env.press("http://g".chars()).await;
    assert_eq!(env.evaluate("document.querySelector('#url').value").await, "http://g");
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcuts_select_mark_and_open_articles_in_a_list() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/articles?tag=ferries").await;
    let titles = env.texts(".rows h2").await;
    assert_eq!(titles.len(), 3);

    for (key, at) in [('j', 0), ('n', 1), ('j', 2), ('p', 1), ('k', 0)] {
        env.press([key]).await;
        assert_eq!(env.texts(".selected h2").await, [titles[at].clone()], "{key}");
        assert_eq!(env.focused_text().await, titles[at], "{key}");
    }

    // Marked without a reload, and saved.
    env.press(['m', 's']).await;
    env.wait_until("document.querySelector('.selected:not(.unread)[data-starred]')").await;
    env.reload().await;
    assert_eq!(env.texts("[data-starred]:not(.unread) h2").await, [titles[0].clone()]);
    env.press(['j', 'm', 's']).await;
    env.wait_until("document.querySelector('.selected.unread:not([data-starred])')").await;
    env.reload().await;
    assert!(!env.has("[data-starred]").await && env.texts(".unread").await.len() == 3);

    // In an article, j and k open its neighbours in the list.
    env.press(['j', 'o']).await;
    env.wait_for_article().await;
    assert_eq!(env.text("article h1").await, titles[0]);
    for (key, at) in [('j', 1), ('j', 2), ('k', 1)] {
        env.press([key]).await;
        env.wait_until(&format!("document.querySelector('article h1')?.innerText === {:?}", titles[at])).await;
    }
    env.visit("/articles?tag=ferries").await;
    env.press(['n', ENTER]).await;
    env.wait_for_article().await;
    assert_eq!(env.text("article h1").await, titles[0]);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_the_front_page_shows_twice_is_passed_once() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/").await;
    let shown = "[...document.querySelectorAll('[data-article]')].map(row => row.dataset.article)";
    let twice = env.evaluate(&format!("{shown}.find((id, at, all) => all.indexOf(id) < at)")).await;
    let twice = twice.as_str().expect("an article is just added, and leads or is in a section");
    // The list of the front page, article by article.
    let mut passed = Vec::new();
    env.press(['j', 'o']).await;
    loop {
        let article = env.wait_for_article().await.to_string();
        assert!(!passed.contains(&article), "{article} after {passed:?}");
        passed.push(article);
        let list = "JSON.parse(sessionStorage.getItem('list'))";
        if env.evaluate(&format!("{list}.at(-1) === location.pathname")).await == true {
            break;
        }
        env.press(['j']).await;
        let left =
            format!("document.querySelector('article.article')?.dataset.article !== {:?}", passed.last().unwrap());
        env.wait_until(&left).await;
    }
    assert!(passed.iter().any(|article| article == twice), "{twice} in {passed:?}");
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcuts_mark_and_widen_an_article_and_open_its_original() {
    let env = TestEnv::new().await;
    let url = "http://harbourpost.example/osprey";
    env.web.serve(url, MockResponse::html(report_page("The Harbour Post", "Politics", "Ferries", "Osprey", 1)));
    let number = env.import(url).await;
    env.visit(&format!("/article/{number}")).await;
    // A reload would remove this.
    env.evaluate("window.isTheSame = true").await;
    for (key, button) in [('m', "Mark unread"), ('m', "Mark read"), ('s', "Unstar"), ('s', "Star"), ('s', "Unstar")] {
        env.press([key]).await;
        env.find_by_xpath(&format!("//div[@class='actions']//button[.='{button}']")).await;
    }
    assert_eq!(env.evaluate("window.isTheSame").await, true);
    env.reload().await;
    assert_eq!(env.texts("div.actions [data-toggle]").await, ["Unstar", "Archive", "Mark read", "Delete"]);
    for width in ["wide", "narrow", "medium"] {
        env.press(['f']).await;
        env.wait_until(&format!("document.documentElement.dataset.width === '{width}'")).await;
    }
    env.press(['v']).await;
    assert_eq!(env.new_window_url().await, url);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_help_and_import_work_by_keyboard() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/").await;
    env.press(['?']).await;
    env.find("dialog[open] #keyboard-shortcuts").await;
    env.press([ESCAPE]).await;
    env.wait_until("!document.querySelector('dialog')").await;

    env.press(['/']).await;
    assert_eq!(env.focused_text().await, "q");
    env.press("pippin".chars().chain([ENTER])).await;
    env.wait_for_path("/articles?q=pippin").await;
    assert_eq!(env.texts(".rows h2").await, ["The long story of the Pippin"]);

    // Tab first reaches the skip link.
    env.visit("/keyboard-shortcuts").await;
    env.press([TAB]).await;
    assert_eq!(env.focused_text().await, "Skip to content");
    env.press([ENTER]).await;
    assert_eq!(env.evaluate("document.activeElement.id").await, "main");

    env.press(['g', 'n']).await;
    env.wait_for_path("/import").await;
    let url = "http://harbourpost.example/tern";
    env.web.serve(url, MockResponse::html(report_page("The Harbour Post", "Politics", "Ferries", "Tern", 1)));
    env.press(url.chars().chain([ENTER])).await;
    env.wait_for_article().await;
    assert_eq!(env.text("article h1").await, "The long story of the Tern");
    env.close().await;
}
