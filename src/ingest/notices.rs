//! Pages that say, with status 200, that there is no article: not found, maintenance, too many requests, not in your
//! country, switch off your ad blocker, switch on JavaScript, a page made of frames.
//!
//! Such pages have menus like any other, so only what was extracted counts. It is short, and its title or its few words
//! say what is wrong, to the visitor or of the site itself. An article about such things says it of something else, quotes
//! it, is longer, or says that it is an article.

mod phrases;

use extract::{Article, PageScan};

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::fetch::Document;
use crate::ingest::{NotNow, Outcome};
use crate::library::imports::Failure;
use phrases::{ADDRESSES, NOTICES, Notice};

/// Words of the longest notice that is known by its title.
const MAX_TITLED_WORDS: usize = 120;

/// Words of the longest notice that is known by what it says.
const MAX_WORDS: usize = 80;

/// Words of the longest notice in the place of an article's text, on a page that says it is an article.
const MAX_WALL_WORDS: usize = 30;

/// Words of the longest text beside a frame.
const MAX_WORDS_BESIDE_FRAMES: usize = 60;

/// Returns what becomes of an import whose page is only a notice.
pub(super) fn find(page: &SnapshotPage, extracted: &Article) -> Option<Outcome> {
    let Document::Html(html) = &page.document else { return None };
    // A file says what its owner wants to keep.
    page.requested_url.as_ref()?;
    if extracted.word_count > MAX_TITLED_WORDS {
        return None;
    }
    let scan = PageScan::new(html);
    let is_dated = extracted.published.is_some() || extracted.published_day.is_some();
    let shown = ShortPage::new(&scan, (&extracted.title, &extracted.text), extracted.word_count);
    let shown = ShortPage { is_signed: extracted.byline.is_some() && is_dated, ..shown };
    if let Some(notice) = shown.find_notice() {
        return Some(outcome(notice));
    }
    let is_shell = scan.is_frameset() && extracted.word_count <= MAX_WORDS_BESIDE_FRAMES;
    is_shell.then(|| {
        Outcome::Failed(Failure {
            code: "frames".into(),
            message:
                "This page only shows other pages in frames. Open it in your browser, open the frame with the article \
                 on its own, and add that link."
                    .into(),
        })
    })
}

fn outcome(notice: &Notice) -> Outcome {
    let failure = Failure { code: notice.code.into(), message: notice.message.into() };
    if !notice.may_pass {
        return Outcome::Failed(failure);
    }
    // Other pages of the site may be fine.
    Outcome::NotNow(NotNow { failure, retry_after: None, host: None })
}

/// What is seen of a short page, in lower case.
struct ShortPage {
    /// The title of its window.
    window: String,
    headline: String,
    /// Headline and text, without what is quoted.
    own_words: String,
    word_count: usize,
    /// It says that it is an article.
    states_article: bool,
    /// It has a writer and a day.
    is_signed: bool,
}

impl ShortPage {
    fn new(scan: &PageScan, (headline, text): (&str, &str), word_count: usize) -> Self {
        Self {
            window: normalize(scan.title()),
            headline: normalize(headline),
            own_words: normalize(&without_quotes(&format!("{headline}\n{text}"))),
            word_count,
            states_article: scan.states_article(),
            is_signed: false,
        }
    }

    fn find_notice(&self) -> Option<&'static Notice> {
        if self.states_article {
            let is_wall = |notice: &&Notice| notice.is_wall && self.word_count <= MAX_WALL_WORDS;
            return NOTICES.iter().filter(is_wall).find(|notice| self.is_said(notice));
        }
        // Titles and hints may be those of an article; what only a site says is not.
        if self.is_signed {
            let is_said = |notice: &&Notice| self.word_count <= MAX_WORDS && self.says_any(notice.phrases);
            return NOTICES.iter().find(is_said);
        }
        let is_said = |notice: &&Notice| self.word_count <= MAX_WORDS && self.is_said(notice);
        self.find_by_title().or_else(|| NOTICES.iter().find(is_said))
    }

    /// Finds the notice that a title names: the whole title, or what stands beside the site's name. Beside more than that,
    /// the text must say it too.
    fn find_by_title(&self) -> Option<&'static Notice> {
        let named_by_all = |title: &str| {
            let mut named = split(title, TITLE_SEPARATORS).map(find_titled);
            let first = named.next().flatten();
            first.filter(|_| named.all(|notice| notice.is_some()))
        };
        let whole = [&self.window, &self.headline]
            .into_iter()
            .find_map(|title| find_titled(title).or_else(|| named_by_all(title)));
        // Where the headline is in the title of the window, nothing shorter is all that the page is about.
        if !self.headline.is_empty() && self.window.contains(&self.headline) {
            return whole;
        }
        let parts: Vec<&str> = split(&self.window, SITE_SEPARATORS).collect();
        let is_confirmed =
            |notice: &&Notice| parts.len() == 2 || self.says_any(notice.phrases) || self.says_any(notice.hints);
        whole.or_else(|| parts.iter().filter_map(|part| find_titled(part)).find(is_confirmed))
    }

    fn is_said(&self, notice: &Notice) -> bool {
        self.says_any(notice.phrases) || self.says_any(notice.hints) && self.says_any(ADDRESSES)
    }

    fn says_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.own_words.contains(phrase))
    }
}

/// What stands between a title and the name of its site.
const SITE_SEPARATORS: &[&str] = &[" - ", " | ", " – ", " — ", " · "];

/// What stands between the parts of a title.
const TITLE_SEPARATORS: &[&str] = &[" - ", " | ", " – ", " — ", " · ", ": ", ". ", "! "];

fn split<'a>(title: &'a str, separators: &[&str]) -> impl Iterator<Item = &'a str> {
    let mut parts = vec![title];
    for separator in separators {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts.into_iter()
}

fn find_titled(title: &str) -> Option<&'static Notice> {
    let title = title.trim_matches(|c: char| !c.is_alphanumeric());
    NOTICES.iter().find(|notice| notice.titles.contains(&title))
}

fn normalize(text: &str) -> String {
    let lower = text.to_lowercase().replace('’', "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Removes what is quoted: it is what others say.
fn without_quotes(text: &str) -> String {
    let parts: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»', '「', '」']).collect();
    // A mark without its partner tells nothing.
    if parts.len().is_multiple_of(2) {
        text.to_owned()
    } else {
        parts.into_iter().step_by(2).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests;
