//! Filing whole articles, as the rest of the program asks for it. No text here is anybody else's.

use std::path::PathBuf;

use broadsheet::classify::{self, Choice, Reason, Signals, Topic};
use proptest::prelude::*;
use url::Url;

fn by_words(title: &str, text: &str) -> Choice {
    classify::choose(&Signals { title, text, ..Signals::default() })
}

/// Files that are used for evaluation but may not be part of this repository.
fn shared(path: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    if folder.exists() {
        return Some(folder.join(path));
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs ../shared");
    eprintln!("skipped: no ../shared");
    None
}

#[test]
fn the_publisher_is_believed_before_the_words() {
    let url = Url::parse("https://example.org/sport/a-vote").unwrap();
    let (sections, tags) = (["Économie".to_owned()], ["Music".to_owned()]);
    let text = "Parliament voted on the election law after the prime minister spoke.";
    let all =
        Signals { sections: &sections, tags: &tags, url: Some(&url), title: "A vote", text, language: Some("en") };
    let choice = classify::choose(&all);
    assert_eq!(choice.topic, Some(Topic::Business));
    assert_eq!(choice.reason.sentence(), "The publisher filed it under “Économie”.");
    assert_eq!(choice.suggestions.first(), Some(&Topic::Politics), "what the words say");

    let choice = classify::choose(&Signals { sections: &[], ..all });
    assert_eq!(choice.topic, Some(Topic::Sport));
    assert_eq!(choice.reason.sentence(), "The link contains /sport/.");

    let choice = classify::choose(&Signals { sections: &[], url: None, ..all });
    assert_eq!(choice.topic, Some(Topic::Culture));
    assert_eq!(choice.reason.sentence(), "The publisher tagged it “Music”.");

    let choice = classify::choose(&Signals { sections: &[], url: None, tags: &[], ..all });
    assert_eq!(choice.topic, Some(Topic::Politics));
    assert!(choice.reason.sentence().starts_with("Chosen for words such as "), "{:?}", choice.reason);
}

/// One article per language or more, with its topic.
const ARTICLES: &[(Topic, &str, &str)] = &[
    (
        Topic::Politics,
        "Parliament rejects the budget",
        "The prime minister lost the vote. Senators of the opposition party called for an election.",
    ),
    (
        Topic::Health,
        "Hospital opens a new ward",
        "Doctors and nurses will treat patients with infectious diseases there.",
    ),
    (
        Topic::Sport,
        "Late goal wins the cup",
        "The striker scored in injury time and the stadium cheered its champions.",
    ),
    (
        Topic::Religion,
        "Bischof weiht neue Kapelle",
        "Die Kirche war voll, viele Gläubige kamen zum Gottesdienst und zum Gebet.",
    ),
    (
        Topic::Business,
        "Zentralbank hebt Leitzins an",
        "Die Inflation bleibt hoch, die Aktien an der Börse gaben nach, sagten Ökonomen.",
    ),
    (
        Topic::Politics,
        "L’Assemblée rejette le budget",
        "Le Premier ministre a perdu le vote. Les députés de l’opposition demandent des élections.",
    ),
    (
        Topic::Disaster,
        "Un fuerte terremoto sacude la costa",
        "Los bomberos y los equipos de rescate buscan supervivientes entre los escombros.",
    ),
    (
        Topic::Crime,
        "Arrestato un uomo per omicidio",
        "I carabinieri lo hanno fermato; la procura ha aperto le indagini sul delitto.",
    ),
    (
        Topic::Sport,
        "Gol no fim decide o campeonato",
        "O atacante marcou no último minuto e a torcida festejou a vitória do time no estádio.",
    ),
    (
        Topic::Environment,
        "Minder uitstoot door windmolens",
        "De klimaatverandering vraagt om duurzame energie, zeggen onderzoekers van natuur en milieu.",
    ),
    (
        Topic::Education,
        "Nowy rok szkolny bez podręczników",
        "Uczniowie i nauczyciele wrócili do szkół, a ministerstwo edukacji zapowiada maturę po nowemu.",
    ),
    (
        Topic::Science,
        "Учёные нашли новую планету",
        "Астрономы с помощью телескопа обнаружили планету у далёкой звезды, сообщил институт физики.",
    ),
];

#[test]
fn words_alone_file_an_article_in_each_language() {
    for &(topic, title, text) in ARTICLES {
        let choice = by_words(title, text);
        assert_eq!(choice.topic, Some(topic), "{title}: {choice:?}");
        assert!(matches!(choice.reason, Reason::Words { ref words } if !words.is_empty()));
    }
}

#[test]
fn the_most_telling_words_are_shown_as_they_are_written() {
    let choice = by_words(
        "Kremlin answers the Prime\n Minister",
        "The KREMLIN spoke of sanctions. Its spokesman met the ambassador.",
    );
    let Reason::Words { words } = choice.reason else { panic!("{choice:?}") };
    assert_eq!(words[..2], ["Kremlin", "Prime Minister"]);
    assert!(words.len() <= 4);
}

#[test]
fn an_article_between_two_topics_stays_unsorted_with_both_suggested() {
    let choice = by_words("A goal for the orchestra", "The striker plays the opera, the singer plays football.");
    assert_eq!(choice.topic, None, "{choice:?}");
    let mut suggestions = choice.suggestions.clone();
    suggestions.sort_unstable();
    assert_eq!(suggestions, [Topic::Sport, Topic::Culture]);
    assert_eq!(choice.reason, Reason::Unsure { between: choice.suggestions });
}

#[test]
fn an_article_without_telling_words_stays_unsorted() {
    for (title, text) in [("", ""), ("Something", "It was there, and then it was not."), ("今日", "晴れ")] {
        let choice = by_words(title, text);
        assert_eq!(choice.topic, None, "{title}: {choice:?}");
    }
}

#[test]
fn padding_with_empty_words_makes_the_answer_less_sure() {
    let text = "The striker met a doctor.";
    let short = classify::word_scores::weigh("A striker", text, Some("en"));
    let padded = format!("{text}{}", " and then".repeat(1_000));
    let long = classify::word_scores::weigh("A striker", &padded, Some("en"));
    assert_eq!(short.clear(), Some(Topic::Sport));
    assert_eq!(long.clear(), None);
    assert!(long.confidence() < short.confidence());
}

#[test]
fn a_declared_language_decides_which_words_count() {
    // The German “war” is “was”, the English one is not.
    let said = |language| classify::word_scores::weigh("War war war", "", Some(language)).ranking;
    assert!(said("de-AT").is_empty());
    assert_eq!(said("en-GB")[0].0, Topic::Conflict);
    assert!(said("xx").is_empty());
}

#[test]
fn the_article_on_the_kremlin_is_filed_under_politics_or_conflict() {
    let Some(path) = shared("seed/kremlin-dialogue.txt") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    for title in ["", "Kremlin says almost all Russia-US dialogue 'frozen'"] {
        let topic = by_words(title, &text).topic;
        assert!(matches!(topic, Some(Topic::Politics | Topic::Conflict)), "{topic:?}");
    }
}

proptest! {
    #[test]
    fn suggestions_are_few_and_never_the_choice(
        sections in prop::collection::vec("\\PC{0,12}|sport|World > Art", 0..3),
        tags in prop::collection::vec("\\PC{0,12}|war|money", 0..3),
        address in "https?://(sport|m)\\.[a-z]{1,5}\\.org/[a-zé%/.0-9-]{0,12}",
        title in "(\\PC| |war|goal){0,12}",
        text in "(\\PC| |election|doctor|\u{301}){0,30}",
    ) {
        let url = Url::parse(&address).ok();
        let signals = Signals {
            sections: &sections, tags: &tags, url: url.as_ref(), title: &title, text: &text, language: None,
        };
        let choice = classify::choose(&signals);
        prop_assert!(choice.suggestions.len() <= 2);
        prop_assert!(choice.topic.is_none_or(|topic| !choice.suggestions.contains(&topic)));
        prop_assert_eq!(choice.topic.is_none(), matches!(choice.reason, Reason::Unsure { .. }));
        prop_assert!(!choice.reason.sentence().is_empty());
    }
}
