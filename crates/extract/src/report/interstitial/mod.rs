//! Pages shown instead of the article: bot checks and consent pages.
//!
//! One pass over the source is enough ([`PageScan`]), so that the fetcher detects them before extraction. Detection is
//! cautious: only a page with hardly any text is an interstitial, so that an article *about* captchas or cookies stays
//! an article. Logins are detected later, after extraction.

mod bot_phrases;
mod consent_phrases;
mod forwards;
mod leaving_phrases;

use url::Url;

use crate::dom::words;
use crate::parse::source_scan::{self, Piece, Tag};
use bot_phrases::{BOT_MARKS, BOT_PHRASES, BOT_TITLES};
use consent_phrases::{
    ACCEPT_LABELS, CONSENT_HOSTS, CONSENT_PATHS, CONSENT_PHRASES, CONSENT_VOCABULARY, COOKIE_WORDS, REJECT_LABELS,
};
use forwards::Forwards;

/// What is shown instead of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interstitial {
    /// The site wants proof that the visitor is human, or refuses bots.
    BotCheck,
    /// The site asks for consent to cookies or advertising, or for a subscription instead.
    Consent,
}

/// The result of one pass over a page: enough of its text to decide whether it is worth extracting.
#[derive(Debug, Default)]
pub struct PageScan {
    /// Visible text in lower case with collapsed white space, cut off a little after [`MAX_TEXT`].
    text: String,
    title: String,
    /// Tags and scripts of a short page, in lower case. They hold the marks of bot checks.
    source: String,
    /// The content of the first `<meta http-equiv="refresh">`.
    refresh: Option<String>,
    /// The page states that it is an article.
    is_article: bool,
    /// The same, in a way that templates of error pages do not: with its date or author.
    is_signed_article: bool,
    /// Open Graph says that it is an article.
    has_article_type: bool,
    /// It names the date or author of an article.
    has_signature: bool,
    /// What it may only lead to.
    forwards: Forwards,
}

/// Maximum characters of any interstitial.
const MAX_TEXT: usize = 3000;
/// Maximum characters of a bot check: a headline, a paragraph, a reference number.
const MAX_BOT_CHECK: usize = 1000;
/// Maximum characters of a consent question with its buttons; more is a page with a banner.
const MAX_CONSENT_QUESTION: usize = 700;
/// The same with legal text that is nearly all about consent.
const MAX_LONG_CONSENT_QUESTION: usize = 1800;
/// Characters of the shortest news item.
const MIN_NEWS_ITEM: usize = 400;

impl PageScan {
    /// Scans the source of a page.
    pub fn new(html: &str) -> Self {
        let mut scan = Self::default();
        for piece in source_scan::scan(html) {
            match piece {
                Piece::Text(text) => scan.add_text(text),
                // SVG images have titles too.
                Piece::Title(title) if scan.title.is_empty() => {
                    scan.title = normalize(&source_scan::decode_references(title.trim()));
                }
                Piece::Title(_) => {}
                Piece::Script(script) => scan.add_script(script),
                Piece::Tag(tag) => scan.add_tag(&tag),
            }
            if scan.text.len() > MAX_TEXT {
                break;
            }
        }
        scan
    }

    fn add_text(&mut self, text: &str) {
        self.forwards.add_text(text);
        // A character takes at most four bytes, and a little more than the maximum is enough.
        let start = &text[..text.floor_char_boundary(4 * (MAX_TEXT + 100))];
        for word in source_scan::decode_references(start).split_whitespace() {
            if self.text.len() > MAX_TEXT {
                return;
            }
            self.text.push_str(&normalize(word));
            self.text.push(' ');
        }
    }

    fn add_script(&mut self, script: &str) {
        let is_article = ["\"NewsArticle\"", "\"Article\"", "\"BlogPosting\""].iter().any(|kind| script.contains(kind));
        self.is_article |= is_article;
        // A list of other articles says nothing of this page.
        self.is_signed_article |=
            is_article && script.contains("\"datePublished\"") && !script.contains("\"ItemList\"");
        self.add_source(script);
        self.forwards.add_script(script);
    }

    /// Adds the start of a tag or script. Marks stand near the start, and scripts can be megabytes long.
    fn add_source(&mut self, source: &str) {
        const MAX_OF_ONE_SOURCE: usize = 20_000;
        const MAX_OF_ALL_SOURCES: usize = 200_000;
        if self.source.len() < MAX_OF_ALL_SOURCES {
            self.source.push_str(&source[..source.floor_char_boundary(MAX_OF_ONE_SOURCE)].to_ascii_lowercase());
            self.source.push('\n');
        }
    }

    fn add_tag(&mut self, tag: &Tag<'_>) {
        self.add_source(tag.raw_attributes());
        self.forwards.add_tag(tag);
        self.is_article |= tag.is_start_tag("article");
        if !tag.is_start_tag("meta") {
            return;
        }
        let is = |name: &str, value: &str| {
            let found = tag.attribute(name);
            found.is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
        };
        let has_article_type = is("property", "og:type") && is("content", "article");
        self.is_article |= has_article_type;
        self.has_article_type |= has_article_type;
        self.has_signature |= ["article:published_time", "article:author"].iter().any(|name| is("property", name));
        if self.refresh.is_none() && is("http-equiv", "refresh") {
            self.refresh = tag.attribute("content");
        }
    }

    /// Returns the characters of visible text, counted to a little more than the maximum of an interstitial.
    pub fn text_length(&self) -> usize {
        self.text.chars().count()
    }

    /// Returns whether the text is short enough for any interstitial.
    pub fn is_short(&self) -> bool {
        self.text_length() <= MAX_TEXT
    }

    /// Returns the content of the page's `refresh`: a delay in seconds, and perhaps a URL.
    pub fn meta_refresh(&self) -> Option<&str> {
        self.refresh.as_deref()
    }

    /// Returns whether the page says that it is an article, of a date or an author. Templates of error pages say the first
    /// too, but not the second.
    pub const fn states_article(&self) -> bool {
        self.is_signed_article || self.has_article_type && self.has_signature
    }

    /// Returns the title, in lower case.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns where the page leads, as written, if it shows hardly anything itself: what its script goes to, the only
    /// link of a notice, or a frame.
    pub fn forwarding_url(&self) -> Option<&str> {
        /// Characters beside a script that leads on ("Redirecting…", perhaps with a link).
        const MAX_BESIDE_SCRIPT: usize = 250;
        let by_script = self.forwards.script_target().filter(|_| self.text_length() <= MAX_BESIDE_SCRIPT);
        let by_notice = || self.forwards.notice_target(&self.text, &self.title);
        let by_frame = || self.forwards.frame_target(&self.text);
        if self.is_article { None } else { by_script.or_else(by_notice).or_else(by_frame) }
    }

    /// Returns whether the page is made of frames.
    pub fn is_frameset(&self) -> bool {
        self.forwards.is_frameset()
    }

    /// Returns the kind of interstitial, if the page is one. `url` is the URL of the page.
    pub fn interstitial(&self, url: Option<&Url>) -> Option<Interstitial> {
        if self.is_bot_check() {
            return Some(Interstitial::BotCheck);
        }
        self.is_consent_page(url).then_some(Interstitial::Consent)
    }

    fn is_bot_check(&self) -> bool {
        let characters = self.text_length();
        if self.is_article || characters > MAX_BOT_CHECK {
            return false;
        }
        let marked = contains_any(&self.source, BOT_MARKS);
        let titled = BOT_TITLES.iter().any(|title| self.title.starts_with(title));
        let says = contains_any(&self.text, BOT_PHRASES);
        let signs = [marked, titled, says].into_iter().filter(|sign| *sign);
        let signs_needed = if characters <= MIN_NEWS_ITEM { 1 } else { 2 };
        signs.count() >= signs_needed
    }

    fn is_consent_page(&self, url: Option<&Url>) -> bool {
        if !self.is_short() || !contains_any(&self.text, COOKIE_WORDS) {
            return false;
        }
        let (asks, yes, no) = (
            contains_any(&self.text, CONSENT_PHRASES) || contains_any(&self.title, CONSENT_PHRASES),
            contains_any(&self.text, ACCEPT_LABELS),
            contains_any(&self.text, REJECT_LABELS),
        );
        if url.is_some_and(is_consent_url) && (asks || yes || no) {
            return true;
        }
        let characters = self.text_length();
        let is_question = asks && characters <= MAX_CONSENT_QUESTION;
        let is_choice =
            (asks || yes && no) && characters <= MAX_LONG_CONSENT_QUESTION && self.is_mostly_about_consent();
        !self.is_article && (is_question || is_choice)
    }

    /// Returns whether two thirds of the words are in sentences about consent. A page with a banner has other text too.
    fn is_mostly_about_consent(&self) -> bool {
        let (mut words, mut consent_words) = (0, 0);
        for sentence in self.text.split(['.', '!', '?', '。']) {
            let count = words::count(sentence);
            words += count;
            if contains_any(sentence, CONSENT_VOCABULARY) {
                consent_words += count;
            }
        }
        consent_words * 3 >= words * 2
    }
}

/// Returns whether only consent pages are served at this URL.
pub fn is_consent_url(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let first = url.path_segments().and_then(|mut steps| steps.next()).unwrap_or_default();
    CONSENT_HOSTS.iter().any(|start| host.starts_with(start))
        || CONSENT_PATHS.iter().any(|step| first.eq_ignore_ascii_case(step))
}

fn contains_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

fn normalize(text: &str) -> String {
    text.to_lowercase().replace('’', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_normalized() {
        for phrase in
            [BOT_TITLES, BOT_PHRASES, COOKIE_WORDS, CONSENT_VOCABULARY, CONSENT_PHRASES, ACCEPT_LABELS, REJECT_LABELS]
                .concat()
        {
            assert_eq!(phrase, phrase.to_lowercase().replace('’', "'"));
        }
    }
}
