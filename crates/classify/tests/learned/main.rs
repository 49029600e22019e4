//! Learning from examples: on invented articles, and on labelled news where that is at hand (for evaluation only).
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod examples;
mod news;

use classify::{Topic, TopicReason};
use proptest::prelude::*;

use crate::examples::{By, Examples, Random, is_by_examples};

const SUBJECTS: [Topic; 4] = [Topic::Sport, Topic::Health, Topic::Business, Topic::Crime];

/// Returns examples with `each` labelled articles of each subject.
fn labelled(each: usize, random: &mut Random) -> Examples {
    let mut examples = Examples::default();
    for _ in 0..each {
        for (subject, topic) in SUBJECTS.iter().enumerate() {
            let (title, text) = random.article(subject);
            examples.learn(topic.slug(), By::Publisher, &title, &text);
        }
    }
    examples
}

/// Returns how many of 50 new articles of each subject get its topic, and how many get another one.
fn count_right_and_wrong(examples: &Examples, random: &mut Random) -> (usize, usize) {
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..50 {
        for (subject, topic) in SUBJECTS.iter().enumerate() {
            let (title, text) = random.article(subject);
            match examples.choose(&title, &text).topic {
                Some(found) if found == *topic => right += 1,
                Some(_) => wrong += 1,
                None => {}
            }
        }
    }
    (right, wrong)
}

#[test]
fn nothing_is_learned_from_a_few_articles_or_from_one_topic() {
    let mut random = Random(1);
    let mut examples = labelled(2, &mut random);
    let (title, text) = random.article(0);
    assert_eq!(examples.choose(&title, &text).topic, None);
    for _ in 0..40 {
        let (title, text) = random.article(0);
        examples = std::mem::take(&mut examples);
        examples.learn("sport", By::Reader, &title, &text);
    }
    let (title, text) = random.article(0);
    assert_eq!(examples.choose(&title, &text).topic, None, "there is nothing to compare with");
}

#[test]
fn a_language_without_a_vocabulary_is_learned_from_the_publishers_labels() {
    let mut random = Random(2);
    let mut before = 0;
    for each in [3, 20, 100] {
        let (right, wrong) = count_right_and_wrong(&labelled(each, &mut random), &mut random);
        assert!(right >= before && wrong <= 10, "{each}: {right} right, {wrong} wrong");
        before = right;
    }
    assert!(before >= 180, "{before} of 200");
}

#[test]
fn a_correction_outweighs_some_labels() {
    let mut random = Random(3);
    let mut examples = labelled(20, &mut random);
    let subject = 9;
    for _ in 0..9 {
        let (title, text) = random.article(subject);
        examples.learn("crime", By::Publisher, &title, &text);
    }
    for _ in 0..6 {
        let (title, text) = random.article(subject);
        examples.learn("health", By::Reader, &title, &text);
    }
    let (title, text) = random.article(subject);
    let choice = examples.choose(&title, &text);
    assert_eq!(choice.topic, Some(Topic::Health));
    let TopicReason::Moved { articles: 6, words, own: None } = choice.reason else { panic!("{:?}", choice.reason) };
    assert!(!words.is_empty() && words.iter().all(|word| text.contains(word) || title.contains(word)));
    assert!(!choice.suggestions.contains(&Topic::Health));
}

#[test]
fn what_is_like_nothing_stays_unsorted() {
    let mut random = Random(4);
    let examples = labelled(30, &mut random);
    for _ in 0..20 {
        let (title, text) = random.article(50);
        let backwards = |words: &str| words.chars().rev().collect::<String>();
        assert_eq!(examples.choose(&backwards(&title), &backwards(&text)).topic, None);
    }
}

#[test]
fn an_own_topic_takes_what_is_like_its_five_examples_and_nothing_else() {
    for (seed, each) in [(0, 20), (1, 20), (2, 60), (3, 60), (4, 300)] {
        let mut random = Random(100 + seed);
        let mut examples = labelled(each, &mut random);
        let own = 20;
        for number in 0..5 {
            let (title, text) = random.article(own);
            assert_eq!(examples.choose(&title, &text).reason.own_topic(), None, "{number} examples are too few");
            examples.learn("ferries", By::Reader, &title, &text);
        }
        let (mut right, mut wrong) = (0, 0);
        for _ in 0..40 {
            let (title, text) = random.article(own);
            right += usize::from(examples.slug(&title, &text) == "ferries");
            for subject in [0, 1, 2, 3, 50, 51] {
                let (title, text) = random.article(subject);
                wrong += usize::from(examples.slug(&title, &text) == "ferries");
            }
        }
        assert!(right >= 24, "seed {seed}: {right} of 40 found");
        assert!(wrong * 20 <= right, "seed {seed}: {wrong} wrong, {right} right");
    }
}

#[test]
fn the_vocabulary_still_counts_where_examples_say_little() {
    let mut random = Random(5);
    let examples = labelled(10, &mut random);
    let choice = examples.choose(
        "Striker scores twice as the league final ends",
        "The goalkeeper saved a penalty, and the coach praised the midfielder after the match at the stadium.",
    );
    assert_eq!(choice.topic, Some(Topic::Sport));
    assert!(!is_by_examples(&choice), "{:?}", choice.reason);
}

/// A short article that is as much about one subject as about another.
fn between(random: &mut Random, subject: usize, other: usize) -> (String, String) {
    let ((title, text), (second_title, second_text)) = (random.article(subject), random.article(other));
    let start = |text: &str| text.split(' ').take(60).collect::<Vec<_>>().join(" ");
    (format!("{title} {second_title}"), format!("{} {}", start(&text), start(&second_text)))
}

#[test]
fn topics_that_were_merged_do_not_compete_with_each_other() {
    let mut random = Random(6);
    let mut examples = labelled(60, &mut random);
    let mut articles: Vec<_> = (0..300).map(|_| between(&mut random, 1, 3)).collect();
    articles.retain(|(title, text)| {
        let choice = examples.choose(title, text);
        let is_between = |topic| matches!(&choice.reason, TopicReason::Unsure { between } if between.contains(topic));
        [Topic::Health, Topic::Crime].iter().all(is_between)
    });
    assert!(articles.len() >= 5, "{} are undecided", articles.len());
    let health_or_crime = |examples: &Examples| {
        let chosen = articles.iter().filter_map(|(title, text)| examples.choose(title, text).topic);
        chosen.filter(|topic| [Topic::Health, Topic::Crime].contains(topic)).count()
    };
    for (merged, root) in [("crime", "health"), ("health", "crime")] {
        examples.merged = vec![(merged.into(), root.into())];
        assert_eq!(health_or_crime(&examples), articles.len());
    }
    // Into one of the reader's own.
    examples.merged = vec![("crime".into(), "ferries".into()), ("health".into(), "ferries".into())];
    assert_eq!(health_or_crime(&examples), articles.len());
    for (title, text) in &articles {
        let suggested = examples.choose(title, text).suggestions;
        assert!(!suggested.contains(&Topic::Crime) || !suggested.contains(&Topic::Health), "{suggested:?}");
    }
    let (title, text) = random.article(0);
    assert_eq!(examples.choose(&title, &text).topic, Some(Topic::Sport), "others are as before");
}

#[test]
fn words_for_merged_topics_count_together() {
    let mut examples = Examples::default();
    let (title, text) = ("Police and troops: a suspect, a missile and an arrest", "It was in the morning.");
    let apart = examples.choose(title, text);
    assert!(apart.topic.is_none(), "{apart:?}");
    examples.merged = vec![("crime".into(), "conflict".into())];
    let together = examples.choose(title, text);
    assert!([Some(Topic::Crime), Some(Topic::Conflict)].contains(&together.topic), "{together:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn the_same_examples_give_the_same_topic(seed: u64, title in ".{0,60}", text in ".{0,400}") {
        let examples = labelled(4, &mut Random(seed));
        let again = labelled(4, &mut Random(seed));
        prop_assert_eq!(examples.choose(&title, &text), again.choose(&title, &text));
        let (title, text) = Random(seed ^ 7).article(1);
        prop_assert_eq!(examples.choose(&title, &text), again.choose(&title, &text));
    }
}
