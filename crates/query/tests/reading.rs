//! How queries are read, printed and understood.
#![allow(clippy::unwrap_used, missing_docs)]

use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use query::{Condition, Field, MAX_WORDS, Mark, Meaning, Named, Names, Node, Part, Place, Setting, Typed, Words};

fn resolve(typed: &str) -> Meaning {
    let mut names = Names::default();
    let named = |kind, name: &str| Named { kind, name: name.to_owned() };
    names.insert(named(query::Kind::Topic, "science"), Condition::Topics(vec!["science".into()]));
    names.insert(named(query::Kind::Tag, "climate change"), Condition::Tags(vec![4]));
    let setting = Setting { today: date(2026, 12, 1), time_zone: TimeZone::UTC };
    Typed::parse(typed).resolve(&names, &setting)
}

fn word(field: Field, text: &str, is_beginning: bool) -> Condition {
    Condition::Words(Words { field, words: text.split(' ').map(str::to_owned).collect(), is_beginning })
}

fn anywhere(text: &str) -> Condition {
    word(Field::Anywhere, text, false)
}

/// The condition without the part that leaves out the trash.
fn asked(typed: &str) -> Option<Condition> {
    let trash = Condition::Not(Box::new(Condition::In(Place::Trash)));
    match resolve(typed).condition? {
        Condition::All(mut conditions) if conditions.last() == Some(&trash) => {
            conditions.pop();
            Some(if conditions.len() == 1 { conditions.remove(0) } else { Condition::All(conditions) })
        }
        condition => Some(condition),
    }
}

fn sentences(typed: &str) -> Vec<(String, String)> {
    resolve(typed).problems.into_iter().map(|problem| (typed[problem.at].to_owned(), problem.sentence)).collect()
}

#[test]
fn a_query_is_printed_in_its_usual_form() {
    for (typed, printed) in [
        ("", ""),
        ("  ferry   winter ", "ferry winter"),
        ("“late ferry” －sport", "\"late ferry\" -sport"),
        ("TITLE：harbour ｉｓ：unread", "title:harbour is:unread"),
        ("from:bbc.co.uk lang:de", "source:bbc.co.uk language:de"),
        ("(ferry)", "ferry"),
        ("((a b))", "a b"),
        ("(a b) c", "(a b) c"),
        ("a b OR c OR d e", "a b OR c OR d e"),
        ("(a b) OR c", "(a b) OR c"),
        ("(a OR b) OR c", "(a OR b) OR c"),
        ("-(a OR b) -(-a)", "-(a OR b) -(-a)"),
        ("harbo* \"late fer\"＊ *", "harbo* \"late fer\"* *"),
        ("minus -20 --help 12:30 https://example.org/", "minus -20 --help 12:30 https://example.org/"),
        ("tag:\"climate change\" title:\"a b\"*", "tag:\"climate change\" title:\"a b\"*"),
        ("a（b OR c）", "a b OR c"),
    ] {
        let query = Typed::parse(typed);
        assert_eq!(query.to_string(), printed, "{typed}");
        assert_eq!(query.text(), typed);
        assert!(query.problems().is_empty(), "{typed}: {:?}", query.problems());
    }
}

#[test]
fn or_joins_its_neighbours_and_brackets_group() {
    let any = |parts: &[&str]| Condition::Any(parts.iter().copied().map(anywhere).collect());
    assert_eq!(asked("ferry OR tram winter"), Some(Condition::All(vec![any(&["ferry", "tram"]), anywhere("winter")])));
    let both = Condition::All(vec![anywhere("tram"), anywhere("winter")]);
    assert_eq!(asked("ferry OR (tram winter)"), Some(Condition::Any(vec![anywhere("ferry"), both])));
    assert_eq!(asked("-(ferry OR tram)"), Some(Condition::Not(Box::new(any(&["ferry", "tram"])))));
    assert_eq!(asked("ferry or tram").map(|_| ()), Some(()), "in small letters it is a word");
}

#[test]
fn every_operator_has_its_meaning() {
    let day = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    for (typed, expected) in [
        ("title:Harbour", word(Field::Title, "harbour", false)),
        ("author:\"Ada Okaf\"*", word(Field::Author, "ada okaf", true)),
        ("topic:science", Condition::Topics(vec!["science".into()])),
        ("tag:\"climate change\"", Condition::Tags(vec![4])),
        ("language:pt-BR", Condition::Language("pt".into())),
        ("in:archive", Condition::In(Place::Archive)),
        ("is:Starred", Condition::Is(Mark::Starred)),
        ("is:short", Condition::Minutes(0, 4)),
        ("before:2026-11", Condition::Dated(i64::MIN, day("2026-11-01T00:00:00Z"))),
        ("after:7d", Condition::Dated(day("2026-11-24T00:00:00Z"), i64::MAX)),
        ("on:yesterday", Condition::Dated(day("2026-11-30T00:00:00Z"), day("2026-12-01T00:00:00Z"))),
        ("minutes:<10", Condition::Minutes(0, 9)),
        ("東京都", word(Field::Anywhere, "東京 京都", false)),
        ("猫", word(Field::Anywhere, "猫", true)),
    ] {
        assert_eq!(asked(typed), Some(expected.clone()), "{typed}");
        assert_eq!(asked(&format!("-({typed})")), Some(Condition::Not(Box::new(expected))), "{typed}");
        assert!(sentences(typed).is_empty(), "{typed}");
    }
    assert_eq!(resolve("in:trash").condition, Some(Condition::In(Place::Trash)));
}

#[test]
fn what_cannot_be_read_is_named_with_its_place_and_the_rest_is_searched_for() {
    for (typed, place, sentence) in [
        ("ferry is:gone", "is:gone", "“is:gone” isn’t known"),
        ("ferry before:soon", "before:soon", "“soon” isn’t a date"),
        ("ferry minutes:few", "minutes:few", "“few” isn’t a number of minutes"),
        ("ferry language:German", "language:German", "“German” isn’t the code"),
        ("ferry topic:gossip", "topic:gossip", "No topic called “gossip”"),
        ("OR ferry", "OR", "OR needs something on both sides"),
        ("ferry OR", "OR", "OR needs something on both sides"),
        ("ferry)", ")", "This bracket closes nothing"),
        ("(ferry", "(", "This bracket isn’t closed"),
        ("ferry “", "“", "This quotation mark isn’t closed"),
    ] {
        let said = sentences(typed);
        assert_eq!(said.len(), 1, "{typed}: {said:?}");
        assert!(said[0].0 == place && said[0].1.starts_with(sentence), "{typed}: {said:?}");
        assert_eq!(asked(typed), Some(anywhere("ferry")), "{typed}");
    }
    assert_eq!(asked("auther:smith"), Some(anywhere("auther smith")));
    assert!(sentences("auther:smith")[0].1.contains("Did you mean author:smith?"));
    assert_eq!(asked("Topic: sport"), Some(Condition::All(vec![anywhere("topic"), anywhere("sport")])));
    assert!(sentences("Topic: sport")[0].1.contains("needs a value"));
    assert!(sentences("a*")[0].1.contains("Add a letter"));
}

#[test]
fn while_somebody_types_the_last_word_may_go_on() {
    let printed = |typed| Typed::parse(typed).with_open_end().to_string();
    assert_eq!(printed("late fer"), "late fer*");
    assert_eq!(printed("late \"fer\""), "late \"fer\"");
    assert_eq!(printed("late -fer"), "late -fer");
    assert_eq!(printed("topic:sci"), "topic:sci");
}

#[test]
fn a_query_is_bounded_in_length_words_and_depth() {
    let book = "ferry ".repeat(2000);
    assert_eq!(asked(&book), Some(anywhere("ferry")));
    assert!(sentences(&book)[0].1.contains("Only the first 500 characters"));
    let numbers: String = (100..220).map(|number| format!("{number} ")).collect();
    let Some(Condition::All(words)) = asked(&numbers) else { panic!("many words") };
    assert_eq!(words.len(), MAX_WORDS);
    assert_eq!(sentences(&numbers).len(), 1, "{:?}", sentences(&numbers));
    let deep = format!("{}ferry{}", "(".repeat(200), ")".repeat(200));
    assert_eq!(asked(&deep), Some(anywhere("ferry")));
    assert_eq!(asked(&"-(".repeat(240)), None);
}

/// Headlines as they are, in capitals and with their words the other way round.
#[test]
fn a_headline_typed_as_it_is_written_is_found() {
    for headline in include_str!("../../../tests/support/headlines.txt").lines() {
        let text = words::index_form(headline);
        let back = headline.split_whitespace().rev().collect::<Vec<_>>().join(" ");
        for typed in [headline.to_owned(), headline.to_uppercase(), headline.to_lowercase(), back] {
            let condition = resolve(&typed).condition.unwrap();
            let is_met = condition.is_met(&query::Facts::default(), &|words| query::occurs(words, &text));
            assert!(is_met, "{typed}: {condition:?}");
        }
    }
}

/// The tree without its positions.
fn without_positions(node: &Node) -> Node {
    let inside = |parts: &[Node]| parts.iter().map(without_positions).collect();
    let part = match &node.part {
        Part::All(parts) => Part::All(inside(parts)),
        Part::Any(parts) => Part::Any(inside(parts)),
        Part::Not(part) => Part::Not(Box::new(without_positions(part))),
        part => part.clone(),
    };
    Node { at: 0..0, part }
}

/// Pieces that queries are made of, in good order and bad.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zé東京ж]{1,4}",
        Just("OR".to_owned()),
        Just("-".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("\"".to_owned()),
        Just("”".to_owned()),
        Just("*".to_owned()),
        Just(" ".to_owned()),
        Just("：".to_owned()),
        Just("minutes:<10".to_owned()),
        Just("before:2026-11".to_owned()),
        Just("is:".to_owned()),
        Just("title:".to_owned()),
        Just("tag:\"climate change\"".to_owned()),
        Just("\u{0}".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec((piece, prop::bool::weighted(0.4)), 0..24)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, space)| piece + if space { " " } else { "" }).collect())
}

fn check_round_trip(typed: &str) -> Result<(), TestCaseError> {
    let query = Typed::parse(typed);
    prop_assert_eq!(query.text(), typed);
    for problem in query.problems() {
        prop_assert!(typed.get(problem.at.clone()).is_some(), "{:?}", problem);
    }
    let printed = query.to_string();
    let again = Typed::parse(&printed);
    // A printed query may be longer than what is read of one, by its brackets.
    if printed.chars().count() <= query::MAX_CHARS {
        prop_assert_eq!(query.root().map(without_positions), again.root().map(without_positions), "{}", printed);
        prop_assert_eq!(again.to_string(), printed);
    }
    let meaning = resolve(typed);
    for problem in meaning.problems {
        prop_assert!(typed.get(problem.at.clone()).is_some(), "{:?}", problem);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_query_is_read_as_the_same(typed in pieces()) {
        check_round_trip(&typed)?;
    }

    #[test]
    fn no_text_is_too_strange(typed in any::<String>()) {
        check_round_trip(&typed)?;
    }
}
