//! A page as cluttered as real ones, by its address: only the article is left, and nobody else is asked for anything.

use crate::support::{CLUTTERED_URL, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn of_a_cluttered_page_only_the_article_is_left_and_nobody_else_is_asked() {
    let stage = Stage::new().await;
    stage.serve_cluttered_page();
    stage.visit("/").await;
    stage.fill("#address", &format!("{CLUTTERED_URL}?utm_source=letter&fbclid=abc#comments")).await;
    stage.choose("Add article").await;
    let number = stage.until_article().await;
    reads_clean(&stage).await;
    pictures_are_our_own(&stage, number).await;
    shows_what_was_left_out(&stage).await;

    // Wherever the article is shown, the browser asks nobody but us.
    for page in ["/", "/articles", "/topic/politics", "/source/tideline.example"] {
        stage.visit(page).await;
        stage.until(&format!("document.querySelector('a[href=\"/article/{number}\"]')")).await;
    }
    let asked = stage.requests().await;
    let foreign: Vec<_> = asked.iter().filter(|address| !address.starts_with(&format!("{}/", stage.home))).collect();
    assert!(asked.len() > 20 && foreign.is_empty(), "{foreign:#?} of {asked:#?}");
    // The program itself asked for the page and for the pictures of the article, not for trackers, teasers or scripts.
    let mut fetched = stage.web.requests();
    fetched.sort();
    let pictures = ["depot-640", "driver-480", "tram-960"].map(|name| format!("img.tideline.example/2026/{name}.png"));
    let page = "www.tideline.example/politics/night-trams-return?utm_source=letter&fbclid=abc".to_owned();
    assert_eq!(fetched, [&pictures[..], &[page]].concat());
    assert_eq!(stage.complaints().await, [""; 0]);
    stage.close().await;
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
async fn reads_clean(stage: &Stage) {
    assert_eq!(stage.texts("article h1").await, ["Night trams return to the waterfront after nine years"]);
    assert_eq!(stage.text(".byline").await, "Priya Holloway");
    assert_eq!(stage.text(".kicker").await, "Politics");
    let facts = stage.text(".facts .meta").await;
    assert!(facts.contains("The Tideline") && facts.contains("21 November 2026"), "{facts}");
    assert_eq!(stage.texts(".tag-list a").await, ["Night life", "Trams", "Waterfront"]);
    let text = stage.text(".text").await;
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
    let whole = stage.text("article > header").await + &text;
    for clutter in CLUTTER.iter().copied() {
        assert!(!whole.contains(clutter), "{clutter} in {whole}");
    }
    let caption = "A trial run along the quay on Tuesday night";
    assert!(stage.text("article").await.matches(caption).count() <= 1, "the caption stands there once at most");
    // What was embedded is a plain link, with the words that came with it.
    assert_eq!(
        stage.value("document.querySelectorAll('article :is(iframe, script, object, embed, style)').length").await,
        0
    );
    assert!(text.contains("I kept my last night ticket for this."), "{text}");
    let cards = stage.value("[...document.querySelectorAll('.embed a')].map(link => link.href)").await;
    let expected =
        ["https://twitter.com/martaquill/status/1789000000000000001", "https://www.youtube.com/watch?v=abcDEF12345"];
    assert_eq!(cards, serde_json::json!(expected));
}

/// All three pictures of the article are here, seen, and from our own address.
async fn pictures_are_our_own(stage: &Stage, number: i64) {
    stage.visit_with_images(number, 3).await;
    let pictures = "[...document.querySelectorAll('article img')]";
    stage.ask(&format!("{pictures}.forEach(image => image.loading = 'eager')"), serde_json::json!([])).await;
    stage.until(&format!("{pictures}.every(image => image.complete && image.naturalWidth > 0)")).await;
    let ours =
        format!("{pictures}.every(image => image.src.startsWith(location.origin + '/picture/') && !image.srcset)");
    assert_eq!(stage.value(&ours).await, true);
    assert_eq!(stage.texts(".picture-waiting, .picture-missing").await, [""; 0]);
}

/// The panel lists what was removed, each with its reason and its words.
async fn shows_what_was_left_out(stage: &Stage) {
    let summary = "//details/summary[starts-with(normalize-space(), 'Removed from the page')]";
    let panel = stage.find_by_path(summary).await;
    stage.click_on(panel).await;
    let groups = stage.texts(".left-out > li").await;
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
