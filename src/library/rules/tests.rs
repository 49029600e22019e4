use crate::library::rules::*;
use crate::library::sources;
use crate::library::{Library, test_library};

async fn library_with_source() -> (Library, tempfile::TempDir) {
    let (library, folder) = test_library().await;
    let mut tx = library.begin_write().await.unwrap();
    let source =
        crate::library::sources::NewSource { domain: "harbour.example".into(), name: "The Harbour Post".into() };
    sources::find_or_add(&mut tx, &source, None).await.unwrap();
    tx.commit().await.unwrap();
    (library, folder)
}

fn rule(selector: &str, action: Action) -> Rule {
    Rule { selector: selector.parse().unwrap(), action }
}

async fn save_rule(library: &Library, rule: &Rule) -> i64 {
    let new = NewRule { rule: rule.clone(), article_id: None, replaces_id: None };
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
async fn rules_are_listed_in_order_of_creation() {
    let (library, _folder) = library_with_source().await;
    let (keep, out) = (rule(".note", Action::Keep), rule("p.promo", Action::Remove(Reason::Promotion)));
    let first = save_rule(&library, &keep).await;
    save_rule(&library, &out).await;
    assert_eq!(load_for_domain(&library, "harbour.example").await.unwrap(), [keep.clone(), out.clone()]);
    // Saving the same selector again replaces the rule and moves it to the end.
    let changed = rule(".note", Action::Remove(Reason::Legal));
    let third = save_rule(&library, &changed).await;
    assert_ne!(first, third);
    assert_eq!(load_for_domain(&library, "harbour.example").await.unwrap(), [out.clone(), changed]);
    assert_eq!(find(&library, "harbour.example", first).await.unwrap(), None);
    assert_eq!(find(&library, "elsewhere.example", third).await.unwrap(), None);
    let removed = find(&library, "harbour.example", third).await.unwrap().unwrap();
    delete(&library, &removed).await.unwrap();
    assert_eq!((removed.articles_changed, removed.articles_tried), (2, 10));
    assert_eq!(load_for_domain(&library, "harbour.example").await.unwrap(), [out]);
    let new = NewRule { rule: keep, article_id: None, replaces_id: None };
    let nowhere =
        save(&library, "elsewhere.example", &new, PreviewCounts::default(), Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(nowhere, None);
}

#[tokio::test]
async fn a_later_rule_change_restarts_the_job() {
    let (library, _folder) = library_with_source().await;
    assert_eq!(next_job(&library).await.unwrap(), None);
    save_rule(&library, &rule(".note", Action::Keep)).await;
    let job = next_job(&library).await.unwrap().unwrap();
    advance_job(&library, &job, Some(7)).await.unwrap();
    assert_eq!(next_job(&library).await.unwrap().unwrap().before_article_id, 7);
    save_rule(&library, &rule(".other", Action::Keep)).await;
    // The outdated job can neither advance nor end the new one.
    advance_job(&library, &job, Some(3)).await.unwrap();
    advance_job(&library, &job, None).await.unwrap();
    let restarted = next_job(&library).await.unwrap().unwrap();
    assert_eq!(restarted.before_article_id, i64::MAX);
    advance_job(&library, &restarted, None).await.unwrap();
    assert_eq!(next_job(&library).await.unwrap(), None);
}

#[test]
fn a_new_rule_replaces_one_with_its_selector_and_article_rules_come_last() {
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
    let existing = [stored(1, ".a", None), stored(3, ".b", None), stored(2, ".a", Some(7))];
    let merge = |only: Option<i64>, replaces_id: Option<i64>| {
        let new = NewRule { rule: rule(".a", Action::Remove(Reason::Legal)), article_id: only, replaces_id };
        let rules = new.merge_with(&existing);
        rules.iter().map(|it| format!("{} {}", it.selector, it.action == Action::Keep)).collect::<Vec<_>>()
    };
    assert_eq!(merge(None, None), [".b true", ".a false", ".a true"]);
    assert_eq!(merge(Some(7), None), [".a true", ".b true", ".a false"]);
    assert_eq!(merge(None, Some(2)), [".b true", ".a false"], "a rule for one article became one for all");
}

#[test]
fn reason_codes_round_trip_and_unknown_ones_are_rejected() {
    assert_eq!(parse_reason(&reason_code(Reason::NotPartOfTheArticle)), Some(Reason::NotPartOfTheArticle));
    assert_eq!(reason_code(Reason::RelatedLinks), "related-links");
    assert_eq!(parse_reason("<script>"), None);
    assert_eq!(parse_rule("p", Some("what a later version knows")), None);
}
