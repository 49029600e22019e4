//! Layout on every screen and on paper.

use serde_json::json;

use crate::mock_web::MockResponse;
use crate::support::{CLUTTERED_URL, TestEnv, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn the_link_field_is_wide_enough_on_every_screen() {
    let env = TestEnv::new().await;
    for (screen, room) in [(360, 220), (768, 500), (820, 500), (1280, 500)] {
        env.set_screen(screen, 800).await;
        env.visit_for_layout("/").await;
        let width = env.evaluate("document.querySelector('#url').offsetWidth").await.as_u64().unwrap();
        assert!(width >= room, "{width} at {screen}");
    }
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_metadata_starts_or_ends_with_a_dot() {
    let env = TestEnv::new().await;
    for screen in [360, 1280] {
        env.set_screen(screen, 800).await;
        env.visit_for_layout("/").await;
        assert_eq!(env.evaluate(&stray_dots(".lead .meta")).await, 0, "in the lead at {screen}");
    }
    env.import_samples().await;
    for screen in [360, 420, 1280] {
        env.set_screen(screen, 800).await;
        env.visit_for_layout("/articles").await;
        assert_eq!(env.evaluate(&stray_dots(".rows .meta")).await, 0, "in a list at {screen}");
        assert_eq!(env.evaluate("getComputedStyle(document.querySelector('.rows .meta')).overflow").await, "clip");
    }
    env.close().await;
}

/// Counts facts at the start of a line whose dot is not outside the line; -1 without facts.
fn stray_dots(lines: &str) -> String {
    format!(
        "(lines => lines.length ? lines.flatMap(meta => {{
            const edge = meta.getBoundingClientRect(), dot = 1.1 * parseFloat(getComputedStyle(meta).fontSize);
            const facts = [...meta.children].filter(fact => fact.offsetWidth).map(fact => fact.getBoundingClientRect());
            return facts.filter((fact, at) => at === 0 || fact.top > facts[at - 1].top + 4)
                .filter(fact => Math.abs(fact.left + dot - edge.left) > 1);
        }}).length : -1)([...document.querySelectorAll({lines:?})])"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_display_toggle_stays_in_place() {
    let env = TestEnv::new().await;
    for screen in [360, 800, 1280] {
        env.set_screen(screen, 800).await;
        env.visit_for_layout("/article/1").await;
        let place = "(() => { const { left, top } = document.querySelector('.actions summary').getBoundingClientRect(); return [left, top] })()";
        let before = env.evaluate(place).await;
        env.click_text("Display").await;
        env.wait_until("document.querySelector('.display-settings').offsetHeight").await;
        assert_eq!(env.evaluate(place).await, before, "at {screen}");
    }
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_no_action_is_alone_in_its_row() {
    let env = TestEnv::new().await;
    env.set_screen(360, 740).await;
    env.visit_for_layout("/article/1").await;
    let rows = "Object.values(Object.groupBy([...document.querySelectorAll('.actions :is(a, button, summary)')]
        .filter(e => e.offsetHeight && !e.closest('.display-settings')), e => Math.round(e.getBoundingClientRect().top)))
        .map(row => row.length)";
    let rows: Vec<u64> = serde_json::from_value(env.evaluate(rows).await).unwrap();
    assert!(rows.iter().all(|row| *row > 1), "{rows:?}");
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_undo_button_is_beside_its_notice() {
    let env = TestEnv::new().await;
    env.visit_for_layout("/article/1").await;
    env.click_text("Delete").await;
    env.find(".notice form").await;
    let gap = "document.querySelector('.notice button').getBoundingClientRect().left
        - document.querySelector('.notice p').getBoundingClientRect().right";
    assert!(env.evaluate(gap).await.as_f64().unwrap() < 40.0);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tall_image_fits_the_window() {
    let env = TestEnv::new().await;
    env.serve_cluttered_page();
    let article = env.import(CLUTTERED_URL).await;
    env.set_screen(1280, 300).await;
    env.visit_with_images(article, 3).await;
    let tallest = "Math.max(...[...document.querySelectorAll('article img')].map(picture => picture.offsetHeight))";
    assert!(env.evaluate(tallest).await.as_u64().unwrap() <= 255);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn print_hides_controls() {
    let env = TestEnv::new().await;
    let url = "http://hillherald.example/1";
    env.web.serve(url, MockResponse::html(report_page("Hill Herald", "Politics", "Budget", "Bridge", 4)));
    env.import(url).await;
    env.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    let seen = |selector: &str| {
        format!("[...document.querySelectorAll({selector:?})].filter(e => e.getClientRects().length).length")
    };
    for (page, there, gone) in [
        ("/", ".front-page .nameplate, .dateline time", ".import-box, .menu, .unread-dot, .site-footer"),
        ("/articles", "h1", ".filters, .tabs, .menu, .unread-dot, .site-footer"),
        ("/article/1", "h1", ".actions, .menu, .article-details"),
    ] {
        env.visit_for_layout(page).await;
        assert!(env.evaluate(&seen(there)).await.as_u64().unwrap() > 0, "{page}");
        assert_eq!(env.evaluate(&seen(gone)).await, 0, "{page}");
    }
    env.close().await;
}
