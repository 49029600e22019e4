//! Pages that everybody can use: axe-core finds nothing wrong with any of them, light or dark, narrow or wide.

use serde_json::{Value, json};

use crate::support::Stage;

const AXE: &str = include_str!("vendor/axe.min.js");

/// What is looked at, and what it says when something is wrong: the rule, and the first places.
const LOOK: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
      ({ violations }) => done(violations.map(({ id, help, nodes }) =>
        `${id}: ${help}: ` + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 200) + ' ' + (any[0]?.message ?? '')).join(' | '))),
      error => done(['axe failed: ' + error]))";

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_wrong_with_any_page() {
    let stage = Stage::new().await;
    // Into each page before its own scripts: the pages' policy does not let the test in by another way.
    stage.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": AXE })).await;
    let wrong = tokio::sync::Mutex::new(Vec::new());
    stage
        .visit_every_page(async |stage, page| {
            for (width, height) in [(1280, 900), (360, 740)] {
                stage.set_screen(width, height).await;
                stage.until(&format!("innerWidth === {width}")).await;
                for system in ["light", "dark"] {
                    stage.set_system(system).await;
                    let found = axe(stage).await;
                    wrong.lock().await.extend(found.into_iter().map(|it| format!("{page} at {width}, {system}: {it}")));
                }
            }
        })
        .await;
    let wrong = wrong.into_inner();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_wrong_with_what_opens_above_a_page() {
    let stage = Stage::new().await;
    stage.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": AXE })).await;
    stage.visit("/articles").await;
    stage.press(['?']).await;
    stage.find("dialog[open] #keys").await;
    assert_eq!(axe(&stage).await, [""; 0]);
    stage.set_screen(360, 740).await;
    stage.visit("/articles").await;
    stage.choose("Menu").await;
    stage.find(".menu[open] a").await;
    assert_eq!(axe(&stage).await, [""; 0]);

    // And it would find something.
    stage.ask("document.querySelector('.menu nav a').textContent = ''", json!([])).await;
    let found = axe(&stage).await;
    assert!(found.len() == 1 && found[0].starts_with("link-name: "), "{found:?}");
    stage.close().await;
}

async fn axe(stage: &Stage) -> Vec<String> {
    let Value::Array(found) = stage.ask_later(LOOK).await else { panic!("axe answers with a list") };
    found.into_iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}
