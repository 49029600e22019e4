//! Light and dark: by the system, and by the switch, which is stronger and remembered.

use crate::support::{CLUTTERED_URL, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_dark_when_the_system_is_or_when_the_reader_says_so() {
    let stage = Stage::new().await;
    stage.serve_cluttered_page();
    let article = format!("/article/{}", stage.import(CLUTTERED_URL).await);
    for page in ["/", &article, "/articles", "/settings", "/import"] {
        stage.visit(page).await;
        for system in ["light", "dark"] {
            stage.set_system(system).await;
            assert_eq!(theme(&stage).await, system, "{page}");
        }
    }

    // The switch is stronger than the system, at once and on the next page and after the next start.
    stage.visit(&article).await;
    for (button, expected) in [("Light", "light"), ("Dark", "dark")] {
        let system = if expected == "dark" { "light" } else { "dark" };
        stage.set_system(system).await;
        stage.choose(button).await;
        stage.until(&format!("document.documentElement.dataset.theme === '{expected}'")).await;
        assert_eq!(theme(&stage).await, expected);
        until_remembered(&stage, expected).await;
        assert_eq!(theme(&stage).await, expected);
    }
    stage.choose("System").await;
    until_remembered(&stage, "auto").await;
    stage.set_system("dark").await;
    assert_eq!(theme(&stage).await, "dark");
    stage.close().await;
}

/// The choice is posted in the background; reloads until the server says so.
async fn until_remembered(stage: &Stage, choice: &str) {
    loop {
        stage.reload().await;
        if stage.value("document.documentElement.dataset.theme").await == choice {
            return;
        }
    }
}

/// What it looks like: `light` when dark ink stands on light paper, with the contrast that people need for reading
/// (WCAG 2.2, 1.4.6: seven to one).
async fn theme(stage: &Stage) -> &'static str {
    let script = "const lightness = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(n => n / 255)\
                    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);\
                    return .2126 * r + .7152 * g + .0722 * b };\
                  const style = getComputedStyle(document.documentElement);\
                  return [lightness(style.color), lightness(style.backgroundColor)]";
    let [ink, paper]: [f64; 2] = serde_json::from_value(stage.ask(script, serde_json::json!([])).await).unwrap();
    let contrast = (ink.max(paper) + 0.05) / (ink.min(paper) + 0.05);
    assert!(contrast >= 7.0, "{contrast}");
    if paper > ink { "light" } else { "dark" }
}
