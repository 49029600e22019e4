//! Renaming, hiding, merging and deleting topics, and undoing it.

use classify::wide_sections::WideSection;
use classify::{Topic as BuiltIn, TopicChoice, TopicReason};

use crate::library::articles::changes::{BulkAction, TopicEdit};
use crate::library::articles::tests::{article, library_with, noon};
use crate::library::articles::{self, ArticleAction, NewArticle};
use crate::library::operations::tests::{counts, finish, look, run, start, undo};
use crate::library::operations::{self, BATCH_SIZE, OperationState};
use crate::library::topics::{self, Topic, UNSORTED, filing, learning};
use crate::library::{Library, consistency};

/// An article that the publisher filed under a topic.
fn filed(topic: BuiltIn, number: i64) -> NewArticle {
    let reason = TopicReason::Section { word: topic.name().into() };
    let topic_choice = TopicChoice { topic: Some(topic), reason, suggestions: Vec::new() };
    NewArticle { topic_choice, ..article("example.org", number) }
}

async fn add(library: &Library, new: &NewArticle) -> i64 {
    articles::add(library, new).await.unwrap().id()
}

async fn find(library: &Library, slug: &str) -> Topic {
    topics::find(library, slug).await.unwrap().unwrap()
}

async fn merge(library: &Library, from: &str, into: &str) -> i64 {
    let (from, into) = (find(library, from).await, find(library, into).await);
    operations::merge_topics(library, &from, &into, noon()).await.unwrap().unwrap()
}

async fn finish_all(library: &Library) {
    while let Some(id) = operations::find_unfinished(library).await.unwrap() {
        finish(library, id).await;
    }
}

/// Topics with articles, each with its number. No article is in a topic that was merged.
async fn places(library: &Library) -> Vec<(String, i64)> {
    assert_eq!(consistency::count_wrong_counts(library).await.unwrap(), 0);
    let shown = topics::list_with_counts(library).await.unwrap();
    let all = topics::article_counts(library).await.unwrap().articles;
    assert_eq!(shown.iter().map(|topic| topic.articles).sum::<i64>(), all, "articles are stranded");
    shown.into_iter().filter(|topic| topic.articles > 0).map(|topic| (topic.slug, topic.articles)).collect()
}

fn expected(places: &[(&str, i64)]) -> Vec<(String, i64)> {
    places.iter().map(|(slug, articles)| ((*slug).to_owned(), *articles)).collect()
}

#[tokio::test]
async fn a_merged_topic_gives_its_articles_old_and_new_and_an_undo_brings_them_back() {
    let many = i64::try_from(BATCH_SIZE).unwrap() + 30;
    let mut all: Vec<_> = (1..=many).map(|number| filed(BuiltIn::Crime, number)).collect();
    all.push(filed(BuiltIn::Society, many + 1));
    let (library, _folder) = library_with(&all).await;
    articles::apply_action(&library, 1, ArticleAction::Delete, noon()).await.unwrap();
    let merged = merge(&library, "crime", "society").await;
    operations::run_batch(&library, merged, noon()).await.unwrap();
    let arrived = add(&library, &filed(BuiltIn::Crime, many + 2)).await;
    finish_all(&library).await;
    assert_eq!(places(&library).await, expected(&[("society", many + 1)]));
    assert_eq!(look(&library, 1).await.1, "society", "those in the trash too");
    assert_eq!(find(&library, "crime").await.slug, "society", "its old link leads on");
    let why = articles::find(&library, arrived).await.unwrap().unwrap().topic_choice;
    assert_eq!(why.reason, TopicReason::Section { word: "Crime".into() });
    // What the reader files by hand stays, and what came by itself goes back.
    let kept = add(&library, &filed(BuiltIn::Crime, many + 3)).await;
    run(&library, BulkAction::Topic("sport".into()), &[kept]).await;
    run(&library, BulkAction::Topic("society".into()), &[kept]).await;
    undo(&library, merged).await;
    assert_eq!(places(&library).await, expected(&[("society", 2), ("crime", many)]));
    assert_eq!((look(&library, arrived).await.1.as_str(), look(&library, kept).await.1.as_str()), ("crime", "society"));
    assert_eq!(counts(&library, merged).await, (many, many, OperationState::Undone));
    assert!(!learning::is_learning(&library).await.unwrap(), "all of it is learned at once");
}

#[tokio::test]
async fn merges_follow_each_other_and_are_undone_in_any_order() {
    // The second may begin before the first has moved its articles.
    for (first_is_done, first_is_undone_first) in [(true, true), (true, false), (false, true), (false, false)] {
        let all = [filed(BuiltIn::Crime, 1), filed(BuiltIn::Society, 2), filed(BuiltIn::Culture, 3)];
        let (library, _folder) = library_with(&all).await;
        let first = merge(&library, "crime", "society").await;
        if first_is_done {
            finish_all(&library).await;
        }
        let second = merge(&library, "society", "culture").await;
        finish_all(&library).await;
        let arrived = add(&library, &filed(BuiltIn::Crime, 4)).await;
        assert_eq!(places(&library).await, expected(&[("culture", 4)]));
        if first_is_undone_first {
            undo(&library, first).await;
            assert_eq!(look(&library, arrived).await.1, "crime", "it came since");
            undo(&library, second).await;
        } else {
            undo(&library, second).await;
            assert_eq!(places(&library).await, expected(&[("society", 3), ("culture", 1)]), "{first_is_done}");
            undo(&library, first).await;
        }
        // The first article has changed since the first merge, if that was undone first.
        let in_crime = if first_is_done && first_is_undone_first { 1 } else { 2 };
        assert_eq!(
            places(&library).await,
            expected(&[("society", 3 - in_crime), ("crime", in_crime), ("culture", 1)]),
            "{first_is_done} {first_is_undone_first}"
        );
    }
}

#[tokio::test]
async fn no_article_is_left_in_a_topic_that_is_merged() {
    let all: Vec<_> = (1..=3).map(|number| filed(BuiltIn::Crime, number)).collect();
    let (library, _folder) = library_with(&all).await;
    let moved = run(&library, BulkAction::Topic("sport".into()), &[1]).await;
    let moving = start(&library, BulkAction::Topic("crime".into()), &[1], noon()).await;
    let merged = merge(&library, "crime", "society").await;
    finish_all(&library).await;
    assert_eq!(places(&library).await, expected(&[("society", 3)]), "also what was on its way");
    for operation in [moving, moved] {
        undo(&library, operation).await;
        assert_eq!(places(&library).await.iter().find(|(slug, _)| slug == "crime"), None);
    }
    let choice = TopicChoice::from_reader(Some(BuiltIn::Crime));
    assert!(articles::set_topic_and_tags(&library, 2, Some(("crime", &choice)), None).await.unwrap());
    assert_eq!(look(&library, 2).await.1, "society");
    undo(&library, merged).await;
    assert!(places(&library).await.iter().any(|(slug, _)| slug == "crime"));
}

#[tokio::test]
async fn what_cannot_be_merged_stays() {
    let (library, _folder) = library_with(&[filed(BuiltIn::Crime, 1)]).await;
    let (crime, society) = (find(&library, "crime").await, find(&library, "society").await);
    let unsorted = find(&library, UNSORTED).await;
    let merge = async |from, into| operations::merge_topics(&library, from, into, noon()).await.unwrap();
    assert_eq!(merge(&unsorted, &crime).await, None, "no other topic takes what is unsorted");
    assert_eq!(merge(&crime, &crime).await, None);
    assert!(merge(&crime, &society).await.is_some());
    assert_eq!(merge(&crime, &unsorted).await, None, "it is merged already");
    assert_eq!(merge(&society, &crime).await, None, "they would lead to each other");
    assert_eq!(find(&library, "crime").await.slug, "society");
}

#[tokio::test]
async fn changes_of_a_topic_itself_are_undone_unless_it_was_changed_again() {
    let (library, _folder) = library_with(&[filed(BuiltIn::Crime, 1)]).await;
    let change = async |slug: &str, what: TopicEdit| {
        let topic = find(&library, slug).await;
        operations::change_topic(&library, &topic, what, noon()).await.unwrap()
    };
    let hidden = change("crime", TopicEdit::Hide).await.unwrap();
    finish_all(&library).await;
    assert_eq!(change("crime", TopicEdit::Hide).await, None, "it is hidden already");
    let shown = async || topics::list_shown(&library).await.unwrap().iter().any(|topic| topic.slug == "crime");
    assert!(!shown().await);
    undo(&library, hidden).await;
    assert!(shown().await);
    let first = change("crime", TopicEdit::Rename { to: "Law".into() }).await.unwrap();
    let second = change("crime", TopicEdit::Rename { to: "Courts".into() }).await.unwrap();
    finish_all(&library).await;
    undo(&library, first).await;
    assert_eq!(counts(&library, first).await, (1, 0, OperationState::Undone), "it has changed since");
    assert_eq!(find(&library, "crime").await.name, "Courts");
    undo(&library, second).await;
    assert_eq!(find(&library, "crime").await.name, "Law");
}

#[tokio::test]
async fn an_own_topic_that_nothing_needs_is_deleted_and_comes_back() {
    let (library, _folder) = library_with(&[filed(BuiltIn::Crime, 1)]).await;
    let slug = topics::add_custom(&library, "Ferries").await.unwrap().unwrap();
    let delete = async |slug: &str| {
        let topic = find(&library, slug).await;
        operations::change_topic(&library, &topic, TopicEdit::Delete, noon()).await.unwrap()
    };
    run(&library, BulkAction::Topic(slug.clone()), &[1]).await;
    assert_eq!((delete(&slug).await, delete("sport").await), (None, None), "not with articles, and no built-in one");
    run(&library, BulkAction::Topic("sport".into()), &[1]).await;
    for section in ["", "/sea/", "/quays/"] {
        filing::save(&library, 1, section, &slug).await.unwrap();
    }
    let deleted = delete(&slug).await.unwrap();
    finish_all(&library).await;
    assert_eq!(topics::find(&library, &slug).await.unwrap(), None);
    filing::save(&library, 1, "/quays/", "sport").await.unwrap();
    undo(&library, deleted).await;
    assert_eq!(find(&library, &slug).await.name, "Ferries");
    let rules = filing::list_for_topic(&library, &slug).await.unwrap();
    let sections: Vec<&str> = rules.iter().map(|rule| rule.section.as_str()).collect();
    assert_eq!(sections, ["", "/sea/"], "its rules come back too, but for what goes elsewhere since");
}

#[tokio::test]
async fn a_new_topic_has_the_slug_of_its_name_unless_another_keeps_it() {
    let (library, _folder) = library_with(&[]).await;
    let add = async |name: &str| topics::add_custom(&library, name).await.unwrap().unwrap();
    let politics = find(&library, "politics").await;
    let rename = TopicEdit::Rename { to: "Government".into() };
    operations::change_topic(&library, &politics, rename, noon()).await.unwrap().unwrap();
    assert_eq!(add("government").await, "politics", "it is called so now");
    assert_eq!(add("Politics").await, "politics-2");
    assert_eq!(add("POLITICS").await, "politics-2");
    assert_eq!(add("War & conflict").await, "war-conflict");
    merge(&library, "crime", "society").await;
    finish_all(&library).await;
    assert_eq!(add("Crime").await, "crime", "a merged topic is there again");
    assert_eq!(find(&library, "crime").await.slug, "crime");
}

#[tokio::test]
async fn a_merge_is_undone_after_its_topic_was_created_again() {
    let many = i64::try_from(BATCH_SIZE).unwrap() + 1;
    for is_done in [true, false] {
        let all: Vec<_> = (1..=many).map(|number| filed(BuiltIn::Crime, number)).collect();
        let (library, _folder) = library_with(&all).await;
        let merged = merge(&library, "crime", "society").await;
        if is_done {
            finish_all(&library).await;
        } else {
            operations::run_batch(&library, merged, noon()).await.unwrap();
        }
        let arrived = add(&library, &filed(BuiltIn::Crime, many + 1)).await;
        assert_eq!(topics::add_custom(&library, "Crime").await.unwrap().unwrap(), "crime");
        finish_all(&library).await;
        assert_eq!(look(&library, arrived).await.1, "society", "it stays until the undo");
        undo(&library, merged).await;
        assert_eq!(places(&library).await, expected(&[("crime", many + 1)]), "{is_done}");
    }
}

#[tokio::test]
async fn a_section_topic_that_was_merged_is_merged_again_by_an_undo() {
    let (library, _folder) = library_with(&[filed(BuiltIn::Crime, 1)]).await;
    let begin = async || operations::begin_section(&library, WideSection::World, noon()).await.unwrap().unwrap().0;
    begin().await;
    let rename = TopicEdit::Rename { to: "Abroad".into() };
    operations::change_topic(&library, &find(&library, "world").await, rename, noon()).await.unwrap().unwrap();
    operations::change_topic(&library, &find(&library, "world").await, TopicEdit::Hide, noon()).await.unwrap().unwrap();
    let first = merge(&library, "world", "culture").await;
    finish_all(&library).await;
    let end = TopicEdit::EndSections { section: "world".into() };
    let world = Topic { slug: "world".into(), ..find(&library, "culture").await };
    operations::change_topic(&library, &world, end, noon()).await.unwrap().unwrap();
    let begun = begin().await;
    finish_all(&library).await;
    run(&library, BulkAction::Topic("world".into()), &[1]).await;
    assert_eq!(places(&library).await, expected(&[("world", 1)]));
    undo(&library, begun).await;
    assert_eq!(places(&library).await, expected(&[("culture", 1)]));
    assert_eq!(find(&library, "world").await.slug, "culture");
    undo(&library, first).await;
    let world = topics::find_editable(&library, "world").await.unwrap().unwrap();
    assert_eq!((world.name.as_str(), world.is_hidden), ("Abroad", true), "it is all that it was");
}

#[tokio::test]
async fn no_undo_leaves_two_topics_of_one_name() {
    let (library, _folder) = library_with(&[filed(BuiltIn::Crime, 1)]).await;
    let change = async |slug: &str, what: TopicEdit| {
        let id = operations::change_topic(&library, &find(&library, slug).await, what, noon()).await.unwrap().unwrap();
        finish_all(&library).await;
        id
    };
    let create = async |name: &str| topics::add_custom(&library, name).await.unwrap().unwrap();
    let rename = |name: &str| TopicEdit::Rename { to: name.into() };
    let renamed = change("crime", rename("Law")).await;
    assert_eq!(create("Crime").await, "crime-2");
    undo(&library, renamed).await;
    assert_eq!(counts(&library, renamed).await, (1, 0, OperationState::Undone));
    assert_eq!(find(&library, "crime").await.name, "Law");

    create("Ferries").await;
    change("ferries", rename("Boats")).await;
    let deleted = change("ferries", TopicEdit::Delete).await;
    assert_eq!(create("boats").await, "boats");
    undo(&library, deleted).await;
    assert_eq!(counts(&library, deleted).await, (1, 0, OperationState::Undone));
    assert_eq!(topics::find(&library, "ferries").await.unwrap(), None);

    let merged = merge(&library, "crime", "society").await;
    finish_all(&library).await;
    assert_eq!(create("LAW").await, "law");
    undo(&library, merged).await;
    assert_eq!(find(&library, "crime").await.name, "Law 2", "its articles come back in any case");
    assert_eq!(places(&library).await, expected(&[("crime", 1)]));
}
