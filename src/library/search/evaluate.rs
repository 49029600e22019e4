//! Finds the articles that fulfil a condition: walks indexes, and checks what they do not know.

use std::collections::{HashMap, HashSet};

use query::{Condition, Facts, Field, Place, Words};
use sqlx::SqliteConnection;

use crate::library::search::fts::express_words;
use crate::library::search::store::{self, Needs, Position};
use crate::library::search::walks::{Path, Walk, plan};

/// Articles that a search finds at most.
pub(super) const MAX_FOUND: usize = 1000;

/// Articles that a walk checks at most: some fifty milliseconds.
const MAX_CHECKED: usize = 20_000;

/// Articles that are checked at a time.
const BATCH: usize = 1000;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The last to arrive first, at most [`MAX_FOUND`].
    pub ids: Vec<i64>,
    /// Only the newest articles were checked.
    pub is_partial: bool,
}

/// Finds the articles that fulfil a condition. Those in the trash may be among them: lists leave them out.
pub(super) async fn find(reader: &mut SqliteConnection, condition: &Condition) -> sqlx::Result<Found> {
    let mut found = Found::default();
    for walk in plan(&without_trash_check(condition)) {
        if walk.checks.is_empty() {
            let ids = store::list_candidates(reader, &walk.path, start(&walk.path), MAX_FOUND).await?;
            found.ids.extend(ids.into_iter().map(|position| position.id));
        } else {
            follow(reader, walk, &mut found).await?;
        }
    }
    found.ids.sort_unstable_by(|one, other| other.cmp(one));
    found.ids.dedup();
    found.ids.truncate(MAX_FOUND);
    Ok(found)
}

/// Returns the condition without its last part, if that only leaves out the trash.
fn without_trash_check(condition: &Condition) -> Condition {
    let check = Condition::Not(Box::new(Condition::In(Place::Trash)));
    match condition {
        Condition::All(conditions) if conditions.last() == Some(&check) => match &conditions[..conditions.len() - 1] {
            [condition] => condition.clone(),
            conditions => Condition::All(conditions.to_vec()),
        },
        condition => condition.clone(),
    }
}

/// Checks the articles of a walk.
async fn follow(reader: &mut SqliteConnection, walk: Walk, found: &mut Found) -> sqlx::Result<()> {
    let condition = Condition::All(walk.checks);
    let needs = Needs {
        tags: condition.asks(&|part| matches!(part, Condition::Tags(_))),
        feeds: condition.asks(&|part| matches!(part, Condition::Feeds(_) | Condition::Folders(_))),
    };
    let mut position = start(&walk.path);
    let (mut checked, mut fulfilled) = (0, 0);
    loop {
        let batch = store::list_candidates(reader, &walk.path, position, BATCH).await?;
        let Some(last) = batch.last().copied() else { return Ok(()) };
        let ids: Vec<i64> = batch.iter().map(|position| position.id).collect();
        let texts = Texts::look_up(reader, &condition, &ids).await?;
        let facts = store::load_facts(reader, &ids, needs).await?;
        let before = found.ids.len();
        found.ids.extend(facts.iter().filter(|(id, facts)| texts.fulfil(&condition, *id, facts)).map(|(id, _)| *id));
        fulfilled += found.ids.len() - before;
        checked += batch.len();
        if batch.len() < BATCH || fulfilled >= MAX_FOUND {
            return Ok(());
        }
        if checked >= MAX_CHECKED {
            found.is_partial = true;
            return Ok(());
        }
        position = last;
    }
}

/// Returns the position before the first article of a walk.
const fn start(path: &Path) -> Position {
    match path {
        Path::Shelf(_, _, until) => Position { key: *until, id: i64::MIN },
        _ => Position { key: i64::MAX, id: i64::MAX },
    }
}

/// Which articles of a batch have which words.
struct Texts(HashMap<Words, HashSet<i64>>);

impl Texts {
    async fn look_up(reader: &mut SqliteConnection, condition: &Condition, ids: &[i64]) -> sqlx::Result<Self> {
        let mut wanted = Vec::new();
        collect_words(condition, &mut wanted);
        let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else { return Ok(Self(HashMap::new())) };
        let mut texts = HashMap::new();
        for words in wanted {
            if let Some(fts) = express_words(words).filter(|_| !texts.contains_key(words)) {
                let matching = store::list_matching_between(reader, &fts, *first, *last).await?;
                texts.insert(words.clone(), matching.into_iter().collect());
            }
        }
        Ok(Self(texts))
    }

    fn fulfil(&self, condition: &Condition, id: i64, facts: &Facts) -> bool {
        condition.is_met(facts, &|words| self.0.get(words).is_some_and(|ids| ids.contains(&id)))
    }
}

fn collect_words<'a>(condition: &'a Condition, wanted: &mut Vec<&'a Words>) {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => {
            conditions.iter().for_each(|condition| collect_words(condition, wanted));
        }
        Condition::Not(condition) => collect_words(condition, wanted),
        Condition::Words(words) if words.field != Field::Author => wanted.push(words),
        _ => {}
    }
}
