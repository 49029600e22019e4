//! What rules do to an article.

use dom_query::Document;
use extract::{Action, Article, Block, Reason, Rule, Selector};

use super::{GAUGE, HOUSE, PAGE, blocks, keep, numbered, read, take_out};

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
