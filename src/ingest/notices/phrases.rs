//! What notices say, in lower case with straight apostrophes.

mod busy;
mod missing;
mod walls;

use busy::{MAINTENANCE, TOO_MANY};
use missing::NOT_FOUND;
use walls::{AD_BLOCKER, JAVASCRIPT, REGION};

/// A kind of notice.
pub(super) struct Notice {
    pub(super) code: &'static str,
    pub(super) message: &'static str,
    /// The page may be there later, without the reader's doing.
    pub(super) may_pass: bool,
    /// Titles, or parts of titles between separators.
    pub(super) titles: &'static [&'static str],
    /// Sentences or parts of them.
    pub(super) phrases: &'static [&'static str],
}

pub(super) const NOTICES: &[Notice] = &[MAINTENANCE, TOO_MANY, REGION, AD_BLOCKER, JAVASCRIPT, NOT_FOUND];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_normalized() {
        for notice in NOTICES {
            for phrase in notice.titles.iter().chain(notice.phrases) {
                assert_eq!(*phrase, phrase.to_lowercase().replace('’', "'"), "{phrase}");
            }
        }
    }
}
