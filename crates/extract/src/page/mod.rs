//! The types that go in and come out: [`Page`] and [`Article`], and what they are made of.
//!
//! - `rule`: a reader's decision about the pages of a site.
//! - `removed_block`: what was left out of an article, and why.
//! - `verdict`: kinds of pages.

pub(crate) mod removed_block;
pub(crate) mod rule;
pub(crate) mod verdict;

use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;

use crate::sanitize::CleanHtml;
use removed_block::Removed;
use rule::Rule;
use verdict::Verdict;

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
    pub canonical: Option<Url>,
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
    pub lead_image: Option<Picture>,
    /// The article as HTML that is safe to show.
    pub body: CleanHtml,
    /// The running text of the article as plain text: blocks are separated by an empty line. Captions, lists of notes, tables at
    /// the side and the words on cards of embeds are shown in the body and are not in it.
    pub text: String,
    /// Words in `text`; in scripts without spaces, each character is one.
    pub word_count: usize,
    /// The pictures of the lead and the body, in order, each address once; the first 500 of them.
    pub pictures: Vec<Picture>,
    /// Every block of visible text that was left out, with its reason, in page order.
    pub removed: Vec<Removed>,
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
pub struct Picture {
    /// Where it was published, as it stands in the body; http or https.
    pub url: Url,
    /// What it shows, in the page's words; empty if the page does not say.
    pub description: String,
}

impl Picture {
    /// What it shows, else the name of its file, else its host: never empty.
    pub fn called(&self) -> &str {
        if !self.description.is_empty() {
            return &self.description;
        }
        let file = self.url.path_segments().into_iter().flatten().rev().find(|step| !step.is_empty());
        file.or(self.url.host_str()).unwrap_or_default()
    }
}
