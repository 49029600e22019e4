use proptest::prelude::*;

use super::*;

fn names(title: &str, text: &str, language: &str) -> Vec<String> {
    find(title, text, Some(language)).into_iter().filter_map(|phrase| phrase.name).collect()
}

const FERRIES: &str = "The night ferry to Port Ellis will run from May, the harbour board said on Tuesday. Its chair, Ines Marlowe, \
    called it a promise kept. Night ferries stopped in 2019, when fuel prices doubled. Marlowe expects 400 passengers a \
    night. The Bank of Ellery lends the money. Fuel prices have fallen since, Marlowe said, but the Bank of Ellery wants \
    a report each year. However, Tamsin Roe of the UN said the ferries were late.";

#[test]
fn names_and_repeated_phrases_are_found() {
    let found = names("Night ferries return to Port Ellis", FERRIES, "en");
    for expected in ["Port Ellis", "Ines Marlowe", "Bank of Ellery", "fuel prices", "UN"] {
        assert!(found.iter().any(|name| name == expected), "{expected} in {found:?}");
    }
    assert!(found[..3].iter().any(|name| name.to_lowercase().starts_with("night ferr")), "{found:?}");
    for unwanted in ["However", "Tuesday", "May", "Marlowe", "The", "year", "chair"] {
        assert!(!found.iter().any(|name| name == unwanted), "{unwanted} in {found:?}");
    }
    assert!(found.len() <= MAX_NAMES);
}

#[test]
fn words_that_are_data_are_no_phrases_and_separate_them() {
    for (data, language) in [("abc1".repeat(500_000), "en"), ("Ab".repeat(200), "en"), ("กข".repeat(20_000), "th")]
    {
        let text = format!("{FERRIES} Marlowe Steel {data} Harbour Post {data} Marlowe Steel {data} Harbour Post.");
        for phrase in find(&format!("{data} and {data}"), &text, Some(language)) {
            let name = phrase.name.unwrap_or_default();
            assert!(phrase.key.len() < 400 && name.len() < 400, "{language}");
            assert!(!(name.contains("Steel") && name.contains("Harbour")), "{name}");
        }
    }
    assert!(names("", FERRIES, "en").len() > 4);
    let long = "Donaudampfschifffahrtsgesellschaftskapitän";
    let text = format!("Der {long} Ines Marlowe fährt. Gestern kam der {long} Ines Marlowe.");
    assert!(find("", &text, Some("de")).iter().any(|phrase| phrase.key.contains("donaudampf")), "a long word is one");
    let text = format!("東京メトロ {} 東京メトロ {}", "abcd".repeat(100), "abcd".repeat(100));
    assert!(find("", &text, Some("ja")).iter().all(|phrase| phrase.key.len() < 100));
}

#[test]
fn no_phrase_begins_or_ends_with_a_function_word() {
    for (text, language) in [
        (
            "La bataille de la mer et la bataille de la mer ont lieu. Le maire de Lyon parle de la bataille de la mer.",
            "fr",
        ),
        ("Die Suche nach dem Licht und die Suche nach dem Licht. Im Rathaus von Ulm beginnt die Suche.", "de"),
        ("El precio de la luz y el precio de la luz. La ciudad de Soria discute el precio de la luz.", "es"),
        ("Цены на хлеб и цены на хлеб. В городе Тверь обсуждают цены на хлеб.", "ru"),
    ] {
        let language = PhraseRules::of(language);
        for phrase in find("", text, None) {
            let words: Vec<String> = normalize::folded_words(&phrase.name.unwrap_or_default()).collect();
            for word in [words.first(), words.last()].into_iter().flatten() {
                assert!(!language.is_function_word(word), "{words:?}");
            }
        }
    }
}

#[test]
fn a_phrase_is_written_as_most_mentions_write_it() {
    let text = "Санкции касаются нефти. Эксперты считают санкции слабыми. В Туле ждут, что санкции снимут. Тула ждёт. Жители Тулы спорят о санкциях.";
    let found = names("Споры о санкциях", text, "ru");
    assert!(found.contains(&"санкции".to_owned()), "{found:?}");
}

#[test]
fn a_common_word_needs_the_title_and_some_mentions() {
    let text = "A budget was passed. The budget is small, and the budget of Soria grew. It rained in the hills.";
    assert!(names("Council passes budget", text, "en").contains(&"budget".to_owned()));
    assert!(!names("Council meets", text, "en").contains(&"budget".to_owned()));
    let keys: Vec<String> = find("Council meets", text, Some("en")).into_iter().map(|phrase| phrase.key).collect();
    assert!(keys.contains(&"budget".to_owned()), "a tag of the reader may still match: {keys:?}");
    assert!(!keys.contains(&"it".to_owned()));
}

#[test]
fn a_headline_in_title_case_makes_no_names() {
    let found = names("Why Every Harbour Needs Two Quiet Boats", "Harbours are loud. Two boats in Ulm are not.", "en");
    assert_eq!(found, ["Ulm"]);
}

#[test]
fn languages_without_spaces_have_phrases() {
    let text = "山川鉄道は新駅を発表した。新駅は港に近い。山川鉄道の運賃は上がる。モノレールも走る。モノレールは静かだ。東西メトロも喜ぶ。東西メトロは赤字だった。";
    let found = names("山川鉄道の新駅", text, "ja");
    for expected in ["山川鉄道", "新駅", "モノレール", "東西メトロ"] {
        assert!(found.contains(&expected.to_owned()), "{expected} in {found:?}");
    }
    let text = "人工智能公司在港口测试渡轮。渡轮由人工智能控制。数据中心与渡轮相连，数据中心很小。";
    let found = names("人工智能渡轮", text, "zh");
    for expected in ["人工智能", "渡轮", "数据中心"] {
        assert!(found.contains(&expected.to_owned()), "{expected} in {found:?}");
    }
}

#[test]
fn a_language_without_a_list_has_names_only() {
    let text = "Riksdagen röstade om färjan. Sedan talade Astrid Lind om färjan och om färjan i Malmö.";
    assert_eq!(names("Om färjan", text, "sv"), ["Astrid Lind", "Malmö"]);
}

#[test]
fn forms_of_a_name_have_one_key() {
    for (names, language) in [
        (["Ferry", "ferries", "FERRIES", "ferry"], Some("en")),
        (["Élection", "élections", "elections", "ÉLECTIONS"], Some("fr")),
        (["Night ferry", "night-ferries", "Night  Ferries", "night_ferry"], Some("en")),
        (["Café", "cafe", "CAFÉ", "cafe\u{301}"], None),
    ] {
        let first = key(names[0], language);
        assert!(names.iter().all(|name| key(name, language) == first), "{names:?}");
    }
    assert_ne!(key("ferry", None), key("ferries", None), "the language is unknown");
    assert_eq!(key("!!", Some("en")), "");
}

#[test]
fn phrases_have_the_keys_of_their_names() {
    for phrase in find("Night ferries return to Port Ellis", FERRIES, Some("en")) {
        if let Some(name) = &phrase.name {
            assert_eq!(key(name, Some("en")), phrase.key, "{name}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(title in "\\PC{0,40}", text in "[\\PC\n]{0,400}", language in "(|en|fr|de|zh|ja|ar|sv|en-GB|🚀)") {
        let found = find(&title, &text, Some(&language));
        prop_assert_eq!(&found, &find(&title, &text, Some(&language)), "the same each time");
        prop_assert!(found.iter().all(|phrase| !phrase.key.is_empty() && phrase.name.as_deref() != Some("")));
    }
}
