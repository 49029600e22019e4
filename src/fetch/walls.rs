//! Pages that stand in the way of the article: bot walls, consent pages, and forwarding pages.
//! Pure, and careful: a page is called a wall only when there is hardly anything to read on it, so
//! that an article *about* captchas or cookies is an article.

use std::time::Duration;

use url::Url;

use super::error::Error;
use super::markup::{self, Piece, Tag};

/// What one look at a page tells: enough of its text to see whether it is worth reading.
#[derive(Debug, Default)]
pub(super) struct Glance {
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
/// Less than the shortest news item.
const HARDLY_ANY: usize = 400;
/// A forwarding page says "Redirecting…", perhaps with a link.
const FORWARDING: usize = 250;
/// Longer than this, a refresh reloads a page that is meant to be read first.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

impl Glance {
    pub(super) fn of(html: &str) -> Self {
        let mut glance = Self::default();
        for piece in markup::pieces(html) {
            match piece {
                Piece::Text(text) => glance.add_text(text),
                Piece::Title(title) => glance.title = title.trim().to_lowercase(),
                Piece::Script(script) => glance.add_script(script),
                Piece::Tag(tag) => glance.add_tag(&tag),
            }
            if glance.text.len() > ENOUGH {
                break;
            }
        }
        glance
    }

    fn add_text(&mut self, text: &str) {
        for word in text.split_whitespace() {
            if self.text.len() > ENOUGH {
                return;
            }
            self.text.push_str(&word.to_lowercase());
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
            let start = source.chars().take(OF_EACH);
            self.source.extend(start.map(|c| c.to_ascii_lowercase()));
            self.source.push('\n');
        }
    }

    fn add_tag(&mut self, tag: &Tag<'_>) {
        self.add_source(tag.source());
        self.is_article |= tag.opens("article");
        if !tag.opens("meta") {
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

    fn characters(&self) -> usize {
        self.text.chars().count()
    }

    /// Where a page without much text forwards to at once. `header` is its `Refresh` header, which
    /// counts like the tag. `None` when it stays, or forwards to itself.
    pub(super) fn forwards_to(&self, header: Option<&str>, here: &Url) -> Option<Url> {
        if self.characters() > FORWARDING {
            return None;
        }
        let (wait, target) = parse_refresh(header.or(self.refresh.as_deref())?)?;
        let mut there = here.join(target).ok()?;
        there.set_fragment(None);
        let mut stays = here.clone();
        stays.set_fragment(None);
        (wait <= LONGEST_WAIT && there != stays).then_some(there)
    }

    /// An error when this is a wall. `asked` is the address that was wanted, `here` the one where
    /// the page was found.
    pub(super) fn is_no_wall(&self, asked: &Url, here: &Url) -> Result<(), Error> {
        if self.is_bot_wall() {
            return Err(Error::BotWall);
        }
        if self.is_consent_page(asked, here) {
            return Err(Error::ConsentPage);
        }
        Ok(())
    }

    fn is_bot_wall(&self) -> bool {
        let marked = BOT_MARKS.iter().any(|mark| self.source.contains(mark));
        let titled = BOT_TITLES.iter().any(|title| self.title.starts_with(title));
        let says = BOT_PHRASES.iter().any(|phrase| self.text.contains(phrase));
        let signs = [marked, titled, says].into_iter().filter(|sign| *sign);
        let (few, hardly_any) = (self.characters() <= FEW, self.characters() <= HARDLY_ANY);
        let signs_needed = if hardly_any { 1 } else { 2 };
        few && !self.is_article && signs.count() >= signs_needed
    }

    fn is_consent_page(&self, asked: &Url, here: &Url) -> bool {
        let characters = self.characters();
        let host = here.host_str().unwrap_or_default();
        // A host of its own has nothing but the question on it, in many legal words.
        let sent_away =
            asked.host_str() != here.host_str() && CONSENT_HOSTS.iter().any(|start| host.starts_with(start));
        if sent_away && characters <= ENOUGH {
            return true;
        }
        let says = CONSENT_PHRASES.iter().any(|phrase| self.text.contains(phrase));
        let about_cookies = ["cookie", "consent", "einwillig", "privacy"];
        let about_cookies = about_cookies.iter().any(|word| self.text.contains(word));
        characters <= A_QUESTION && says && about_cookies && !self.is_article
    }
}

/// `5; url=https://…` as the HTML standard reads it: the wait, and the address if there is one.
fn parse_refresh(content: &str) -> Option<(Duration, &str)> {
    let content = content.trim();
    let end = content.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(content.len());
    let (wait, rest) = content.split_at(end);
    let seconds: u64 = match wait.split('.').next()? {
        "" if wait.starts_with('.') => 0,
        whole => whole.parse().ok()?,
    };
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';' || c == ',');
    let address = match rest.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("url") => {
            let after = rest[3..].trim_start();
            after.strip_prefix('=').unwrap_or(rest).trim_start()
        }
        _ => rest,
    };
    let address = match address.chars().next()? {
        quote @ ('"' | '\'') => address[1..].split(quote).next()?,
        _ => address,
    };
    let address = address.trim();
    (!address.is_empty()).then_some((Duration::from_secs(seconds), address))
}

/// In the source of challenges, and of nothing else: not the widgets of forms.
const BOT_MARKS: &[&str] = &[
    "_cf_chl_opt",
    "/orchestrate/chl_page",
    "cf-browser-verification",
    "px-captcha",
    "/_px/captcha",
    "geo.captcha-delivery.com",
    "ct.captcha-delivery.com",
    "_incapsula_resource",
    "awswafintegration",
    "sec-if-cpt-container",
    "sucuri_cloudproxy_js",
    "ddos-guard/js-challenge",
];

/// Titles of challenges begin with these.
const BOT_TITLES: &[&str] = &[
    "just a moment...",
    "just a moment…",
    "attention required! | cloudflare",
    "access to this page has been denied",
    "pardon our interruption",
    "are you a robot?",
    "robot check",
    "human verification",
    "ddos-guard",
];

/// Sentences of challenges, in lower case.
const BOT_PHRASES: &[&str] = &[
    "enable javascript and cookies to continue",
    "please enable js and disable any ad blocker",
    "verify you are human",
    "verify that you are human",
    "verify that you're not a robot",
    "confirm you are a human",
    "prove you are not a robot",
    "checking your browser before accessing",
    "checking if the site connection is secure",
    "unusual traffic from your computer network",
    "detected unusual activity from your",
    "press & hold to confirm",
    "press &amp; hold to confirm",
    "performing security verification",
];

/// Hosts that have nothing but the question on them.
const CONSENT_HOSTS: &[&str] = &["consent.", "guce.", "cmp.", "myprivacy.", "cookieconsent.", "zustimmung."];

/// What is asked, in lower case, in the languages of Broadsheet's readers.
const CONSENT_PHRASES: &[&str] = &[
    "before you continue to",
    "we value your privacy",
    "accept all cookies",
    "accept and continue",
    "agree and continue",
    "manage your privacy choices",
    "we and our partners store",
    "alle cookies akzeptieren",
    "akzeptieren und weiter",
    "zustimmen und weiter",
    "mit werbung weiterlesen",
    "tout accepter",
    "accepter et continuer",
    "accepter et fermer",
    "aceptar y continuar",
    "accetta e continua",
    "alles accepteren",
    "akkoord en doorgaan",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_is_read_as_browsers_read_it() {
        for (content, expected) in [
            ("0; url=/a", Some((0, "/a"))),
            ("5;URL='https://x.example/?a=b;c'", Some((5, "https://x.example/?a=b;c"))),
            ("1.5, /a b", Some((1, "/a b"))),
            (" 0 url = \"u\" rest", Some((0, "u"))),
            ("0;urlaub.html", Some((0, "urlaub.html"))),
            (".5;a", Some((0, "a"))),
            ("30", None),
            ("", None),
            ("url=/a", None),
            ("0; url=''", None),
            ("99999999999999999999999; url=a", None),
            ("0;é", Some((0, "é"))),
        ] {
            let found = parse_refresh(content).map(|(wait, to)| (wait.as_secs(), to));
            assert_eq!(found, expected, "{content}");
        }
    }
}
