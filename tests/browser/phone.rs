//! A telephone 360 pixels wide.

use serde_json::json;

use crate::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn on_a_telephone_no_page_is_wider_than_the_screen() {
    let stage = Stage::new().await;
    stage.set_screen(360, 740).await;
    stage
        .visit_every_page(async |stage, page| {
            let widths =
                stage.value("[document.scrollingElement.clientWidth, document.scrollingElement.scrollWidth]").await;
            assert_eq!(widths, json!([360, 360]), "{page}: {}", widest(stage).await);
        })
        .await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_telephone_the_menu_opens_and_a_finger_can_hit_it() {
    let stage = Stage::new().await;
    stage.set_screen(360, 740).await;
    stage.visit("/").await;
    assert_eq!(stage.texts(".menu nav a").await, [""; 6], "the menu is shut");
    stage.choose("Menu").await;
    assert_eq!(stage.texts(".menu nav a").await, ["Articles", "Topics", "Sources", "Tags", "Imports", "Add"]);
    let small = "[...document.querySelectorAll('.menu nav a, .menu summary, .search button')].filter(e => e.getBoundingClientRect().height < 40).length";
    assert_eq!(stage.value(small).await, 0, "a finger can hit them");
    stage.choose("Topics").await;
    stage.until_at("/topics").await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_telephone_a_tab_of_the_imports_is_one_line() {
    let stage = Stage::new().await;
    stage.set_screen(360, 740).await;
    stage.visit("/imports").await;
    let beside = "(() => {
        const count = document.querySelector('.tabs .count');
        const word = document.createRange();
        word.selectNode(count.previousSibling);
        return Math.abs(word.getBoundingClientRect().bottom - count.getBoundingClientRect().bottom) < 4;
    })()";
    assert_eq!(stage.value(beside).await, true, "the count stands beside its word");
    stage.close().await;
}

/// The elements that stand out on the right, for whoever has to mend it.
async fn widest(stage: &Stage) -> String {
    let script = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 361)\
                  .map(e => e.tagName + '.' + e.className).slice(0, 8).join(' ')";
    stage.value(script).await.to_string()
}
