//! Tests of the vocabularies as data, and of how terms are found.

use foldhash::HashSet;

use crate::language::Language;
use crate::lexicon::lists::LEXICONS;
use crate::lexicon::{Lexicon, MIN_BEGINNING_CHARS, SAME_ORIGIN, TermsInText, parse};
use crate::{Topic, normalize};

fn list_names() -> impl Iterator<Item = &'static str> {
    LEXICONS.iter().map(|(code, _)| *code).chain(["any"])
}

fn read_list(name: &str) -> String {
    let path = format!("{}/src/words/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Returns the terms of a text with their topics.
fn find<'a>(lexicon: &'static Lexicon, text: &'a str) -> Vec<(&'a str, Vec<Topic>)> {
    let mut terms = Vec::new();
    TermsInText::new(lexicon).find(text, 100, |found| {
        let topics = lexicon.topic_weights(found.term).iter().map(|(topic, _)| *topic).collect();
        terms.push((found.written, topics));
    });
    terms
}

fn leak(lexicon: Lexicon) -> &'static Lexicon {
    Box::leak(Box::new(lexicon))
}

#[test]
fn every_line_parses_and_every_term_can_match() {
    for name in list_names() {
        for line in read_list(name).lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let terms = parse::parse_line(line).unwrap_or_else(|| panic!("{name}: does not parse: {line}"));
            for (_, weight, term) in terms {
                let plain = term.strip_suffix('*').unwrap_or(term);
                let parts: Vec<&str> = plain.split('_').collect();
                let found = parts.iter().all(|part| normalize::folded_words(part).eq([normalize::fold(part)]));
                assert!(found && parts.len() <= 4, "{name}: can never match: {term}");
                let is_beginning = term.ends_with('*') && parts.len() == 1;
                assert!(!is_beginning || plain.chars().count() >= MIN_BEGINNING_CHARS, "{name}: {term}");
                assert!(!Language::of(name).is_unspaced() || plain == term && parts.len() == 1, "{name}: {term}");
                assert!([1.0, 2.0, 3.0].contains(&weight), "{name}: {weight} for {term}");
            }
        }
    }
}

#[test]
fn no_term_repeats_within_a_topic() {
    for name in list_names() {
        let mut seen = HashSet::default();
        let list = read_list(name);
        for (topic, _, term) in parse::parse_list(&list) {
            assert!(seen.insert((topic, term)), "{name}: {topic}: {term}");
        }
    }
}

#[test]
fn every_language_has_many_terms_for_every_topic() {
    for name in list_names().filter(|name| *name != "any") {
        let list = read_list(name);
        let least = if name == "en" { 400 } else { 120 };
        for topic in Topic::ALL {
            let terms = parse::parse_list(&list).filter(|(other, ..)| *other == topic).count();
            assert!(terms >= least, "{name}: {terms} terms for {topic}");
        }
    }
}

#[test]
fn whole_words_precede_stems_and_beginnings() {
    let list = "politics\t2\tparty parl* parliament* bürger_meister*\nculture\t1\tparl\nsport\t3\trace rowing_boat";
    let lexicon = leak(Lexicon::parse(Language::of("en"), &[list]));
    let topics = |text| find(lexicon, text);
    assert_eq!(topics("parl"), [("parl", vec![Topic::Culture])]);
    assert_eq!(topics("Parlour."), [("Parlour", vec![Topic::Politics])]);
    assert_eq!(topics("two parties"), [("parties", vec![Topic::Politics])]);
    assert_eq!(topics("é"), []);
    assert_eq!(topics("Burger, Meisterin"), [("Burger, Meisterin", vec![Topic::Politics])]);
    assert_eq!(topics("Burger König"), []);
    assert_eq!(topics("a rowing boat"), [("rowing boat", vec![Topic::Sport])]);
    assert_eq!(topics("the rowing boats race"), [("rowing boats", vec![Topic::Sport]), ("race", vec![Topic::Sport])]);
}

#[test]
fn inflected_words_count_in_full_and_words_of_one_origin_less() {
    for (language, text, likeness) in [
        ("en", "boxing", 1.0),
        ("en", "parliaments", 1.0),
        ("en", "wellnesses well", SAME_ORIGIN),
        ("ru", "выборами", 1.0),
        ("ar", "والحكومة", 1.0),
        ("fr", "les électeurs", 1.0),
    ] {
        let mut found = Vec::new();
        TermsInText::new(Lexicon::for_language(language)).find(text, 100, |term| found.push(term.likeness));
        assert_eq!(found.last(), Some(&likeness), "{language}: {text}");
    }
}

#[test]
fn a_longer_phrase_precedes_a_shorter_one() {
    let list = "crime\t3\tplead_not_guilty\nhealth\t1\tplead_not";
    let lexicon = leak(Lexicon::parse(Language::of(""), &[list]));
    assert_eq!(find(lexicon, "plead not guilty"), [("plead not guilty", vec![Topic::Crime])]);
    assert_eq!(find(lexicon, "plead not now"), [("plead not", vec![Topic::Health])]);
    assert_eq!(find(lexicon, "plead"), []);
}

#[test]
fn terms_of_unspaced_languages_are_found_inside_a_sentence() {
    let lexicon = leak(Lexicon::parse(Language::of("zh"), &["sport\t3\t足球 足球赛\npolitics\t3\t议会"]));
    assert_eq!(
        find(lexicon, "昨天的足球赛与议会。"),
        [("足球赛", vec![Topic::Sport]), ("议会", vec![Topic::Politics])]
    );
    assert_eq!(find(lexicon, "足"), []);
}

/// Trying every beginning of such a word would take hours.
#[test]
fn a_word_of_megabytes_is_looked_up_at_once() {
    let endless = format!("parliament{}", "a".repeat(8 << 20));
    assert!(find(Lexicon::for_language("en"), &endless).len() <= 1);
    for (_, lexicon) in &LEXICONS {
        assert!(find(lexicon, &"ﷺ".repeat(3 << 20)).len() <= 1);
    }
}
