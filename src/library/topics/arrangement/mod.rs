//! The reader's order of topics: pinned ones first, and each a place up or down. Unsorted stays last.

mod store;

pub use store::{move_one, set_pinned};

/// Where a topic goes in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Before the one above it.
    Up,
    /// Behind the one below it.
    Down,
}

/// A topic in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    slug: String,
    is_pinned: bool,
    /// Neither hidden nor merged.
    is_shown: bool,
}

/// Exchanges a topic with the next one that is shown and pinned as it is. Returns the new order; `None` at the end.
fn exchange(mut places: Vec<Place>, slug: &str, direction: Direction) -> Option<Vec<String>> {
    let at = places.iter().position(|place| place.slug == slug)?;
    let fits = |place: &Place| place.is_shown && place.is_pinned == places[at].is_pinned;
    let other = match direction {
        Direction::Up => places[..at].iter().rposition(fits)?,
        Direction::Down => at + 1 + places[at + 1..].iter().position(fits)?,
    };
    // Those between keep their order.
    let moved = places.remove(at);
    places.insert(other, moved);
    Some(places.into_iter().map(|place| place.slug).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_moves_past_the_next_one_that_is_shown() {
        let place = |slug: &str| Place {
            slug: slug.into(),
            is_pinned: slug.starts_with('p'),
            is_shown: !slug.ends_with("hidden"),
        };
        let moved = |slug, direction| {
            let places = ["p1", "p2", "a", "b-hidden", "c"].map(place).to_vec();
            exchange(places, slug, direction).map(|order| order.join(" "))
        };
        assert_eq!(moved("c", Direction::Up).as_deref(), Some("p1 p2 c a b-hidden"));
        assert_eq!(moved("a", Direction::Down).as_deref(), Some("p1 p2 b-hidden c a"));
        assert_eq!(moved("p1", Direction::Down).as_deref(), Some("p2 p1 a b-hidden c"));
        for (slug, direction) in
            [("a", Direction::Up), ("p1", Direction::Up), ("p2", Direction::Down), ("x", Direction::Up)]
        {
            assert_eq!(moved(slug, direction), None, "{slug}");
        }
    }
}
