//! The types that go in and come out: [`Page`] with its [`Rule`]s and [`Article`], and what they are made of.

use dom_query::NodeId;
use foldhash::HashMap;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::dom::selector::Selector;
use crate::sanitize::CleanHtml;

/// A page as it arrived, with what is known about it from outside.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The page itself, already decoded to UTF-8.
    pub source: Source<'a>,
    /// Where the page was found after redirects; relative addresses are resolved against it.
    pub url: Option<&'a Url>,
    /// The present. Nothing is published later than this.
    pub now: Timestamp,
    /// What the reader has decided about pages of this site; of no effect on plain text.
    pub rules: &'a [Rule],
}

/// The page's own form.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// HTML source, whole or a part.
    Html(&'a str),
    /// Plain text, for example copied from a browser.
    Text(&'a str),
}

/// What a reader wants of a page. All words are trimmed, on one line and of a sane length, except
/// `body` and `text`.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The headline without the site's name; empty if there is none.
    pub title: String,
    /// Who wrote it, as names, without "By".
    pub byline: Option<String>,
    /// When it was published; never after [`Page::now`]. A date without a zone is read as UTC.
    pub published: Option<Timestamp>,
    /// The calendar day of `published` as the page writes it, which in its own zone may be another
    /// than in UTC.
    pub published_day: Option<Date>,
    /// The publication's name.
    pub site_name: Option<String>,
    /// The address the page calls its own, without tracking parameters.
    pub canonical_url: Option<Url>,
    /// The publisher's own section words, outermost first.
    pub sections: Vec<String>,
    /// The publisher's keywords, at most 12.
    pub tags: Vec<String>,
    /// Primary BCP 47 subtag, lower case, such as `en`.
    pub language: Option<String>,
    /// The direction the text is written in.
    pub direction: Direction,
    /// The publisher's summary, else the first paragraph; at most 500 characters.
    pub excerpt: Option<String>,
    /// The picture that stands for the article. It is shown above the text, so the body does not
    /// begin with it again.
    pub lead_image: Option<Image>,
    /// The article as HTML that is safe to show.
    pub body: CleanHtml,
    /// The running text of the article as plain text: blocks are separated by an empty line. Captions, lists of notes, tables at
    /// the side and the words on cards of embeds are shown in the body and are not in it.
    pub text: String,
    /// Words in `text`; in scripts without spaces, each character is one.
    pub word_count: usize,
    /// The pictures of the lead and the body, in order, each address once; the first 500 of them.
    pub images: Vec<Image>,
    /// Every block of visible text that was left out, with its reason, in page order.
    pub removed: Vec<RemovedBlock>,
    /// What kind of page it is.
    pub verdict: Verdict,
    /// Where the same article goes on; only ever on the host of [`Page::url`].
    pub next_page: Option<Url>,
}

/// Which way the text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left, as Arabic, Hebrew, Persian and Urdu.
    Rtl,
}

/// A picture of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Where it was published, as it stands in the body; http or https.
    pub url: Url,
    /// What it shows, in the page's words; empty if the page does not say.
    pub description: String,
}

impl Image {
    /// What it shows, else the name of its file, else its host: never empty.
    pub fn display_name(&self) -> &str {
        if !self.description.is_empty() {
            return &self.description;
        }
        let file = self.url.path_segments().into_iter().flatten().rev().find(|step| !step.is_empty());
        file.or(self.url.host_str()).unwrap_or_default()
    }
}

/// A reader's decision about a part of the pages of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which elements are meant.
    pub selector: Selector,
    /// What becomes of them.
    pub action: Action,
}

/// What becomes of the elements a rule points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// They are part of the article, whatever the extractor would think of them.
    Keep,
    /// They are no part of it, for this reason.
    Remove(Reason),
}

/// A block of the page that is not part of the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedBlock {
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
    pub fn label(&self) -> &'static str {
        match self {
            Reason::Advertisement => "advertisement",
            Reason::Promotion => "promotion",
            Reason::Newsletter => "newsletter",
            Reason::RelatedLinks => "related links",
            Reason::RepeatedTitle => "repeated title",
            Reason::RepeatedCaption => "repeated caption",
            Reason::RepeatedText => "repeated text",
            Reason::Orphan => "fragment",
            Reason::Navigation => "navigation",
            Reason::Comments => "comments",
            Reason::TrackingPixel => "tracking pixel",
            Reason::Form => "form",
            Reason::ScriptOnlyWidget => "interactive widget",
            Reason::ShareButtons => "share buttons",
            Reason::CookieNotice => "cookie notice",
            Reason::Details => "byline and date",
            Reason::AuthorNote => "about the author",
            Reason::Legal => "legal notice",
            Reason::PageHeader => "page header",
            Reason::PageFooter => "page footer",
            Reason::Aside => "sidebar",
            Reason::AboveTheArticle => "above the article",
            Reason::NotPartOfTheArticle => "not part of the article",
            Reason::BelowTheArticle => "below the article",
        }
    }
}

/// Why each text that was taken out went.
pub(crate) type Reasons = HashMap<NodeId, Reason>;

/// What kind of page was read.
///
/// In doubt a page is an article: a wrong name for an article is worse than a missing one for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// One text to read: news, a blog post, a company's page.
    #[default]
    Article,
    /// The beginning of an article; the rest is for subscribers.
    Paywalled,
    /// Not the page that was meant but a question before it: cookies, "are you human?", a login.
    Interstitial,
    /// Links to many articles: a front page, a section, a tag, search results.
    Listing,
    /// A film to watch, with a description at most.
    Video,
    /// A question or post and what others answered.
    Thread,
    /// Something to buy.
    Product,
    /// Documentation, a reference, a manual.
    Document,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 8] = [
        Verdict::Article,
        Verdict::Paywalled,
        Verdict::Interstitial,
        Verdict::Listing,
        Verdict::Video,
        Verdict::Thread,
        Verdict::Product,
        Verdict::Document,
    ];

    /// Its word, for programs: `article`, `paywalled`, `interstitial`, ….
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Article => "article",
            Verdict::Paywalled => "paywalled",
            Verdict::Interstitial => "interstitial",
            Verdict::Listing => "listing",
            Verdict::Video => "video",
            Verdict::Thread => "thread",
            Verdict::Product => "product",
            Verdict::Document => "document",
        }
    }

    /// Whether such a page holds one text, which may go on on further pages.
    pub(crate) const fn may_span_pages(self) -> bool {
        matches!(self, Verdict::Article | Verdict::Paywalled)
    }

    /// The verdict of this word.
    pub fn parse(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }
}
