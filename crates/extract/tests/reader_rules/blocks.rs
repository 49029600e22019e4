//! The blocks of a page and their selectors.

use dom_query::Document;
use extract::{Action, Block, Reason, Rule, Selector, SelectorScope};

use super::{GAUGE, HOUSE, PAGE, blocks, numbered_paragraphs, read};

#[test]
fn image_without_text_is_a_block() {
    let image = "<figure class=wide><img src='https://a.example/flood.jpg' alt='The square under water'></figure>";
    let page = PAGE.replace("<p class=\"house-line\">", &format!("{image}<p class=\"house-line\">"));
    assert_ne!(page, PAGE);
    let listed = blocks(&page, &[]);
    let block = listed.iter().find(|block| block.image.is_some()).unwrap();
    assert_eq!((block.text.as_str(), block.removal_reason), ("The square under water", None));
    let rule = Rule { selector: block.selectors[0].selector.clone(), action: Action::Remove(Reason::Advertisement) };
    assert!(read(&page, &[]).body.as_str().contains("flood.jpg"));
    assert!(!read(&page, &[rule]).body.as_str().contains("flood.jpg"));
}

#[test]
fn article_blocks_take_precedence_over_many_removed_links() {
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
fn blocks_report_their_outcome_and_selectors() {
    let found = blocks(PAGE, &[]);
    let block = |words: &str| found.iter().find(|block| block.text.contains(words)).unwrap();
    assert_eq!(block("four barges").removal_reason, None);
    let promo = block(GAUGE);
    assert_eq!(promo.removal_reason, Some(Reason::Promotion));
    assert_eq!(promo.text.split(' ').next(), Some("What"), "the box is one block with its heading");
    assert_eq!(promo.selectors[0].selector.to_string(), ".promo-box");
    let article = read(PAGE, &[]);
    assert!(article.removed[promo.removed_index.unwrap()].text.contains(GAUGE));
    assert_eq!(block(HOUSE).selectors[0].selector.to_string(), ".house-line");
    // A plain paragraph is identified by its position only.
    let plain = &block("a third key").selectors[0];
    assert_eq!(
        (plain.selector.to_string().as_str(), plain.scope),
        (".story-body > p:nth-of-type(5)", SelectorScope::Single)
    );
}

#[test]
fn similar_blocks_have_a_shared_and_a_single_selector() {
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
fn menu_is_one_block_with_parts() {
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
fn removed_sentence_is_not_hidden_in_a_group() {
    let aside = "<aside class=side><h4>More</h4><p class=legal-note>All rights reserved.</p><p class=said>The keeper has asked us to \
                 say that the drawer was never locked, and that whoever says otherwise has not seen it with his own eyes at all.</p></aside>";
    let page = PAGE.replace("<footer", &format!("{aside}<footer"));
    let listed = blocks(&page, &[]);
    assert!(listed.iter().any(|block| block.text.starts_with("The keeper has asked")), "{listed:#?}");
}

#[test]
fn equal_containers_are_offered_once() {
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
fn selectors_of_blocks_parse_as_they_print() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut seen = 0;
    for folder in std::fs::read_dir(folder).unwrap() {
        let Ok(html) = std::fs::read_to_string(folder.unwrap().path().join("page.html")) else { continue };
        for block in blocks(&html, &[]).iter().flat_map(Block::with_parts) {
            assert!(!block.selectors.is_empty() && !block.text.is_empty());
            for candidate in &block.selectors {
                let text = candidate.selector.to_string();
                assert_eq!(text.parse::<Selector>().as_ref(), Ok(&candidate.selector), "round trip");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "only {seen} selectors");
}

#[test]
fn first_selector_of_a_block_restores_and_removes_it() {
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
                Some(image) => kept.body.as_str().contains(&image.as_str().replace('&', "&amp;")),
                None => shown.contains(&words),
            };
            assert!(is_shown, "{selector} kept: {}\n{}", block.text, kept.text);
            let taken = blocks(&html, &rule(Action::Remove(Reason::Legal)));
            let still = taken.iter().find(|it| {
                it.text == block.text && it.selectors == block.selectors && it.removal_reason != Some(Reason::Legal)
            });
            assert!(block.removal_reason.is_some() || still.is_none(), "{selector} removed: {still:#?}");
        }
    }
}

#[test]
fn selector_of_an_article_block_never_matches_most_of_it() {
    let links =
        numbered_paragraphs("<li><a href=/x>What happened again, and again in the valley this year</a></li>", 300);
    let page = PAGE.replace("<footer", &format!("<nav><ul>{links}</ul></nav><footer"));
    for block in blocks(&page, &[]).iter().filter(|block| block.removal_reason.is_none()) {
        assert_eq!(block.selectors[0].matches, 1, "{}", block.selectors[0].selector);
    }
}
