//! Any selector on any page: what parses is written in a form that parses to the same, and a rule never panics.

#![no_main]

use extract::{Action, Page, Reason, Rule, Selector, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, bool)| {
    let (selector, html, keeps) = input;
    let Ok(selector) = selector.parse::<Selector>() else { return };
    assert_eq!(selector.to_string().parse::<Selector>().as_ref(), Ok(&selector));
    let action = if keeps { Action::Keep } else { Action::Remove(Reason::Promotion) };
    let rules = [Rule { selector, action }];
    let now = jiff::Timestamp::constant(1_795_435_200, 0);
    extract::article(&Page { source: Source::Html(html), url: None, now, rules: &rules });
});
