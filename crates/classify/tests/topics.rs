//! Choosing topics for whole articles. All texts were written for these tests.

use std::path::PathBuf;

use classify::{ClassifierInput, Topic, TopicChoice, TopicReason};
use proptest::prelude::*;
use url::Url;

fn choose_by_words(title: &str, text: &str) -> TopicChoice {
    classify::choose_topic(&ClassifierInput { title, text, ..ClassifierInput::default() })
}

/// Returns the path of evaluation data that is not part of this repository.
fn shared_file(path: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    if folder.exists() {
        return Some(folder.join(path));
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs ../shared");
    eprintln!("skipped: no ../shared");
    None
}

#[test]
fn publisher_labels_take_precedence_over_words() {
    let url = Url::parse("https://example.org/sport/a-vote").unwrap();
    let (sections, tags) = (["Economy".to_owned()], ["Music".to_owned()]);
    let text =
        "Parliament voted on the election law after the prime minister spoke of the economy, of football and of music.";
    let all = ClassifierInput {
        sections: &sections,
        tags: &tags,
        url: Some(&url),
        subdomain: None,
        title: "A vote",
        text,
        language: Some("en"),
    };
    let choice = classify::choose_topic(&all);
    assert_eq!(choice.topic, Some(Topic::Business));
    assert_eq!(choice.reason.sentence(), "The publisher filed it under “Economy”.");
    assert_eq!(choice.suggestions.first(), Some(&Topic::Politics), "what the words say");

    let choice = classify::choose_topic(&ClassifierInput { sections: &[], ..all });
    assert_eq!(choice.topic, Some(Topic::Sport));
    assert_eq!(choice.reason.sentence(), "The link contains /sport/.");

    let choice = classify::choose_topic(&ClassifierInput { sections: &[], url: None, ..all });
    assert_eq!(choice.topic, Some(Topic::Culture));
    assert_eq!(choice.reason.sentence(), "The publisher tagged it “Music”.");

    let choice = classify::choose_topic(&ClassifierInput { sections: &[], url: None, tags: &[], ..all });
    assert_eq!(choice.topic, Some(Topic::Politics));
    assert!(choice.reason.sentence().starts_with("Chosen for words such as "), "{:?}", choice.reason);
}

#[test]
fn a_word_in_the_url_is_no_section_if_the_text_is_plainly_about_something_else() {
    let url = Url::parse("https://example.org/school/bank-raises-its-rate").unwrap();
    let title = "Central bank raises interest rates as inflation climbs";
    let text =
        "Economists expect bond yields to rise. Shares fell on the stock exchange, and lenders raised mortgage rates.";
    let input = ClassifierInput { url: Some(&url), title, text, language: Some("en"), ..ClassifierInput::default() };
    assert_eq!(classify::choose_topic(&input).topic, Some(Topic::Business));
    let text = "Pupils asked their teachers why prices rise, and the school invited an economist to the classroom.";
    assert_eq!(classify::choose_topic(&ClassifierInput { text, ..input }).topic, Some(Topic::Education));
}

/// At least one article per language, with its topic.
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
    (
        Topic::Conflict,
        "غارة جوية على مواقع المسلحين",
        "قال الجيش إن طائراته قصفت مواقع المتمردين، وقتل جنود في الاشتباكات قبل وقف إطلاق النار.",
    ),
    (Topic::Health, "अस्पताल में नए टीके की शुरुआत", "डॉक्टरों ने मरीजों को वैक्सीन दी और कहा कि बीमारी के लक्षण कम हुए हैं।"),
    (Topic::Sport, "国家队夺得世界杯冠军", "前锋在决赛最后一分钟进球，教练和球员在体育场庆祝胜利。"),
    (Topic::Disaster, "沿岸で大地震、津波警報", "気象庁は震度6の地震を観測し、消防が倒壊した建物で救助を続けている。"),
    (
        Topic::Politics,
        "Bunge lapitisha muswada wa uchaguzi",
        "Waziri mkuu na wabunge wa chama tawala walipiga kura katika kikao cha jioni, huku upinzani ukisusia baada ya hotuba ya spika kwa taifa.",
    ),
];

#[test]
fn words_choose_the_topic_in_each_language() {
    for &(topic, title, text) in ARTICLES {
        let choice = choose_by_words(title, text);
        assert_eq!(choice.topic, Some(topic), "{title}: {choice:?}");
        assert!(matches!(choice.reason, TopicReason::Words { ref words } if !words.is_empty()));
    }
}

#[test]
fn telling_words_are_shown_as_written() {
    let choice = choose_by_words(
        "Kremlin answers the Prime\n Minister",
        "The KREMLIN spoke of sanctions. Its spokesman met the ambassador.",
    );
    let TopicReason::Words { words } = choice.reason else { panic!("{choice:?}") };
    assert_eq!(words[..2], ["Kremlin", "Prime Minister"]);
    assert!(words.len() <= 4);
}

#[test]
fn ambiguous_article_stays_unsorted_with_two_suggestions() {
    let choice = choose_by_words("A goal for the orchestra", "The striker plays the opera, the singer plays football.");
    assert_eq!(choice.topic, None, "{choice:?}");
    let mut suggestions = choice.suggestions.clone();
    suggestions.sort_unstable();
    assert_eq!(suggestions, [Topic::Sport, Topic::Culture]);
    assert_eq!(choice.reason, TopicReason::Unsure { between: choice.suggestions });
}

#[test]
fn article_without_telling_words_stays_unsorted() {
    for (title, text) in [("", ""), ("Something", "It was there, and then it was not."), ("今日", "晴れ")] {
        let choice = choose_by_words(title, text);
        assert_eq!(choice.topic, None, "{title}: {choice:?}");
    }
}

#[test]
fn padding_lowers_confidence() {
    let text = "The striker met a doctor.";
    let short = classify::word_scores::score_topics("A striker", text, Some("en"));
    let padded = format!("{text}{}", " and then".repeat(1_000));
    let long = classify::word_scores::score_topics("A striker", &padded, Some("en"));
    assert_eq!(short.clear_winner(), Some(Topic::Sport));
    assert_eq!(long.clear_winner(), None);
    assert!(long.confidence() < short.confidence());
}

#[test]
fn declared_language_selects_the_word_list() {
    // German “war” means “was”.
    let ranking = |language| classify::word_scores::score_topics("War war war", "", Some(language)).ranking;
    assert!(ranking("de-AT").is_empty());
    assert_eq!(ranking("en-GB")[0].0, Topic::Conflict);
    assert!(ranking("xx").is_empty());
}

#[test]
fn kremlin_article_is_politics_or_conflict() {
    let Some(path) = shared_file("seed/kremlin-dialogue.txt") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    for title in ["", "Kremlin says almost all Russia-US dialogue 'frozen'"] {
        let topic = choose_by_words(title, &text).topic;
        assert!(matches!(topic, Some(Topic::Politics | Topic::Conflict)), "{topic:?}");
    }
}

proptest! {
    #[test]
    fn suggestions_are_at_most_two_and_exclude_the_topic(
        sections in prop::collection::vec("\\PC{0,12}|sport|World > Art", 0..3),
        tags in prop::collection::vec("\\PC{0,12}|war|money", 0..3),
        url_text in "https?://(sport|m)\\.[a-z]{1,5}\\.org/[a-zé%/.0-9-]{0,12}",
        title in "(\\PC| |war|goal){0,12}",
        text in "(\\PC| |election|doctor|\u{301}){0,30}",
    ) {
        let url = Url::parse(&url_text).ok();
        let input = ClassifierInput {
            sections: &sections, tags: &tags, url: url.as_ref(), subdomain: None, title: &title, text: &text, language: None,
        };
        let choice = classify::choose_topic(&input);
        prop_assert!(choice.suggestions.len() <= 2);
        prop_assert!(choice.topic.is_none_or(|topic| !choice.suggestions.contains(&topic)));
        prop_assert_eq!(choice.topic.is_none(), matches!(choice.reason, TopicReason::Unsure { .. }));
        prop_assert!(!choice.reason.sentence().is_empty());
    }
}
