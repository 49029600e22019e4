//! What of a query was not understood, shown where it stands.

use query::Problem;

/// Characters shown before and behind the place.
const MAX_AROUND: usize = 30;

/// A part of a query that was not understood, and the text around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryProblem {
    /// What was wrong and what to do.
    pub sentence: String,
    /// Before the place.
    pub before: String,
    /// The part itself; empty if the sentence says it all.
    pub place: String,
    /// Behind the place.
    pub after: String,
}

impl QueryProblem {
    pub fn new(text: &str, problem: &Problem) -> Self {
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        let (before, after) = (part(0..problem.at.start), part(problem.at.end..text.len()));
        let place = part(problem.at.clone());
        Self {
            sentence: problem.sentence.clone(),
            before: cut_start(before),
            place: cut_end(place),
            after: cut_end(after),
        }
    }

    /// Returns whether the place is a part of the query, and not the whole.
    pub fn has_place(&self) -> bool {
        !self.place.is_empty() && (!self.before.is_empty() || !self.after.is_empty())
    }
}

fn cut_start(text: &str) -> String {
    match text.char_indices().rev().nth(MAX_AROUND) {
        Some((at, first)) => format!("…{}", &text[at + first.len_utf8()..]),
        None => text.to_owned(),
    }
}

fn cut_end(text: &str) -> String {
    match text.char_indices().nth(MAX_AROUND) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_shown_with_the_text_around_it() {
        let shown = |text: &str, at| {
            let QueryProblem { before, place, after, .. } =
                QueryProblem::new(text, &Problem { at, sentence: String::new() });
            (before, place, after)
        };
        let parts = |before: &str, place: &str, after: &str| (before.to_owned(), place.to_owned(), after.to_owned());
        assert_eq!(shown("ferry is:gone é", 6..13), parts("ferry ", "is:gone", " é"));
        let long = "é".repeat(40) + "(" + &"ß".repeat(40);
        assert_eq!(shown(&long, 80..81), parts(&format!("…{}", "é".repeat(30)), "(", &format!("{}…", "ß".repeat(30))));
        assert!(!QueryProblem::new("a*", &Problem { at: 0..2, sentence: String::new() }).has_place());
    }
}
