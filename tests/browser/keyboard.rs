//! Only the keyboard: every key does what the page of keys says.

use crate::mock_web::MockResponse;
use crate::support::{ENTER, ESCAPE, Stage, TAB, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn g_and_a_letter_lead_everywhere() {
    let stage = Stage::new().await;
    stage.visit("/keys").await;
    let places = [
        ('h', "/"),
        ('a', "/articles"),
        ('u', "/articles?unread=1"),
        ('f', "/articles?starred=1"),
        ('t', "/topics"),
        ('s', "/sources"),
        ('l', "/tags"),
        ('i', "/imports"),
        ('n', "/import"),
    ];
    let told = stage.texts(".keys dt").await;
    for (letter, place) in places {
        assert!(told.contains(&format!("g {letter}")), "{letter} in {told:?}");
        // The page for handing in puts the focus into its first field, where letters are letters.
        stage.visit("/keys").await;
        stage.press(['g', letter]).await;
        stage.until_at(place).await;
    }
    // The last page: letters typed into a field are text.
    stage.press("http://g".chars()).await;
    assert_eq!(stage.value("document.querySelector('#address').value").await, "http://g");
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_walked_marked_and_opened() {
    let stage = Stage::new().await;
    stage.import_samples().await;
    stage.visit("/articles?tag=ferries").await;
    let titles = stage.texts(".rows h2").await;
    assert_eq!(titles.len(), 3);

    for (key, at) in [('j', 0), ('n', 1), ('j', 2), ('p', 1), ('k', 0)] {
        stage.press([key]).await;
        assert_eq!(stage.texts(".selected h2").await, [titles[at].clone()], "{key}");
        assert_eq!(stage.focused().await, titles[at], "{key}");
    }

    // Marked on the spot, and remembered.
    stage.press(['m', 's']).await;
    stage.until("document.querySelector('.selected:not(.unread)[data-starred]')").await;
    stage.reload().await;
    assert_eq!(stage.texts("[data-starred]:not(.unread) h2").await, [titles[0].clone()]);
    stage.press(['j', 'm', 's']).await;
    stage.until("document.querySelector('.selected.unread:not([data-starred])')").await;
    stage.reload().await;
    assert!(!stage.has("[data-starred]").await && stage.texts(".unread").await.len() == 3);

    // Opened; in an article, j and k go on through the list.
    stage.press(['j', 'o']).await;
    stage.until_article().await;
    assert_eq!(stage.text("article h1").await, titles[0]);
    for (key, at) in [('j', 1), ('j', 2), ('k', 1)] {
        stage.press([key]).await;
        stage.until(&format!("document.querySelector('article h1')?.innerText === {:?}", titles[at])).await;
    }
    stage.visit("/articles?tag=ferries").await;
    stage.press(['n', ENTER]).await;
    stage.until_article().await;
    assert_eq!(stage.text("article h1").await, titles[0]);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_marked_widened_and_its_original_opened() {
    let stage = Stage::new().await;
    let address = "http://harbourpost.example/osprey";
    stage.web.serve(address, MockResponse::html(report_page("The Harbour Post", "Politics", "Ferries", "Osprey", 1)));
    let number = stage.import(address).await;
    stage.visit(&format!("/article/{number}")).await;
    // On the spot: a page that was loaded anew would have forgotten this.
    stage.value("window.isTheSame = true").await;
    for (key, button) in [('m', "Mark unread"), ('m', "Mark read"), ('s', "Unstar"), ('s', "Star"), ('s', "Unstar")] {
        stage.press([key]).await;
        stage.find_by_path(&format!("//div[@class='actions']//button[.='{button}']")).await;
    }
    assert_eq!(stage.value("window.isTheSame").await, true);
    stage.reload().await;
    assert_eq!(stage.texts(".actions [data-toggle]").await, ["Unstar", "Archive", "Mark read"]);
    for width in ["wide", "narrow", "medium"] {
        stage.press(['f']).await;
        stage.until(&format!("document.documentElement.dataset.width === '{width}'")).await;
    }
    stage.press(['v']).await;
    assert_eq!(stage.address_of_new_window().await, address);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn searching_help_and_handing_in_need_no_mouse() {
    let stage = Stage::new().await;
    stage.import_samples().await;
    stage.visit("/").await;
    stage.press(['?']).await;
    stage.find("dialog[open] #keys").await;
    stage.press([ESCAPE]).await;
    stage.until("!document.querySelector('dialog')").await;

    stage.press(['/']).await;
    assert_eq!(stage.focused().await, "q");
    stage.press("pippin".chars().chain([ENTER])).await;
    stage.until_at("/articles?q=pippin").await;
    assert_eq!(stage.texts(".rows h2").await, ["The long story of the Pippin"]);

    // The first thing that Tab reaches leads past the menu.
    stage.visit("/keys").await;
    stage.press([TAB]).await;
    assert_eq!(stage.focused().await, "Skip to content");
    stage.press([ENTER]).await;
    assert_eq!(stage.value("document.activeElement.id").await, "main");

    stage.press(['g', 'n']).await;
    stage.until_at("/import").await;
    let address = "http://harbourpost.example/tern";
    stage.web.serve(address, MockResponse::html(report_page("The Harbour Post", "Politics", "Ferries", "Tern", 1)));
    stage.press(address.chars().chain([ENTER])).await;
    stage.until_article().await;
    assert_eq!(stage.text("article h1").await, "The long story of the Tern");
    stage.close().await;
}
