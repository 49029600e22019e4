//! The input and output types: [`Page`] with its [`Rule`]s, and [`Article`].

use dom_query::NodeId;
use foldhash::HashMap;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::dom::selector::Selector;
use crate::dom::urls;
use crate::sanitize::CleanHtml;

/// A page to extract, with its context.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The page, decoded to UTF-8.
    pub source: Source<'a>,
    /// The URL of the page after redirects; relative URLs are resolved against it.
    pub url: Option<&'a Url>,
    /// The present time. Later publication dates are rejected.
    pub now: Timestamp,
    /// The reader's rules for this site; ignored for plain text.
    pub rules: &'a [Rule],
}

/// The format of the page.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// HTML, a whole document or a fragment.
    Html(&'a str),
    /// Plain text, for example copied from a browser. If the page's URL or the text itself shows that it is in a
    /// markup, it is read as such.
    Text(&'a str),
    /// Text that is declared to be in a markup.
    Markup(Markup, &'a str),
}

/// A way to mark up plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// CommonMark with the extensions of GitHub.
    Markdown,
    /// Emacs Org mode.
    Org,
    /// The format of Gemini pages.
    Gemtext,
}

impl Markup {
    /// Returns the markup of a media type, without its parameters.
    pub fn from_media_type(media_type: &str) -> Option<Markup> {
        match media_type {
            "text/markdown" | "text/x-markdown" | "text/x-web-markdown" | "text/vnd.daringfireball.markdown" => {
                Some(Markup::Markdown)
            }
            "text/org" | "text/x-org" => Some(Markup::Org),
            "text/gemini" => Some(Markup::Gemtext),
            _ => None,
        }
    }

    /// Returns the markup that the end of a file's name or of a URL's path states.
    pub fn from_file_name(name: &str) -> Option<Markup> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "mdown" | "mkd" | "mkdn" | "mdx" | "qmd" | "rmd" => Some(Markup::Markdown),
            "org" => Some(Markup::Org),
            "gmi" | "gemini" => Some(Markup::Gemtext),
            _ => None,
        }
    }

    /// Returns its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Markup::Markdown => "text/markdown",
            Markup::Org => "text/org",
            Markup::Gemtext => "text/gemini",
        }
    }
}

/// An extracted article. Strings are trimmed, on one line and of limited length, except `body` and `text`.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The headline without the site's name; empty if there is none.
    pub title: String,
    /// The authors' names, without "By".
    pub byline: Option<String>,
    /// The time of publication; never after [`Page::now`]. A date without a zone is read as UTC.
    pub published: Option<Timestamp>,
    /// The calendar day of `published` as the page writes it. In the page's own zone it may differ from the day in UTC.
    pub published_day: Option<Date>,
    /// The publication's name.
    pub site_name: Option<String>,
    /// The page's canonical URL, without tracking parameters.
    pub canonical_url: Option<Url>,
    /// The publisher's section names, outermost first.
    pub sections: Vec<String>,
    /// The publisher's keywords, at most 12.
    pub tags: Vec<String>,
    /// The primary BCP 47 subtag in lower case, such as `en`.
    pub language: Option<String>,
    /// The direction of the text.
    pub direction: Direction,
    /// The publisher's summary, else the first paragraph; at most 500 characters.
    pub excerpt: Option<String>,
    /// The main image. It is shown above the text, so the body does not start with it.
    pub lead_image: Option<Image>,
    /// The article as sanitized HTML.
    pub body: CleanHtml,
    /// The running text, with an empty line between blocks. Captions, footnotes, side tables and the labels of embeds
    /// are in the body only.
    pub text: String,
    /// Words in `text`; in scripts without spaces, each character is one.
    pub word_count: usize,
    /// The images of lead and body in order, each URL once, at most 500.
    pub images: Vec<Image>,
    /// The page has more than [`MAX_TEXT_BYTES`](crate::MAX_TEXT_BYTES) of text, and the rest was not read.
    pub is_cut_off: bool,
    /// The page shows no text without its scripts, and holds none that they would show.
    pub needs_javascript: bool,
    /// All visible blocks that were removed, with their reasons, in page order.
    pub removed: Vec<RemovedBlock>,
    /// The kind of page.
    pub verdict: Verdict,
    /// The next page of the same article; always on the host of [`Page::url`].
    pub next_page: Option<Url>,
}

/// The direction of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left, such as Arabic, Hebrew, Persian and Urdu.
    Rtl,
}

/// An image of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The original URL, as in the body; http or https. That of an image that the page itself contains only names it (see
    /// [`inline_images`](crate::inline_images)).
    pub url: Url,
    /// The page's description of the image; empty if there is none.
    pub description: String,
}

impl Image {
    /// Returns the description, else the file name, else the host. Never empty.
    pub fn display_name(&self) -> &str {
        if !self.description.is_empty() {
            return &self.description;
        }
        if urls::is_inline_image(self.url.as_str()) {
            return "Image";
        }
        let file = self.url.path_segments().into_iter().flatten().rev().find(|step| !step.is_empty());
        file.or(self.url.host_str()).unwrap_or_default()
    }
}

/// A reader's decision about parts of one site's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Selects the elements.
    pub selector: Selector,
    /// What to do with them.
    pub action: Action,
}

/// What a rule does with the elements it selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Keeps them in the article, whatever the extractor decides.
    Keep,
    /// Removes them from the article, for this reason.
    Remove(Reason),
}

/// A block of the page that is not in the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedBlock {
    /// Why it was removed.
    pub reason: Reason,
    /// Its text on one line, at most 2,000 characters; the URL of a tracking pixel.
    pub text: String,
}

/// Why a block was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// Paid content of a third party.
    Advertisement,
    /// The publisher's own advertising: apps, memberships, "have you seen our…".
    Promotion,
    /// A sign-up for a newsletter or for notifications.
    Newsletter,
    /// Links to other articles.
    RelatedLinks,
    /// A repetition of the title.
    RepeatedTitle,
    /// A caption that also stands elsewhere.
    RepeatedCaption,
    /// A paragraph that also stands elsewhere.
    RepeatedText,
    /// A caption without its image, or a heading without a section.
    Orphan,
    /// Menus and breadcrumbs.
    Navigation,
    /// Readers' comments.
    Comments,
    /// An image that only counts visits.
    TrackingPixel,
    /// A form.
    Form,
    /// A widget that is empty without scripts.
    ScriptOnlyWidget,
    /// Share buttons.
    ShareButtons,
    /// Cookie banners and other overlays.
    CookieNotice,
    /// Byline, date and other details that are shown above the article.
    Details,
    /// A note about the author.
    AuthorNote,
    /// Copyright, terms and addresses of the publisher.
    Legal,
    /// The header of the page.
    PageHeader,
    /// The footer of the page.
    PageFooter,
    /// A side box.
    Aside,
    /// Text before the article.
    AboveTheArticle,
    /// Text within the article that was not chosen.
    NotPartOfTheArticle,
    /// Text after the article.
    BelowTheArticle,
}

impl Reason {
    /// Returns whether the reason names a kind of content rather than only a position.
    pub(crate) const fn is_specific(self) -> bool {
        !matches!(self, Reason::AboveTheArticle | Reason::NotPartOfTheArticle | Reason::BelowTheArticle | Reason::Aside)
    }

    /// Returns the reason for display, in lower case.
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

/// The reason for each removed text node.
pub(crate) type Reasons = HashMap<NodeId, Reason>;

/// The kind of page.
///
/// In doubt a page is an article: labelling an article wrongly is worse than missing another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// One text to read: news, a blog post, a company page.
    #[default]
    Article,
    /// The beginning of an article; the rest is for subscribers.
    Paywalled,
    /// A page shown instead of the article: cookie consent, a bot check, a login.
    Interstitial,
    /// Links to many articles: a front page, a section, a tag, search results.
    Listing,
    /// A video, with at most a description.
    Video,
    /// A question or post with its answers.
    Thread,
    /// A product for sale.
    Product,
    /// Documentation, a reference, a manual.
    Document,
}

impl Verdict {
    /// All verdicts.
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

    /// Returns the identifier: `article`, `paywalled`, `interstitial`, ….
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

    /// Returns whether a page of this kind holds one text, which may continue on further pages.
    pub(crate) const fn may_span_pages(self) -> bool {
        matches!(self, Verdict::Article | Verdict::Paywalled)
    }

    /// Parses the identifier.
    pub fn parse(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }
}
