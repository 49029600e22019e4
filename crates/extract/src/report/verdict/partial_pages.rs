//! Whether there is less on a page than its reader came for: a question, or the beginning.

use super::page_signals::PageSignals;
use super::paywall_phrases::{self, LOGIN, PAYWALL};
use crate::dom::multi_pattern::AnyOf;
use crate::dom::words;
use crate::page::RemovedBlock;

/// A question has few words; what has more is a page with a question on it.
const MAX_INTERSTITIAL_WORDS: usize = 80;
/// More words than this are no beginning of something: what is asked of the reader then is about something else.
const MAX_PAYWALLED_WORDS: usize = 350;
/// Without the page's own word for it, the beginning of something is shorter still: what asks for a subscription may as well
/// be a newsletter's.
const MAX_UNSTATED_PAYWALLED_WORDS: usize = 200;
/// A page may name a part by what only its scripts make of it, and have it all the same.
const MAX_WORDS_WITHOUT_PAID_PART: usize = 500;
/// Where a text breaks off, or ends with the request itself, so much may stand before.
const MAX_CUT_OFF_WORDS: usize = 1000;

/// What was chosen of a page, and what was left out.
pub(super) struct ChosenText<'a> {
    pub(super) text: &'a str,
    pub(super) removed: &'a [RemovedBlock],
    /// Words of the text.
    pub(super) words: usize,
}

impl<'a> ChosenText<'a> {
    fn contains_phrase(&self, list: &AnyOf) -> bool {
        paywall_phrases::contains_phrase(self.text, list) || self.removed_contains(list)
    }

    fn removed_contains(&self, list: &AnyOf) -> bool {
        self.removed.iter().any(|block| paywall_phrases::contains_phrase(&block.text, list))
    }

    /// The last paragraphs of the text, the last first.
    fn last_lines(&self) -> impl Iterator<Item = &'a str> {
        self.text.rsplit('\n').map(str::trim).filter(|line| !line.is_empty())
    }

    /// It breaks off within a sentence. What asks for more may stand below that.
    fn is_cut_off(&self) -> bool {
        const REQUEST_LINES: usize = 3;
        let mut last = self.last_lines().take(REQUEST_LINES).filter(|line| words::count(line) >= 8);
        last.any(|line| ["…", "...", "[…]", "[...]"].iter().any(|end| line.ends_with(end)))
    }

    /// It ends with a request to subscribe.
    fn ends_with_subscribe_request(&self) -> bool {
        self.last_lines()
            .take(2)
            .any(|line| words::count(line) <= 40 && paywall_phrases::contains_phrase(line, &PAYWALL))
    }
}

/// Whether a page is a question before the one that was meant.
pub(super) fn is_interstitial(signals: &PageSignals, chosen: &ChosenText<'_>) -> bool {
    /// Menus and legal words around a question.
    const MAX_PAGE_WORDS: usize = 400;
    /// What is left out beside more words than these is a note below an article.
    const MAX_NOTE_WORDS: usize = 25;
    let short = chosen.words <= MAX_INTERSTITIAL_WORDS
        && signals.words <= MAX_PAGE_WORDS
        && signals.prose <= 2 * MAX_INTERSTITIAL_WORDS;
    let asks = signals.has_password || signals.has_captcha || signals.asks_consent;
    let says_login = || {
        paywall_phrases::contains_phrase(chosen.text, &LOGIN)
            || chosen.words <= MAX_NOTE_WORDS && chosen.removed_contains(&LOGIN)
    };
    short && ((asks && !signals.stated.is_article) || says_login())
}

/// Whether a page is the beginning of an article.
pub(super) fn is_paywalled(signals: &PageSignals, chosen: &ChosenText<'_>) -> bool {
    let words = chosen.words;
    if signals.stated.is_paid {
        return words <= MAX_PAYWALLED_WORDS
            || words <= MAX_WORDS_WITHOUT_PAID_PART && lacks_stated_paid_part(signals)
            || words <= MAX_CUT_OFF_WORDS && (chosen.is_cut_off() || chosen.ends_with_subscribe_request());
    }
    let is_open = || words <= MAX_UNSTATED_PAYWALLED_WORDS || chosen.is_cut_off();
    words <= MAX_CUT_OFF_WORDS
        && (chosen.ends_with_subscribe_request() || is_open() && chosen.contains_phrase(&PAYWALL))
        || words <= MAX_PAYWALLED_WORDS && signals.has_paywall && chosen.is_cut_off()
}

/// The page names the part that is paid for, and there is none of it.
fn lacks_stated_paid_part(signals: &PageSignals) -> bool {
    /// A heading, a request.
    const MAX_NOTE_WORDS: usize = 40;
    !signals.stated.paid_parts.is_empty() && signals.paid_words <= MAX_NOTE_WORDS
}
