//! What was left out of an article, and why.

use dom_query::NodeId;
use foldhash::HashMap;
use serde::{Deserialize, Serialize};

/// A block of the page that is not part of the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Why it was left out.
    pub reason: Reason,
    /// Its text as it stood on the page, one line, at most 2,000 characters; for a tracking pixel
    /// its address.
    pub text: String,
}

/// Why a block was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// Paid for by somebody else.
    Advertisement,
    /// The publisher advertising itself: apps, memberships, "have you seen our…".
    Promotion,
    /// A newsletter or notification to sign up for.
    Newsletter,
    /// Links to other articles.
    RelatedLinks,
    /// The title again.
    RepeatedTitle,
    /// A caption that already stands elsewhere.
    RepeatedCaption,
    /// A paragraph that already stands elsewhere.
    RepeatedText,
    /// A caption without its picture, or a heading with nothing below it.
    Orphan,
    /// Menus, breadcrumbs, the way around the site.
    Navigation,
    /// What readers wrote.
    Comments,
    /// A picture that only counts visits.
    TrackingPixel,
    /// Something to fill in.
    Form,
    /// Something that is empty without scripts.
    ScriptOnlyWidget,
    /// Buttons that send the article elsewhere.
    ShareButtons,
    /// Consent to cookies and other notices laid over the page.
    CookieNotice,
    /// Byline, date and the like, which are shown above the article.
    Details,
    /// Who the author is.
    AuthorNote,
    /// Rights, terms and addresses of the publisher.
    Legal,
    /// The page's own head.
    PageHeader,
    /// The page's own foot.
    PageFooter,
    /// A box at the side.
    Aside,
    /// Before the article begins.
    AboveTheArticle,
    /// In the middle, but not chosen.
    NotPartOfTheArticle,
    /// After the article ends.
    BelowTheArticle,
}

impl Reason {
    /// Whether it says what something is, and not only where it stands.
    pub(crate) const fn is_stated(self) -> bool {
        !matches!(self, Reason::AboveTheArticle | Reason::NotPartOfTheArticle | Reason::BelowTheArticle | Reason::Aside)
    }

    /// The reason in words, for people; lower case.
    pub fn words(&self) -> &'static str {
        match self {
            Reason::Advertisement => "advertisement",
            Reason::Promotion => "promotion",
            Reason::Newsletter => "newsletter",
            Reason::RelatedLinks => "related links",
            Reason::RepeatedTitle => "repeated title",
            Reason::RepeatedCaption => "repeated caption",
            Reason::RepeatedText => "repeated text",
            Reason::Orphan => "part of something left out",
            Reason::Navigation => "navigation",
            Reason::Comments => "comments",
            Reason::TrackingPixel => "tracking pixel",
            Reason::Form => "form",
            Reason::ScriptOnlyWidget => "script-only widget",
            Reason::ShareButtons => "share buttons",
            Reason::CookieNotice => "cookie notice",
            Reason::Details => "byline and date",
            Reason::AuthorNote => "note on the author",
            Reason::Legal => "legal notice",
            Reason::PageHeader => "page header",
            Reason::PageFooter => "page footer",
            Reason::Aside => "beside the article",
            Reason::AboveTheArticle => "above the article",
            Reason::NotPartOfTheArticle => "not part of the article",
            Reason::BelowTheArticle => "below the article",
        }
    }
}

/// Why each text that was taken out went.
pub(crate) type Reasons = HashMap<NodeId, Reason>;
