//! What only an eye would miss: things that stand where they should, on every screen and on paper.

use serde_json::json;

use crate::mock_web::MockResponse;
use crate::support::{CLUTTERED_URL, Stage, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_room_on_every_screen() {
    let stage = Stage::new().await;
    for (screen, room) in [(360, 220), (768, 500), (820, 500), (1280, 500)] {
        stage.set_screen(screen, 800).await;
        stage.look_at("/").await;
        let width = stage.value("document.querySelector('#address').offsetWidth").await.as_u64().unwrap();
        assert!(width >= room, "{width} at {screen}");
    }
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_facts_begins_or_ends_with_a_dot() {
    let stage = Stage::new().await;
    for screen in [360, 1280] {
        stage.set_screen(screen, 800).await;
        stage.look_at("/").await;
        assert_eq!(stage.value(&stray_dots(".lead .meta")).await, 0, "in the lead at {screen}");
    }
    stage.import_samples().await;
    for screen in [360, 420, 1280] {
        stage.set_screen(screen, 800).await;
        stage.look_at("/articles").await;
        assert_eq!(stage.value(&stray_dots(".rows .meta")).await, 0, "in a list at {screen}");
        assert_eq!(stage.value("getComputedStyle(document.querySelector('.rows .meta')).overflow").await, "clip");
    }
    stage.close().await;
}

/// How many facts neither follow another on their line nor begin a line where the line begins, so that their dot is outside;
/// or -1 where there are no facts.
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
async fn what_opens_the_settings_of_the_text_stays_under_the_pointer() {
    let stage = Stage::new().await;
    for screen in [360, 800, 1280] {
        stage.set_screen(screen, 800).await;
        stage.look_at("/article/1").await;
        let place = "(() => { const { left, top } = document.querySelector('.actions summary').getBoundingClientRect(); return [left, top] })()";
        let before = stage.value(place).await;
        stage.choose("Display").await;
        stage.until("document.querySelector('.reading').offsetHeight").await;
        assert_eq!(stage.value(place).await, before, "at {screen}");
    }
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_telephone_no_action_stands_alone_in_its_row() {
    let stage = Stage::new().await;
    stage.set_screen(360, 740).await;
    stage.look_at("/article/1").await;
    let rows = "Object.values(Object.groupBy([...document.querySelectorAll('.actions :is(a, button, summary)')]
        .filter(e => e.offsetHeight && !e.closest('.reading')), e => Math.round(e.getBoundingClientRect().top)))
        .map(row => row.length)";
    let rows: Vec<u64> = serde_json::from_value(stage.value(rows).await).unwrap();
    assert!(rows.iter().all(|row| *row > 1), "{rows:?}");
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_stands_beside_what_was_done() {
    let stage = Stage::new().await;
    stage.look_at("/article/1").await;
    stage.choose("Delete").await;
    stage.find(".notice form").await;
    let gap = "document.querySelector('.notice button').getBoundingClientRect().left
        - document.querySelector('.notice p').getBoundingClientRect().right";
    assert!(stage.value(gap).await.as_f64().unwrap() < 40.0);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tall_picture_fits_into_the_window() {
    let stage = Stage::new().await;
    stage.serve_cluttered_page();
    let article = stage.import(CLUTTERED_URL).await;
    stage.set_screen(1280, 300).await;
    stage.visit_with_images(article, 3).await;
    let tallest = "Math.max(...[...document.querySelectorAll('article img')].map(picture => picture.offsetHeight))";
    assert!(stage.value(tallest).await.as_u64().unwrap() <= 255);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_there_is_what_is_read_and_nothing_to_press() {
    let stage = Stage::new().await;
    let address = "http://hillherald.example/1";
    stage.web.serve(address, MockResponse::html(report_page("Hill Herald", "Politics", "Budget", "Bridge", 4)));
    stage.import(address).await;
    stage.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    let seen = |selector: &str| {
        format!("[...document.querySelectorAll({selector:?})].filter(e => e.getClientRects().length).length")
    };
    for (page, there, gone) in [
        ("/", ".front .nameplate, .dateline time", ".import-box, .menu, .dot, .colophon"),
        ("/articles", "h1", ".filters, .tabs, .menu, .dot, .colophon"),
        ("/article/1", "h1", ".actions, .menu, .about"),
    ] {
        stage.look_at(page).await;
        assert!(stage.value(&seen(there)).await.as_u64().unwrap() > 0, "{page}");
        assert_eq!(stage.value(&seen(gone)).await, 0, "{page}");
    }
    stage.close().await;
}
