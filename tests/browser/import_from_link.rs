//! A page as cluttered as real ones becomes a clean article, without requests to other hosts.

use crate::support::{CLUTTERED_URL, TestEnv};

#[tokio::test(flavor = "multi_thread")]
async fn a_cluttered_page_becomes_a_clean_article_without_foreign_requests() {
    let env = TestEnv::new().await;
    env.serve_cluttered_page();
    env.visit("/").await;
    env.fill("#url", &format!("{CLUTTERED_URL}?utm_source=letter&fbclid=abc#comments")).await;
    env.click_text("Add article").await;
    let number = env.wait_for_article().await;
    assert_clean_article(&env).await;
    assert_images_are_local(&env, number).await;
    assert_removed_blocks_are_listed(&env).await;

    // Pages that show the article request nothing from other hosts.
    for page in ["/", "/articles", "/topic/politics", "/source/tideline.example"] {
        env.visit(page).await;
        env.wait_until(&format!("document.querySelector('a[href^=\"/article/{number}\"]')")).await;
    }
    let asked = env.requests().await;
    let foreign: Vec<_> = asked.iter().filter(|url| !url.starts_with(&format!("{}/", env.home))).collect();
    assert!(asked.len() > 20 && foreign.is_empty(), "{foreign:#?} of {asked:#?}");
    // The program fetched the page and the article's images, but no trackers, teasers or scripts.
    let mut fetched = env.web.requests();
    fetched.sort();
    let images = ["depot-640", "driver-480", "tram-960"].map(|name| format!("img.tideline.example/2026/{name}.png"));
    let page = "www.tideline.example/politics/night-trams-return?utm_source=letter&fbclid=abc".to_owned();
    assert_eq!(fetched, [&images[..], &[page]].concat());
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

/// Texts around the article.
const CLUTTER: &[&str] = &[
    "Advertisement",
    "Mattresses",
    "cookies",
    "partners",
    "Share",
    "Chirp this",
    "Breaking",
    "Home",
    "Read more",
    "parking charges go up again",
    "newsletter",
    "Sign up",
    "Download",
    "first month",
    "Related",
    "Ten walks",
    "Recommended",
    "Dentists",
    "Comments",
    "Ferryman",
    "Most read",
    "Fog to last",
    "rights reserved",
    "free articles",
    "About the author",
];

/// Checks metadata, that each sentence appears once and in order, and that no clutter is left.
async fn assert_clean_article(env: &TestEnv) {
    assert_eq!(env.texts("article h1").await, ["Night trams return to the waterfront after nine years"]);
    assert_eq!(env.text(".byline").await, "Priya Holloway");
    assert_eq!(env.text(".kicker").await, "Politics");
    let facts = env.text(".facts .meta").await;
    assert!(facts.contains("The Tideline") && facts.contains("21 November 2026"), "{facts}");
    assert_eq!(env.texts(".keyword-suggestions bdi").await.len(), 3, "offered, and no tags yet");
    assert!(!env.has(".tag-list").await);
    let text = env.text(".text").await;
    let sentences = [
        "Trams will run along the waterfront",
        "The vote in the council was close",
        "A city that goes to bed at midnight",
        "What it costs",
        "The timetable costs 1.4 million",
        "Opponents doubt the numbers",
        "Drivers have been trained since August",
        "One of them is Ama Reyes",
        "The first tram leaves the Custom House",
    ];
    let places: Vec<_> = sentences.iter().map(|words| text.match_indices(words).map(|(at, _)| at).collect()).collect();
    assert!(places.iter().all(|found: &Vec<usize>| found.len() == 1) && places.is_sorted(), "{places:?} in {text}");
    let whole = env.text("article > header").await + &text;
    for clutter in CLUTTER.iter().copied() {
        assert!(!whole.contains(clutter), "{clutter} in {whole}");
    }
    let caption = "A trial run along the quay on Tuesday night";
    assert!(env.text("article").await.matches(caption).count() <= 1, "the caption appears at most once");
    // Embeds are links with their text.
    assert_eq!(
        env.evaluate("document.querySelectorAll('article :is(iframe, script, object, embed, style)').length").await,
        0
    );
    assert!(text.contains("I kept my last night ticket for this."), "{text}");
    let cards = env.evaluate("[...document.querySelectorAll('.embed a')].map(link => link.href)").await;
    let expected =
        ["https://twitter.com/martaquill/status/1789000000000000001", "https://www.youtube.com/watch?v=abcDEF12345"];
    assert_eq!(cards, serde_json::json!(expected));
}

/// Checks that all three images are loaded from our own origin.
async fn assert_images_are_local(env: &TestEnv, number: i64) {
    env.visit_with_images(number, 3).await;
    let images = "[...document.querySelectorAll('article img')]";
    env.run_script(&format!("{images}.forEach(image => image.loading = 'eager')"), serde_json::json!([])).await;
    env.wait_until(&format!("{images}.every(image => image.complete && image.naturalWidth > 0)")).await;
    let ours = format!("{images}.every(image => image.src.startsWith(location.origin + '/image/') && !image.srcset)");
    assert_eq!(env.evaluate(&ours).await, true);
    assert_eq!(env.texts(".image-pending, .image-missing").await, [""; 0]);
}

/// Checks that removed blocks are listed with reason and text.
async fn assert_removed_blocks_are_listed(env: &TestEnv) {
    let summary = "//details/summary[starts-with(normalize-space(), 'Removed from the page')]";
    let panel = env.find_by_xpath(summary).await;
    env.click_element(panel).await;
    env.click("#removed details summary").await;
    let groups = env.texts(".removed-blocks > li").await;
    let has = |reason: &str, words: &str| {
        let is_there = |group: &String| group.to_lowercase().starts_with(reason) && group.contains(words);
        assert!(groups.iter().any(is_there), "{reason}: {words} in {groups:#?}");
    };
    has("advertisement", "Dentists are amazed by this kitchen spice");
    has("related links", "Ten walks for a wet weekend");
    has("newsletter", "The morning tide");
    has("comments", "nobody listened");
    has("cookie", "812 partners");
    let listed = groups.join(" ");
    for words in ["Never miss a story", "Fog to last until Thursday", "Share on Facebox"] {
        assert!(listed.contains(words), "{words} in {groups:#?}");
    }
}
