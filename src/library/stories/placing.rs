//! Which story each group of articles is, so that a story keeps its id.

use std::collections::{HashMap, HashSet};

use ::stories::Group;

/// The story of an article, as it is stored.
pub(super) struct Membership {
    pub(super) article_id: i64,
    pub(super) story_id: i64,
    pub(super) copy_of: Option<i64>,
    pub(super) words: String,
}

/// A group and the story that it is: the one that has most of its members so far, if any.
pub(super) struct Placed<'a> {
    pub(super) story: Option<i64>,
    pub(super) group: &'a Group,
}

/// Says which story each group of several articles is. A story that was split stays with the part that has most of it; of two that were
/// joined the one with more members stays, else the older one.
pub(super) fn place<'a>(groups: &'a [Group], current: &HashMap<i64, Membership>) -> Vec<Placed<'a>> {
    let mut claims: Vec<(usize, i64, usize)> = Vec::new();
    for (at, group) in groups.iter().enumerate().filter(|(_, group)| group.members.len() > 1) {
        let mut shares: HashMap<i64, usize> = HashMap::new();
        for membership in group.members.iter().filter_map(|member| current.get(&member.id)) {
            *shares.entry(membership.story_id).or_default() += 1;
        }
        claims.extend(shares.into_iter().map(|(story, share)| (share, story, at)));
    }
    claims.sort_by_key(|(share, story, at)| (usize::MAX - share, *story, *at));
    let mut stories: HashMap<usize, i64> = HashMap::new();
    let mut taken: HashSet<i64> = HashSet::new();
    for (_, story, at) in claims {
        if !stories.contains_key(&at) && taken.insert(story) {
            stories.insert(at, story);
        }
    }
    let placed = |(at, group)| Placed { story: stories.get(&at).copied(), group };
    groups.iter().enumerate().map(placed).collect()
}

#[cfg(test)]
mod tests {
    use ::stories::Member;

    use super::*;

    fn group(ids: &[i64]) -> Group {
        let member = |id: &i64| Member { id: *id, copy_of: None, words: Vec::new() };
        Group { members: ids.iter().map(member).collect(), first_published: 0 }
    }

    fn stories(groups: &[Group], current: &[(i64, i64)]) -> Vec<Option<i64>> {
        let membership = |(article_id, story_id): &(i64, i64)| {
            (
                *article_id,
                Membership { article_id: *article_id, story_id: *story_id, copy_of: None, words: String::new() },
            )
        };
        place(groups, &current.iter().map(membership).collect()).iter().map(|placed| placed.story).collect()
    }

    #[test]
    fn a_story_stays_with_most_of_its_articles() {
        let current = [(1, 7), (2, 7), (3, 7), (4, 8), (5, 8)];
        assert_eq!(stories(&[group(&[1, 2]), group(&[3, 6])], &current), [Some(7), None]);
        assert_eq!(stories(&[group(&[1, 2, 3, 4, 5])], &current), [Some(7)]);
        assert_eq!(stories(&[group(&[1, 4])], &current), [Some(7)], "the older of two with as many");
        assert_eq!(stories(&[group(&[1]), group(&[8, 9])], &current), [None, None]);
    }
}
