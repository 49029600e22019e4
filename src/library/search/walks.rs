//! Which indexes are walked for a condition, and what is checked on the way. Pure.
//!
//! Of conditions that must all hold, the one with the shortest walk leads, and the others are checked for each article of
//! the walk. Where one of several is enough, each has a walk of its own.

use query::{Condition, Mark, Place};

use crate::library::search::fts::{Expression, express};

/// Walks of one search at most; beyond, all articles are walked instead.
const MAX_WALKS: usize = 24;

/// The articles to look at, and what to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Walk {
    pub path: Path,
    /// All must hold.
    pub checks: Vec<Condition>,
}

/// An index, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Path {
    /// Articles that match in the syntax of FTS5.
    Text(String),
    /// By tag id.
    Tag(i64),
    /// By feed id.
    Feed(i64),
    /// By folder id.
    Folder(i64),
    /// By source id.
    Source(i64),
    /// By topic slug.
    Topic(String),
    /// Starred ones, by the number of their lane.
    Starred(i64),
    /// Unread ones, by the number of their lane.
    Unread(i64),
    /// By shelf (lane and state in one), and dates from the first to before the second.
    Shelf(i64, i64, i64),
    /// All.
    Newest,
}

impl Path {
    /// Returns how long the walk usually is, compared with others.
    const fn rank(&self) -> u8 {
        match self {
            Self::Text(_) => 0,
            Self::Tag(_) => 1,
            Self::Feed(_) | Self::Starred(_) => 2,
            Self::Folder(_) => 3,
            Self::Source(_) => 4,
            Self::Shelf(_, from, _) if *from > i64::MIN => 5,
            Self::Unread(_) => 6,
            Self::Topic(_) => 7,
            Self::Shelf(..) => 8,
            Self::Newest => 9,
        }
    }
}

/// Returns the walks that together meet every article that fulfils the condition.
pub(super) fn plan(condition: &Condition) -> Vec<Walk> {
    if let Some(Expression::Matching(fts)) = express(condition) {
        return vec![Walk { path: Path::Text(fts), checks: Vec::new() }];
    }
    match condition {
        Condition::All(conditions) => plan_all(conditions),
        Condition::Any(conditions) => {
            let walks: Vec<Walk> = conditions.iter().flat_map(plan).collect();
            let is_long = walks.len() > MAX_WALKS || walks.iter().any(|walk| walk.path == Path::Newest);
            if is_long { walk_all(condition) } else { walks }
        }
        Condition::Tags(ids) => walk_each(condition, ids.iter().copied().map(Path::Tag)),
        Condition::Feeds(ids) => walk_each(condition, ids.iter().copied().map(Path::Feed)),
        Condition::Folders(ids) => walk_each(condition, ids.iter().copied().map(Path::Folder)),
        Condition::Sources(ids) => walk_each(condition, ids.iter().copied().map(Path::Source)),
        Condition::Topics(slugs) => walk_each(condition, slugs.iter().cloned().map(Path::Topic)),
        Condition::Is(Mark::Starred) => walk_each(condition, [0, 1].into_iter().map(Path::Starred)),
        Condition::Is(Mark::Unread) => walk_each(condition, [0, 1].into_iter().map(Path::Unread)),
        // What is in the trash is still archived, if it was; its shelf does not say.
        Condition::In(Place::Archive) => [1, 4, 2, 5]
            .map(|shelf| Walk { path: Path::Shelf(shelf, i64::MIN, i64::MAX), checks: vec![condition.clone()] })
            .into(),
        Condition::In(place) => {
            walk_each(condition, shelves(*place).iter().map(|shelf| Path::Shelf(*shelf, i64::MIN, i64::MAX)))
        }
        Condition::Dated(from, until) => walk_each(condition, (0..6).map(|shelf| Path::Shelf(shelf, *from, *until))),
        _ => walk_all(condition),
    }
}

fn plan_all(conditions: &[Condition]) -> Vec<Walk> {
    let (texts, others): (Vec<&Condition>, Vec<&Condition>) =
        conditions.iter().partition(|condition| express(condition).is_some());
    if let Some(Expression::Matching(fts)) = express(&Condition::All(texts.into_iter().cloned().collect())) {
        return vec![Walk { path: Path::Text(fts), checks: others.into_iter().cloned().collect() }];
    }
    let plans = conditions.iter().map(plan).enumerate();
    let longest = |walks: &[Walk]| walks.iter().map(|walk| walk.path.rank()).max();
    let Some((leading, mut walks)) = plans.min_by_key(|(_, walks)| longest(walks)) else { return Vec::new() };
    if walks.iter().any(|walk| walk.path == Path::Newest) {
        return walk_all(&Condition::All(conditions.to_vec()));
    }
    for walk in &mut walks {
        let others = conditions.iter().enumerate().filter(|(index, _)| *index != leading);
        walk.checks.extend(others.map(|(_, condition)| condition.clone()));
    }
    walks
}

fn walk_each(condition: &Condition, paths: impl Iterator<Item = Path>) -> Vec<Walk> {
    let walks: Vec<Walk> = paths.map(|path| Walk { path, checks: Vec::new() }).collect();
    if walks.len() > MAX_WALKS { walk_all(condition) } else { walks }
}

fn walk_all(condition: &Condition) -> Vec<Walk> {
    vec![Walk { path: Path::Newest, checks: vec![condition.clone()] }]
}

/// Returns the shelves of a place: the state, and 3 more in the stream.
const fn shelves(place: Place) -> &'static [i64] {
    match place {
        Place::Kept => &[0, 1, 2],
        Place::Stream => &[3, 4, 5],
        Place::Archive => &[1, 4],
        Place::Trash => &[2, 5],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Condition {
        let words = vec![text.to_owned()];
        Condition::Words(query::Words { field: query::Field::Anywhere, words, is_beginning: false })
    }

    fn not(condition: Condition) -> Condition {
        Condition::Not(Box::new(condition))
    }

    #[test]
    fn the_shortest_walk_leads_and_the_rest_is_checked() {
        let starred = Condition::Is(Mark::Starred);
        let text = Path::Text("\"ferry\"".into());
        let both = Condition::All(vec![starred.clone(), word("ferry")]);
        assert_eq!(plan(&both), [Walk { path: text.clone(), checks: vec![starred.clone()] }]);
        let tagged =
            Condition::All(vec![Condition::Topics(vec!["sport".into()]), Condition::Tags(vec![3]), not(word("tram"))]);
        let checks = vec![Condition::Topics(vec!["sport".into()]), not(word("tram"))];
        assert_eq!(plan(&tagged), [Walk { path: Path::Tag(3), checks }]);
        let either = Condition::Any(vec![word("ferry"), Condition::Tags(vec![3])]);
        let walk = |path| Walk { path, checks: Vec::new() };
        assert_eq!(plan(&either), [walk(text), walk(Path::Tag(3))]);
    }

    #[test]
    fn what_has_no_index_is_looked_for_among_all_articles() {
        for condition in [
            not(word("ferry")),
            Condition::Any(vec![word("ferry"), Condition::Minutes(0, 4)]),
            Condition::All(vec![Condition::Minutes(0, 4), not(Condition::Tags(vec![3]))]),
            Condition::Sources((0..50).collect()),
        ] {
            assert_eq!(plan(&condition), [Walk { path: Path::Newest, checks: vec![condition] }]);
        }
    }
}
