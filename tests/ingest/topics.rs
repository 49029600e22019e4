//! What a library learns about its topics, and the reader's rules. The articles are in an invented language, of which there
//! is no vocabulary.

use broadsheet::library::articles::{self, ArticleAction, TRASH_RETENTION};
use broadsheet::library::operations::{self, Progress};
use broadsheet::library::snapshots::SnapshotFormat;
use broadsheet::library::sources;
use broadsheet::library::tags::TagChanges;
use broadsheet::library::topics::learning::{self, Examples};
use broadsheet::library::topics::{self, filing};
use classify::TopicReason;

use crate::{Fixture, noon};

/// Repeatable random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// Writes a page: a third of its words are of its subject.
    fn page(&mut self, subject: u64) -> String {
        let mut words = |count: usize| -> String {
            let mut word = || match self.below(3) {
                0 => invent_word(7_000 + subject * 500 + self.below(60)),
                _ => invent_word(self.below(1_500)),
            };
            (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
        };
        let title = words(7);
        let paragraphs: String = (0..5).map(|_| format!("<p>{}.</p>", words(40))).collect();
        format!(
            "<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
        )
    }
}

fn invent_word(mut number: u64) -> String {
    const SYLLABLES: [&str; 10] = ["vo", "zu", "qui", "xa", "bro", "ke", "lyn", "gwa", "fi", "dre"];
    let mut word = String::new();
    while number > 0 || word.len() < 5 {
        word.push_str(SYLLABLES[usize::try_from(number % 10).unwrap()]);
        number /= 10;
    }
    word
}

impl Fixture {
    /// Saves a new article about a subject, from a link to `folder`. Returns its id.
    async fn save_about(&self, random: &mut Random, subject: u64, folder: &str) -> i64 {
        let url = format!("http://{folder}/{}", random.below(1 << 30));
        self.paste(SnapshotFormat::Html, &random.page(subject), Some(&url)).await.unwrap().id()
    }

    /// Saves a new article about a subject, from a site that does not say its topic. Returns topic and reason.
    async fn file_about(&self, random: &mut Random, subject: u64) -> (String, TopicReason) {
        let id = self.save_about(random, subject, "harbour.example").await;
        let article = self.article(id).await;
        (article.topic, article.topic_choice.reason)
    }

    /// Moves an article to a topic, as the reader does. Returns the operation.
    async fn correct(&self, article: i64, topic: &str) -> i64 {
        operations::move_to_topic(&self.library, article, topic, &TagChanges::default(), noon()).await.unwrap()
    }

    async fn undo(&self, operation: i64) {
        assert!(operations::undo(&self.library, operation).await.unwrap());
        while operations::run_batch(&self.library, operation, noon()).await.unwrap() == Progress::Unfinished {}
    }

    async fn merge(&self, from: &str, into: &str) -> i64 {
        let find = async |slug| topics::find(&self.library, slug).await.unwrap().unwrap();
        let (from, into) = (find(from).await, find(into).await);
        let merge = operations::merge_topics(&self.library, &from, &into, noon()).await.unwrap().unwrap();
        while operations::run_batch(&self.library, merge, noon()).await.unwrap() == Progress::Unfinished {}
        merge
    }

    async fn examples(&self, topic: &str) -> (i64, i64) {
        let Examples { labels, corrections, .. } = learning::count_examples(&self.library, topic).await.unwrap();
        (labels, corrections)
    }
}

/// Returns a library with articles that publishers filed under Sport and Health.
async fn labelled_library(random: &mut Random) -> Fixture {
    let fixture = Fixture::new().await;
    for _ in 0..12 {
        fixture.save_about(random, 1, "quay.example/sport").await;
        fixture.save_about(random, 2, "quay.example/health").await;
    }
    fixture
}

#[tokio::test]
async fn what_publishers_filed_files_articles_of_other_sites() {
    let mut random = Random(1);
    let fixture = labelled_library(&mut random).await;
    assert_eq!((fixture.examples("sport").await, fixture.examples("health").await), ((12, 0), (12, 0)));
    let (topic, reason) = fixture.file_about(&mut random, 1).await;
    assert_eq!(topic, "sport");
    assert!(matches!(reason, TopicReason::Publishers { words } if !words.is_empty()));
    assert_eq!(fixture.examples("sport").await, (12, 0), "what it has chosen itself is no example");
}

#[tokio::test]
async fn a_correction_is_learned_and_its_undo_forgets_it() {
    let mut random = Random(2);
    let fixture = labelled_library(&mut random).await;
    let mut corrections = Vec::new();
    assert_ne!(fixture.file_about(&mut random, 3).await.0, "business");
    for _ in 0..3 {
        let id = fixture.save_about(&mut random, 3, "harbour.example").await;
        if fixture.article(id).await.topic != "business" {
            corrections.push(fixture.correct(id, "business").await);
        }
    }
    let taught = u32::try_from(corrections.len()).unwrap();
    assert_eq!(fixture.examples("business").await, (0, taught.into()));
    let (topic, reason) = fixture.file_about(&mut random, 3).await;
    assert_eq!(topic, "business");
    assert!(matches!(reason, TopicReason::Moved { articles, own: None, .. } if articles == taught), "{reason:?}");
    for correction in corrections {
        fixture.undo(correction).await;
    }
    assert_eq!(fixture.examples("business").await, (0, 0));
    assert_ne!(fixture.file_about(&mut random, 3).await.0, "business");
}

#[tokio::test]
async fn an_own_topic_gets_articles_by_itself_after_five_examples() {
    let mut random = Random(3);
    let fixture = labelled_library(&mut random).await;
    topics::add_custom(&fixture.library, "Night trams").await.unwrap().unwrap();
    let mut last = 0;
    for _ in 0..5 {
        assert_ne!(fixture.file_about(&mut random, 4).await.0, "night-trams");
        let id = fixture.save_about(&mut random, 4, "harbour.example").await;
        last = fixture.correct(id, "night-trams").await;
    }
    let mut found = 0;
    for _ in 0..10 {
        // The publisher's section says less than the reader's examples.
        let id = fixture.save_about(&mut random, 4, "quay.example/sport").await;
        found += usize::from(fixture.article(id).await.topic == "night-trams");
        for subject in [1, 2, 5] {
            assert_ne!(fixture.file_about(&mut random, subject).await.0, "night-trams");
        }
    }
    assert!(found >= 8, "{found} of 10");
    fixture.undo(last).await;
    assert_ne!(fixture.file_about(&mut random, 4).await.0, "night-trams", "four examples are too few");
    fixture.merge("night-trams", "culture").await;
    assert_eq!((fixture.examples("night-trams").await, fixture.examples("culture").await), ((0, 0), (0, 4)));
}

#[tokio::test]
async fn a_merged_own_topic_gives_what_is_like_its_examples_to_the_other() {
    let mut random = Random(8);
    let fixture = labelled_library(&mut random).await;
    topics::add_custom(&fixture.library, "Night trams").await.unwrap().unwrap();
    for _ in 0..5 {
        let id = fixture.save_about(&mut random, 4, "harbour.example").await;
        fixture.correct(id, "night-trams").await;
    }
    let merge = fixture.merge("night-trams", "culture").await;
    assert_eq!(fixture.examples("culture").await, (0, 5), "they are those of both");
    let mut arrived = Vec::new();
    for _ in 0..10 {
        // Whatever the publisher calls its section.
        let id = fixture.save_about(&mut random, 4, "quay.example/sport").await;
        arrived.extend((fixture.article(id).await.topic == "culture").then_some(id));
        for subject in [1, 2, 5] {
            assert_ne!(fixture.file_about(&mut random, subject).await.0, "culture");
        }
    }
    assert!(arrived.len() >= 8, "{} of 10", arrived.len());
    fixture.undo(merge).await;
    for id in arrived {
        assert_eq!(fixture.article(id).await.topic, "night-trams", "what came meanwhile goes back too");
    }
    assert_eq!((fixture.examples("night-trams").await, fixture.examples("culture").await), ((0, 5), (0, 0)));
}

#[tokio::test]
async fn the_readers_rule_comes_first() {
    let mut random = Random(4);
    let fixture = Fixture::new().await;
    let id = fixture.save_about(&mut random, 1, "quay.example/sport").await;
    assert_eq!(fixture.article(id).await.topic, "sport");
    let source = sources::find(&fixture.library, "quay.example").await.unwrap().unwrap();
    filing::save(&fixture.library, source.id, "", "culture").await.unwrap();
    filing::save(&fixture.library, source.id, "/sport/", "business").await.unwrap();
    for (folder, topic) in [("quay.example/sport", "business"), ("quay.example/health", "culture")] {
        let id = fixture.save_about(&mut random, 1, folder).await;
        let article = fixture.article(id).await;
        assert_eq!(article.topic, topic);
        assert!(article.topic_choice.reason.sentence().starts_with("Your rule: articles of "), "{folder}");
    }
    filing::delete(&fixture.library, source.id, "/sport/").await.unwrap();
    let id = fixture.save_about(&mut random, 1, "quay.example/sport").await;
    assert_eq!(fixture.article(id).await.topic, "culture");
    assert_eq!(fixture.examples("culture").await, (0, 0), "rules are no examples");
}

#[tokio::test]
async fn articles_that_are_gone_for_good_are_forgotten() {
    let mut random = Random(5);
    let fixture = labelled_library(&mut random).await;
    let id = fixture.save_about(&mut random, 3, "harbour.example").await;
    fixture.correct(id, "sport").await;
    assert_eq!(fixture.examples("sport").await, (12, 1));
    articles::apply_action(&fixture.library, id, ArticleAction::Delete, noon()).await.unwrap();
    assert_eq!(fixture.examples("sport").await, (12, 1), "the trash still teaches");
    articles::purge_trash(&fixture.library, noon() + TRASH_RETENTION).await.unwrap();
    assert_eq!(fixture.examples("sport").await, (12, 0));
    assert!(!learning::is_learning(&fixture.library).await.unwrap(), "nothing is left to be learned");
}

#[tokio::test]
async fn the_same_library_files_the_same_article_in_the_same_way() {
    let mut filed: Vec<Vec<(String, TopicReason)>> = Vec::new();
    for _ in 0..2 {
        let mut random = Random(6);
        let fixture = labelled_library(&mut random).await;
        let mut topics = Vec::new();
        for subject in [1, 2, 3, 4, 1, 2] {
            topics.push(fixture.file_about(&mut random, subject).await);
        }
        filed.push(topics);
    }
    assert_eq!(filed[0], filed[1]);
}
