//! Pages that stand in the way of the article: puzzles that tell people from machines, and questions about cookies.
//!
//! One look at the source is enough ([`PageScan`]), so that whoever fetches pages knows a wall before anything is read. It is
//! careful: a page is called a wall only when there is hardly anything to read on it, so that an article *about* captchas
//! or cookies is an article. Logins are no walls of this kind; they are known once a page was read.

mod bots;
mod consent;

use url::Url;

use crate::dom::words;
use crate::parse::source_scan::{self, Piece, Tag};
use bots::{BOT_MARKS, BOT_PHRASES, BOT_TITLES};
use consent::{ABOUT_COOKIES, CONSENT_HOSTS, CONSENT_PHRASES, CONSENT_STEPS, NO, VOCABULARY, YES};

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interstitial {
    /// The site wants proof that a person is visiting, or refuses who has none.
    BotCheck,
    /// The site asks about cookies, advertisements or a subscription in their place.
    Consent,
}

/// What one look at a page tells: enough of its text to see whether it is worth reading.
#[derive(Debug, Default)]
pub struct PageScan {
    /// Visible text in lower case, its space collapsed; cut off a little after [`ENOUGH`].
    text: String,
    title: String,
    /// Tags and scripts of a page with little text, in lower case: where walls have their marks.
    source: String,
    /// The content of the first `<meta http-equiv="refresh">`.
    refresh: Option<String>,
    /// The page calls itself an article.
    is_article: bool,
}

/// Characters of text after which a page is no wall of any kind.
const ENOUGH: usize = 3000;
/// A wall's own words: a headline, a paragraph, a reference number.
const FEW: usize = 1000;
/// A question about cookies with its buttons; more is a page with a banner on it.
const A_QUESTION: usize = 700;
/// The same with legal words, where hardly a sentence is about anything else.
const A_LONG_QUESTION: usize = 1800;
/// Less than the shortest news item.
const HARDLY_ANY: usize = 400;

impl PageScan {
    /// Looks at a page's source.
    pub fn new(html: &str) -> Self {
        let mut scan = Self::default();
        for piece in source_scan::scan(html) {
            match piece {
                Piece::Text(text) => scan.add_text(text),
                // Pictures have titles too.
                Piece::Title(title) if scan.title.is_empty() => {
                    scan.title = lower(&source_scan::decode_references(title.trim()));
                }
                Piece::Title(_) => {}
                Piece::Script(script) => scan.add_script(script),
                Piece::Tag(tag) => scan.add_tag(&tag),
            }
            if scan.text.len() > ENOUGH {
                break;
            }
        }
        scan
    }

    fn add_text(&mut self, text: &str) {
        // A letter takes at most four bytes, and a little more than enough is all that is wanted.
        let start = &text[..text.floor_char_boundary(4 * (ENOUGH + 100))];
        for word in source_scan::decode_references(start).split_whitespace() {
            if self.text.len() > ENOUGH {
                return;
            }
            self.text.push_str(&lower(word));
            self.text.push(' ');
        }
    }

    fn add_script(&mut self, script: &str) {
        self.is_article |=
            ["\"NewsArticle\"", "\"Article\"", "\"BlogPosting\""].iter().any(|kind| script.contains(kind));
        self.add_source(script);
    }

    /// Marks stand near the start of their script; a page's own programs can be megabytes.
    fn add_source(&mut self, source: &str) {
        const OF_EACH: usize = 20_000;
        const OF_ALL: usize = 200_000;
        if self.source.len() < OF_ALL {
            self.source.push_str(&source[..source.floor_char_boundary(OF_EACH)].to_ascii_lowercase());
            self.source.push('\n');
        }
    }

    fn add_tag(&mut self, tag: &Tag<'_>) {
        self.add_source(tag.raw_attributes());
        self.is_article |= tag.is_start_tag("article");
        if !tag.is_start_tag("meta") {
            return;
        }
        let is = |name: &str, value: &str| {
            let found = tag.attribute(name);
            found.is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
        };
        self.is_article |= is("property", "og:type") && is("content", "article");
        if self.refresh.is_none() && is("http-equiv", "refresh") {
            self.refresh = tag.attribute("content");
        }
    }

    /// Characters of visible text, counted to a little more than make a page worth reading.
    pub fn text_length(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether there is so little text that it may be a wall with many legal words.
    pub fn is_short(&self) -> bool {
        self.text_length() <= ENOUGH
    }

    /// What the page's `refresh` says: a wait, and perhaps an address.
    pub fn meta_refresh(&self) -> Option<&str> {
        self.refresh.as_deref()
    }

    /// What stands in the way, if anything does. `here` is the address at which the page was found.
    pub fn interstitial(&self, here: Option<&Url>) -> Option<Interstitial> {
        if self.is_bot_wall() {
            return Some(Interstitial::BotCheck);
        }
        self.is_consent_page(here).then_some(Interstitial::Consent)
    }

    fn is_bot_wall(&self) -> bool {
        let characters = self.text_length();
        if self.is_article || characters > FEW {
            return false;
        }
        let marked = contains_any(&self.source, BOT_MARKS);
        let titled = BOT_TITLES.iter().any(|title| self.title.starts_with(title));
        let says = contains_any(&self.text, BOT_PHRASES);
        let signs = [marked, titled, says].into_iter().filter(|sign| *sign);
        let signs_needed = if characters <= HARDLY_ANY { 1 } else { 2 };
        signs.count() >= signs_needed
    }

    fn is_consent_page(&self, here: Option<&Url>) -> bool {
        if !self.is_short() || !contains_any(&self.text, ABOUT_COOKIES) {
            return false;
        }
        let (asks, yes, no) = (
            contains_any(&self.text, CONSENT_PHRASES) || contains_any(&self.title, CONSENT_PHRASES),
            contains_any(&self.text, YES),
            contains_any(&self.text, NO),
        );
        if here.is_some_and(is_consent_url) && (asks || yes || no) {
            return true;
        }
        let characters = self.text_length();
        let is_question = asks && characters <= A_QUESTION;
        let is_choice = (asks || yes && no) && characters <= A_LONG_QUESTION && self.is_all_about_cookies();
        !self.is_article && (is_question || is_choice)
    }

    /// Two thirds of the words stand in sentences of consent: a page with a banner on it says something else too.
    fn is_all_about_cookies(&self) -> bool {
        let (mut words, mut of_consent) = (0, 0);
        for sentence in self.text.split(['.', '!', '?', '。']) {
            let count = words::count(sentence);
            words += count;
            if contains_any(sentence, VOCABULARY) {
                of_consent += count;
            }
        }
        of_consent * 3 >= words * 2
    }
}

/// Whether nothing but such questions stands at this address.
pub fn is_consent_url(here: &Url) -> bool {
    let host = here.host_str().unwrap_or_default();
    let first = here.path_segments().and_then(|mut steps| steps.next()).unwrap_or_default();
    CONSENT_HOSTS.iter().any(|start| host.starts_with(start))
        || CONSENT_STEPS.iter().any(|step| first.eq_ignore_ascii_case(step))
}

fn contains_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

fn lower(text: &str) -> String {
    text.to_lowercase().replace('’', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_written_as_they_are_compared() {
        for phrase in [BOT_TITLES, BOT_PHRASES, ABOUT_COOKIES, VOCABULARY, CONSENT_PHRASES, YES, NO].concat() {
            assert_eq!(phrase, phrase.to_lowercase().replace('’', "'"));
        }
    }
}
