//! The effect of rules on an article.

use dom_query::Document;
use extract::{Action, Article, Block, Reason, Rule, Selector};

use super::{GAUGE, HOUSE, PAGE, blocks, keep, numbered_paragraphs, read, remove};

#[test]
fn without_rules_the_default_choice_stands() {
    let article = read(PAGE, &[]);
    assert!(!article.text.contains(GAUGE), "{}", article.text);
    assert!(article.text.contains(HOUSE), "{}", article.text);
}

#[test]
fn kept_block_is_inserted_at_its_place() {
    let article = read(PAGE, &[keep(".promo-box")]);
    let places = ["a dog on its roof", GAUGE, "a third key"].map(|words| article.text.find(words).unwrap());
    assert!(places.is_sorted(), "{}", article.text);
    assert!(article.body.as_str().contains("What the water rose to</h3>"), "{}", article.body.as_str());
    assert!(!article.removed.iter().any(|block| block.text.contains(GAUGE)), "{:#?}", article.removed);
}

#[test]
fn blocks_outside_the_article_can_be_kept() {
    let article = read(PAGE, &[keep(".correction-x"), keep("nav.site-nav")]);
    assert!(article.text.trim_end().ends_with("There were four, and a raft."), "{}", article.text);
    assert!(article.text.starts_with("Home News"), "{}", article.text);
}

#[test]
fn removed_block_is_listed_with_its_reason() {
    let article = read(PAGE, &[remove("p.house-line")]);
    assert!(!article.text.contains(HOUSE), "{}", article.text);
    let gone = article.removed.iter().find(|block| block.text.contains(HOUSE)).unwrap();
    assert_eq!(gone.reason, Reason::Promotion);
    assert!(article.text.contains("awake when nobody else is"));
}

#[test]
fn nearer_rule_wins_then_the_later_one() {
    let inside = read(PAGE, &[remove(".story-body"), keep(".promo-box p")]);
    assert!(inside.text.contains(GAUGE) && !inside.text.contains("four barges"), "{}", inside.text);
    let later = read(PAGE, &[keep(".house-line"), remove("p.house-line")]);
    assert!(!later.text.contains(HOUSE), "{}", later.text);
    let later = read(PAGE, &[remove("p.house-line"), keep(".house-line")]);
    assert!(later.text.contains(HOUSE), "{}", later.text);
    let within = read(PAGE, &[keep(".promo-box"), remove(".promo-box h3")]);
    assert!(within.text.contains(GAUGE) && !within.text.contains("What the water rose to"), "{}", within.text);
}

#[test]
fn keeping_a_container_of_the_article_keeps_all_of_it() {
    for selector in ["article", "article.story-body", ".story-body > *"] {
        let Ok(selector) = selector.parse::<Selector>() else { continue };
        let article = read(PAGE, &[Rule { selector, action: Action::Keep }]);
        assert!(article.text.contains(GAUGE) && article.text.contains("four barges"), "{}", article.text);
    }
}

#[test]
fn only_the_selected_part_of_a_removed_line_is_restored() {
    let page =
        PAGE.replace("by the Valley Post.</p>", "by the Valley Post. <b class=river>Printed beside the river.</b></p>");
    let article = read(&page, &[keep("b.river")]);
    assert!(article.text.contains("Printed beside the river."), "{}", article.text);
    assert!(!article.text.contains("All rights reserved"), "{}", article.text);
}

#[test]
fn kept_box_keeps_its_images() {
    let page = PAGE.replace("<h3>What", r#"<img src="https://valley-post.example/gauge.jpg" alt="The gauge"><h3>What"#);
    let article = read(&page, &[keep(".promo-box")]);
    assert!(article.images.iter().any(|image| image.url.path() == "/gauge.jpg"), "{:?}", article.images);
}

#[test]
fn kept_row_or_item_keeps_its_table_or_list() {
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
fn rule_changes_only_what_it_selects() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut seen = 0;
    for folder in std::fs::read_dir(folder).unwrap() {
        let Ok(html) = std::fs::read_to_string(folder.unwrap().path().join("page.html")) else { continue };
        let (before, page) = (read(&html, &[]), Document::from(with_space_before_tags(&html).as_str()));
        // In a thread, the line with the writer's name disappears with its post.
        if before.verdict == extract::Verdict::Thread {
            continue;
        }
        // The labels of embeds are generated, so that nothing in the original page matches them.
        let is_card = |block: &Block| block.text.contains("Post on") || block.text.contains("Video on");
        for block in blocks(&html, &[]).into_iter().filter(|block| !is_card(block)) {
            let selector = &block.selectors[0].selector;
            let meant: String =
                page.select(&selector.to_string()).nodes().iter().map(|it| format!("{} ", it.text())).collect();
            let action = block.removal_reason.map_or(Action::Remove(Reason::Promotion), |_| Action::Keep);
            let after = read(&html, &[Rule { selector: selector.clone(), action }]);
            let (more, less) = (words_only_in(&after, &before), words_only_in(&before, &after));
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
fn unrelated_rule_leaves_table_cells_alone() {
    let table = "<table><tr><th>Lock</th><th>Metres</th><th>Map</th></tr>\
                 <tr><td>Millbrook</td><td>Click to enlarge</td><td>By the mill</td></tr></table>";
    let page = PAGE.replace("<p class=\"house-line\">", &format!("{table}<p class=\"house-line\">"));
    assert_ne!(page, PAGE);
    let before = read(&page, &[]);
    assert!(before.body.as_str().contains("<td></td>"), "{}", before.body.as_str());
    let after = read(&page, &[remove(".house-line")]);
    assert!(!after.text.contains(HOUSE), "{}", after.text);
    let cells = |article: &Article| article.body.as_str().split("</table>").next().map(str::to_owned);
    assert_eq!(cells(&after), cells(&before));
}

/// Returns the words of an article that another lacks, counting repetitions.
fn words_only_in(article: &Article, other: &Article) -> Vec<String> {
    let body =
        |article: &Article| words(&Document::from(with_space_before_tags(article.body.as_str()).as_str()).text());
    let mut known = body(other);
    let is_new = |word: &String| known.iter().position(|it| it == word).map(|at| known.swap_remove(at)).is_none();
    body(article).into_iter().filter(is_new).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Adds a space before each tag, so that words do not join.
fn with_space_before_tags(html: &str) -> String {
    html.replace('<', " <")
}

#[test]
fn kept_block_does_not_bring_images_in_between() {
    let between = "<div class=shop><a href=/shop><img src='https://a.example/mug.jpg' alt='A mug'></a></div>";
    let page = PAGE.replace("<div class=\"correction-x\">", &format!("{between}<div class=\"correction-x\">"));
    let article = read(&page, &[keep(".correction-x")]);
    assert!(article.text.ends_with("There were four, and a raft."), "{}", article.text);
    assert!(!article.body.as_str().contains("mug.jpg"), "{}", article.body.as_str());
}

#[test]
fn removing_the_whole_choice_triggers_another_selection() {
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
    let article = read(&page, &[remove(".story-body")]);
    assert!(article.text.contains("On day 2 the ferry") && !article.text.contains("barges waited"), "{}", article.text);
    // A kept block remains, so no other selection is made.
    let article = read(&page, &[remove(".story-body"), keep("p.house-line")]);
    assert!(article.text.contains(HOUSE) && !article.text.contains("the ferry"), "{}", article.text);
}

#[test]
fn removed_image_is_no_lead_image() {
    let image = "<figure class=wide><img src='https://a.example/flood.jpg' alt='The square under water'></figure>";
    let named = "<meta property='og:image' content='https://a.example/flood.jpg'>";
    let page = PAGE
        .replace("</head>", &format!("{named}</head>"))
        .replace("<p class=\"house-line\">", &format!("{image}<p class=\"house-line\">"));
    assert!(read(&page, &[]).lead_image.is_some());
    let article = read(&page, &[remove(".wide")]);
    assert!(article.lead_image.is_none() && article.images.is_empty(), "{:?}", article.images);
    assert!(read(&page, &[remove(".house-line")]).lead_image.is_some());
}

#[test]
fn rules_do_not_change_the_verdict() {
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>"#;
    let prose =
        "<p>The lock was closed again, and again the keeper looked for the key in every drawer of the house.</p>";
    let page = PAGE
        .replace("</head>", &format!("{paid}</head>"))
        .replace("</article>", &format!("<div class=more>{}</div></article>", numbered_paragraphs(prose, 14)));
    let verdict = |rules: &[Rule]| read(&page, rules).verdict;
    assert_eq!((verdict(&[]), read(&page, &[]).word_count > 350), (extract::Verdict::Article, true));
    let rules = [remove(".more")];
    assert_eq!((verdict(&rules), read(&page, &rules).word_count < 350), (extract::Verdict::Article, true));
}

#[test]
fn many_rules_on_a_hostile_page_take_bounded_time() {
    let deep = "<div class=a>".repeat(400) + &"<p class=b>word </p><em>x</em>".repeat(2_000);
    let rules: Vec<Rule> = (1..=100).map(|at| remove(&format!("div div .a > div div p:nth-of-type({at})"))).collect();
    let began = std::time::Instant::now();
    let article = read(&deep, &rules);
    assert!(article.removed.len() <= 200);
    _ = read(&deep, &[keep("p"), keep("em")]);
    _ = blocks(&deep, &[]);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
