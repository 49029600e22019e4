//! Pages that say, with status 200, that there is no article: not found, maintenance, too many requests, not in your
//! country, switch off your ad blocker, switch on JavaScript, a page made of frames.
//!
//! Such pages have menus like any other, so only what was extracted counts. It is short, and its title or its few words
//! say what is wrong. An article about such pages is longer.

mod phrases;

use extract::{Article, PageScan};

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::fetch::Document;
use crate::ingest::{NotNow, Outcome};
use crate::library::imports::Failure;
use phrases::{NOTICES, Notice};

/// Words of the longest notice that is known by its title.
const MAX_TITLED_WORDS: usize = 120;

/// Words of the longest notice that is known by what it says.
const MAX_WORDS: usize = 80;

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
    if let Some(notice) = find_notice(scan.title(), &extracted.title, &extracted.text, extracted.word_count) {
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

/// Finds the notice that a page is, from the title of its window, its headline and its text.
fn find_notice(window: &str, headline: &str, text: &str, words: usize) -> Option<&'static Notice> {
    let normalize = |text: &str| {
        let lower = text.to_lowercase().replace('’', "'");
        lower.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (window, headline, text) = (normalize(window), normalize(headline), normalize(text));
    let titles = parts_of(&window).chain(parts_of(&headline)).collect::<Vec<_>>();
    let titled = |notice: &&Notice| notice.titles.iter().any(|known| titles.contains(known));
    let says = |notice: &&Notice| {
        words <= MAX_WORDS && notice.phrases.iter().any(|phrase| text.contains(phrase) || headline.contains(phrase))
    };
    NOTICES.iter().find(titled).or_else(|| NOTICES.iter().find(says))
}

/// Returns a title and its parts: a site's name stands before or after it.
fn parts_of(title: &str) -> impl Iterator<Item = &str> {
    const SEPARATORS: [&str; 7] = [" - ", " | ", " – ", " — ", " · ", ": ", ". "];
    let parts = SEPARATORS.into_iter().flat_map(move |separator| title.split(separator));
    std::iter::once(title).chain(parts).map(move |part| part.trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests;
