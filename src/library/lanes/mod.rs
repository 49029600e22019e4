//! The two lanes of a library: kept is what the reader imported, starred, tagged or kept; stream is what arrived from feeds
//! and was not kept. An article is in one of them, whatever else its state is.

mod store;

pub(super) use store::keep;
pub use store::{choose, find, keep_article};

/// A lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// What the reader wants to have.
    Kept,
    /// What feeds bring.
    Stream,
}

impl Lane {
    /// Returns its number, as the column `article.lane` has it.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Kept => 0,
            Self::Stream => 1,
        }
    }
}

/// The lanes that a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Lanes {
    /// Both, mixed.
    #[default]
    Both,
    /// Kept articles alone.
    Kept,
    /// The stream alone.
    Stream,
}

impl Lanes {
    /// All choices, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Kept, Self::Stream, Self::Both];

    /// Parses the word used in URLs and in the library.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lanes| lanes.as_str() == word)
    }

    /// Returns the word used in URLs and in the library.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Kept => "kept",
            Self::Stream => "stream",
        }
    }

    /// Returns the only lane, if it is one.
    #[must_use]
    pub const fn only(self) -> Option<Lane> {
        match self {
            Self::Both => None,
            Self::Kept => Some(Lane::Kept),
            Self::Stream => Some(Lane::Stream),
        }
    }

    /// Returns whether a lane is among them.
    #[must_use]
    pub fn includes(self, lane: Lane) -> bool {
        self.only().is_none_or(|only| only == lane)
    }

    /// Returns the lanes one by one.
    #[must_use]
    pub const fn each(self) -> &'static [Lane] {
        match self {
            Self::Both => &[Lane::Kept, Lane::Stream],
            Self::Kept => &[Lane::Kept],
            Self::Stream => &[Lane::Stream],
        }
    }
}

impl From<Lane> for Lanes {
    fn from(lane: Lane) -> Self {
        match lane {
            Lane::Kept => Self::Kept,
            Lane::Stream => Self::Stream,
        }
    }
}

/// What the reader has chosen to see, and whether there is anything to choose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LaneSetting {
    /// Both, unless the reader chose one lane.
    pub chosen: Lanes,
    /// The stream has articles. Without, lists are as if there were no lanes.
    pub has_stream: bool,
}

impl LaneSetting {
    /// Returns the lanes to show where the reader asks for none.
    #[must_use]
    pub const fn shown(self) -> Lanes {
        if self.has_stream { self.chosen } else { Lanes::Both }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_has_a_word_and_its_lanes() {
        for lanes in Lanes::ALL {
            assert_eq!(Lanes::parse(lanes.as_str()), Some(lanes));
            assert!(lanes.each().iter().all(|lane| lanes.includes(*lane)));
        }
        assert_eq!(Lanes::parse("fast"), None);
        assert!(!Lanes::from(Lane::Kept).includes(Lane::Stream));
    }

    #[test]
    fn without_a_stream_nothing_is_hidden() {
        let chosen = Lanes::Stream;
        assert_eq!(LaneSetting { chosen, has_stream: false }.shown(), Lanes::Both);
        assert_eq!(LaneSetting { chosen, has_stream: true }.shown(), Lanes::Stream);
    }
}
