//! axe-core finds no violations on any page, light or dark, narrow or wide.

use serde_json::{Value, json};

use crate::support::TestEnv;

/// The script of axe.
pub const AXE: &str = include_str!("vendor/axe.min.js");

/// Runs axe and returns each violation: the rule, its help text and the first places.
const LOOK: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
      ({ violations }) => done(violations.map(({ id, help, nodes }) =>
        `${id}: ${help}: ` + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 200) + ' ' + (any[0]?.message ?? '')).join(' | '))),
      error => done(['axe failed: ' + error]))";

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_no_violations_on_any_page() {
    let env = TestEnv::new().await;
    // Added before the page's own scripts, since the pages' policy allows no other way.
    env.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": AXE })).await;
    let wrong = tokio::sync::Mutex::new(Vec::new());
    env.visit_every_page(async |env, page| {
        for (width, height) in [(1280, 900), (360, 740)] {
            env.set_screen(width, height).await;
            env.wait_until(&format!("innerWidth === {width}")).await;
            for system in ["light", "dark"] {
                env.set_color_scheme(system).await;
                let found = axe(env).await;
                wrong.lock().await.extend(found.into_iter().map(|it| format!("{page} at {width}, {system}: {it}")));
            }
        }
    })
    .await;
    let wrong = wrong.into_inner();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_no_violations_in_the_dialog_and_the_menu() {
    let env = TestEnv::new().await;
    env.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": AXE })).await;
    env.visit("/articles").await;
    env.press(['?']).await;
    env.find("dialog[open] #keyboard-shortcuts").await;
    assert_eq!(axe(&env).await, [""; 0]);
    env.set_screen(360, 740).await;
    env.visit("/articles").await;
    env.click_text("Menu").await;
    env.find(".menu[open] a").await;
    assert_eq!(axe(&env).await, [""; 0]);

    // Axe would find a violation.
    env.run_script("document.querySelector('.menu nav a').textContent = ''", json!([])).await;
    let found = axe(&env).await;
    assert!(found.len() == 1 && found[0].starts_with("link-name: "), "{found:?}");
    env.close().await;
}

/// Returns the violations on the page.
pub async fn axe(env: &TestEnv) -> Vec<String> {
    let Value::Array(found) = env.run_async_script(LOOK).await else { panic!("axe returns a list") };
    found.into_iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}
