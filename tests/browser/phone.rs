//! A phone screen 360 pixels wide.

use serde_json::json;

use crate::support::TestEnv;

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_no_page_is_wider_than_the_screen() {
    let env = TestEnv::new().await;
    env.set_screen(360, 740).await;
    env.visit_every_page(async |env, page| {
        let widths =
            env.evaluate("[document.scrollingElement.clientWidth, document.scrollingElement.scrollWidth]").await;
        assert_eq!(widths, json!([360, 360]), "{page}: {}", widest_elements(env).await);
    })
    .await;
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_menu_opens_and_its_targets_are_large() {
    let env = TestEnv::new().await;
    env.set_screen(360, 740).await;
    env.visit("/").await;
    assert_eq!(env.texts(".menu nav a").await, [""; 7], "the menu is closed");
    env.click_text("Menu").await;
    assert_eq!(env.texts(".menu nav a").await, ["Articles", "Topics", "Feeds", "Sources", "Tags", "Imports", "Add"]);
    let small = "[...document.querySelectorAll('.menu nav a, .menu summary, .search button')].filter(e => e.getBoundingClientRect().height < 40).length";
    assert_eq!(env.evaluate(small).await, 0, "touch targets are large enough");
    env.click_text("Topics").await;
    env.wait_for_path("/topics").await;
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_a_tab_of_the_imports_is_one_line() {
    let env = TestEnv::new().await;
    env.set_screen(360, 740).await;
    env.visit("/imports").await;
    let beside = "(() => {
        const count = document.querySelector('.tabs .count');
        const word = document.createRange();
        word.selectNode(count.previousSibling);
        return Math.abs(word.getBoundingClientRect().bottom - count.getBoundingClientRect().bottom) < 4;
    })()";
    assert_eq!(env.evaluate(beside).await, true, "the count is beside its word");
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_a_long_source_name_is_shown_whole() {
    let env = TestEnv::new().await;
    env.set_screen(320, 700).await;
    env.visit("/articles").await;
    let cut = "(() => {
        const name = document.querySelector('.rows .meta bdi');
        name.textContent = 'Neues vom Hafen und von den Inseln – Schiffe, Gezeiten, Wetter und alte Geschichten';
        const box = name.closest('.meta').getBoundingClientRect();
        const range = document.createRange();
        range.selectNodeContents(name);
        const lines = [...range.getClientRects()];
        return [lines.length > 1, lines.some(line => line.left < box.left - 1 || line.right > box.right + 1)];
    })()";
    assert_eq!(env.evaluate(cut).await, json!([true, false]), "it has several lines, and none is cut");
    env.close().await;
}

/// Returns the elements that stick out on the right.
async fn widest_elements(env: &TestEnv) -> String {
    let script = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 361)\
                  .map(e => e.tagName + '.' + e.className).slice(0, 8).join(' ')";
    env.evaluate(script).await.to_string()
}
