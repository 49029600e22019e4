//! Light and dark theme: by the system, or by the reader's choice, which takes precedence and is saved.

use crate::support::{CLUTTERED_URL, TestEnv};

#[tokio::test(flavor = "multi_thread")]
async fn the_theme_follows_the_system_or_the_readers_choice() {
    let env = TestEnv::new().await;
    env.serve_cluttered_page();
    let article = format!("/article/{}", env.import(CLUTTERED_URL).await);
    for page in ["/", &article, "/articles", "/settings", "/import"] {
        env.visit(page).await;
        for system in ["light", "dark"] {
            env.set_color_scheme(system).await;
            assert_eq!(theme(&env).await, system, "{page}");
        }
    }

    // The choice takes precedence over the system, at once and after a reload.
    env.visit(&article).await;
    for (button, expected) in [("Light", "light"), ("Dark", "dark")] {
        let system = if expected == "dark" { "light" } else { "dark" };
        env.set_color_scheme(system).await;
        env.click_text(button).await;
        env.wait_until(&format!("document.documentElement.dataset.theme === '{expected}'")).await;
        assert_eq!(theme(&env).await, expected);
        wait_until_saved(&env, expected).await;
        assert_eq!(theme(&env).await, expected);
    }
    env.click_text("System").await;
    wait_until_saved(&env, "auto").await;
    env.set_color_scheme("dark").await;
    assert_eq!(theme(&env).await, "dark");
    env.close().await;
}

/// The choice is saved in the background, so this reloads until it is.
async fn wait_until_saved(env: &TestEnv, choice: &str) {
    loop {
        env.reload().await;
        if env.evaluate("document.documentElement.dataset.theme").await == choice {
            return;
        }
    }
}

/// Returns `light` for dark text on light background, else `dark`. Checks the contrast of 7:1 (WCAG 2.2, 1.4.6).
async fn theme(env: &TestEnv) -> &'static str {
    let script = "const lightness = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(n => n / 255)\
                    .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);\
                    return .2126 * r + .7152 * g + .0722 * b };\
                  const style = getComputedStyle(document.documentElement);\
                  return [lightness(style.color), lightness(style.backgroundColor)]";
    let [ink, paper]: [f64; 2] = serde_json::from_value(env.run_script(script, serde_json::json!([])).await).unwrap();
    let contrast = (ink.max(paper) + 0.05) / (ink.min(paper) + 0.05);
    assert!(contrast >= 7.0, "{contrast}");
    if paper > ink { "light" } else { "dark" }
}
