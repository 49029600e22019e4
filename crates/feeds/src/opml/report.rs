//! What became of each line of a list.

use std::fmt;

/// What became of an outline or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    /// The line it stands on, from 1.
    pub line: usize,
    /// What it is called, or its address.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of an outline or a line. `to_string` says it in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The feed is in the list.
    Added,
    /// The feed is in the list, although the line is not written as it should be.
    Repaired,
    /// The feed stands in another folder, too.
    AddedToSecondFolder,
    /// The feed stands in this folder already.
    DuplicateInFolder,
    /// The feed is in a folder that is nested too deep, so it went to the deepest one.
    TooDeep,
    /// A folder too many, so its feeds went to the one around it.
    TooManyFolders,
    /// A link that is not declared a feed.
    LinkOnly,
    /// Another list, which is not fetched.
    Inclusion,
    /// A feed without an address.
    NoAddress,
    /// The address is none of the web, or not complete.
    UnusableAddress,
    /// The address must not be fetched.
    ForbiddenAddress,
    /// Words without an address.
    NoLink,
    /// A comment.
    Comment,
    /// The list goes on behind this line; the rest was not read.
    Truncated,
    /// A limit of a feed or folder would remove articles, so it was ignored.
    LimitIgnored,
    /// The list declares entities of its own, which are not used.
    DeclaresEntities,
}

impl Outcome {
    /// Returns whether the feed of the line is in the list.
    pub const fn is_in_list(self) -> bool {
        matches!(
            self,
            Self::Added | Self::Repaired | Self::AddedToSecondFolder | Self::DuplicateInFolder | Self::TooDeep
        )
    }

    /// Returns whether the line has an address that was not taken.
    pub const fn is_refusal(self) -> bool {
        matches!(self, Self::UnusableAddress | Self::ForbiddenAddress)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Added => "Added.",
            Self::Repaired => "Added; the line had to be repaired.",
            Self::AddedToSecondFolder => "Already in the list; added to this folder, too.",
            Self::DuplicateInFolder => "Already in this folder.",
            Self::TooDeep => "Added to the folder around it: folders are nested too deep.",
            Self::TooManyFolders => "No folder: a list has 1,000 at most. Its feeds are in the folder around it.",
            Self::LinkOnly => "Skipped: a link, not declared a feed. Paste it to look for its feed.",
            Self::Inclusion => "Skipped: it refers to another list, which is not fetched. Import that list itself.",
            Self::NoAddress => "Skipped: it has no address.",
            Self::UnusableAddress => "Refused: its address is not a complete one of the web (http or https).",
            Self::ForbiddenAddress => "Refused: its address must not be fetched.",
            Self::NoLink => "Skipped: there is no link in this line.",
            Self::Comment => "Skipped: a comment.",
            Self::Truncated => "The list goes on, but the rest was not read. Split it into several lists.",
            Self::LimitIgnored => {
                "Its limit for articles was ignored, since no list may remove any. Set it in the settings."
            }
            Self::DeclaresEntities => "The list declares entities of its own, which are not used.",
        })
    }
}
