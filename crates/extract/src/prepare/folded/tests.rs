//! Accordions, tabs and "read more", as pages write them.

use crate::page::{Page, Source};

const BEFORE: &str = "The lock at the mill has been repaired after four years, and boats pass through it again from the first of May on.";
const AFTER: &str = "Whoever wants to see the old gates, which were made of oak from the hill, finds them behind the church of the village.";

/// Returns the HTML that is shown for what stands between two paragraphs.
fn read(between: &str) -> String {
    let html = format!(
        "<html lang=en><title>The lock</title><article><h1>The lock</h1><p>{BEFORE}</p>{between}<p>{AFTER}</p></article>"
    );
    let page = Page { source: Source::Html(&html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] };
    let body = crate::article(&page).body.as_str().replace('\n', "");
    body.replace(&format!("<p>{BEFORE}</p>"), "").replace(&format!("<p>{AFTER}</p>"), "")
}

#[test]
fn what_a_control_opens_is_text() {
    for (between, wanted) in [
        (
            "<div class=faq><h3><button aria-expanded=false aria-controls=a>When does it open?</button></h3><div id=a hidden><p>At eight.<p>On Sundays at nine.</div></div>",
            "<h3>When does it open?</h3><p>At eight.</p><p>On Sundays at nine.</p>",
        ),
        (
            "<div class=accordion><a href='#b' data-toggle=collapse aria-expanded=false>How long is it?</a><div id=b class=collapse style='display: none'><p>It is thirty metres long.</p></div></div>",
            "<h4>How long is it?</h4><p>It is thirty metres long.</p>",
        ),
        (
            "<div class=accordion><button aria-controls=l aria-expanded=false>Lessons learned</button><div id=l hidden><p>Oak outlives iron under water.</p></div></div>",
            "<h4>Lessons learned</h4><p>Oak outlives iron under water.</p>",
        ),
        (
            "<div class=accordion><button aria-controls=m aria-expanded=false>More…</button><div id=m hidden><p>Oak outlives iron under water.</p></div></div>",
            "<p>Oak outlives iron under water.</p>",
        ),
        (
            "<button aria-controls=c>Read more</button><div id=c aria-hidden=true><p>The gates were lifted in by a crane that came by rail.</p></div>",
            "<p>The gates were lifted in by a crane that came by rail.</p>",
        ),
        (
            "<div role=tablist><a role=tab href='#d'>Up</a><a role=tab href='#e'>Down</a></div><div id=d role=tabpanel><p>Wait for the green light.</p></div><div id=e role=tabpanel hidden><p>Hold on to the rope.</p></div>",
            "<h4>Up</h4><p>Wait for the green light.</p><h4>Down</h4><p>Hold on to the rope.</p>",
        ),
        (
            "<ul class=nav-tabs><li>Up</li><li>Down</li></ul><div class=tab-content><div><p>Wait for the green light.</p></div><div style=display:none><p>Hold on to the rope.</p></div></div>",
            "<h4>Up</h4><p>Wait for the green light.</p><h4>Down</h4><p>Hold on to the rope.</p>",
        ),
        (
            "<details><summary>Who paid for it?</summary><p>The county did, and the mill.</p></details>",
            "<details><summary>Who paid for it?</summary><p>The county did, and the mill.</p></details>",
        ),
    ] {
        assert_eq!(read(between), wanted, "{between}");
    }
}

#[test]
fn menus_forms_and_windows_stay_folded() {
    for between in [
        "<button aria-controls=a>Menu</button><div id=a class=menu hidden><p>News of the valley and of the hills.</p></div>",
        "<button aria-controls=b>Share</button><div id=b hidden><a href=/x>On this site here</a> <a href=/y>On that site there</a></div>",
        "<button aria-controls=c>Write to us</button><form id=c hidden><p>Your name and your letter to us.</p></form>",
        "<button aria-controls=d>Map</button><div id=d role=dialog hidden><p>This is the map of the whole valley.</p></div>",
        "<div hidden><p>No control on this page opens these words at all.</p></div>",
    ] {
        assert_eq!(read(between), "", "{between}");
    }
}

#[test]
fn what_stays_hidden_is_listed_as_removed() {
    let html = format!(
        "<article><p>{BEFORE}</p><div hidden><p>No control on this page opens these ten words.</p></div><p>{AFTER}</p></article>"
    );
    let page = Page { source: Source::Html(&html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] };
    let removed = crate::article(&page).removed;
    assert!(removed.iter().any(|block| block.text.starts_with("No control")), "{removed:?}");
}
