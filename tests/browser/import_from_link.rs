//! A page as cluttered as real ones, by its address: only the article is left, and nobody else is asked for anything.

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

    // Wherever the article is shown, the browser asks nobody but us.
    for page in ["/", "/articles", "/topic/politics", "/source/tideline.example"] {
        env.visit(page).await;
        env.wait_until(&format!("document.querySelector('a[href=\"/article/{number}\"]')")).await;
    }
    let asked = env.requests().await;
    let foreign: Vec<_> = asked.iter().filter(|address| !address.starts_with(&format!("{}/", env.home))).collect();
    assert!(asked.len() > 20 && foreign.is_empty(), "{foreign:#?} of {asked:#?}");
    // The program itself asked for the page and for the pictures of the article, not for trackers, teasers or scripts.
    let mut fetched = env.web.requests();
    fetched.sort();
    let pictures = ["depot-640", "driver-480", "tram-960"].map(|name| format!("img.tideline.example/2026/{name}.png"));
    let page = "www.tideline.example/politics/night-trams-return?utm_source=letter&fbclid=abc".to_owned();
    assert_eq!(fetched, [&pictures[..], &[page]].concat());
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

/// What surrounds the article.
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

/// Title, byline, date, source, topic and tags where they belong; every sentence of the article once; none of the rest.
async fn assert_clean_article(env: &TestEnv) {
    assert_eq!(env.texts("article h1").await, ["Night trams return to the waterfront after nine years"]);
    assert_eq!(env.text(".byline").await, "Priya Holloway");
    assert_eq!(env.text(".kicker").await, "Politics");
    let facts = env.text(".facts .meta").await;
    assert!(facts.contains("The Tideline") && facts.contains("21 November 2026"), "{facts}");
    assert_eq!(env.texts(".tag-list a").await, ["Night life", "Trams", "Waterfront"]);
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
    assert!(env.text("article").await.matches(caption).count() <= 1, "the caption stands there once at most");
    // What was embedded is a plain link, with the words that came with it.
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

/// All three pictures of the article are here, seen, and from our own address.
async fn assert_images_are_local(env: &TestEnv, number: i64) {
    env.wait_for_images(number, 3).await;
    let pictures = "[...document.querySelectorAll('article img')]";
    env.run_script(&format!("{pictures}.forEach(image => image.loading = 'eager')"), serde_json::json!([])).await;
    env.wait_until(&format!("{pictures}.every(image => image.complete && image.naturalWidth > 0)")).await;
    let ours = format!("{pictures}.every(image => image.src.startsWith(location.origin + '/image/') && !image.srcset)");
    assert_eq!(env.evaluate(&ours).await, true);
    assert_eq!(env.texts(".picture-waiting, .picture-missing").await, [""; 0]);
}

/// The panel lists what was removed, each with its reason and its words.
async fn assert_removed_blocks_are_listed(env: &TestEnv) {
    let summary = "//details/summary[starts-with(normalize-space(), 'Removed from the page')]";
    let panel = env.find_by_xpath(summary).await;
    env.click_element(panel).await;
    let groups = env.texts(".removed-blocks > li").await;
    let has = |reason: &str, words: &str| {
        let group = groups.iter().find(|group| group.to_lowercase().starts_with(reason));
        assert!(group.is_some_and(|group| group.contains(words)), "{reason}: {words} in {groups:#?}");
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
