use crate::library::rules::*;
use crate::library::sources;
use crate::library::{Library, test_library};

async fn with_source() -> (Library, tempfile::TempDir) {
    let (library, folder) = test_library().await;
    let mut write = library.write().await.unwrap();
    let source =
        crate::library::sources::NewSource { domain: "harbour.example".into(), name: "The Harbour Post".into() };
    sources::find_or_add(&mut write, &source).await.unwrap();
    write.commit().await.unwrap();
    (library, folder)
}

fn rule(selector: &str, action: Action) -> Rule {
    Rule { selector: selector.parse().unwrap(), action }
}

async fn made(library: &Library, rule: &Rule) -> i64 {
    let new = NewRule { rule: rule.clone(), article_id: None };
    save(
        library,
        "harbour.example",
        &new,
        PreviewCounts { articles_changed: 2, articles_tried: 10 },
        Timestamp::UNIX_EPOCH,
    )
    .await
    .unwrap()
    .unwrap()
}

#[tokio::test]
async fn rules_come_back_in_the_order_in_which_they_were_made() {
    let (library, _folder) = with_source().await;
    let (keep, out) = (rule(".note", Action::Keep), rule("p.promo", Action::Remove(Reason::Promotion)));
    let first = made(&library, &keep).await;
    made(&library, &out).await;
    assert_eq!(load_for_domain(&library, "harbour.example").await.unwrap(), [keep.clone(), out.clone()]);
    // The same selector once more is another word on the same thing, and the last one.
    let changed = rule(".note", Action::Remove(Reason::Legal));
    let third = made(&library, &changed).await;
    assert_ne!(first, third);
    assert_eq!(load_for_domain(&library, "harbour.example").await.unwrap(), [out.clone(), changed]);
    assert_eq!(find(&library, "harbour.example", first).await.unwrap(), None);
    assert_eq!(delete(&library, "elsewhere.example", third).await.unwrap(), None);
    let removed = delete(&library, "harbour.example", third).await.unwrap().unwrap();
    assert_eq!((removed.articles_changed, removed.articles_tried), (2, 10));
    assert_eq!(load_for_domain(&library, "harbour.example").await.unwrap(), [out]);
    let new = NewRule { rule: keep, article_id: None };
    let nowhere =
        save(&library, "elsewhere.example", &new, PreviewCounts::default(), Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(nowhere, None);
}

#[tokio::test]
async fn a_change_of_rules_is_work_that_a_later_change_begins_anew() {
    let (library, _folder) = with_source().await;
    assert_eq!(next_job(&library).await.unwrap(), None);
    made(&library, &rule(".note", Action::Keep)).await;
    let begun = next_job(&library).await.unwrap().unwrap();
    advance_job(&library, &begun, Some(7)).await.unwrap();
    assert_eq!(next_job(&library).await.unwrap().unwrap().before_article_id, 7);
    made(&library, &rule(".other", Action::Keep)).await;
    // The round that was under way can no longer move or end the work.
    advance_job(&library, &begun, Some(3)).await.unwrap();
    advance_job(&library, &begun, None).await.unwrap();
    let anew = next_job(&library).await.unwrap().unwrap();
    assert_eq!(anew.before_article_id, i64::MAX);
    advance_job(&library, &anew, None).await.unwrap();
    assert_eq!(next_job(&library).await.unwrap(), None);
}

#[test]
fn a_new_rule_takes_the_place_of_one_like_it_and_those_of_the_article_come_last() {
    let stored = |id: i64, selector: &str, only: Option<i64>| StoredRule {
        id,
        domain: "harbour.example".into(),
        article_id: only,
        article_title: None,
        rule: rule(selector, Action::Keep),
        created_at: Timestamp::UNIX_EPOCH,
        articles_changed: 0,
        articles_tried: 0,
    };
    let known = [stored(1, ".a", None), stored(3, ".b", None), stored(2, ".a", Some(7))];
    let among = |only: Option<i64>| {
        let new = NewRule { rule: rule(".a", Action::Remove(Reason::Legal)), article_id: only };
        let rules = new.among(&known);
        rules.iter().map(|it| format!("{} {}", it.selector, it.action == Action::Keep)).collect::<Vec<_>>()
    };
    assert_eq!(among(None), [".b true", ".a false", ".a true"]);
    assert_eq!(among(Some(7)), [".a true", ".b true", ".a false"]);
}

#[test]
fn every_reason_has_a_word_and_a_foreign_one_is_none() {
    assert_eq!(parse_reason(&reason_code(Reason::NotPartOfTheArticle)), Some(Reason::NotPartOfTheArticle));
    assert_eq!(reason_code(Reason::RelatedLinks), "related-links");
    assert_eq!(parse_reason("<script>"), None);
    assert_eq!(parse("p", Some("what a later version knows")), None);
}
