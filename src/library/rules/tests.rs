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
    let new = New { rule: rule.clone(), only: None };
    put(library, "harbour.example", &new, Tried { changed: 2, tried: 10 }, Timestamp::UNIX_EPOCH)
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
    assert_eq!(of_domain(&library, "harbour.example").await.unwrap(), [keep.clone(), out.clone()]);
    // The same selector once more is another word on the same thing, and the last one.
    let changed = rule(".note", Action::Remove(Reason::Legal));
    let third = made(&library, &changed).await;
    assert_ne!(first, third);
    assert_eq!(of_domain(&library, "harbour.example").await.unwrap(), [out.clone(), changed]);
    assert_eq!(find(&library, "harbour.example", first).await.unwrap(), None);
    assert_eq!(remove(&library, "elsewhere.example", third).await.unwrap(), None);
    let removed = remove(&library, "harbour.example", third).await.unwrap().unwrap();
    assert_eq!((removed.changed, removed.tried), (2, 10));
    assert_eq!(of_domain(&library, "harbour.example").await.unwrap(), [out]);
    let new = New { rule: keep, only: None };
    let nowhere = put(&library, "elsewhere.example", &new, Tried::default(), Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(nowhere, None);
}

#[tokio::test]
async fn a_change_of_rules_is_work_that_a_later_change_begins_anew() {
    let (library, _folder) = with_source().await;
    assert_eq!(work(&library).await.unwrap(), None);
    made(&library, &rule(".note", Action::Keep)).await;
    let begun = work(&library).await.unwrap().unwrap();
    advance(&library, &begun, Some(7)).await.unwrap();
    assert_eq!(work(&library).await.unwrap().unwrap().below, 7);
    made(&library, &rule(".other", Action::Keep)).await;
    // The round that was under way can no longer move or end the work.
    advance(&library, &begun, Some(3)).await.unwrap();
    advance(&library, &begun, None).await.unwrap();
    let anew = work(&library).await.unwrap().unwrap();
    assert_eq!(anew.below, i64::MAX);
    advance(&library, &anew, None).await.unwrap();
    assert_eq!(work(&library).await.unwrap(), None);
}

#[test]
fn a_new_rule_takes_the_place_of_one_like_it_and_those_of_the_article_come_last() {
    let stored = |id: i64, selector: &str, only: Option<i64>| Stored {
        id,
        domain: "harbour.example".into(),
        only,
        title: None,
        rule: rule(selector, Action::Keep),
        made: Timestamp::UNIX_EPOCH,
        changed: 0,
        tried: 0,
    };
    let known = [stored(1, ".a", None), stored(3, ".b", None), stored(2, ".a", Some(7))];
    let among = |only: Option<i64>| {
        let new = New { rule: rule(".a", Action::Remove(Reason::Legal)), only };
        let rules = new.among(&known);
        rules.iter().map(|it| format!("{} {}", it.selector, it.action == Action::Keep)).collect::<Vec<_>>()
    };
    assert_eq!(among(None), [".b true", ".a false", ".a true"]);
    assert_eq!(among(Some(7)), [".a true", ".b true", ".a false"]);
}

#[test]
fn every_reason_has_a_word_and_a_foreign_one_is_none() {
    assert_eq!(reason(&word(Reason::NotPartOfTheArticle)), Some(Reason::NotPartOfTheArticle));
    assert_eq!(word(Reason::RelatedLinks), "related-links");
    assert_eq!(reason("<script>"), None);
    assert_eq!(parse("p", Some("what a later version knows")), None);
}
