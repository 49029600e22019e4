//! Merges the pages of two lanes into one, so that a list of both is in order like any other.

use crate::library::articles::lists::{Card, Sort};

/// Merges two sorted pages, and returns at most `limit` cards.
pub(super) fn merge(kept: Vec<Card>, stream: Vec<Card>, sort: Sort, limit: i64) -> Vec<Card> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if stream.is_empty() {
        return kept;
    }
    let mut cards = Vec::with_capacity(limit.min(kept.len() + stream.len()));
    let (mut kept, mut stream) = (kept.into_iter().peekable(), stream.into_iter().peekable());
    while cards.len() < limit {
        let next = match (kept.peek(), stream.peek()) {
            (Some(one), Some(other)) if is_before(one, other, sort) => kept.next(),
            (_, Some(_)) => stream.next(),
            (_, None) => kept.next(),
        };
        match next {
            Some(card) => cards.push(card),
            None => break,
        }
    }
    cards
}

fn is_before(one: &Card, other: &Card, sort: Sort) -> bool {
    let (one, other) = ((one.key, one.id), (other.key, other.id));
    match sort {
        Sort::Newest | Sort::Longest | Sort::RecentlyArchived => one > other,
        Sort::Oldest | Sort::Shortest | Sort::Random(_) => one < other,
    }
}
