//! Selectors: parsing, errors, and agreement with a full CSS engine.

use dom_query::Document;
use extract::{Action, Reason, Rule, Selector, SelectorError};
use proptest::prelude::*;

use super::{PAGE, read};

#[test]
fn invalid_selectors_are_rejected_with_a_sentence() {
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

proptest! {
    #[test]
    fn random_selectors_do_not_panic_and_round_trip(text in "[ >.#a-c\\[\\]=\"':()0-9äß漢-]{0,40}") {
        if let Ok(selector) = text.parse::<Selector>() {
            prop_assert_eq!(selector.to_string().parse::<Selector>().unwrap(), selector.clone());
            let _ = read(PAGE, &[Rule { selector, action: Action::Keep }]);
        }
    }

    #[test]
    fn matching_agrees_with_a_css_engine(
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
