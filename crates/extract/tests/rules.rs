//! What a reader decides about a site's pages, from the block that is pointed at to the article that comes out.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

use dom_query::Document;
use extract::{Action, Article, Block, Page, Reason, Rule, Selector, SelectorError, SelectorScope, Source};
use proptest::prelude::*;

const PAGE: &str = r#"<html><head><title>The lock at Millbrook</title></head><body>
<nav class="site-nav"><a href="/">Home</a> <a href="/news">News</a></nav>
<article class="story-body">
<h1>The lock at Millbrook</h1>
<p>The lock at Millbrook was closed on Monday, and four barges waited in the rain until the keeper found the second key in a drawer.</p>
<p>Nobody had looked there, the keeper said, because the drawer was where the old key had been kept, and the old key was lost.</p>
<p class="house-line">The Valley Post has been printed in this town by the same family since the second bridge was built.</p>
<p>By the evening all of them had gone through, the last one with a dog on its roof that barked at every bird on the bank.</p>
<aside class="promo-box"><h3>What the water rose to</h3><p>On Monday the gauge at the lock showed two metres and ten, the highest since the flood of the spring before.</p></aside>
<p>The council has ordered a third key, which will be kept by the baker, who is awake when nobody else is and lives beside the lock.</p>
</article>
<div class="correction-x"><p>An earlier version of this report said that there were five barges. There were four, and a raft.</p></div>
<footer class="site-footer"><p>All rights reserved by the Valley Post.</p></footer>
</body></html>"#;

const GAUGE: &str = "two metres and ten";
const HOUSE: &str = "printed in this town";

fn read(html: &str, rules: &[Rule]) -> Article {
    extract::article(&Page { source: Source::Html(html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules })
}

fn blocks(html: &str, rules: &[Rule]) -> Vec<Block> {
    extract::blocks(&Page { source: Source::Html(html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules })
}

fn rule(selector: &str, action: Action) -> Rule {
    Rule { selector: selector.parse().unwrap(), action }
}

fn keep(selector: &str) -> Rule {
    rule(selector, Action::Keep)
}

fn take_out(selector: &str) -> Rule {
    rule(selector, Action::Remove(Reason::Promotion))
}

#[test]
fn without_rules_the_page_reads_as_it_always_did() {
    let article = read(PAGE, &[]);
    assert!(!article.text.contains(GAUGE), "{}", article.text);
    assert!(article.text.contains(HOUSE), "{}", article.text);
}

#[test]
fn a_kept_block_is_in_the_article_at_its_place() {
    let article = read(PAGE, &[keep(".promo-box")]);
    let places = ["a dog on its roof", GAUGE, "a third key"].map(|words| article.text.find(words).unwrap());
    assert!(places.is_sorted(), "{}", article.text);
    assert!(article.body.as_str().contains("What the water rose to</h3>"), "{}", article.body.as_str());
    assert!(!article.removed.iter().any(|block| block.text.contains(GAUGE)), "{:#?}", article.removed);
}

#[test]
fn what_stands_outside_the_chosen_part_can_be_put_back_too() {
    let article = read(PAGE, &[keep(".correction-x"), keep("nav.site-nav")]);
    assert!(article.text.trim_end().ends_with("There were four, and a raft."), "{}", article.text);
    assert!(article.text.starts_with("Home News"), "{}", article.text);
}

#[test]
fn a_block_that_is_taken_out_leaves_with_its_reason() {
    let article = read(PAGE, &[take_out("p.house-line")]);
    assert!(!article.text.contains(HOUSE), "{}", article.text);
    let gone = article.removed.iter().find(|block| block.text.contains(HOUSE)).unwrap();
    assert_eq!(gone.reason, Reason::Promotion);
    assert!(article.text.contains("awake when nobody else is"));
}

#[test]
fn the_nearer_rule_decides_and_of_two_for_one_block_the_later() {
    let inside = read(PAGE, &[take_out(".story-body"), keep(".promo-box p")]);
    assert!(inside.text.contains(GAUGE) && !inside.text.contains("four barges"), "{}", inside.text);
    let later = read(PAGE, &[keep(".house-line"), take_out("p.house-line")]);
    assert!(!later.text.contains(HOUSE), "{}", later.text);
    let later = read(PAGE, &[take_out("p.house-line"), keep(".house-line")]);
    assert!(later.text.contains(HOUSE), "{}", later.text);
    let within = read(PAGE, &[keep(".promo-box"), take_out(".promo-box h3")]);
    assert!(within.text.contains(GAUGE) && !within.text.contains("What the water rose to"), "{}", within.text);
}

#[test]
fn a_kept_part_that_holds_the_whole_article_is_kept_whole() {
    for selector in ["article", "article.story-body", ".story-body > *"] {
        let Ok(selector) = selector.parse::<Selector>() else { continue };
        let article = read(PAGE, &[Rule { selector, action: Action::Keep }]);
        assert!(article.text.contains(GAUGE) && article.text.contains("four barges"), "{}", article.text);
    }
}

#[test]
fn of_a_line_that_is_left_out_only_what_is_pointed_at_comes_back() {
    let page =
        PAGE.replace("by the Valley Post.</p>", "by the Valley Post. <b class=river>Printed beside the river.</b></p>");
    let article = read(&page, &[keep("b.river")]);
    assert!(article.text.contains("Printed beside the river."), "{}", article.text);
    assert!(!article.text.contains("All rights reserved"), "{}", article.text);
}

#[test]
fn a_picture_without_words_can_be_pointed_at() {
    let picture = "<figure class=wide><img src='https://a.example/flood.jpg' alt='The square under water'></figure>";
    let page = PAGE.replace("<p class=\"house-line\">", &format!("{picture}<p class=\"house-line\">"));
    assert_ne!(page, PAGE);
    let listed = blocks(&page, &[]);
    let block = listed.iter().find(|block| block.image.is_some()).unwrap();
    assert_eq!((block.text.as_str(), block.removal_reason), ("The square under water", None));
    let rule = Rule { selector: block.selectors[0].selector.clone(), action: Action::Remove(Reason::Advertisement) };
    assert!(read(&page, &[]).body.as_str().contains("flood.jpg"));
    assert!(!read(&page, &[rule]).body.as_str().contains("flood.jpg"));
}

#[test]
fn what_is_in_the_article_is_listed_before_a_thousand_links_that_are_not() {
    let links: String =
        (0..1_500).map(|at| format!("<div class=n{at}><p><a href=/{at}>Place {at}</a></p></div>")).collect();
    let page = PAGE.replacen("<body>", &format!("<body><div class=places>{links}</div>"), 1);
    assert_ne!(page, PAGE);
    let of_article = |html: &str| -> Vec<String> {
        blocks(html, &[]).into_iter().filter(|block| block.removal_reason.is_none()).map(|block| block.text).collect()
    };
    let listed = of_article(&page);
    assert!(of_article(PAGE).iter().all(|text| listed.contains(text)), "{listed:#?}");
}

#[test]
fn pictures_come_back_with_their_box() {
    let page = PAGE.replace("<h3>What", r#"<img src="https://valley-post.example/gauge.jpg" alt="The gauge"><h3>What"#);
    let article = read(&page, &[keep(".promo-box")]);
    assert!(article.images.iter().any(|picture| picture.url.path() == "/gauge.jpg"), "{:?}", article.images);
}

#[test]
fn a_row_or_an_item_that_is_kept_alone_stays_a_row_or_an_item() {
    let page = PAGE.replace(
        "<footer",
        "<ul class=related><li class=extra>The ferry below the lock runs every half hour from now on.</li></ul>\
         <table class=levels><tr class=level><td>Monday</td><td>210 cm</td></tr></table><footer",
    );
    let article = read(&page, &[keep(".extra"), keep(".level")]);
    assert!(article.body.as_str().contains("<ul><li>The ferry below the lock"), "{}", article.body.as_str());
    assert!(article.text.contains("210 cm"), "{}", article.text);
}

#[test]
fn the_page_is_told_block_by_block_with_what_became_of_each() {
    let found = blocks(PAGE, &[]);
    let block = |words: &str| found.iter().find(|block| block.text.contains(words)).unwrap();
    assert_eq!(block("four barges").removal_reason, None);
    let promo = block(GAUGE);
    assert_eq!(promo.removal_reason, Some(Reason::Promotion));
    assert_eq!(promo.text.split(' ').next(), Some("What"), "the box is one block, its heading included");
    assert_eq!(promo.selectors[0].selector.to_string(), ".promo-box");
    let article = read(PAGE, &[]);
    assert!(article.removed[promo.removed_index.unwrap()].text.contains(GAUGE));
    assert_eq!(block(HOUSE).selectors[0].selector.to_string(), ".house-line");
    // Nothing but its place tells a plain paragraph from its neighbours.
    let plain = &block("a third key").selectors[0];
    assert_eq!(
        (plain.selector.to_string().as_str(), plain.scope),
        (".story-body > p:nth-of-type(5)", SelectorScope::Single)
    );
}

#[test]
fn what_is_made_alike_is_pointed_at_together_and_each_alone() {
    let promos =
        |number: usize| format!("<p class='insert p-{number}00'>Subscribe to letter number {number} of our house.</p>");
    let page = PAGE
        .replace("<p>By the", &format!("{}<p>By the", promos(1)))
        .replace("<p>The council", &format!("{}<p>The council", promos(2)));
    let found = blocks(&page, &[]);
    let insert = found.iter().find(|block| block.text.contains("letter number 2")).unwrap();
    assert_eq!((insert.selectors[0].selector.to_string().as_str(), insert.selectors[0].matches), (".insert", 2));
    let alone = insert.selectors.iter().find(|candidate| candidate.scope == SelectorScope::Single).unwrap();
    assert_eq!(alone.matches, 1);
}

#[test]
fn a_menu_is_one_block_with_its_items_though_they_went_for_different_reasons() {
    let menu = "<div class=top><ul class=menu><li><a href=/>Home</a></li><li><a href=/privacy>Privacy Policy</a></li>\
                <li><button>Search</button></li><li><a href=/news>News</a></li></ul></div>";
    let page = PAGE.replace("<article", &format!("{menu}<article"));
    let listed = blocks(&page, &[]);
    let group = listed.iter().find(|block| block.text.contains("Search")).unwrap();
    assert_eq!((group.text.as_str(), group.removal_reason.is_some()), ("Home Privacy Policy Search News", true));
    let parts: Vec<&str> = group.parts.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(parts, ["Home", "Privacy Policy", "Search", "News"]);
    assert!(listed.iter().all(|block| block.text != "Home" && block.text != "Search"));
    let back = |block: &Block| {
        let text = read(&page, &[Rule { selector: block.selectors[0].selector.clone(), action: Action::Keep }]).text;
        ["Privacy Policy", "Search"].map(|words| text.contains(words))
    };
    assert_eq!((back(group), back(&group.parts[2])), ([true, true], [false, true]));
}

#[test]
fn a_sentence_that_is_left_out_hides_in_no_group() {
    let aside = "<aside class=side><h4>More</h4><p class=legal-note>All rights reserved.</p><p class=said>The keeper has asked us to \
                 say that the drawer was never locked, and that whoever says otherwise has not seen it with his own eyes at all.</p></aside>";
    let page = PAGE.replace("<footer", &format!("{aside}<footer"));
    let listed = blocks(&page, &[]);
    assert!(listed.iter().any(|block| block.text.starts_with("The keeper has asked")), "{listed:#?}");
}

#[test]
fn boxes_and_the_one_box_around_them_are_offered_once() {
    let rows: String = (1..=3)
        .map(|day| format!("<div class=gauge><h3>Day {day}</h3><p>On day {day} the gauge showed {day} metres, said the keeper.</p></div>"))
        .collect();
    let page = PAGE.replace("<p>The council", &format!("<div class=gauges>{rows}</div><p>The council"));
    let listed = blocks(&page, &[]);
    let block = listed.iter().find(|block| block.text.starts_with("On day 2")).unwrap();
    assert_eq!(block.removal_reason, None);
    let around: Vec<_> =
        block.selectors.iter().filter(|candidate| candidate.scope == SelectorScope::Container).collect();
    assert_eq!(around.len(), 1, "{around:#?}");
}

#[test]
fn every_way_to_point_at_a_block_is_a_selector_that_is_read_as_it_is_written() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut seen = 0;
    for folder in std::fs::read_dir(folder).unwrap() {
        let Ok(html) = std::fs::read_to_string(folder.unwrap().path().join("page.html")) else { continue };
        for block in blocks(&html, &[]).iter().flat_map(Block::with_parts) {
            assert!(!block.selectors.is_empty() && !block.text.is_empty());
            for candidate in &block.selectors {
                let text = candidate.selector.to_string();
                assert_eq!(text.parse::<Selector>().as_ref(), Ok(&candidate.selector), "it is written as it is read");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "only {seen} selectors");
}

#[test]
fn what_is_pointed_at_does_what_was_meant() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    for folder in std::fs::read_dir(folder).unwrap() {
        let Ok(html) = std::fs::read_to_string(folder.unwrap().path().join("page.html")) else { continue };
        for block in blocks(&html, &[]) {
            let selector = block.selectors[0].selector.clone();
            let words = squeezed(block.text.trim_end_matches('…').split(" · ").next().unwrap());
            let words: String = words.chars().take(60).collect();
            let rule = |action| [Rule { selector: selector.clone(), action }];
            let kept = read(&html, &rule(Action::Keep));
            let body = Document::from(kept.body.as_str()).text();
            let shown = squeezed(&format!("{} {} {body} {:?}", kept.title, kept.text, kept.lead_image));
            let is_shown = match &block.image {
                Some(picture) => kept.body.as_str().contains(&picture.as_str().replace('&', "&amp;")),
                None => shown.contains(&words),
            };
            assert!(is_shown, "{selector} put back: {}\n{}", block.text, kept.text);
            let taken = blocks(&html, &rule(Action::Remove(Reason::Legal)));
            let still = taken.iter().find(|it| {
                it.text == block.text && it.selectors == block.selectors && it.removal_reason != Some(Reason::Legal)
            });
            assert!(block.removal_reason.is_some() || still.is_none(), "{selector} taken out: {still:#?}");
        }
    }
}

#[test]
fn a_rule_adds_or_takes_what_it_points_at_and_nothing_else() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut seen = 0;
    for folder in std::fs::read_dir(folder).unwrap() {
        let Ok(html) = std::fs::read_to_string(folder.unwrap().path().join("page.html")) else { continue };
        let (before, page) = (read(&html, &[]), Document::from(spaced(&html).as_str()));
        // There the line that says who wrote a post goes with it.
        if before.verdict == extract::Verdict::Thread {
            continue;
        }
        // Cards of embeds are ours, so that nothing of the page as it came is like them.
        let is_card = |block: &Block| block.text.contains("Post on") || block.text.contains("Video on");
        for block in blocks(&html, &[]).into_iter().filter(|block| !is_card(block)) {
            let selector = &block.selectors[0].selector;
            let meant: String =
                page.select(&selector.to_string()).nodes().iter().map(|it| format!("{} ", it.text())).collect();
            let action = block.removal_reason.map_or(Action::Remove(Reason::Promotion), |_| Action::Keep);
            let after = read(&html, &[Rule { selector: selector.clone(), action }]);
            let (more, less) = (only_in(&after, &before), only_in(&before, &after));
            if !before.text.split("\n\n").any(|paragraph| after.text.contains(paragraph)) {
                continue; // All of it is gone, so another choice was made.
            }
            seen += 1;
            let (changed, other) = if action == Action::Keep { (more, less) } else { (less, more) };
            let meant = words(&format!("{meant} {}", block.text));
            let foreign: Vec<&String> = changed.iter().filter(|word| !meant.contains(word)).collect();
            let none: [&String; 0] = [];
            assert!(other.is_empty() && foreign == none, "{selector}: {other:?} {foreign:?}, {}", block.text);
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_rule_elsewhere_moves_no_cell() {
    let table = "<table><tr><th>Lock</th><th>Metres</th><th>Map</th></tr>\
                 <tr><td>Millbrook</td><td>Click to enlarge</td><td>By the mill</td></tr></table>";
    let page = PAGE.replace("<p class=\"house-line\">", &format!("{table}<p class=\"house-line\">"));
    assert_ne!(page, PAGE);
    let before = read(&page, &[]);
    assert!(before.body.as_str().contains("<td></td>"), "{}", before.body.as_str());
    let after = read(&page, &[take_out(".house-line")]);
    assert!(!after.text.contains(HOUSE), "{}", after.text);
    let cells = |article: &Article| article.body.as_str().split("</table>").next().map(str::to_owned);
    assert_eq!(cells(&after), cells(&before));
}

/// The words of an article that another has not, as often as it has them more.
fn only_in(article: &Article, other: &Article) -> Vec<String> {
    let body = |article: &Article| words(&Document::from(spaced(article.body.as_str()).as_str()).text());
    let mut known = body(other);
    let is_new = |word: &String| known.iter().position(|it| it == word).map(|at| known.swap_remove(at)).is_none();
    body(article).into_iter().filter(is_new).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// With a space before each element, so that no two words become one.
fn spaced(html: &str) -> String {
    html.replace('<', " <")
}

#[test]
fn what_is_put_back_brings_no_picture_that_stands_on_the_way_to_it() {
    let between = "<div class=shop><a href=/shop><img src='https://a.example/mug.jpg' alt='A mug'></a></div>";
    let page = PAGE.replace("<div class=\"correction-x\">", &format!("{between}<div class=\"correction-x\">"));
    let article = read(&page, &[keep(".correction-x")]);
    assert!(article.text.ends_with("There were four, and a raft."), "{}", article.text);
    assert!(!article.body.as_str().contains("mug.jpg"), "{}", article.body.as_str());
}

#[test]
fn where_all_that_was_chosen_is_taken_out_the_article_is_looked_for_in_the_rest() {
    let paragraphs: String = (1..=2)
        .map(|day| {
            format!(
                "<p>On day {day} the ferry crossed the lake {day} times with nobody on board, and the captain wrote the weather down, \
                 as he does each evening.</p>"
            )
        })
        .collect();
    let box_at_the_side = format!("<div class=related>{paragraphs}</div>");
    let page = PAGE.replace("<footer", &format!("{box_at_the_side}<footer"));
    assert!(!read(&page, &[]).text.contains("with nobody on board"), "{}", read(&page, &[]).text);
    let article = read(&page, &[take_out(".story-body")]);
    assert!(article.text.contains("On day 2 the ferry") && !article.text.contains("barges waited"), "{}", article.text);
    // What is put back is left, so the reader has said what the article is.
    let article = read(&page, &[take_out(".story-body"), keep("p.house-line")]);
    assert!(article.text.contains(HOUSE) && !article.text.contains("the ferry"), "{}", article.text);
}

#[test]
fn a_picture_that_is_taken_out_is_not_the_one_above_the_article_either() {
    let picture = "<figure class=wide><img src='https://a.example/flood.jpg' alt='The square under water'></figure>";
    let named = "<meta property='og:image' content='https://a.example/flood.jpg'>";
    let page = PAGE
        .replace("</head>", &format!("{named}</head>"))
        .replace("<p class=\"house-line\">", &format!("{picture}<p class=\"house-line\">"));
    assert!(read(&page, &[]).lead_image.is_some());
    let article = read(&page, &[take_out(".wide")]);
    assert!(article.lead_image.is_none() && article.images.is_empty(), "{:?}", article.images);
    assert!(read(&page, &[take_out(".house-line")]).lead_image.is_some());
}

#[test]
fn what_a_reader_takes_out_makes_no_other_kind_of_page() {
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>"#;
    let prose =
        "<p>The lock was closed again, and again the keeper looked for the key in every drawer of the house.</p>";
    let page = PAGE
        .replace("</head>", &format!("{paid}</head>"))
        .replace("</article>", &format!("<div class=more>{}</div></article>", numbered(prose, 14)));
    let verdict = |rules: &[Rule]| read(&page, rules).verdict;
    assert_eq!((verdict(&[]), read(&page, &[]).word_count > 350), (extract::Verdict::Article, true));
    let rules = [take_out(".more")];
    assert_eq!((verdict(&rules), read(&page, &rules).word_count < 350), (extract::Verdict::Article, true));
}

/// So many paragraphs, each of which says something else.
fn numbered(paragraph: &str, count: usize) -> String {
    (1..=count).map(|number| paragraph.replace("again, and again", &format!("on day {number}, and then"))).collect()
}

#[test]
fn what_points_at_most_of_an_article_points_at_no_block_of_it() {
    let links = numbered("<li><a href=/x>What happened again, and again in the valley this year</a></li>", 300);
    let page = PAGE.replace("<footer", &format!("<nav><ul>{links}</ul></nav><footer"));
    for block in blocks(&page, &[]).iter().filter(|block| block.removal_reason.is_none()) {
        assert_eq!(block.selectors[0].matches, 1, "{}", block.selectors[0].selector);
    }
}

#[test]
fn a_selector_that_is_none_says_so_in_a_sentence() {
    for (text, problem) in [
        ("  ", SelectorError::Empty),
        (&".a".repeat(200), SelectorError::TooLong),
        (&"p ".repeat(9), SelectorError::TooDeep),
        ("p:has(img)", SelectorError::Unsupported("p:has(img)".into())),
        ("div > p, body", SelectorError::Unsupported(", body".into())),
        (":nth-of-type(2)", SelectorError::Unsupported(":nth-of-type(2)".into())),
        ("p:nth-of-type(0)", SelectorError::Unsupported("p:nth-of-type(0)".into())),
        ("a[href='x", SelectorError::Unsupported("a[href='x".into())),
        ("<script>", SelectorError::Unsupported("<script>".into())),
    ] {
        assert_eq!(text.parse::<Selector>(), Err(problem.clone()), "{text}");
        assert!(problem.to_string().ends_with('.'), "{problem}");
    }
    assert_eq!(
        " DIV.Promo >p#x[ROLE='note']  em ".parse::<Selector>().unwrap().to_string(),
        "div.Promo > p#x[role=\"note\"] em"
    );
}

#[test]
fn a_hostile_page_and_many_rules_take_no_longer_than_they_should() {
    let deep = "<div class=a>".repeat(400) + &"<p class=b>word </p><em>x</em>".repeat(2_000);
    let rules: Vec<Rule> = (1..=100).map(|at| take_out(&format!("div div .a > div div p:nth-of-type({at})"))).collect();
    let began = std::time::Instant::now();
    let article = read(&deep, &rules);
    assert!(article.removed.len() <= 200);
    _ = read(&deep, &[keep("p"), keep("em")]);
    _ = blocks(&deep, &[]);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

proptest! {
    #[test]
    fn no_selector_ends_in_a_panic_and_each_is_written_as_it_is_read(text in "[ >.#a-c\\[\\]=\"':()0-9äß漢-]{0,40}") {
        if let Ok(selector) = text.parse::<Selector>() {
            prop_assert_eq!(selector.to_string().parse::<Selector>().unwrap(), selector.clone());
            let _ = read(PAGE, &[Rule { selector, action: Action::Keep }]);
        }
    }

    #[test]
    fn finding_agrees_with_a_real_selector_engine(
        steps in proptest::collection::vec((0..2_usize, 0..8_usize), 1..5),
        tree in proptest::collection::vec((0..4_usize, 0..3_usize), 1..40),
    ) {
        // A random tree of a few names and classes, each element marked by its number.
        let (mut html, mut open) = (String::new(), Vec::new());
        for (number, (name, close)) in tree.iter().enumerate() {
            for _ in 0..*close {
                if let Some(name) = open.pop() { html += &format!("</{name}>"); }
            }
            let (name, class) = [("div", "x"), ("section", "y"), ("div", ""), ("section", "x y")][*name];
            html += &format!("<{name} class='{class}'>w{number} ");
            open.push(name);
        }
        let simple = ["div", "section", ".x", ".y", "div.x", ".x.y", "div:nth-of-type(2)", "section:nth-of-type(1)"];
        let selector = steps.iter().enumerate().fold(String::new(), |text, (at, (child, step))| {
            let joint = match (at, child) { (0, _) => "", (_, 0) => " ", _ => " > " };
            text + joint + simple[*step]
        });
        let page = Document::from(html.as_str());
        let meant: Vec<String> = page.select(&selector).nodes().iter().map(|node| node.text().to_string()).collect();
        let article = read(&html, &[Rule { selector: selector.parse().unwrap(), action: Action::Remove(Reason::Legal) }]);
        let gone: String = article.removed.iter().filter(|it| it.reason == Reason::Legal).map(|it| format!("{} ", it.text)).collect();
        for number in 0..tree.len() {
            let word = format!("w{number}");
            let is_word = |text: &str| text.split_whitespace().any(|it| it == word);
            prop_assert_eq!(is_word(&gone), meant.iter().any(|text| is_word(text)), "{} {}", &selector, &word);
        }
    }
}
